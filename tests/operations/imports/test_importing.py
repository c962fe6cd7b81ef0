"""Importing files: what is written, refused, registered; in which order; what stops it."""

import gzip
import io
import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from profiles.errors import Refused
from profiles.imports import ColumnMapping
from profiles.models import (
    AuditEntry,
    Job,
    JobState,
    Profile,
    ProfileChange,
    PropertyDefinition,
    PropertyType,
    Tag,
    UnknownKeys,
    Workspace,
)
from profiles.operations.jobs import Run, importing, run_job
from profiles.operations.jobs.rejects import write_rejects
from tests.operations.imports.conftest import ImportText, MakeJob, csv_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_imports_columns_channels_custom_and_tags(import_text: ImportText, acme: Workspace) -> None:
    header = "distinct_id,email,birthday,channel.sms,custom.seats,tags,status,environment,last_seen_at"
    row = "ana,ANA@example.com,1990-02-28,+49 30 123456,5,vip;beta,disabled,test,2026-01-02T03:04:05Z"
    assert import_text(csv_of(header, [row])) == ({"created": 1}, [])
    ana = Profile.objects.get(distinct_id="ana")
    assert (ana.email, ana.channels, ana.custom) == ("ANA@example.com", {"sms": "+4930123456"}, {"seats": 5})
    assert (ana.tags, ana.status, ana.environment) == (["vip", "beta"], "disabled", "test")
    assert ana.sources == ["import"]
    assert ana.changes.get().door == "import"
    audit = AuditEntry.objects.get(verb="import")
    assert (audit.workspace, audit.details["created"]) == (acme, 1)


def test_an_empty_cell_leaves_the_value_and_replace_clears_it(import_text: ImportText) -> None:
    import_text(csv_of("distinct_id,city,country", ["ana,Bonn,DE"]))
    text = csv_of("distinct_id,city,country", ["ana,,FR"])
    assert import_text(text)[0] == {"updated": 1}
    assert Profile.objects.get().city == "Bonn"
    assert import_text(text, mode="replace")[0] == {"updated": 1}
    assert Profile.objects.get().city == ""


def test_null_in_json_clears_a_value(import_text: ImportText) -> None:
    import_text(csv_of("distinct_id,city,country", ["ana,Bonn,DE"]))
    assert import_text('{"distinct_id": "ana", "city": null}\n', name="x.jsonl")[0] == {"updated": 1}
    assert (Profile.objects.get().city, Profile.objects.get().country) == ("", "DE")


def test_modes_refuse_what_they_do_not_take(import_text: ImportText, alice: Profile) -> None:
    text = csv_of("distinct_id,city", ["alice,Bonn", "bob,Bonn", ",Bonn"])
    counts, refused = import_text(text, mode="update")
    assert counts == {"updated": 1, "refused": 2}
    assert refused == [
        (3, "There is no live profile with the distinct ID “bob”."),
        (4, "A row without a distinct ID cannot update a profile."),
    ]
    counts, refused = import_text(text, mode="create")
    assert counts == {"created": 1, "refused": 2}
    assert refused == [
        (2, "A live profile with the distinct ID “alice” exists already."),
        (4, "At least one of Distinct ID, E-mail, Phone is needed."),
    ]


def test_every_reason_of_a_refused_row_is_told_and_the_others_are_imported(import_text: ImportText) -> None:
    rows = ["ana,a@example.com,DE", "bob,nothing,Atlantis", "cem,c@example.com", "dan,d@example.com,FR"]
    counts, refused = import_text(csv_of("distinct_id,email,country", rows), batch=2)
    assert counts == {"created": 2, "refused": 2}
    assert [line for line, _ in refused] == [3, 4]
    assert "E-mail" in refused[0][1]
    assert "Country" in refused[0][1]
    assert refused[1][1] == "The row has 2 fields, the header has 3."


def test_a_profile_that_comes_again_is_changed_in_the_order_of_the_file(import_text: ImportText) -> None:
    rows = [f"user-{n % 7},{n},v{n}" for n in range(500)]
    counts, refused = import_text(csv_of("distinct_id,custom.n,city", rows), batch=20, writers=3)
    assert (counts, refused) == ({"created": 7, "updated": 493}, [])
    for profile in Profile.objects.all():
        last = max(n for n in range(500) if f"user-{n % 7}" == profile.distinct_id)
        assert (profile.custom["n"], profile.city) == (last, f"v{last}")
        assert [change.new["custom.n"] for change in profile.changes.order_by("id")] == [
            n for n in range(500) if f"user-{n % 7}" == profile.distinct_id
        ]


def test_the_counts_add_up_and_refused_rows_come_in_the_order_of_the_file(import_text: ImportText) -> None:
    rows = [f"user-{n % 400},{'bad' if n % 10 == 3 else 'DE'}" for n in range(1_000)]
    for expected in ({"created": 360, "unchanged": 540}, {"unchanged": 900}):
        counts, refused = import_text(csv_of("distinct_id,country", rows), batch=64, writers=2)
        assert counts == expected | {"refused": 100}
        assert [line for line, _ in refused] == [n + 2 for n in range(1_000) if n % 10 == 3]


