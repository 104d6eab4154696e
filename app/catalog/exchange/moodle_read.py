"""Moodle XML, read: every type of question that has one of ours, with its pictures, hints, tags and categories."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree.ElementTree import Element

from app.catalog.exchange import moodle_types, source_inside, xml
from app.catalog.exchange.desk import Desk, Item
from app.catalog.exchange.model import Conversion, Given
from app.catalog.exchange.moodle_source import Refusal, Source, decoded, files_of, form
from app.catalog.exchange.moodle_types import Asked
from app.catalog.exchange.pages import Drawer, conversion
from app.catalog.exchange.proposing import one_line
from app.catalog.format.model import Question, QuestionType
from app.kit.i18n import N_

KNOWN = ("multichoice", "truefalse", "shortanswer", "numerical", "matching", "essay", "cloze", "ordering")
GAPPED = ("gapselect", "ddwtos")


def recognises(name: str, data: bytes) -> bool:
    head = data[:4096].replace(b"\0", b"")
    return b"<quiz" in head and not name.endswith((".zip", ".imscc"))


def read(given: Given) -> Conversion:
    inside = source_inside.found(given.data, source_inside.XML)
    desk = Desk(given)
    if inside is not None:
        return source_inside.taken(desk.report, given, inside)
    try:
        root = xml.parse(given.data)
    except xml.BadXML as error:
        desk.report.refused(given.name, error.line, error.template, **error.values)
        return Conversion({}, tuple(desk.report.notes))
    drawer = Drawer(desk)
    for element in xml.children(root, "question"):
        if drawer.full:
            break
        kind = element.attrib.get("type", "")
        if kind == "category":
            _category(desk, drawer, element)
            continue
        item = Item(_name(element) or N_("a question without a name"), xml.line(element))
        before = len(desk.report.notes)
        try:
            _question(desk, drawer, item, element, kind)
        except Refusal as error:
            # What was lost on the way to nothing is of no interest.
            del desk.report.notes[before:]
            desk.report.refused(item.name, error.line or item.line, error.template, **error.values)
    return conversion(desk, drawer)


def _name(element: Element) -> str:
    return one_line(xml.text(xml.child(xml.child(element, "name"), "text")))[:200]


def _category(desk: Desk, drawer: Drawer, element: Element) -> None:
    """A category is a page; two slashes are one slash in its name."""
    path = xml.text(xml.child(xml.child(element, "category"), "text")).strip()
    steps = [part.replace("//", "/").strip() for part in re.split(r"(?<!/)/(?!/)", path)]
    steps = [one_line(part) for part in steps if part.strip("/ ") and not part.startswith("$") and part != "top"]
    info = xml.child(element, "info")
    item = Item(steps[-1] if steps else path, xml.line(element))
    body = desk.blocks(item, *form(info), {}, top=2) if info is not None else ""
    drawer.open(tuple(steps), body)


def _question(desk: Desk, drawer: Drawer, item: Item, element: Element, kind: str) -> None:
    source = Source(desk, item, element, files_of(desk, item, element))
    if kind == "description":
        drawer.prose(source.blocks(source.child("questiontext")))
        desk.report.changed(item.name, item.line, N_("a description is now text on the page, above the questions"))
        return
    if kind not in KNOWN + GAPPED:
        desk.report.left_out(
            item.name, item.line, N_('there is no question of type "%(type)s" here'), type=one_line(kind)
        )
        return
    reader: Callable[[Source], Asked] = getattr(moodle_types, kind if kind not in GAPPED else "gapped")
    asked = reader(source)
    question = _with_rest(source, asked)
    checked = desk.question(item, question)
    if checked is not None:
        drawer.put(checked)
    for several in asked.several:
        desk.report.changed(
            item.name, item.line, N_("a gap in which several answers are ticked is now a question of its own")
        )
        name = desk.id(item, "", question.id)
        words = desk.text(several.around, "", options=several.options)
        other = desk.question(
            item, replace(moodle_types.of(QuestionType.MULTIPLE, scoring="partial"), id=name, texts={desk.lang: words})
        )
        if other is not None:
            drawer.put(other)


def _with_rest(source: Source, asked: Asked) -> Question:
    """What every type has: id, points, tags, hints, feedback."""
    desk, item = source.desk, source.item
    title, said, how = source.asked()
    text = asked.stem if asked.stem is not None else desk.blocks(item, said, how, source.files)
    text = _old_image(source, text)
    stem = text
    if not title:
        title, stem = desk.titled(item.name if source.child("name") is not None else "", text)
    hints = tuple(hint for element in source.all("hint") if (hint := source.blocks(element)))
    penalty = moodle_types.number_of(source.value("penalty", "0")) if hints else 0.0
    name = desk.id(item, source.value("idnumber"), item.name or title)
    if source.value("hidden") == "1":
        desk.report.changed(item.name, item.line, N_("it was hidden; here it is asked"))
    words = desk.text(
        title, stem, options=asked.options, parts=asked.parts, hints=hints,
        explanation=source.blocks(source.child("generalfeedback")),
        correct=source.blocks(source.child("correctfeedback")),
        partial=source.blocks(source.child("partiallycorrectfeedback")),
        incorrect=asked.incorrect or source.blocks(source.child("incorrectfeedback")),
        rubric=asked.rubric, sample=asked.sample,
    )  # fmt: skip
    tags = [
        one_line(xml.text(xml.child(tag, "text"))).replace(",", " ")
        for tag in xml.children(source.child("tags"), "tag")
    ]
    points = asked.points if asked.points is not None else moodle_types.number_of(source.value("defaultgrade", "1"))
    shuffle = source.value("shuffleanswers", "true").lower() not in ("0", "false", "no")
    return replace(
        asked.question, id=name, texts={desk.lang: words}, points=min(points, 1000.0),
        penalty=min(penalty, 1.0), shuffle=shuffle, tags=tuple(dict.fromkeys(moodle_types.tag(tag) for tag in tags if tag)),
    )  # fmt: skip


def _old_image(source: Source, text: str) -> str:
    """Before Moodle 2 a question had one picture, beside its text."""
    name, data = source.value("image"), decoded(source.value("image_base64"))
    if not name:
        return text
    path = source.desk.file(source.item, name, data) if data else None
    if path is None:
        source.desk.report.left_out(source.item.name, source.item.line, N_("the picture %(name)s"), name=one_line(name))
        return text
    return f"{text}\n\n![]({path})"
