"""The shapes of bodies and answers, as the OpenAPI document has them.

Bodies other than profiles are validated by these; answers are written as they are, and tests hold them to it.
"""

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from profiles.models import IdentifierKind
from profiles.operations.rows import NewIdentifier

MOST_ITEMS: Final = 1_000
MOST_IDS: Final = 10_000
MOST_IDENTIFIERS: Final = 100
Text = Annotated[str, Field(pattern=r"^[^\u0000-\u001f\u007f]*$")]
Name = Annotated[str, Field(pattern=r"^[^\u0000-\u001f\u007f]+$")]


EXAMPLE: Final[dict[str, Any]] = {
    "id": "0b8e2c1f-6f5d-8b52-9a3e-7f2f6c1d4e55",
    "distinct_id": "crm/4711",
    "environment": "live",
    "status": "active",
    "display_name": "Alice Liddell",
    "first_name": "Alice",
    "last_name": "Liddell",
    "name": None,
    "email": "alice@example.com",
    "phone": "+4915112345678",
    "gender": None,
    "country": "DE",
    "city": "Berlin",
    "language": "de",
    "timezone": "Europe/Berlin",
    "avatar_url": None,
    "title": None,
    "birthday": "1990-05-04",
    "tags": ["vip"],
    "sources": ["api", "import"],
    "channels": {"sms": "+4915112345678"},
    "custom": {"plan": "pro", "seats": 12},
    "created_at": "2026-01-31T09:30:00.000000+00:00",
    "updated_at": "2026-02-01T17:45:12.345678+00:00",
    "last_seen_at": None,
}


