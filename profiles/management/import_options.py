"""What `import_profiles` is told about a file: by its flags, on top of a preset or a file with a mapping."""

import json
from argparse import ArgumentTypeError
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from django.core.management.base import CommandParser

from profiles.errors import Refused
from profiles.imports import FORMATS, Mapping
from profiles.models import Environment, MappingPreset, Origin, Workspace
from profiles.operations.imports import ImportSettings

STDIN: Final = "-"
_POLICIES: Final = ("mode", "environment", "match", "blank", "existing", "bad")


def add_policies(parser: CommandParser) -> None:
    add = parser.add_argument
    add("--mode", choices=("upsert", "create", "update", "replace"))
    add("--environment", choices=Environment.values, help="of rows that do not say it (default live)")
    add(
        "--match",
        metavar="NAME",
        help="distinct_id (default), email, phone or another identifier",
    )
    add("--blank", choices=("ignore", "clear"), help="what an empty cell does (default ignore)")
    add("--existing", choices=("overwrite", "keep"), help="values that a profile has (default overwrite)")
    add("--bad", choices=("row", "value"), help="what a value that does not fit refuses (default row)")


def add_reading(parser: CommandParser) -> None:
    add = parser.add_argument
    add("--map", metavar="MAPPING", default="", help="a preset of the workspace, or a file with a mapping")
    add("--from", dest="origin", choices=[origin for origin in Origin.values if origin], default="")
    add("--format", choices=FORMATS, help="instead of what the name or the content says")
    add("--encoding", default="", help="if not UTF-8 or what the file's mark says: cp1252 ...")
    add("--delimiter", default="", help="what separates columns, for example ';' or tab")


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ArgumentTypeError("must be 1 or more")
    return number


def settings_of(workspace: Workspace, file: str, options: dict[str, Any]) -> ImportSettings:
    """What the flags say, on top of what the preset says."""
    preset = _preset(workspace, options["map"]) if options["map"] else MappingPreset()
    policies = {name: options[name] for name in _POLICIES if options[name] is not None}
    mapping = replace(Mapping.from_json(preset.mapping), **policies)
    delimiter = "\t" if options["delimiter"] in ("tab", "\\t") else options["delimiter"]
    return ImportSettings(
        Mapping.from_json(mapping.as_json()),
        origin=options["origin"] or preset.origin,
        delimiter=delimiter or preset.delimiter,
        encoding=options["encoding"] or preset.encoding,
        format=options["format"] or "",
        path=file if file == STDIN else str(Path(file).resolve()),
        writers=options["writers"],
        batch=options["batch"],
    )


def _preset(workspace: Workspace, name: str) -> MappingPreset:
    if found := MappingPreset.objects.filter(workspace=workspace, name__iexact=name).first():
        return found
    try:
        return MappingPreset(mapping=json.loads(Path(name).read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise Refused(f"There is neither a preset nor a file “{name}”.") from None
    except (OSError, ValueError) as error:
        raise Refused(f"{name} is no mapping: {error}.") from error
