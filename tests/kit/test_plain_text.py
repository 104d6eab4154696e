"""Text in which there is nothing to find is not looked through, and comes out as if it had been."""

from __future__ import annotations

import string

from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.rules_core.inline import inline

from app.kit import markdown
from app.kit.markdown.parser import is_plain, parser
from app.kit.markdown.passes import Thread, Work, said
from app.kit.markdown.sanitise import clean

# What Markdown gives a meaning to, and what only looks as if it did.
PIECES = st.sampled_from(
    [*string.punctuation, " ", "  ", "a", "Ž", "1.", "1)", "www.", "www", "http://a.lt", "a@b.lt", "mailto:", "&amp;", "[x]", "\n", "\t", "\xa0", "- ", "# ", "```", "| a |", "---", "\u200b", "\ufeff", "\x00", "\u2028", "é", "é", "😀", "\ue000"]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=8).map("".join)


def slowly() -> MarkdownIt:
    """The same parser, looking at everything."""
    made = parser.__wrapped__()
    made.core.ruler.at("inline", inline)
    return made


SLOW = slowly()


def _nowhere(href: str) -> None:
    return None


@settings(max_examples=600, deadline=None)
@given(TEXTS)
@example("Per 72 valandas")
@example("1. Per 72 valandas")
@example('Ji tarė: "Gerai" – ir viskas!')
def test_a_text_is_rendered_as_it_would_be_if_it_were_looked_through(text: str) -> None:
    if text.strip() and markdown.fault(text) is None:
        work = Work("lt", _nowhere, _nowhere, Thread())
        tokens = SLOW.parse(text)
        work.tokens(tokens)
        expected = clean(SLOW.renderer.render(tokens, SLOW.options, {}))
        rendered = markdown.render(text)
        assert rendered.html == expected
        assert rendered.text == work.text()


@settings(max_examples=600, deadline=None)
@given(TEXTS)
@example("Per 72 valandas")
def test_a_line_is_rendered_as_it_would_be_if_it_were_looked_through(text: str) -> None:
    if markdown.fault(text) is None:
        work = Work("", _nowhere, _nowhere, Thread())
        tokens = SLOW.parseInline(text)
        for token in tokens:
            work.inline(token)
        assert markdown.render_line(text) == clean(SLOW.renderer.render(tokens, SLOW.options, {}))
        assert markdown.words(text) == " ".join(said(token) for token in SLOW.parseInline(text)).strip()


@settings(max_examples=600, deadline=None)
@given(TEXTS)
def test_the_parser_finds_the_same_tokens(text: str) -> None:
    assert [t.as_dict() for t in parser().parse(text)] == [t.as_dict() for t in SLOW.parse(text)]


def test_most_of_what_people_write_is_plain() -> None:
    assert all(map(is_plain, ("Per 72 valandas", "Žmogus, kuris klausia!", 'Jis sakė: "ne"', "2026-11-24, 16.30 val.")))
    assert not any(map(is_plain, ("a *b*", "a_b", "www.lrs.lt", "a & b", "1 < 2", "a\nb", "a\xa0b", " a")))
