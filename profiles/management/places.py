"""Which workspace a command is about."""

from django.core.management import CommandError

from profiles.models import Workspace


def workspace_called(slug: str) -> Workspace:
    """Raises CommandError where there is none, also for what a terminal sent and is no text."""
    workspace = Workspace.objects.filter(slug=slug).first() if slug.isascii() and "\0" not in slug else None
    if workspace is None:
        shown = slug.encode(errors="backslashreplace").decode()
        sentence = f"There is no workspace {shown}: “create_workspace {shown}” makes it."
        raise CommandError(sentence, returncode=2)
    return workspace
