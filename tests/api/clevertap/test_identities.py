"""POST demerge/profiles.json, disassociate and subscribe (contracts 4a, 4b)."""

from typing import Any

from profiles.models import Profile, ProfileChange, Workspace
from profiles.operations.merging import merge_profiles
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles
from tests.conftest import Make

from .conftest import Ask

SUCCESS = (200, {"status": "success"})
TAKEN = (200, {"status": "success", "processed": 1, "unprocessed": []})


def names() -> set[str]:
    return set(Profile.objects.values_list("distinct_id", flat=True))


def test_demerged_identities_are_people_of_their_own_again(
    ask: Ask, acme: Workspace, make_profile: Make
) -> None:
    people = {name: make_profile(name, city=name) for name in ("a", "b", "c")}
    for absorbed, survivor in (("a", "b"), ("b", "c")):
        merge_profiles(
            acme,
            absorbed=people[absorbed].pk,
            survivor=people[survivor].pk,
            door="console",
            actor=None,
        )
    assert names() == {"c"}
    assert ask("demerge/profiles.json", {"identities": ["a", "b", "nobody", "x\u0000"]}) == SUCCESS
    assert dict(Profile.objects.values_list("distinct_id", "city")) == {"a": "a", "b": "b", "c": "c"}
    assert ask("demerge/profiles.json", {"identities": ["a"]}) == SUCCESS


def test_a_merge_that_cannot_be_taken_back_says_why(ask: Ask, acme: Workspace, make_profile: Make) -> None:
    a, b = make_profile("a", city="Ulm"), make_profile("b")
    merge_profiles(acme, absorbed=a.pk, survivor=b.pk, door="console", actor=None)
    make_profile("b", city="Bonn")
    status, said = ask("demerge/profiles.json", {"identities": ["a"]})
    (failure,) = said["unprocessed"]
    assert (status, said["status"], said["processed"]) == (200, "fail", 0)
    assert (failure["code"], failure["record"], bool(failure["error"])) == (409, "a", True)
    assert names() == {"b"}


def test_what_is_no_list_of_identities_is_refused(ask: Ask) -> None:
    for body in (
        {},
        {"identities": "a"},
        {"identities": []},
        {"identities": [""]},
        {"identities": ["a"] * 101},
    ):
        status, said = ask("demerge/profiles.json", body)
        assert (status, said["status"], said["code"]) == (400, "fail", 400)


def test_a_phone_number_leaves_everybody_who_has_it(ask: Ask, acme: Workspace, make_profile: Make) -> None:
    phone = "+14155551234"
    make_profile("a", phone=phone, channel__sms=phone, channel__whatsapp="+14155550000", email="a@b.de")
    make_profile("b", phone=phone)
    named = ProfileRow("a", identifiers=[NewIdentifier(phone, "phone_number", "shop", "user")])
    write_profiles(acme, [named], mode="update", source="console", actor=None)
    assert ask("disassociate", {"d": [{"type": "phone", "value": "+1 415 555 1234"}]}) == TAKEN
    a, b = Profile.objects.order_by("distinct_id")
    assert (a.phone, b.phone, a.email, a.channels) == ("", "", "a@b.de", {"whatsapp": "+14155550000"})
    assert not a.identifiers.exists()
    assert ProfileChange.objects.latest("pk").door == "clevertap"


def test_a_number_that_nobody_has_is_unprocessed(ask: Ask, alice: Profile) -> None:
    records: list[Any] = [
        {"type": "phone", "value": alice.phone},
        {"type": "phone", "value": "+14155550000"},
        {"type": "phone", "value": "12"},
        {"type": "email", "value": alice.email},
        {"type": "phone"},
        7,
    ]
    status, said = ask("disassociate", {"d": records})
    assert (status, said["status"], said["processed"]) == (200, "partial", 1)
    assert [each["code"] for each in said["unprocessed"]] == [523, 516, 516, 516, 516]
    assert [each["record"] for each in said["unprocessed"]] == records[1:]
    assert ask("disassociate", {"d": []})[0] == 400


def test_an_unsubscription_is_a_flag_of_everybody_with_the_address(
    ask: Ask, acme: Workspace, make_profile: Make
) -> None:
    make_profile("a", email="Ann@example.com", phone="+14155551234")
    make_profile("b", email="ann@example.com")
    make_profile("c", phone="+14155551234")
    make_profile("tester", environment="test", email="ann@example.com")

    def flags() -> list[dict[str, Any]]:
        return list(Profile.objects.order_by("distinct_id").values_list("custom", flat=True))

    def wish(kind: str, value: str, status: str) -> dict[str, str]:
        return {"type": kind, "value": value, "status": status}

    assert ask("subscribe", {"d": [wish("email", "ANN@example.com", "Unsubscribe")]}) == TAKEN
    assert flags() == [{"MSG-email": False}, {"MSG-email": False}, {}, {}]
    wishes = [
        wish("phone", "+14155551234", "Unsubscribe"),
        wish("whatsapp", "+14155551234", "Unsubscribe"),
        wish("email", "ann@example.com", "Unsubscribe"),
        wish("email", "ann@example.com", "Resubscribe"),
    ]
    assert ask("subscribe", {"d": wishes})[1]["processed"] == 4
    by_phone = {"MSG-sms": False, "MSG-whatsapp": False}
    assert flags() == [{"MSG-email": True, **by_phone}, {"MSG-email": True}, by_phone, {}]


def test_wishes_that_nobody_can_have_are_unprocessed(ask: Ask, alice: Profile) -> None:
    wishes: list[Any] = [
        {"type": "email", "value": alice.email, "status": "Unsubscribe"},
        {"type": "email", "value": "nobody@example.com", "status": "Unsubscribe"},
        {"type": "email", "value": "nope", "status": "Unsubscribe"},
        {"type": "phone", "value": 7, "status": "Unsubscribe"},
        {"type": "email", "value": alice.email, "status": "maybe"},
        {"type": "pigeon", "value": alice.email, "status": "Unsubscribe"},
        {"type": ["email"], "value": alice.email, "status": "Unsubscribe"},
        None,
    ]
    status, said = ask("subscribe", {"d": wishes})
    assert (status, said["status"], said["processed"]) == (200, "partial", 1)
    assert [each["code"] for each in said["unprocessed"]] == [523, 515, 516, 524, 524, 524, 524]
    assert [each["record"] for each in said["unprocessed"]] == wishes[1:]
