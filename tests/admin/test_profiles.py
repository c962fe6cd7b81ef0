"""Profiles in Django's admin: written by write_profiles, erased by erase_profiles, found by index."""

from typing import Any

import pytest
from django.test import Client

from profiles.admin import common
from profiles.models import DeletionReceipt, Identifier, Operator, Profile, ProfileChange, Workspace
from profiles.operations.properties import create_property

URL = "/admin/profiles/profile/"


@pytest.fixture
def plan(acme: Workspace) -> Any:
    return create_property(acme, actor=None, key="plan", label="Plan", type="text", max_length=10)


def form_of(page: Any) -> dict[str, Any]:
    """What a browser would post back of the page's form, hidden initial values included."""
    form = page.context["adminform"].form
    posted = {}
    for bound in form:
        shown = bound.field.widget.format_value(bound.value())
        shown = shown[0] if isinstance(shown, list) and shown else shown
        posted[bound.html_name] = posted[bound.html_initial_name] = shown or ""
    return posted


def test_it_lists_and_finds_profiles(root: Client, alice: Profile, make_profile: Any) -> None:
    make_profile("bob", email="bob@example.com")
    page = root.get(URL).content.decode()
    assert "alice@example.com" in page
    assert "bob@example.com" in page
    for sought in ("ali", "liddell", "alice@ex", str(alice.pk), "4915112"):
        page = root.get(URL, {"q": sought}).content.decode()
        assert "alice@example.com" in page, sought
        assert "bob@example.com" not in page
    for sought in ("al", "nobody", "'"):
        assert "alice@example.com" not in root.get(URL, {"q": sought}).content.decode()


def test_it_is_filtered_by_workspace(root: Client, alice: Profile, globex: Workspace) -> None:
    assert "alice" in root.get(URL, {"workspace": alice.workspace_id}).content.decode()
    assert "alice@" not in root.get(URL, {"workspace": globex.pk}).content.decode()
    assert "alice@" not in root.get(URL, {"workspace": "x"}, follow=True).content.decode()


def test_the_list_never_counts_in_full_and_its_queries_do_not_grow(
    root: Client, make_profile: Any, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    for n in range(12):
        make_profile(f"p{n}")
    monkeypatch.setattr(common, "CAP", 5)
    with django_assert_max_num_queries(12) as queries:
        page = root.get(URL)
    assert page.context["cl"].result_count == 5
    counts = [each["sql"] for each in queries.captured_queries if "COUNT(*)" in each["sql"]]
    assert counts
    assert all("LIMIT" in sql for sql in counts)


def test_an_edit_goes_through_the_one_write_path(
    root: Client, superuser: Operator, alice: Profile, plan: Any
) -> None:
    url = f"{URL}{alice.pk}/change/"
    posted = form_of(root.get(url))
    answer = root.post(url, posted | {"city": "Oxford", "custom": '{"plan": "free"}', "tags": "vip;new"})
    assert answer.status_code == 302
    alice.refresh_from_db()
    assert (alice.city, alice.custom, alice.tags) == ("Oxford", {"plan": "free"}, ["vip", "new"])
    change = ProfileChange.objects.filter(profile=alice).latest("id")
    assert (change.door, change.actor) == ("admin", "root")
    assert set(change.new) == {"city", "custom.plan", "tags"}


def identity_of(profile: Profile) -> tuple[Any, ...]:
    fixed = (profile.pk, profile.distinct_id, profile.environment, profile.workspace_id)
    return (*fixed, profile.created_at, profile.sources)


def test_a_posted_identity_changes_nothing(root: Client, alice: Profile, globex: Workspace) -> None:
    url = f"{URL}{alice.pk}/change/"
    identity = {"distinct_id": "bob", "environment": "test", "workspace": globex.pk, "tenant": globex.pk}
    others = {"id": "0" * 32, "created_at": "2000-01-01", "sources": "x"}
    before = (
        alice.pk,
        alice.distinct_id,
        alice.environment,
        alice.workspace_id,
        alice.created_at,
        alice.sources,
    )
    answer = root.post(url, form_of(root.get(url)) | identity | others)
    assert answer.status_code == 302
    alice.refresh_from_db()
    assert identity_of(alice) == before
    assert Profile.objects.count() == 1
    assert ProfileChange.objects.filter(profile=alice).count() == 1


def test_only_what_was_touched_is_written(root: Client, alice: Profile, plan: Any, make_profile: Any) -> None:
    create_property(alice.workspace, actor=None, key="seats", type="integer")
    url = f"{URL}{alice.pk}/change/"
    opened = form_of(root.get(url))
    make_profile("alice", email="new@example.com", custom__seats=5)
    root.post(url, opened | {"city": "Oxford", "custom": '{"plan": "free"}'})
    alice.refresh_from_db()
    assert (alice.city, alice.email, alice.custom) == (
        "Oxford",
        "new@example.com",
        {"plan": "free", "seats": 5},
    )


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"email": "nonsense"}, "E-mail must be an e-mail address like ana@example.com; “nonsense” is not."),
        ({"custom": '{"plan": "far too long"}'}, "Plan may have at most 10 characters"),
        ({"custom": '{"colour": "red"}'}, "There is no property “custom.colour”."),
        ({"custom": "[1]"}, "This must be an object of key and value"),
        ({"custom": "{"}, "Enter a valid JSON."),
        ({"custom": "9" * 5_000}, "Enter a valid JSON."),
        ({"custom": "[" * 100_000}, "Enter a valid JSON."),
        ({"channels": '{"sms": "123"}'}, "SMS must be a phone number with its country code"),
        ({"birthday": "31.1.2000"}, "Birthday must be a date like"),
        ({"tags": "x" * 65}, "Tags may have at most 64 characters each"),
    ],
)
def test_what_does_not_fit_is_explained(
    root: Client, alice: Profile, plan: Any, posted: dict[str, str], sentence: str
) -> None:
    url = f"{URL}{alice.pk}/change/"
    answer = root.post(url, form_of(root.get(url)) | posted)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert ProfileChange.objects.filter(profile=alice).count() == 1


