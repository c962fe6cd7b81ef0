"""Filters of lists, exports and deletions: the query string of the console's listing, and its meaning."""

from typing import Literal

from django.http import QueryDict
from ninja import Schema
from pydantic import Field

from profiles.api.common import Call, Reason
from profiles.filters.operators import OPERATORS
from profiles.filters.profiles import ProfileFilter
from profiles.models import Selection
from profiles.operations.selections import select

from .protocol import Problem
from .reach import environment_of

ANY = "any"


class FilterParameters(Schema):
    """What the document says; that the values fit is looked at where everything is: in ProfileFilter."""

    q: str | None = Field(None, description="Any part of a name, e-mail, phone, distinct ID or identifier.")
    status: Literal["active", "disabled"] | None = None
    environment: Literal["live", "test", "any"] | None = Field(
        None, description="That of the key, if nothing is said."
    )
    tags: list[str] | None = Field(None, description="May be repeated.")
    tags_match: Literal["any", "all", "none"] | None = Field(
        None, description="Who has any of the tags, all of them, or none. Any, if nothing is said."
    )
    country: list[str] | None = Field(None, description="ISO 3166-1 alpha-2; may be repeated: any of them.")
    created_from: str | None = Field(None, description="A day, `2026-01-31`, as all of these. UTC.")
    created_to: str | None = Field(None, description="The last day that counts.")
    updated_from: str | None = None
    updated_to: str | None = None
    seen_from: str | None = None
    seen_to: str | None = None
    job: str | None = Field(None, description="The id of a job: whom it created or updated.")
    outcome: Literal["created", "updated"] | None = Field(None, description="Which of them.")
    r1f: str | None = Field(
        None,
        description="Rule 1 is about this property: `custom.plan`. There may be 99: r2f, r2o, r2v ...",
    )
    r1o: str | None = Field(
        None,
        description="Its operator, as the type of the property allows: " + ", ".join(OPERATORS) + ".",
    )
    r1v: list[str] | None = Field(None, description="Its value; repeated where the operator takes several.")
    r1g: str | None = Field(None, description="Its group, 1 if nothing is said.")
    g1: str | None = Field(None, description="How the rules of group 1 are joined: `all` or `any`.")
    match: str | None = Field(None, description="How the groups are joined: `all` or `any`.")


def read_filter(call: Call, query: QueryDict) -> ProfileFilter:
    """Raises Problem with every sentence about what is not understood: a mistake must not find everybody."""
    found = ProfileFilter(_in_environment(call, query), workspace=call.workspace)
    if found.problems:
        errors = [{"detail": each} for each in found.problems]
        raise Problem(Reason.REFUSED, " ".join(found.problems)[:500], errors=errors)
    return found


def select_filtered(call: Call, text: str) -> Selection:
    """Everybody whom a query string finds now. Raises Problem."""
    found = read_filter(call, QueryDict(text.removeprefix("?")))
    return select(call.workspace, operator=None, query=found.query, is_everything=True)


def _in_environment(call: Call, query: QueryDict) -> QueryDict:
    """The query with the environment that is meant where none is said."""
    query = query.copy()
    wanted = query.get("environment", "").strip()
    environment_of(call, "live" if wanted == ANY else wanted)
    if not wanted:
        query["environment"] = call.environment
    elif wanted == ANY:
        del query["environment"]
    return query
