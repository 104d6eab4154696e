"""The controls a question is answered with: one description for the quiz and for self-checks, whatever its type."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app.assessment import rules as marking
from app.kit.i18n import gettext as _
from app.kit.i18n import language, ngettext, number
from app.kit.limits import MIB
from app.kit.markdown import markup
from app.web.deps import PostedForm

INPUTS = {
    "single": "radio",
    "truefalse": "radio",
    "scale": "radio",
    "multiple": "checkbox",
    "match": "match",
    "order": "order",
    "cloze": "cloze",
    "essay": "essay",
    "upload": "upload",
}
NOTHING = Markup()
CHOICES = ("single", "truefalse", "multiple", "scale")
GAP = re.compile("\ue000([^\ue001]*)\ue001")
Body = Mapping[str, Any]
Words = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """One option to tick; `kind` right | wrong where that may be said."""

    id: str
    text: Markup
    checked: bool
    kind: str = ""
    feedback: Markup = NOTHING


@dataclass(frozen=True, slots=True)
class Cell:
    """One place to fill in: the right side of a pair, or a gap in a sentence.

    `select` says that one of `choices` (value, words) is chosen; otherwise something short is typed, `numeric` or not.
    """

    id: str
    name: str
    label: str
    text: Markup
    select: bool
    numeric: bool
    choices: tuple[tuple[str, str], ...]
    value: str
    width: int
    error: str = ""
    kind: str = ""
    feedback: Markup = NOTHING


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a sentence with gaps: its words, or a gap."""

    html: Markup | None = None
    cell: Cell | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing to put in order; `plain` are its words for a button's name."""

    id: str
    text: Markup
    plain: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file that was handed in: its name and size in words, and where it can be fetched again."""

    name: str
    size: str
    url: str


@dataclass(frozen=True, slots=True)
class Field:
    """`input`: radio | checkbox | text | match | order | cloze | essay | upload. `prefix` begins every id on the page."""

    input: str
    prefix: str
    title: str
    stem: Markup
    lang: str
    how: str
    unit: str
    choices: tuple[Choice, ...]
    cells: tuple[Cell, ...]
    pieces: tuple[Piece, ...]
    things: tuple[Thing, ...]
    text: str
    words: str
    file: FileLine | None
    accept: str
    limits: str
    error: str


def words_of(body: Body, *langs: str) -> Words:
    """A question's words in the first of these languages that it has, else in any."""
    texts: Mapping[str, Words] = body["texts"]
    return next((texts[lang] for lang in langs if lang in texts), None) or next(iter(texts.values()))


def plain(html: str) -> str:
    """The words of a rendered line, for places that take no marks: an option of a drop-down list."""
    return str(Markup(html).striptags())  # noqa: S704 - taken apart, not shown


def field_of(
    body: Body,
    words: Words,
    response: marking.Response | None,
    *,
    prefix: str,
    offered: Sequence[str] = (),
    told: bool = False,
    errors: Mapping[str, str] | None = None,
    file_url: str = "",
) -> Field:
    """A question as controls. `told`: what is right and wrong in the answer may be said at once."""
    said, faults = response or {}, errors or {}
    kind = INPUTS.get(body["type"], "text")
    cells = _cells(body, words, said, prefix, offered, told=told, errors=faults)
    return Field(
        input=kind,
        prefix=prefix,
        title=words["title"],
        stem=NOTHING if kind == "cloze" else markup(words["stem"]),
        lang=str(words.get("lang") or language()),
        how=how(body),
        unit=str(words.get("unit") or body["unit"]),
        choices=_choices(body, words, said, offered, told=told) if kind in ("radio", "checkbox") else (),
        cells=cells,
        pieces=pieces_of(words["stem"], {cell.id: cell for cell in cells}) if kind == "cloze" else (),
        things=_things(body, words, said, offered, told=told) if kind == "order" else (),
        text=str(said.get("text", "")),
        words=number(marking.word_count(str(said.get("text", "")))),
        file=file_line(said, file_url),
        accept=",".join(body.get("accept") or ()),
        limits=_file_limits(body) if kind == "upload" else "",
        error=faults.get("answer", ""),
    )


