"""What a preview measured a file by, so that a change of that is noticed before the import."""

from dataclasses import replace
from hashlib import sha256

from profiles.imports import Mapping
from profiles.models import PropertyDefinition, PropertyKind
from profiles.schema import Field, Schema, field_of


def measure_of(schema: Schema, mapping: Mapping) -> str:
    """A mark that changes with the rules of the properties that the file fills, or that all profiles keep.

    What a property is called or described as is no rule, nor whether it is indexed; and one that the import
    would create may as well have come before it.
    """
    new = {path: _new(path, type) for path, type, _ in mapping.new_properties}
    filled = {each.to for each in mapping.columns}
    rules = [
        replace(field, label="", description="", indexed=False)
        for path, field in sorted((new | schema.fields).items())
        if path in filled or field.required or field.starred
    ]
    return sha256(repr(rules).encode()).hexdigest()[:32]


def _new(path: str, type: str) -> Field:
    key = path.removeprefix("custom.")
    return field_of(PropertyDefinition(kind=PropertyKind.CUSTOM.value, key=key, label=key, type=type))
