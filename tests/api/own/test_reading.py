"""GET of one profile."""

from django.test import Client

from profiles.models import Profile, Workspace
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles

from ...conftest import Make
from ..conftest import MakeKey
from .conftest import App, make_app, problem

ODD = "a/b%2Fc ?&=#é漢\u202e+"


def test_by_id_it_is_whole(app: App, alice: Profile) -> None:
    said = app.get(f"/profiles/{alice.pk}").json()
    assert said["distinct_id"] == "alice"
    assert said["email"] == "alice@example.com"
    assert said["city"] is None
    assert said["tags"] == ["vip"]
    assert said["channels"] == {}
    assert said["custom"] == {"plan": "pro"}
    assert said["display_name"] == "Alice Liddell"
    assert said["created_at"].endswith("+00:00")
    assert "identifiers" not in said


def test_any_text_is_a_distinct_id(app: App, make_profile: Make) -> None:
    odd = make_profile(ODD)
    said = app.get("/profiles/by-distinct-id", {"distinct_id": ODD}).json()
    assert (said["id"], said["distinct_id"]) == (str(odd.pk), ODD)


def test_the_environment_is_that_of_the_key_unless_another_is_named(
    app: App, api: Client, make_key: MakeKey, make_profile: Make
) -> None:
    """That a test key does not reach live profiles: see test_rest.py."""
    live, test = make_profile("bob"), make_profile("bob", environment="test")
    path = "/profiles/by-distinct-id?distinct_id=bob"
    assert app.get(path).json()["id"] == str(live.pk)
    assert app.get(f"{path}&environment=test").json()["id"] == str(test.pk)
    assert make_app(api, make_key(environment="test")).get(path).json()["id"] == str(test.pk)


def test_by_identifier_all_four_parts_count(app: App, acme: Workspace, alice: Profile) -> None:
    name = NewIdentifier("C-1", "crm_id", "shop", "b2b")
    row = ProfileRow("alice", identifiers=[name])
    write_profiles(acme, [row], mode="update", source="console", actor=None)
    query = {"kind": "crm_id", "value": "C-1", "source": "shop", "type": "b2b"}
    found = app.get("/profiles/by-identifier", query | {"include": "identifiers"}).json()
    assert found["id"] == str(alice.pk)
    assert [(each["kind"], each["value"]) for each in found["identifiers"]] == [("crm_id", "C-1")]
    problem(app.get("/profiles/by-identifier", query | {"source": ""}), 404)


def test_an_absorbed_distinct_id_leads_to_who_absorbed_it(app: App, acme: Workspace, alice: Profile) -> None:
    row = ProfileRow("alice", identifiers=[NewIdentifier("alice-old")])
    write_profiles(acme, [row], mode="update", source="console", actor=None)
    assert app.get("/profiles/by-distinct-id?distinct_id=alice-old").json()["id"] == str(alice.pk)
    changed = app.patch("/profiles/by-distinct-id?distinct_id=alice-old", {"city": "Oxford"})
    assert (changed.json()["id"], changed.json()["city"]) == (str(alice.pk), "Oxford")
    assert app.delete("/profiles/by-distinct-id?distinct_id=alice-old").status_code == 204
    problem(app.get(f"/profiles/{alice.pk}"), 404)


def test_fields_choose(app: App, acme: Workspace, alice: Profile) -> None:
    app.patch(f"/profiles/{alice.pk}", {"custom": {"seats": 3, "plan": "pro"}})
    said = app.get(f"/profiles/{alice.pk}?fields=email,custom.seats,tags").json()
    assert said == {
        "id": str(alice.pk),
        "email": "alice@example.com",
        "custom": {"seats": 3},
        "tags": ["vip"],
    }
    said = problem(app.get(f"/profiles/{alice.pk}?fields=emial"), 422)
    assert "Did you mean “email”" in said["errors"][0]["detail"]


def test_who_knows_it_already_is_told_so(app: App, alice: Profile) -> None:
    first = app.get(f"/profiles/{alice.pk}")
    again = app.get(f"/profiles/{alice.pk}", If_None_Match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    app.patch(f"/profiles/{alice.pk}", {"city": "Oxford"})
    assert app.get(f"/profiles/{alice.pk}", If_None_Match=first["ETag"]).status_code == 200


def test_others_profiles_are_not_there(app: App, globex: Workspace, make_profile: Make) -> None:
    theirs = make_profile("theirs", workspace=globex)
    for path in (f"/profiles/{theirs.pk}", f"/profiles/{theirs.pk}/history", "/profiles/none", "/nothing"):
        problem(app.get(path), 404)
    for method, body in (("PATCH", {}), ("PUT", {}), ("DELETE", None)):
        problem(app.send(method, f"/profiles/{theirs.pk}", body), 404)
    problem(app.get("/profiles/by-distinct-id?distinct_id=theirs"), 404)


def test_head_and_options(app: App, alice: Profile) -> None:
    whole = app.get(f"/profiles/{alice.pk}")
    head = app.client.head(f"/api/v1/profiles/{alice.pk}/", headers=app.headers)
    assert (head.content, head["Content-Length"]) == (b"", str(len(whole.content)))
    options = app.send("OPTIONS", f"/profiles/{alice.pk}")
    assert options["Allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"
    said = problem(app.send("TRACE", f"/profiles/{alice.pk}"), 405)
    assert said["type"] == "/api/docs#method_not_allowed"
