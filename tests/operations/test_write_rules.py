"""The one way in: which rows are taken, and what they may overwrite."""

from django.utils import timezone

from profiles.models import Profile, PropertyDefinition, Workspace
from profiles.operations.write import ProfileRow

from .writing import statuses, write


def test_create_refuses_who_exists_and_update_who_does_not(acme: Workspace, alice: Profile) -> None:
    (there,) = write(acme, ProfileRow("alice", values={"city": "Oxford"}), mode="create")
    assert there.status == "refused"
    assert there.reasons == ["A live profile with the distinct ID “alice” exists already."]
    assert there.id == alice.pk
    (missing,) = write(acme, ProfileRow("bob", values={"city": "Oxford"}), mode="update")
    assert missing.reasons == ["There is no live profile with the distinct ID “bob”."]
    assert Profile.objects.get().city == ""


def test_replace_clears_what_it_does_not_give_but_keeps_status_and_age(
    acme: Workspace, alice: Profile
) -> None:
    write(acme, ProfileRow("alice", values={"status": "disabled"}))
    write(acme, ProfileRow("alice", values={"city": "Oxford"}), mode="replace")
    after = Profile.objects.get(pk=alice.pk)
    assert (after.city, after.email, after.custom, after.tags) == ("Oxford", "", {}, [])
    assert (after.status, after.created_at) == ("disabled", alice.created_at)


def test_a_profile_without_any_starred_property_is_refused(acme: Workspace) -> None:
    (outcome,) = write(acme, ProfileRow(values={"city": "Rome"}))
    assert outcome.status == "refused"
    assert outcome.reasons == ["At least one of Distinct ID, E-mail, Phone is needed."]
    assert not Profile.objects.exists()


def test_a_required_property_must_be_given_and_may_not_be_cleared(acme: Workspace, alice: Profile) -> None:
    PropertyDefinition.objects.create(workspace=acme, key="plan", label="Plan", required=True)
    acme.schema_has_changed()
    (created,) = write(acme, ProfileRow("bob"))
    (cleared,) = write(acme, ProfileRow("alice", values={"custom.plan": None}))
    (other,) = write(acme, ProfileRow("alice", values={"city": "Rome"}))
    assert (created.reasons, cleared.reasons, other.status) == (
        ["Plan is required."],
        ["Plan is required."],
        "updated",
    )


def test_a_refused_row_does_not_hold_back_the_others(acme: Workspace, alice: Profile) -> None:
    outcomes = write(acme, ProfileRow("alice"), ProfileRow("bob"), mode="create")
    assert statuses(outcomes) == ["refused", "created"]


def test_what_somebody_else_changed_is_not_overwritten_unseen(acme: Workspace, alice: Profile) -> None:
    seen = {"city": None}
    write(acme, ProfileRow("alice", values={"city": "Rome"}, expected=seen))
    (late,) = write(acme, ProfileRow("alice", values={"city": "Oslo"}, expected=seen))
    assert (late.status, late.conflicts) == ("refused", {"city": "Rome"})
    assert Profile.objects.get().city == "Rome"


def test_what_somebody_else_made_as_one_wants_it_is_no_conflict(acme: Workspace, alice: Profile) -> None:
    seen = {"city": None, "title": None}
    write(acme, ProfileRow("alice", values={"city": "Rome"}))
    (same,) = write(acme, ProfileRow("alice", values={"city": "Rome", "title": "Dr"}, expected=seen))
    assert (same.status, same.changed, same.conflicts) == ("updated", ("title",), {})


def test_replace_keeps_what_archived_properties_hold(acme: Workspace, alice: Profile) -> None:
    PropertyDefinition.objects.create(workspace=acme, key="plan", label="Plan", archived_at=timezone.now())
    acme.schema_has_changed()
    write(acme, ProfileRow("alice", values={"city": "Rome"}), mode="replace")
    assert Profile.objects.get().custom == {"plan": "pro"}


def test_a_row_may_fill_in_only_what_is_unset(acme: Workspace) -> None:
    write(acme, ProfileRow("ana", values={"city": "Rome", "tags": ["vip"], "status": "disabled"}))
    fill = {"city": "Oslo", "country": "NO", "tags": ["new"], "status": "active", "email": None}
    assert statuses(write(acme, ProfileRow("ana", values=fill, only_unset=True))) == ["updated"]
    ana = Profile.objects.get()
    assert (ana.city, ana.country, ana.tags, ana.status) == ("Rome", "NO", ["vip"], "disabled")
    assert statuses(write(acme, ProfileRow("ana", values=fill, only_unset=True))) == ["unchanged"]


def test_a_row_may_want_only_a_profile_that_exists(acme: Workspace) -> None:
    """Earlier rows of the batch count: they have created whom a later one changes."""
    rows = [
        ProfileRow("ana", values={"city": "Rome"}, only_existing=True),
        ProfileRow("ana", values={"city": "Oslo"}),
        ProfileRow("ana", values={"city": "Bern"}, only_existing=True),
    ]
    assert statuses(write(acme, *rows)) == ["refused", "created", "updated"]
    assert Profile.objects.get().city == "Bern"


def test_a_replacement_may_keep_to_its_part_of_the_content(acme: Workspace) -> None:
    write(acme, ProfileRow("bob", values={"name": "Bob", "city": "Rome", "custom.a": 1, "tags": ["vip"]}))
    part = ProfileRow("bob", values={"country": "IT", "custom.b": 2}, replaces=("name", "custom."))
    write(acme, part, mode="replace")
    bob = Profile.objects.get(distinct_id="bob")
    assert (bob.name, bob.city, bob.country, bob.custom, bob.tags) == ("", "Rome", "IT", {"b": 2}, ["vip"])
