"""The two spellings of QTI: `qti-choice-interaction` in 3.0, `choiceInteraction` in 2.1; the same tree in both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

_XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True, slots=True)
class Dialect:
    """`resource` is put into the types of a manifest's resources, `templates` is where the standard markings are named."""

    version: str
    namespace: str
    schema: str
    package: str
    package_schema: str
    schema_name: str
    schema_version: str
    resource: str
    templates: str

    @property
    def three(self) -> bool:
        return self.version == "3.0"

    def tag(self, word: str, /, *inner: str, **attributes: object) -> str:
        """An element of QTI with what stands in it, already written; attributes that are None stay out."""
        name = f"qti-{word}" if self.three else camel(word)
        return element(name, "".join(inner), {self._name(key): value for key, value in attributes.items()})

    def _name(self, key: str) -> str:
        word = key.rstrip("_").replace("_", "-")
        return word if self.three else camel(word)

    def words(self, *inner: str) -> str:
        """What stands in feedback and rubrics: 3.0 wants a body of its own there."""
        return self.tag("content-body", *inner) if self.three else "".join(inner)

    def document(self, word: str, /, *inner: str, lang: str = "", **attributes: object) -> str:
        root = self.tag(word, "\n".join(("", *inner, "")), **attributes)
        head = f' xmlns="{self.namespace}" xmlns:xsi="{_XSI}" xsi:schemaLocation="{self.namespace} {self.schema}"'
        head += f' xml:lang="{lang}"' if lang else ""
        name = re.match(r"<[\w-]+", root)
        assert name is not None
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{name[0]}{head}{root[name.end() :]}\n'


def camel(word: str) -> str:
    first, *rest = word.split("-")
    return first + "".join(part.capitalize() for part in rest)


def element(name: str, inner: str, attributes: dict[str, object]) -> str:
    said = "".join(f' {key}="{quoted(value)}"' for key, value in attributes.items() if value is not None)
    return f"<{name}{said}>{inner}</{name}>" if inner else f"<{name}{said}/>"


def quoted(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(plain(str(value)), {'"': "&quot;", "\n": " ", "\t": " "})


def text(value: str) -> str:
    return escape(plain(value))


def plain(value: str) -> str:
    """Without the characters that XML cannot hold, none of which anybody sees."""
    return "".join(
        mark for mark in value if mark in "\t\n" or (ord(mark) >= 32 and not 0xD800 <= ord(mark) <= 0xDFFF
        and not 0xFFFE <= ord(mark) <= 0xFFFF)
    )  # fmt: skip


QTI3 = Dialect(
    version="3.0",
    namespace="http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    schema="https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
    package="http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    package_schema="https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd",
    schema_name="QTI Package",
    schema_version="3.0.0",
    resource="xmlv3p0",
    templates="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/",
)
QTI21 = Dialect(
    version="2.1",
    namespace="http://www.imsglobal.org/xsd/imsqti_v2p1",
    schema="http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
    package="http://www.imsglobal.org/xsd/imscp_v1p1",
    package_schema="http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd",
    schema_name="QTIv2.1 Package",
    schema_version="1.0.0",
    resource="xmlv2p1",
    templates="http://www.imsglobal.org/question/qti_v2p1/rptemplates/",
)
