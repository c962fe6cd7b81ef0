"""Under which (source, type) applications name profiles."""

from django.db import models

from .workspace import Workspace


class SourceType(models.Model):
    """A pair that an application has used once, so that their number can be kept within bounds."""

    workspace = models.ForeignKey(
        Workspace, on_delete=models.CASCADE, related_name="source_types", db_index=False
    )
    source = models.CharField(max_length=60)
    type = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "source", "type"],
                name="source_type_once_per_workspace",
                violation_error_message="This source and type are known already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.type}"
