"""The one way out."""

from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from profiles.models import (
    AuditEntry,
    DeletionReceipt,
    Door,
    ErasedId,
    Identifier,
    Operator,
    Profile,
    ProfileChange,
    Workspace,
)
from profiles.operations.erase import erase_profiles, hash_of, hash_on
from profiles.operations.imports.plan import Plan
from profiles.operations.rows import Mode
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles
from tests.conftest import Make

from .conftest import assert_they_were_found_by_id


def test_it_erases_the_profile_and_all_it_owns_and_nothing_else(
    acme: Workspace, alice: Profile, make_profile: Make, editor: Operator
) -> None:
    bob = make_profile("bob")
    row = ProfileRow("alice", identifiers=[NewIdentifier("old-alice")])
    write_profiles(acme, [row], mode="update", source=Door.CONSOLE, actor=editor)
    receipt = erase_profiles(acme, [alice.pk], source=Door.CONSOLE, actor=editor, reason="Asked for it")
    assert list(Profile.objects.all()) == [bob]
    assert not Identifier.objects.exists()
    assert set(ProfileChange.objects.values_list("profile_id", flat=True)) == {bob.pk}
    assert (receipt.count, receipt.actor, receipt.reason) == (1, "editor", "Asked for it")
    assert receipt.ids_hash == sha256(str(alice.pk).encode()).hexdigest() == hash_of([alice.pk])
    assert AuditEntry.objects.get(verb="erase").details["receipt"] == str(receipt.pk)


def test_every_table_that_belongs_to_profiles_is_emptied(acme: Workspace, alice: Profile) -> None:
    erase_profiles(acme, [alice.pk], source=Door.CONSOLE, actor=None)
    for model in apps.get_app_config("profiles").get_models():
        for field in model._meta.concrete_fields:
            if field.related_model is Profile:
                assert not model._default_manager.filter(**{field.attname: alice.pk}).exists()


def test_ids_of_another_workspace_are_passed_over(acme: Workspace, globex: Workspace, alice: Profile) -> None:
    receipt = erase_profiles(globex, [alice.pk, uuid4()], source=Door.CONSOLE, actor=None)
    assert receipt.count == 0
    assert Profile.objects.filter(pk=alice.pk).exists()


def test_erasing_twice_erases_nothing_more(acme: Workspace, alice: Profile) -> None:
    counts = [erase_profiles(acme, [alice.pk] * 2, source=Door.CONSOLE, actor=None).count for _ in range(2)]
    assert counts == [1, 0]
    assert DeletionReceipt.objects.count() == 2


def test_an_erased_distinct_id_can_be_created_again_and_starts_empty(
    acme: Workspace, alice: Profile, make_profile: Make
) -> None:
    erase_profiles(acme, [alice.pk], source=Door.CONSOLE, actor=None)
    again = make_profile("alice")
    assert again.pk == alice.pk
    assert (again.email, again.tags, again.custom, again.changes.count()) == ("", [], {}, 1)


def test_the_number_of_statements_does_not_depend_on_the_number_of_profiles(acme: Workspace) -> None:
    counts = set()
    for size in (1, 1_000):
        rows = [ProfileRow(f"user-{n}") for n in range(size)]
        outcomes = write_profiles(acme, rows, mode="create", source=Door.CONSOLE, actor=None)
        with CaptureQueriesContext(connection) as queries:
            erase_profiles(acme, [outcome.id for outcome in outcomes], source=Door.CONSOLE, actor=None)
        counts.add(len(queries))
    assert len(counts) == 1


def test_the_hash_of_a_receipt_can_be_gone_on_with() -> None:
    first, second, third = sorted(uuid4() for _ in range(3))
    link = sha256(str(first).encode()).digest()
    link = sha256(link + str(second).encode()).digest()
    assert hash_on(hash_on("", [str(first), str(second)]), [str(third)]) == hash_of([third, first, second])
    assert hash_on("", [str(first), str(second)]) == link.hex()


@pytest.mark.parametrize("mode", ["create", "upsert", "replace"])
def test_an_id_that_is_refused_from_now_on_is_not_created_again(
    acme: Workspace, globex: Workspace, alice: Profile, make_profile: Make, mode: Mode
) -> None:
    make_profile("bob")
    receipt = erase_profiles(acme, [alice.pk], source=Door.CONSOLE, actor=None, deny=True)
    assert receipt.is_denied
    rows = [ProfileRow("alice"), ProfileRow("new"), ProfileRow("alice", environment="test")]
    outcomes = write_profiles(acme, rows, mode=mode, source=Door.CONSOLE, actor=None)
    assert [outcome.status for outcome in outcomes] == ["refused", "created", "created"]
    assert outcomes[0].reasons == ["“alice” was deleted for good, and its distinct ID is refused since."]
    (elsewhere,) = write_profiles(globex, [ProfileRow("alice")], mode=mode, source=Door.CONSOLE, actor=None)
    assert elsewhere.status == "created"
    plan = Plan("profiles_preview_0")
    plan.begin()
    planned = plan.write(acme, rows[:1], mode=mode, source=Door.CONSOLE, actor=None)
    assert planned[0].reasons == outcomes[0].reasons


def test_refusing_an_id_names_nobody_and_is_safe_to_do_twice(acme: Workspace, alice: Profile) -> None:
    erase_profiles(acme, [alice.pk], source=Door.CONSOLE, actor=None, deny=True)
    ErasedId.objects.all().delete()
    write_profiles(acme, [ProfileRow("alice")], mode="create", source=Door.CONSOLE, actor=None)
    ErasedId.objects.create(pk=alice.pk, workspace=acme)
    erase_profiles(acme, [alice.pk], source=Door.CONSOLE, actor=None, deny=True)
    assert list(ErasedId.objects.values_list("pk", flat=True)) == [alice.pk]


def test_profiles_are_found_by_their_ids_before_the_database_knows_how_many_a_workspace_has(
    acme: Workspace, newcomers: list[UUID]
) -> None:
    with CaptureQueriesContext(connection) as asked:
        erase_profiles(acme, newcomers, source=Door.CONSOLE, actor=None)
    assert_they_were_found_by_id(asked)
