"""Headers are found whatever their case, and are those that Django finds."""

from django.http.request import HttpHeaders

from profiles.api.common.headers import SentHeaders

SENT = {"HTTP_X_REQUEST_ID": "1", "CONTENT_TYPE": "text/plain", "CONTENT_LENGTH": "3", "PATH": "/bin"}


def test_one_is_found_by_its_name() -> None:
    found = SentHeaders(SENT)
    assert found["X-Request-Id"] == found.get("x-request-id") == "1"
    assert (found["Content-Type"], found["content-length"]) == ("text/plain", "3")
    assert found.get("Path") is None
    assert found.get("Accept", "any") == "any"
    assert "If-Match" not in found


def test_all_of_them_are_what_django_says() -> None:
    assert dict(SentHeaders(SENT)) == dict(HttpHeaders(SENT))
    assert len(SentHeaders(SENT)) == 3
