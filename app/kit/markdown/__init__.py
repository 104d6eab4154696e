"""Markdown → sanitised HTML: one pipeline, and the only door through which text becomes Markup."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from app.kit.errors import Invalid, KitError
from app.kit.i18n import N_
from app.kit.limits import MARKDOWN_BYTES, RUN_CHARACTERS, RUN_MARKS
from app.kit.markdown.parser import is_plain, parser
from app.kit.markdown.passes import CALLOUTS, Heading, Resolver, Thread, Work, plain, said
from app.kit.markdown.sanitise import clean
from app.kit.runs import heavy

__all__ = [
    "CALLOUTS",
    "Heading",
    "Rendered",
    "Resolver",
    "Thread",
    "fault",
    "markup",
    "parser",
    "plain",
    "render",
    "render_line",
    "words",
]


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML that is safe to show, its headings in order of reading, and its words alone (for search)."""

    html: str
    headings: tuple[Heading, ...] = ()
    text: str = ""


def markup(html: str) -> Markup:
    """HTML that `render` made (and the database kept), as what Jinja does not escape again."""
    return Markup(html)  # noqa: S704 - only ever given what this module has sanitised


def fault(text: str) -> Invalid | None:
    """Why a text is not rendered at all: too large, or of a shape that costs a parser minutes and that nobody writes."""
    if len(text.encode()) > MARKDOWN_BYTES:
        size = MARKDOWN_BYTES // 1024
        return Invalid(text=KitError(N_("This text is larger than %(limit)s KiB. Split it into pages."), limit=size))
    found = heavy(text)
    if found is not None and found.marks:
        too_many = N_(
            "A paragraph, list or table has more than %(limit)s marks such as * or [. Put a blank line into it."
        )
        return Invalid(text=KitError(too_many, limit=RUN_MARKS))
    if found is not None:
        too_long = N_("A paragraph, list or table is longer than %(limit)s characters. Put a blank line into it.")
        return Invalid(text=KitError(too_long, limit=RUN_CHARACTERS))
    return None


def render(
    text: str,
    *,
    lang: str = "lt",
    link: Resolver | None = None,
    media: Resolver | None = None,
    thread: Thread | None = None,
) -> Rendered:
    """Blocks of Markdown. `link` and `media` turn relative addresses into ours, or answer None: then only the words stay."""
    if not text.strip():
        return Rendered("")
    if text[0].isalpha() and is_plain(text):
        return Rendered(f"<p>{text}</p>\n", text=text)
    refusal = fault(text)
    if refusal is not None:
        raise refusal
    work = Work(lang, link or _nowhere, media or _nowhere, thread or Thread())
    tokens = parser().parse(text)
    work.tokens(tokens)
    return Rendered(clean(parser().renderer.render(tokens, parser().options, {})), tuple(work.headings), work.text())


def render_line(text: str, *, link: Resolver | None = None, media: Resolver | None = None) -> str:
    """One line of Markdown without a paragraph around it: an answer option, a title."""
    if is_plain(text):
        return text
    refusal = fault(text)
    if refusal is not None:
        raise refusal
    work = Work("", link or _nowhere, media or _nowhere, Thread())
    tokens = parser().parseInline(text)
    for token in tokens:
        work.inline(token)
    return clean(parser().renderer.render(tokens, parser().options, {}))


def words(text: str) -> str:
    """The words of one line of Markdown, without its marks: a heading where only text may stand."""
    return text if is_plain(text) else " ".join(said(token) for token in parser().parseInline(text)).strip()


def _nowhere(href: str) -> str | None:
    return None
