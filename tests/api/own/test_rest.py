"""Tags, identifiers, history, properties, jobs, exports, deletions and merges."""

import csv
import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client

from profiles.models import AuditEntry, DeletionReceipt, Job, Profile, Workspace
from profiles.operations.jobs import run_job

from ...conftest import Make
from ..conftest import MakeKey
from .conftest import App, make_app, problem


def test_tags_are_given_and_taken(app: App, alice: Profile) -> None:
    path = f"/profiles/{alice.pk}/tags"
    assert app.post(path, {"add": ["Beta", "beta", " x "], "remove": ["VIP"]}).json() == {
        "tags": ["Beta", "x"]
    }
    said = problem(app.post(path, {"add": ["a;b"]}), 422)
    assert said["errors"][0]["pointer"] == "#/add"
    problem(app.post(path, {"add": [f"t{number}" for number in range(100)]}), 422)
    for body in ({"ad": []}, {"add": "x"}, {"add": [1]}, []):
        problem(app.post(path, body), 422)
    assert app.get(f"/profiles/{alice.pk}").json()["tags"] == ["Beta", "x"]


def test_identifiers_are_given_and_taken(app: App, alice: Profile, make_profile: Make) -> None:
    path, name = f"/profiles/{alice.pk}/identifiers", {"kind": "crm_id", "value": "C-1"}
    assert app.post(path, {"add": [name]}).json()["identifiers"][0]["value"] == "C-1"
    other = f"/profiles/{make_profile('bob').pk}/identifiers"
    assert "belongs to another" in problem(app.post(other, {"add": [name]}), 422)["detail"]
    assert app.post(other, {"remove": [name]}).status_code == 200
    assert len(app.get(path).json()["identifiers"]) == 1
    assert app.post(path, {"remove": [name]}).json() == {"identifiers": []}
    for wrong in ({"kind": "x"}, {"kind": "", "value": "x"}, {"kind": "distinct_id", "value": "x"}, 7):
        problem(app.post(path, {"add": [wrong]}), 422)


def test_history_names_door_and_key(app: App, alice: Profile) -> None:
    for city in ("Oxford", "Bath", "York"):
        app.patch(f"/profiles/{alice.pk}", {"city": city})
    page = app.get(f"/profiles/{alice.pk}/history?limit=2").json()
    assert [each["new"] for each in page["changes"]] == [{"city": "York"}, {"city": "Bath"}]
    assert page["changes"][0]["old"] == {"city": "Bath"}
    assert (page["changes"][0]["door"], page["changes"][0]["actor"]) == ("api", app.key.get_username())
    rest = app.get(page["next"]).json()
    assert [each["deed"] for each in rest["changes"]] == ["updated", "created"]
    assert rest["next"] is None
    about = app.get(f"/profiles/{alice.pk}/history?about=custom.plan").json()
    assert [each["deed"] for each in about["changes"]] == ["created"]
    problem(app.get(f"/profiles/{alice.pk}/history?before=x"), 422)


def test_properties_are_defined_changed_and_archived(app: App, alice: Profile) -> None:
    made = app.post("/properties", {"key": "size", "type": "choice", "choices": ["S", "M"]})
    assert made.status_code == 201
    assert (made.json()["path"], made.json()["label"]) == ("custom.size", "Size")
    assert app.get(made["Location"].removeprefix("/api/v1")).json() == made.json()
    problem(app.post("/properties", {"key": "size"}), 409)
    problem(app.patch(f"/profiles/{alice.pk}", {"custom": {"size": "L"}}), 422)
    changed = app.patch("/properties/custom.size", {"choices": ["S", "M", "L"], "description": "Of shirts"})
    assert changed.json()["choices"] == ["S", "M", "L"]
    assert app.patch(f"/profiles/{alice.pk}", {"custom": {"size": "L"}}).status_code == 200
    assert app.post("/properties/custom.size:archive").json()["archived_at"]
    assert "custom.size" not in [each["path"] for each in app.get("/properties").json()["properties"]]
    assert "archived" in problem(app.patch(f"/profiles/{alice.pk}", {"custom": {"size": "S"}}), 422)["detail"]
    assert app.get(f"/profiles/{alice.pk}?fields=custom.size").json()["custom"] == {"size": "L"}
    assert app.post("/properties/custom.size:unarchive").json()["archived_at"] is None
    assert AuditEntry.objects.filter(verb="archive_property", actor=str(app.key)).exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"key": ""},
        {"key": "a\u0000"},
        {"key": "a", "type": "melt"},
        {"key": "a", "type": "choice"},
        {"key": "a", "minimum": True},
        {"key": "a", "type": "integer", "minimum": 9, "maximum": 1},
        {"key": "a", "min_length": 10**18},
        {"key": "a", "pattern": "("},
        {"key": "a", "labl": "A"},
    ],
)
def test_properties_that_cannot_be(app: App, body: Any) -> None:
    problem(app.post("/properties", body), 422)


