"""Profiles that became one with another."""

from __future__ import annotations

from django.db import models

from .operator import Operator
from .profile import Profile


class Merge(models.Model):
    """A profile that is no more because another took it in, or because it got a new distinct ID.

    `absorbed` is the id that it had, `distinct_id` its name, `survivor` the profile that took it in, and
    `profile` who has it all by now: another one, where the survivor was absorbed in its turn. `snapshot` is
    the absorbed profile as it was, to bring it back; empty where it was only renamed. `change` is the entry
    in the history that says what the survivor got. It goes when the merge is taken back, and with the profile
    when that is erased. In the database the primary key is (id, profile_id).
    """

    id = models.BigAutoField(primary_key=True)
    profile = models.ForeignKey(
        Profile, on_delete=models.DO_NOTHING, related_name="merges", db_constraint=False
    )
    survivor = models.UUIDField()
    absorbed = models.UUIDField(db_index=True)
    distinct_id = models.CharField(max_length=1024)
    at = models.DateTimeField()
    door = models.CharField(max_length=32)
    operator = models.ForeignKey(
        Operator,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        db_constraint=False,
        db_index=False,
    )
    actor = models.CharField(max_length=150, default="")
    change = models.BigIntegerField()
    snapshot = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.distinct_id

    @property
    def is_rename(self) -> bool:
        return not self.snapshot
