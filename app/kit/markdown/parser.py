"""The one parser of Markdown: CommonMark, what GitHub adds to it, and formulas between dollar signs."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
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


@cache
def parser(*, html: bool = False) -> MarkdownIt:
    """With `html` tags and comments are tokens of their own, for those who look for comments; without, they are text."""
    made = MarkdownIt("commonmark", {"html": html, "maxNesting": NESTING, "strikethrough_single_tilde": True})
    made.enable(["table", "strikethrough"])
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
