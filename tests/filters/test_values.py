"""Texts of a URL, read as what the property holds."""

import pytest

from profiles.filters.values import read_boolean


@pytest.mark.parametrize(
    ("word", "value"),
    [("true", True), ("Yes", True), (" on ", True), ("t", True), ("0", False), ("off", False), ("N", False)],
)
def test_a_rule_takes_the_words_for_yes_and_no_that_a_value_may_be_given_in(word: str, value: bool) -> None:
    assert read_boolean(word) is value


@pytest.mark.parametrize("word", ["", "maybe", "2"])
def test_other_words_are_neither(word: str) -> None:
    with pytest.raises(ValueError, match="is neither yes nor no"):
        read_boolean(word)
