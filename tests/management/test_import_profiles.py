"""`import_profiles`: what it says, its exit codes, the file of rejects."""

import gzip
import json
from pathlib import Path

import pytest

from profiles.models import Job, MappingPreset, Profile, Workspace
from profiles.operations.jobs import importing

from .conftest import run

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_clean_file_is_summed_up_and_ends_with_0(people: Path) -> None:
    people.write_text("distinct_id,custom.n\nana,1\n")
    code, out, err = run(people)
    assert (code, err) == (0, "")
    assert out == (
        "1 row: 1 created, 0 updated, 0 unchanged, 0 refused.\nNew properties: custom.n (whole number).\n"
    )


def test_refused_rows_are_shown_and_end_with_1(people: Path) -> None:
    code, out, err = run(people)
    assert code == 1
    assert out.startswith("3 rows: 2 created, 0 updated, 0 unchanged, 1 refused.")
    assert err.startswith("Line 3: E-mail")


def test_only_the_first_refused_rows_are_shown(people: Path) -> None:
    people.write_text("distinct_id,email\n" + "ana,nothing\n" * 25)
    code, _, err = run(people)
    assert code == 1
    assert err.count("Line ") == 10
    assert "15 more were refused: --rejects FILE keeps them all." in err


def test_the_rejects_can_be_corrected_and_imported(people: Path, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    code, out, err = run(people, "--rejects", str(rejects))
    assert (code, err) == (1, "")
    assert f"The refused rows are in {rejects}." in out
    text = rejects.read_text()
    assert text.startswith("line,error,distinct_id,email,custom.n\n3,")
    rejects.write_text(text.replace(",nothing,", ",b@example.com,"))
    assert run(rejects)[0] == 0
    bob = Profile.objects.get(distinct_id="bob")
    assert (bob.email, bob.custom) == ("b@example.com", {"n": 2})


def test_the_rejects_may_not_be_the_file_itself(people: Path) -> None:
    before = people.read_text()
    code, _, err = run(people, "--rejects", str(people))
    assert (code, err) == (2, "--rejects may not be the file that is read.")
    assert people.read_text() == before


def test_rejects_that_cannot_be_written_stop_before_the_first_row(people: Path, tmp_path: Path) -> None:
    code, _, err = run(people, "--rejects", str(tmp_path / "no" / "rejects.csv"))
    assert code == 2
    assert "cannot be written" in err
    assert not Job.objects.exists()  # A worker would begin it.


def test_a_dry_run_says_the_same_and_writes_nothing(people: Path) -> None:
    code, out, _ = run(people, "--dry-run")
    assert code == 1
    assert out.startswith("3 rows: 2 created, 0 updated, 0 unchanged, 1 refused.")
    assert "nothing was written" in out
    assert not Profile.objects.exists()


def test_a_dry_run_leaves_the_rejects_to_look_at(people: Path, tmp_path: Path) -> None:
    run(people, "--dry-run", "--rejects", str(tmp_path / "rejects.csv"))
    assert "bob,nothing,2" in (tmp_path / "rejects.csv").read_text()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"distinct_id,email\nana,M\xfcller\n", "0xFC"),
        (b"ana,a@example.com\n", "Does the file have a header?"),
        (b"\x1f\x8bxx", "cannot be unpacked"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_2(people: Path, content: bytes, message: str) -> None:
    people.write_bytes(content)
    code, out, err = run(people)
    assert (code, out) == (2, "")
    assert message in err
    assert not Profile.objects.exists()


def test_a_missing_file_and_a_missing_workspace_end_with_2(people: Path, tmp_path: Path) -> None:
    assert run(tmp_path / "missing.csv")[0] == 2
    assert run(people, "--workspace", "nowhere")[0] == 2


def test_options_say_what_the_file_does_not(people: Path) -> None:
    people.write_bytes("distinct_id;city\nana;Köln\n".encode("cp1252"))
    code, _, _ = run(people, "--delimiter", ";", "--encoding", "cp1252", "--environment", "test")
    assert code == 0
    ana = Profile.objects.get()
    assert (ana.city, ana.environment) == ("Köln", "test")


def test_a_file_without_distinct_ids_is_warned_about(people: Path) -> None:
    people.write_text("email\na@example.com\n")
    code, out, _ = run(people)
    assert code == 0
    assert "1 row had no distinct ID: new people each time the file is imported." in out


def test_it_says_which_columns_are_ignored(people: Path) -> None:
    people.write_text("id,distinct_id,created_at\n7,ana,2020-01-01\n")
    code, _, err = run(people)
    assert (code, err) == (0, "Ignored columns: created_at, id.\n")


def test_it_says_in_the_end_which_keys_were_ignored_late(
    people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "SAMPLE", 1)
    rows = ['{"distinct_id": "ana", "id": 1}', '{"distinct_id": "bob", "id": 2, "sources": []}']
    people.write_text("\n".join(rows))
    code, _, err = run(people, "--format", "jsonl")
    assert (code, err) == (0, "Ignored columns: id, sources.\n")


def test_an_id_without_a_distinct_id_ends_with_2(people: Path) -> None:
    people.write_text("id,email\n7,a@example.com\n")
    code, _, err = run(people)
    assert code == 2
    assert "goes into “distinct_id”" in err
    assert not Profile.objects.exists()


def test_a_lone_surrogate_comes_back_in_the_rejects(people: Path, tmp_path: Path) -> None:
    people.write_text('{"distinct_id":"ana","name":"\\ud800"}\n{"distinct_id":"bob"}\n')
    rejects = tmp_path / "rejects.jsonl"
    code, out, _ = run(people, "--format", "jsonl", "--rejects", str(rejects))
    assert code == 1
    assert out.startswith("2 rows: 1 created, 0 updated, 0 unchanged, 1 refused.")
    assert json.loads(rejects.read_text())["name"] == "\ud800"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is full")
def test_rejects_that_can_be_written_no_further_stop_the_import(people: Path) -> None:
    people.write_text('{"distinct_id":"ana"}\n{"distinct_id":"bob","email":"nothing"}\n')
    code, out, err = run(people, "--rejects", "/dev/full", "--format", "jsonl")
    assert code == 1
    assert err.startswith("The refused rows cannot be written: No space left on device. They are kept:")
    assert "1 created, 0 updated, 0 unchanged, 1 refused." in out


def test_a_file_that_breaks_off_ends_with_1_and_says_where(people: Path) -> None:
    whole = gzip.compress("".join(["distinct_id\n", *(f"u{n * 7919}\n" for n in range(5_000))]).encode())
    people.write_bytes(whole[:-4_000])
    code, out, err = run(people)
    assert code == 1
    assert "it was cut off" in err
    assert f"{Profile.objects.count():,} created" in out


def test_a_dry_run_tells_what_would_change_and_what_would_be_refused(people: Path) -> None:
    people.write_text("distinct_id,city,tags\nana,Rome,\n")
    run(people)
    people.write_text("distinct_id,city,tags,country\nana,Oslo,VIP,NO\nana,Bonn,,DE\nbob,,,Atlantis\n")
    code, out, _ = run(people, "--dry-run")
    assert code == 1
    assert "1 row came again for a profile of an earlier row, and applied on top of it." in out
    assert "City would change in 2 rows: ana: “Rome” to “Oslo”; ana: “Oslo” to “Bonn”." in out
    assert "Refused, in 1 row: Country must be" in out
    assert "(line 4)" in out
    assert "New tags: VIP." in out


def test_a_mapping_comes_from_a_file_or_a_preset_and_flags_go_first(
    people: Path, acme: Workspace, tmp_path: Path
) -> None:
    people.write_text("Kunde;Ort\nana;Bonn\nbob;\n")
    columns = [{"column": "Kunde", "to": "distinct_id"}, {"column": "Ort", "to": "city"}]
    mapping = {"columns": columns, "environment": "test", "blank": "clear"}
    (tmp_path / "map.json").write_text(json.dumps(mapping))
    MappingPreset.objects.create(workspace=acme, name="Kunden", mapping=mapping, delimiter=";")
    assert run(people, "--map", str(tmp_path / "map.json"), "--delimiter", ";")[0] == 0
    assert set(Profile.objects.values_list("environment", "city")) == {("test", "Bonn"), ("test", "")}
    code, out, _ = run(people, "--map", "kunden", "--environment", "live")
    assert (code, out.splitlines()[0]) == (0, "2 rows: 2 created, 0 updated, 0 unchanged, 0 refused.")
    code, _, err = run(people, "--map", "nobody")
    assert (code, err) == (2, "There is neither a preset nor a file “nobody”.")
    (tmp_path / "map.json").write_text('{"colour": "red"}')
    code, _, err = run(people, "--map", str(tmp_path / "map.json"))
    assert code == 2
    assert "colour" in err
