"""POST, PATCH, PUT and DELETE of one profile."""

import gzip
from typing import Any

import pytest
from django.test import Client

from profiles.models import (
    DeletionReceipt,
    Profile,
    ProfileChange,
    PropertyDefinition,
    UnknownKeys,
    Workspace,
)

from ...conftest import Make
from ..conftest import MakeKey
from .conftest import App, make_app, problem


def test_create(app: App, acme: Workspace) -> None:
    body = {
        "distinct_id": "carol",
        "email": "Carol@Example.com",
        "channels": {"sms": "+4915112345678"},
        "custom": {"plan": "pro", "seats": 3},
        "tags": ["vip"],
        "identifiers": [{"kind": "crm_id", "value": "C-7"}],
    }
    made = app.post("/profiles", body)
    assert made.status_code == 201
    assert made["Location"] == f"/api/v1/profiles/{made.json()['id']}"
    assert made["ETag"]
    assert made.json()["custom"] == {"plan": "pro", "seats": 3}
    assert made.json()["sources"] == ["api"]
    change = ProfileChange.objects.get()
    assert (change.door, change.actor) == ("api", app.key.get_username())
    said = problem(app.post("/profiles", body), 409)
    assert "exists already" in said["detail"]


def test_without_a_distinct_id_one_is_made(app: App) -> None:
    made = app.post("/profiles", {"email": "x@example.com"})
    assert made.status_code == 201
    assert len(made.json()["distinct_id"]) == 36


def test_everything_that_is_wrong_is_said_at_its_place(app: App, alice: Profile) -> None:
    body = {
        "email": "nonsense",
        "emial": "x@example.com",
        "plan": "x",
        "country": 7,
        "channels": {"fax": "1"},
        "custom": {"a/b~c": [[]], "seats": 1},
        "identifiers": [{"kind": "crm_id"}, {"kind": "distinct_id", "value": "x"}],
        "tags": "a" * 65,
    }
    said = problem(app.post("/profiles", body), 422)
    errors = {each["pointer"]: each["detail"] for each in said["errors"]}
    assert errors["#/emial"] == "A profile has no member “emial”. Did you mean “email”?"
    assert "custom" in errors["#/plan"]
    for pointer in ("#/email", "#/country", "#/channels/fax", "#/identifiers/0/value", "#/tags"):
        assert pointer in errors
    assert "#/custom/a~1b~0c" in errors
    assert not Profile.objects.exclude(pk=alice.pk).exists()
    assert not PropertyDefinition.objects.filter(key="seats").exists()


def test_a_merge_patch(app: App, alice: Profile) -> None:
    """RFC 7396: absent stays, null clears, objects merge, other values are replaced as a whole."""
    body = {
        "city": "Oxford",
        "phone": None,
        "tags": ["a", "b"],
        "custom": {"seats": 3, "plan": None, "none": None},
    }
    media_type = "application/merge-patch+json"
    said = app.patch(f"/profiles/{alice.pk}", body, content_type=media_type).json()
    assert (said["city"], said["phone"], said["email"]) == ("Oxford", None, "alice@example.com")
    assert (said["tags"], said["custom"]) == (["a", "b"], {"seats": 3})
    assert app.patch(f"/profiles/{alice.pk}", {"custom": None}).json()["custom"] == {}


def test_what_an_answer_has_may_be_sent_back(app: App, alice: Profile) -> None:
    whole = app.get(f"/profiles/{alice.pk}?include=identifiers")
    for method in ("PATCH", "PUT"):
        again = app.send(method, f"/profiles/{alice.pk}", whole.json())
        assert (again.status_code, again["ETag"]) == (200, whole["ETag"])
    assert ProfileChange.objects.filter(profile=alice).count() == 1


def test_who_one_is_never_changes(app: App, alice: Profile) -> None:
    said = problem(app.patch(f"/profiles/{alice.pk}", {"distinct_id": "x", "environment": "test"}), 422)
    assert [each["pointer"] for each in said["errors"]] == ["#/distinct_id", "#/environment"]


def test_a_patch_creates_only_where_that_is_asked_for(app: App) -> None:
    path = "/profiles/by-distinct-id?distinct_id=dave"
    problem(app.patch(path, {"city": "Bonn"}), 404)
    assert app.patch(f"{path}&create=true", {"city": "Bonn"}).status_code == 201
    assert app.patch(f"{path}&create=true", {"city": "Bern"}).status_code == 200


def test_replace(app: App, alice: Profile) -> None:
    said = app.put(f"/profiles/{alice.pk}", {"email": "new@example.com"}).json()
    assert (said["email"], said["first_name"], said["tags"], said["custom"]) == (
        "new@example.com",
        None,
        [],
        {},
    )
    assert said["created_at"] == alice.created_at.isoformat()
    path = "/profiles/by-distinct-id?distinct_id=erin"
    assert app.put(path, {"city": "Bonn"}, If_None_Match="*").status_code == 201
    problem(app.put(path, {"city": "Bonn"}, If_None_Match="*"), 412)
    assert app.put(path, {"city": "Bern"}).status_code == 200