@pytest.mark.django_db(transaction=True)
def test_an_export_is_a_job_with_a_file(
    app: App, alice: Profile, settings: LazySettings, tmp_path: Path
) -> None:
    settings.FILES_DIR = str(tmp_path)
    body = {"filter": "q=alice", "format": "csv", "columns": ["email", "custom.plan"]}
    problem(app.post("/exports", body | {"columns": ["emial"]}), 422)
    app.patch(f"/profiles/{alice.pk}", {"custom": {"plan": "free", "seats": 1}})
    started = app.post("/exports", body | {"columns": ["email", "custom.seats"]})
    assert started.status_code == 202
    job = started["Location"].removeprefix("/api/v1")
    problem(app.get(f"{job}/file"), 404)
    run_job(started.json()["id"])
    said = app.get(job).json()
    assert (said["state"], said["has_ended"], said["total"], said["exported"]) == ("done", True, 1, 1)
    file = app.get(said["file"].removeprefix("/api/v1"))
    text = b"".join(file.streaming_content).decode("utf-8-sig")
    assert list(csv.DictReader(io.StringIO(text))) == [
        {"distinct_id": "alice", "environment": "live", "email": "alice@example.com", "custom.seats": "1"}
    ]


@pytest.mark.parametrize("by", ["ids", "distinct_ids", "filter"])
def test_many_are_deleted_by_a_job(app: App, make_profile: Make, by: str) -> None:
    people = [make_profile(f"p{number}", country="DE") for number in range(3)]
    stays = make_profile("stays", country="FR")
    whom: dict[str, Any] = {
        "ids": [str(each.pk) for each in people] + [str(uuid4())],
        "distinct_ids": ["p0", "p1", "p2", "nobody"],
        "filter": "country=DE",
    }
    started = app.post("/profiles:delete", {by: whom[by], "reason": "Asked for"})
    assert started.status_code == 202
    make_profile("later", country="DE")
    job = run_job(started.json()["id"])
    assert (job.state, job.erased) == ("done", 3)
    assert {each.distinct_id for each in Profile.objects.all()} == {stays.distinct_id, "later"}
    receipt = DeletionReceipt.objects.get()
    assert (receipt.reason, receipt.door, receipt.actor) == ("Asked for", "api", app.key.get_username())


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"ids": []},
        {"filter": ""},
        {"filter": "?q="},
        {"filter": "emial=x"},
        {"filter": "environment=any"},
        {"filter": "environment=live&tags_match=none&match=all"},
        {"filter": "sort=email&per_page=100"},
        {"filter": "country=DE", "ids": [str(uuid4())]},
        {"distinct_ids": ["nobody"]},
        {"ids": ["x"]},
    ],
)
def test_nobody_is_deleted_by_mistake(app: App, alice: Profile, body: Any) -> None:
    problem(app.post("/profiles:delete", body), 422)
    assert not Job.objects.exists()


def test_jobs_are_listed_paused_resumed_and_cancelled(app: App, alice: Profile) -> None:
    ids = [app.post("/profiles:delete", {"filter": f"q={name}"}).json()["id"] for name in "abc"]
    page = app.get("/jobs?limit=2").json()
    assert [each["id"] for each in page["jobs"]] == ids[:0:-1]
    assert [each["id"] for each in app.get(page["next"]).json()["jobs"]] == ids[:1]
    states = [app.post(f"/jobs/{ids[0]}:{verb}").json()["state"] for verb in ("pause", "resume", "cancel")]
    assert states == ["paused", "queued", "cancelled"]
    problem(app.post(f"/jobs/{ids[0]}:pause"), 422)


