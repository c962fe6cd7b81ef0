"""`manage.py make_demo`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from profiles.errors import Refused
from profiles.operations.demo import make_demo


class Command(BaseCommand):
    help = (
        "Create a workspace full of made-up profiles, to try things out: names in many scripts, properties, "
        "tags, dates over the last two years, and some odd cases. The same options on the same day give the "
        "same profiles. A workspace that exists is left as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", nargs="?", default="demo", help="default: demo")
        parser.add_argument("--count", type=int, default=10_000, help="how many profiles (default: 10000)")
        parser.add_argument(
            "--seed", type=int, default=1, help="another number gives other people (default: 1)"
        )

    def handle(self, *, slug: str, count: int, seed: int, verbosity: int, **options: Any) -> None:
        try:
            make_demo(slug, slug.title(), count=count, seed=seed, until=timezone.now().date())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if verbosity:
            self.stdout.write(f"Created the workspace {slug} with {count:,} made-up profiles.")
