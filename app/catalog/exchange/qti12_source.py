"""One item of QTI 1.2 while it is read: its words, what may be answered, and the conditions that score it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from xml.etree.ElementTree import Element

from app.catalog.exchange import xml
from app.catalog.exchange.desk import Desk, Item, decimal
from app.catalog.exchange.folder import Folder

RESPONSES = ("response_lid", "response_str", "response_num", "response_xy", "response_grp")
_COMPARED = ("varequal", "vargte", "varlte", "vargt", "varlt", "varsubstring", "other")


@dataclass(frozen=True, slots=True)
class Test:
    """`how` is the name of the comparison; `wrong` where the condition wants it not to hold."""

    how: str
    response: str
    value: str
    wrong: bool
    case: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """`score` is a share of the points; `added` where it comes on top of others."""

    tests: tuple[Test, ...]
    score: float | None
    added: bool
    told: tuple[str, ...]


@dataclass(slots=True)
class Source:
    desk: Desk
    folder: Folder
    item: Item
    element: Element
    path: str
    fields: dict[str, str]
    conditions: tuple[Condition, ...]
    used: set[str] = field(default_factory=set)

    @property
    def presentation(self) -> Element | None:
        return xml.child(self.element, "presentation")

    @property
    def responses(self) -> list[Element]:
        return list(within(self.presentation, *RESPONSES))

    @property
    def html(self) -> str:
        """The words of the question, without those of its answers."""
        return "".join(_material(self.presentation, RESPONSES))

    def blocks(self, html: str) -> str:
        return self.folder.blocks(self.item, html, self.path)

    def line(self, element: Element) -> str:
        return self.folder.line(self.item, "".join(_material(element)), self.path)

    def plain(self, element: Element) -> str:
        """Words without form, where only such may stand."""
        return " ".join("".join(xml.text(one) for one in within(element, "mattext")).split())

    def labels(self, response: Element) -> dict[str, Element]:
        return {one.attrib.get("ident", ""): one for one in within(response, "response_label")}

    def feedback(self, name: str) -> str:
        for one in xml.children(self.element, "itemfeedback"):
            if one.attrib.get("ident") == name:
                self.used.add(name)
                return self.blocks("".join(_material(one)))
        return ""

    def right(self, response: str) -> Iterator[tuple[str, float]]:
        """What is answered rightly to one response, and the share of the points that brings."""
        for condition in self.conditions:
            if condition.score is None or condition.score <= 0:
                continue
            for test in condition.tests:
                if test.how == "varequal" and test.response == response and not test.wrong:
                    yield test.value, condition.score


def source_of(desk: Desk, folder: Folder, item: Item, element: Element, path: str) -> Source:
    fields = {
        xml.text(xml.child(one, "fieldlabel")).strip(): xml.text(xml.child(one, "fieldentry")).strip()
        for one in within(xml.child(element, "itemmetadata"), "qtimetadatafield")
    }
    processing = xml.child(element, "resprocessing")
    most = decimal(next((one.attrib.get("maxvalue", "") for one in within(processing, "decvar")), "")) or 100
    found = tuple(_condition(one, float(most)) for one in xml.children(processing, "respcondition"))
    return Source(desk, folder, item, element, path, fields, found)


def within(element: Element | None, *names: str) -> Iterator[Element]:
    if element is not None:
        yield from (one for one in element.iter() if one is not element and xml.name(one) in names)


def _material(element: Element | None, without: tuple[str, ...] = ()) -> Iterator[str]:
    """The words below an element as HTML, those in elements named apart."""
    if element is None:
        return
    for one in element:
        if xml.name(one) == "mattext":
            yield as_html(one)
        elif xml.name(one) == "matimage":
            yield f'<img src="{escape(one.attrib.get("uri", ""))}" alt="">'
        elif xml.name(one) not in without:
            yield from _material(one, without)


def as_html(element: Element) -> str:
    said = "".join(element.itertext())
    kind = (element.attrib.get("texttype") or "text/plain").lower()
    return f"<div>{said}</div>" if kind == "text/html" else f"<p>{escape(said, quote=False)}</p>"


def _condition(element: Element, most: float) -> Condition:
    score: float | None = None
    added = False
    for one in within(element, "setvar"):
        value = decimal(xml.text(one))
        if one.attrib.get("varname", "SCORE").upper().startswith("SCORE") and value is not None:
            score = min(max(float(value) / most, -1.0), 1.0)
            added = one.attrib.get("action", "Set").lower() == "add"
    told = tuple(one.attrib.get("linkrefid", "") for one in within(element, "displayfeedback"))
    return Condition(tuple(_tests(xml.child(element, "conditionvar"), wrong=False)), score, added, told)


def _tests(element: Element | None, *, wrong: bool) -> Iterator[Test]:
    for one in element if element is not None else ():
        name = xml.name(one)
        if name == "not":
            yield from _tests(one, wrong=not wrong)
        elif name in ("and", "or"):
            yield from _tests(one, wrong=wrong)
        elif name in _COMPARED:
            case = one.attrib.get("case", "No").lower() == "yes"
            yield Test(name, one.attrib.get("respident", ""), xml.text(one).strip(), wrong, case)
