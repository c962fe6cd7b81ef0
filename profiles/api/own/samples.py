"""One request in three languages: for a shell, Python and JavaScript, made from one description."""

import json
from typing import Any, Final
from urllib.parse import urlencode

from .api import About
from .protocol import BASE

HOST: Final = "https://profiles.example.com"
_JSON: Final = "application/json"
_PATCH: Final = "application/merge-patch+json"


def samples_of(method: str, about: About) -> list[dict[str, str]]:
    """As `x-codeSamples`. Each needs nothing but the key in PROFILES_KEY; Python needs `requests`."""
    return [
        {"lang": "Shell", "label": "curl", "source": _curl(method, about)},
        {"lang": "Python", "label": "Python", "source": _python(method, about)},
        {"lang": "JavaScript", "label": "JavaScript", "source": _javascript(method, about)},
    ]


def _curl(method: str, about: About) -> str:
    sample = about.sample
    lines = [f"curl -X {method}" if method != "GET" else "curl"]
    lines[0] += f" '{_url(about)}'"
    lines.append('-H "Authorization: Bearer $PROFILES_KEY"')
    if sample.body is not None:
        lines.append(f"-H 'Content-Type: {_type(method)}'")
        body = _indented(sample.body, 2).replace("'", "'\\''")
        lines.append(f"-d '{body}'")
    if about.has_file:
        lines.append("-OJ")
    return " \\\n  ".join(lines)


def _python(method: str, about: About) -> str:
    sample = about.sample
    lines = [
        "import os",
        "",
        "import requests",
        "",
        'headers = {"Authorization": f"Bearer {os.environ[\'PROFILES_KEY\']}"}',
        f"answer = requests.{method.lower()}(",
        f'    "{HOST}{BASE}{sample.path}",',
    ]
    if sample.query:
        lines.append(f"    params={_literal(dict(sample.query), 4)},")
    lines.append("    headers=headers,")
    if sample.body is not None:
        lines.append(f"    json={_literal(sample.body, 4)},")
    lines += [")", "answer.raise_for_status()"]
    lines.append(_python_end(about))
    return "\n".join(lines)


def _python_end(about: About) -> str:
    if about.has_file:
        return 'open("export.csv", "wb").write(answer.content)'
    return "print(answer.json())" if 204 not in about.answers else "print(answer.status_code)"


def _javascript(method: str, about: About) -> str:
    sample = about.sample
    lines = [f'const answer = await fetch("{_url(about)}", {{']
    if method != "GET":
        lines.append(f'  method: "{method}",')
    if sample.body is None:
        lines.append("  headers: { Authorization: `Bearer ${process.env.PROFILES_KEY}` },")
    else:
        lines += [
            "  headers: {",
            "    Authorization: `Bearer ${process.env.PROFILES_KEY}`,",
            f'    "Content-Type": "{_type(method)}",',
            "  },",
            f"  body: JSON.stringify({_indented(sample.body, 2)}),",
        ]
    lines += ["});", "if (!answer.ok) throw new Error((await answer.json()).detail);"]
    end = "await answer.json()" if 204 not in about.answers else "answer.status"
    lines.append(f"console.log({'await answer.text()' if about.has_file else end});")
    return "\n".join(lines)


def _url(about: About) -> str:
    query = f"?{urlencode(about.sample.query)}" if about.sample.query else ""
    return f"{HOST}{BASE}{about.sample.path}{query}"


def _type(method: str) -> str:
    return _PATCH if method == "PATCH" else _JSON


def _indented(body: Any, spaces: int) -> str:
    return json.dumps(body, indent=2, ensure_ascii=False).replace("\n", "\n" + " " * spaces)


def _literal(value: Any, indent: int) -> str:
    """A value in Python's words."""
    text = json.dumps(value, indent=4, ensure_ascii=False).replace("\n", "\n" + " " * indent)
    for word, own in (("true", "True"), ("false", "False"), ("null", "None")):
        text = text.replace(f": {word}", f": {own}")
    return text