def test_a_profile_is_created_once(root: Client, acme: Workspace) -> None:
    url = f"{URL}add/"
    posted = form_of(root.get(url)) | {"tenant": acme.pk, "environment": "test", "distinct_id": " bob "}
    assert root.post(url, posted).status_code == 302
    bob = Profile.objects.get()
    assert (bob.distinct_id, bob.environment, bob.workspace, bob.sources) == ("bob", "test", acme, ["admin"])
    answer = root.post(url, posted)
    assert "exists already" in answer.content.decode()
    assert ProfileChange.objects.count() == 1


def test_starred_and_required_rules_hold_here_too(root: Client, acme: Workspace) -> None:
    acme.property_definitions.filter(key="distinct_id").update(starred=False)
    acme.property_definitions.filter(key="city").update(required=True)
    acme.schema_has_changed()
    url = f"{URL}add/"
    posted = form_of(root.get(url)) | {"tenant": acme.pk, "environment": "live", "distinct_id": "bob"}
    page = root.post(url, posted).content.decode()
    assert "City is required." in page
    assert "At least one of" in page
    assert not Profile.objects.exists()


def test_deleting_one_leaves_nothing_but_a_receipt(root: Client, alice: Profile) -> None:
    url = f"{URL}{alice.pk}/delete/"
    assert "with their identifiers and history" in root.get(url).content.decode()
    root.post(url, {"post": "yes"})
    assert not Profile.objects.exists()
    assert not ProfileChange.objects.exists()
    receipt = DeletionReceipt.objects.get()
    assert (receipt.count, receipt.door, receipt.actor) == (1, "admin", "root")


def test_deleting_the_selected_erases_them_and_no_others(
    root: Client, acme: Workspace, globex: Workspace, make_profile: Any
) -> None:
    ticked = [make_profile("a"), make_profile("b"), make_profile("c", workspace=globex)]
    kept = make_profile("d")
    posted = {
        "action": "delete_selected",
        "_selected_action": [each.pk for each in ticked],
        "select_across": "1",
    }
    assert root.post(URL, posted).status_code == 200
    root.post(URL, posted | {"post": "yes"})
    assert list(Profile.objects.all()) == [kept]
    assert not Identifier.objects.exists()
    assert sorted(DeletionReceipt.objects.values_list("workspace__slug", "count")) == [
        ("acme", 2),
        ("globex", 1),
    ]