class Body(BaseModel):
    """What is sent: nothing that is not named here, and nothing taken for what it is not."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ErrorAt(BaseModel):
    """What is wrong at one place."""

    pointer: str | None = Field(None, description="Where in the body, as a JSON pointer: `#/custom/plan`.")
    parameter: str | None = Field(None, description="Which parameter of the URL.")
    detail: str = Field(description="A sentence for people.")


class ProblemDetails(BaseModel):
    """RFC 9457."""

    type: str = Field(description="What kind of problem, and where it is explained.")
    title: str
    status: int
    detail: str = Field(description="A sentence for people about this very request.")
    instance: str = Field(description="`urn:request:` and the id of the request, which our log has too.")
    errors: list[ErrorAt] | None = Field(None, description="What is wrong at which place.")


class IdentifierIn(Body):
    """Another name of a profile. The same four never belong to two profiles."""

    kind: Annotated[Name, Field(max_length=60)] = Field(
        description="`email`, `phone_number`, `anonymous_id`, or a word of your own.", examples=["crm_id"]
    )
    value: Annotated[Name, Field(max_length=1024)] = Field(examples=["C-1001"])
    source: Annotated[Text, Field(max_length=60)] = ""
    type: Annotated[Text, Field(max_length=40)] = ""

    @model_validator(mode="after")
    def _is_no_distinct_id(self) -> "IdentifierIn":
        if self.kind == IdentifierKind.DISTINCT_ID:
            raise PydanticCustomError("kind", "Distinct IDs are absorbed by a merge; they are not given.")
        return self

    def named(self) -> NewIdentifier:
        return NewIdentifier(self.value, self.kind, self.source, self.type)


class IdentifierOut(BaseModel):
    kind: str
    value: str
    source: str
    type: str
    created_at: datetime


class ProfileFacts(BaseModel):
    """What applications may write. Null clears a value."""

    status: Literal["active", "disabled"] = "active"
    first_name: str | None = None
    last_name: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = Field(None, description="E.164: `+4915112345678`.")
    gender: str | None = None
    birthday: date | None = None
    country: str | None = Field(None, description="ISO 3166-1 alpha-2: `DE`.")
    city: str | None = None
    language: str | None = Field(None, description="BCP 47: `de-CH`.")
    timezone: str | None = Field(None, description="Of the IANA database: `Europe/Zurich`.")
    avatar_url: str | None = None
    title: str | None = None
    tags: list[str] | None = Field(None, description="All of them; see also `/profiles/{profile_id}/tags`.")
    last_seen_at: datetime | None = None
    channels: dict[str, Any] | None = Field(None, description="Destinations by channel: `sms`, `push` ...")
    custom: dict[str, Any] | None = Field(
        None, description="Properties of your own: text, number, boolean, ISO dates, lists, `{lat, lon}`."
    )


class ProfileIn(ProfileFacts):
    """A profile as applications write it. What an answer has besides may be sent back, and says nothing."""

    distinct_id: str | None = Field(None, max_length=1024, description="Made where none is given. For ever.")
    environment: Literal["live", "test"] | None = None
    identifiers: Annotated[list[IdentifierIn], Field(max_length=MOST_IDENTIFIERS)] | None = Field(
        None, description="Other names to give it; none is taken."
    )


class ProfilePatch(ProfileIn):
    """A merge patch (RFC 7396): what is absent stays, null clears, `channels` and `custom` merge by key."""


class ProfileOut(ProfileFacts):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": EXAMPLE})

    id: UUID
    distinct_id: str
    environment: Literal["live", "test"]
    status: Literal["active", "disabled"]
    display_name: str
    tags: list[str]
    sources: list[str] = Field(description="The doors by which it was written.")
    channels: dict[str, Any]
    custom: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    last_seen_at: datetime | None
    identifiers: list[IdentifierOut] | None = Field(None, description="Only with `include=identifiers`.")


class SomeOfProfile(BaseModel):
    """The members of a profile that `fields` asks for; all without it."""

    model_config = ConfigDict(extra="allow")

    id: UUID


class Total(BaseModel):
    number: int
    is_about: bool = Field(description="Whether it is the estimate of the database.")


class ProfilePage(BaseModel):
    profiles: list[SomeOfProfile]
    next: str | None = Field(description="The address of the next page; null at the end.")
    total: Total | None = Field(None, description="Only with `count`.")


class BatchItem(ProfileIn):
    op: Literal["create", "update", "upsert", "replace", "delete"] | None = Field(
        None, description="What to do with this one, if not what `op` of the batch says."
    )


class Batch(Body):
    op: Literal["create", "update", "upsert", "replace", "delete"] = Field(
        "upsert",
        description="`create` refuses who exists, `update` who does not, `upsert` takes both, "
        "`replace` too and clears what is not given, `delete` needs a distinct ID.",
    )
    items: Annotated[list[Any], Field(max_length=MOST_ITEMS, min_length=1)]


class BatchDocumented(Batch):
    items: Annotated[list[BatchItem], Field(max_length=MOST_ITEMS, min_length=1)] = Field(
        description="Profiles, as for `PUT`; each may have an `op` of its own."
    )


class Outcome(BaseModel):
    status: Literal["created", "updated", "unchanged", "deleted", "refused"]
    id: UUID | None
    distinct_id: str | None
    changed: list[str] | None = Field(None, description="Paths of the values that are new: `custom.plan`.")
    errors: list[ErrorAt] | None = Field(None, description="Why it was refused.")


class BatchAnswer(BaseModel):
    dry_run: bool
    counts: dict[str, int] = Field(description="How many of each status.")
    outcomes: list[Outcome] = Field(description="One for each item, in order.")


class TagsChange(Body):
    add: Annotated[list[str], Field(max_length=100)] = []
    remove: Annotated[list[str], Field(max_length=100)] = []


class TagList(BaseModel):
    tags: list[str]


class IdentifiersChange(Body):
    add: Annotated[list[IdentifierIn], Field(max_length=MOST_IDENTIFIERS)] = []
    remove: Annotated[list[IdentifierIn], Field(max_length=MOST_IDENTIFIERS)] = []


class IdentifierList(BaseModel):
    identifiers: list[IdentifierOut]


class ChangeOut(BaseModel):
    """One deed done to a profile: the values that changed, by path. What is absent was unset."""

    id: int
    at: datetime
    deed: str = Field(examples=["updated"])
    door: str = Field(description="By which way it came: `console`, `api`, `import` ...")
    actor: str = Field(description="Who did it: an operator, or a key.")
    job: int | None
    absorbed: UUID | None = Field(
        description="The id of the profile to which it was done, where that was merged into this one later."
    )
    old: dict[str, Any]
    new: dict[str, Any]


class History(BaseModel):
    changes: list[ChangeOut]
    next: str | None = Field(description="The address of the next page; null at the end.")


class MergeOut(BaseModel):
    """A profile that was taken in, and can come back."""

    id: int
    at: datetime
    distinct_id: str = Field(description="The distinct ID of the profile that was taken in; it leads here.")
    absorbed: UUID = Field(description="The id that it had, and gets again.")
    survivor: UUID = Field(
        description="The id of who took it in: this profile, or another one that this one took in since."
    )
    door: str = Field(description="By which way it came: `console`, `api`, `fyno` ...")
    actor: str = Field(description="Who did it: an operator, or a key.")


class MergePage(BaseModel):
    merges: list[MergeOut]
    next: str | None = Field(description="The address of the next page; null at the end.")


class MergeIn(Body):
    """Whom to take in: by our `id`, or by `distinct_id`; one of the two."""

    id: Annotated[UUID, Field(strict=False)] | None = None
    distinct_id: Annotated[str, Field(min_length=1, max_length=1024)] | None = None
    values: dict[str, Any] = Field(
        {}, description="Values that are to hold in the end, as in a merge patch; else the survivor's do."
    )
