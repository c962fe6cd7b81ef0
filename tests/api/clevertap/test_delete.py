"""POST /1/delete/profiles.json (seed 003, contracts 4b, 8.4, 8.5)."""

from typing import Any

from profiles.models import AuditEntry, DeletionReceipt, Profile
from profiles.operations.merging import merge_profiles
from tests.conftest import Make

from .conftest import Ask

PATH = "delete/profiles.json"
SUCCESS = (200, {"status": "success"})


def left() -> set[str]:
    return set(Profile.objects.values_list("distinct_id", flat=True))


def test_identities_and_object_ids_are_erased_at_once_one_or_many(ask: Ask, make_profile: Make) -> None:
    people = {name: make_profile(name) for name in ("client-19827239", "abc", "a", "b", "c", "d")}
    assert ask(PATH, {"identity": ["client-19827239", "abc"]}) == SUCCESS
    assert ask(PATH, {"identity": "a"}) == SUCCESS
    assert ask(PATH, {"guid": str(people["b"].pk)}) == SUCCESS
    assert left() == {"c", "d"}
    assert ask(PATH, {"guid": [people["c"].pk.hex, "ctid456"]}) == SUCCESS
    assert left() == {"d"}


def test_the_receipt_and_the_audit_name_the_door_and_the_key(ask: Ask, alice: Profile) -> None:
    ask(PATH, {"identity": "alice"})
    receipt = DeletionReceipt.objects.get()
    assert (receipt.door, receipt.count, receipt.actor[:6]) == ("clevertap", 1, "Shop (")
    assert AuditEntry.objects.filter(verb="erase").get().actor == receipt.actor


def test_unknown_ids_are_no_error_and_leave_no_receipt(ask: Ask, alice: Profile) -> None:
    for body in ({"identity": ["nobody", "x\u0000"]}, {"guid": "df2e224d90874887b4d61153ef3a2508"}):
        assert ask(PATH, body) == SUCCESS
    assert ask(PATH, {"guid": "alice"}) == SUCCESS
    assert left() == {"alice"}
    assert not DeletionReceipt.objects.exists()


def test_an_identity_that_was_absorbed_means_who_absorbed_it(ask: Ask, make_profile: Make) -> None:
    old, new = make_profile("old"), make_profile("new")
    merge_profiles(old.workspace, absorbed=old.pk, survivor=new.pk, door="console", actor=None)
    assert ask(PATH, {"identity": "old"}) == SUCCESS
    assert left() == set()


def test_nobody_of_another_workspace_or_environment_is_erased(
    ask: Ask, make_profile: Make, globex: Any
) -> None:
    strangers = [make_profile("ann", workspace=globex), make_profile("bea", environment="test")]
    assert ask(PATH, {"identity": ["ann", "bea"]}) == SUCCESS
    assert ask(PATH, {"guid": [str(each.pk) for each in strangers]}) == SUCCESS
    assert left() == {"ann", "bea"}


BAD: list[tuple[Any, str]] = [
    ({"identity": "alice", "guid": "x"}, "Give one of identity and guid, not both."),
    ({}, "Give identity or guid."),
    ({"identity": None}, "Give identity or guid."),
    ({"identity": []}, "“identity” has to be an ID or a list of IDs, and none of them empty."),
    ({"identity": ""}, "“identity” has to be an ID or a list of IDs, and none of them empty."),
    ({"identity": ["alice", " "]}, "“identity” has to be an ID or a list of IDs, and none of them empty."),
    ({"identity": {"a": 1}}, "“identity” has to be an ID or a list of IDs, and none of them empty."),
    ({"guid": ["alice", None]}, "“guid” has to be an ID or a list of IDs, and none of them empty."),
    ({"identity": ["alice"] * 101}, "A request takes at most 100 IDs; this one has 101."),
    ([], "The body has to be a JSON object."),
    (b"", "The body is empty; JSON is expected."),
]


def test_what_is_no_request_is_refused_and_erases_nobody(ask: Ask, alice: Profile) -> None:
    for body, error in BAD:
        assert ask(PATH, body) == (400, {"status": "fail", "error": error, "code": 400})
    assert left() == {"alice"}


def test_a_hundred_ids_are_taken(ask: Ask, make_profile: Make) -> None:
    make_profile("99")
    assert ask(PATH, {"identity": list(range(100))}) == SUCCESS
    assert left() == set()
