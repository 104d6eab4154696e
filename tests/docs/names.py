"""The words in bold in the guides are names on the screen: `python -m tests.docs.names [--update]`.

Both languages of a guide name the same things in the same order, so a name that is worded anew on the screen can be
brought into the Lithuanian guides by command.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from app.settings import ROOT
from tests.catalogues import spoken, translated

GUIDES = ("learner", "trainer", "manager", "administrator")
BOLD = re.compile(r"\*\*(.+?)\*\*", re.S)
_FENCE = re.compile(r"^\s*(`{3,}).*?^\s*\1\s*$", re.M | re.S)


@dataclass(frozen=True, slots=True)
class Name:
    """One name as the English guide has it, as the Lithuanian one has it, and as Lithuanian screens say it."""

    guide: str
    section: str
    english: str
    written: str
    said: str


def text_of(guide: str, lang: str) -> str:
    return (ROOT / "docs" / "guides" / f"{guide}.{lang}.md").read_text(encoding="utf-8")


def sections(text: str) -> list[tuple[str, list[str]]]:
    """Every heading of the second level with the names under it, in order."""
    parts = re.split(r"^## (.+)$", _FENCE.sub("", text), flags=re.M)
    heads = ["", *parts[1::2]]
    return [
        (head, [" ".join(name.split()) for name in BOLD.findall(body)])
        for head, body in zip(heads, parts[::2], strict=True)
    ]


@cache
def sentences() -> dict[str, str]:
    """Every fixed sentence on the screen with its Lithuanian, empty where there is none yet."""
    known = translated("lt")
    found = {}
    for message in spoken():
        for one in message.id if isinstance(message.id, tuple) else (message.id,):
            if one:
                same = known.get(message.id, message.context)
                found[one] = str(same.string) if same is not None and isinstance(same.string, str) else ""
    return found


def names(guide: str) -> Iterator[Name]:
    """The names of a guide, side by side. Both languages must have equally many in each section."""
    pairs = zip(sections(text_of(guide, "en")), sections(text_of(guide, "lt")), strict=True)
    for (head, english), (_head, lithuanian) in pairs:
        for one, other in zip(english, lithuanian, strict=True):
            yield Name(guide, head, one, other, sentences().get(one, ""))


def update() -> int:
    """Write what Lithuanian screens say into the Lithuanian guides; answer how many names were changed."""
    changed = 0
    for guide in GUIDES:
        text, stale = text_of(guide, "lt"), list(names(guide))
        fences = [found.span() for found in _FENCE.finditer(text)]
        places = [p for p in BOLD.finditer(text) if not any(a <= p.start() < b for a, b in fences)]
        for place, name in reversed(list(zip(places, stale, strict=True))):
            if name.said and name.said != name.written:
                text = text[: place.start(1)] + name.said + text[place.end(1) :]
                changed += 1
        (ROOT / "docs" / "guides" / f"{guide}.lt.md").write_text(text, encoding="utf-8")
    return changed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true", help="bring the Lithuanian guides up to the screen")
    if parser.parse_args().update:
        print(f"{update()} names changed")
    waiting = {(n.english, n.written) for guide in GUIDES for n in names(guide) if not n.said}
    for english, written in sorted(waiting):
        print(f"not translated yet: {english!r}, the guide says {written!r}")


if __name__ == "__main__":
    main()
