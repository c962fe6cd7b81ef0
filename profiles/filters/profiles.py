"""The filter of profiles: what a query string means, for the listing, bulk actions, exports and APIs."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property
from typing import Any, Final, cast

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django_filters import CharFilter, ChoiceFilter, Filter, FilterSet, MultipleChoiceFilter

from profiles.models import OUTCOMES, Environment, Job, Profile, Status, Workspace
from profiles.models.profile import ProfileQuerySet
from profiles.queries.columns import columns_of

from .by_job import job_condition, job_in_words, job_named, job_problems
from .conditions import Setting
from .countries import countries
from .fields import DayField, WordsField
from .form import PanelForm
from .parts import Part, rule_parts
from .rules import PARAMETER, RuleSet, read_rules
from .tags import as_registered
from .values import day_span

MATCHES: Final = (("any", "any of these tags"), ("all", "all of these tags"), ("none", "none of these tags"))
RANGES: Final = {"created": "created_at", "updated": "updated_at", "seen": "last_seen_at"}
LONGEST_SEARCH: Final = 1024
_OUTCOMES: Final = [(deed.value, deed.label) for deed in OUTCOMES]
# What a listing's URL holds besides its filter.
STATE: Final = frozenset({"sort", "size", "page", "count"})


class WordsFilter(Filter):  # type: ignore[misc]  # django-filter has no types.
    field_class = WordsField


class DayFilter(Filter):  # type: ignore[misc]
    field_class = DayField


# Django follows no redirect to an address of more than 16,384 characters, and proxies less.
LONGEST_QUERY: Final = 8_000


class ProfileFilter(FilterSet):  # type: ignore[misc]
    """The profiles of a workspace that a query string means.

    `q` searches; `status`, `environment`, `country` (repeated: any of them) and `tags` (repeated; any of
    them, or as `tags_match` says: all, none) compare; `created_from`, `created_to`, likewise `updated_` and
    `seen_`, are days, the last one included; `job` and `outcome` find whom a job created or updated. Rules on
    any property: see rules.py. All of it holds together.

    What is not understood (a value, a rule, a parameter that does not exist) finds nothing, and `problems`
    says why.
    `zone` is where days begin; `now` is when "the last 7 days" end.
    """

    q = CharFilter(method="_search", max_length=LONGEST_SEARCH, strip=True, label="Search")
    status = ChoiceFilter(choices=Status.choices, label="Status", empty_label="Any")
    environment = ChoiceFilter(choices=Environment.choices, label="Live or test", empty_label="Both")
    tags = WordsFilter(method="_tagged", label="Tags")
    tags_match = ChoiceFilter(
        method="_part_of_tags", choices=MATCHES, label="Who has", empty_label=None, required=False
    )
    country = MultipleChoiceFilter(
        method="_living_in", choices=countries, label="Country", widget=forms.CheckboxSelectMultiple
    )
    created_from = DayFilter(method="_from", label="Created from")
    created_to = DayFilter(method="_to", label="Created up to")
    updated_from = DayFilter(method="_from", label="Updated from")
    updated_to = DayFilter(method="_to", label="Updated up to")
    seen_from = DayFilter(method="_from", label="Last seen from")
    seen_to = DayFilter(method="_to", label="Last seen up to")
    job = CharFilter(method="_of_job", label="Job")
    outcome = ChoiceFilter(method="_part_of_job", choices=_OUTCOMES, label="Outcome")

    class Meta:
        model = Profile
        form = PanelForm
        fields: list[str] = []

    def __init__(
        self, data: QueryDict, *, workspace: Workspace, zone: tzinfo = UTC, now: datetime | None = None
    ) -> None:
        data = _filled(data)
        super().__init__(data, Profile.objects.filter(workspace=workspace))
        self.workspace = workspace
        self.setting = Setting(workspace, zone, now or timezone.now())
        self.columns = columns_of(workspace)
        self.rules: RuleSet = read_rules(data, self.columns, self.setting)

    def matching(self) -> ProfileQuerySet:
        """The profiles found, in no order; none where the filter has a problem."""
        if self.problems:
            return Profile.objects.none()
        found = cast(ProfileQuerySet, self.filter_queryset(self.queryset.all()))
        return found.filter(self.rules.condition(self.setting))

    @cached_property
    def problems(self) -> list[str]:
        """Why nothing is found, in sentences; empty where the filter is sound."""
        fields = [
            f"{self.form.fields[name].label}: {message}"
            for name, messages in self.form.errors.items()
            for message in messages
        ]
        return [
            *self._too_long(),
            *self._strangers(),
            *self._repeated(),
            *fields,
            *self._swapped(),
            *job_problems(self._named_job, *self._job_asked),
            *self.rules.problems,
        ]

    def _too_long(self) -> list[str]:
        if len(self.query) <= LONGEST_QUERY:
            return []
        return [f"This filter is longer than an address may be ({LONGEST_QUERY:,} characters): shorten it."]

    @cached_property
    def is_active(self) -> bool:
        return bool(self.parts or self.problems)

    @cached_property
    def parts(self) -> list[Part]:
        """The active filters, for chips and for "which one to loosen"."""
        simple = [Part(self._words(names), self._without(names)) for names in PARTS if self._is_given(names)]
        strangers = [Part(key, self._without([key])) for key in self._unknown_keys()]
        return [*simple, *rule_parts(self.rules, self._without), *strangers]

    @property
    def query(self) -> str:
        """The filter alone, as a query string: without blanks, order and page."""
        return self._without(STATE)

    @property
    def is_narrow(self) -> bool:
        """Whether it holds a condition that may be rare, with which the listing's order does not help."""
        return bool(self.rules.rules or self._given(*NARROW))

    def _search(self, found: ProfileQuerySet, name: str, value: str) -> ProfileQuerySet:
        return found.matching(value)

    def _tagged(self, found: ProfileQuerySet, name: str, value: list[str]) -> ProfileQuerySet:
        if not value:
            return found
        tags = as_registered(self.workspace, value)
        match = self.form.cleaned_data["tags_match"]
        if match == "all":
            return found.filter(tags__contains=tags)
        carries = Q(tags__overlap=tags)
        return found.exclude(carries) if match == "none" else found.filter(carries)

    def _part_of_tags(self, found: ProfileQuerySet, name: str, value: str) -> ProfileQuerySet:
        return found

    @cached_property
    def _named_job(self) -> Job | None:
        """The job that `job` names, if the workspace has it."""
        return job_named(self.workspace, self._job_asked[0])

    @cached_property
    def _job_condition(self) -> Q:
        return job_condition(self._named_job, self._job_asked[1])

    @property
    def _job_asked(self) -> tuple[str, str]:
        return self.data.get("job", ""), self.data.get("outcome", "")

    def _of_job(self, found: ProfileQuerySet, name: str, value: str) -> ProfileQuerySet:
        return found.filter(self._job_condition) if value else found

    def _part_of_job(self, found: ProfileQuerySet, name: str, value: str) -> ProfileQuerySet:
        return found

    def _living_in(self, found: ProfileQuerySet, name: str, value: list[str]) -> ProfileQuerySet:
        return found.filter(country__in=value)

    def _from(self, found: ProfileQuerySet, name: str, value: date) -> ProfileQuerySet:
        column = RANGES[name.removesuffix("_from")]
        return found.filter(**{f"{column}__gte": day_span(value, self.setting.zone).start})

    def _to(self, found: ProfileQuerySet, name: str, value: date) -> ProfileQuerySet:
        column = RANGES[name.removesuffix("_to")]
        return found.filter(**{f"{column}__lt": day_span(value, self.setting.zone).end})

    def _given(self, *names: str) -> list[str]:
        return [value for name in names for value in self.data.getlist(name)]

    def _is_given(self, names: tuple[str, ...]) -> bool:
        return bool(self._given("tags") if names[0] == "tags" else self._given(*names))

    def _unknown_keys(self) -> list[str]:
        return [
            key
            for key in self.data
            if key not in self.filters and key not in STATE and not PARAMETER.fullmatch(key)
        ]

    def _strangers(self) -> list[str]:
        """A misspelled filter must not be taken for none: that would find everybody."""
        return [f"There is no filter “{key[:60]}”." for key in self._unknown_keys()]

    def _repeated(self) -> list[str]:
        single = [name for name in self.filters if name not in ("tags", "country")]
        return [f"“{name}” is given more than once." for name in single if len(self.data.getlist(name)) > 1]

    def _swapped(self) -> list[str]:
        """Such a range finds nobody, and nobody means it."""
        self.form.is_valid()
        given = self.form.cleaned_data
        ranges = [(f"{name}_from", f"{name}_to") for name in RANGES]
        return [
            f"{self.form.fields[first].label} is after {self.form.fields[last].label}."
            for first, last in ranges
            if given.get(first) and given.get(last) and given[first] > given[last]
        ]

    def _without(self, names: Iterable[str]) -> str:
        left = self.data.copy()
        for name in [*names, "page", "count"]:
            left.pop(name, None)
        return str(left.urlencode())

    def _words(self, names: tuple[str, ...]) -> str:
        """One active filter in words: `Created 2026-01-01 to 2026-01-31`."""
        if names[0] == "job":
            return job_in_words(self._named_job, *self._job_asked)
        first = self.form.fields[names[0]]
        values = self._given(names[0])
        if names[0].endswith("_from"):
            return _range_in_words(str(first.label).removesuffix(" from"), values, self._given(names[1]))
        if isinstance(first, forms.ChoiceField):
            choices: Any = first.choices
            labels = {key: str(label) for key, label in choices if key in values}
            values = [labels.get(value, value) for value in values]
        match = self.data.get("tags_match") if names[0] == "tags" else "any"
        negation = "not " if match == "none" else ""
        return f"{first.label}: {negation}{(' and ' if match == 'all' else ' or ').join(values)}"


def _filled(data: QueryDict) -> QueryDict:
    """Without what was left blank."""
    filled = QueryDict(mutable=True)
    for name, values in data.lists():
        if given := [value for value in values if value.strip()]:
            filled.setlist(name, given)
    return filled


def _range_in_words(subject: str, first: list[str], last: list[str]) -> str:
    if first and last:
        return f"{subject} {first[0]} to {last[0]}"
    return f"{subject} from {first[0]}" if first else f"{subject} up to {last[0]}"


# Parameters that make one chip together.
PARTS: Final[tuple[tuple[str, ...], ...]] = (
    ("q",),
    ("status",),
    ("environment",),
    ("tags", "tags_match"),
    ("country",),
    ("created_from", "created_to"),
    ("updated_from", "updated_to"),
    ("seen_from", "seen_to"),
    ("job", "outcome"),
)
NARROW: Final = (
    "q",
    "status",
    "environment",
    "tags",
    "updated_from",
    "updated_to",
    "seen_from",
    "seen_to",
    "job",
)
