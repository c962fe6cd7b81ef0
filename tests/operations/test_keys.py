"""Keys: made once, hashed, rotated with an overlap, revoked at once, and counted over all processes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from profiles.errors import Refused
from profiles.models import ApiKey, AuditEntry, Operator, RateWindow, StoredAnswer, Workspace
from profiles.operations.files import delete_what_has_expired
from profiles.operations.keys import (
    create_key,
    edit_key,
    end_overlap,
    find_key,
    grant_requests,
    note_use,
    revoke_key,
    rotate_key,
)


@pytest.fixture
def made(acme: Workspace, admin: Operator) -> tuple[ApiKey, str]:
    return create_key(acme, name=" Shop  backend ", scopes=["write", "read"], actor=admin)


def test_the_secret_is_shown_once_and_kept_only_as_a_hash(made: tuple[ApiKey, str]) -> None:
    key, secret = made
    stored = ApiKey.objects.values().get(pk=key.pk)
    assert secret not in str(stored)
    assert secret.startswith(f"prf_{key.key_id}_")
    assert stored["hint"] == secret[-4:]
    assert (stored["name"], stored["scopes"]) == ("Shop backend", ["read", "write"])
    assert AuditEntry.objects.get(verb="create_key").subject == f"Shop backend ({key.key_id})"


def test_it_is_found_by_its_secret_and_by_nothing_near_it(made: tuple[ApiKey, str]) -> None:
    key, secret = made
    assert find_key(secret) == key
    for wrong in (
        "",
        "prf_",
        key.key_id,
        secret[:-1],
        secret + "0",
        secret.upper(),
        "\0",
        "prf_ü_x",
        f"prf_{key.key_id[:11]}\0_{secret[-40:]}",
        f"{secret}\n",
        "x" * 10_000_000,
        "\ud800",
    ):
        assert find_key(wrong) is None


def test_a_rotation_leaves_the_old_secret_good_for_the_overlap(made: tuple[ApiKey, str]) -> None:
    key, old = made
    new = rotate_key(key, actor=None, overlap=timedelta(days=1))
    assert find_key(old) == find_key(new) == key
    ApiKey.objects.filter(pk=key.pk).update(old_until=timezone.now())
    assert find_key(old) is None
    assert find_key(new) == key


def test_a_rotation_without_overlap_and_an_ended_one_close_the_old_door_at_once(
    made: tuple[ApiKey, str],
) -> None:
    key, first = made
    second = rotate_key(key, actor=None, overlap=timedelta(0))
    assert find_key(first) is None
    rotate_key(key, actor=None, overlap=timedelta(days=30))
    end_overlap(key, actor=None)
    assert find_key(second) is None


def test_what_cannot_be_is_refused(acme: Workspace, made: tuple[ApiKey, str]) -> None:
    key, _ = made
    with pytest.raises(Refused, match="name"):
        create_key(acme, name=" ", scopes=["read"], actor=None)
    with pytest.raises(Refused, match="scopes"):
        create_key(acme, name="x", scopes=[], actor=None)
    with pytest.raises(Refused, match="scopes"):
        create_key(acme, name="x", scopes=["read", "root"], actor=None)
    with pytest.raises(Refused, match="limit"):
        edit_key(key, actor=None, requests_per_minute=-1)
    with pytest.raises(Refused, match="0 to 30 days"):
        rotate_key(key, actor=None, overlap=timedelta(days=31))


def test_a_revoked_key_stays_revoked(made: tuple[ApiKey, str], admin: Operator) -> None:
    key, secret = made
    revoke_key(key, actor=admin)
    found = find_key(secret)
    assert found
    assert found.is_revoked
    assert not found.is_usable()
    with pytest.raises(Refused, match="revoked"):
        rotate_key(key, actor=admin, overlap=timedelta(0))
    with pytest.raises(Refused, match="revoked"):
        edit_key(key, actor=admin, name="Again")


def test_changes_are_in_the_audit(made: tuple[ApiKey, str], admin: Operator) -> None:
    key, _ = made
    edit_key(key, actor=admin, name="Shop", requests_per_minute=10)
    edit_key(key, actor=admin, name="Shop")
    entries = AuditEntry.objects.filter(verb="edit_key")
    assert [entry.details for entry in entries] == [{"changed": ["name", "requests_per_minute"]}]


def test_together_all_callers_are_granted_the_limit_and_no_more(made: tuple[ApiKey, str]) -> None:
    key, _ = made
    grants = [grant_requests(key, door="api", minute=1, wanted=4, limit=10)[0] for _ in range(4)]
    assert grants == [4, 4, 2, 0]
    assert grant_requests(key, door="api", minute=2, wanted=4, limit=3) == (3, 3)
    assert grant_requests(key, door="fyno", minute=1, wanted=4, limit=10) == (4, 4)
    assert grant_requests(key, door="api", minute=1, wanted=4, limit=5) == (0, 10)


def test_a_use_is_noted_once_a_minute(made: tuple[ApiKey, str]) -> None:
    key, _ = made
    note_use(key, door="api")
    first = ApiKey.objects.get(pk=key.pk).last_used_at
    note_use(key, door="api")
    assert ApiKey.objects.get(pk=key.pk).last_used_at == first
    note_use(key, door="fyno")
    assert ApiKey.objects.get(pk=key.pk).last_door == "api"
    assert key.last_used_at
    key.last_used_at -= timedelta(seconds=5)
    note_use(key, door="fyno")
    assert ApiKey.objects.get(pk=key.pk).last_door == "fyno"


def test_the_hourly_sweep_forgets_counts_and_answers_that_are_over(made: tuple[ApiKey, str]) -> None:
    key, _ = made
    this_minute = int(timezone.now().timestamp()) // 60
    for minute in (this_minute - 60, this_minute):
        grant_requests(key, door="api", minute=minute, wanted=1, limit=10)
    for text in ("old", "new"):
        StoredAnswer.objects.create(key=key, idempotency_key=text, request_hash="x")
    day_before = timezone.now() - timedelta(hours=25)
    StoredAnswer.objects.filter(idempotency_key="old").update(created_at=day_before)
    delete_what_has_expired()
    assert [window.minute for window in RateWindow.objects.all()] == [this_minute]
    assert [answer.idempotency_key for answer in StoredAnswer.objects.all()] == ["new"]
