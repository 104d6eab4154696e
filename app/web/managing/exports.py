"""The rows of a page for a spreadsheet or CSV, with the filters and the moment written beside them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.kit import clock
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import language, moment
from app.kit.spreadsheet import Cell, Export, Share, Sheet
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

# Columns by the names that saved views keep, in their order.
PEOPLE = (
    "family-name", "given-name", "position", "place", "course", "state", "required", "due", "completed", "active",
)  # fmt: skip
RANK = ("place", "completed", "assigned", "share", "overdue", "soon", "started", "chosen")
KEPT = timedelta(days=3)  # how long a file waits that goes with a mail


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
    keys = tuple(key for key in RANK if names or key != "started")
    rows = tuple(_rank_row(row, names) for row in (*page.rank, page.rank_total))
    return Sheet(page.rank_first, tuple(heads), rows, keys)


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
    return Export(_stem(view), _about(page.frame, actor, page.tab), (Sheet(page.tab, heads, rows, PEOPLE),))


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
