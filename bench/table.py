"""What was measured, in one table."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class Line:
    """One measurement, as text, next to what it should be."""

    what: str
    result: str
    target: str = ""
    is_met: bool = True
    remark: str = ""


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def print_table(lines: Sequence[Line], *, rows: int) -> None:
    print(f"\n{rows:,} profiles. Medians; ratios are of the same rows in the same run.\n")
    cells = [("what", "result", "target", "", "")]
    cells += [
        (
            line.what,
            line.result,
            line.target,
            ("met" if line.is_met else "MISSED") * bool(line.target),
            line.remark,
        )
        for line in lines
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(5)]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