def shown_order(body: Body) -> tuple[str, ...]:
    """The order of a self-check: always the same for one question, and not as it was written where that is the key."""
    return marking.options_of(body, random.Random(body["id"]), shuffle=False)  # noqa: S311 - no secret


def response_from(body: Body, posted: PostedForm, offered: Sequence[str]) -> dict[str, Any]:
    """What a form of these controls says, in the shape that is marked."""
    match INPUTS.get(body["type"], "text"):
        case "radio" | "checkbox":
            return {"options": posted.all("answer")}
        case "order":
            return {"options": _moved([one for one in posted.all("order") if one in offered], posted.text("move"))}
        case "match" | "cloze":
            return {"parts": {part["id"]: posted.text(f"part-{part['id']}") for part in body["parts"]}}
        case "upload":
            return {}
        case _:
            return {"text": posted.text("answer")}


def _moved(said: list[str], move: str) -> list[str]:
    """The order after one thing was moved by a button: "up-<id>" or "down-<id>"."""
    way, _dash, which = move.partition("-")
    if which not in said or way not in ("up", "down"):
        return said
    at = said.index(which)
    to = at - 1 if way == "up" else at + 1
    if 0 <= to < len(said):
        said[at], said[to] = said[to], said[at]
    return said


def _choices(body: Body, words: Words, said: Words, offered: Sequence[str], *, told: bool) -> tuple[Choice, ...]:
    chosen = set(said.get("options", ()))
    worth = {option["id"]: option["fraction"] for option in body["options"]}
    tells = told and marking.is_graded(body)
    return tuple(
        Choice(
            id=one,
            text=markup(words["options"][one]["text"]),
            checked=one in chosen,
            kind=("right" if worth[one] > 0 else "wrong") if tells and one in chosen else "",
            feedback=markup(words["options"][one]["feedback"]) if told and one in chosen else NOTHING,
        )
        for one in offered
    )


def _cells(
    body: Body,
    words: Words,
    said: Words,
    prefix: str,
    offered: Sequence[str],
    *,
    told: bool,
    errors: Mapping[str, str],
) -> tuple[Cell, ...]:
    parts, given = body.get("parts") or (), said.get("parts") or {}
    marks = marking.part_marks(body, said) if told else {}
    made = []
    # Another language may name its gaps in another order: they are counted as they are read.
    read = GAP.findall(words["stem"])
    for n, part in enumerate(sorted(parts, key=lambda one: read.index(one["id"]) if one["id"] in read else 0), 1):
        part_words = words["parts"].get(part["id"]) or {"text": "", "options": {}}
        value = str(given.get(part["id"], ""))
        label = plain(part_words["text"]) or _("Gap %(n)s of %(all)s", n=n, all=len(parts))
        hit = marking.part_hit(body, part, value) if told and value.strip() else None
        made.append(
            Cell(
                id=part["id"],
                name=f"part-{part['id']}",
                label=label,
                text=markup(part_words["text"]),
                select=part["kind"] == "pick",
                numeric=part["kind"] == "number",
                choices=_of_part(part, part_words, words, offered),
                value=value,
                # No wider for a long right answer than for a short one: the width would tell.
                width=8 if part["kind"] == "number" else 18,
                error=errors.get(f"part-{part['id']}", ""),
                kind=("right" if marks[part["id"]] >= 1 else "wrong") if told else "",
                feedback=markup(part_words["options"].get(hit, {}).get("feedback", "")) if hit else NOTHING,
            )
        )
    return tuple(made)


