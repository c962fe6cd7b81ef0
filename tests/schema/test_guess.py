"""What a column of unknown values is taken for."""

from typing import Any

import pytest

from profiles.schema import guess_type


@pytest.mark.parametrize(
    ("values", "type"),
    [
        ([], "text"),
        (["", None], "text"),
        (["1", "22", ""], "integer"),
        (["1", "2.5"], "number"),
        ([1, 2.5], "number"),
        (["01234", "99999"], "text"),
        (["+4930123456", "+4930123457"], "phone"),
        (["true", "No"], "boolean"),
        ([True], "boolean"),
        (["1", "0"], "integer"),
        (["2024-01-31"], "date"),
        (["2024-01-31T10:00:00Z", "2024-01-31 10:00"], "datetime"),
        (["2024-01-31", "soon"], "text"),
        (["20240131"], "integer"),
        (["a@b.example"], "email"),
        (["https://a.example", "http://b.example"], "url"),
        ([["a", 1]], "text_list"),
        ([[1, 2.5]], "number_list"),
        ([{"lat": 1, "lon": 2}], "geo"),
        (["free", "pro"], "text"),
    ],
)
def test_it_takes_the_narrowest_type_that_fits(values: list[Any], type: str) -> None:
    assert guess_type(values) == type
