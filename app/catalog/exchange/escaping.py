"""Plain words as Markdown that says exactly these words: nothing in them means anything to Markdown."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

_SPACE = re.compile(r"[ \t\r\n\f\v\u2028\u2029\x85]+")
_ACTIVE = re.compile(r"[\\`*\[\]~$]|<(?=[A-Za-z/!?]|$)|(?<![^\W_])_|_(?![^\W_])|&(?=#|\w+;)")
# What begins a heading, a list, a quote, a rule, an underlined heading or a table when a line begins with it.
_AT_START = re.compile(
    r"(?P<digits>\d{1,9})(?P<dot>[.)])(?=\s|$)|[-+](?=\s|$)|-(?=[-\s]+$)|:(?=-)|=(?==*\s*$)|[>|]|#{1,6}(?=\s|$)"
)


def visible(text: str) -> str:
    """Without marks that nobody sees: control and format characters, and those that gaps are kept in."""
    return "".join(
        mark for mark in text if mark in "\n\t" or unicodedata.category(mark) not in ("Cc", "Cs", "Co", "Cn")
    )


def folded(text: str) -> str:
    """On one line, with single spaces; a no-break space is a letter to whoever wrote it."""
    return visible(_SPACE.sub(" ", text))


def inline(text: str) -> str:
    """Words inside a line. Spaces at both ends stay, since other words may stand beside them."""
    # The reader of the course language looks for comments before anything is unescaped.
    return _ACTIVE.sub(r"\\\g<0>", folded(text)).replace("<!--", "<\\!--")


def at_start(text: str) -> str:
    """A line of Markdown that is to begin a paragraph, not a list or a heading."""
    found = _AT_START.match(text)
    if found is None:
        return text
    if found["digits"]:
        return f"{found['digits']}\\{text[found.start('dot') :]}"
    return "\\" + text


def heading(text: str) -> str:
    """A line of Markdown that is to be a heading: hashes at its end would close it."""
    text = text.strip()
    core = text.rstrip("#")
    hashes = len(text) - len(core)
    if hashes and core.endswith("\\"):
        hashes, core = hashes - 1, core + "#"
    return core + "\\#" * hashes


def words(text: str) -> str:
    """Plain text as one line of Markdown."""
    # Stripped first: whether a sign at the end is active depends on what stands behind it.
    return at_start(inline(text.strip()).strip())


def paragraphs(text: str) -> str:
    """Plain text with its line breaks: a blank line parts paragraphs, a single one stays a break."""
    found = re.split(r"\n[ \t]*\n\s*", visible(text.replace("\r\n", "\n").replace("\r", "\n")).strip())
    return "\n\n".join("\\\n".join(line for row in one.split("\n") if (line := words(row))) for one in found)


def address(url: str) -> str:
    """An address as it stands between the round brackets of a link."""
    return quote(url.strip(), safe="!#$%&'*+,/:;=?@_~-.")


def code(value: str) -> str:
    """A code span that holds these words exactly: as many backticks around them as it takes."""
    ticks = "`"
    while ticks in value:
        ticks += "`"
    return f"{ticks} {value} {ticks}" if value.startswith("`") or value.endswith("`") else f"{ticks}{value}{ticks}"
