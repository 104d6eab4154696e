"""Files that go back to whoever imports: the rejected rows, and an empty table to fill in."""

from __future__ import annotations

from app.accounts.importer.plan import ImportPlan
from app.accounts.importer.table import FIELD_NAMES
from app.kit import csvfile
from app.kit.i18n import gettext


def rejected_csv(plan: ImportPlan) -> bytes:
    """The rejected rows as they were written, with their numbers and reasons: correct them and import this very file."""
    headings = plan.table.headings
    lines: list[list[object]] = [[gettext("Row"), *headings, gettext("Why rejected"), gettext("How to correct it")]]
    for rejected in plan.rejected:
        cells = list(rejected.row.cells[: len(headings)])
        cells += [""] * (len(headings) - len(cells))
        why = gettext(rejected.why.template, **rejected.why.values)
        fix = gettext(rejected.fix.template, **rejected.fix.values)
        lines.append([rejected.row.number, *cells, why, fix])
    return csvfile.written(lines)


def template_csv() -> bytes:
    """The headings and one example, for a spreadsheet."""
    headings = [gettext(name) for name in FIELD_NAMES.values()]
    example = ["Vardenė", "Pavardenė", "vardene.pavardene@savivaldybe.example", "", gettext("specialist"), "1001", "lt"]
    return csvfile.written([headings, example])
