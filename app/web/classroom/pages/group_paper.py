"""Answer sheets: who gets one, how it is printed, and the form by which its answers are entered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.catalog import queries as catalog
from app.catalog.rules import in_lang
from app.groups import queries, rules
from app.groups.queries import GroupCard, SheetCard
from app.groups.rules import GroupState, How
from app.kit import i18n
from app.kit.errors import KitError, NotFound
from app.kit.i18n import N_, language, moment, ngettext, number
from app.kit.i18n import gettext as _
from app.learning.queries import renamed, standings_of
from app.web.classroom.pages.fields import Cell, Field, Piece, field_of, words_of
from app.web.classroom.pages.group import why_only_screen
from app.web.classroom.pages.groups import LIST
from app.web.deps import PostedForm
from app.web.forms import Form


@dataclass(frozen=True, slots=True)
class SheetRow:
    """Somebody on the roster and their sheet. `printable`: a new one can be made; `noted`: is here without a device."""

    key: str
    name: str
    kind: str
    state: str
    note: str
    code: str
    enter_url: str
    printable: bool
    noted: bool


@dataclass(frozen=True, slots=True)
class SheetsPage:
    """The sheets of one quiz in one session; `only_screen` says why there are none; `noted`: some are here
    without a device, and others are not."""

    form: Form
    title: str
    course_title: str
    url: str
    back_url: str
    answer: str
    only_screen: str
    may_print: bool
    may_enter: bool
    rows: tuple[SheetRow, ...]
    noted: bool
    printed: int


def quiz_title(db: Session, group: GroupCard, quiz: str) -> str:
    """What a quiz of the session is called; NotFound where the session has none of this name."""
    outline = queries.outline_of(db, queries.version_of(db, group))
    for page in queries.pages_of(outline, group):
        for one in page.quizzes:
            if one.id == quiz:
                return in_lang(one.titles, language(), outline.lang)
    raise NotFound(N_("There is no such quiz."))


def sheets_page(db: Session, group: GroupCard, quiz: str, form: Form | None = None) -> SheetsPage:
    title, version = quiz_title(db, group, quiz), queries.version_of(db, group)
    outline = queries.outline_of(db, version)
    roster = queries.members(db, group.id)
    newest = {one.person_id: one for one in queries.sheets_at(db, group.id, quiz)}
    runs = queries.runs_in(db, group.course_id, [one.person_id for one in roster])
    standings = standings_of(db, [one.enrolment_id for one in runs.values()])
    url = f"{LIST}/{group.key}"
    only_screen = why_only_screen(db, version.id, quiz)
    rows = []
    for one in roster:
        sheet = newest.get(one.person_id)
        run = runs.get(one.person_id)
        mine = renamed(standings.get(run.enrolment_id, {}), outline.was) if run else {}
        passed = quiz in mine and mine[quiz].passed_at is not None
        kind, state, note = _sheet_word(sheet)
        waits = sheet is not None and sheet.entered_at is None
        rows.append(
            SheetRow(
                key=one.key,
                name=one.listed_name,
                kind="done" if passed and sheet is None else kind,
                state=_("Passed already") if passed and sheet is None else state,
                note=note,
                code=rules.code_shown(sheet.code) if sheet is not None else "",
                enter_url=f"{url}/sheet/{sheet.code}" if sheet is not None and waits else "",
                printable=not waits and not passed,
                noted=one.present and one.how is How.NOTED,
            )
        )
    entered = sum(one.entered_at is not None for one in newest.values())
    return SheetsPage(
        form=form or Form(),
        title=title,
        course_title=catalog.content_of(db, version.id, version.slug, version.digest).words(language()).title,
        url=f"{url}/sheets/{quiz}",
        back_url=url,
        answer=_("%(printed)s printed, %(entered)s entered", printed=number(len(newest)), entered=number(entered))
        if newest
        else _("No sheet is printed yet"),
        only_screen=only_screen,
        may_print=group.state in (GroupState.PLANNED, GroupState.OPEN),
        may_enter=group.state in (GroupState.OPEN, GroupState.ENDED),
        rows=tuple(rows),
        noted=any(one.printable and one.noted for one in rows) and any(not one.noted for one in rows),
        printed=sum(one.entered_at is None for one in newest.values()),
    )


def _sheet_word(sheet: SheetCard | None) -> tuple[str, str, str]:
    if sheet is None:
        return "off", _("No sheet"), ""
    if sheet.entered_at is None:
        return "soon", _("Printed"), moment(sheet.printed_at)
    by = _("%(moment)s by %(name)s", moment=moment(sheet.entered_at), name=sheet.entered_by or "–")
    return "done", _("Entered"), by


@dataclass(frozen=True, slots=True)
class PaperOption:
    """One option with its letter; `chosen` where it was entered before the form came back."""

    letter: str
    id: str
    text: Markup
    chosen: bool


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """One question of a sheet: for print and for the form alike. `input` is a Field's; `name` begins its field names."""

    number: int
    name: str
    input: str
    title: str
    stem: Markup
    how: str
    points: str
    unit: str
    options: tuple[PaperOption, ...]
    cells: tuple[Cell, ...]
    pieces: tuple[Piece, ...]
    choices: tuple[tuple[str, str], ...]
    text: str
    error: str


