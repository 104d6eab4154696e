"""QTI 2.x and 3.0 as one tree: names as in 3.0 without their `qti-`, and the words of an item as HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from xml.etree.ElementTree import Element

from app.catalog.exchange import xml

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# What takes part in an item without being words of it.
_SILENT = {"stylesheet", "companion-materials-info", "catalog-info", "modal-feedback", "template-block"}
_FEEDBACK = {"feedback-inline", "feedback-block"}
# Boxes around words that mean nothing by themselves.
_CLEAR = {"content-body", "prompt", "item-body", "card", "card-entry", "html-content", "div", "simple-choice"}
_TEX = ("application/x-tex", "latex", "tex", "text/latex")
Place = Callable[[Element], str]


def kind(element: Element) -> str:
    """`choice-interaction` for qti-choice-interaction and for choiceInteraction; HTML keeps its names."""
    name = xml.name(element)
    if name.startswith("qti-"):
        return name.removeprefix("qti-")
    return _HUMP.sub("-", name).lower()


def attributes(element: Element) -> dict[str, str]:
    return {_HUMP.sub("-", key).lower(): value for key, value in xml.attributes(element).items()}


def attribute(element: Element | None, name: str, default: str = "") -> str:
    return attributes(element).get(name, default) if element is not None else default


def children(element: Element | None, *names: str) -> Iterator[Element]:
    if element is not None:
        yield from (child for child in element if kind(child) in names)


def child(element: Element | None, *names: str) -> Element | None:
    return next(children(element, *names), None)


def inside(element: Element | None, *names: str) -> Iterator[Element]:
    """At any depth, in order of reading."""
    if element is not None:
        yield from (one for one in element.iter() if one is not element and kind(one) in names)


def classes(element: Element | None) -> tuple[str, ...]:
    return tuple(attribute(element, "class").split())


def words(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def html(element: Element | None, place: Place | None = None, *, without: Callable[[Element], bool] | None = None,
         shift: int = 0) -> str:  # fmt: skip
    """What an element says, as HTML. `place` writes interactions, or raises; `without` names elements that are read elsewhere.

    Headings step up by `shift`.
    """
    if element is None:
        return ""
    return _Words(place or _nothing, without or _none, shift).inner(element)


def _nothing(element: Element) -> str:
    return ""


def _none(element: Element) -> bool:
    return False


class _Words:
    def __init__(self, place: Place, without: Callable[[Element], bool], shift: int) -> None:
        self.place, self.without, self.shift = place, without, shift

    def inner(self, element: Element) -> str:
        return _text(element.text) + "".join(self.one(child) + _text(child.tail) for child in element)

    def one(self, element: Element) -> str:
        name = kind(element)
        if name in _SILENT or name in _FEEDBACK or self.without(element):
            return ""
        if name == "rubric-block":
            return f"<div>{self.inner(element)}</div>" if "candidate" in attribute(element, "view").split() else ""
        if name.endswith("-interaction") or name in ("gap", "hottext"):
            return self.place(element)
        if name == "math":
            return _formula(element)
        if name in ("object", "audio", "video"):
            return self._object(element)
        if name in _CLEAR:
            return f"<div>{self.inner(element)}</div>"
        if re.fullmatch(r"h[1-6]", name):
            name = f"h{max(int(name[1]) - self.shift, 1)}"
        # Names are passed on, so that what cannot be carried is named; what they hold is cleaned where it is read.
        return self._tag("s" if "struck" in classes(element) else name, element)

    def _tag(self, name: str, element: Element) -> str:
        given = attributes(element)
        kept: dict[str, str] = {key: given[key] for key in ("href", "src", "alt", "start") if key in given}
        start = next((one for one in classes(element) if re.fullmatch(r"start-\d{1,8}", one)), "")
        if start and name == "ol":
            kept["start"] = start.removeprefix("start-")
        if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
            name = "span"
        head = f"<{name}{_attributes(kept)}>"
        return head if name in ("br", "hr", "img") else f"{head}{self.inner(element)}</{name}>"

    def _object(self, element: Element) -> str:
        given = attributes(element)
        source = given.get("data") or given.get("src") or attribute(child(element, "source"), "src")
        if given.get("type", "").startswith("image/"):
            return f"<img{_attributes({'src': source, 'alt': words(element)})}>"
        return (
            f"<a{_attributes({'href': source})}>{self.inner(element).strip() or escape(source.rpartition('/')[2])}</a>"
        )


def _attributes(values: Mapping[str, str]) -> str:
    return "".join(f' {key}="{escape(value)}"' for key, value in values.items())


def _text(value: str | None) -> str:
    return escape(value or "", quote=False)


def _formula(element: Element) -> str:
    """TeX, where the formula carries it; else its signs one behind the other, under a name that tells the loss."""
    tex = attribute(element, "alttext")
    for note in inside(element, "annotation"):
        if attribute(note, "encoding").lower() in _TEX:
            tex = words(note)
    tex = tex.strip().strip("$")
    if tex and "\\)" not in tex:
        return f"\\({escape(tex, quote=False)}\\)"
    return f"<math>{escape(words(element), quote=False)}</math>"
