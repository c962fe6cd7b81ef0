"""Requests that come twice, and two that come at once."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from profiles.models import Profile, ProfileChange, StoredAnswer, Workspace

from ..conftest import MakeKey
from .conftest import App, make_app, problem


def test_a_request_that_comes_twice_is_done_once(app: App) -> None:
    first = app.post("/profiles", {"email": "x@example.com"}, Idempotency_Key="one")
    again = app.post("/profiles", {"email": "x@example.com"}, Idempotency_Key="one")
    assert (again.status_code, again.content) == (201, first.content)
    assert (again["Location"], again["ETag"]) == (first["Location"], first["ETag"])
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert Profile.objects.count() == 1


def test_the_key_belongs_to_one_request(app: App, alice: Profile) -> None:
    app.patch(f"/profiles/{alice.pk}", {"city": "Oxford"}, Idempotency_Key="one")
    for path, body in ((f"/profiles/{alice.pk}", {"city": "Bath"}), ("/profiles/other", {"city": "Oxford"})):
        assert "another request" in problem(app.patch(path, body, Idempotency_Key="one"), 422)["detail"]
    alice.refresh_from_db()
    assert alice.city == "Oxford"


def test_what_was_refused_may_be_tried_again(app: App) -> None:
    problem(app.post("/profiles", {"email": "x", "custom": {"new": 1}}, Idempotency_Key="one"), 422)
    assert app.post("/profiles", {"email": "x@example.com"}, Idempotency_Key="one").status_code == 201


def test_after_a_day_it_is_forgotten(app: App) -> None:
    app.post("/profiles", {"email": "x@example.com"}, Idempotency_Key="one")
    StoredAnswer.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))
    app.post("/profiles", {"email": "x@example.com"}, Idempotency_Key="one")
    assert Profile.objects.count() == 2


def test_keys_of_applications_have_their_own(app: App, api: Client, make_key: MakeKey) -> None:
    other = make_app(api, make_key())
    for each in (app, other):
        each.post("/profiles", {"email": "x@example.com"}, Idempotency_Key="one")
    assert Profile.objects.count() == 2


@pytest.mark.parametrize("name", ["", "x" * 256, "é"])
def test_an_impossible_key(app: App, name: str) -> None:
    problem(app.post("/profiles", {"email": "x@example.com"}, Idempotency_Key=name), 400)
    assert not Profile.objects.exists()


def test_a_deletion_too(app: App, alice: Profile) -> None:
    for _ in range(2):
        assert app.delete(f"/profiles/{alice.pk}", Idempotency_Key="one").status_code == 204


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """The answers of requests that begin at the same moment, each with a connection of its own."""
    barrier, answers = Barrier(len(works)), [None] * len(works)

    def work(place: int) -> None:
        barrier.wait()
        try:
            answers[place] = works[place]()
        finally:
            connection.close()

    threads = [Thread(target=work, args=[place]) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_of_two_who_saw_the_same_version_one_wins(app: App, alice: Profile) -> None:
    path = f"/profiles/{alice.pk}"
    for turn in range(8):
        tag = app.get(path)["ETag"]
        bodies = [{"city": f"{turn} {name}", "tags": [name]} for name in "ab"]
        answers = at_once([partial(app.patch, path, body, If_Match=tag) for body in bodies])
        assert sorted(answer.status_code for answer in answers) == [200, 412]
        winner = next(answer for answer in answers if answer.status_code == 200)
        assert app.get(path).json()["city"] == winner.json()["city"]
    assert ProfileChange.objects.count() == 9


@pytest.mark.django_db(transaction=True)
def test_of_two_that_are_the_same_one_is_done(app: App, acme: Workspace) -> None:
    body = {"items": [{"email": f"x{number}@example.com"} for number in range(20)]}
    for turn in range(4):
        name = f"turn-{turn}"
        answers = at_once([partial(app.post, "/profiles:batch", body, Idempotency_Key=name)] * 2)
        assert [answer.status_code for answer in answers] in ([200, 200], [200, 409], [409, 200])
        assert Profile.objects.count() == 20 * (turn + 1)
        assert all(answer["Retry-After"] == "1" for answer in answers if answer.status_code == 409)
        assert app.post("/profiles:batch", body, Idempotency_Key=name)["Idempotent-Replayed"] == "true"
