"""Merging and renaming, a case for each documented line (contracts 1b and 8.7)."""

import pytest

from profiles.models import Profile, ProfileChange
from tests.conftest import Make

from .conftest import Ask, error, ok

MERGED = (200, ok("1 Record(s) updated and 1 Records(s) deleted"))
UPDATED = (200, ok("1 Record(s) updated successfully"))
NO_SOURCE = (400, error("merge from id does not exist"))


@pytest.fixture
def two(make_profile: Make) -> None:
    first = {"name": "Asha Rao", "channel__sms": "+919879123456", "custom__plan": "pro", "custom__seats": 3}
    make_profile("U1", email="old@example.com", channel__push=[{"token": "p1", "status": 1}], **first)
    second = {"channel__push": [{"token": "p2", "status": 1}], "custom__plan": "free"}
    make_profile("U2", email="new@example.com", **second)


@pytest.mark.parametrize("method", ["PATCH", "POST"])
def test_the_target_wins_and_the_source_fills_gaps(fyno: Ask, two: None, method: str) -> None:
    """Fyno documents PATCH, and its client library sends POST."""
    assert fyno(method, "profiles/U1/merge/U2") == MERGED
    assert list(Profile.objects.values_list("distinct_id", flat=True)) == ["U2"]
    for name in ("U2", "U1"):
        _, found = fyno("GET", f"profiles/{name}")
        assert (found["distinct_id"], found["id_list"], found["name"]) == ("U2", ["U1"], "Asha Rao")
        assert found["properties"] == {"plan": "free", "seats": 3}
        assert (found["channel"]["sms"], found["channel"]["email"]) == ("+91 98791 23456", "new@example.com")
        assert {token["token"] for token in found["channel"]["push"]} == {"p1", "p2"}
    assert ProfileChange.objects.filter(deed="merged").get().door == "fyno"


def test_what_was_absorbed_goes_on_working_but_cannot_be_merged_or_deleted_again(
    fyno: Ask, two: None
) -> None:
    """A repeated merge, or a deletion of the source behind it, must not hit the survivor."""
    fyno("PATCH", "profiles/U1/merge/U2")
    assert fyno("PATCH", "profiles/U1/merge/U2") == NO_SOURCE
    assert fyno("PATCH", "profiles/U1/merge/U9") == NO_SOURCE
    assert fyno("POST", "profiles/delete", {"distinct_id": ["U1"]}) == (
        400,
        error("Cannot delete non existing user"),
    )
    assert fyno("POST", "profiles", {"distinct_id": "U1"}) == (
        400, error("Distinct ID 'U1' already exists in the 'live' version of your workspace"))  # fmt: skip
    assert fyno("PUT", "profiles/U1", {"distinct_id": "U1", "name": "Asha"}) == UPDATED
    assert fyno("PATCH", "profiles/U1/channel", {"channel": {"teams": "T"}})[0] == 200
    fyno("POST", "profiles/properties/numerical-add", {"distinct_id": "U1", "$add": {"seats": 1}})
    u2 = Profile.objects.get()
    assert (u2.distinct_id, u2.name, u2.channels["teams"], u2.custom["seats"]) == ("U2", "Asha", "T", 4)


@pytest.mark.parametrize("target", ["U3", "https://example.com/3", "U3/"])
def test_without_a_target_the_source_is_renamed(fyno: Ask, two: None, target: str) -> None:
    assert fyno("PATCH", f"profiles/U1/merge/{target}") == MERGED
    _, found = fyno("GET", "profiles/U1")
    assert (found["distinct_id"], found["id_list"], found["name"]) == (target.rstrip("/"), ["U1"], "Asha Rao")
    assert Profile.objects.count() == 2


def test_a_renamed_profile_gets_its_former_id_back(fyno: Ask, two: None) -> None:
    fyno("PATCH", "profiles/U1/merge/U3")
    assert fyno("PATCH", "profiles/U3/merge/U1") == MERGED
    _, found = fyno("GET", "profiles/U3")
    assert (found["distinct_id"], found["id_list"]) == ("U1", ["U3"])


def test_nobody_is_merged_and_nobody_with_themselves(fyno: Ask, two: None, make_profile: Make) -> None:
    make_profile("T1", environment="test")
    for source in ("U9", "T1"):
        assert fyno("PATCH", f"profiles/{source}/merge/U2") == NO_SOURCE
    code, answer = fyno("PATCH", "profiles/U1/merge/U1")
    assert (code, answer["status"]) == (400, "error")
    assert "cannot be merged with itself" in answer["_message"]
    code, answer = fyno("PATCH", "profiles/U1/merge/" + "U" * 1025)
    assert (code, answer["status"], Profile.objects.count()) == (400, "error", 3)


def test_put_renames_and_writes_at_once(fyno: Ask, two: None) -> None:
    before = Profile.objects.get(distinct_id="U1")
    assert fyno("PUT", "profiles/U1", {"distinct_id": "U5", "name": "Asha R"}) == UPDATED
    _, found = fyno("GET", "profiles/U1")
    assert (found["distinct_id"], found["name"], found["id_list"]) == ("U5", "Asha R", ["U1"])
    assert Profile.objects.get(distinct_id="U5").created_at == before.created_at
    assert fyno("POST", "profiles/delete", {"distinct_id": ["U5"]})[0] == 200
    assert fyno("GET", "profiles/U1")[0] == 400


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("U2", "Distinct ID 'U2' already exists in the 'live' version of your workspace"),
        (None, "distinct_id cannot be empty."),
        ("", "distinct_id cannot be empty."),
        (["U5"], "Distinct ID must be text; a list of 1 is not."),
    ],
)
def test_put_refuses_a_distinct_id_that_cannot_be(fyno: Ask, two: None, given: object, sentence: str) -> None:
    assert fyno("PUT", "profiles/U1", {"distinct_id": given, "name": "Other"}) == (400, error(sentence))
    assert Profile.objects.get(distinct_id="U1").name == "Asha Rao"


def test_put_that_cannot_be_written_does_not_rename(fyno: Ask, two: None) -> None:
    assert fyno("PUT", "profiles/U1", {"distinct_id": "U5", "name": "Al"})[0] == 400
    assert Profile.objects.filter(distinct_id="U1").exists()
