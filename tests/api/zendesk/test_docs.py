"""The examples of docs/zendesk.md do what is said there."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from profiles.models import Workspace
from profiles_site.files import ROOT
from tests.api.conftest import MakeKey


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_its_examples(live_api: str, acme: Workspace, make_key: MakeKey) -> None:
    _, secret = make_key()
    text = (ROOT / "docs/zendesk.md").read_text(encoding="utf-8").replace("http://127.0.0.1:8000", live_api)
    examples: dict[str, str] = dict(re.findall(r"```(sh|python)\n(.*?)```", text, re.DOTALL))
    shell = subprocess.run(
        ["sh", "-c", examples["sh"]], env=os.environ | {"SECRET": secret}, capture_output=True, text=True
    )
    assert '"favorite_color":"red"' in shell.stdout, shell.stderr
    code = f"SECRET = {secret!r}\n{examples['python']}\nprint(profile['name'])"
    python = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert python.stdout == "Jane Doe\n", python.stderr
