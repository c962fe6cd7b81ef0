"""Two profiles become one."""

import pytest

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
    Workspace,
)
from profiles.operations.erase import erase_profiles
from profiles.operations.jobs.queueing import make_job
from profiles.operations.jobs.undo_plan import judge
from profiles.operations.merging import merge_profiles
from profiles.operations.write import ProfileRow, write_profiles
from profiles.queries.names import find_profile
from profiles.queries.profile import origins_of
from profiles.queries.undo import count_changed
from tests.conftest import Make

from .conftest import everything, merge, take_back

pytestmark = pytest.mark.django_db


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
