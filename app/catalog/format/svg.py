"""Drawings that only draw: an SVG that could run, load or hide something is refused."""

from __future__ import annotations

import io
import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]

from app.kit.limits import NESTING, SVG_BYTES

# Names without their namespace, in small letters: what draws, names and arranges. Everything else is refused.
ELEMENTS = frozenset({
    "svg", "g", "defs", "symbol", "use", "title", "desc", "metadata", "switch", "style", "path", "rect", "circle",
    "ellipse", "line", "polyline", "polygon", "text", "tspan", "textpath", "image", "lineargradient",
    "radialgradient", "stop", "pattern", "clippath", "mask", "marker", "filter", "view", "feblend",
    "fecolormatrix", "fecomponenttransfer", "fecomposite", "feconvolvematrix", "fediffuselighting",
    "fedisplacementmap", "fedistantlight", "fedropshadow", "feflood", "fefunca", "fefuncb", "fefuncg", "fefuncr",
    "fegaussianblur", "femerge", "femergenode", "femorphology", "feoffset", "fepointlight", "fespecularlighting",
    "fespotlight", "fetile", "feturbulence",
})  # fmt: skip
_METADATA = ("http://purl.org/dc/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://creativecommons.org/ns#",
             "http://web.resource.org/cc/", "http://www.inkscape.org/", "http://sodipodi.sourceforge.net/")  # fmt: skip
_SVG = "http://www.w3.org/2000/svg"
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*", re.I)
_STYLE = re.compile(r"@import|expression\s*\(|javascript:|-moz-binding|behavior\s*:|\\|url\(\s*['\"]?\s*(?!#)", re.I)


def refusal(data: bytes) -> str | None:
    """Why a drawing cannot be taken, in a word or two of SVG; None for one that only draws."""
    if len(data) > SVG_BYTES:
        return f"> {SVG_BYTES} bytes"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "not UTF-8"
    # A document type can define text that grows a millionfold or reads another file.
    if re.search(r"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", text, re.I):
        return "DOCTYPE"
    head = re.match(r"\s*<\?xml\s[^>]*\?>", text)
    if (
        head
        and re.search(r"encoding\s*=", head[0])
        and not re.search(r"encoding\s*=\s*['\"]utf-?8['\"]", head[0], re.I)
    ):
        return "not UTF-8"
    if "<?" in text[head.end() if head else 0 :]:
        return "<?"
    return _walk(text[head.end() if head else 0 :].strip())


def _walk(text: str) -> str | None:
    depth = 0
    try:
        for event, element in iterparse(io.BytesIO(text.encode()), events=("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            if depth > NESTING:
                return "nested too deep"
            why = _element(element, root=depth == 1) if event == "start" else _style(element)
            if why is not None:
                return why
    except (ParseError, ValueError) as error:
        return f"not XML ({error})"
    return None


def _element(element: Element, *, root: bool) -> str | None:
    space, _, name = str(element.tag).rpartition("}")
    space = space.removeprefix("{")
    if space.startswith(_METADATA):
        return None
    if space not in (_SVG, "") or name.lower() not in ELEMENTS or (root and (name != "svg" or space != _SVG)):
        return f"<{name}>"
    for attribute, value in element.attrib.items():
        local = attribute.rpartition("}")[2].lower()
        if local.startswith("on") or "javascript:" in re.sub(r"\s", "", value).lower():
            return local
        if local in ("href", "src") and not value.strip().startswith("#"):
            if name.lower() != "image" or not _PICTURE.fullmatch(value.strip()):
                return local
        elif local not in ("href", "src") and (local == "style" or "url(" in value.lower()) and _STYLE.search(value):
            return local
    return None


def _style(element: Element) -> str | None:
    if str(element.tag).rpartition("}")[2].lower() == "style" and _STYLE.search("".join(element.itertext())):
        return "<style>"
    return None
