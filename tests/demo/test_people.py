from datetime import date
from itertools import islice

import pytest

from profiles.demo import DEFINITIONS, people
from profiles.models import PropertyDefinition, Workspace
from profiles.operations.properties import seed_definitions
from profiles.schema import schema_of

UNTIL = date(2026, 11, 1)


def test_the_same_arguments_give_the_same_people() -> None:
    assert list(people(500, until=UNTIL)) == list(people(500, until=UNTIL))
    assert list(people(5, until=UNTIL)) != list(people(5, seed=2, until=UNTIL))


def test_no_two_have_the_same_distinct_id_and_dates_ascend() -> None:
    found = list(people(10_000, until=UNTIL))
    assert len({person["distinct_id"] for person in found}) == 10_000
    dates = [person["created_at"] for person in found]
    assert dates == sorted(dates)


def test_a_few_dozen_are_odd() -> None:
    found = list(people(10_000, until=UNTIL))
    assert sum(person["distinct_id"].startswith("odd-") for person in found) == 30
    assert any(len(person["distinct_id"]) == 1024 for person in found)


@pytest.mark.django_db
def test_all_of_them_keep_the_rules_of_their_workspace() -> None:
    workspace = Workspace.objects.create(slug="demo", name="Demo")
    seed_definitions(workspace)
    PropertyDefinition.objects.bulk_create(
        PropertyDefinition(workspace=workspace, **each) for each in DEFINITIONS
    )
    found = [person["values"] for person in islice(people(10_000, until=UNTIL), 10_000)]
    validated = schema_of(workspace).validate_many(found)
    assert [row.errors or row.unknown for row in validated if row.errors or row.unknown] == []