def test_new_custom_columns_are_registered_with_the_type_of_their_values(import_text: ImportText) -> None:
    header = "distinct_id,custom.seats,custom.price,custom.on,custom.since,custom.note,custom.void"
    import_text(csv_of(header, ["ana,5,1.50,yes,2026-01-02,x,", "bob,7,2,no,2025-01-02,5,"]))
    types = dict(PropertyDefinition.objects.filter(kind="custom").values_list("key", "type"))
    assert types == {
        "seats": PropertyType.INTEGER,
        "price": PropertyType.NUMBER,
        "on": PropertyType.BOOLEAN,
        "since": PropertyType.DATE,
        "note": PropertyType.TEXT,
        "void": PropertyType.TEXT,
    }
    assert Profile.objects.get(distinct_id="bob").custom == {
        "seats": 7,
        "price": 2,
        "on": False,
        "since": "2025-01-02",
        "note": "5",
    }


def test_a_key_that_comes_late_in_json_is_registered_too(
    import_text: ImportText, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "SAMPLE", 3)
    rows = [json.dumps({"distinct_id": f"u{n}", "custom": {f"k{n}": n}}) for n in range(12)]
    assert import_text("\n".join(rows), name="x.jsonl", batch=4) == ({"created": 12}, [])
    assert PropertyDefinition.objects.filter(kind="custom").count() == 12
    assert Profile.objects.get(distinct_id="u11").custom == {"k11": 11}


def test_a_wrong_key_that_comes_late_in_json_costs_its_row_only(
    import_text: ImportText, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "SAMPLE", 1)
    text = '{"distinct_id": "ana"}\n{"distinct_id": "bob", "e-mail": "b@example.com", "custom": {"x": 1}}\n'
    counts, refused = import_text(text, name="x.jsonl")
    assert counts == {"created": 1, "refused": 1}
    assert refused == [(2, "There is no property “e-mail” (did you mean email?).")]


def test_a_workspace_that_refuses_unknown_keys_refuses_the_file(make_job: MakeJob, acme: Workspace) -> None:
    Workspace.objects.filter(pk=acme.pk).update(unknown_keys=UnknownKeys.REFUSE)
    job = run_job(make_job(csv_of("distinct_id,custom.plan", ["ana,pro"])).pk)
    assert job.state == JobState.FAILED
    assert "has no property custom.plan" in job.problem
    assert not Profile.objects.exists()


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (
            "distinct_id,e-mail,plan",
            r"“e-mail” \(did you mean email\?\); “plan”\. A column of your own needs",
        ),
        ("distinct_id,channel.fax", "“channel.fax”"),
        ("distinct_id,custom.", "“custom.”"),
        ("ana,a@example.com", "Does the file have a header"),
    ],
)
def test_columns_that_nobody_knows_refuse_the_file(make_job: MakeJob, header: str, message: str) -> None:
    job = run_job(make_job(csv_of(header, ["x,y"])).pk)
    assert job.state == JobState.FAILED
    assert re.search(message, job.problem)
    assert not Profile.objects.exists()


def test_an_archived_column_refuses_the_file(
    import_text: ImportText, make_job: MakeJob, acme: Workspace
) -> None:
    import_text(csv_of("distinct_id,custom.plan", ["ana,pro"]))
    acme.property_definitions.filter(key="plan").update(archived_at="2026-01-01T00:00:00Z")
    acme.schema_has_changed()
    job = run_job(make_job(csv_of("distinct_id,custom.plan", ["ana,pro"])).pk)
    assert job.state == JobState.FAILED
    assert "Archived properties take no values: custom.plan" in job.problem


def test_a_file_without_distinct_ids_makes_new_profiles(import_text: ImportText) -> None:
    text = csv_of("email", ["a@example.com", "b@example.com"])
    assert import_text(text)[0] == {"created": 2}
    assert import_text(text)[0] == {"created": 2}


def test_what_the_database_refuses_costs_its_row_only(import_text: ImportText, acme: Workspace) -> None:
    """A value too long for the index of its property is found out by PostgreSQL alone."""
    import_text(csv_of("distinct_id,custom.code", ["zoe,x"]))
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX too_small ON profiles_profile ((custom -> 'code'), id)")
    try:
        long = "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(3_000))
        rows = [f"user-{n},{long if n == 13 else n}" for n in range(40)]
        counts, refused = import_text(csv_of("distinct_id,custom.code", rows))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX too_small")
    assert counts == {"created": 39, "refused": 1}
    assert refused[0][0] == 15
    assert refused[0][1].startswith("The database refuses the row: index row")


def test_too_many_writers_are_refused_before_the_first_row(make_job: MakeJob) -> None:
    with pytest.raises(Refused, match="At most 16 writers"):
        make_job(csv_of("distinct_id,custom.n", ["ana,1"]), writers=17)
    assert not Job.objects.exists()


def test_there_may_be_many_writers(import_text: ImportText) -> None:
    rows = [f"user-{n}" for n in range(100)]
    assert import_text(csv_of("distinct_id", rows), writers=16, batch=20) == ({"created": 100}, [])


