"""Tables as a spreadsheet or as CSV: typed, with what a reader must know a year later written beside them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from app.kit import clock, csvfile
from app.kit.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Share:
    """A rate, which a spreadsheet shows in per cent."""

    value: float


Cell = str | int | date | Share | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name, the heads of its columns with their widths, its rows. `keys` name columns in saved views."""

    name: str
    heads: tuple[tuple[str, int], ...]
    rows: tuple[tuple[Cell, ...], ...]
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """Everything one file holds; `about` is what a reader must know a year later."""

    stem: str
    about: tuple[tuple[str, str], ...]
    sheets: tuple[Sheet, ...]


def as_csv(export: Export) -> bytes:
    """The first table alone: CSV has room for one, and a line about it would be a row to the next program."""
    sheet = export.sheets[0]
    return csvfile.written([[head for head, _width in sheet.heads], *(_plain(row) for row in sheet.rows)])


def _plain(cells: Sequence[Cell]) -> list[str]:
    return [_plain_cell(cell) for cell in cells]


def _plain_cell(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Share(value):
            return f"{value:.4f}".replace(".", ",")
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def as_xlsx(export: Export) -> bytes:
    """Every table on a sheet of its own behind one that says what they are. Text stays text, whatever it begins with."""
    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": export.about[0][1], "created": clock.now().replace(tzinfo=None)})
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
            "share": book.add_format({"num_format": "0.0%"}),
            "term": book.add_format({"bold": True}),
        }
        about = book.add_worksheet(_sheet_name(_("About"), 0))
        about.set_column(0, 0, 20)
        about.set_column(1, 1, 90)
        for at, (term, value) in enumerate(export.about):
            about.write_string(at, 0, term, formats["term"])
            about.write_string(at, 1, value)
        for number, sheet in enumerate(export.sheets, 1):
            _write(book.add_worksheet(_sheet_name(sheet.name, number)), sheet, formats)
    return out.getvalue()


def _sheet_name(name: str, number: int) -> str:
    """At most 31 characters, without those that spreadsheets refuse, and never twice."""
    plain = "".join(" " if c in "[]:*?/\\'" else c for c in name)[:27].strip()
    return f"{number}. {plain}" if number else plain


def _write(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    for column, (_head, width) in enumerate(sheet.heads):
        page.set_column(column, column, width)
    page.freeze_panes(1, 1)
    for column, (head, _width) in enumerate(sheet.heads):
        page.write_string(0, column, head, formats["head"])
    for at, row in enumerate(sheet.rows, 1):
        for column, cell in enumerate(row):
            match cell:
                case None:
                    page.write_blank(at, column, None)
                case Share(value):
                    page.write_number(at, column, value, formats["share"])
                case bool() | int():
                    page.write_number(at, column, cell)
                case date():
                    page.write_datetime(at, column, datetime(cell.year, cell.month, cell.day), formats["date"])  # noqa: DTZ001 - a calendar day
                case _:
                    page.write_string(at, column, cell)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.heads) - 1)
