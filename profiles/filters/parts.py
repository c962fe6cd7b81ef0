"""The active filters one by one: what each says, and the query string without it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .rules import Rule, RuleSet

Without = Callable[[Iterable[str]], str]


@dataclass(frozen=True, slots=True)
class Part:
    """One active filter: its words, and the query string without it.

    All parts hold together. Of the parts in `either`, one is enough: they are what this part is made of.
    """

    label: str
    without: str
    either: tuple["Part", ...] = ()


def rule_parts(rules: RuleSet, without: Without) -> list[Part]:
    """A part for what can be taken away without turning the meaning of the rest: a rule, a group, or all."""
    groups = rules.groups
    if rules.match == "any" and len(groups) > 1:
        either = tuple(_group(rules, number, without) for number in groups)
        words = [
            f"({part.label})" if len(groups[n]) > 1 else part.label
            for n, part in zip(groups, either, strict=True)
        ]
        return [Part(" or ".join(words), without([*_names(rules.rules), "match"]), either)]
    parts = []
    for number, group in groups.items():
        if len(group) > 1 and rules.joins.get(number) == "any":
            parts.append(_group(rules, number, without))
        else:
            parts += [Part(rule.label, without(_names([rule]))) for rule in group]
    return parts


def _group(rules: RuleSet, number: int, without: Without) -> Part:
    group = rules.groups[number]
    joint = " or " if rules.joins.get(number) == "any" else " and "
    return Part(joint.join(rule.label for rule in group), without([*_names(group), f"g{number}"]))


def _names(rules: list[Rule]) -> list[str]:
    return [f"r{rule.number}{letter}" for rule in rules for letter in "fovg"]
