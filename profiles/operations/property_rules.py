"""What a definition itself has to keep to, before it may rule over values."""

import math
import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError

from profiles.models import PropertyDefinition, PropertyKind, PropertyType, label_of_key
from profiles.schema import RULES_OF_TYPE, column_width, pattern_problem
from profiles.schema.fields import ELEMENTS_CAP, TEXT_CAP

MOST_CHOICES = 1_000
LONGEST_CHOICE = 255
LONGEST_INDEXED = 500
INDEXABLE = frozenset(PropertyType) - {
    PropertyType.TEXT_LIST,
    PropertyType.NUMBER_LIST,
    PropertyType.GEO,
    PropertyType.TOKENS,
    PropertyType.URL,
}
"""Types with an order; of a web address, 2,048 characters may be too long for an index entry."""

_NO_RULE: dict[str, object] = {"pattern": "", "choices": []}
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LARGEST = 10**15

Problem = tuple[str, str]
"""(field of the definition, sentence)."""


def tidy(definition: PropertyDefinition) -> None:
    """Trim texts and empty the rules that the type has not."""
    definition.key = definition.key.strip()
    definition.label = definition.label.strip() or label_of_key(definition.key)
    definition.description = definition.description.strip()
    definition.choices = list(
        dict.fromkeys(choice.strip() for choice in definition.choices if choice.strip())
    )
    applicable = next((rules for type, rules in RULES_OF_TYPE.items() if type == definition.type), ())
    for rule in {rule for rules in RULES_OF_TYPE.values() for rule in rules}.difference(applicable):
        setattr(definition, rule, _NO_RULE.get(rule))


def problems_of(definition: PropertyDefinition) -> dict[str, list[str]]:
    """Why the tidied definition cannot be saved: sentences by field; those about several under `__all__`."""
    problems: dict[str, list[str]] = {}
    for field, sentence in _problems(definition):
        problems.setdefault(field, []).append(sentence)
    return problems or _constraint_problems(definition)


def _problems(definition: PropertyDefinition) -> Iterator[Problem]:
    if str(definition.type) not in PropertyType.values:
        yield "type", "This type of property does not exist."
        return
    yield from _key_problems(definition)
    yield from _text_problems(definition)
    yield from _length_problems(definition)
    yield from _range_problems(definition)
    yield from _choice_problems(definition)
    yield from _index_problems(definition)
    if definition.max_elements is not None and not 1 <= definition.max_elements <= ELEMENTS_CAP:
        yield "max_elements", f"Most elements must be from 1 to {ELEMENTS_CAP:,}."
    if definition.pattern and (problem := pattern_problem(definition.pattern)):
        yield "pattern", f"This pattern cannot be used: {problem}."
    if definition.required and _is_distinct_id(definition):
        yield "required", "A distinct ID is made where none is given, so it cannot be required."


def _is_distinct_id(definition: PropertyDefinition) -> bool:
    return definition.kind == PropertyKind.DEFAULT and definition.key == "distinct_id"


def _key_problems(definition: PropertyDefinition) -> Iterator[Problem]:
    key = definition.key
    if not key:
        yield "key", "A property needs a key."
    elif len(key) > 120:
        yield "key", f"A key has at most 120 characters; this one has {len(key):,}."
    elif _UNPRINTABLE.search(key):
        yield "key", "A key may not contain control characters."
    elif definition._state.adding and (taken := _holder_of(definition)):
        state = "an archived" if taken.is_archived else "a"
        yield "key", f"There is {state} property with the key “{key}” already."


def _holder_of(definition: PropertyDefinition) -> PropertyDefinition | None:
    same = PropertyDefinition.objects.filter(kind=definition.kind, key=definition.key)
    return same.filter(workspace_id=definition.workspace_id).first()


def _text_problems(definition: PropertyDefinition) -> Iterator[Problem]:
    for field, longest in (("label", 120), ("description", 500), ("pattern", 500)):
        text = getattr(definition, field)
        if len(text) > longest:
            yield field, f"This may have at most {longest} characters; it has {len(text):,}."
        elif _UNPRINTABLE.search(
            text.replace("\n", "").replace("\r", "") if field == "description" else text
        ):
            yield field, "This may not contain control characters."


def _length_problems(definition: PropertyDefinition) -> Iterator[Problem]:
    longest = column_width(definition) or TEXT_CAP
    for field in ("min_length", "max_length"):
        length = getattr(definition, field)
        if length is not None and not 1 <= length <= longest:
            yield field, f"This must be from 1 to {longest:,} characters."


def _range_problems(definition: PropertyDefinition) -> Iterator[Problem]:
    for field in ("minimum", "maximum"):
        bound = getattr(definition, field)
        if bound is not None and not (math.isfinite(bound) and abs(bound) < _LARGEST):
            yield field, "This must be a number of at most 15 digits."


def _choice_problems(definition: PropertyDefinition) -> Iterator[Problem]:
    if definition.type == PropertyType.CHOICE and not definition.choices:
        yield "choices", "Give at least one choice."
    if len(definition.choices) > MOST_CHOICES:
        yield (
            "choices",
            f"There may be at most {MOST_CHOICES:,} choices; these are {len(definition.choices):,}.",
        )
    if any(len(choice) > LONGEST_CHOICE for choice in definition.choices):
        yield "choices", f"A choice has at most {LONGEST_CHOICE} characters."
    if any(_UNPRINTABLE.search(choice) for choice in definition.choices):
        yield "choices", "A choice may not contain control characters."


def _index_problems(definition: PropertyDefinition) -> Iterator[Problem]:
    if not definition.indexed:
        return
    if definition.kind != PropertyKind.CUSTOM:
        yield "indexed", "Only custom properties get an index of their own."
    elif definition.type not in INDEXABLE:
        kind = PropertyType(definition.type).label.lower()
        yield "indexed", f"A {kind} has no order, or is too long, for an index."
    elif definition.type == PropertyType.TEXT and not 0 < (definition.max_length or 0) <= LONGEST_INDEXED:
        yield "max_length", f"For an index, the longest text must be {LONGEST_INDEXED} characters or fewer."


def _constraint_problems(definition: PropertyDefinition) -> dict[str, list[str]]:
    """What the model and the database say: order of the bounds, a key that is taken."""
    try:
        definition.full_clean(exclude=["workspace"], validate_unique=False)
    except ValidationError as error:
        return {field: list(map(str, sentences)) for field, sentences in error.message_dict.items()}
    return {}


def is_tighter(before: PropertyDefinition, after: PropertyDefinition) -> bool:
    """Whether values that kept the rules before might break them after."""
    raised = any(
        _is_higher(getattr(after, rule), getattr(before, rule)) for rule in ("min_length", "minimum")
    )
    lowered = any(
        _is_lower(getattr(after, rule), getattr(before, rule))
        for rule in ("max_length", "maximum", "max_elements")
    )
    patterned = bool(after.pattern) and after.pattern != before.pattern
    return raised or lowered or patterned or not set(before.choices) <= set(after.choices)


def _is_higher(new: float | None, old: float | None) -> bool:
    return new is not None and (old is None or new > old)


def _is_lower(new: float | None, old: float | None) -> bool:
    return new is not None and (old is None or new < old)
