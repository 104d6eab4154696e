"""Markdown → sanitised HTML: one pipeline, and the only door through which text becomes Markup."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token
from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from app.kit.errors import Invalid
from app.kit.i18n import N_, in_language
from app.kit.limits import MARKDOWN_BYTES, NESTING, RUN_CHARACTERS, RUN_MARKS
from app.kit.slugs import Slugs

Resolver = Callable[[str], str | None]

CALLOUTS: Final = {
    "NOTE": N_("Note"),
    "TIP": N_("Tip"),
    "IMPORTANT": N_("Important"),
    "WARNING": N_("Warning"),
    "CAUTION": N_("Caution"),
}
TABLE = N_("Table %(number)s: %(columns)s")
TASK = {True: N_("Done"), False: N_("Not done")}
TRANSCRIPT = N_("Transcript")
CAPTIONS = N_("Captions")
VIDEO = (".mp4", ".webm")
AUDIO = (".mp3",)
# Lexers are regular expressions by many hands: only plain ones, and only on pieces that a page would show.
HIGHLIGHTED = {"python", "sql", "bash", "sh", "json", "yaml", "xml", "html", "css", "javascript", "ini", "toml"}
HIGHLIGHT_CHARACTERS = 10_000

_TAGS = set(
    "p h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong s del br hr a img table thead tbody tr th td "
    "div span figure figcaption video audio track".split()
)
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "id"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "loading"},
    "div": {"role", "tabindex", "aria-label", "data-kind"},
    "span": {"role", "aria-label", "data-done"},
    "pre": {"tabindex"},
    "th": {"scope"},
    "ol": {"start"},
    "video": {"src", "controls", "preload", "aria-label"},
    "audio": {"src", "controls", "preload", "aria-label"},
    "track": {"src", "kind", "srclang", "label", "default"},
}
SCHEMES: Final = {"http", "https", "mailto"}
_CALLOUT = re.compile(r"\[!([A-Z]+)\][ \t]*(?:\n|$)")
_BLANK = re.compile(r"\n[ \t>]*\n")
_MARKS = re.compile(r"[\[\]*_`<>!&|~\\]")
_RUN = re.compile(r"([^\w\s])\1{99}")


class Heading(NamedTuple):
    level: int
    slug: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML that is safe to show, its headings in order of reading, and its words alone (for search)."""

    html: str
    headings: tuple[Heading, ...] = ()
    text: str = ""


@dataclass(slots=True)
class Thread:
    """What the pieces of one page share: anchors are unique, headings step down one at a time, tables are counted."""

    top: int = 2
    slugs: Slugs = field(default_factory=Slugs)
    levels: list[int] = field(default_factory=list)
    tables: int = 0

    def level(self, written: int) -> int:
        while self.levels and self.levels[-1] >= written:
            self.levels.pop()
        self.levels.append(written)
        return min(self.top + len(self.levels) - 1, 6)


def markup(html: str) -> Markup:
    """HTML that `render` made (and the database kept), as what Jinja does not escape again."""
    return Markup(html)  # noqa: S704 - only ever given what this module has sanitised


def fault(text: str) -> Invalid | None:
    """Why a text is not rendered at all: too large, or of a shape that takes a parser minutes and no author writes."""
    if len(text.encode()) > MARKDOWN_BYTES:
        return Invalid(text=Invalid_(N_("This text is larger than %(kib)s KiB. Split it into pages."), kib=MARKDOWN_BYTES // 1024))
    for run in _BLANK.split(text):
        if len(run) > RUN_CHARACTERS:
            return Invalid(text=Invalid_(N_("A paragraph, list or table is longer than %(limit)s characters."), limit=RUN_CHARACTERS))
        if len(run) > RUN_MARKS and len(_MARKS.findall(run)) > RUN_MARKS:
            return Invalid(text=Invalid_(N_("A paragraph, list or table has more than %(limit)s marks such as * or [."), limit=RUN_MARKS))
    return None
