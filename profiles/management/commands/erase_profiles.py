"""`manage.py erase_profiles`."""

import sys
from pathlib import Path
from typing import Any, Final, TextIO, cast

from django.core.management.base import CommandError, CommandParser
from django.http import QueryDict

from profiles.errors import Refused
from profiles.imports.id_lists import ids_in
from profiles.management.foreground import run_in_foreground
from profiles.management.long_help import LongHelpCommand
from profiles.management.places import workspace_called
from profiles.models import Door, Environment, Job, JobState, Selection, Workspace
from profiles.operations.bulk import facts_of
from profiles.operations.jobs import queue_job
from profiles.operations.jobs.queueing import make_job
from profiles.operations.selection_lists import select_list
from profiles.operations.selections import (
    copy_for_job,
    filter_of,
    in_words,
    profiles_in_words,
    select,
    selected,
)
from profiles.queries.selections import impact_of

_INCOMPLETE: Final = 1
_NOTHING_DONE: Final = 2
_INTERRUPTED: Final = 130
_SHOWN: Final = 10

_HELP: Final = """\
Erase profiles for good, with their identifiers and their history: those of a list of distinct IDs, or those
that a filter finds. Says first how many there are, and asks.

--ids reads one ID a line, or the first column of a .csv or .tsv file; unknown ones are told and passed over.
--filter takes the query string of the listing's address, such as "tags=spam&created_to=2024-12-31"; days are
days in UTC there. A filter with a mistake erases nobody, and the command says why.

It is a job, which the workspace's Jobs page shows. A receipt stays: when, why, how many, and a hash of their
ids, which names nobody. Stopped by Ctrl-C it has erased what it counted, and is resumed on that page.

Exit code: 0 when it is done, 1 when some were left alone or it came to no end, 2 when nobody was erased, 130
after Ctrl-C.
"""


class Command(LongHelpCommand):
    help = _HELP
    requires_migrations_checks = True

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("--workspace", metavar="SLUG", required=True)
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("--ids", metavar="FILE", help='a list of distinct IDs; "-" is the input')
        whom.add_argument("--filter", metavar="QUERYSTRING", help="as in the listing's address")
        add("--environment", choices=Environment.values, help="live (for --ids the default) or test")
        add("--reason", default="", help="why, for the receipt")
        add("--deny", action="store_true", help="refuse these distinct IDs from now on")
        add("--yes", action="store_true", help="do not ask")
        add("--detach", action="store_true", help="leave it to the workers, and print the job's page")

    def handle(self, *, yes: bool, detach: bool, **options: Any) -> None:
        try:
            selection = self._selection(options)
            number = self._count(selection)
            if not number:
                self.stdout.write("Nobody is found: nothing was erased.")
                return
            if not yes:
                _ask(number, is_input_taken=options["ids"] == "-")
            given = {"reason": options["reason"][:500], "deny": options["deny"]}
            facts = facts_of(selection, "delete", given, actor=None, agreed=number, door=Door.COMMAND)
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=_NOTHING_DONE) from refusal
        facts["selection"] = copy_for_job(selection)
        if detach:
            self.stdout.write(_page(queue_job(selection.workspace, **facts)))
            return
        job = make_job(selection.workspace, **facts)
        self._tell(run_in_foreground(job, stream=cast(TextIO, self.stderr._out), size=number))

    def _selection(self, options: dict[str, Any]) -> Selection:
        workspace = workspace_called(options["workspace"])
        if options["ids"]:
            return self._listed(workspace, options["ids"], options["environment"] or Environment.LIVE)
        query = _query(options["filter"] or "", options["environment"])
        selection = select(workspace, operator=None, query=query, is_everything=True)
        if problems := filter_of(selection).problems:
            raise Refused(" ".join(problems))
        return selection

    def _listed(self, workspace: Workspace, path: str, environment: str) -> Selection:
        is_table = path.lower().endswith((".csv", ".tsv"))
        try:
            with Path(path).open("rb") if path != "-" else sys.stdin.buffer as stream:
                ids = ids_in(stream, is_table=is_table)
                selection = select_list(workspace, ids, operator=None, environment=environment)
        except OSError as error:
            raise Refused(f"{path} cannot be read: {error.strerror or error}.") from error
        if unknown := selection.listed["unknown"]:
            some = ", ".join(selection.listed["first_unknown"][:_SHOWN])
            more = ", ..." if unknown > _SHOWN else ""
            self.stderr.write(f"Unknown ({unknown:,}): {some}{more}")
        return selection

    def _count(self, selection: Selection) -> int:
        """Say who would be erased; exactly, however long the counting takes."""
        people = selected(selection)
        number = people.count()
        changes = impact_of(people, with_belongings=True).changes
        self.stdout.write(f"{in_words(selection)}: {profiles_in_words(number)}, with {_in_words(changes)}.")
        return number

    def _tell(self, job: Job) -> None:
        for refusal in job.refusals.order_by("id")[:_SHOWN]:
            self.stderr.write(f"{refusal.subject or 'A profile'}: {' '.join(refusal.reasons)}")
        self.stdout.write(_summary(job))
        if job.state != JobState.DONE:
            failed_at_once = job.state == JobState.FAILED and not job.erased
            code = _NOTHING_DONE if failed_at_once else _INCOMPLETE
            sys.exit(_INTERRUPTED if job.state == JobState.PAUSED else code)


def _in_words(changes: int | None) -> str:
    """None are more than were counted."""
    if changes is None:
        return "their whole history"
    return f"{changes:,} change{'' if changes == 1 else 's'} of their history"


def _query(given: str, environment: str | None) -> str:
    """An empty filter is taken for a mistake: it would find everybody."""
    query = QueryDict(given.removeprefix("?"), mutable=True)
    if environment:
        query["environment"] = environment
    if not any(value.strip() for _, values in query.lists() for value in values):
        raise Refused("An empty filter would find everybody: name what they have in common.")
    return query.urlencode()


def _ask(number: int, *, is_input_taken: bool) -> None:
    if is_input_taken or not sys.stdin.isatty():
        raise Refused("Nobody is there to be asked: --yes erases them.")
    if input(f"Type {number} to erase them for good: ").strip() != str(number):
        raise Refused("Nothing was erased.")


def _summary(job: Job) -> str:
    receipt = getattr(job, "receipt", None)
    lines = [f"{profiles_in_words(job.erased)} erased, {job.refused:,} left alone."]
    if job.state not in (JobState.DONE, JobState.PARTIAL):
        lines.append(f"{job.get_state_display()}. {job.problem} Its page: {_page(job)}".replace("  ", " "))
    if receipt:
        lines.append(f"Receipt: {receipt.pk}")
    return "\n".join(lines)


def _page(job: Job) -> str:
    return f"/w/{job.workspace.slug}/jobs/{job.pk}/"
