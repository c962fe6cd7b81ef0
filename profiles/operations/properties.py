"""Properties of a workspace: define, change, put in order, take out of use and bring back.

A property's values are never touched here: what does not fit a new rule stays as it is, and is refused when
somebody writes it again. A workspace may have no starred property at all: then nothing has to be given,
since a distinct ID is made where there is none.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from profiles.errors import Refused
from profiles.models import (
    Actor,
    AuditEntry,
    PropertyDefinition,
    PropertyKind,
    Workspace,
    operator_of,
)
from profiles.queries.properties import has_values

from .property_defaults import seed_definitions
from .property_index import is_wanted, request_index
from .property_rules import problems_of, tidy

__all__ = [
    "EDITABLE",
    "MOST_CUSTOM",
    "archive_property",
    "create_property",
    "edit_property",
    "move_property",
    "register_properties",
    "seed_definitions",
    "unarchive_property",
]

MOST_CUSTOM = 256
TOO_MANY = f"A workspace has at most {MOST_CUSTOM} custom properties; archive one first."
EDITABLE = (
    *("label", "description", "type", "min_length", "max_length", "minimum", "maximum", "pattern"),
    *("choices", "max_elements", "required", "starred", "indexed"),
)


@transaction.atomic
def create_property(workspace: Workspace, *, actor: Actor | None, **given: Any) -> PropertyDefinition:
    """A new custom property, last in order. `given` are its key and the fields of EDITABLE."""
    _lock(workspace)
    definition = PropertyDefinition(workspace=workspace, kind=PropertyKind.CUSTOM, **given)
    tidy(definition)
    refuse_problems(definition)
    _refuse_too_many(workspace)
    _put_last([definition])
    definition.save(force_insert=True)
    if is_wanted(definition):
        request_index(definition)
    _changed(definition, "create_property", actor, {"new": _facts(definition)})
    return definition


@transaction.atomic
def edit_property(
    definition: PropertyDefinition, *, actor: Actor | None, **changes: Any
) -> PropertyDefinition:
    """Change fields of EDITABLE. Stored values that do not fit stay; the type is fixed once there are any."""
    stored = _locked(definition)
    before, had_index = _facts(stored), is_wanted(stored)
    for name in EDITABLE:
        setattr(stored, name, changes.get(name, getattr(stored, name)))
    tidy(stored)
    refuse_problems(stored)
    after = _facts(stored)
    changed = {name for name in EDITABLE if before[name] != after[name]}
    if not changed:
        return stored
    if "type" in changed:
        _refuse_new_type(stored)
    stored.save(update_fields=changed)
    if had_index != is_wanted(stored):
        request_index(stored)
    details = {
        "old": {name: before[name] for name in changed},
        "new": {name: after[name] for name in changed},
    }
    _changed(stored, "edit_property", actor, details)
    return stored


@transaction.atomic
def archive_property(definition: PropertyDefinition, *, actor: Actor | None) -> None:
    """Take a property out of forms, lists and validation; its values are kept. Twice changes nothing."""
    stored = _locked(definition)
    if stored.path == "distinct_id":
        raise Refused("The distinct ID cannot be archived: every profile has one.")
    if stored.is_archived:
        return
    had_index = is_wanted(stored)
    stored.archived_at = now()
    stored.save(update_fields=["archived_at"])
    if had_index:
        request_index(stored)
    _changed(stored, "archive_property", actor)


@transaction.atomic
def unarchive_property(definition: PropertyDefinition, *, actor: Actor | None) -> None:
    """Bring an archived property back, last in order, with the values it had."""
    stored = _locked(definition)
    if not stored.is_archived:
        return
    if stored.kind == PropertyKind.CUSTOM:
        _refuse_too_many(stored.workspace)
    stored.archived_at = None
    _put_last([stored])
    stored.save(update_fields=["archived_at", "position"])
    if is_wanted(stored):
        request_index(stored)
    _changed(stored, "unarchive_property", actor)


@transaction.atomic
def move_property(definition: PropertyDefinition, *, actor: Actor | None, down: bool) -> None:
    """Change places with the neighbour of the same kind; at the end of the row nothing happens."""
    _lock(definition.workspace)
    row = list(definition.workspace.property_definitions.active().filter(kind=definition.kind).in_order())
    place = next((place for place, each in enumerate(row) if each.pk == definition.pk), None)
    if place is None:
        raise Refused(f"{definition.label} is archived.")
    other = place + (1 if down else -1)
    if not 0 <= other < len(row):
        return
    row[place], row[other] = row[other], row[place]
    for position, each in enumerate(row):
        each.position = position
    PropertyDefinition.objects.bulk_update(row, ["position"])
    _changed(definition, "move_property", actor, {"to": other + 1})


@transaction.atomic
def register_properties(
    workspace: Workspace, definitions: Sequence[PropertyDefinition], *, actor: Actor | None = None
) -> None:
    """Define several custom properties in one deed, each key once: one that is defined stays as it is."""
    _lock(workspace)
    new, problems = what_fits(workspace, definitions)
    if problems:
        raise Refused(next(iter(problems.values())))
    _register(workspace, new, actor)


@transaction.atomic
def register_what_fits(
    workspace: Workspace, definitions: Sequence[PropertyDefinition], *, actor: Actor | None = None
) -> dict[str, str]:
    """The same for those that can be defined; why the others cannot be, as a sentence by path."""
    _lock(workspace)
    new, problems = what_fits(workspace, definitions)
    _register(workspace, new, actor)
    return problems


def what_fits(
    workspace: Workspace, definitions: Sequence[PropertyDefinition]
) -> tuple[list[PropertyDefinition], dict[str, str]]:
    """Those that are new and can be defined, tidied; and why others cannot be, as a sentence by path.

    Those beyond the limit are not looked at.
    """
    custom = workspace.property_definitions.filter(kind=PropertyKind.CUSTOM)
    known = set(custom.values_list("key", flat=True))
    room = MOST_CUSTOM - custom.active().count()
    new: list[PropertyDefinition] = []
    problems = {}
    for definition in definitions:
        path = definition.path
        tidy(definition)
        if definition.key in known:
            continue
        if problem := _problem_of(definition) if len(new) < room else TOO_MANY:
            problems[path] = problem
        else:
            known.add(definition.key)
            new.append(definition)
    return new, problems


def _register(workspace: Workspace, new: list[PropertyDefinition], actor: Actor | None) -> None:
    if new:
        _put_last(new)
        PropertyDefinition.objects.bulk_create(new)
        workspace.schema_has_changed()
        _audit(workspace, "register_properties", ", ".join(each.key for each in new)[:1000], actor)


def _lock(workspace: Workspace) -> None:
    """One change of definitions at a time in a workspace."""
    Workspace.objects.select_for_update(no_key=True).get(pk=workspace.pk)


def _locked(definition: PropertyDefinition) -> PropertyDefinition:
    _lock(definition.workspace)
    return PropertyDefinition.objects.select_related("workspace").get(pk=definition.pk)


def refuse_problems(definition: PropertyDefinition) -> None:
    """Raise Refused where the definition breaks a rule that definitions have."""
    if problem := _problem_of(definition):
        raise Refused(problem)


def _problem_of(definition: PropertyDefinition) -> str:
    """What is wrong with it, as one text; empty where nothing is."""
    return " ".join(sentence for sentences in problems_of(definition).values() for sentence in sentences)


def _refuse_too_many(workspace: Workspace, more: int = 1) -> None:
    custom = workspace.property_definitions.active().filter(kind=PropertyKind.CUSTOM)
    if custom.count() + more > MOST_CUSTOM:
        raise Refused(TOO_MANY)


def _refuse_new_type(definition: PropertyDefinition) -> None:
    if definition.kind != PropertyKind.CUSTOM:
        raise Refused(f"The type of {definition.label} is fixed.")
    if has_values(definition):
        raise Refused(f"The type of {definition.label} is fixed: profiles have values of it.")


def _put_last(definitions: Sequence[PropertyDefinition]) -> None:
    """Number new siblings after those that are there."""
    siblings = definitions[0].workspace.property_definitions.filter(kind=definitions[0].kind)
    last = siblings.order_by("position").values_list("position", flat=True).last()
    for position, definition in enumerate(definitions, start=0 if last is None else last + 1):
        definition.position = position


def _facts(definition: PropertyDefinition) -> dict[str, Any]:
    return {name: getattr(definition, name) for name in ("key", *EDITABLE)}


def _changed(
    definition: PropertyDefinition, verb: str, actor: Actor | None, details: dict[str, Any] | None = None
) -> None:
    """A new version of the schema, and one line in the audit."""
    definition.workspace.schema_has_changed()
    _audit(definition.workspace, verb, definition.path, actor, details)


def _audit(
    workspace: Workspace,
    verb: str,
    subject: str,
    actor: Actor | None,
    details: dict[str, Any] | None = None,
) -> None:
    AuditEntry.objects.create(
        workspace=workspace,
        operator=operator_of(actor),
        actor=str(actor or ""),
        verb=verb,
        subject=subject,
        details=details or {},
    )
