"""`manage.py create_api_key`."""

import json
from datetime import timedelta
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from profiles.errors import Refused
from profiles.management.places import workspace_called
from profiles.models import Environment, Scope
from profiles.operations.keys import create_key

_LONGEST_DAYS: Final = 36_500
_MOST_AT_ONCE: Final = 1_000


class Command(BaseCommand):
    help = (
        "Create a key for an application, and print it as one line of JSON: workspace, key_id and secret. "
        "The secret cannot be shown again: only its hash is kept. What a key may do are its scopes: read, "
        "write, delete and ingest, with commas between them; none of them includes another."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("--workspace", metavar="SLUG", required=True, help="whose profiles it is for")
        add("--name", metavar="NAME", required=True, help="which application has it, as people read it")
        add("--scopes", metavar="SCOPES", required=True, help="some of read,write,delete,ingest")
        add("--expires", metavar="DAYS", type=int, help="how long it is good (default: without an end)")
        add(
            "--environment",
            choices=Environment.values,
            default=Environment.LIVE.value,
            help="test: it never comes near live profiles; live: unless a request names test (default: live)",
        )
        add(
            "--requests-per-minute",
            metavar="N",
            type=int,
            help="by each API; 0 is without a limit (default: as the API documents)",
        )
        add(
            "--concurrent",
            metavar="N",
            type=int,
            help="requests at once by each path, up to 1,000; 0 is without a limit",
        )

    def handle(self, *, workspace: str, name: str, scopes: str, expires: int | None, **options: Any) -> None:
        place = workspace_called(workspace)
        if expires is not None and not 0 < expires <= _LONGEST_DAYS:
            raise CommandError(f"--expires is a number of days from 1 to {_LONGEST_DAYS:,}.")
        if not 0 <= (options["concurrent"] or 0) <= _MOST_AT_ONCE:
            raise CommandError(f"--concurrent is a limit from 0 (none) to {_MOST_AT_ONCE:,}.")
        try:
            key, secret = create_key(
                place,
                name=name,
                scopes=_scopes_in(scopes),
                actor=None,
                environment=options["environment"],
                expires_at=timezone.now() + timedelta(days=expires) if expires else None,
                requests_per_minute=options["requests_per_minute"],
                concurrent_requests=options["concurrent"],
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        made = {"workspace": place.slug, "key_id": key.key_id, "secret": secret}
        self.stdout.write(json.dumps(made))


def _scopes_in(given: str) -> list[str]:
    scopes = [scope.strip().lower() for scope in given.split(",") if scope.strip()]
    for scope in scopes:
        if scope not in Scope.values:
            known = ", ".join(Scope.values)
            raise CommandError(f"“{scope}” is no scope: give some of {known}, with commas between them.")
    return scopes
