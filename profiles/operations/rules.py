"""The rules of a workspace that concern a profile as a whole: what has to be given, how much there may be."""

from profiles.schema import Schema

from .rows import ProfileRow
from .state import Person, State, too_many_tags


def broken_rules(schema: Schema, row: ProfileRow, person: Person, changes: State) -> list[str]:
    """Why `changes`, which `row` would make to `person`, may not be made."""
    reasons = ["A profile has at most 100 tags."] if too_many_tags(changes) else []
    if required := schema.required - {"distinct_id"}:
        missing = required & _cleared(changes) if person.exists else required - changes.keys()
        reasons += [f"{label_of(path, schema)} is required." for path in sorted(missing)]
    if starred := _starless(schema, row, person, changes):
        reasons.append(f"At least one of {starred} is needed.")
    return reasons


def label_of(path: str, schema: Schema) -> str:
    known = schema.field(path)
    return known.label if known else schema.archived.get(path, path)


def _starless(schema: Schema, row: ProfileRow, person: Person, changes: State) -> str:
    """The labels of the starred properties where this row leaves none of them set; empty otherwise."""
    starred = schema.starred
    if not starred or ("distinct_id" in starred and (row.distinct_id or person.exists)):
        return ""
    cleared = _cleared(changes)
    if person.exists and not starred & cleared:
        return ""
    if starred & (person.state.keys() | changes.keys()) - cleared:
        return ""
    return ", ".join(label_of(path, schema) for path in (*schema.facts, *schema.fields) if path in starred)


def _cleared(changes: State) -> set[str]:
    return {path for path, value in changes.items() if value is None}