def _of_part(
    part: Mapping[str, Any], part_words: Words, words: Words, offered: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    if part["kind"] != "pick":
        return ()
    if part["options"]:
        return tuple((one["id"], plain(part_words["options"][one["id"]]["text"])) for one in part["options"])
    return tuple((one, plain(words["options"][one]["text"])) for one in offered)


def pieces_of(stem: str, cells: Mapping[str, Cell]) -> tuple[Piece, ...]:
    """A sentence taken apart at its gaps, which are marked by two characters that nothing else uses."""
    out: list[Piece] = []
    for n, piece in enumerate(GAP.split(stem)):
        if n % 2:
            out.append(Piece(cell=cells.get(piece)))
        elif piece:
            out.append(Piece(html=markup(piece)))
    return tuple(one for one in out if one.html is not None or one.cell is not None)


def with_numbers(stem: str, parts: Sequence[Mapping[str, Any]]) -> Markup:
    """A sentence whose gaps are numbers: for a list that tells them one by one."""
    numbers = {part["id"]: str(n) for n, part in enumerate(parts, 1)}
    return markup(GAP.sub(lambda found: f"<strong>({numbers.get(found[1], '?')})</strong>", stem))


def _things(body: Body, words: Words, said: Words, offered: Sequence[str], *, told: bool) -> tuple[Thing, ...]:
    kept = [one for one in said.get("options") or () if one in offered]
    order = [*kept, *(one for one in offered if one not in kept)]
    right = marking.right_neighbours(body, order) if told else frozenset()
    return tuple(
        Thing(
            one,
            markup(words["options"][one]["text"]),
            plain(words["options"][one]["text"]),
            ("right" if one in right else "wrong") if told else "",
        )
        for one in order
    )


def file_line(said: Words, url: str) -> FileLine | None:
    file = said.get("file")
    return FileLine(file["name"], size_text(file["size"]), url) if file else None


def size_text(size: int) -> str:
    return _("%(n)s MB", n=number(size / MIB, 1)) if size >= MIB else _("%(n)s KB", n=number(-(-size // 1024)))


def _file_limits(body: Body) -> str:
    most = number(round(marking.most_bytes(body.get("max_mb") or 0) / MIB, 1))
    kinds = ", ".join(body.get("accept") or ())
    if kinds:
        return _("Files that are taken: %(kinds)s, up to %(most)s MB.", kinds=kinds, most=most)
    return _("A file of up to %(most)s MB.", most=most)


def how(body: Body) -> str:
    """What to do, in a sentence."""
    match body["type"]:
        case "multiple":
            return _("Choose all that are right.")
        case "numeric":
            return _("Write a number.")
        case "text":
            return _("Write a word or a few.")
        case "match":
            return _("Choose for each line what belongs to it.")
        case "order":
            return _("Put these into the right order with the buttons.")
        case "cloze":
            return _("Fill in the gaps.")
        case "essay":
            return _essay_limits(int(body.get("min_words") or 0), int(body.get("max_words") or 0))
        case "upload":
            return _("Send a file. A person marks it.")
        case "scale":
            return _("Choose what fits best. Nothing here is right or wrong.")
        case _:
            return _("Choose one answer.")


def _essay_limits(least: int, most: int) -> str:
    said = _("Write in your own words. A person marks it.")
    if least and most:
        return said + " " + _("From %(least)s to %(most)s words.", least=least, most=most)
    if least:
        return said + " " + ngettext("At least %(num)s word.", "At least %(num)s words.", least)
    if most:
        return said + " " + ngettext("At most %(num)s word.", "At most %(num)s words.", most)
    return said


def notes_on(body: Body, words: Words, response: marking.Response | None, *, own: bool = True) -> str:
    """What the author says about this answer: the feedback of each chosen option, else the general one.

    Not `own`: the general one in any case, where each option has its feedback beside it.
    """
    if not marking.is_answered(response) or marking.is_by_hand(body):
        return ""
    assert response is not None
    hit = marking.option_hit(body, response)
    chosen = [hit] if hit else list(response.get("options", ())) if own and body["type"] in CHOICES else []
    said = "".join(words["options"][one]["feedback"] for one in chosen if one in words["options"])
    if not marking.is_graded(body):
        return said
    share = marking.grade(body, response) or 0.0
    general = words["correct"] if share >= 1 else words["partial"] if share > 0 else words["incorrect"]
    return str(said or general)


def verdict(share: float | None) -> str:
    if share is None:
        return _("Thank you.")
    return _("Right.") if share >= 1 else _("Partly right.") if share > 0 else _("Not quite.")
