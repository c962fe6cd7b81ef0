"""What has to be there before `make run` can serve: tables, static files, demo data, an operator."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import django

from profiles_site.files import VAR, kept_secret

if TYPE_CHECKING:
    from profiles.models import Operator

ADMIN = "admin"
DEMO = "demo"


def prepare(*, say: Callable[[str], None]) -> str:
    """Do what is not done yet; returns how to sign in, as lines to print. A second time takes a moment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "profiles_site.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    say("Bringing the database up to date.")
    call_command("migrate", verbosity=0, interactive=False)
    _collect_static(say)
    _make_demo(say)
    signing_in = _signing_in()
    connections.close_all()
    return signing_in


def _collect_static(say: Callable[[str], None]) -> None:
    """Hash and compress the static files, unless they are those of the last time."""
    from django.conf import settings
    from django.core.management import call_command

    done = VAR / "static-collected"
    state = _static_state()
    if done.exists() and done.read_text() == state and Path(settings.STATIC_ROOT).exists():
        return
    say("Collecting the static files.")
    call_command("collectstatic", verbosity=0, interactive=False)
    done.write_text(state)


def _static_state() -> str:
    from django.contrib.staticfiles.finders import get_finders

    state = sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            facts = Path(storage.path(name)).stat()
            state.update(f"{name} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return state.hexdigest()


def _make_demo(say: Callable[[str], None]) -> None:
    """Only where there is nothing at all: a workspace that somebody deleted stays deleted elsewhere."""
    from django.core.management import call_command

    from profiles.models import Workspace

    if not Workspace.objects.exists():
        say("Making the workspace “demo” with 10,000 profiles.")
        call_command("make_demo", verbosity=0)


def _signing_in() -> str:
    """The operator `admin` is made where there is no operator yet; its password is kept beside the data."""
    from profiles.models import Operator, Role, Workspace
    from profiles.operations.operators import create_operator, give_role

    kept = VAR / "admin-password"
    if not Operator.objects.exists():
        admin = create_operator(ADMIN, password=kept_secret(kept, length=12), is_superuser=True)
        for workspace in Workspace.objects.filter(slug=DEMO):
            give_role(admin, workspace, Role.ADMIN)
    return _sign_in_lines(Operator.objects.filter(username=ADMIN).first(), kept)


def _sign_in_lines(admin: "Operator | None", kept: Path) -> str:
    if not admin:
        return "  Sign in as one of your operators."
    if kept.exists() and admin.check_password(kept.read_text()):
        return f"  operator  {ADMIN}\n  password  {kept.read_text()}"
    return (
        f"  operator  {ADMIN}\n  password  the one you chose; “manage.py changepassword {ADMIN}” sets another"
    )
