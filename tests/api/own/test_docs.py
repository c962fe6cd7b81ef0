"""The OpenAPI document and the page that is made of it: open to all, and true."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from profiles.api.own.merging import SAMPLE_MERGE
from profiles.api.own.openapi import document
from profiles.api.own.reading import SAMPLE_ID
from profiles.api.own.samples import HOST
from profiles.models import Merge, Scope, Workspace, profile_id
from profiles.operations.merging import merge_profiles
from profiles.operations.properties import create_property
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles

from ..conftest import MakeKey


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_document_is_open_to_all(client: Client, db: None) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert answer.json()["openapi"].startswith("3.1")
    assert answer.json()["servers"] == [{"url": "/api/v1"}]
    assert "ratelimit-limit" not in answer


def test_every_operation_says_what_it_needs_and_may_answer() -> None:
    for path, method, operation in operations():
        assert operation["security"][0]["key"][0] in Scope.values, path
        assert {"401", "403", "422", "429", "503"} <= operation["responses"].keys(), path
        assert [each["lang"] for each in operation["x-codeSamples"]] == ["Shell", "Python", "JavaScript"]
        names = {each["name"] for each in operation["parameters"]}
        assert ("Idempotency-Key" in names) is (method != "get"), path
        assert set(re.findall(r"{(\w+)}", path)) <= names


def test_no_reference_leads_nowhere() -> None:
    found = json.dumps(document(), default=str)
    for kind, name in set(re.findall(r'"#/components/(\w+)/(\w+)"', found)):
        assert name in document()["components"][kind]


def test_the_page_shows_every_operation_without_anything_from_elsewhere(client: Client, db: None) -> None:
    answer = client.get("/api/docs")
    page = answer.content.decode()
    for path, method, operation in operations():
        assert f'id="{operation["operationId"]}"' in page
        assert method.upper() in page
        assert path in page
    assert not re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(?:https?:)?//', page)
    assert not re.findall(r"<script(?![^>]*src=)|<style|style=", page)
    assert HOST not in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for target in set(re.findall(r'href="#([^"]+)"', page)):
        assert target in ids or target == "main"


@pytest.mark.parametrize("language", ["Shell", "Python", "JavaScript"])
def test_the_examples_run(
    live_api: str,
    acme: Workspace,
    make_key: MakeKey,
    language: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Literally, but for the host and the ids, which are those of this workspace."""
    if language == "JavaScript" and not shutil.which("node"):
        pytest.skip("There is no Node here.")
    _, secret = make_key()
    monkeypatch.setenv("PROFILES_KEY", secret)
    monkeypatch.chdir(tmp_path)
    create_property(acme, key="plan", type="choice", choices=["free", "pro"], actor=None)
    for sources in programs(language):
        found = people(acme)
        true = {HOST: live_api, SAMPLE_ID: found["crm/4711"], f"/{SAMPLE_MERGE}:": f"/{merged(acme)}:"}
        run(language, [with_true(each, true) for each in sources])


def with_true(source: str, true: dict[str, str]) -> str:
    return reduce(lambda text, each: text.replace(*each), true.items(), source)


def programs(language: str) -> Iterator[list[str]]:
    """The examples, in as few processes as may be: each deletion begins with people who are there."""
    others = []
    for method, operation in examples():
        source = next(each["source"] for each in operation["x-codeSamples"] if each["lang"] == language)
        if method == "delete":
            yield [source]
        else:
            others.append(source)
    yield others


def run(language: str, sources: list[str]) -> None:
    if language == "Python":
        for source in sources:
            exec(source, {})
        return
    starts = {"Shell": ["sh", "-eu", "-c"], "JavaScript": ["node", "--input-type=module", "-e"]}
    blocks = {"Shell": "{}\n", "JavaScript": "{{ {} }}\n"}
    source = "".join(blocks[language].format(each) for each in sources)
    source = source.replace("curl ", "curl -sS --fail-with-body ")
    done = subprocess.run([*starts[language], source], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{source}\n{done.stdout}\n{done.stderr}"


def examples() -> Iterator[tuple[str, dict[str, Any]]]:
    """Not those that need a job of that number, or to be the first of their kind."""
    for path, method, operation in operations():
        if "/jobs/" not in path and operation["operationId"] not in ("create", "define_property"):
            yield method, operation


def merged(workspace: Workspace) -> int:
    """The merge of crm/4714 into crm/4711."""
    if merge := Merge.objects.filter(distinct_id="crm/4714").first():
        return merge.pk
    (outcome,) = write_profiles(
        workspace, [ProfileRow("crm/4714")], mode="upsert", source="console", actor=None
    )
    survivor = profile_id(workspace, "live", "crm/4711")
    merge = merge_profiles(workspace, absorbed=outcome.id, survivor=survivor, door="api", actor=None)
    return merge.pk


def people(workspace: Workspace) -> dict[str, str]:
    """Those of the examples, as they are before each; their ids by distinct ID."""
    rows = [
        ProfileRow("crm/4711", identifiers=[NewIdentifier("C-1001", "crm_id")]),
        ProfileRow("crm/4712", values={"tags": ["trial"]}),
        ProfileRow("crm/4713"),
    ]
    found = write_profiles(workspace, rows, mode="upsert", source="console", actor=None)
    return {outcome.distinct_id: str(outcome.id) for outcome in found}