def test_a_file_that_breaks_off_is_imported_up_to_there(make_job: MakeJob) -> None:
    text = csv_of("distinct_id,city", [f"user-{n},{n * 7919 % 10007}" for n in range(5_000)])
    whole = gzip.compress(text.encode())
    job = run_job(make_job(whole[: len(whole) // 2], name="people.csv.gz", batch=500).pk)
    assert job.state == JobState.FAILED
    assert "it was cut off" in job.problem
    assert 1_000 < job.created == Profile.objects.count() == ProfileChange.objects.count()
    for profile in Profile.objects.all():
        assert int(profile.city) == int(profile.distinct_id[5:]) * 7919 % 10007


def test_the_same_file_twice_at_once(make_job: MakeJob) -> None:
    rows = [f"user-{n % 300},{n},t{n % 5}" for n in range(900)]
    jobs = [make_job(csv_of("distinct_id,custom.n,tags", rows), batch=100) for _ in range(2)]

    def run(job: Job) -> Job:
        try:
            return run_job(job.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        jobs = list(pool.map(run, jobs))
    assert [job.total for job in jobs] == [900, 900]
    assert sum(job.created for job in jobs) == Profile.objects.count() == 300
    assert not any(job.refused for job in jobs)
    assert {profile.custom["n"] for profile in Profile.objects.all()} == set(range(600, 900))
    assert Tag.objects.count() == 5


def test_a_property_archived_before_the_run_refuses_the_mapping(make_job: MakeJob, acme: Workspace) -> None:
    columns = (
        ColumnMapping("ID", "distinct_id"),
        ColumnMapping("Plan", "custom.plan", type="text", label="Plan"),
    )
    text = csv_of("ID,Plan", ["ana,pro"])
    assert run_job(make_job(text, columns=columns).pk).created == 1
    acme.property_definitions.filter(key="plan").update(archived_at="2026-01-01T00:00:00Z")
    Workspace.objects.get(pk=acme.pk).schema_has_changed()
    job = run_job(make_job(text, columns=columns).pk)
    assert (job.state, job.done) == (JobState.FAILED, 0)
    assert "archived property custom.plan" in job.problem


def test_a_property_archived_during_the_run_refuses_the_rows_from_there(
    make_job: MakeJob, acme: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    check, calls = Run.check, []

    def archive(run: Run) -> None:
        calls.append(run)
        if len(calls) == 4:
            acme.property_definitions.filter(key="plan").update(archived_at="2026-01-01T00:00:00Z")
            Workspace.objects.get(pk=acme.pk).schema_has_changed()
        check(run)

    monkeypatch.setattr(Run, "check", archive)
    rows = [f"user-{n},pro" for n in range(50)]
    job = run_job(make_job(csv_of("distinct_id,custom.plan", rows), batch=10).pk)
    assert (job.state, job.created, job.refused) == (JobState.PARTIAL, 20, 30)
    assert job.report["errors"][0]["reason"] == "Plan is archived and takes no values"


def test_a_mapping_creates_properties_also_where_unknown_ones_are_refused(
    make_job: MakeJob, acme: Workspace
) -> None:
    Workspace.objects.filter(pk=acme.pk).update(unknown_keys=UnknownKeys.REFUSE)
    columns = (
        ColumnMapping("ID", "distinct_id"),
        ColumnMapping("Sitze", "custom.seats", type="integer", label="Sitze"),
    )
    for is_preview in (True, False):
        job = run_job(make_job(csv_of("ID,Sitze", ["ana,5"]), columns=columns, is_preview=is_preview).pk)
        assert job.report["new_properties"] == [{"path": "custom.seats", "type": "integer", "label": "Sitze"}]
        assert PropertyDefinition.objects.filter(label="Sitze").exists() is not is_preview
    assert Profile.objects.get().custom == {"seats": 5}


def test_an_export_of_another_product_is_imported_and_its_rejects_too(make_job: MakeJob) -> None:
    good = {"type": "identify", "userId": "ana", "traits": {"email": "ana@example.com"}}
    bad = {"type": "identify", "userId": "bob", "traits": {"email": "nothing"}}
    text = "\n".join(map(json.dumps, (good, bad)))
    job = run_job(make_job(text, name="calls.jsonl", origin="segment").pk)
    assert (job.created, job.refused) == (1, 1), job.problem
    stream = io.StringIO()
    write_rejects(job, stream)
    corrected = stream.getvalue().replace('"nothing"', '"b@example.com"')
    again = run_job(make_job(corrected, name="again.jsonl", origin="segment").pk)
    assert (again.created, again.refused) == (1, 0), again.problem


def test_the_database_gets_to_know_how_large_an_import_makes_a_workspace(
    acme: Workspace, import_text: ImportText
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE profiles_profile")
        import_text(csv_of("distinct_id", [f"person-{number}" for number in range(1_500)]), batch=500)
        cursor.execute(
            "SELECT most_common_vals::text FROM pg_stats"
            " WHERE tablename = 'profiles_profile' AND attname = 'workspace_id'"
        )
        assert cursor.fetchall() == [(f"{{{acme.pk}}}",)]
