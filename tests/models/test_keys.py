"""Profile-owned tables can be sharded by profile: the database's own word for it."""

import pytest
from django.apps import apps
from django.db import connection, models

from profiles.models import Profile, derive_id, new_distinct_id

UNIQUE_INDEXES = """
    SELECT array_agg(attname::text ORDER BY attname) FROM pg_index
    JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
    WHERE indrelid = %s::regclass AND indisunique GROUP BY indexrelid
"""


def column_of_profile(model: type[models.Model]) -> str | None:
    if model is Profile:
        return "id"
    for field in model._meta.concrete_fields:
        if field.related_model is Profile:
            return str(field.column)
    return None


OWNED = [model for model in apps.get_app_config("profiles").get_models() if column_of_profile(model)]


@pytest.mark.django_db
@pytest.mark.parametrize("model", OWNED, ids=lambda model: model.__name__)
def test_every_unique_constraint_of_a_profile_owned_table_holds_the_profiles_id(
    model: type[models.Model],
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(UNIQUE_INDEXES, [model._meta.db_table])
        uniques = [row[0] for row in cursor]
    assert uniques
    assert all(column_of_profile(model) in columns for columns in uniques)


def test_the_walk_finds_the_tables_that_belong_to_profiles() -> None:
    assert {model.__name__ for model in OWNED} >= {"Profile", "Identifier", "ProfileChange"}


@pytest.mark.django_db
def test_no_table_of_ours_has_a_trigger_of_its_own() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'profiles_%'"
        )
        assert cursor.fetchall() == []


def test_the_same_parts_give_the_same_version_8_uuid() -> None:
    key = derive_id("workspace", "live", "alice")
    assert key == derive_id("workspace", "live", "alice")
    assert (key.version, key.variant) == (8, "specified in RFC 4122")
    assert key != derive_id("workspace", "test", "alice")
    assert derive_id("a", "bc") != derive_id("ab", "c")


def test_new_distinct_ids_are_version_7_and_differ() -> None:
    made = {new_distinct_id() for _ in range(1000)}
    assert len(made) == 1000
    assert {text[14] for text in made} == {"7"}
