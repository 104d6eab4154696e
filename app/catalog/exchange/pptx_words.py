"""The words of a slide as HTML: paragraphs, lists as deep as they were, and links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

from app.catalog.exchange.desk import Item
from app.catalog.exchange.docx_styles import child, inside, local, whole
from app.catalog.exchange.model import Report
from app.catalog.exchange.office_lists import ListItem, listed
from app.catalog.exchange.office_pages import said as alt_said
from app.catalog.exchange.office_pages import words
from app.kit.i18n import N_

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_LINKED = ("http://", "https://", "mailto:")


@dataclass(frozen=True, slots=True)
class Words:
    """`part` knows what the references of the slide lead to."""

    report: Report
    item: Item
    part: Any


def plain(text: str) -> str:
    return " ".join(text.replace("\v", " ").split())


def lines(about: Words, paragraphs: Iterable[Any]) -> list[str]:
    return [html for one in paragraphs if (html := _line(about, one._p)).replace("<br>", "").strip()]


def blocks(about: Words, paragraphs: Iterable[Any], *, listing: bool) -> Iterator[str]:
    """`listing`: this place shows its paragraphs as a list unless they say otherwise, and there are several of them."""
    told = [(one._p, html) for one in paragraphs if (html := _line(about, one._p)).replace("<br>", "").strip()]
    listing = listing and (len(told) > 1 or any(_depth(p) for p, _html in told))
    items: list[ListItem] = []
    counted: dict[int, int] = {}
    for element, html in told:
        kind = _bullet(element) or ("bullet" if listing else "")
        if kind in ("", "none"):
            if items:
                yield listed(items)
                items = []
            counted.clear()
            yield f"<p>{html}</p>"
            continue
        depth = _depth(element)
        counted[depth] = counted.get(depth, 0) + 1
        for deeper in [one for one in counted if one > depth]:
            del counted[deeper]
        items.append(ListItem(depth, kind == "ordered", counted[depth], html))
    if items:
        yield listed(items)


def _depth(paragraph: Any) -> int:
    properties = child(paragraph, "pPr")
    return max(0, min(whole(properties.get("lvl", "0")), 8)) if properties is not None else 0


def _bullet(paragraph: Any) -> str:
    """What the paragraph itself says: bullet, ordered, none, or nothing."""
    names = {local(one) for one in inside(paragraph, "pPr")}
    if "buNone" in names:
        return "none"
    if "buAutoNum" in names:
        return "ordered"
    return "bullet" if names & {"buChar", "buBlip"} else ""


def _line(about: Words, paragraph: Any) -> str:
    html = ""
    held, form, href = "", "", ""
    for element in [*paragraph, None]:
        name = local(element) if element is not None else ""
        text = "".join(one.text or "" for one in element if local(one) == "t") if name in ("r", "fld") else ""
        here = _form(element) if name in ("r", "fld") else ""
        target = _href(about, element) if name in ("r", "fld") else ""
        if element is not None and name not in ("r", "fld", "br", "AlternateContent"):
            continue
        if name == "AlternateContent":
            about.report.changed(about.item.name, 0, N_("a formula is now plain words: write it anew between two $"))
            text = "".join(one.text or "" for one in element.iter() if local(one) == "t")
        if held and (here != form or target != href or name in ("br", "")):
            html += _formed(held, form, href)
            held = ""
        if name == "br":
            html += "<br>"
        held, form, href = held + text.replace("\v", " "), here, target
    return html


def _form(run: Any) -> str:
    properties = child(run, "rPr")
    if properties is None:
        return ""
    return "strong" if properties.get("b") in ("1", "true") else "em" if properties.get("i") in ("1", "true") else ""


def _href(about: Words, run: Any) -> str:
    link = child(run, "rPr", "hlinkClick")
    key = link.get(f"{_R}id", "") if link is not None else ""
    if not key or key not in about.part.rels or not about.part.rels[key].is_external:
        return ""
    address = about.part.rels[key].target_ref
    if not address.lower().startswith(_LINKED):
        about.report.left_out(
            about.item.name, 0, N_("a link to %(address)s, which is no web page"), address=address[:200]
        )
        return ""
    return str(address)


def _formed(text: str, form: str, href: str) -> str:
    html = escape(text, quote=False) if href else words(text)
    html = f"<{form}>{html}</{form}>" if form and text.strip() else html
    return f'<a href="{escape(href)}">{html}</a>' if href else html


def alt(element: Any) -> tuple[str, bool]:
    """The text of a picture for those who do not see it, and whether it is marked as decoration."""
    said, decorative = "", False
    for one in element.iter():
        if local(one) == "cNvPr":
            said = said or one.get("descr", "")
        elif local(one) == "decorative":
            decorative = decorative or one.get("val", "") in ("1", "true")
    return alt_said(said), decorative
