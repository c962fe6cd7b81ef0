"""What an import does with empty cells, values that do not fit, values that are there, and whom it finds."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from profiles.errors import Refused
from profiles.imports import ColumnMapping
from profiles.models import Identifier, JobState, Profile, Workspace
from profiles.operations.jobs import run_job
from tests.conftest import make_workspace
from tests.operations.imports.conftest import ImportText, MakeJob, csv_of, results

pytestmark = pytest.mark.django_db(transaction=True)

BY_EMAIL = {"match": "email", "batch": 3}


def mapped(**targets: str) -> tuple[ColumnMapping, ...]:
    return tuple(ColumnMapping(column, to.replace("__", ".")) for column, to in targets.items())


def people() -> set[tuple[str, str]]:
    return set(Profile.objects.values_list("email", "city"))


def test_an_empty_cell_may_clear_a_value(import_text: ImportText) -> None:
    import_text(csv_of("distinct_id,city,country", ["ana,Bonn,DE"]))
    text = csv_of("distinct_id,city,country", ["ana,,FR"])
    assert import_text(text, blank="clear")[0] == {"updated": 1}
    assert (Profile.objects.get().city, Profile.objects.get().country) == ("", "FR")


def test_a_value_that_does_not_fit_may_cost_only_itself(make_job: MakeJob) -> None:
    rows = ["ana,nothing,Bonn", "bob,b@example.com,Ulm", ",also nothing,Kiel"]
    job = run_job(make_job(csv_of("distinct_id,email,city", rows), bad="value").pk)
    counts, refused = results(job)
    assert counts == {"created": 2, "refused": 1}
    assert refused == [(4, "At least one of Distinct ID, E-mail, Phone is needed.")]
    (dropped,) = job.report["dropped"]
    assert (dropped["reason"], dropped["count"]) == (
        "E-mail must be an e-mail address like ana@example.com",
        2,
    )
    assert dropped["examples"][0]["line"] == 2
    assert Profile.objects.get(distinct_id="ana").email == ""


def test_a_wrong_id_refuses_the_row_all_the_same(import_text: ImportText) -> None:
    counts, _ = import_text(csv_of("distinct_id,city", [f"{'x' * 1025},Bonn"]), bad="value")
    assert counts == {"refused": 1}


def test_what_there_is_may_be_kept(import_text: ImportText) -> None:
    import_text(csv_of("distinct_id,city", ["ana,Bonn"]))
    text = csv_of("distinct_id,city,country", ["ana,Ulm,DE", "bob,Kiel,DE", "bob,Jena,FR"])
    assert import_text(text, existing="keep")[0] == {"created": 1, "updated": 1, "unchanged": 1}
    assert set(Profile.objects.values_list("city", "country")) == {("Bonn", "DE"), ("Kiel", "DE")}


def test_to_replace_and_to_keep_exclude_each_other(make_job: MakeJob) -> None:
    with pytest.raises(Refused, match="choose one"):
        make_job("distinct_id\nana\n", mode="replace", existing="keep")


def test_rows_find_their_profile_by_e_mail_whatever_the_case(import_text: ImportText) -> None:
    import_text(csv_of("distinct_id,email", ["ana,Ana@example.com", "bob,bob@example.com"]))
    text = csv_of("email,city", ["ana@EXAMPLE.com,Bonn", "new@example.com,Ulm", ",Kiel"])
    counts, refused = import_text(text, **BY_EMAIL)
    assert counts == {"created": 1, "updated": 1, "refused": 1}
    assert refused == [(4, "The row has no e-mail, by which its profile would be found.")]
    assert Profile.objects.get(distinct_id="ana").city == "Bonn"
    assert import_text(text, **BY_EMAIL)[0] == {"unchanged": 2, "refused": 1}


def test_rows_find_their_profile_by_phone(import_text: ImportText) -> None:
    import_text(csv_of("distinct_id,phone", ["ana,+4915112345678"]))
    counts, _ = import_text(csv_of("phone,city", ["+49 151 12345678,Bonn"]), match="phone")
    assert counts == {"updated": 1}


def test_rows_find_their_profile_by_another_identifier(import_text: ImportText) -> None:
    columns = mapped(ID="distinct_id", CRM="identifier.crm", City="city")
    assert import_text(csv_of("ID,CRM,City", ["ana,77,Bonn"]), columns=columns)[0] == {"created": 1}
    columns = mapped(CRM="identifier.crm", City="city", Mail="email")
    rows = [
        "77,Ulm,",
        "78,Kiel,c@example.com",
        "78,Jena,c@example.com",
        "a,Rom,d@example.com",
        "A,Rom,e@example.com",
    ]
    counts, refused = import_text(csv_of("CRM,City,Mail", rows), columns=columns, match="crm", batch=2)
    assert (counts, refused) == ({"created": 3, "updated": 2}, [])
    assert Profile.objects.get(distinct_id="ana").city == "Ulm"
    assert Profile.objects.get(email="c@example.com").city == "Jena"
    assert Identifier.objects.count() == 4


@pytest.mark.parametrize(
    ("match", "problem"), [("crm", "a mapping has to say"), ("phone", "the file has no such column")]
)
def test_what_cannot_be_matched_is_refused_at_once(make_job: MakeJob, match: str, problem: str) -> None:
    job = run_job(make_job(csv_of("distinct_id,city", ["ana,Bonn"]), match=match).pk)
    assert (job.state, job.done) == (JobState.FAILED, 0)
    assert problem in job.problem


def test_several_or_another_profile_are_refused(import_text: ImportText) -> None:
    import_text(csv_of("distinct_id,email", ["ana,a@example.com", "bob,a@example.com", "cem,c@example.com"]))
    rows = [",a@example.com,Bonn", "dan,c@example.com,Ulm", "cem,c@example.com,Kiel"]
    counts, refused = import_text(csv_of("distinct_id,email,city", rows), **BY_EMAIL)
    assert counts == {"updated": 1, "refused": 2}
    assert [reason for _, reason in refused] == [
        "Several profiles have the e-mail “a@example.com”: nobody can tell which one is meant.",
        "The e-mail “c@example.com” belongs to the profile “cem”, not to “dan”.",
    ]


@pytest.mark.parametrize(
    ("mode", "counts", "reason"),
    [
        ("update", {"updated": 1, "refused": 1}, "There is no live profile with the e-mail “n@example.com”."),
        ("create", {"created": 1, "refused": 1}, "A live profile with the distinct ID “ana” exists already."),
    ],
)
def test_a_match_obeys_the_mode(
    import_text: ImportText, mode: str, counts: dict[str, int], reason: str
) -> None:
    import_text(csv_of("distinct_id,email", ["ana,a@example.com"]))
    text = csv_of("email,city", ["a@example.com,Bonn", "n@example.com,Ulm"])
    found, refused = import_text(text, mode=mode, **BY_EMAIL)
    assert found == counts
    assert [each for _, each in refused] == [reason]


EMAILS = st.sampled_from(["", "a@x.org", "A@x.org", "b@x.org", "c@x.org"])
IDS = st.sampled_from(["", "", "", "one", "two", "three"])
ROWS = st.lists(st.tuples(IDS, EMAILS, st.sampled_from(["", "Bonn", "Ulm"])), min_size=1, max_size=14)


@settings(max_examples=12, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(rows=ROWS, batch=st.integers(1, 14))
def test_a_row_finds_what_earlier_rows_have_made_whatever_the_batches(
    make_job: MakeJob, rows: list[tuple[str, ...]], batch: int
) -> None:
    """One by one is the measure; a preview of the whole says the same."""
    text = csv_of("distinct_id,email,city", [",".join(row) for row in rows])

    def outcome(**options: Any) -> Any:
        workspace = make_workspace(f"w-{Workspace.objects.count()}")
        make = {"workspace": workspace, "match": "email"}
        run_job(make_job(csv_of("distinct_id,email", ["one,a@x.org", "two,d@x.org"]), workspace=workspace).pk)
        job = run_job(make_job(text, **make, **options).pk)
        assert job.state in (JobState.DONE, JobState.PARTIAL), job.problem
        counts, refused = results(job)
        named = [each.replace(name, "?") for _, each in refused for name in [_made_up(each)]]
        stored = Profile.objects.filter(workspace=workspace).values_list("email", "city")
        return counts, named, sorted(stored) if not options.get("is_preview") else None

    alone = outcome(batch=1)
    assert outcome(batch=batch) == alone
    assert outcome(batch=batch, is_preview=True)[:2] == alone[:2]


def _made_up(reason: str) -> str:
    """The distinct ID that was made for somebody, whom a reason names."""
    quoted = reason.split("“")
    return next((part.split("”")[0] for part in quoted[1:] if len(part.split("”")[0]) == 36), "\0")
