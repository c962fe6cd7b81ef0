"""POST /profiles:batch."""

from typing import Any

from django.test import Client

from profiles.models import (
    AuditEntry,
    Identifier,
    Profile,
    ProfileChange,
    PropertyDefinition,
    Tag,
    Workspace,
)

from ...conftest import Make
from ..conftest import MakeKey
from .conftest import App, make_app, problem

MIXED: dict[str, Any] = {
    "op": "upsert",
    "items": [
        {"distinct_id": "alice", "city": "Oxford"},
        {"distinct_id": "bob", "email": "bob@example.com", "custom": {"seats": 3}, "tags": ["new"]},
        {"distinct_id": "bob", "email": "bob@example.com"},
        {"distinct_id": "carol", "email": "nonsense", "emial": "x"},
        {"op": "create", "distinct_id": "alice", "city": "Bath"},
        {"op": "update", "distinct_id": "dave", "city": "Bath"},
        {"op": "replace", "distinct_id": "alice", "email": "a@example.com"},
        {"op": "delete", "distinct_id": "alice"},
        {"op": "delete", "distinct_id": "alice"},
        {"op": "upsert", "distinct_id": "alice", "city": "Rome"},
        {"op": "melt", "distinct_id": "erin"},
        7,
        {"distinct_id": "frank", "identifiers": [{"kind": "crm_id", "value": "1"}]},
        {"distinct_id": "grace", "identifiers": [{"kind": "crm_id", "value": "1"}]},
        {"op": "update", "city": "Bath"},
    ],
}
STATUSES = [
    *("updated", "created", "unchanged", "refused", "refused", "refused", "updated"),
    *("deleted", "refused", "created", "refused", "refused", "created", "refused", "refused"),
]


def statuses(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [each["status"] for each in answer.json()["outcomes"]]


def test_each_item_gets_its_outcome(app: App, alice: Profile) -> None:
    answer = app.post("/profiles:batch", MIXED)
    assert statuses(answer) == STATUSES
    said = answer.json()
    assert said["counts"] == {"updated": 2, "created": 3, "unchanged": 1, "refused": 8, "deleted": 1}
    assert said["outcomes"][0] == {
        "status": "updated",
        "id": str(alice.pk),
        "distinct_id": "alice",
        "changed": ["city"],
    }
    assert [each["pointer"] for each in said["outcomes"][3]["errors"]] == [
        "#/items/3/emial",
        "#/items/3/email",
    ]
    assert said["outcomes"][10]["errors"][0]["pointer"] == "#/items/10/op"
    assert app.get("/profiles/by-distinct-id?distinct_id=bob").json()["custom"] == {"seats": 3}


def test_a_dry_run_says_the_same_and_writes_nothing(app: App, alice: Profile) -> None:
    models = (Profile, ProfileChange, PropertyDefinition, Tag, Identifier, AuditEntry)
    before = [list(model._default_manager.order_by("pk").values()) for model in models]
    dry = app.post("/profiles:batch?dry_run=true", MIXED)
    assert statuses(dry) == STATUSES
    assert dry.json()["dry_run"] is True
    assert before == [list(model._default_manager.order_by("pk").values()) for model in models]
    wet = app.post("/profiles:batch", MIXED)
    assert dry.json()["outcomes"] == wet.json()["outcomes"]


def test_a_misspelled_dry_run_writes_nothing(app: App, alice: Profile) -> None:
    said = problem(app.post("/profiles:batch?dryrun=true", MIXED), 422)
    assert said["detail"] == "There is no parameter “dryrun”. Did you mean “dry_run”?"
    assert Profile.objects.count() == 1


def test_bodies_that_are_no_batch(app: App) -> None:
    for body in ([], {}, {"items": []}, {"items": [{}] * 1001}, {"op": "melt", "items": [{}]}, {"items": {}}):
        assert problem(app.post("/profiles:batch", body), 422)["errors"]


def test_to_delete_takes_its_own_scope(api: Client, make_key: MakeKey, alice: Profile) -> None:
    app = make_app(api, make_key(scopes=["write"]))
    answer = app.post("/profiles:batch", {"op": "delete", "items": [{"distinct_id": "alice"}]})
    assert statuses(answer) == ["refused"]
    assert "scope" in answer.json()["outcomes"][0]["errors"][0]["detail"]


def test_others_profiles_are_not_touched(app: App, globex: Workspace, make_profile: Make) -> None:
    make_profile("theirs", workspace=globex)
    body = {"items": [{"op": op, "distinct_id": "theirs", "city": "Rome"} for op in ("update", "delete")]}
    assert statuses(app.post("/profiles:batch", body)) == ["refused", "refused"]
    assert Profile.objects.get().city == ""


def test_a_thousand_take_as_many_statements_as_two(
    app: App, django_assert_max_num_queries: Any, acme: Workspace
) -> None:
    items = [{"distinct_id": f"p{number}", "email": f"p{number}@example.com"} for number in range(1000)]
    app.post("/profiles:batch", {"items": items[:2]})
    with django_assert_max_num_queries(25):
        answer = app.post("/profiles:batch", {"items": items})
    assert answer.json()["counts"] == {"unchanged": 2, "created": 998}
