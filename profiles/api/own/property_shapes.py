"""The shapes of property definitions."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from profiles.models import PropertyKind, PropertyType

from .shapes import Body, Name

PropertyTypeName = Literal[tuple(PropertyType.values)]  # type: ignore[valid-type]
Bound = Annotated[float, Field(allow_inf_nan=False)]


class PropertyPatch(Body):
    """What is absent stays as it is; null takes a rule away."""

    label: Annotated[str, Field(max_length=120)] = ""
    description: Annotated[str, Field(max_length=500)] = ""
    type: PropertyTypeName = "text"  # type: ignore[valid-type]
    min_length: int | None = None
    max_length: int | None = None
    minimum: Bound | None = None
    maximum: Bound | None = None
    pattern: Annotated[str, Field(max_length=500)] = Field("", description="A regular expression.")
    choices: list[str] = []
    max_elements: int | None = None
    required: bool = False
    starred: bool = Field(False, description="Of the starred properties, at least one must be given.")
    indexed: bool = Field(False, description="Whether sorting and ranges are made fast by an index.")


class PropertyIn(PropertyPatch):
    key: Annotated[Name, Field(max_length=120)] = Field(examples=["plan"])


class PropertyOut(BaseModel):
    id: int
    path: str = Field(examples=["custom.plan"])
    kind: Literal[tuple(PropertyKind.values)]  # type: ignore[valid-type]
    key: str
    label: str
    description: str
    type: PropertyTypeName  # type: ignore[valid-type]
    min_length: int | None
    max_length: int | None
    minimum: float | None
    maximum: float | None
    pattern: str
    choices: list[str]
    max_elements: int | None
    required: bool
    starred: bool
    indexed: bool
    archived_at: datetime | None
    created_at: datetime


class PropertyList(BaseModel):
    properties: list[PropertyOut]