@dataclass(frozen=True, slots=True)
class PaperSheet:
    """One sheet as it is printed, in its person's language: `labels` are the words around the questions."""

    lang: str
    name: str
    code: str
    heading: str
    course_title: str
    labels: Mapping[str, str]
    questions: tuple[PaperQuestion, ...]


@dataclass(frozen=True, slots=True)
class PrintPage:
    """All sheets of a quiz that were not entered, to be printed."""

    title: str
    course_title: str
    answer: str
    back_url: str
    sheets: tuple[PaperSheet, ...]


def print_page(db: Session, group: GroupCard, quiz: str) -> PrintPage:
    title, version = quiz_title(db, group, quiz), queries.version_of(db, group)
    waiting = [one for one in queries.sheets_at(db, group.id, quiz) if one.entered_at is None]
    return PrintPage(
        title=title,
        course_title=catalog.content_of(db, version.id, version.slug, version.digest).words(language()).title,
        answer=ngettext("%(num)s sheet to print", "%(num)s sheets to print", len(waiting)),
        back_url=f"{LIST}/{group.key}/sheets/{quiz}",
        sheets=tuple(_printed(db, group, one) for one in waiting),
    )


def _printed(db: Session, group: GroupCard, sheet: SheetCard) -> PaperSheet:
    with i18n.speaking(sheet.lang):
        content = catalog.content(db, sheet.version_id)
        found = content.outline.quiz(sheet.quiz)
        minutes = found[1].seconds // 60 if found else 0
        labels = {
            "name": _("Person"),
            "code": _("Sheet"),
            "alone": _("Answer alone. Cross out a mistake so that it can be seen what holds."),
            "time": ngettext("You have %(num)s minute.", "You have %(num)s minutes.", minutes) if minutes else "",
            "end": _("Give the sheet back to whoever leads the session."),
        }
        return PaperSheet(
            lang=sheet.lang,
            name=sheet.person_name,
            code=rules.code_shown(sheet.code),
            heading=in_lang(found[1].titles, sheet.lang, content.outline.lang) if found else sheet.quiz,
            course_title=content.words(sheet.lang).title,
            labels=labels,
            questions=questions_of(db, sheet),
        )


def questions_of(
    db: Session,
    sheet: SheetCard,
    given: Mapping[str, Mapping[str, Any]] | None = None,
    errors: Mapping[str, str] | None = None,
) -> tuple[PaperQuestion, ...]:
    """The questions of a sheet as it was printed. `given`: what was entered, by question; `errors` by field name."""
    source = catalog.outline(db, sheet.version_id).lang
    bodies = catalog.revisions(db, {one.revision for one in sheet.asked})
    found = []
    for n, one in enumerate(sheet.asked, 1):
        body, said = bodies[one.revision].body, (given or {}).get(one.question, {})
        name = f"q{n}"
        field = field_of(body, words_of(body, sheet.lang, source), said, prefix=name, offered=one.options)
        found.append(
            PaperQuestion(
                number=n,
                name=name,
                input=field.input,
                title=field.title,
                stem=field.stem,
                how=paper_how(body["type"]),
                points=_points(one.points),
                unit=field.unit,
                options=_options(field, one.options, said),
                cells=tuple(_named(cell, name) for cell in field.cells),
                pieces=field.pieces,
                choices=field.cells[0].choices if field.input == "match" and field.cells else (),
                text=str(said.get("text") or ""),
                error=(errors or {}).get(name, ""),
            )
        )
    return tuple(found)


def _named(cell: Cell, name: str) -> Cell:
    return Cell(
        id=cell.id,
        name=f"{name}-{cell.id}",
        label=cell.label,
        text=cell.text,
        select=cell.select,
        numeric=cell.numeric,
        choices=tuple((value, f"{rules.letter(n)} – {words}") for n, (value, words) in enumerate(cell.choices)),
        value=cell.value,
        width=cell.width,
    )


