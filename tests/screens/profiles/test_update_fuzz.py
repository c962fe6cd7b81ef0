"""Whatever is stored, an untouched form writes nothing; whatever is posted, there is a readable answer."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from profiles.models import Profile, PropertyDefinition, PropertyType, Workspace
from tests.browser_forms import form_of

pytestmark = pytest.mark.django_db

lenient = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

storable = st.characters(codec="utf-8", exclude_characters="\0")
texts = st.text(storable, max_size=40) | st.sampled_from(
    [
        "two\nlines",
        "\nfirst line empty",
        "old\r\nlines\r",
        " spaces around ",
        "",
        "   ",
        "null",
        "[1]",
        "5",
        "05",
        "5.0",
        "true",
        "2026-01-31",
        "2026-W01-1",
        "2026-01-31T10:00",
        "0001-01-01T00:00:00+00:00",
        "9999-12-31T23:59:59+00:00",
        "x" * 300,
        "אבג ‮ rtl",
        "a@bücher.example",
        "&amp; <b> \" '",
    ]
)
numbers = (
    st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([0, 5, 5.0, 1e21, 1e-7])
)
moments = st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat)
places = st.fixed_dictionaries({"lat": st.floats(-90, 90), "lon": st.integers(-180, 180)})
tokens = st.fixed_dictionaries(
    {"token": texts, "status": st.sampled_from([0, 1])}, optional={"integration_id": texts}
)
scalars = texts | numbers | st.booleans() | moments
anything = (
    scalars | st.lists(scalars | tokens, max_size=4) | places | st.dictionaries(texts, scalars, max_size=2)
)


@pytest.fixture
def every_type(acme: Workspace) -> Workspace:
    """A custom property of each type, named after it."""
    PropertyDefinition.objects.bulk_create(
        PropertyDefinition(
            workspace=acme,
            key=type.value,
            label=type.label,
            type=type,
            choices=["free", "pro"] if type == "choice" else [],
        )
        for type in PropertyType
    )
    acme.schema_has_changed()
    return acme


def store(profile: Profile, custom: dict[str, Any]) -> None:
    """Put values past the validator, as older rules or other doors may have left them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE profiles_profile SET custom = %s::jsonb WHERE id = %s", [json.dumps(custom), profile.pk]
        )


@lenient
@given(st.dictionaries(st.sampled_from(PropertyType.values), anything, max_size=8))
@example({"text": "    "})
@example({"text": "\n\n  two\r\n  spaces  \n"})
def test_an_untouched_form_writes_nothing_whatever_is_stored(
    editor_client: Client,
    viewer_client: Client,
    every_type: Workspace,
    alice: Profile,
    custom: dict[str, Any],
) -> None:
    store(alice, custom)
    before = Profile.objects.filter(pk=alice.pk).values().get()
    assert viewer_client.get(f"/w/acme/profiles/{alice.pk}/").status_code == 200
    form = form_of(editor_client.get(f"/w/acme/profiles/{alice.pk}/").content.decode(), "/update/")
    answer = editor_client.post(form.action, form.fields)
    assert answer.status_code == 302, answer.content.decode()
    assert Profile.objects.filter(pk=alice.pk).values().get() == before


@lenient
@given(
    st.dictionaries(
        st.sampled_from(
            [f"custom.{type}" for type in PropertyType.values]
            + [
                "email",
                "birthday",
                "name",
                "country",
                "channel.push",
                "seen",
                "zone",
                "last_change",
                "choice.email",
                "contested.email",
            ]
        )
        | st.text(max_size=10),
        st.text(max_size=60) | texts | anything.map(lambda value: json.dumps(value)),
        max_size=6,
    )
)
def test_whatever_is_posted_is_answered(
    editor_client: Client, every_type: Workspace, alice: Profile, typed: dict[str, str]
) -> None:
    form = form_of(editor_client.get(f"/w/acme/profiles/{alice.pk}/").content.decode(), "/update/")
    answer = editor_client.post(
        form.action,
        form.fields | {key: text.encode(errors="replace").decode() for key, text in typed.items()},
    )
    assert answer.status_code in (302, 409, 422)
    page = editor_client.get(f"/w/acme/profiles/{alice.pk}/")
    assert page.status_code == 200


@lenient
@given(
    st.text(max_size=2_000)
    | anything.map(json.dumps)
    | st.dictionaries(st.sampled_from(["email", "custom.date", "status", "tags"]), anything).map(json.dumps)
)
def test_a_tampered_memory_is_answered(
    editor_client: Client, every_type: Workspace, alice: Profile, seen: str
) -> None:
    answer = editor_client.post(
        f"/w/acme/profiles/{alice.pk}/update/",
        {
            "seen": seen.encode(errors="replace").decode(),
            "city": "Oxford",
            "zone": "Mars/Olympus",
            "last_change": "-1",
        },
    )
    assert answer.status_code in (302, 409, 422)
