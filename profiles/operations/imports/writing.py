"""How the rows of an import are written: for good or in a plan, by the distinct ID or by another name."""

from collections.abc import Callable, Sequence

from profiles.models import Door, Job, JobKind

from ..rows import Outcome, ProfileRow
from ..write import write_profiles
from .matching import COLUMNS, Matching, finder
from .plan import Plan, table_of_plan
from .settings import DISTINCT_ID, ImportSettings

Write = Callable[[Sequence[ProfileRow]], list[Outcome]]


def plan_of(job: Job, settings: ImportSettings) -> Plan | None:
    """The plan of a preview; an import has none."""
    if job.kind != JobKind.PREVIEW:
        return None
    match = settings.mapping.match
    return Plan(table_of_plan(job.pk), match if match in COLUMNS else "")


def writing(job: Job, settings: ImportSettings, plan: Plan | None) -> Write:
    """What writes rows, in a transaction of its caller."""
    mapping = settings.mapping

    def write_known(rows: Sequence[ProfileRow]) -> list[Outcome]:
        return (plan.write if plan else write_profiles)(
            job.workspace, rows, mode=mapping.mode, source=Door.IMPORT, actor=job.operator, job=job
        )

    if mapping.match == DISTINCT_ID:
        return write_known
    find = finder(job.workspace, mapping.match)
    matching = Matching(job.workspace, mapping.match, mapping.mode, plan.find(find) if plan else find)
    return lambda rows: matching.write(rows, write_known)
