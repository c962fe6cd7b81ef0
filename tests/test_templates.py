"""What holds for every template and script: no inline code, which the policy forbids, and small sizes."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
SCRIPTS = sorted(ROOT.glob("static/js/*.js"))
INLINE = re.compile(r"""\s(style|hx-on[\w:-]*|on[a-z]+)=["']|<style|<script(?![^>]*\ssrc=)""", re.IGNORECASE)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_has_no_inline_style_or_script(template: Path) -> None:
    assert INLINE.findall(template.read_text()) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_part_says_what_it_needs(template: Path) -> None:
    if template.name.startswith("_") and "{{" in template.read_text():
        assert template.read_text().startswith("{# Needs: ")


def test_scripts_stay_small() -> None:
    lines = {script.name: len(script.read_text().splitlines()) for script in SCRIPTS}
    assert max(lines.values()) <= 60, lines
    assert sum(lines.values()) <= 400, lines


def test_vendored_files_carry_their_version_and_have_a_licence_beside_them() -> None:
    vendored = [path for path in ROOT.glob("static/vendor/*.*") if path.suffix != ".LICENSE"]
    for path in vendored:
        product = re.match(r"(.+-\d+\.\d+\.\d+)\.", path.name)
        assert product, path.name
        assert path.with_name(f"{product.group(1)}.LICENSE").exists(), path.name


def test_every_script_is_loaded_by_the_frame() -> None:
    frame = (ROOT / "templates" / "base.html").read_text()
    others = "".join(path.read_text() for path in TEMPLATES)
    assert [script.name for script in SCRIPTS if f"js/{script.name}" not in frame + others] == []
