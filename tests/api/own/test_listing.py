"""GET /profiles."""

from typing import Any

import pytest
from django.test import Client

from profiles.models import Profile, Workspace
from profiles.operations.erase import erase_profiles
from profiles.operations.write import ProfileRow, write_profiles

from ...conftest import Make
from ..conftest import MakeKey
from .conftest import App, make_app, problem


@pytest.fixture
def crowd(acme: Workspace) -> list[str]:
    """Thirty people, of whom some have a city."""
    rows = [
        ProfileRow(f"p{number:02}", values={"city": f"C{number % 7}" if number % 3 else None})
        for number in range(30)
    ]
    write_profiles(acme, rows, mode="create", source="console", actor=None)
    return [row.distinct_id for row in rows]


def walk(app: App, path: str) -> list[str]:
    """The distinct IDs of all pages, one after the other."""
    found: list[str] = []
    while path:
        answer = app.get(path)
        assert answer.status_code == 200, answer.content
        said = answer.json()
        found += [each["distinct_id"] for each in said["profiles"]]
        path = said["next"]
        assert answer.headers.get("Link") == (f'<{path}>; rel="next"' if path else None)
    return found


@pytest.mark.parametrize("sort", ["-created_at", "city", "-city", "distinct_id", "-updated_at", "tags"])
@pytest.mark.parametrize("narrow", ["", "&status=active"])
def test_pages_follow_each_other(app: App, crowd: list[str], sort: str, narrow: str) -> None:
    found = walk(app, f"/profiles?limit=7&sort={sort}{narrow}")
    assert sorted(found) == crowd
    assert found == walk(app, f"/profiles?limit=1000&sort={sort}{narrow}")


@pytest.mark.parametrize("narrow", ["", "&q=p"])
def test_what_is_written_meanwhile_moves_nobody(
    app: App, acme: Workspace, crowd: list[str], make_profile: Make, narrow: str
) -> None:
    """New ones come and read ones go between two pages: the rest is neither repeated nor hidden."""
    path, found = f"/profiles?limit=4&sort=distinct_id{narrow}", []
    for turn in range(20):
        said = app.get(path).json()
        found += [each["distinct_id"] for each in said["profiles"]]
        if not said["next"]:
            break
        make_profile(f"p00-{turn}")
        erase_profiles(acme, [Profile.objects.get(distinct_id=found[0]).pk], source="console", actor=None)
        make_profile(found[0])
        path = said["next"]
    assert [each for each in found if each in crowd] == crowd
    assert len(found) == len(set(found))


def test_a_page_begins_behind_one_who_is_gone(app: App, acme: Workspace, crowd: list[str]) -> None:
    first = app.get("/profiles?limit=10&sort=distinct_id").json()
    gone = Profile.objects.get(distinct_id=first["profiles"][-1]["distinct_id"])
    erase_profiles(acme, [gone.pk], source="console", actor=None)
    assert walk(app, first["next"]) == crowd[10:]


def test_filters_of_the_console_work(app: App, crowd: list[str], alice: Profile) -> None:
    assert walk(app, "/profiles?q=liddell") == ["alice"]
    assert walk(app, "/profiles?country=GB&country=DE&tags=VIP&created_from=2020-01-01") == ["alice"]
    assert walk(app, "/profiles?r1f=city&r1o=is&r1v=C1&sort=distinct_id") == ["p01", "p08", "p22", "p29"]
    for mistake in (
        "emial=x",
        "country=XX",
        "created_from=soon",
        "limit=0",
        "limit=1001",
        "count=x",
        "sort=x",
    ):
        said = problem(app.get(f"/profiles?{mistake}"), 422)
        assert said["errors"]
    problem(app.get("/profiles?cursor=made-up"), 422)
    problem(app.get("/profiles?cursor=last"), 422)
    problem(app.get("/profiles?q=" + "x" * 9000), 422)


def test_the_environment_is_that_of_the_key(
    app: App, api: Client, make_key: MakeKey, make_profile: Make
) -> None:
    make_profile("live")
    make_profile("test", environment="test")
    assert walk(app, "/profiles") == ["live"]
    assert walk(app, "/profiles?environment=test") == ["test"]
    assert sorted(walk(app, "/profiles?environment=any")) == ["live", "test"]
    assert walk(make_app(api, make_key(environment="test")), "/profiles") == ["test"]


def test_a_total_only_where_it_is_asked_for(app: App, crowd: list[str]) -> None:
    assert "total" not in app.get("/profiles").json()
    for count in ("exact", "about"):
        said: dict[str, Any] = app.get(f"/profiles?limit=1&fields=email&count={count}").json()
        assert said["total"] == {"number": 30, "is_about": False}
        assert list(said["profiles"][0]) == ["id", "email"]


def test_others_profiles_are_not_listed(app: App, globex: Workspace, make_profile: Make) -> None:
    make_profile("theirs", workspace=globex)
    assert walk(app, "/profiles?environment=any") == []
