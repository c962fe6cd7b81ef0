"""`python -m bench`: measure with a million made-up profiles in a database of its own; print one table."""

import argparse
import sys
from pathlib import Path

from .database import source_of, use_own_database
from .table import Line, print_table

PARTS = ("pages", "api", "export", "import", "changes")
# It empties and fills the database, which the other parts want as it was.
ALONE = "growth"


def main() -> int:
    options = _options()
    use_own_database(fresh=options.fresh, source=source_of(options.file))
    # Only now, because Django reads its settings once.
    from . import api, changes, dataset, exports, growth, imports, pages

    workspace = dataset.load(rows=0 if options.only == [ALONE] else options.rows, file=options.file)
    lines: list[Line] = []
    if "pages" in options.only:
        lines += pages.measure(workspace, requests=options.requests)
    if "api" in options.only:
        lines += api.measure(workspace, rows=options.rows, requests=options.requests, rounds=options.rounds)
    if "export" in options.only:
        lines += exports.measure(workspace, rows=options.rows, rounds=options.rounds)
    if "import" in options.only:
        lines += imports.measure(rows=options.rows, rounds=options.rounds, file=options.file)
    if "changes" in options.only:
        lines += changes.measure(workspace, rows=options.rows, rounds=options.rounds)
    if ALONE in options.only:
        lines += growth.measure(workspace, rows=options.rows, file=options.file)
    print_table(lines, rows=options.rows)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    add = parser.add_argument
    add("--rows", type=int, default=1_000_000, help="profiles in the database (default: 1000000)")
    add("--file", type=Path, help="import this CSV instead of made-up people")
    add("--only", action="append", choices=(*PARTS, ALONE), help="measure only this (may be given again)")
    add("--requests", type=int, default=100, help="requests per page (default: 100)")
    add("--rounds", type=int, default=3, help="imports, exports and erasures of each kind (default: 3)")
    add("--fresh", action="store_true", help="make the database anew")
    options = parser.parse_args()
    options.only = options.only or list(PARTS)
    return options


if __name__ == "__main__":
    sys.exit(main())