@pytest.mark.parametrize("blank", ["", "%20", "%00", "x" * 1025, "a%00b"])
def test_an_impossible_distinct_id_creates_nobody(app: App, blank: str) -> None:
    answer = app.put(f"/profiles/by-distinct-id?distinct_id={blank}", {"email": "x@example.com"})
    said = problem(answer, 422)
    assert said["errors"][0]["parameter"] == "distinct_id"
    assert not Profile.objects.exists()


def test_delete_leaves_a_receipt(app: App, alice: Profile) -> None:
    assert app.delete(f"/profiles/{alice.pk}?reason=Asked%20for&deny=true").status_code == 204
    receipt = DeletionReceipt.objects.get()
    assert (receipt.count, receipt.door, receipt.reason) == (1, "api", "Asked for")
    assert receipt.actor == app.key.get_username()
    problem(app.delete(f"/profiles/{alice.pk}"), 404)
    assert "deleted for good" in problem(app.post("/profiles", {"distinct_id": "alice"}), 422)["detail"]


def test_if_match_refuses_who_saw_another_version(app: App, alice: Profile) -> None:
    path = f"/profiles/{alice.pk}"
    old = app.get(path)["ETag"]
    new = app.patch(path, {"city": "Oxford"}, If_Match=old)["ETag"]
    for method, body in (("PATCH", {"city": "Bath"}), ("PUT", {"city": "Bath"}), ("DELETE", None)):
        problem(app.send(method, path, body, If_Match=old), 412)
        problem(app.send(method, path, body, If_Match=f"W/{old}"), 412)
    problem(app.post(f"{path}/tags", {"add": ["x"]}, If_Match=old), 412)
    assert app.get(path).json()["city"] == "Oxford"
    assert app.patch(path, {"city": "Bath"}, If_Match=f'"other", {new}').status_code == 200
    packed = app.get(path, Accept_Encoding="gzip")
    assert packed["ETag"].startswith("W/")
    assert app.patch(path, {"city": "York"}, If_Match=packed["ETag"]).status_code == 200
    problem(app.put("/profiles/by-distinct-id?distinct_id=nobody", {}, If_Match="*"), 412)
    assert app.delete(path, If_Match="*").status_code == 204


def test_a_workspace_may_refuse_unknown_properties(app: App, acme: Workspace, alice: Profile) -> None:
    app.patch(f"/profiles/{alice.pk}", {"custom": {"colour": "red"}})
    acme.unknown_keys = UnknownKeys.REFUSE
    acme.save()
    said = problem(app.patch(f"/profiles/{alice.pk}", {"custom": {"color": "red"}}), 422)
    assert said["errors"][0]["pointer"] == "#/custom/color"
    assert "Did you mean “colour”?" in said["errors"][0]["detail"]


def test_bodies(app: App, alice: Profile) -> None:
    path = f"/profiles/{alice.pk}"
    packed = gzip.compress(b'{"city": "Oxford"}')
    assert app.patch(path, packed, Content_Encoding="gzip").status_code == 200
    cases: list[tuple[int, Any, dict[str, str]]] = [
        (415, b"city=Oxford", {"content_type": "application/x-www-form-urlencoded"}),
        (415, b"[]", {"content_type": "application/json-patch+json"}),
        (400, b"", {}),
        (400, b"{", {}),
        (400, b"\xff\xfe", {}),
        (400, b'{"city": NaN}', {}),
        (400, b"[" * 100_000, {}),
        (400, '{"city": "\ud800"}'.encode(errors="surrogatepass"), {}),
        (413, b'"' + b"x" * (11 << 20) + b'"', {}),
        (413, gzip.compress(b" " * (20 << 20)), {"Content_Encoding": "gzip"}),
        (400, b'{"custom": {"n": 1' + b"0" * 400 + b"}}", {}),
        (422, b"[]", {}),
        (422, b'{"city": "a\\u0000b"}', {}),
        (422, b'{"custom": {"n": 1' + b"0" * 40 + b"}}", {}),
    ]
    for status, body, headers in cases:
        problem(app.patch(path, body, **dict(headers)), status)
    assert app.get(path).json()["city"] == "Oxford"


def test_limits_are_told(api: Client, make_key: MakeKey, make_profile: Make) -> None:
    app = make_app(api, make_key(requests_per_minute=2))
    first = app.get("/jobs")
    assert (first["ratelimit-limit"], first["ratelimit-remaining"]) == ("2", "1")
    app.get("/jobs")
    limited = app.get("/jobs")
    assert problem(limited, 429)["type"] == "/api/docs#too_many_requests"
    assert 0 < int(limited["Retry-After"]) <= 60


def test_who_has_no_key_is_told_how(api: Client, acme: Workspace) -> None:
    answer = api.get("/api/v1/profiles")
    assert problem(answer, 401)["type"] == "/api/docs#no_credentials"
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_of_very_many_mistakes_a_thousand_are_told_and_few_get_a_hint(app: App, acme: Workspace) -> None:
    Workspace.objects.filter(pk=acme.pk).update(unknown_keys=UnknownKeys.REFUSE)
    for body in ({"custom": {f"k{each}": 1 for each in range(5_000)}}, dict.fromkeys(map(str, range(5_000)))):
        said = problem(app.post("/profiles", {"distinct_id": "x", **body}), 422)
        assert said["detail"].startswith("5,000 values do not fit")
        assert len(said["errors"]) == 1_000
