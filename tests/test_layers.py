"""Imports point down: doors, operations, filters, queries, imports, schema, models.

Doors never import each other.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "profiles"
# `imports` reads files into rows: what a column means comes from the schema, writing them is an operation.
# `exports` writes what a queryset finds to a file, whoever made the queryset.
LAYERS = ("models", "schema", "imports", "queries", "exports", "filters", "operations")
DOORS = {
    "screens": "screens",
    "templatetags": "screens",
    "jobs": "jobs",
    "management": "management",
    "api": "api",
    "admin": "admin",
}
# They import no layer, so that every layer may import them.
BELOW = ("errors", "queue", "demo", "apps")
SKIPPED = ("migrations", "__init__")


def modules() -> list[Path]:
    return [path for path in PACKAGE.rglob("*.py") if part_of(path) not in SKIPPED]


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path, package: tuple[str, ...], source: str | None = None) -> Iterator[str]:
    """The dotted names that a module imports, relative ones resolved."""
    for node in ast.walk(ast.parse(source or path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def complaint(importer: str, imported: str) -> str:
    """Why `importer`, a part of the package, may not import the dotted name; empty when it may."""
    top, _, rest = imported.partition(".")
    if top == "profiles_site":
        return "the product does not know its site"
    part = rest.split(".")[0]
    if top != "profiles" or not part or part in BELOW:
        return ""
    if importer in BELOW:
        return f"{importer} imports no layer"
    if part in DOORS:
        return "" if DOORS.get(importer) == DOORS[part] else f"{importer} may not import the door {part}"
    if part in LAYERS and importer in LAYERS and LAYERS.index(part) > LAYERS.index(importer):
        return f"{importer} lies below {part}"
    return ""


def complaints(path: Path) -> list[str]:
    package = ("profiles", *path.relative_to(PACKAGE).parent.parts)
    found = ((name, complaint(part_of(path), name)) for name in imports(path, package))
    return [f"{path.relative_to(PACKAGE)} imports {name}: {why}" for name, why in found if why]


def test_every_part_of_the_package_has_its_place() -> None:
    assert {part_of(path) for path in modules()} <= {*LAYERS, *DOORS, *BELOW}


def test_no_import_points_up_or_to_another_door() -> None:
    assert [line for path in modules() for line in complaints(path)] == []


@pytest.mark.parametrize(
    ("importer", "imported", "is_allowed"),
    [
        ("operations", "profiles.queries.profile", True),
        ("screens", "profiles.models.Profile", True),
        ("models", "profiles.errors.Refused", True),
        ("templatetags", "profiles.screens.common", True),
        ("models", "profiles.queries.profile", False),
        ("queries", "profiles.operations.write", False),
        ("operations", "profiles.jobs.indexes", False),
        ("screens", "profiles.jobs.indexes", False),
        ("management", "profiles.admin", False),
        ("queue", "profiles.models", False),
        ("jobs", "profiles_site.settings", False),
    ],
)
def test_it_knows_which_imports_are_allowed(importer: str, imported: str, is_allowed: bool) -> None:
    assert (not complaint(importer, imported)) == is_allowed


def test_it_resolves_relative_imports() -> None:
    package = ("profiles", "operations")
    found = list(imports(PACKAGE, package, "from ..jobs import indexes\nfrom . import write"))
    assert found == ["profiles.jobs.indexes", "profiles.operations.write"]
