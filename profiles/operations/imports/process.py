"""A writer of an import in a process of its own.

Python computes in one thread of a process at a time: the file is read and validated in one process while
others decide and write. Two pipes lead to each of them; one that is killed leaves the other at their end.
"""

import os
import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from struct import Struct
from typing import IO, Any, Final

import orjson
from django.db import connection, connections

import profiles
from profiles.imports import Position
from profiles.models import Job

from ..jobs.running import Interrupted, Run
from .batches import collecting_seldom
from .meaning import MeantRow
from .notes import Notes
from .plan import Plan
from .sending import received, sent
from .settings import DISTINCT_ID, ImportSettings
from .shortcut import Shortcut
from .writers import Writer
from .writing import plan_of, writing

_CODE: Final = "import django; django.setup(); from profiles.operations.imports.process import main; main()"
_SECONDS_TO_END: Final = 10
# The process that reads goes first where there are fewer processors than processes: all others wait for it.
_NICENESS: Final = 5
# What comes before each message: how many bytes it has, and whether it is a pickle rather than JSON.
_FRAME: Final = Struct("!Q?")
# What the other process answers where it needs the rows as they were read.
_ORIGINALS: Final = "originals"


class WriterProcess:
    """What `Writer` is, elsewhere."""

    def __init__(self, number: int, run: Run, plan: Plan | None) -> None:
        self.number = number
        self._run = run
        self._plan = plan
        cursor = run.job.cursor
        self.at = Position(*cursor[str(number)]) if str(number) in cursor else None
        self._has_failed = False
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CODE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(profiles.__file__).parent.parent,
            process_group=0,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._to, self._answers = self._process.stdin, self._process.stdout
        database = connection.settings_dict["NAME"]
        self._send({"number": number, "job": run.job.pk, "run": run.job.run, "database": database})

    @property
    def notes(self) -> Notes:
        return Notes(self._run.job.cursor.get(f"{self.number}.notes"))

    def take(self, rows: Sequence[MeantRow], end: Position) -> None:
        """See `Writer.take`."""
        if self._has_failed:
            return
        try:
            self._send(
                {"rows": [sent(row) for row in rows], "end": list(end), "spelling": self._spelling(rows)}
            )
            answer = _receive(self._answers)
            if answer == _ORIGINALS:
                self._send([row.raw.original for row in rows])
                answer = _receive(self._answers)
            if isinstance(answer, BaseException):
                raise answer
        except (EOFError, BrokenPipeError) as error:
            self._has_failed = True
            raise Interrupted("A process that writes for this job was killed.") from error
        except BaseException:
            self._has_failed = True
            raise
        self._run.note(answer["counts"], answer["cursor"])

    def close(self) -> None:
        """Let it end; what it was given is done by then."""
        with suppress(BrokenPipeError):
            self._to.close()
        try:
            self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._answers.close()

    def _send(self, message: Any) -> None:
        _send(self._to, message)

    def _spelling(self, rows: Sequence[MeantRow]) -> dict[str, str]:
        """How the plan spells the tags of the rows; without a plan, the process asks the registry."""
        if not self._plan:
            return {}
        names = {tag.lower() for row in rows if row.profile for tag in row.profile.values.get("tags") or ()}
        return {name: self._plan.spelling[name] for name in names}


def main() -> None:
    """The other process: takes rows until there are none any more."""
    os.nice(_NICENESS)
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr
    with suppress(EOFError, BrokenPipeError), collecting_seldom():
        _serve(asked, answers, _receive(asked))
    connections.close_all()
    os._exit(0)  # At once: whoever gave the rows waits, and there is nothing left to tidy up.


def _serve(asked: IO[bytes], answers: IO[bytes], told: Mapping[str, Any]) -> None:
    connection.settings_dict["NAME"] = told["database"]
    job = Job.objects.select_related("workspace", "operator").get(pk=told["job"])
    job.run = told["run"]
    settings = ImportSettings.of(job)
    counts = Counter[str]()
    plan = plan_of(job, settings)
    writer = Writer(
        told["number"],
        Run(job, committed=counts.update),
        writing(job, settings, plan),
        counts_nameless=settings.mapping.match == DISTINCT_ID,
    )
    shortcut = Shortcut(job, settings)
    while True:
        message = _receive(asked)
        rows, end = message["rows"], Position(*message["end"])
        writer.original_of = _Originals(asked, answers, [line for line, *_ in rows]).of
        if plan:
            plan.spelling |= message["spelling"]
        try:
            left, unchanged = shortcut.taken(rows)
            writer.take([received(row) for row in left], end, unchanged)
        except Exception as error:
            _send_failure(answers, error)
        else:
            shortcut.learn(counts, len(rows))
            own = (str(writer.number), f"{writer.number}.notes")
            cursor = {key: job.cursor[key] for key in own if key in job.cursor}
            _send(answers, {"counts": counts, "cursor": cursor})
        counts.clear()


class _Originals:
    """The rows as they were read, for those that are refused: few, so most batches never ask for theirs."""

    def __init__(self, asked: IO[bytes], answers: IO[bytes], lines: Sequence[int]) -> None:
        self._asked = asked
        self._answers = answers
        self._lines = lines
        self._by_line: dict[int, Any] = {}

    def of(self, row: MeantRow) -> Any:
        if not self._by_line:
            _send(self._answers, _ORIGINALS)
            self._by_line = dict(zip(self._lines, _receive(self._asked), strict=True))
        return self._by_line[row.raw.line]


def _send(pipe: IO[bytes], message: Any) -> None:
    """As JSON, which is the quicker way; rows with bytes that are no text are pickled."""
    try:
        body, is_pickle = orjson.dumps(message), False
    except TypeError:
        body, is_pickle = pickle.dumps(message), True
    pipe.write(_FRAME.pack(len(body), is_pickle))
    pipe.write(body)
    pipe.flush()


def _send_failure(pipe: IO[bytes], error: Exception) -> None:
    """The error with its cause, whose code says what PostgreSQL meant."""
    body = pickle.dumps((error, error.__cause__))
    pipe.write(_FRAME.pack(len(body), True))
    pipe.write(body)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:
    """Raises EOFError where the other side is gone."""
    size, is_pickle = _FRAME.unpack(_exactly(pipe, _FRAME.size))
    body = _exactly(pipe, size)
    if not is_pickle:
        return orjson.loads(body)
    found = pickle.loads(body)
    if isinstance(found, tuple):
        error, cause = found
        error.__cause__ = cause
        return error
    return found


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    found = pipe.read(size)
    if len(found) < size:
        raise EOFError("The other process has ended.")
    return found
