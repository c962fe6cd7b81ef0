"""Two profiles become one, and two again."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profiles.errors import Refused
from profiles.models import (
    AuditEntry,
    Deed,
    Door,
    ErasedId,
    Identifier,
    JobKind,
    Merge,
    Operator,
    Profile,
    ProfileChange,
    PropertyType,
    Workspace,
    new_distinct_id,
)
from profiles.operations.erase import erase_profiles
from profiles.operations.jobs.queueing import make_job
from profiles.operations.jobs.undo_plan import judge
from profiles.operations.joining import state_of_profile
from profiles.operations.merging import merge_profiles, obstacles, unmerge
from profiles.operations.profiles import change_tags, update_profile
from profiles.operations.properties import create_property
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles
from profiles.queries.names import find_profile
from profiles.queries.profile import origins_of
from profiles.queries.undo import count_changed

pytestmark = pytest.mark.django_db

Make = Callable[..., Profile]


def merge(absorbed: Profile, survivor: Profile, **facts: Any) -> Merge:
    return merge_profiles(
        survivor.workspace,
        absorbed=absorbed.pk,
        survivor=survivor.pk,
        door=Door.CONSOLE,
        actor=None,
        **facts,
    )


def take_back(merged: Merge) -> Profile:
    return unmerge(merged, door=Door.CONSOLE, actor=None)


def everything(*profiles: Profile) -> list[Any]:
    """All that is stored of these profiles, but for when it was written and which doors were used."""
    found: list[Any] = []
    for pk in sorted(profile.pk for profile in profiles):
        profile = Profile.objects.get(pk=pk)
        names = sorted(profile.identifiers.values_list("id", flat=True))
        own = profile.changes.exclude(deed__in=(Deed.MERGED, Deed.UNMERGED)).order_by("id")
        changes = list(own.values_list("id", "deed", "old", "new", "absorbed"))
        merges = list(profile.merges.order_by("id").values_list("absorbed", "survivor", "snapshot"))
        facts = profile.distinct_id, profile.created_at, profile.person
        found.append((pk, state_of_profile(profile), names, changes, merges, facts))
    return found


@pytest.fixture
def bob(make_profile: Make) -> Profile:
    """Who has a city besides what alice has, and an older name."""
    bob = make_profile("bob", first_name="Bob", city="Oxford", tags=["VIP", "new"], custom__plan="free")
    mail = NewIdentifier("bob@example.com", kind="email", source="crm")
    write_profiles(
        bob.workspace,
        [ProfileRow("bob", identifiers=[mail, NewIdentifier("robert")], values={"custom.score": 1})],
        mode="update",
        source="api",
        actor=None,
    )
    return Profile.objects.get(pk=bob.pk)


def test_the_survivor_wins_and_its_gaps_are_filled(editor: Operator, alice: Profile, bob: Profile) -> None:
    merge(bob, alice)
    alice.refresh_from_db()
    assert (alice.first_name, alice.city) == ("Alice", "Oxford")
    assert alice.custom == {"plan": "pro", "score": 1}
    assert alice.tags == ["vip", "new"]
    assert alice.sources == ["console", "api"]
    assert not Profile.objects.filter(pk=bob.pk).exists()


def test_every_name_of_the_absorbed_leads_to_the_survivor(
    acme: Workspace, alice: Profile, bob: Profile
) -> None:
    merge(bob, alice)
    for name in ("bob", "robert", "alice"):
        assert find_profile(acme, "live", name) == alice
    assert {str(name) for name in alice.identifiers.all()} == {
        "distinct_id bob",
        "distinct_id robert",
        "email bob@example.com",
    }
    (outcome,) = write_profiles(
        acme, [ProfileRow("bob", values={"title": "Dr"})], mode="update", source="api", actor=None
    )
    assert outcome.id == alice.pk


def test_the_history_of_both_goes_on_with_the_survivor(alice: Profile, bob: Profile) -> None:
    ids = set(ProfileChange.objects.values_list("id", flat=True))
    merged = merge(bob, alice)
    assert ids < set(alice.changes.values_list("id", flat=True))
    assert set(alice.changes.filter(absorbed=bob.pk).values_list("deed", flat=True)) == {"created", "updated"}
    entry = alice.changes.get(deed=Deed.MERGED)
    assert entry.pk == merged.change
    assert entry.new["city"] == "Oxford"
    assert entry.new["identifiers"][0] == "distinct_id bob"
    assert entry.old["tags"] == ["vip"]
    assert "first_name" not in entry.new
    origins = origins_of(alice).by_path
    born = alice.changes.own().get(deed=Deed.CREATED)  # type: ignore[attr-defined]
    assert (origins["city"].change, origins["first_name"].change) == (entry.pk, born.pk)


def test_chosen_values_come_before_both(alice: Profile, bob: Profile) -> None:
    merge(bob, alice, chosen={"first_name": "Bob", "city": None, "title": "Prof.", "tags": ["new"]})
    alice.refresh_from_db()
    assert (alice.first_name, alice.city, alice.title, alice.tags) == ("Bob", "", "Prof.", ["new"])


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("email", "no mail", "E-mail"),
        ("custom.nowhere", 1, "There is no property “custom.nowhere”."),
        ("identifiers", [], "There is no property “identifiers”."),
    ],
)
def test_chosen_values_follow_the_rules(
    alice: Profile, bob: Profile, path: str, value: object, reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        merge(bob, alice, chosen={path: value})
    assert Profile.objects.count() == 2


def test_tokens_of_a_channel_are_united(make_profile: Make) -> None:
    one, two = {"token": "one"}, {"token": "two"}
    eve = make_profile("eve", channel__push=[one])
    eva = make_profile("eva", channel__push=[two, one])
    merge(eva, eve)
    eve.refresh_from_db()
    assert [each["token"] for each in eve.channels["push"]] == ["one", "two"]


def test_of_two_settings_of_a_token_the_survivors_stay(make_profile: Make) -> None:
    eve = make_profile("eve", channel__push=[{"token": "one", "status": 0}])
    eva = make_profile("eva", channel__push=[{"token": "one", "status": 1}])
    ios = make_profile("ios", channel__push=[{"token": "one", "integration_id": "ios", "status": 1}])
    merge(eva, eve)
    merge(ios, eve)
    eve.refresh_from_db()
    assert [(each.get("integration_id"), each["status"]) for each in eve.channels["push"]] == [
        (None, 0),
        ("ios", 1),
    ]


def test_there_is_room_for_a_hundred_tokens(make_profile: Make) -> None:
    eve = make_profile("eve", channel__push=[{"token": f"e{n}"} for n in range(60)])
    eva = make_profile("eva", channel__push=[{"token": f"a{n}"} for n in range(60)])
    before = everything(eve, eva)
    merged = merge(eva, eve)
    eve.refresh_from_db()
    assert [each["token"] for each in eve.channels["push"]] == [
        *(f"e{n}" for n in range(60)),
        *(f"a{n}" for n in range(40)),
    ]
    take_back(merged)
    assert everything(eve, eva) == before


def test_there_is_room_for_a_hundred_tags(make_profile: Make) -> None:
    eve = make_profile("eve", tags=[f"e{n}" for n in range(60)])
    eva = make_profile("eva", tags=[f"a{n}" for n in range(60)])
    merge(eva, eve)
    eve.refresh_from_db()
    assert eve.tags == [f"e{n}" for n in range(60)] + [f"a{n}" for n in range(40)]


def test_the_later_time_of_being_seen_stays(make_profile: Make) -> None:
    eve = make_profile("eve", last_seen_at="2026-01-01T00:00:00+00:00", status="disabled")
    eva = make_profile("eva", last_seen_at="2026-02-01T00:00:00+00:00")
    merge(eva, eve)
    eve.refresh_from_db()
    assert eve.last_seen_at
    assert (eve.last_seen_at.month, eve.status) == (2, "disabled")


def test_refusals(alice: Profile, bob: Profile, make_profile: Make, globex: Workspace) -> None:
    tester = make_profile("tester", environment="test")
    stranger = make_profile("stranger", workspace=globex)
    for absorbed, reason in ((alice, "itself"), (tester, "live profile"), (stranger, "no longer")):
        with pytest.raises(Refused, match=reason):
            merge(absorbed, alice)
    with pytest.raises(Refused, match="changed meanwhile"):
        merge(bob, alice, seen={bob.pk: bob.created_at})
    merge(bob, alice, seen={bob.pk: bob.updated_at})
    with pytest.raises(Refused, match="no longer"):
        merge(bob, alice)


def test_it_is_audited_by_ids_alone(editor: Operator, alice: Profile, bob: Profile) -> None:
    merge_profiles(alice.workspace, absorbed=bob.pk, survivor=alice.pk, door=Door.CONSOLE, actor=editor)
    entry = AuditEntry.objects.get(verb="merge")
    assert (entry.operator, entry.subject) == (editor, f"profile {alice.pk}")
    assert "bob" not in f"{entry.subject} {entry.details}"


def test_a_merge_can_be_taken_back(alice: Profile, bob: Profile) -> None:
    before = everything(alice, bob)
    brought = take_back(merge(bob, alice))
    assert brought == bob
    assert everything(alice, bob) == before
    assert (brought.sources, brought.label) == (bob.sources, bob.label)
    assert not Merge.objects.exists()
    assert [change.deed for change in alice.changes.all()[:2]] == ["unmerged", "merged"]
    assert (bob.changes.all()[0].deed, bob.changes.all()[0].new) == ("unmerged", {})
    assert AuditEntry.objects.filter(verb="unmerge").exists()


def test_once_only(alice: Profile, bob: Profile) -> None:
    merged = merge(bob, alice)
    take_back(Merge.objects.get(pk=merged.pk))
    with pytest.raises(Refused, match="already"):
        take_back(merged)
    merge(bob, alice)
    assert Profile.objects.count() == 1


def test_what_was_done_since_to_other_values_stays(editor: Operator, alice: Profile, bob: Profile) -> None:
    merged = merge(bob, alice)
    update_profile(alice, values={"title": "Dr", "first_name": "Alicia"}, actor=editor)
    change_tags(alice, add=["later"], remove=["vip"], actor=editor)
    assert obstacles(merged, Profile.objects.get(pk=alice.pk)) == []
    take_back(merged)
    alice.refresh_from_db()
    assert (alice.title, alice.first_name, alice.city, alice.tags) == ("Dr", "Alicia", "", ["later"])


def test_a_value_that_was_changed_since_stands_in_the_way(
    editor: Operator, alice: Profile, bob: Profile
) -> None:
    merged = merge(bob, alice)
    update_profile(alice, values={"city": "Rome"}, actor=editor)
    alice.refresh_from_db()
    assert obstacles(merged, alice) == [
        "City was changed since: it is “Rome” now, and the merge made it “Oxford”."
    ]
    with pytest.raises(Refused, match="City was changed since"):
        take_back(merged)


def test_tags_that_were_given_since_may_leave_no_room(
    editor: Operator, make_profile: Make, alice: Profile
) -> None:
    eve = make_profile("eve", tags=[f"e{n}" for n in range(60)])
    merged = merge(alice, eve, chosen={"tags": []})
    change_tags(eve, add=[f"n{n}" for n in range(41)], remove=[], actor=editor)
    eve.refresh_from_db()
    assert obstacles(merged, eve) == [
        "With the tags that the merge took away there would be 101, and 100 is the most."
    ]
    with pytest.raises(Refused, match="100 is the most"):
        take_back(merged)
    change_tags(eve, add=[], remove=["n0"], actor=editor)
    take_back(merged)
    eve.refresh_from_db()
    assert eve.tags == [*(f"n{n}" for n in range(1, 41)), *(f"e{n}" for n in range(60))]


def test_a_name_that_was_taken_away_since_stands_in_the_way(alice: Profile, bob: Profile) -> None:
    merged = merge(bob, alice)
    row = ProfileRow("alice", remove_identifiers=[NewIdentifier("bob")])
    write_profiles(alice.workspace, [row], mode="update", source="api", actor=None)
    alice.refresh_from_db()
    assert obstacles(merged, alice) == ["The distinct_id “bob” is not the profile’s any more."]
    write_profiles(alice.workspace, [ProfileRow("bob")], mode="create", source="api", actor=None)
    assert obstacles(merged, alice)[-1] == "There is a profile with the distinct ID “bob” again."


def test_rules_that_came_since_do_not_stand_in_the_way(
    editor: Operator, alice: Profile, bob: Profile
) -> None:
    merged = merge(bob, alice)
    definition = create_property(
        alice.workspace, key="vat", label="VAT", type=PropertyType.TEXT, actor=editor
    )
    type(definition).objects.filter(pk=definition.pk).update(required=True)
    alice.workspace.schema_has_changed()
    assert take_back(merged) == bob


def test_chains_lead_to_their_end_and_are_taken_back_from_there(
    acme: Workspace, alice: Profile, bob: Profile, make_profile: Make
) -> None:
    carol = make_profile("carol", phone="+4915112345679", country="DE")
    three = everything(alice, bob, carol)
    first = merge(carol, bob)
    two = everything(alice, bob)
    second = merge(bob, alice)
    for name in ("carol", "bob", "robert"):
        assert find_profile(acme, "live", name) == alice
    moved = Merge.objects.get(pk=first.pk)
    assert moved.profile_id == alice.pk
    with pytest.raises(Refused, match="“bob”, which had taken it in, was merged into “alice”"):
        take_back(moved)
    take_back(second)
    assert everything(alice, bob) == two
    take_back(Merge.objects.get(pk=first.pk))
    assert everything(alice, bob, carol) == three


def test_one_after_the_other_into_the_same_profile(alice: Profile, bob: Profile, make_profile: Make) -> None:
    carol = make_profile("carol", title="Dr", city="Cork")
    before = everything(alice, bob, carol)
    first, second = merge(bob, alice), merge(carol, alice)
    take_back(first)
    take_back(second)
    assert everything(alice, bob, carol) == before


def test_erasing_the_survivor_leaves_nothing_of_the_absorbed(
    acme: Workspace, alice: Profile, bob: Profile
) -> None:
    merged = merge(bob, alice)
    erase_profiles(acme, [alice.pk], source=Door.CONSOLE, actor=None, deny=True)
    for model in (Merge, Identifier, ProfileChange):
        assert not model.objects.exists()
    assert set(ErasedId.objects.values_list("pk", flat=True)) >= {alice.pk, bob.pk}
    with pytest.raises(Refused, match="deleted"):
        take_back(merged)
    rows = [ProfileRow("bob"), ProfileRow("alice"), ProfileRow("robert")]
    outcomes = write_profiles(acme, rows, mode="upsert", source="api", actor=None)
    assert {outcome.status for outcome in outcomes} == {"refused"}


def test_the_undo_of_a_job_leaves_merged_profiles_alone(acme: Workspace) -> None:
    job = make_job(acme, kind=JobKind.IMPORT, actor=None)
    rows = [ProfileRow("bob", values={"city": "Oxford"}), ProfileRow("eve"), ProfileRow("ann")]
    write_profiles(acme, rows, mode="create", source=Door.IMPORT, actor=None, job=job)
    bob, eve, ann = (Profile.objects.get(distinct_id=row.distinct_id) for row in rows)
    merged = merge(bob, eve)
    assert count_changed(job) == 2
    verdicts = {each.profile.distinct_id: each.deed for each in judge(job, [bob.pk, eve.pk, ann.pk])}
    assert verdicts == {"eve": "leave", "ann": "remove"}
    take_back(merged)
    verdicts = {each.profile.distinct_id: each.deed for each in judge(job, [bob.pk, eve.pk, ann.pk])}
    assert verdicts == {"bob": "remove", "eve": "leave", "ann": "remove"}


VALUES = st.fixed_dictionaries(
    {},
    optional={
        "city": st.sampled_from(["Rome", "Oxford"]),
        "status": st.sampled_from(["active", "disabled"]),
        "tags": st.lists(st.sampled_from(["a", "A", "b", "ç"]), max_size=3, unique_by=str.lower),
        "last_seen_at": st.sampled_from(["2026-01-01T00:00:00+00:00", "2026-02-01T00:00:00.5+00:00"]),
        "channel.push": st.lists(st.sampled_from([{"token": "x"}, {"token": "y"}]), min_size=1, max_size=2),
        "custom.n": st.sampled_from([0, 1, 0.1, True, False, 2**60, "", "0", [1], [], {"lat": 1}]),
    },
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(VALUES, min_size=3, max_size=4), order=st.randoms(use_true_random=False))
def test_whatever_was_merged_comes_back_as_it_was(
    acme: Workspace, people: list[dict[str, Any]], order: Random
) -> None:
    rows = [
        ProfileRow(new_distinct_id(), values=values, identifiers=[NewIdentifier(new_distinct_id(), kind="k")])
        for values in people
    ]
    outcomes = write_profiles(acme, rows, mode="create", source="api", actor=None)
    profiles = list(Profile.objects.filter(pk__in=[outcome.id for outcome in outcomes]))
    before, left, merges = everything(*profiles), [*profiles], []
    while len(left) > 1:
        absorbed, survivor = order.sample(left, 2)
        left.remove(absorbed)
        merges.append((everything(absorbed, survivor), merge(absorbed, survivor), absorbed, survivor))
    for whole, merged, absorbed, survivor in reversed(merges):
        take_back(Merge.objects.get(pk=merged.pk))
        assert everything(absorbed, survivor) == whole
    assert everything(*profiles) == before
