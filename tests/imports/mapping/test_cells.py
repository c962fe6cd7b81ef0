"""Numbers, lists, phone numbers and words as people write them."""

from typing import Any

import pytest

from profiles.imports.mapping.cells import converter_for
from profiles.imports.mapping.unfit import Unfit


def read(raw: Any, **styles: str) -> Any:
    convert = converter_for(**styles)
    assert convert
    assert convert(raw) == convert(raw)
    return convert(raw)


def test_without_a_style_cells_are_taken_as_they_are() -> None:
    assert converter_for() is None


@pytest.mark.parametrize(
    ("style", "raw", "number"),
    [
        ("point", "1,234.5", "1234.5"),
        ("point", "1234.5", "1234.5"),
        ("point", "-1,234,567", "-1234567"),
        ("point", "$ 1,234.50", "1234.50"),
        ("point", "1'234.5", "1234.5"),
        ("point", "(1,234)", "-1234"),
        ("point", ".5", ".5"),
        ("point", "1.5E-7", "1.5E-7"),
        ("point", 5, 5),
        ("comma", "1.234,5", "1234.5"),
        ("comma", "1234,5", "1234.5"),
        ("comma", "1 234,5", "1234.5"),
        ("comma", "1 234 567", "1234567"),
        ("comma", "12,50 €", "12.50"),
        ("comma", "EUR 12,50", "12.50"),
        ("comma", "١٢,٥", "12.5"),
    ],
)
def test_numbers_lose_what_separates_them(style: str, raw: Any, number: Any) -> None:
    assert read(raw, numbers=style) == number


@pytest.mark.parametrize(
    ("style", "raw"),
    [
        ("point", "1,23"),
        ("point", "1.234,5"),
        ("point", "1,2345"),
        ("comma", "1,234.5"),
        ("comma", "1.23"),
        ("comma", "1,2,3"),
        ("point", "abc"),
        ("point", ","),
        ("point", "-"),
        ("point", "€"),
        ("point", "5 apples"),
        ("point", "0x10"),
        ("point", "NaN"),
    ],
)
def test_numbers_in_another_style_are_not_guessed(style: str, raw: str) -> None:
    with pytest.raises(Unfit, match="is not a number written like 1"):
        read(raw, numbers=style)


@pytest.mark.parametrize(
    ("raw", "styles", "items"),
    [
        ("a, b,,c", {"separator": ","}, ["a", "b", "c"]),
        ("a || b", {"separator": "||"}, ["a", "b"]),
        ("1,5|2,5", {"separator": "|", "numbers": "comma"}, ["1.5", "2.5"]),
        ('["a, b", 5]', {"separator": "json"}, ["a, b", 5]),
        (["a"], {"separator": ","}, ["a"]),
        (",", {"separator": ","}, []),
    ],
)
def test_lists_are_taken_apart(raw: Any, styles: dict[str, str], items: list[Any]) -> None:
    assert read(raw, **styles) == items


@pytest.mark.parametrize("raw", ["a, b", '{"a": 1}', "[1", "[" * 100_000])
def test_what_is_no_list_of_json_is_unfit(raw: str) -> None:
    with pytest.raises(Unfit, match="not a list"):
        read(raw, separator="json")


@pytest.mark.parametrize(
    ("prefix", "raw", "phone"),
    [
        ("+", "491701234567", "+491701234567"),
        ("+", 491701234567, "+491701234567"),
        ("+", 491701234567.0, "+491701234567"),
        ("+49", "0170 / 123-45.67", "+491701234567"),
        ("+49", "170 1234567", "+491701234567"),
        ("+49", "+43 660 1234567", "+436601234567"),
        ("+49", "0043 660 1234567", "00436601234567"),
        ("+1", "(415) 555-0100", "+14155550100"),
        ("+", ["x"], ["x"]),
    ],
)
def test_phone_numbers_get_their_country_code(prefix: str, raw: Any, phone: Any) -> None:
    assert read(raw, prefix=prefix) == phone


def test_what_is_no_phone_number_is_unfit() -> None:
    with pytest.raises(Unfit, match="“call me” is not a phone number"):
        read("call me", prefix="+")


@pytest.mark.parametrize(
    ("raw", "value"),
    [("Ja", True), ("NEIN", False), ("sí", True), ("não", False), ("x", True), ("1", True), (True, True)],
)
def test_words_for_yes_and_no(raw: Any, value: bool) -> None:
    assert read(raw, words="yes_no") is value


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("de", "DE"),
        ("Germany", "DE"),
        ("Allemagne", "DE"),
        ("ÖSTERREICH", "AT"),
        ("Côte d’Ivoire", "CI"),
        ("U.S.A.", "US"),
        ("España", "ES"),
        ("Türkiye", "TR"),
    ],
)
def test_names_of_countries(raw: str, code: str) -> None:
    assert read(raw, words="countries") == code


@pytest.mark.parametrize(("raw", "words"), [("maybe", "yes_no"), ("Atlantis", "countries"), (5, "countries")])
def test_words_that_are_not_known(raw: Any, words: str) -> None:
    with pytest.raises(Unfit, match=r"is (neither yes nor no|no country)"):
        read(raw, words=words)
