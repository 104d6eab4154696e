"""The dozen blocks that the toolbar and the slash menu set into a page: pieces of Markdown with places to fill."""

from __future__ import annotations

from dataclasses import dataclass

from app.catalog.drafting import starting
from app.catalog.exchange.proposing import Names
from app.kit.i18n import N_


@dataclass(frozen=True, slots=True)
class Block:
    """`name` is what a button sends, `label` what stands on it, `icon` its drawing, `text` what is set in.

    In `text` the part between ‹ and › is what somebody will write over first.
    """

    name: str
    label: str
    icon: str
    text: str


BLOCKS: tuple[Block, ...] = (
    Block("heading", N_("Heading"), "heading", "## ‹…›\n\n"),
    Block("list", N_("List"), "list", "- ‹…›\n- …\n\n"),
    Block("steps", N_("Numbered steps"), "steps", "1. ‹…›\n2. …\n\n"),
    Block("link", N_("Link"), "link", "[‹…›](https://)"),
    Block("image", N_("Picture"), "image", "![‹…›](media/)\n\n"),
    Block("table", N_("Table"), "table", "| ‹…› | … |\n| --- | --- |\n| … | … |\n\n"),
    Block("quote", N_("Quotation"), "quote", "> ‹…›\n\n"),
    Block("note", N_("Note"), "note", "> [!NOTE]\n> ‹…›\n\n"),
    Block("important", N_("Important"), "flag", "> [!IMPORTANT]\n> ‹…›\n\n"),
    Block("tip", N_("Advice"), "spark", "> [!TIP]\n> ‹…›\n\n"),
    Block("warning", N_("Warning"), "alert", "> [!WARNING]\n> ‹…›\n\n"),
    Block("video", N_("Film"), "play", "[‹…›](media/film.mp4)\n\n"),
)
# These need ids that are free in the draft, so the server writes them.
QUESTION, QUIZ = "question", "quiz"


def text_of(name: str, lang: str, taken: set[str]) -> str | None:
    """What is set in for a block, without the marks of what to write over; None for a name that is not one."""
    names = Names()
    names.taken = set(taken)
    if name == QUIZ:
        return starting.quiz_text(lang, names) + "\n"
    if name == QUESTION:
        said = starting.words(lang)
        return (
            f"## {said['question']}\n<!-- question id={names.of('', said['question'])} -->\n\n"
            f"- [x] {said['right']}\n  > {said['why']}\n- [ ] {said['wrong']}\n  > {said['why']}\n\n"
        )
    found = next((block for block in BLOCKS if block.name == name), None)
    return found.text.replace("‹", "").replace("›", "") if found else None
