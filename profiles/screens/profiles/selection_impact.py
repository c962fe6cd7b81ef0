"""What the confirmation of a bulk action says: who, how many, what goes, and what becomes of some of them."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.safestring import SafeString

from profiles.models import Profile, Selection
from profiles.operations.bulk import AT_ONCE
from profiles.operations.previews import examples_of
from profiles.operations.selections import in_words, selected
from profiles.queries.counts import CAP, Total, capped_count
from profiles.queries.selections import IMPATIENCE, holding, impact_of, in_time, tags_of
from profiles.schema import Field, shown

from .display import show
from .selection_form import ConfirmForm, Deed

SUGGESTED_TAGS: Final = 200


@dataclass(frozen=True, slots=True)
class Row:
    """An example as the page shows it."""

    profile: Profile
    old: SafeString
    new: SafeString
    reasons: str
    is_same: bool


def impact_context(selection: Selection, deed: Deed, form: ConfirmForm | None) -> dict[str, Any]:
    impact = impact_of(selected(selection), with_belongings=deed.is_final)
    return {
        "deed": deed,
        "selection": selection,
        "impact": impact,
        "who": who(impact.total),
        "title": deed.question.format(who(impact.total)),
        "others": impact.total.number - len(impact.named),
        "chosen_by": in_words(selection) if selection.is_everything or selection.is_list else "",
        "is_queued": impact.number is None or impact.number > AT_ONCE,
        "known_tags": _known_tags(selection, deed),
        "cap": CAP,
    } | _preview(selection, form)


def who(total: Total) -> str:
    return f"{total} {'profile' if total.number == 1 else 'profiles'}"


def _preview(selection: Selection, form: ConfirmForm | None) -> dict[str, Any]:
    if form is None or form.change is None or form.property is None:
        return {}
    rows = [
        Row(
            each.profile,
            show(form.property, each.old),
            show(form.property, each.new),
            " ".join(each.reasons),
            each.is_same,
        )
        for each in examples_of(selection, form.change, form.property)
    ]
    return {"examples": rows, "holders": _holders(selection, form, form.property)}


def _holders(selection: Selection, form: ConfirmForm, property: Field) -> str:
    """How many hold what is to be replaced, in words."""
    if form.change is None or not form.change.rewrite:
        return ""
    asked = form.change.parameters
    people = holding(
        selected(selection), property, asked["find"], is_case_sensitive=asked["is_case_sensitive"]
    )
    number = in_time(2 * IMPATIENCE, lambda: capped_count(people))
    if number is None:
        return f"Counting those with {shown(asked['find'])} in {property.label} would take too long."
    about = f"More than {CAP:,}" if number > CAP else f"{number:,}"
    return f"{about} of them {'has' if number == 1 else 'have'} {shown(asked['find'])} in {property.label}."


def _known_tags(selection: Selection, deed: Deed) -> list[str]:
    """To choose from: those that can be taken are those that the people have."""
    if not deed.takes_tags:
        return []
    if deed.verb == "untag":
        return tags_of(selected(selection), most=SUGGESTED_TAGS)
    return list(selection.workspace.tag_registry.values_list("name", flat=True)[:SUGGESTED_TAGS])
