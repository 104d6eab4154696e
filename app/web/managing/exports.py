"""The rows of a page as a spreadsheet or as CSV: typed, with the filters and the moment written beside them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from sqlalchemy.orm import Session

from app.kit import clock, csvfile
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import language, moment
from app.learning.rules import RunState
from app.reporting import access as reporting_access
from app.reporting import queries as reporting
from app.reporting.access import View
from app.reporting.rules import ALL, Figure, Hidden, Shown
from app.web.managing.forms import Filter
from app.web.managing.pages import parts
from app.web.managing.pages.dashboard import DashboardPage
from app.web.managing.pages.institution import InstitutionPage, state_of
from app.web.managing.pages.tables import RankRow


@dataclass(frozen=True, slots=True)
class Share:
    """A rate, which a spreadsheet shows in per cent."""

    value: float


Cell = str | int | date | Share | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name, the heads of its columns with their widths, its rows."""

    name: str
    heads: tuple[tuple[str, int], ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Export:
    """Everything one file holds; `about` is what a reader must know a year later."""

    stem: str
    about: tuple[tuple[str, str], ...]
    sheets: tuple[Sheet, ...]


def of_dashboard(page: DashboardPage, actor: Actor, view: View) -> Export:
    sheets = [_rank_sheet(page)]
    if page.heat is not None:
        heads = ((_("Place"), 40), *((title, 18) for title, _url in page.heat.columns))
        rows = tuple((row.name, *(cell.text for cell in row.cells)) for row in page.heat.rows)
        sheets.append(Sheet(_("Places and courses"), heads, rows))
    return Export(_stem(view), _about(page.frame, actor), tuple(sheets))


def _rank_sheet(page: DashboardPage) -> Sheet:
    names = page.frame.names
    heads = [(page.rank_first, 44), (_("Completed"), 12), (_("Assigned"), 12), (_("Share"), 10), (_("Overdue"), 12)]
    heads += [(_("Due within 14 days"), 18)]
    heads += [(_("In progress"), 12)] if names else []
    heads += [(_("By their own choice"), 18)]
    return Sheet(page.rank_first, tuple(heads), tuple(_rank_row(row, names) for row in (*page.rank, page.rank_total)))


def _rank_row(row: RankRow, names: bool) -> tuple[Cell, ...]:
    shown: Shown = row.shown
    cells: list[Cell] = [row.name, _cell(shown.done), _cell(shown.assigned)]
    cells.append(Share(shown.rate) if shown.rate is not None else None if shown.base == 0 else _("hidden"))
    cells += [_cell(shown.overdue), _cell(shown.soon)]
    cells += [shown.started] if names else []
    cells.append(_cell(shown.chosen))
    return tuple(cells)


def _cell(figure: Figure) -> Cell:
    return parts.text(figure) if isinstance(figure, Hidden) else figure


def of_people(db: Session, actor: Actor, view: View, chosen: Filter, page: InstitutionPage) -> Export:
    """Every page of the list that is shown, in the same order."""
    today = clock.today()
    figures = reporting.tallies(db, view.place, today=today, wanted=chosen.wanted(None))
    courses = reporting.course_names(db, {course for _place, course in figures if course != ALL}, language())
    course = parts.chosen_course(chosen, courses)
    titles = {one.id: one.title for one in courses}
    wanted = chosen.wanted(course.id if course else None)
    runs = reporting_access.runs_for(db, actor, view.place, today=today, status=page.status, wanted=wanted)
    heads = (
        (_("Family name"), 22),
        (_("Given name"), 18),
        (_("Position"), 28),
        (_("Place"), 40),
        (_("Course"), 40),
        (_("State"), 22),
        (_("Required"), 10),
        (_("Due date"), 12),
        (_("Completed on"), 14),
        (_("Last activity"), 14),
    )
    rows = tuple(
        (
            run.family_name,
            run.given_name,
            run.job_title,
            run.organisation_name,
            titles.get(run.course_id, run.course_slug),
            state_of(run, today)[1],
            _("yes") if run.required else _("no"),
            run.due_on,
            _day(run.completed_at) if run.state is RunState.COMPLETED else None,
            _day(run.active_at),
        )
        for run in runs
    )
    return Export(_stem(view), _about(page.frame, actor, page.tab), (Sheet(page.tab, heads, rows),))


def _day(at: datetime | None) -> date | None:
    return at.astimezone(clock.LOCAL).date() if at else None


def _stem(view: View) -> str:
    return f"klasteris-{view.place.code}-{clock.today().isoformat()}"


def _about(frame: parts.Frame, actor: Actor, tab: str = "") -> tuple[tuple[str, str], ...]:
    said = [(_("Place"), frame.name), (_("Data as of"), moment(clock.now())), (_("Exported by"), actor.name)]
    said += [(_("List"), tab)] if tab else []
    filters = [text for text, _url in frame.chips]
    said += [(_("Filters"), "; ".join(filters) if filters else _("none"))]
    said += [("", sentence) for sentence in frame.private]
    return tuple(said)


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
