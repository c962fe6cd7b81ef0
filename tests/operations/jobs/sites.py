"""A workspace with people and jobs about them, and all that is stored about it, to compare with another."""

import csv
import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import reduce
from io import StringIO
from operator import add
from typing import Any, Final

from django.db.models import F, Sum
from django.utils import timezone

from profiles.imports import Mapping as Columns
from profiles.models import (
    COUNTERS,
    AuditEntry,
    DeletionReceipt,
    Door,
    ErasedId,
    FileRole,
    Identifier,
    Job,
    JobKind,
    JobRefusal,
    JobState,
    Operator,
    Profile,
    ProfileChange,
    SelectionMember,
    StoredFile,
    Tag,
    Workspace,
)
from profiles.models.job import JobQuerySet
from profiles.operations.erase import hash_of
from profiles.operations.imports import start_import
from profiles.operations.jobs import queue_job, queueing, resume_job
from profiles.operations.jobs.undoing import start_undo
from profiles.operations.properties import seed_definitions
from profiles.operations.selections import select
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles

BATCH: Final = 10
_NAMELESS: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-.*")
_MOMENT: Final = re.compile(r"\d+ \w+ \d{4}, \d\d:\d\d UTC")
_OF_JOB: Final = ("kind", "verb", "state", "wish", "subject", "problem", "total", *COUNTERS)


