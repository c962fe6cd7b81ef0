"""The filter of jobs: what the query string of their list means."""

from typing import Final, cast

from django.http import QueryDict
from django_filters import ChoiceFilter, FilterSet

from profiles.models import Job, JobKind, JobState, Operator, Workspace
from profiles.models.job import JobQuerySet

NOT_ENDED: Final = "active"
MINE, EVERYBODYS = "", "all"


class JobFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types.
    """`whose` is empty for the operator's own or `all`; `state` may be `active`: what has not ended.

    An invalid value finds nothing. Previews are a step of their import, so they are found only by their kind.
    """

    state = ChoiceFilter(
        method="_in_state",
        choices=[(NOT_ENDED, "Not ended"), *JobState.choices],
        label="State",
        empty_label="Any state",
    )
    kind = ChoiceFilter(choices=JobKind.choices, label="Kind", empty_label="Any but previews")
    whose = ChoiceFilter(method="_of", choices=[(EVERYBODYS, "Everybody's")], label="Whose")

    class Meta:
        model = Job
        fields: list[str] = []

    def __init__(self, data: QueryDict, *, workspace: Workspace, operator: Operator) -> None:
        super().__init__(data, Job.objects.filter(workspace=workspace))
        self.operator = operator

    def matching(self) -> JobQuerySet:
        return self._found() if self.data.get("kind") else self._found().exclude(kind=JobKind.PREVIEW)

    def left_out(self) -> JobQuerySet:
        """The previews that would be found, had their kind been asked for."""
        return Job.objects.none() if self.data.get("kind") else self._found().filter(kind=JobKind.PREVIEW)

    @property
    def is_everybodys(self) -> bool:
        return bool(self.data.get("whose") == EVERYBODYS)

    @property
    def is_active(self) -> bool:
        """Whether it leaves anything out, besides other people's."""
        return bool(self.data.get("state") or self.data.get("kind"))

    @property
    def problems(self) -> list[str]:
        """Why nothing is found, in sentences."""
        return [
            f"{self.form.fields[name].label}: {text}"
            for name, texts in self.form.errors.items()
            for text in texts
        ]

    def _found(self) -> JobQuerySet:
        if not self.is_valid():
            return Job.objects.none()
        found = cast(JobQuerySet, self.filter_queryset(self.queryset.all()))
        return found if self.is_everybodys else found.filter(operator=self.operator)

    def _in_state(self, found: JobQuerySet, name: str, value: str) -> JobQuerySet:
        return found.active() if value == NOT_ENDED else found.filter(state=value)

    def _of(self, found: JobQuerySet, name: str, value: str) -> JobQuerySet:
        return found
