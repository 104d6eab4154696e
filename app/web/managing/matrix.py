"""Everybody at a place against every course, as a file that is sent while it is still being written."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter  # type: ignore[import-untyped]
from sqlalchemy.orm import Session

from app.kit import clock
from app.kit.csvfile import neutral
from app.kit.i18n import gettext as _
from app.kit.i18n import language
from app.learning.rules import RunState, Urgency, urgency
from app.organisations.queries import OrganisationCard
from app.reporting import queries as reporting
from app.requirements import queries as requirements
from app.requirements.queries.matrix import Cell, MatrixRow

FLUSH = 32 * 1024  # bytes sent at once
KNOWN = 4  # columns about the person; the others hold days and words of our own, which no spreadsheet runs


class _Words:
    """The words of the cells, asked for once: a cell is written a million times."""

    def __init__(self) -> None:
        self.today = clock.today()
        self.required = {
            Urgency.OVERDUE: _("overdue since"),
            Urgency.DUE_SOON: _("due by"),
            Urgency.ON_TRACK: _("due by"),
        }
        self.started, self.enrolled = _("in progress"), _("not begun")
        self.excused = {RunState.EXEMPT: _("excused"), RunState.PAUSED: _("on leave")}

    def of(self, cell: Cell | None) -> str | date:
        """The day of a completion, words for anything else, nothing where the person is not in the course."""
        if cell is None:
            return ""
        if cell.completed_at is not None and cell.state is RunState.COMPLETED:
            return cell.completed_at.astimezone(clock.LOCAL).date()
        if cell.state in self.excused:
            return self.excused[cell.state]
        if cell.required and cell.due_on is not None:
            return f"{self.required[urgency(cell.state, cell.due_on, self.today)]} {cell.due_on.isoformat()}"
        return self.started if cell.state is RunState.STARTED else self.enrolled


def _table(db: Session, place: OrganisationCard) -> tuple[list[str], Iterator[list[str | date]]]:
    order = requirements.courses_at(db, place)
    titles = {one.id: one.title for one in reporting.course_names(db, order, language())}
    heads = [_("Family name"), _("Given name"), _("Position"), _("Place"), *(titles.get(one, "") for one in order)]
    words = _Words()

    def cells(row: MatrixRow) -> list[str | date]:
        known = (row.family_name, row.given_name, row.job_title, row.place)
        return [*known, *(words.of(row.cells.get(one)) for one in order)]

    return heads, (cells(row) for row in requirements.everybody(db, place))


def csv_parts(db: Session, place: OrganisationCard) -> Iterator[bytes]:
    """The file in parts, each as soon as it is there; the first holds the heads alone."""
    heads, rows = _table(db, place)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([neutral(head) for head in heads])
    yield out.getvalue().encode("utf-8-sig")
    out.seek(0)
    out.truncate()
    for row in rows:
        writer.writerow([*(neutral(cell) for cell in row[:KNOWN]), *row[KNOWN:]])
        if out.tell() > FLUSH:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def xlsx_file(db: Session, place: OrganisationCard) -> IO[bytes]:
    """The same as a workbook in a temporary file, with completions as days that a spreadsheet can sort."""
    heads, rows = _table(db, place)
    out = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever sends it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, {**options, "strings_to_numbers": False}) as book:
        head, day = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        page = book.add_worksheet(_("People and courses")[:31])
        page.freeze_panes(1, 2)
        page.set_column(0, 1, 18)
        page.set_column(2, 3, 34)
        page.set_column(4, max(4, len(heads) - 1), 22)
        page.write_row(0, 0, heads, head)
        number = 0
        for number, row in enumerate(rows, 1):
            _write(page, number, row, day)
        page.autofilter(0, 0, number, len(heads) - 1)
    out.seek(0)
    return out


def _write(page: Any, number: int, row: list[str | date], day: Any) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, date):
            at = datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - a calendar day
            page.write_datetime(number, column, at, day)
        elif cell:
            page.write_string(number, column, cell)
