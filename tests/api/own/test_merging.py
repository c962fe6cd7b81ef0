"""Merges are listed and taken back (that two become one is tested in test_rest.py)."""

import pytest

from profiles.models import Merge, Profile, Workspace

from ...conftest import Make
from ..conftest import MakeKey
from .conftest import App, make_app, problem

OURS = ("updated_at", "sources")


@pytest.fixture
def alicia(make_profile: Make) -> Profile:
    return make_profile("alicia", email="alicia@example.com", city="Oxford", tags=["beta"])


@pytest.fixture
def merges(app: App, alice: Profile, alicia: Profile) -> str:
    """The path of the merges of alice, who has taken in alicia."""
    assert app.post(f"/profiles/{alice.pk}:merge", {"distinct_id": "alicia"}).status_code == 200
    return f"/profiles/{alice.pk}/merges"


def test_two_become_two_again(app: App, alice: Profile, alicia: Profile) -> None:
    whole = {key: value for key, value in app.get(f"/profiles/{alicia.pk}").json().items() if key not in OURS}
    app.post(f"/profiles/{alice.pk}:merge", {"id": str(alicia.pk)})
    path = f"/profiles/{alice.pk}/merges"
    (merge,) = app.get(path).json()["merges"]
    back = app.post(f"{path}/{merge['id']}:undo")
    assert back.status_code == 200
    assert back["ETag"] == app.get(f"/profiles/{alicia.pk}")["ETag"]
    assert whole.items() <= back.json().items()
    assert app.get(f"/profiles/{alice.pk}").json()["city"] is None
    assert app.get(path).json() == {"merges": [], "next": None}
    problem(app.post(f"{path}/{merge['id']}:undo"), 404)
    entry = app.get(f"/profiles/{alicia.pk}/history").json()["changes"][0]
    assert (entry["deed"], entry["door"], entry["actor"]) == ("unmerged", "api", app.key.get_username())


def test_an_absorbed_id_leads_to_who_absorbed_it_but_for_deletions(
    app: App, alice: Profile, alicia: Profile, globex: Workspace, make_key: MakeKey
) -> None:
    app.post(f"/profiles/{alice.pk}:merge", {"id": str(alicia.pk)})
    assert app.get(f"/profiles/{alicia.pk}").json()["id"] == str(alice.pk)
    assert app.patch(f"/profiles/{alicia.pk}", {"city": "Oslo"}).json()["id"] == str(alice.pk)
    assert app.get(f"/profiles/{alicia.pk}/history").json()["changes"][0]["new"] == {"city": "Oslo"}
    assert app.post(f"/profiles/{alicia.pk}/tags", {"add": ["x"]}).json()["tags"] == ["vip", "beta", "x"]
    assert app.get(f"/profiles/{alicia.pk}/identifiers").json()["identifiers"][0]["value"] == "alicia"
    assert app.get(f"/profiles/{alicia.pk}/merges").json() == app.get(f"/profiles/{alice.pk}/merges").json()
    problem(app.delete(f"/profiles/{alicia.pk}"), 404)
    assert app.get(f"/profiles/{alice.pk}").json()["city"] == "Oslo"
    elsewhere = make_app(app.client, make_key(workspace=globex))
    problem(elsewhere.get(f"/profiles/{alicia.pk}"), 404)


def test_they_are_listed_in_pages(app: App, alice: Profile, merges: str, make_profile: Make) -> None:
    carol = make_profile("carol")
    app.post(f"/profiles/{alice.pk}:merge", {"distinct_id": "carol"})
    page = app.get(f"{merges}?limit=1").json()
    (newest,) = page["merges"]
    assert (newest["distinct_id"], newest["absorbed"]) == ("carol", str(carol.pk))
    assert (newest["door"], newest["actor"]) == ("api", app.key.get_username())
    rest = app.get(page["next"]).json()
    assert [each["distinct_id"] for each in rest["merges"]] == ["alicia"]
    assert (rest["merges"][0]["survivor"], rest["next"]) == (str(alice.pk), None)


def test_a_merge_that_was_overwritten_stays(app: App, alice: Profile, merges: str) -> None:
    app.patch(f"/profiles/{alice.pk}", {"city": "Rome"})
    (merge,) = app.get(merges).json()["merges"]
    assert "City was changed since" in problem(app.post(f"{merges}/{merge['id']}:undo"), 409)["detail"]
    assert app.get(merges).json()["merges"] == [merge]


def test_one_that_moved_on_is_taken_back_behind_the_other(
    app: App, alice: Profile, merges: str, make_profile: Make
) -> None:
    carol = make_profile("carol")
    app.post(f"/profiles/{carol.pk}:merge", {"distinct_id": "alice"})
    path = f"/profiles/{carol.pk}/merges"
    second, first = app.get(path).json()["merges"]
    assert "take that back first" in problem(app.post(f"{path}/{first['id']}:undo"), 409)["detail"]
    assert app.post(f"{path}/{second['id']}:undo").json()["id"] == str(alice.pk)
    assert app.post(f"{merges}/{first['id']}:undo").json()["distinct_id"] == "alicia"


def test_a_merge_is_that_of_its_profile(
    app: App, alice: Profile, merges: str, make_profile: Make, globex: Workspace
) -> None:
    bob, stranger = make_profile("bob"), make_profile("stranger", workspace=globex)
    (merge,) = app.get(merges).json()["merges"]
    problem(app.post(f"/profiles/{bob.pk}/merges/{merge['id']}:undo"), 404)
    Merge.objects.filter(pk=merge["id"]).update(profile=stranger)
    for profile in (alice, stranger):
        problem(app.post(f"/profiles/{profile.pk}/merges/{merge['id']}:undo"), 404)
    problem(app.get(f"/profiles/{stranger.pk}/merges"), 404)


@pytest.mark.parametrize("number", ["x", "-1", "0", "²", "9" * 19, "9" * 40, "%00"])
def test_what_is_no_number_is_not_found(app: App, merges: str, number: str) -> None:
    problem(app.post(f"{merges}/{number}:undo"), 404)


def test_a_test_key_takes_back_no_merge_of_live_profiles(app: App, merges: str, make_key: MakeKey) -> None:
    (merge,) = app.get(merges).json()["merges"]
    tester = make_app(app.client, make_key(environment="test"))
    problem(tester.get(merges), 404)
    problem(tester.post(f"{merges}/{merge['id']}:undo"), 404)


def test_sent_twice_it_is_done_once(app: App, merges: str) -> None:
    (merge,) = app.get(merges).json()["merges"]
    first, second = (app.post(f"{merges}/{merge['id']}:undo", Idempotency_Key="u1") for _ in range(2))
    assert (first.content, second["Idempotent-Replayed"]) == (second.content, "true")
