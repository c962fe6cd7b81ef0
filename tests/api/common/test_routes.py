"""What stands before every view of applications, and what becomes of what goes wrong in them."""

import json
import logging

import pytest
from django.test import Client

from profiles.models import ApiKey, Operator
from tests.api.conftest import MakeKey

from .conftest import Ask


@pytest.mark.parametrize("path", ["/echo", "/echo/", "/do/x", "/do/x/", "/lost", "/lost/in/space"])
def test_a_path_is_the_same_with_and_without_a_slash(ask: Ask, path: str) -> None:
    assert ask("OPTIONS", path).status_code == (404 if "lost" in path else 204)


def test_options_names_the_methods_and_opens_nothing_to_browsers(ask: Ask) -> None:
    answer = ask("OPTIONS", "/echo", Origin="https://evil.example", Access_Control_Request_Method="POST")
    assert (answer.status_code, answer.headers["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    assert answer.content == b""
    others = [ask("GET", "/echo", Origin="https://evil.example"), ask("PUT", "/echo")]
    for each in (answer, *others):
        assert not [name for name in each.headers if name.lower().startswith("access-control")]


def test_another_method_is_said_in_the_shape_of_the_protocol(ask: Ask) -> None:
    answer = ask("DELETE", "/echo")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    assert json.loads(answer.content)["reason"] == "method_not_allowed"


def test_head_is_get_without_the_body(ask: Ask) -> None:
    whole, head = ask("GET", "/echo"), ask("HEAD", "/echo")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.content)) == whole.headers["Content-Length"]
    assert ask("HEAD", "/do/x").status_code == 405


def test_a_streamed_answer_goes_through(ask: Ask) -> None:
    answer = ask("GET", "/stream")
    assert b"".join(answer.streaming_content) == b"ab"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("how", "status", "reason"),
    [
        ("refuse", 422, "refused"),
        ("missing", 404, "not_found"),
        ("data", 400, "bad_request"),
        ("host", 400, "bad_request"),
        ("down", 503, "unavailable"),
        ("standby", 503, "unavailable"),
        ("break", 500, "failed"),
    ],
)
def test_what_goes_wrong_in_a_view_is_said_in_shape_and_tells_no_secrets(
    ask: Ask, how: str, status: int, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = ask("POST", f"/do/{how}")
    assert (answer.status_code, json.loads(answer.content)["reason"]) == (status, reason)
    assert b"secret" not in answer.content
    assert b"alice" not in answer.content
    assert "alice" not in caplog.text
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_more_parameters_than_are_read_are_the_callers_mistake(ask: Ask) -> None:
    answer = ask("POST", "/do/parameters?" + "&".join(["a=1"] * 5_001))
    assert (answer.status_code, json.loads(answer.content)["reason"]) == (400, "bad_request")


def test_a_request_has_an_id_in_its_answer_and_in_the_log(
    ask: Ask, made: tuple[ApiKey, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    key, secret = made
    given = ask("GET", "/echo", X_Request_Id="from-the-client:1")
    assert given.headers["X-Request-Id"] == "from-the-client:1"
    assert "request=from-the-client:1" in caplog.text
    assert f"key={key.key_id}" in caplog.text
    odd = ("", "a b", "x" * 129)
    made_up = [ask("GET", "/echo", X_Request_Id=each).headers["X-Request-Id"] for each in odd]
    assert all(len(each) == 32 for each in made_up)
    assert len(set(made_up)) == 3
    assert secret not in caplog.text
    assert secret[-40:] not in caplog.text


def test_a_path_cannot_write_lines_into_the_log(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    ask("POST", "/do/x%0a2026-01-01%20forged")
    (record,) = [each for each in caplog.records if each.name == "profiles.api"]
    assert "\n" not in record.getMessage()


def test_an_error_is_logged_once(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    ask("POST", "/do/missing")
    assert [each.name for each in caplog.records if each.name != "django.db.backends"] == ["profiles.api"]


def test_an_operator_who_is_signed_in_is_nobody_here(
    ask: Ask, api: Client, admin: Operator, settings: object
) -> None:
    admin.timezone = "Asia/Tokyo"
    admin.save()
    api.force_login(admin)
    said = json.loads(ask("GET", "/echo").content)
    assert said == {"workspace": "acme", "user": "None", "zone": "UTC"}
    assert ask("GET", "/echo", Authorization="").status_code == 401
    assert json.loads(api.get("/page/").content) == {"user": "admin"}


def test_answers_are_kept_by_nobody_on_the_way(ask: Ask) -> None:
    assert ask("GET", "/echo").headers["Cache-Control"] == "no-store"
    assert "Vary" not in ask("GET", "/echo").headers


@pytest.mark.parametrize(
    "secret",
    [
        "x" * 1_000_000,
        "prf_\0\0\0\0\0\0\0\0\0\0\0\0_00000000",
        "prf_é",
        "Bearer",
        "prf_abcdefghijkm_",
        "'; --",
    ],
)
def test_odd_secrets_are_just_wrong(ask: Ask, secret: str) -> None:
    assert ask("GET", "/echo", Authorization=f"Bearer {secret}").status_code == 401


def test_a_use_is_noted_with_its_door(ask: Ask, made: tuple[ApiKey, str]) -> None:
    ask("GET", "/echo")
    key = ApiKey.objects.get(pk=made[0].pk)
    assert key.last_used_at
    assert key.last_door == "api"


def test_a_key_without_limits_asks_the_database_for_nothing_more(
    api: Client, ask: Ask, make_key: MakeKey, django_assert_num_queries: object
) -> None:
    _, secret = make_key(concurrent_requests=0, requests_per_minute=0)
    ask("GET", "/echo", Authorization=f"Bearer {secret}")
    # Beside the prepared statement that finds the key.
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert ask("GET", "/echo", Authorization=f"Bearer {secret}").status_code == 200


def test_the_log_does_not_say_of_whom_a_path_speaks(
    api: Client, make_key: MakeKey, caplog: pytest.LogCaptureFixture
) -> None:
    _, secret = make_key()
    caplog.set_level(logging.INFO)
    path = "/v1/acme/live/profiles/someone-private"
    assert api.get(path, headers={"Authorization": f"Bearer {secret}"}).status_code == 400
    assert "someone-private" not in caplog.text
    assert "profiles/<" in caplog.text
