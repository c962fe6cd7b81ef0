"""The shapes of jobs, and of what starts them: deletions and exports."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from profiles.models import JobKind, JobState

from .shapes import MOST_IDS, Body, Name, Text


class JobOut(BaseModel):
    id: int
    kind: Literal[tuple(JobKind.values)]  # type: ignore[valid-type]
    state: Literal[tuple(JobState.values)]  # type: ignore[valid-type]
    has_ended: bool
    subject: str = Field(description="What it is about, in words.")
    actor: str
    total: int | None = Field(description="How many profiles or rows; null as long as nobody knows.")
    created: int
    updated: int
    unchanged: int
    refused: int
    erased: int
    exported: int
    problem: str = Field(description="Why it stopped, where it did.")
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    file: str | None = Field(description="Where the file of an export is, with the same key.")


class JobPage(BaseModel):
    jobs: list[JobOut]
    next: str | None = Field(description="The address of the next page; null at the end.")


class Deletion(Body):
    """Whom: `ids` of ours, `distinct_ids`, or a `filter`; one of the three."""

    ids: Annotated[list[Annotated[UUID, Field(strict=False)]], Field(max_length=MOST_IDS)] | None = None
    distinct_ids: Annotated[list[str], Field(max_length=MOST_IDS)] | None = None
    filter: Annotated[Name, Field(max_length=8_000)] | None = Field(
        None, description="The query string of `GET /profiles`, without its `limit`, `sort` and the like."
    )
    environment: Literal["live", "test"] | None = Field(None, description="Of `distinct_ids`.")
    reason: Annotated[Text, Field(max_length=500)] = ""
    deny: bool = Field(False, description="Whether to refuse these distinct IDs from then on.")


class ExportIn(Body):
    filter: Annotated[Text, Field(max_length=8_000)] = Field(
        "", description="The query string of `GET /profiles`; everybody without one."
    )
    format: Literal["csv", "jsonl", "xlsx", "parquet"] = "jsonl"
    columns: Annotated[list[str], Field(max_length=300)] | None = Field(
        None, description="Paths, as `custom.plan`; all that there are if nothing is said."
    )
    compressed: bool = Field(False, description="Whether CSV and JSON lines are packed with gzip.")
    guarded: bool = Field(True, description="Whether what Excel takes for formulas is disarmed in CSV.")
