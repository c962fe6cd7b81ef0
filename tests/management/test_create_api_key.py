import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from profiles.models import ApiKey, AuditEntry, Workspace
from profiles.operations.keys import find_key

Captured = pytest.CaptureFixture[str]


def create(*options: str, workspace: str = "acme", name: str = "Shop", scopes: str = "read, write") -> None:
    call_command("create_api_key", "--workspace", workspace, "--name", name, "--scopes", scopes, *options)


def test_it_prints_one_line_of_json_with_the_secret(acme: Workspace, capsys: Captured) -> None:
    create()
    printed = capsys.readouterr()
    assert printed.out.count("\n") == 1
    assert printed.err == ""
    said = json.loads(printed.out)
    key = find_key(said["secret"])
    assert key
    assert said == {"workspace": "acme", "key_id": key.key_id, "secret": said["secret"]}
    assert (key.name, key.scopes, key.environment, key.expires_at) == (
        "Shop",
        ["read", "write"],
        "live",
        None,
    )
    assert AuditEntry.objects.get(verb="create_key").workspace == acme


def test_days_environment_and_limits_are_as_given(acme: Workspace) -> None:
    create("--expires", "30", "--environment", "test", "--requests-per-minute", "60", "--concurrent", "0")
    key = ApiKey.objects.get()
    assert key.expires_at
    assert timedelta(days=29, hours=23) < key.expires_at - timezone.now() <= timedelta(days=30)
    assert (key.environment, key.requests_per_minute, key.concurrent_requests) == ("test", 60, 0)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"workspace": "acmee"}, "There is no workspace acmee: “create_workspace acmee” makes it"),
        ({"scopes": "read,root"}, "“root” is no scope: give some of read, write, delete, ingest"),
        ({"scopes": " , "}, "needs some of the scopes"),
        ({"name": "  "}, "needs a name"),
        ({"name": "two\nlines\0"}, "needs a name"),
    ],
)
def test_what_is_wrong_is_said_in_words(acme: Workspace, options: dict[str, str], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        create(**options)
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("days", ["0", "-1", "99999999999"])
def test_days_are_some_and_not_too_many(acme: Workspace, days: str) -> None:
    with pytest.raises(CommandError, match="number of days from 1"):
        create(f"--expires={days}")


@pytest.mark.parametrize("option", ["--requests-per-minute=-1", "--concurrent=1001", "--concurrent=-1"])
def test_limits_are_numbers_that_fit(acme: Workspace, option: str) -> None:
    with pytest.raises(CommandError, match="limit"):
        create(option)
