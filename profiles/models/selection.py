"""What a bulk action is about to touch, frozen on the server."""

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from .file import StoredFile
from .operator import Operator
from .workspace import Workspace


def nothing() -> dict[str, Any]:
    return {}


class Selection(models.Model):
    """Some of a listing's rows: the ticked ones, or everything its filter finds but the exceptions.

    `query` is the listing's query string; `ids` are the ticked profiles, `exceptions` the unticked ones
    of "select all". Profiles created after `mark` do not belong to it, whatever they match.

    Or a list of distinct IDs that somebody brought (`is_list`): its members are the profiles that were found,
    `listed` counts what was not (see operations/selection_lists.py), `unknown_file` has it all.
    A job has a selection of its own, of which its members are frozen; `drawn_from` is the list behind it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="selections")
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+", null=True)
    query = models.TextField(default="", blank=True)
    is_everything = models.BooleanField(default=False)
    ids = ArrayField(models.UUIDField(), default=list, blank=True)
    exceptions = ArrayField(models.UUIDField(), default=list, blank=True)
    mark = models.DateTimeField()
    is_list = models.BooleanField(default=False)
    listed = models.JSONField(default=nothing, blank=True)
    unknown_file = models.ForeignKey(
        StoredFile, on_delete=models.SET_NULL, related_name="+", null=True, blank=True
    )
    drawn_from = models.ForeignKey(
        "self", on_delete=models.CASCADE, related_name="drawn", null=True, blank=True
    )

    def __str__(self) -> str:
        if self.is_list or self.drawn_from_id:
            return "a list of distinct IDs"
        return f"everything matching ?{self.query}" if self.is_everything else f"{len(self.ids)} ticked"


class SelectionMember(models.Model):
    """A profile of a list, or one that a job's selection meant when the work on it began.

    The rows of a job's selection go when the job has ended. `place` is its turn in the job's walk. No
    constraint asks for the selection: asking for each of a hundred thousand took a sixth of their erasure.
    """

    pk = models.CompositePrimaryKey("selection_id", "profile_id")
    selection = models.ForeignKey(
        Selection, on_delete=models.CASCADE, related_name="members", db_index=False, db_constraint=False
    )
    profile_id = models.UUIDField()
    place = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        indexes = [models.Index("selection", "place", name="member_in_turn")]

    def __str__(self) -> str:
        return str(self.profile_id)
