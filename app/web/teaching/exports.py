"""Item analysis as CSV or as a spreadsheet: the table of the page, and a sheet that says what it is."""

from __future__ import annotations

import io

import xlsxwriter  # type: ignore[import-untyped]

from app.assessment.rules.analysis import FEWEST
from app.kit import clock, csvfile
from app.kit.i18n import gettext as _
from app.kit.i18n import moment
from app.web.teaching.findings import said_of
from app.web.teaching.pages.analysis import Analysed, letters, words_of

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
Cell = str | float | None


def as_file(one: Analysed, kind: str) -> bytes:
    heads, rows = _heads(), _rows(one)
    if kind == "csv":
        return csvfile.written([heads, *([_plain(cell) for cell in row] for row in rows)])
    return _xlsx(one, heads, rows)


def _heads() -> list[str]:
    return [
        _("Id"), _("Question"), _("In words"), _("People"), _("Facility"), _("Discrimination index"),
        _("Correlation with the rest of the test"), _("Rasch difficulty (logits)"), _("Standard error"),
        _("Infit (mean square)"), _("Outfit (mean square)"), _("Who chose what"),
    ]  # fmt: skip


def _rows(one: Analysed) -> list[list[Cell]]:
    out: list[list[Cell]] = []
    for n, (asked, item, found) in enumerate(zip(one.sheet.questions, one.items, one.findings, strict=True)):
        named = letters(asked.body)
        said = said_of(item, found, letters=named)
        fit = one.rasch.items.get(n) if one.rasch else None
        numbers: list[Cell] = [item.facility, item.discrimination, item.point_biserial]
        numbers += [fit.difficulty, fit.error, fit.infit, fit.outfit] if fit else [None] * 4
        chose = "; ".join(f"{named.get(o.option, o.option)}{'*' if o.key else ''}: {o.n}" for o in item.options)
        if item.people < FEWEST:
            numbers, chose = [None] * 7, ""
        out.append([asked.question, words_of(asked.body)["title"], said.word, float(item.people), *numbers, chose])
    return out


def _plain(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{cell:.4f}".rstrip("0").rstrip(".").replace(".", ",") or "0"
    return "" if cell is None else cell


def _about(one: Analysed) -> list[tuple[str, str]]:
    alpha = one.test.alpha if one.test else None
    return [
        (_("Course"), one.course_title),
        (_("Quiz"), one.title),
        (_("Data as of"), moment(clock.now())),
        (_("People"), str(one.sheet.people)),
        (_("Cronbach's alpha"), "" if alpha is None else f"{alpha:.4f}"),
        ("", _("Each person's first attempt, over all versions of the course.")),
        ("", _("An asterisk marks what the key calls right. Nothing is shown of fewer than five people.")),
    ]


def _xlsx(one: Analysed, heads: list[str], rows: list[list[Cell]]) -> bytes:
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": one.title, "created": clock.now().replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        figures = book.add_format({"num_format": "0.00"})
        about = book.add_worksheet("About")
        about.set_column(0, 0, 24)
        about.set_column(1, 1, 80)
        for at, (term, value) in enumerate(_about(one)):
            about.write_string(at, 0, term, bold)
            about.write_string(at, 1, value)
        table = book.add_worksheet("Questions")
        table.freeze_panes(1, 2)
        table.set_column(0, 0, 18)
        table.set_column(1, 1, 50)
        table.set_column(2, 2, 20)
        table.set_column(3, 10, 14)
        table.set_column(11, 11, 40)
        for column, head in enumerate(heads):
            table.write_string(0, column, head, bold)
        for at, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, float):
                    table.write_number(at, column, cell, figures if column > 3 else None)
                elif cell is not None:
                    table.write_string(at, column, cell)
    return out.getvalue()
