"""How much a key may ask, and what it is told."""

import json
import time

import pytest
from django.db import connection

from profiles.api.common.errors import ApiError
from profiles.api.common.limits import count_request, slot
from profiles.models import ApiKey, RateWindow
from tests.api.conftest import MakeKey

from .conftest import Ask
from .trial import SLOTS


def slots_held() -> int:
    with connection.cursor() as cursor:
        cursor.execute(SLOTS)
        return int(cursor.fetchone()[0])


def test_the_minute_is_told_in_answers_and_in_errors(ask: Ask, make_key: MakeKey) -> None:
    _, secret = make_key(requests_per_minute=1_000, concurrent_requests=0)
    for method, path in (("GET", "/echo"), ("POST", "/do/missing")):
        told = ask(method, path, Authorization=f"Bearer {secret}").headers
        assert told["X-Rate-Limit"] == told["ratelimit-limit"] == "1000"
        assert told["X-Rate-Limit-Remaining"] == told["ratelimit-remaining"]
        assert 990 <= int(told["ratelimit-remaining"]) < 1_000
        assert 1 <= int(told["ratelimit-reset"]) <= 60
    unlimited = ask("GET", "/echo").headers
    assert "X-Rate-Limit" not in unlimited


def test_beyond_the_limit_it_is_said_when_to_come_back(ask: Ask, make_key: MakeKey) -> None:
    _, secret = make_key(requests_per_minute=3, concurrent_requests=0)
    answers = [ask("GET", "/echo", Authorization=f"Bearer {secret}") for _ in range(8)]
    # Two minutes at most are begun meanwhile.
    assert [answer.status_code for answer in answers][:3] == [200] * 3
    assert 3 <= [answer.status_code for answer in answers].count(200) <= 6
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert json.loads(refused.content)["reason"] == "too_many_requests"
    assert refused.headers["X-Rate-Limit-Remaining"] == "0"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60


def test_a_key_of_its_own_has_a_limit_of_its_own(ask: Ask, make_key: MakeKey) -> None:
    (_, one), (_, other) = make_key(requests_per_minute=1), make_key(requests_per_minute=1)
    for secret in (one, other):
        assert ask("GET", "/echo", Authorization=f"Bearer {secret}").status_code == 200


def test_a_share_is_asked_for_once_and_counted_here(make_key: MakeKey) -> None:
    key, _ = make_key(requests_per_minute=500)
    for _ in range(5):
        count_request(key, door="api", limit=0)
    assert sum(window.granted for window in RateWindow.objects.filter(key=key)) in (5, 10)


def test_the_limit_of_the_protocol_counts_where_the_key_has_none(make_key: MakeKey) -> None:
    key, _ = make_key(requests_per_minute=None)
    statuses = [_status_of(key) for _ in range(8)]
    assert set(statuses) == {200, 429}
    assert count_request(key, door="fyno", limit=0) is None


def test_a_minute_that_is_over_gives_nothing_to_the_next(
    make_key: MakeKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, _ = make_key(requests_per_minute=200)
    now = time.time() // 60 * 60 + 60
    monkeypatch.setattr(time, "time", lambda: now)
    first = count_request(key, door="api", limit=0)
    monkeypatch.setattr(time, "time", lambda: now + 60)
    second = count_request(key, door="api", limit=0)
    assert first == second
    assert sorted(window.granted for window in RateWindow.objects.filter(key=key)) == [2, 2]


def _status_of(key: ApiKey) -> int:
    try:
        count_request(key, door="api", limit=2)
    except ApiError as error:
        return error.status
    return 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["refuse", "break", "down", "missing", "x"])
def test_a_place_among_those_at_work_is_free_again_however_the_view_ends(
    ask: Ask, make_key: MakeKey, how: str
) -> None:
    _, secret = make_key(concurrent_requests=1)
    ask("POST", f"/do/{how}", Authorization=f"Bearer {secret}")
    assert slots_held() == 0


@pytest.mark.django_db(transaction=True)
def test_a_place_is_held_while_the_view_works_and_lost_with_its_connection(
    ask: Ask, make_key: MakeKey
) -> None:
    _, secret = make_key(concurrent_requests=1)
    assert json.loads(ask("POST", "/do/x", Authorization=f"Bearer {secret}").content) == {"slots": 1}
    assert ask("POST", "/do/kill", Authorization=f"Bearer {secret}").status_code == 503
    assert slots_held() == 0


def test_without_a_limit_nothing_is_held(made: tuple[ApiKey, str]) -> None:
    with slot(made[0], group="a", limit=2):
        assert slots_held() == 0