def _options(field: Field, offered: tuple[str, ...], said: Mapping[str, Any]) -> tuple[PaperOption, ...]:
    chosen = set(said.get("options") or ())
    if field.input in ("radio", "checkbox"):
        return tuple(
            PaperOption(rules.letter(n), one.id, one.text, one.id in chosen) for n, one in enumerate(field.choices)
        )
    if field.input == "order":  # as it was printed, not as it was answered
        texts = {one.id: one.text for one in field.things}
        return tuple(PaperOption(rules.letter(n), one, texts[one], False) for n, one in enumerate(offered))
    return ()


def _points(points: float) -> str:
    if points == round(points):
        return ngettext("%(num)s point", "%(num)s points", round(points))
    return _("%(points)s points", points=number(points))


def paper_how(kind: str) -> str:
    """What to do on paper, in a sentence."""
    match kind:
        case "single" | "truefalse" | "scale":
            return _("Cross one letter.")
        case "multiple":
            return _("Cross every letter that is right.")
        case "numeric":
            return _("Write a number.")
        case "text":
            return _("Write a word or a few.")
        case "match":
            return _("Write the letter that belongs to each line.")
        case "order":
            return _("Write the letters in the right order.")
        case "cloze":
            return _("Fill in the gaps.")
        case _:
            return _("Write in your own words.")


@dataclass(frozen=True, slots=True)
class EntryPage:
    """The form for the answers of one sheet; `entered` says that it was entered before, and there is no form then;
    `more`: another sheet of this test waits."""

    form: Form
    title: str
    name: str
    code: str
    url: str
    back_url: str
    entered: str
    more: bool
    lang: str
    questions: tuple[PaperQuestion, ...]


def next_sheet(db: Session, group: GroupCard, sheet: SheetCard) -> str:
    """The form of the next sheet of the same test that waits, in the order of the roster; from its end back to its start."""
    waiting = {one.person_id: one for one in queries.sheets_at(db, group.id, sheet.quiz) if one.entered_at is None}
    order = [one.person_id for one in queries.members(db, group.id)]
    at = order.index(sheet.person_id) if sheet.person_id in order else -1
    found = next((waiting[one] for one in order[at + 1 :] + order[: max(at, 0)] if one in waiting), None)
    return f"{LIST}/{group.key}/sheet/{found.code}" if found else ""


def entry_page(
    db: Session,
    group: GroupCard,
    sheet: SheetCard,
    form: Form | None = None,
    given: Mapping[str, Mapping[str, Any]] | None = None,
) -> EntryPage:
    form = form or Form()
    _kind, _state, note = _sheet_word(sheet)
    return EntryPage(
        form=form,
        title=quiz_title(db, group, sheet.quiz),
        name=sheet.person_name,
        code=rules.code_shown(sheet.code),
        url=f"{LIST}/{group.key}/sheet/{sheet.code}",
        back_url=f"{LIST}/{group.key}/sheets/{sheet.quiz}",
        entered=note if sheet.entered_at is not None else "",
        more=bool(next_sheet(db, group, sheet)),
        lang=sheet.lang,
        questions=questions_of(db, sheet, given, form.errors),
    )


def entered_in(db: Session, sheet: SheetCard, posted: PostedForm) -> dict[str, dict[str, Any]]:
    """What was typed from a sheet, by question: options that were ticked, texts, and parts."""
    bodies = catalog.revisions(db, {one.revision for one in sheet.asked})
    said: dict[str, dict[str, Any]] = {}
    for n, one in enumerate(sheet.asked, 1):
        parts = bodies[one.revision].body.get("parts") or ()
        said[one.question] = {
            "options": [option for option in posted.all(f"q{n}") if option],
            "text": posted.text(f"q{n}"),
            "parts": {part["id"]: posted.text(f"q{n}-{part['id']}") for part in parts},
        }
    return said


def responses_of(
    db: Session, sheet: SheetCard, said: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """The same in the shape that is marked, and a sentence by field name where it cannot be what the sheet says."""
    bodies = catalog.revisions(db, {one.revision for one in sheet.asked})
    responses: dict[str, dict[str, Any]] = {}
    errors: dict[str, str] = {}
    for n, one in enumerate(sheet.asked, 1):
        try:
            responses[one.question] = rules.response_of(bodies[one.revision].body, one.options, said[one.question])
        except KitError as refusal:
            errors[f"q{n}"] = _(refusal.template, **refusal.values)
    return responses, errors
