"""Foreign Markdown as Markdown of the course language: as it is where it is ours already, by way of HTML where it is not."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.catalog.exchange import escaping, html_markdown
from app.catalog.exchange.html_markdown import Converted, Resolver
from app.catalog.format import callouts
from app.catalog.format.gaps import CLOSE, OPEN
from app.catalog.format.source import is_comment
from app.kit.limits import NESTING
from app.kit.markdown import parser
from app.kit.runs import heavy


@cache
def _plain() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True, "maxNesting": NESTING}).enable(["table", "strikethrough"])


def blocks(text: str, *, link: Resolver, image: Resolver, top: int = 4) -> Converted:
    text = _trimmed(text)
    if heavy(text) is not None:
        # A parser would take minutes over it; as words it is only long.
        return Converted(escaping.paragraphs(text), frozenset({"markdown"}))
    if _is_ours(parser(html=True).parse(text), text, top):
        return Converted(text, frozenset())
    return html_markdown.blocks(_plain().render(text), link=link, image=image, top=top)


def line(text: str, *, link: Resolver, image: Resolver) -> Converted:
    text = " ".join(escaping.visible(text).split())
    if heavy(text) is not None:
        return Converted(escaping.words(text), frozenset({"markdown"}))
    tokens = parser(html=True).parse(text)
    if [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"] and _is_ours(
        tokens, text, 7
    ):
        return Converted(text, frozenset())
    return html_markdown.line(_plain().render(text), link=link, image=image)


def _trimmed(text: str) -> str:
    lines = escaping.visible(text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")).split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return "\n".join(lines)


def _is_ours(tokens: list[Token], text: str, top: int) -> bool:
    if OPEN in text or CLOSE in text:
        return False
    if any(callouts.mark(quote) not in ("", *callouts.ON_PAGES) for quote in callouts.quotes(tokens)):
        return False
    return all(_fits(token, text, top) for token in tokens)


def _fits(token: Token, text: str, top: int) -> bool:
    if token.type == "heading_open" and (token.markup in ("=", "-") or int(token.tag[1]) < top):
        return False
    if token.type == "fence" and not _closed(token, text):
        return False
    if token.type == "html_block" or token.level >= NESTING - 1:
        return False
    return not any(child.type == "html_inline" or is_comment(child) for child in token.children or ())


def _closed(token: Token, text: str) -> bool:
    """A fence that is left open would take in everything that is written behind it."""
    first, last = token.map or (0, 1)
    lines = text.split("\n")[first:last]
    return len(lines) > 1 and lines[-1].lstrip(" >").startswith(token.markup)
