"""One pass over the tokens of a text: headings step down, quotes become callouts, tables and films become accessible."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from app.kit.i18n import N_, in_language
from app.kit.markdown.sanitise import SCHEMES
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
# Pieces of a line whose content is what a reader reads.
WORDED = ("text", "code_inline", "math_inline", "math_inline_double")
_CALLOUT = re.compile(r"\[!([A-Z]+)\][ \t]*(?:\n|$)")


class Heading(NamedTuple):
    level: int
    slug: str
    text: str


@dataclass(slots=True)
class Thread:
    """What the pieces of one page share: anchors are unique, headings step down one at a time, tables are counted.

    Without `anchored` headings have none: a question may be shown beside any text.
    """

    top: int = 2
    anchored: bool = True
    slugs: Slugs = field(default_factory=Slugs)
    levels: list[int] = field(default_factory=list)
    tables: int = 0

    def level(self, written: int) -> int:
        while self.levels and self.levels[-1] >= written:
            self.levels.pop()
        self.levels.append(written)
        return min(self.top + len(self.levels) - 1, 6)


def plain(inline: Token) -> str:
    """The words of a heading, as the course language reads them when it looks for anchors."""
    return "".join(c.content for c in inline.children or () if c.type in WORDED).strip()


def said(inline: Token) -> str:
    breaks = {"softbreak": " ", "hardbreak": " "}
    kinds = (*WORDED, "image")
    return "".join(breaks.get(c.type, c.content if c.type in kinds else "") for c in inline.children or ()).strip()


def _raw(html: str) -> Token:
    return Token("html_block", "", 0, content=html)


@dataclass(slots=True)
class Work:
    """One pass over the tokens of one text, which turns them into what the page shows."""

    lang: str
    link: Resolver
    media: Resolver
    thread: Thread
    headings: list[Heading] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def text(self) -> str:
        return "\n".join(word for word in self.words if word)

    def say(self, message: str, **values: object) -> str:
        return escapeHtml(in_language(message, self.lang, **values))

    def tokens(self, tokens: list[Token]) -> None:
        at = 0
        while at < len(tokens):
            token = tokens[at]
            match token.type:
                case "heading_open":
                    self.heading(tokens, at)
                case "blockquote_open":
                    self.callout(tokens, at)
                case "table_open":
                    self.table(tokens, at)
                case "list_item_open":
                    self.task(tokens, at)
                case "paragraph_open":
                    self.figure(tokens, at)
                case "inline":
                    self.inline(token)
                    self.words.append(said(token))
                case "fence" | "code_block" | "math_block":
                    self.words.append(token.content)
            at += 1

    def heading(self, tokens: list[Token], at: int) -> None:
        opening, inline, closing = tokens[at : at + 3]
        level = self.thread.level(int(opening.tag[1]))
        opening.tag = closing.tag = f"h{level}"
        if opening.level == 0 and self.thread.anchored:
            words = plain(inline)
            slug = self.thread.slugs.of(words)
            opening.attrSet("id", slug)
            self.headings.append(Heading(level, slug, words))

    def callout(self, tokens: list[Token], at: int) -> None:
        if at + 2 >= len(tokens) or tokens[at + 1].type != "paragraph_open":
            return
        inline = tokens[at + 2]
        found = _CALLOUT.match(inline.content)
        if found is None or found[1] not in CALLOUTS or not inline.children:
            return
        closing = next(t for t in tokens[at:] if t.type == "blockquote_close" and t.level == tokens[at].level)
        kind = found[1]
        tokens[at].tag = closing.tag = "div"
        tokens[at].attrs = {"class": "callout", "data-kind": kind.lower(), "role": "note"}
        rest = inline.children[1:]
        inline.children = rest[1:] if rest and rest[0].type in ("softbreak", "hardbreak") else rest
        title = _raw(f'<p class="callout-title">{self.say(CALLOUTS[kind])}</p>\n')
        if inline.children:
            tokens.insert(at + 1, title)
        else:
            tokens[at + 1 : at + 4] = [title]

    def table(self, tokens: list[Token], at: int) -> None:
        end = next(i for i in range(at, len(tokens)) if tokens[i].type == "table_close")
        self.thread.tables += 1
        columns: list[str] = []
        column, rows = 0, False
        for here in range(at, end):
            token = tokens[here]
            match token.type:
                case "tbody_open":
                    rows = True
                case "tr_open":
                    column = 0
                case "th_open" | "td_open":
                    _align(token)
                    words = plain(tokens[here + 1])
                    if not rows:
                        columns.append(words)
                    first = rows and column == 0 and len(columns) > 1
                    closing = tokens[here + 2]
                    # A header cell without words would be announced as an empty name.
                    token.tag = closing.tag = "th" if words and (not rows or first) else "td"
                    if token.tag == "th":
                        token.attrSet("scope", "row" if rows else "col")
                    column += 1
        label = self.say(TABLE, number=self.thread.tables, columns=", ".join(c for c in columns if c))
        tokens.insert(end + 1, _raw("</div>\n"))
        tokens[at] = _raw(f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">\n<table>\n')

    def task(self, tokens: list[Token], at: int) -> None:
        if at + 2 >= len(tokens) or tokens[at + 2].type != "inline" or not tokens[at + 2].children:
            return
        children = tokens[at + 2].children or []
        first = children[0]
        if first.type != "text" or first.content[:4] not in ("[ ] ", "[x] ", "[X] "):
            return
        done = first.content[1] != " "
        first.content = first.content[4:]
        mark = Token("html_inline", "", 0)
        mark.content = f'<span class="task" data-done="{"yes" if done else "no"}" role="img" aria-label="{self.say(TASK[done])}"></span> '
        children.insert(0, mark)
        tokens[at].attrSet("class", "task-item")

    def figure(self, tokens: list[Token], at: int) -> None:
        """A paragraph that is only a picture with a title, or only a link to a film or a recording."""
        opening, inline, closing = tokens[at : at + 3]
        children = [c for c in inline.children or () if not (c.type == "text" and not c.content.strip())]
        if len(children) == 1 and children[0].type == "image" and children[0].attrGet("title"):
            caption = escapeHtml(str(children[0].attrs.pop("title")))
            opening.tag = closing.tag = "figure"
            opening.attrSet("class", "figure")
            opening.hidden = closing.hidden = False
            after = Token("html_inline", "", 0)
            after.content = f"<figcaption>{caption}</figcaption>"
            inline.children = [*children, after]
        elif len(children) >= 2 and children[0].type == "link_open" and children[-1].type == "link_close":
            href = str(children[0].attrGet("href") or "")
            path = unquote(urlsplit(href).path).lower()
            if path.endswith(VIDEO + AUDIO) and not any(c.type == "link_open" for c in children[1:]):
                self.player(inline, href, video=path.endswith(VIDEO))
                opening.tag = closing.tag = "figure"
                opening.attrSet("class", "figure")
                opening.hidden = closing.hidden = False

    def player(self, inline: Token, href: str, *, video: bool) -> None:
        title = escapeHtml(plain(inline))
        source = self.relative(self.media, href)
        if source is None:
            inline.children = [_words(title)]
            return
        stem = href.rpartition(".")[0]
        captions, transcript = self.relative(self.media, f"{stem}.vtt"), self.relative(self.media, f"{stem}.md")
        track = ""
        if video and captions:
            label = self.say(CAPTIONS)
            track = f'<track kind="captions" src="{escapeHtml(captions)}" srclang="{escapeHtml(self.lang)}" label="{label}" default>'
        link = f' · <a href="{escapeHtml(transcript)}">{self.say(TRANSCRIPT)}</a>' if transcript else ""
        tag = "video" if video else "audio"
        player = Token("html_inline", "", 0)
        player.content = (
            f'<{tag} controls preload="metadata" src="{escapeHtml(source)}" aria-label="{title}">{track}</{tag}>'
            f"<figcaption>{title}{link}</figcaption>"
        )
        inline.children = [player]

    def inline(self, token: Token) -> None:
        dropped: list[Token] = []
        before = ""
        for child in token.children or ():
            if child.type == "image":
                self.image(child)
            elif child.type == "link_open":
                href = self.address(str(child.attrGet("href") or ""))
                # The parser takes "jonas_p@x.lt" for an address of "p": half an address leads to somebody else.
                half = child.info == "auto" and before.endswith("_")
                if href is None or half:
                    child.hidden = True
                else:
                    child.attrSet("href", href)
                dropped.append(child)
            elif child.type == "link_close" and dropped:
                child.hidden = dropped.pop().hidden
            before = child.content if child.type == "text" else ""

    def image(self, token: Token) -> None:
        source = self.relative(self.media, str(token.attrGet("src") or ""))
        if source is None:
            token.type, token.content = "text", token.content or ""
            return
        token.attrSet("src", source)
        token.attrSet("loading", "lazy")

    def address(self, href: str) -> str | None:
        """An outside address and an anchor stay; everything else is asked for."""
        if href.startswith("#"):
            return href
        scheme = urlsplit(href).scheme.lower() if ":" in href.split("/")[0] else ""
        if scheme:
            return href if scheme in SCHEMES else None
        return self.relative(self.link, href)

    def relative(self, resolve: Resolver, href: str) -> str | None:
        """Only what lies in the course: no scheme, no host, no way out."""
        if not href or href.startswith(("/", "\\", "#")) or ":" in href.split("/")[0]:
            return None
        return resolve(unquote(href))


def _words(text: str) -> Token:
    token = Token("html_inline", "", 0)
    token.content = text
    return token


def _align(token: Token) -> None:
    """Alignment comes as an inline style, which the content security policy refuses; a class says it instead."""
    style = str(token.attrs.pop("style", ""))
    if style.endswith("right"):
        token.attrs["class"] = "num"
    elif style.endswith("center"):
        token.attrs["class"] = "centre"
