"""One person of the customer's."""

from __future__ import annotations

import re
from functools import reduce
from operator import and_
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Lower, NullIf, Trim
from django.db.models.lookups import Contains, Exact

from .identifier import Identifier
from .ids import derive_id
from .workspace import Workspace


class Joined(models.Func):
    """Texts one after the other; unlike Concat without a COALESCE around each, as none can be NULL."""

    arg_joiner = " || "
    template = "(%(expressions)s)"
    output_field = models.TextField()


PHONE_LIKE = re.compile(r"\+?[0-9]+[\s().-][0-9\s().-]{3,}")
SEPARATORS = re.compile(r"[\s().-]")
# The default properties whose unset value is the empty text.
TEXT_COLUMNS = (
    "first_name",
    "last_name",
    "name",
    "email",
    "phone",
    "gender",
    "country",
    "city",
    "language",
    "timezone",
    "avatar_url",
    "title",
)
SEARCH_COLUMNS = ("distinct_id", "name", "first_name", "last_name", "email", "phone")
# What joins the parts of e-mails and IDs, and for each a letter that no language is written with.
JOINTS = ("@.-_+:/", "ȡȴȵȶƾƪƻ")


def searched() -> models.Func:
    """The text that the search box looks through.

    Every column is preceded by a space, so that a space and a word's beginning find the word's beginning.
    """
    return folded(Joined(*(part for column in SEARCH_COLUMNS for part in (Value(" "), F(column)))))


def folded(text: models.Expression | Value) -> models.Func:
    """A text as searches compare it: in lower case, with letters for joints.

    A trigram index leaves out what is neither letter nor digit. As it stands, `bert.ro` would be looked for
    among everybody with a word that ends in "bert" and one that begins with "ro".
    """
    parts = (Lower(text), *map(Value, JOINTS))
    return models.Func(*parts, function="TRANSLATE", output_field=models.TextField())


class Environment(models.TextChoices):
    LIVE = "live", "Live"
    TEST = "test", "Test"


class Status(models.TextChoices):
    ACTIVE = "active", "Active"
    DISABLED = "disabled", "Disabled"


def profile_id(workspace: Workspace, environment: str, distinct_id: str) -> UUID:
    """The primary key of a profile: a function of its identity, so that finding it needs no look-up."""
    return derive_id(workspace.uid.hex, environment, distinct_id)


def person_of(key: UUID) -> int:
    """The number of the person whose only (or first) profile has this id: its 60 bits before the variant.

    Several profiles are one person's where `Profile.person` says so; the number needs no look-up, and
    `ids_of_person` goes the other way.
    """
    return (key.int >> 80 << 12) | (key.int >> 64 & 0xFFF)


def ids_of_person(person: int) -> tuple[UUID, UUID]:
    """The smallest and the largest id of a profile that gives this number. Raises ValueError for another."""
    if not 0 <= person < 1 << 60:
        raise ValueError(person)
    low = (person >> 12 << 80) | (8 << 76) | ((person & 0xFFF) << 64)
    return UUID(int=low), UUID(int=low | (1 << 64) - 1)


def nothing() -> dict[str, Any]:
    return {}


