"""The real web server on the benchmark's database, and a signed-in visitor."""

import http.client
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from gzip import decompress
from html.parser import HTMLParser
from importlib import import_module
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command

from profiles.models import Member, Operator, Role, Workspace
from profiles_site.files import ROOT, VAR
from profiles_site.run import _granian

_OPERATOR = "bench"
_BACKEND = "django.contrib.auth.backends.ModelBackend"
_SECONDS_TO_START = 60
_LOG = VAR / "bench" / "server.log"


@dataclass(slots=True)
class Answer:
    status: int
    text: str
    milliseconds: float


class Visitor:
    """Somebody signed in, on one connection that is kept open, as a browser does."""

    def __init__(self, port: int, session: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._cookies = {settings.SESSION_COOKIE_NAME: session}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, fields: list[tuple[str, str]]) -> Answer:
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "Accept-Encoding": "gzip",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        started = time.perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        milliseconds = (time.perf_counter() - started) * 1000
        if response.headers["Content-Encoding"] == "gzip":
            content = decompress(content)
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, rest = cookie.partition("=")
            self._cookies[name] = rest.partition(";")[0]
        return Answer(response.status, content.decode(), milliseconds)


@contextmanager
def visitor_of(workspace: Workspace) -> Iterator[Visitor]:
    """Somebody who is signed in at a server that is stopped in the end."""
    with serving() as port:
        yield Visitor(port, _session_of(_operator_in(workspace)))


@contextmanager
def serving(application: str = "profiles_site.wsgi:application") -> Iterator[int]:
    """Start the server with two workers, as `make run` does, and stop it in the end. Yields its port."""
    call_command("collectstatic", interactive=False, verbosity=0)
    port = _free_port()
    command = [*_granian("127.0.0.1", port)[:-1], application]
    # Lines for each request are a part of what it takes; a terminal is not.
    _LOG.parent.mkdir(parents=True, exist_ok=True)
    with _LOG.open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def fields_of(html: str, action: str) -> list[tuple[str, str]]:
    """What the form with this action would send."""
    reader = _FormReader(action)
    reader.feed(html)
    return reader.fields


class _FormReader(HTMLParser):
    def __init__(self, action: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self._action = action
        self._is_inside = False
        self._select = ""
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._is_inside = given.get("action") == self._action
        if not self._is_inside:
            return
        name = given.get("name", "")
        if tag == "input" and name and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self.fields.append((name, given.get("value", "")))
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given and self._select:
            self.fields.append((self._select, given.get("value", "")))
        elif tag == "textarea":
            self.fields.append((name, ""))
            self._text = []

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text is not None:
            self.fields[-1] = (self.fields[-1][0], "".join(self._text).removeprefix("\n"))
            self._text = None
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._is_inside = False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(_SECONDS_TO_START * 20):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)  # The web server has no way to tell us that it listens.
        else:
            return
    raise SystemExit(f"The web server does not answer; {_LOG} may say why.")


def _operator_in(workspace: Workspace) -> Operator:
    operator, _ = Operator.objects.get_or_create(username=_OPERATOR)
    Member.objects.get_or_create(workspace=workspace, operator=operator, defaults={"role": Role.ADMIN})
    return operator


def _session_of(operator: Operator) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(operator.pk)
    session[BACKEND_SESSION_KEY] = _BACKEND
    session[HASH_SESSION_KEY] = operator.get_session_auth_hash()
    session.create()
    return str(session.session_key)