def test_others_jobs_and_properties_are_not_there(app: App, globex: Workspace, make_profile: Make) -> None:
    job = Job.objects.create(workspace=globex, kind="erase", queued_at=make_profile("x").created_at)
    theirs = globex.property_definitions.get(key="email")
    for path in (f"/jobs/{job.pk}", f"/jobs/{job.pk}/file", f"/properties/{theirs.pk}", "/jobs/9" + "9" * 30):
        problem(app.get(path), 404)
    problem(app.post(f"/jobs/{job.pk}:cancel"), 404)
    problem(app.post(f"/properties/{theirs.pk}:archive"), 404)
    assert app.get("/jobs").json()["jobs"] == []


def test_two_become_one(app: App, alice: Profile, make_profile: Make) -> None:
    make_profile("alicia", email="alicia@example.com", city="Oxford", tags=["beta"])
    path = f"/profiles/{alice.pk}:merge"
    said = app.post(path, {"distinct_id": "alicia", "values": {"country": "IE"}}).json()
    assert (said["email"], said["city"], said["country"]) == ("alice@example.com", "Oxford", "IE")
    assert said["tags"] == ["vip", "beta"]
    assert app.get("/profiles/by-distinct-id?distinct_id=alicia").json()["id"] == str(alice.pk)
    problem(app.post(path, {"distinct_id": "nobody"}), 404)
    for wrong in ({}, {"id": str(alice.pk)}, {"id": str(alice.pk), "distinct_id": "x"}):
        problem(app.post(path, wrong), 422)
    wrong = {"distinct_id": "bob", "values": {"distinct_id": "x"}}
    make_profile("bob")
    problem(app.post(path, wrong), 422)


def test_a_test_key_never_comes_near_live_profiles(
    api: Client, app: App, make_key: MakeKey, alice: Profile, make_profile: Make
) -> None:
    own = make_profile("own", environment="test")
    started = app.post("/profiles:delete", {"ids": [str(uuid4())]}).json()
    test = make_app(api, make_key(environment="test"))
    for path in ("", "/history", "/identifiers"):
        problem(test.get(f"/profiles/{alice.pk}{path}"), 404)
    for method, path, body in (
        ("PATCH", f"/profiles/{alice.pk}", {"city": "Rome"}),
        ("PUT", f"/profiles/{alice.pk}", {}),
        ("DELETE", f"/profiles/{alice.pk}", None),
        ("POST", f"/profiles/{alice.pk}/tags", {"add": ["x"]}),
        ("POST", f"/profiles/{alice.pk}:merge", {"id": str(own.pk)}),
        ("POST", f"/profiles/{own.pk}:merge", {"id": str(alice.pk)}),
        ("GET", f"/jobs/{started['id']}", None),
        ("POST", f"/jobs/{started['id']}:cancel", None),
    ):
        problem(test.send(method, path, body), 404)
    for method, path, body in (
        ("GET", "/profiles?environment=live", None),
        ("GET", "/profiles?environment=any", None),
        ("GET", "/profiles/by-distinct-id?distinct_id=alice&environment=live", None),
        ("GET", "/profiles/by-identifier?kind=x&value=x&environment=live", None),
        ("PATCH", "/profiles/by-distinct-id?distinct_id=alice&environment=live", {}),
        ("PUT", "/profiles/by-distinct-id?distinct_id=alice&environment=live", {}),
        ("DELETE", "/profiles/by-distinct-id?distinct_id=alice&environment=live", None),
        ("POST", "/profiles", {"distinct_id": "new", "environment": "live"}),
        ("POST", "/profiles?environment=live", {"distinct_id": "new"}),
        ("POST", "/exports", {"filter": "environment=any"}),
        ("POST", "/profiles:delete", {"filter": "environment=live"}),
        ("POST", "/profiles:delete", {"distinct_ids": ["alice"], "environment": "live"}),
    ):
        problem(test.send(method, path, body), 403)
    items = [{"op": op, "distinct_id": "alice", "environment": "live"} for op in ("update", "delete")]
    assert test.post("/profiles:batch", {"items": items}).json()["counts"] == {"refused": 2}
    run_job(test.post("/profiles:delete", {"ids": [str(alice.pk), str(own.pk)]}).json()["id"])
    assert Profile.objects.get() == alice
