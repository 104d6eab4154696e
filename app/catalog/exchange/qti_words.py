"""Markdown as the XHTML that may stand in a QTI item: only what the standard names, every element closed."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from markdown_it.token import Token

from app.catalog.exchange.qti_dialect import Dialect, element, plain, quoted, text
from app.catalog.format.gaps import MARKS
from app.kit.markdown import formulas, parser

# In an item the title is the second heading, so those of the text (#### and below) begin at the third.
SHIFT = 1
_VOID = ("br", "hr", "img")
Gap = Callable[[str], str]


def _no_gap(name: str) -> str:
    return ""


@dataclass(slots=True)
class Writer:
    """`gap` writes what stands in the place of a mark; `lost` hears of what this dialect has no element for."""

    dialect: Dialect
    gap: Gap = _no_gap
    lost: Callable[[str], None] = lambda name: None

    def blocks(self, markdown: str) -> str:
        return "".join(self._tokens(parser().parse(markdown))) if markdown else ""

    def line(self, markdown: str) -> str:
        return "".join(self._tokens(parser().parseInline(markdown)))

    def is_line(self, markdown: str) -> bool:
        """Whether it is one paragraph, which may stand where only inline elements may."""
        return [token.type for token in parser().parse(markdown)] == ["paragraph_open", "inline", "paragraph_close"]

    def _tokens(self, tokens: list[Token]) -> list[str]:
        written: list[str] = []
        for token in tokens:
            written += self._tokens(token.children or []) if token.type == "inline" else [self._one(token)]
        return written

    def _one(self, token: Token) -> str:
        match token.type:
            case "text" | "text_special":
                return self._text(token.content)
            case "softbreak":
                return "\n"
            case "hardbreak":
                return "<br/>"
            case "code_inline":
                return f"<code>{text(token.content)}</code>"
            case "fence" | "code_block":
                return f"<pre><code>{text(token.content)}</code></pre>"
            case "image":
                return self._image(token)
            case "math_inline" | "math_inline_double" | "math_block":
                return self._formula(token)
            case "html_inline" | "html_block":
                return text(token.content)
            case _:
                return self._tag(token)

    def _text(self, content: str) -> str:
        parts = MARKS.split(content)
        return "".join(self.gap(part) if n % 2 else text(part) for n, part in enumerate(parts))

    def _tag(self, token: Token) -> str:
        if token.hidden:
            return ""
        name, extra = token.tag, ""
        if token.type.startswith("heading_"):
            name = f"h{max(int(token.tag[1]) - SHIFT, 3)}"
        elif name == "s":
            # Neither version has an element for it.
            name, extra = "span", ' class="struck"'
        elif token.type == "ordered_list_open" and token.attrGet("start"):
            start = token.attrGet("start")
            extra = f' start="{start}"' if self.dialect.three else f' class="start-{start}"'
        elif token.type == "link_open":
            extra = f' href="{quoted(token.attrGet("href") or "")}"'
            if token.attrGet("title"):
                self.lost("title")
        if token.nesting < 0:
            return f"</{name}>"
        return f"<{name}{extra}/>" if name in _VOID else f"<{name}{extra}>"

    def _image(self, token: Token) -> str:
        if token.attrGet("title"):
            self.lost("title")
        alt = "".join(
            child.content if child.type in ("text", "text_special", "code_inline") else " "
            for child in token.children or []
        )
        return element("img", "", {"src": token.attrGet("src") or "", "alt": alt})

    def _formula(self, token: Token) -> str:
        alone = token.type != "math_inline"
        drawn = formulas.mathml(token.content, alone=alone)
        if drawn is None:
            drawn = f"<code>{text(token.content.strip())}</code>"
        # Named characters are HTML's own; XML knows five of them.
        drawn = re.sub(
            r"&(?!(?:amp|lt|gt|quot|apos|#x?[0-9A-Fa-f]+);)(\w+);", lambda found: html.unescape(found[0]), drawn
        )
        return f"<p>{plain(drawn)}</p>" if token.type == "math_block" else plain(drawn)
