"""`manage.py create_operator`."""

import secrets
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from profiles.errors import Refused
from profiles.management.places import workspace_called
from profiles.models import Member, Operator, Role, Workspace
from profiles.operations.operators import create_operator, give_role


class Command(BaseCommand):
    help = (
        "Create an operator, somebody who may sign in, and give them a role in a workspace: a viewer may "
        "look, an editor may also change and delete profiles, an admin may also change the workspace. "
        "Without --password-stdin a random password is made and printed, once. "
        "For an operator who exists, the membership is added or the role changed, and the password stays: "
        "“changepassword NAME” sets another."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="the name to sign in with")
        parser.add_argument("--workspace", metavar="SLUG", required=True, help="where to let them in")
        parser.add_argument("--role", choices=Role.values, required=True, help="what they may do there")
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="read the password from the first line of the input",
        )

    @transaction.atomic
    def handle(self, *, name: str, workspace: str, role: str, password_stdin: bool, **options: Any) -> None:
        place = workspace_called(workspace)
        operator = Operator.objects.filter(username=name).first()
        if operator:
            self._change(operator, place, Role(role))
            if password_stdin:
                self.stderr.write(f"The password was not changed: “changepassword {name}” does that.")
        else:
            self._create(name, place, Role(role), given=_password_of_input() if password_stdin else "")

    def _create(self, name: str, workspace: Workspace, role: Role, *, given: str) -> None:
        password = given or secrets.token_urlsafe(12)
        try:
            operator = create_operator(name, password=password)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        give_role(operator, workspace, role)
        self.stdout.write(f"Created the operator {name}, {role} of {workspace.slug}.")
        if not given:
            self.stdout.write(f"Password: {password}")

    def _change(self, operator: Operator, workspace: Workspace, role: Role) -> None:
        before = Member.objects.filter(operator=operator, workspace=workspace).first()
        give_role(operator, workspace, role)
        self.stdout.write(f"The operator {operator} exists. {_what_changed(before, workspace, role)}")


def _password_of_input() -> str:
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise CommandError("The input has no password in its first line.")
    return password


def _what_changed(before: Member | None, workspace: Workspace, role: Role) -> str:
    if not before:
        return f"Now {role} of {workspace.slug}."
    if before.role == role:
        return f"Was {role} of {workspace.slug} before: nothing was changed."
    return f"Was {before.role} of {workspace.slug}, is {role} now."
