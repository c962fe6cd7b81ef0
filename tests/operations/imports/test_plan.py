"""A preview writes nothing and says what the import says."""

import random
from collections.abc import Iterator

import pytest
from django.db import connection

from profiles.imports import ColumnMapping
from profiles.models import Job, Profile, ProfileChange, PropertyDefinition, Tag, Workspace
from profiles.operations.jobs import run_job
from tests.operations.imports.conftest import ImportText, MakeJob, csv_of

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = "distinct_id,country,custom.n,tags,environment"


def people(seed: int) -> Iterator[str]:
    """Few people, again and again; values often the same, sometimes bad; tags in any case."""
    choose = random.Random(seed)
    for _ in range(600):
        yield ",".join(
            (
                f"user-{choose.randrange(60)}",
                choose.choice(["", "DE", "FR", "nowhere"]),
                choose.choice(["", "1", "2", "x"]),
                choose.choice(["", "vip", "VIP;beta", "Beta"]),
                choose.choice(["", "live", "test"]),
            )
        )


def tables() -> list[str]:
    found = connection.introspection.table_names()
    return [name for name in found if name.startswith("profiles_preview")]


@pytest.mark.parametrize("mode", ["upsert", "create", "update", "replace"])
def test_it_says_what_the_import_says(import_text: ImportText, mode: str) -> None:
    import_text(csv_of(HEADER, [f"user-{n},DE,1,vip," for n in range(20)]))
    text = csv_of(HEADER, list(people(7)))
    planned = import_text(text, mode=mode, batch=50, is_preview=True)
    assert planned == import_text(text, mode=mode, batch=50)
    assert sum(planned[0].values()) == 600


def test_it_writes_nothing_and_leaves_nothing_behind(import_text: ImportText, acme: Workspace) -> None:
    definitions, version = PropertyDefinition.objects.count(), acme.schema_version
    text = csv_of("distinct_id,custom.n,tags", ["ana,5,vip", "ana,6,vip", "bob,x,vip"])
    assert import_text(text, is_preview=True)[0] == {"created": 2, "updated": 1}
    for model in (Profile, ProfileChange, Tag):
        assert not model._default_manager.exists()
    acme.refresh_from_db()
    assert (PropertyDefinition.objects.count(), acme.schema_version) == (definitions, version)
    assert tables() == []


def test_it_shows_what_would_change(import_text: ImportText, make_job: MakeJob) -> None:
    import_text(csv_of("distinct_id,city,custom.seats", [f"u{n},Rome,5" for n in range(30)]))
    rows = [*(f"u{n},{'Oslo' if n % 2 else 'Rome'},{n},VIP" for n in range(30)), "u0,Bonn,x,", ",Ulm,1,"]
    text = csv_of("distinct_id,city,custom.seats,tags", rows)
    job = run_job(make_job(text, batch=7, writers=3, is_preview=True).pk)
    changes = {change["path"]: change for change in job.report["changes"]}
    assert changes["city"]["count"] == 15
    assert changes["city"]["label"] == "City"
    assert changes["city"]["examples"][0] == {"line": 3, "distinct_id": "u1", "old": "Rome", "new": "Oslo"}
    assert [each["line"] for each in changes["city"]["examples"]] == list(range(3, 23, 2))
    assert changes["tags"]["examples"][0]["new"] == ["VIP"]
    assert (job.report["new_tags"], job.report["new_tag_count"]) == (["VIP"], 1)
    assert job.report["nameless"] == 0
    (kind,) = [each for each in job.report["errors"] if "Seats" in each["reason"]]
    assert kind["reason"] == "Seats must be a whole number"
    assert [(each["line"], each["subject"]) for each in kind["examples"]] == [(32, "u0")]


def test_a_kind_of_error_names_its_column_and_no_value(make_job: MakeJob) -> None:
    text = csv_of("distinct_id,country", ["ana,Atlantis", "bob,Utopia"])
    columns = (
        ColumnMapping("distinct_id", "distinct_id"),
        ColumnMapping("country", "country", words="countries"),
    )
    job = run_job(make_job(text, columns=columns, is_preview=True).pk)
    (kind,) = job.report["errors"]
    assert kind["reason"] == "Column “country”: “…” is no country that is known here by this name"
    assert kind["count"] == 2


def test_it_counts_rows_without_an_id_and_those_about_somebody_again(make_job: MakeJob) -> None:
    text = csv_of("distinct_id,email", [",a@example.com", "ana,", "ana,", "bob,", ",b@example.com", "ana,"])
    job = run_job(make_job(text, batch=2, is_preview=True).pk)
    assert (job.report["nameless"], job.report["repeated"]) == (2, 2)


def test_what_a_cancelled_preview_left_goes_with_the_next(import_text: ImportText, make_job: MakeJob) -> None:
    left = make_job("distinct_id\n", is_preview=True)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE profiles_preview_{left.pk}_people (id uuid)")
    import_text("distinct_id\nana\n", is_preview=True)
    assert tables() == [f"profiles_preview_{left.pk}_people"]
    Job.objects.filter(pk=left.pk).update(state="cancelled")
    import_text("distinct_id\nana\n", is_preview=True)
    assert tables() == []
