"""The small pieces of the look, through `{% load ui %}`."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone

from profiles.models import TagColour
from profiles.screens.common.markup import SPRITE, avatar, exact_time, initials, user_text, visible

ROOT = Path(__file__).resolve().parent.parent.parent


def rendered(text: str, **context: object) -> str:
    return Template("{% load ui %}" + text).render(Context(context))


def test_an_icon_is_decoration_drawn_from_the_sprite() -> None:
    html = rendered('{% icon "trash" "ms-auto" %}')
    assert 'class="icon ms-auto"' in html
    assert 'aria-hidden="true"' in html
    assert re.search(r'<use href="/static/vendor/tabler-icons[^"]*\.svg#trash">', html)


def test_every_icon_that_a_template_or_a_module_names_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static" / SPRITE).read_text()))
    places = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("profiles/**/*.py")]
    named = {
        name
        for place in places
        for name in re.findall(r"""(?:{% icon |\bicon\(|symbol=)["']([a-z0-9-]+)["']""", place.read_text())
    }
    assert named <= drawn


def test_a_moment_shows_in_the_operators_zone_with_the_exact_time_on_hover() -> None:
    moment = datetime(2024, 3, 12, 23, 5, 7, tzinfo=UTC)
    with timezone.override(ZoneInfo("Europe/Berlin")):
        html = exact_time(moment)
    assert 'title="Wednesday, 13 March 2024, 00:05:07 CET (UTC+01:00)"' in html
    assert 'datetime="2024-03-13T00:05:07+01:00"' in html
    assert ">13 Mar 2024<" in html
    assert ">12 Mar 2024, 23:05<" in rendered('{% exact_time moment "long" %}', moment=moment)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=3), "just now"),
        (timedelta(minutes=5, seconds=3), "5 min ago"),
        (timedelta(hours=3, minutes=59), "3 h ago"),
    ],
)
def test_a_recent_moment_shows_its_age(age: timedelta, words: str) -> None:
    assert f">{words}<" in exact_time(timezone.now() - age)


def test_a_moment_in_the_future_shows_its_date() -> None:
    assert "ago" not in exact_time(timezone.now() + timedelta(hours=2))


@pytest.mark.parametrize(
    ("text", "zone", "shown"),
    [
        ("9999-12-31T23:59:59+00:00", "Asia/Tokyo", "31 Dec 9999"),
        ("0001-01-01T00:00:00+00:00", "America/New_York", "1 Jan 1"),
        ("9999-12-31T23:59:59-12:00", "Asia/Tokyo", "31 Dec 9999"),
    ],
)
def test_a_moment_that_has_no_year_in_the_operators_zone_shows_in_its_own(
    text: str, zone: str, shown: str
) -> None:
    with timezone.override(ZoneInfo(zone)):
        html = exact_time(datetime.fromisoformat(text))
        assert f">{shown}<" in html
        assert f">{shown}, " in exact_time(datetime.fromisoformat(text), is_long=True)


@pytest.mark.parametrize("value", ["", None])
def test_what_is_not_set_shows_a_dash(value: str | None) -> None:
    assert "Not set" in user_text(value)
    assert "Not set" in exact_time(None)


def test_text_of_people_is_escaped_isolated_and_cut() -> None:
    html = user_text("<b>" + "x" * 1_000, limit=20)
    assert html.startswith('<bdi title="&lt;b&gt;xxx')
    assert html.endswith("…</bdi>")
    assert html.count("x") == 1_000 + 16
    assert user_text("<i>") == "<bdi>&lt;i&gt;</bdi>"
    assert user_text(0) == "<bdi>0</bdi>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("user\u202efdp.exe", "user⟨U+202E⟩fdp.exe"),
        ("\ufeffalice", "⟨U+FEFF⟩alice"),
        ("al\u200bice", "al⟨U+200B⟩ice"),
        ("al\u200dice", "al⟨U+200D⟩ice"),
        ("bell\x07", "bell⟨U+0007⟩"),
        ("\u2066x\u2069", "⟨U+2066⟩x⟨U+2069⟩"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("Zoë محمد 李", "Zoë محمد 李"),
    ],
)
def test_what_cannot_be_seen_is_shown_as_its_code(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert user_text(text) == f"<bdi>{shown}</bdi>"


def test_a_tag_keeps_its_colour_and_is_escaped() -> None:
    html = rendered("{% tag_chip name colour %}", name='"><script>', colour="teal")
    assert "chip-teal" in html
    assert "<script>" not in html


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ada Lovelace", "AL"),
        ("ada", "A"),
        ("Ada B. King Lovelace", "AL"),
        ("李小龙", "李"),
        ("(Ada) 😀", "?"),
        ("", "?"),
        ("ßtrange name", "SS"),
    ],
)
def test_initials_are_those_of_the_first_and_the_last_word(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_the_same_name_has_the_same_colour() -> None:
    assert avatar("Ada") == avatar("Ada")
    assert any(f"chip-{colour}" in avatar("Ada") for colour in TagColour.values)
