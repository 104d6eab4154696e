"""Texts for pictures that came without one: which these are, and where a text goes that somebody writes for them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from app.catalog.exchange import escaping

LONGEST = 300
_BARE = re.compile(r"!\[\]\((media/[^\s()<>]{1,300})\)(?! <!-- decorative -->)")


def missing(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The pictures that need a text, in the order in which learners meet them."""
    return tuple(dict.fromkeys(path for text in _texts(files) for path in _BARE.findall(text) if path in files))


def _texts(files: Mapping[str, bytes]) -> Iterator[str]:
    yield from (data.decode("utf-8", "replace") for path, data in sorted(files.items()) if path.endswith(".md"))


def written(files: Mapping[str, bytes], texts: Mapping[str, str], decorative: Collection[str] = ()) -> dict[str, bytes]:
    """The same files with a text at each picture that has one now; one that only decorates is marked as that."""

    def said(found: re.Match[str]) -> str:
        path = found[1]
        text = escaping.inline(texts.get(path, "")).strip()[:LONGEST]
        if text:
            # Half of an escaped sign would escape the bracket behind it.
            whole = text if len(text) < LONGEST else text.rpartition(" ")[0].rstrip("\\")
            return f"![{whole}]({path})"
        return f"{found[0]} <!-- decorative -->" if path in decorative else found[0]

    return {
        path: _BARE.sub(said, data.decode()).encode() if path.endswith(".md") else data for path, data in files.items()
    }
