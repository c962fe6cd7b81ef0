"""The nouns: fields, constraints, querysets; one file per noun."""

from .audit import AuditEntry, DeletionReceipt
from .change import Deed, Door, ProfileChange
from .file import FileRole, StoredFile
from .identifier import Identifier, IdentifierKind, identifier_id
from .ids import derive_id, new_distinct_id
from .import_draft import ImportDraft, MappingPreset, Origin
from .job import COUNTERS, ENDED, ErasedId, Job, JobKind, JobRefusal, JobState, Wish
from .operator import Operator, Theme, validate_timezone
from .profile import TEXT_COLUMNS, Environment, Profile, Status, profile_id
from .property import (
    IndexState,
    PropertyDefinition,
    PropertyKind,
    PropertyType,
    key_of_label,
    label_of_key,
)
from .selection import Selection, SelectionMember
from .tag import MAX_TAG_LENGTH, MAX_TAGS, Tag, TagColour, colour_of_name
from .workspace import Member, Role, UnknownKeys, Workspace

__all__ = [
    "COUNTERS",
    "ENDED",
    "MAX_TAGS",
    "MAX_TAG_LENGTH",
    "TEXT_COLUMNS",
    "AuditEntry",
    "Deed",
    "DeletionReceipt",
    "Door",
    "Environment",
    "ErasedId",
    "FileRole",
    "Identifier",
    "IdentifierKind",
    "ImportDraft",
    "IndexState",
    "Job",
    "JobKind",
    "JobRefusal",
    "JobState",
    "MappingPreset",
    "Member",
    "Operator",
    "Origin",
    "Profile",
    "ProfileChange",
    "PropertyDefinition",
    "PropertyKind",
    "PropertyType",
    "Role",
    "Selection",
    "SelectionMember",
    "Status",
    "StoredFile",
    "Tag",
    "TagColour",
    "Theme",
    "UnknownKeys",
    "Wish",
    "Workspace",
    "colour_of_name",
    "derive_id",
    "identifier_id",
    "key_of_label",
    "label_of_key",
    "new_distinct_id",
    "profile_id",
    "validate_timezone",
]
