"""What went and what came: put together again, it is both texts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.catalog.importer import Changes, Difference
from app.web.differences import Line, compare_texts, paragraphs, words

some_words = st.lists(st.sampled_from(["a", "bb", "c", "dd", "žodis", "–"]), max_size=12).map(" ".join)


def _side(line: Line, *kinds: str) -> str:
    return " ".join(piece.text for piece in line if piece.kind in kinds)


@given(some_words, some_words)
def test_a_paragraph_and_its_change_can_be_told_apart_again(old: str, new: str) -> None:
    line = words(old, new)
    assert _side(line, "same", "went") == old
    assert _side(line, "same", "came") == new


@given(st.lists(some_words.filter(bool), max_size=6), st.lists(some_words.filter(bool), max_size=6))
def test_only_paragraphs_that_differ_are_shown(old: list[str], new: list[str]) -> None:
    diff = compare_texts(old, new)
    assert bool(diff.lines) == (old != new)
    assert diff.came - diff.went == sum(len(p.split()) for p in new) - sum(len(p.split()) for p in old)


def test_a_page_is_compared_by_its_paragraphs() -> None:
    blocks = [{"html": "<p>One <b>two</b></p><ul><li>three</li></ul>"}, {"question": "q"}, {"html": "<img alt='four'>"}]
    assert paragraphs(blocks) == ["One two", "three", "four"]


@given(
    st.lists(st.builds(Difference, some_words, some_words), max_size=3).map(tuple),
    st.lists(st.sampled_from(["pages", "keys"]), max_size=2).map(tuple),
    st.booleans(),
)
def test_changes_are_kept_as_they_were_found(
    pages: tuple[Difference, ...], reasons: tuple[str, ...], described: bool
) -> None:
    changes = Changes(since="1.0", pages_changed=pages, questions_rekeyed=pages, reasons=reasons, words=described)
    assert Changes.from_json(changes.as_json()) == changes
