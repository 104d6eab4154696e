"""Plain words become Markdown that says the same, the same way every time."""

from __future__ import annotations

import pytest

from app.catalog.exchange import escaping


@pytest.mark.parametrize("text", ["<", " < ", "a <", "a < "])
def test_spaces_around_words_do_not_change_what_is_escaped(text: str) -> None:
    assert escaping.words(text) == escaping.words(text.strip())
