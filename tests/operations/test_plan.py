"""A dry run writes nothing and says what a real one says."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from profiles.imports import open_source, table_of
from profiles.models import AuditEntry, Profile, ProfileChange, PropertyDefinition, Tag, Workspace
from profiles.operations.imports import Import

pytestmark = pytest.mark.django_db(transaction=True)


def run(
    workspace: Workspace, path: Path, **options: Any
) -> tuple[dict[str, int], list[tuple[int, list[str]]]]:
    refusals: list[tuple[int, list[str]]] = []
    task = Import(workspace, table_of(open_source(str(path))), writers=2, **options)
    task.refused = lambda rows: refusals.extend((row.line, reasons) for row, reasons in rows)
    task.prepare()
    task.run()
    return dict(task.progress.counts), refusals


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


@pytest.mark.parametrize("mode", ["upsert", "create", "update", "replace"])
def test_it_says_what_the_real_import_says(acme: Workspace, tmp_path: Path, mode: str) -> None:
    header = "distinct_id,country,custom.n,tags,environment\n"
    before = tmp_path / "before.csv"
    before.write_text(header + "".join(f"user-{n},DE,1,vip,\n" for n in range(20)))
    run(acme, before)
    path = tmp_path / "people.csv"
    path.write_text(header + "\n".join(people(7)))
    planned = run(acme, path, mode=mode, batch=50, is_dry_run=True)
    assert planned == run(acme, path, mode=mode, batch=50)
    assert sum(planned[0].values()) == 600


def test_it_writes_nothing(acme: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("distinct_id,custom.n,tags\nana,5,vip\nana,6,vip\nbob,x,vip\n")
    definitions = PropertyDefinition.objects.count()
    version = acme.schema_version
    assert run(acme, path, is_dry_run=True)[0] == {"created": 2, "updated": 1, "refused": 0}
    for model in (Profile, ProfileChange, Tag, AuditEntry):
        assert not model._default_manager.exists()
    acme.refresh_from_db()
    assert (PropertyDefinition.objects.count(), acme.schema_version) == (definitions, version)
