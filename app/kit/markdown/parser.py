"""The one parser of Markdown: CommonMark, what GitHub adds to it, and formulas between dollar signs."""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin
from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]

from app.kit.limits import NESTING
from app.kit.markdown import formulas

# Lexers are regular expressions by many hands: only plain ones, and only on pieces that a page would show.
HIGHLIGHTED = {"python", "sql", "bash", "sh", "json", "yaml", "xml", "html", "css", "javascript", "ini", "toml"}
HIGHLIGHT_CHARACTERS = 10_000


# Anything that can begin something else than text, or that HTML writes otherwise.
_SPECIAL = re.compile(r"[\\`~*_\[\]<>&$@]|://|www\.|mailto:|xmpp:", re.I)
PLAIN_CHARACTERS = 10_000


def is_plain(text: str) -> bool:
    """Whether a line stays as it is, whatever Markdown and HTML would make of it: most answers, titles and cells do."""
    return (
        len(text) <= PLAIN_CHARACTERS and text.isprintable() and text == text.strip() and _SPECIAL.search(text) is None
    )


def _inline(state: StateCore) -> None:
    """As the parser does it, but for text in which there is nothing to find."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        if token.children is None:
            token.children = []
        if token.content and is_plain(token.content):
            token.children.append(Token("text", "", 0, content=token.content))
        else:
            state.md.inline.parse(token.content, state.md, state.env, token.children)


@cache
def parser(*, html: bool = False) -> MarkdownIt:
    """With `html` tags and comments are tokens of their own, for those who look for comments; without, they are text."""
    made = MarkdownIt("commonmark", {"html": html, "maxNesting": NESTING, "strikethrough_single_tilde": True})
    made.enable(["table", "strikethrough"])
    made.core.ruler.at("inline", _inline)
    made.use(gfm_autolink_plugin)
    # "from $5 to $6" and "$ 5" are money: a formula touches its dollar signs, and no digit stands before or after them.
    made.use(dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, allow_blank_lines=False)
    made.add_render_rule("fence", _code)
    made.add_render_rule("code_block", _code)
    made.add_render_rule("math_inline", _formula)
    made.add_render_rule("math_inline_double", _formula)
    made.add_render_rule("math_block", _formula)
    return made


def _code(renderer: object, tokens: list[Token], at: int, options: object, env: object) -> str:
    token = tokens[at]
    name = token.info.strip().split(maxsplit=1)[0].lower() if token.info.strip() else ""
    code = escapeHtml(token.content)
    if name in HIGHLIGHTED and len(token.content) <= HIGHLIGHT_CHARACTERS:
        code = highlight(token.content, get_lexer_by_name(name), HtmlFormatter(nowrap=True, classprefix="hl-"))
    # Code may be wider than the page, and what scrolls must be reachable by keyboard.
    return f'<pre tabindex="0"><code>{code}</code></pre>\n'


def _formula(renderer: object, tokens: list[Token], at: int, options: object, env: object) -> str:
    token = tokens[at]
    alone = token.type != "math_inline"
    drawn = formulas.mathml(token.content, alone=alone)
    if drawn is None:
        drawn = f"<code>{escapeHtml(token.content.strip())}</code>"
    return f'<div class="formula" tabindex="0">{drawn}</div>\n' if token.type == "math_block" else drawn
