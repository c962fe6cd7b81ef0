"""What a bulk action is about to touch, frozen on the server."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from .operator import Operator
from .workspace import Workspace


class Selection(models.Model):
    """Some of a listing's rows: the ticked ones, or everything its filter finds but the exceptions.

    `query` is the listing's query string; `ids` are the ticked profiles, `exceptions` the unticked ones
    of "select all". Profiles created after `mark` do not belong to it, whatever they match.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="selections")
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    query = models.TextField(default="", blank=True)
    is_everything = models.BooleanField(default=False)
    ids = ArrayField(models.UUIDField(), default=list, blank=True)
    exceptions = ArrayField(models.UUIDField(), default=list, blank=True)
    mark = models.DateTimeField()

    def __str__(self) -> str:
        return f"everything matching ?{self.query}" if self.is_everything else f"{len(self.ids)} ticked"


class SelectionMember(models.Model):
    """A profile that a selection meant when the work on it began. Its rows go when the work has ended."""

    pk = models.CompositePrimaryKey("selection_id", "profile_id")
    selection = models.ForeignKey(Selection, on_delete=models.CASCADE, related_name="members", db_index=False)
    profile_id = models.UUIDField()

    def __str__(self) -> str:
        return str(self.profile_id)
