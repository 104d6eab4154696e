"""Foreign XML: without document types, not too deep, and with the line of every element."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]

from app.kit.i18n import N_
from app.kit.limits import EXCHANGE_ELEMENTS, NESTING

# No attribute can have this name, since no name begins with a line break.
_LINE = "\nline"
_CHUNK = 64 * 1024
# Nothing in these files is an entity of their own, so a document type can only be there to do harm.
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.I)


class BadXML(Exception):
    """This XML is not read: a sentence to translate, its values, and the line."""

    def __init__(self, template: str, line: int = 0, **values: object) -> None:
        super().__init__(template)
        self.template, self.line, self.values = template, line, values


class _Parser(DefusedXMLParser):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(forbid_dtd=True, forbid_entities=True, forbid_external=True)
        self.depth = 0
        self.count = 0

    def _start(self, *args: object) -> Element:
        self.depth += 1
        self.count += 1
        if self.count > EXCHANGE_ELEMENTS:
            raise BadXML(N_("more than %(limit)s elements"), self.parser.CurrentLineNumber, limit=EXCHANGE_ELEMENTS)
        if self.depth > NESTING:
            raise BadXML(
                N_("elements are nested more than %(limit)s deep"), self.parser.CurrentLineNumber, limit=NESTING
            )
        element: Element = super()._start(*args)
        element.attrib[_LINE] = str(self.parser.CurrentLineNumber)
        return element

    def _end(self, *args: object) -> object:
        self.depth -= 1
        return super()._end(*args)


def parse(data: bytes) -> Element:
    """The root element; raises BadXML for whatever is not plain, whole XML."""
    parser = _Parser()
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise BadXML(N_("a document type or an entity of its own is not read"), _doctype_line(data)) from error
    except ParseError as error:
        line, _column = error.position
        raise BadXML(N_("this is not whole XML: %(why)s"), line, why=str(error).partition(":")[0]) from error
    except (LookupError, ValueError, UnicodeError, AttributeError) as error:
        raise BadXML(N_("this is not XML in an encoding that we read")) from error
    return root


def _doctype_line(data: bytes) -> int:
    found = _DOCTYPE.search(data)
    return data.count(b"\n", 0, found.start()) + 1 if found else 1


def line(element: Element) -> int:
    return int(element.attrib.get(_LINE, "0"))


def name(element: Element) -> str:
    """Its name without namespace."""
    return str(element.tag).rpartition("}")[2]


def attributes(element: Element) -> dict[str, str]:
    return {key.rpartition("}")[2]: value for key, value in element.attrib.items() if key != _LINE}


def children(element: Element | None, *names: str) -> Iterator[Element]:
    if element is not None:
        yield from (child for child in element if name(child) in names)


def child(element: Element | None, wanted: str) -> Element | None:
    return next(children(element, wanted), None)


def text(element: Element | None) -> str:
    return (element.text or "") if element is not None else ""
