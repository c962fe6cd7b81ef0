"""The nouns: fields, constraints, querysets; one file per noun."""

from .api_key import Actor, ApiKey, RateWindow, Scope, StoredAnswer, key_of, operator_of
from .audit import AuditEntry, DeletionReceipt
from .change import OUTCOMES, Deed, Door, ProfileChange
from .file import FileRole, StoredFile
from .identifier import Identifier, IdentifierKind, identifier_id
from .ids import derive_id, new_distinct_id
from .import_draft import ImportDraft, MappingPreset, Origin
from .job import COUNTERS, ENDED, ErasedId, Job, JobKind, JobRefusal, JobState, Wish
from .merge import Merge
from .operator import Operator, Theme, validate_timezone
from .profile import TEXT_COLUMNS, Environment, Profile, Status, ids_of_person, person_of, profile_id
from .property import (
    IndexState,
    PropertyDefinition,
    PropertyKind,
    PropertyType,
    key_of_label,
    label_of_key,
)
from .selection import Selection, SelectionMember
from .source_type import SourceType
from .tag import MAX_TAG_LENGTH, MAX_TAGS, Tag, TagColour, colour_of_name
from .workspace import Member, Role, UnknownKeys, Workspace

__all__ = [
    "COUNTERS",
    "ENDED",
    "MAX_TAGS",
    "MAX_TAG_LENGTH",
    "OUTCOMES",
    "TEXT_COLUMNS",
    "Actor",
    "ApiKey",
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
    "Merge",
    "Operator",
    "Origin",
    "Profile",
    "ProfileChange",
    "PropertyDefinition",
    "PropertyKind",
    "PropertyType",
    "RateWindow",
    "Role",
    "Scope",
    "Selection",
    "SelectionMember",
    "SourceType",
    "Status",
    "StoredAnswer",
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
    "ids_of_person",
    "key_of",
    "key_of_label",
    "label_of_key",
    "new_distinct_id",
    "operator_of",
    "person_of",
    "profile_id",
    "validate_timezone",
]
