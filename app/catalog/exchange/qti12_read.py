"""QTI 1.2 as Canvas and Common Cartridge write it, read: quizzes with their pools, and banks of questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from app.catalog.exchange import escaping, moodle_types, qti12_types, xml
from app.catalog.exchange.desk import Desk, Item, decimal
from app.catalog.exchange.folder import Folder, Refusal
from app.catalog.exchange.model import ProposedBank, ProposedPage, ProposedQuiz
from app.catalog.exchange.proposing import QUESTIONS, one_line
from app.catalog.exchange.qti12_source import Source, source_of, within
from app.catalog.exchange.qti_package import mode_of
from app.catalog.exchange.qti_read import Text
from app.catalog.exchange.qti_types import Asked, titled
from app.catalog.format.model import Draw, Pool, Question
from app.kit.i18n import N_

# What Canvas calls a question that has no name.
_NAMELESS = {"", "question", "klausimas", "spørsmål"}
_MODES = {"practice_quiz": "practice", "survey": "practice", "graded_survey": "practice"}
_GRADING = {"keep_latest": "last", "keep_average": "average"}


@dataclass(frozen=True, slots=True)
class Desks:
    """Where a quiz is read, and the banks it may draw from: their id with us by the one they have there."""

    desk: Desk
    folder: Folder
    path: str
    banks: Mapping[str, str]


def quiz(d: Desks, root: Element, title: str = "", about: Element | None = None) -> ProposedPage:
    """A quiz as a page; `about` is what Canvas says of it in a file of its own."""
    assessment = xml.child(root, "assessment")
    assessment = assessment if assessment is not None else root
    title = title or one_line(assessment.attrib.get("title", ""))[:150] or QUESTIONS.get(d.desk.lang, QUESTIONS["en"])
    here = Item(title, xml.line(assessment))
    found: list[Question | Pool | Draw | Text] = []
    for section in xml.children(assessment, "section"):
        found += _section(d, section)
    found += [one for item in xml.children(assessment, "item") if (one := item_of(d, item)) is not None]
    texts = [one for one in found if isinstance(one, Text)]
    for text in texts:
        d.desk.report.changed(text.title, 0, text.why)
    intro = d.folder.blocks(here, xml.text(xml.child(about, "description")), d.path, top=3)
    rules, mode = _rules(assessment, about)
    if _said(about, "quiz_type") in ("survey", "graded_survey"):
        d.desk.report.changed(title, here.line, N_("it was a survey; here it is a quiz for practice"))
    name = d.desk.names.of("", f"{title} {QUESTIONS.get(d.desk.lang, '')}")
    heading = escaping.heading(escaping.inline(title))
    body = "\n\n".join(text.markdown for text in texts if text.markdown)
    items = tuple(one for one in found if not isinstance(one, Text))
    mode = mode if mode == "practice" else mode_of(items)
    return ProposedPage(
        title, body or ("" if items else intro), items, mode, quiz=ProposedQuiz(name, heading, intro, rules)
    )


def bank(d: Desks, root: Element, asked: frozenset[str] = frozenset()) -> ProposedBank | None:
    """Questions that quizzes draw from, without those that quizzes ask anyway; None if none are left."""
    held = xml.child(root, "objectbank")
    held = held if held is not None else root
    fields = _fields(held)
    title = one_line(fields.get("bank_title") or held.attrib.get("title") or held.attrib.get("ident", ""))[:150]
    elements = list(within(held, "item"))
    kept = [element for element in elements if element.attrib.get("ident", "") not in asked]
    if len(kept) < len(elements):
        d.desk.report.left_out(
            title,
            xml.line(held),
            N_("copies of questions that stand in a quiz: %(count)s"),
            count=len(elements) - len(kept),
        )
    items = [one for item in kept if isinstance(one := item_of(d, item), Question)]
    name = d.desk.names.of(d.banks.get(held.attrib.get("ident", ""), ""), title)
    return ProposedBank(title or name, tuple(items), name) if items else None


def _fields(element: Element) -> dict[str, str]:
    return {
        xml.text(xml.child(one, "fieldlabel")).strip(): xml.text(xml.child(one, "fieldentry")).strip()
        for one in xml.children(xml.child(element, "qtimetadata"), "qtimetadatafield")
    }


def _said(about: Element | None, name: str) -> str:
    return xml.text(xml.child(about, name)).strip()


def _rules(assessment: Element, about: Element | None) -> tuple[dict[str, str], str]:
    fields = _fields(assessment)
    rules: dict[str, str] = {}
    attempts = decimal(_said(about, "allowed_attempts") or fields.get("cc_maxattempts", ""))
    if attempts is not None and 0 < attempts <= 1000:
        rules["attempts"] = str(int(attempts))
    minutes = decimal(_said(about, "time_limit") or fields.get("qmd_timelimit", ""))
    if minutes is not None and 1 <= minutes < 1000:
        rules["time"] = f"PT{int(minutes)}M"
    if _said(about, "shuffle_answers") == "true":
        rules["shuffle"] = "options"
    grading = _GRADING.get(_said(about, "scoring_policy"))
    if grading:
        rules["grading"] = grading
    return rules, _MODES.get(_said(about, "quiz_type"), "check")


def _section(d: Desks, section: Element) -> list[Question | Pool | Draw | Text]:
    """A section that selects is a pool, or a draw where it names a bank."""
    selection = next(within(xml.child(section, "selection_ordering"), "selection"), None)
    count = decimal(xml.text(xml.child(selection, "selection_number")).strip()) if selection is not None else None
    title = one_line(section.attrib.get("title", ""))
    if count is not None and selection is not None:
        return _selected(d, section, selection, max(int(count), 1), title)
    found: list[Question | Pool | Draw | Text] = []
    for one in xml.children(section, "section", "item"):
        if xml.name(one) == "section":
            found += _section(d, one)
        elif (read := item_of(d, one)) is not None:
            found.append(read)
    return found


def _selected(
    d: Desks, section: Element, selection: Element, count: int, title: str
) -> list[Question | Pool | Draw | Text]:
    worth = decimal(next((xml.text(one) for one in within(selection, "points_per_item")), "").strip())
    points = min(max(float(worth), 0.0), 1000.0) if worth is not None else None
    here = Item(title or section.attrib.get("ident", ""), xml.line(section))
    source = next((xml.text(one).strip() for one in within(selection, "sourcebank_ref")), "")
    if source:
        if source not in d.banks:
            d.desk.report.left_out(
                here.name, here.line, N_("what it draws from the bank %(bank)s, which is not in this file"), bank=source
            )
            return []
        return [Draw(d.desk.names.of("", title), d.banks[source], count, points=points if points is not None else 1.0)]
    found = [one for item in within(section, "item") if (one := item_of(d, item)) is not None]
    members = [one for one in found if isinstance(one, Question)]
    if not members:
        return [one for one in found if isinstance(one, Text)]
    same = points if points is not None else max(question.points for question in members)
    members = [replace(question, points=same) for question in members]
    return [Pool(d.desk.names.of("", title), min(count, len(members)), tuple(members), same)]


# Items


def item_of(d: Desks, element: Element) -> Question | Text | None:
    """None when it cannot be asked here; why has then been said."""
    named = one_line(element.attrib.get("title", ""))[:200]
    item = Item(f"{d.path}: {named or element.attrib.get('ident', '')}"[:200], xml.line(element))
    source = source_of(d.desk, d.folder, item, element, d.path)
    kind = source.fields.get("question_type") or source.fields.get("cc_profile", "")
    if kind == "text_only_question":
        return Text(named, source.blocks(source.html))
    reader = qti12_types.CANVAS.get(kind) or _by_shape(source, kind)
    if reader is None:
        d.desk.report.left_out(
            item.name, item.line, N_('there is no question of type "%(type)s" here'), type=one_line(kind) or "?"
        )
        return None
    if not d.folder.one_more():
        return None
    try:
        return d.desk.question(item, _with_rest(source, reader(source), named))
    except Refusal as error:
        d.desk.report.refused(item.name, error.line or item.line, error.template, **error.values)
        return None


def _by_shape(source: Source, kind: str) -> Callable[[Source], Asked] | None:
    """Other programs write no type: what may be answered, and what it is compared with, says it."""
    if kind:
        return None
    names = [xml.name(one) for one in source.responses]
    compared = {test.how for condition in source.conditions for test in condition.tests}
    if names == ["response_lid"]:
        return qti12_types.choice
    if names == ["response_str"]:
        return qti12_types.short if compared & {"varequal", "varsubstring"} else qti12_types.essay
    return qti12_types.number if names == ["response_num"] else None


def _with_rest(source: Source, asked: Asked, named: str) -> Question:
    """What every type has: id, points, and feedback, which conditions or names of feedback place."""
    desk = source.desk
    stem = asked.stem if asked.stem is not None else source.blocks(source.html)
    title, stem = titled(desk, asked.question.type, "" if named.lower() in _NAMELESS else named, stem)
    told = _feedback(source)
    words = desk.text(title, stem, options=asked.options, parts=asked.parts, **told)
    points = moodle_types.number_of(source.fields.get("points_possible", source.fields.get("cc_weighting", "1")) or "1")
    identifier = source.element.attrib.get("ident", "")
    # Ids of forty letters that no person ever chose are better made from words.
    wanted = identifier if len(identifier) <= 24 else ""
    return replace(
        asked.question, id=desk.id(source.item, wanted, title), texts={desk.lang: words}, points=min(points, 1000.0)
    )


def _feedback(source: Source) -> dict[str, object]:
    said: dict[str, list[str]] = {"correct": [], "incorrect": [], "explanation": []}
    hints: list[str] = []
    for element in xml.children(source.element, "itemfeedback"):
        name = element.attrib.get("ident", "")
        if name in source.used:
            continue
        text = source.feedback(name)
        if not text:
            continue
        if next(within(element, "hint"), None) is not None:
            hints.append(text)
        elif "incorrect" in name:
            said["incorrect"].append(text)
        elif "correct" in name:
            said["correct"].append(text)
        else:
            said["explanation"].append(text)
    return {"hints": tuple(hints)} | {place: "\n\n".join(texts) for place, texts in said.items()}
