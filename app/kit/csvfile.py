"""CSV as Lithuanian Excel reads it: UTF-8 with a mark, semicolons, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def neutral(cell: object) -> str:
    """The cell as text that stays text: what a spreadsheet would take for a formula gets an apostrophe before it."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(_RUNS) else text


def plain(cell: str) -> str:
    """The cell without the apostrophe that `neutral` put there."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RUNS) else cell


def written(rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([neutral(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")
