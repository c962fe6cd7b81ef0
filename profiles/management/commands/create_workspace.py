"""`manage.py create_workspace`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from profiles.errors import Refused
from profiles.models import Workspace
from profiles.operations.workspaces import create_workspace


class Command(BaseCommand):
    help = (
        "Create a workspace: a tenant with its own profiles, properties, tags and members. "
        "Its address is /w/SLUG/. Creating one that exists changes nothing and says so. "
        "Nobody can open it until “create_operator” makes somebody a member."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="small letters, digits and hyphens, like “acme”")
        parser.add_argument("--name", default="", help="what people read, like “Acme Ltd” (default: SLUG)")

    def handle(self, *, slug: str, name: str, **options: Any) -> None:
        if existing := Workspace.objects.filter(slug=slug).first():
            self.stdout.write(f"The workspace {slug} (“{existing.name}”) exists: nothing was changed.")
            return
        try:
            workspace = create_workspace(slug, name)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Created the workspace {slug} (“{workspace.name}”).")
