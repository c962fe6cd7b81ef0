"""The nouns: fields, constraints, querysets; one file per noun."""

from .audit import AuditEntry, DeletionReceipt
from .change import Deed, Door, ProfileChange
from .identifier import Identifier, IdentifierKind, identifier_id
from .ids import derive_id, new_distinct_id
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
from .selection import Selection
from .tag import MAX_TAG_LENGTH, MAX_TAGS, Tag, TagColour, colour_of_name
from .workspace import Member, Role, UnknownKeys, Workspace

__all__ = [
    "MAX_TAGS",
    "MAX_TAG_LENGTH",
    "TEXT_COLUMNS",
    "AuditEntry",
    "Deed",
    "DeletionReceipt",
    "Door",
    "Environment",
    "Identifier",
    "IdentifierKind",
    "IndexState",
    "Member",
    "Operator",
    "Profile",
    "ProfileChange",
    "PropertyDefinition",
    "PropertyKind",
    "PropertyType",
    "Role",
    "Selection",
    "Status",
    "Tag",
    "TagColour",
    "Theme",
    "UnknownKeys",
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
