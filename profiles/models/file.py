"""Files that are kept for a while: uploads to import, exports to download."""

import uuid
from pathlib import Path

from django.conf import settings
from django.db import models

from .operator import Operator
from .workspace import Workspace


class FileRole(models.TextChoices):
    UPLOAD = "upload", "Upload"
    EXPORT = "export", "Export"


class StoredFile(models.Model):
    """A file under FILES_DIR, named by its id; `name` is what people call it. Gone after `expires_at`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="files")
    operator = models.ForeignKey(Operator, on_delete=models.SET_NULL, related_name="+", null=True)
    role = models.CharField(max_length=8, choices=FileRole)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where it lies; the name that people gave has no part in it."""
        return Path(settings.FILES_DIR) / self.role / self.pk.hex