class Site:
    """`each` people per country, and jobs that wait.

    Two change the same people, one erases, one undoes an import, and one imports.
    """

    def __init__(self, slug: str, operator: Operator, *, each: int) -> None:
        self.workspace = Workspace.objects.create(slug=slug, name="Site")
        self.operator = operator
        self.each = each
        seed_definitions(self.workspace)
        self._write(self._people("DE") + self._people("FR"))
        self.erased = list(self._profiles().filter(country="FR").values_list("pk", flat=True))
        self.jobs = [
            self._queue(JobKind.CHANGE, "tag", "DE", tags=["vip", "Beta"]),
            self._queue(JobKind.CHANGE, "replace", "DE", path="email", find="@example.com", replacement="@x"),
            self._queue(JobKind.ERASE, "delete", "FR", reason="They asked.", deny=True, writers=2),
            self._undo(),
            self._import(),
        ]

    def done(self) -> int:
        """How many rows and profiles the jobs have dealt with."""
        return int(self._jobs().aggregate(n=Sum(reduce(add, map(F, COUNTERS))))["n"])

    def has_ended(self) -> bool:
        return not self._jobs().active().exists()

    def resume(self) -> None:
        """The click on jobs that were killed again and again before they could do anything."""
        for job in self._jobs().filter(state=JobState.INTERRUPTED):
            resume_job(job)

    def story(self) -> dict[str, Any]:
        """All that is stored, by what it means: without ids and times."""
        people = list(self._profiles().values())
        for row in people:
            row["distinct_id"] = _NAMELESS.sub("(nameless)", row["distinct_id"])
        names = {row["id"]: row["distinct_id"] for row in people}
        order = self._order()
        of_jobs = self._jobs().values(*_OF_JOB).order_by("pk")
        receipts = DeletionReceipt.objects.filter(workspace=self.workspace)
        return {
            "people": _sorted(
                _without(row, "id", "workspace_id", "created_at", "updated_at", "search_text")
                for row in people
            ),
            "identifiers": _sorted(
                (names.get(row["profile_id"]), row["kind"], row["value"])
                for row in Identifier.objects.filter(profile__workspace=self.workspace).values()
            ),
            "history": _sorted(
                _without(row, "id", "profile_id", "at", "job_id", "operator_id")
                | {"name": names.get(row["profile_id"]), "job": order.get(row["job_id"])}
                for row in ProfileChange.objects.filter(profile__workspace=self.workspace).values()
            ),
            "refusals": _sorted(map(self._refusal, JobRefusal.objects.filter(job__in=self.jobs))),
            "jobs": list(of_jobs),
            "reports": [_findings(job.report) for job in self._jobs().order_by("pk")],
            "properties": _sorted(self.workspace.property_definitions.values("key", "type")),
            "receipts": _sorted(receipts.values("count", "job__kind", "door", "actor", "is_denied")),
            "is_the_right_hash": receipts.filter(ids_hash=hash_of(self.erased)).exists(),
            "audit": _sorted(
                AuditEntry.objects.filter(workspace=self.workspace).values("verb", "subject", "actor")
            ),
            "tags": _sorted(Tag.objects.filter(workspace=self.workspace).values("name")),
            "denied": ErasedId.objects.filter(workspace=self.workspace).count(),
            "members": SelectionMember.objects.filter(selection__workspace=self.workspace).count(),
        }

    def _refusal(self, refusal: JobRefusal) -> tuple[Any, ...]:
        reasons = [_MOMENT.sub("", reason) for reason in refusal.reasons]
        row = _without(refusal.row, "profile") if isinstance(refusal.row, dict) else refusal.row
        return self._order()[refusal.job_id], refusal.line, refusal.subject, reasons, row

    def _order(self) -> dict[int, int]:
        return {job.pk: n for n, job in enumerate(self.jobs)}

    def _people(self, country: str) -> list[ProfileRow]:
        return [
            ProfileRow(
                f"{country}-{n}",
                values={
                    "country": country,
                    "email": f"{n}@example.{'com' if n % 3 else 'org'}",
                    "tags": ["old"] if n % 2 else [],
                    "custom.n": n,
                },
                identifiers=[NewIdentifier(f"{country}-{n}-before")] if n % 5 == 0 else [],
            )
            for n in range(self.each)
        ]

    def _queue(self, kind: JobKind, verb: str, country: str, **parameters: Any) -> Job:
        everybody = select(
            self.workspace, operator=self.operator, query=f"country={country}", is_everything=True
        )
        return queue_job(
            self.workspace,
            kind=kind,
            verb=verb,
            actor=self.operator,
            selection=everybody,
            parameters={"door": Door.CONSOLE, "batch": BATCH, **parameters},
        )

    def _undo(self) -> Job:
        """Of an import, which updated half of its people and created the others; some were changed since."""
        imported = queueing.make_job(
            self.workspace, kind=JobKind.IMPORT, actor=self.operator, subject="it.csv"
        )
        people = self._people("IT")
        self._write(people[: self.each // 2])
        for row in people:
            row.values = {**row.values, "city": "Roma", "tags": ["new"]}
            row.identifiers = [*row.identifiers, NewIdentifier(f"{row.distinct_id}-new")]
        self._write(people, job=imported)
        self._write([ProfileRow(f"IT-{n}", values={"city": "Rome"}) for n in range(0, self.each, 7)])
        done = {"created": self.each - self.each // 2, "updated": self.each // 2, "total": self.each}
        Job.objects.filter(pk=imported.pk).update(state=JobState.DONE, **done)
        undo = start_undo(imported, actor=self.operator)
        Job.objects.filter(pk=undo.pk).update(parameters=undo.parameters | {"batch": BATCH}, subject="it.csv")
        return undo

    def _import(self) -> Job:
        """Of known and new people, some of them twice, some nameless, some refused."""
        self._write(self._people("ES")[: self.each // 2])
        content = self._file().encode()
        file = StoredFile.objects.create(
            workspace=self.workspace,
            role=FileRole.UPLOAD,
            name="es.csv",
            size=len(content),
            expires_at=timezone.now() + timedelta(days=1),
        )
        file.path.parent.mkdir(parents=True, exist_ok=True)
        file.path.write_bytes(content)
        return start_import(
            self.workspace, file=file, mapping=Columns(), actor=self.operator, batch=2 * BATCH, writers=2
        )

    def _file(self) -> str:
        text = StringIO()
        table = csv.writer(text)
        table.writerow(["distinct_id", "email", "city", "tags", "custom.level"])
        for n in range(self.each):
            email = f"{n}@example.net" if n % 9 else "nobody"
            table.writerow(["" if n % 11 == 5 else f"ES-{n}", email, f"Vigo\n“{n}”", "mar;Beta", n])
            if n % 4 == 0:
                table.writerow([f"ES-{n // 2}", f"{n}@example.net", "Lugo", "", n + 1])
        return text.getvalue()

    def _write(self, rows: list[ProfileRow], *, job: Job | None = None) -> None:
        outcomes = write_profiles(
            self.workspace, rows, mode="upsert", source=Door.IMPORT, actor=self.operator, job=job
        )
        assert not any(outcome.reasons for outcome in outcomes)

    def _profiles(self) -> Any:
        return Profile.objects.filter(workspace=self.workspace)

    def _jobs(self) -> JobQuerySet:
        return Job.objects.filter(pk__in=[job.pk for job in self.jobs])


def _without(row: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in keys}


def _sorted(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=repr)


def _findings(report: Mapping[str, Any]) -> dict[str, Any]:
    """What an import found out; which examples it gives depends on who came first."""
    found = {
        key: report.get(key) for key in ("nameless", "repeated", "new_properties", "position", "ignored")
    }
    return found | {"errors": _sorted((kind["reason"], kind["count"]) for kind in report.get("errors", []))}