class IsAnyOf(models.Func):
    """`a = ANY(b)`, for an array `b`."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


class ProfileQuerySet(models.QuerySet["Profile"]):
    def matching(self, text: str) -> ProfileQuerySet:
        """Those with `text` in a name, the e-mail, the phone, the distinct ID or another identifier.

        Several words may stand in any order, and a phone number may be written with spaces. One or two
        characters, too few for a trigram, match where a word begins.
        """
        words = text.split()
        if not words:
            return self
        phrase = " ".join(words)
        found = in_search_text(phrase) | self._with_identifier(phrase)
        if PHONE_LIKE.fullmatch(phrase):
            found |= in_search_text(SEPARATORS.sub("", phrase))
        elif len(words) > 1:
            found |= reduce(and_, map(in_search_text, words))
        return self.filter(found)

    def _with_identifier(self, sought: str) -> Q:
        """An array, so that each part of the "or" is read from its index; a sub-select would not be."""
        named = Identifier.objects.alias(lower_value=Lower("value"))
        lookup = "lower_value__contains" if len(sought) > 2 else "lower_value__startswith"
        owners = ArraySubquery(named.filter(**{lookup: Lower(Value(sought))}).values("profile_id"))
        return Q(IsAnyOf(F("pk"), owners))


def in_search_text(sought: str) -> Q:
    """PostgreSQL folds it, as it did with the indexed text."""
    pattern = sought if len(sought) > 2 else f" {sought}"
    return Q(Contains(F("search_text"), folded(Value(pattern))))


class Profile(models.Model):
    """One person. Written by `write_profiles`, erased by `erase_profiles`, and by nothing else.

    `id` is derived from (workspace, environment, distinct ID): the primary key is the uniqueness rule.
    Default properties are columns, empty text where unset; `channels` and `custom` hold the rest by key,
    absent where unset.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    workspace = models.ForeignKey(
        Workspace, on_delete=models.PROTECT, related_name="profiles", db_index=False, editable=False
    )
    environment = models.CharField(max_length=4, choices=Environment, default=Environment.LIVE)
    distinct_id = models.CharField("distinct ID", max_length=1024)
    status = models.CharField(max_length=8, choices=Status, default=Status.ACTIVE)

    first_name = models.CharField(max_length=255, default="", blank=True)
    last_name = models.CharField(max_length=255, default="", blank=True)
    name = models.CharField(max_length=255, default="", blank=True)
    email = models.CharField("e-mail", max_length=254, default="", blank=True)
    phone = models.CharField(max_length=16, default="", blank=True)
    gender = models.CharField(max_length=64, default="", blank=True)
    birthday = models.DateField(null=True, blank=True)
    country = models.CharField(max_length=2, default="", blank=True)
    city = models.CharField(max_length=255, default="", blank=True)
    language = models.CharField(max_length=35, default="", blank=True)
    timezone = models.CharField(max_length=64, default="", blank=True)
    avatar_url = models.CharField("picture URL", max_length=2048, default="", blank=True)
    title = models.CharField(max_length=255, default="", blank=True)
    display_name = models.GeneratedField(
        expression=Coalesce(
            NullIf(F("name"), Value("")), Trim(Joined(F("first_name"), Value(" "), F("last_name")))
        ),
        output_field=models.CharField(max_length=511),
        db_persist=True,
    )

    # Stored, because the trigram index gives candidates whose text is looked at again: thousands of them.
    search_text = models.GeneratedField(
        expression=searched(), output_field=models.TextField(), db_persist=True, editable=False
    )

    channels = models.JSONField(default=nothing, blank=True)
    custom = models.JSONField(default=nothing, blank=True)
    tags = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    sources = ArrayField(models.CharField(max_length=32), default=list, blank=True)

    # The number of the person where it is not that of the profile (see `person_of`).
    person = models.BigIntegerField(null=True, blank=True, editable=False)

    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True, blank=True)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("workspace", F("created_at").desc(), F("id").desc(), name="profile_newest"),
            models.Index(
                "workspace", "country", F("created_at").desc(), F("id").desc(), name="profile_country"
            ),
            models.Index("workspace", Lower("email"), name="profile_email"),
            models.Index("workspace", "phone", condition=~Q(phone=""), name="profile_phone"),
            models.Index("workspace", F("updated_at").desc(), F("id").desc(), name="profile_updated"),
            models.Index("workspace", "person", condition=~Q(person=None), name="profile_person"),
            # One index for what filters combine: GIN intersects the keys of one index by skipping, five times
            # faster than a BitmapAnd of three. It needs the extension btree_gin for the country.
            GinIndex("country", "tags", OpClass(F("custom"), name="jsonb_path_ops"), name="profile_facets"),
            GinIndex(OpClass(F("search_text"), name="gin_trgm_ops"), name="profile_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(distinct_id=""),
                name="profile_distinct_id_given",
                violation_error_message="A profile needs a distinct ID.",
            ),
            models.CheckConstraint(
                condition=Q(environment__in=Environment.values),
                name="profile_environment_known",
                violation_error_message="The environment is live or test.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="profile_status_known",
                violation_error_message="The status is active or disabled.",
            ),
            models.CheckConstraint(
                condition=Exact(models.Func(F("custom"), function="jsonb_typeof"), Value("object"))
                & Exact(models.Func(F("channels"), function="jsonb_typeof"), Value("object")),
                name="profile_properties_are_objects",
                violation_error_message="Custom properties and channels are objects of key and value.",
            ),
            models.CheckConstraint(
                condition=Q(tags__len__lte=100),
                name="profile_at_most_100_tags",
                violation_error_message="A profile has at most 100 tags.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What to call the person on a screen: the name, else the e-mail, else the distinct ID."""
        return self.display_name or self.email or self.distinct_id

    @property
    def person_number(self) -> int:
        """The same for all profiles of one person."""
        return person_of(self.pk) if self.person is None else self.person

    @property
    def is_disabled(self) -> bool:
        return self.status == Status.DISABLED

    @property
    def is_test(self) -> bool:
        return self.environment == Environment.TEST
