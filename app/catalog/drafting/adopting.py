"""A course made from another: under its own id, with a word on where it comes from, and held against it again later.

Pages and questions keep their ids, so that a page is found again however its file was renamed or moved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.catalog.drafting import heads
from app.catalog.format.layout import MEDIA
from app.kit.i18n import N_, in_language

_ID = re.compile(r"^id:[ \t]*(.+?)[ \t]*$", re.M)
_VARIANT = re.compile(r"(?P<stem>.+)\.(?P<lang>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.md")
FROM = N_("Made from the course “%(title)s” of %(owner)s, licence %(licence)s.")
LICENCES = {
    "CC-BY-4.0": "CC BY 4.0",
    "CC-BY-SA-4.0": "CC BY-SA 4.0",
    "CC0-1.0": "CC0 1.0",
}


class Fate(StrEnum):
    """What became of a file since it was taken over."""

    THEIRS = "theirs"  # changed in the original only: it can be taken as it is
    BOTH = "both"  # changed on both sides, and not alike: one has to be chosen
    OURS = "ours"  # changed here only: nothing to decide


@dataclass(frozen=True, slots=True)
class Piece:
    """A file: a text, or the content address of anything else."""

    path: str
    text: str | None = None
    blob: str = ""
    size: int = 0

    @property
    def said(self) -> tuple[str | None, str]:
        return self.text, self.blob


Pieces = Mapping[str, Piece]


@dataclass(frozen=True, slots=True)
class Split:
    """One file that is not alike on all sides; None where it is not there."""

    key: str
    fate: Fate
    base: Piece | None
    theirs: Piece | None
    ours: Piece | None

    @property
    def path(self) -> str:
        """Where it stands with us, or would."""
        piece = self.ours or self.theirs or self.base
        return piece.path if piece is not None else ""


def course_path(texts: Mapping[str, str]) -> str:
    """The course's own file: course.md, or the only one there is."""
    return "course.md" if "course.md" in texts else min(texts, key=lambda path: (path.count("/"), len(path)))


def credit(title: str, owner: str, licence: str, lang: str) -> str:
    """One sentence on where a course comes from, in its own language; such licences ask for it."""
    return in_language(FROM, lang, title=title, owner=owner, licence=LICENCES.get(licence, licence))


def made_from(texts: Mapping[str, str], *, slug: str, owner: str, title: str = "", source: str = "") -> dict[str, str]:
    """The texts of another course under an id and an owner of one's own. Who reviewed it had not seen this one.

    `source` is the sentence of `credit`. The same texts always become the same, so that versions can be held against
    one another afterwards.
    """
    path = course_path(texts)
    head: dict[str, object] = {"id": slug, "owner": owner, "reviewed": None, "change": None}
    if title:
        head["title"] = title
    text = heads.changed(texts[path], head)
    if source:
        text = f"{text.rstrip()}\n\n> [!NOTE]\n> {source}\n"
    return {**texts, path: text}


def pieces(texts: Mapping[str, str], blobs: Mapping[str, tuple[str, int]]) -> dict[str, Piece]:
    """The files of a course by what they are, whatever they are called: page and module ids, paths of media."""
    found: dict[str, Piece] = {}
    main = course_path(texts) if texts else ""
    names = {path: _key(path, text, main) for path, text in texts.items()}
    for path, text in sorted(texts.items()):
        variant = _VARIANT.fullmatch(path)
        source = f"{variant['stem']}.md" if variant else ""
        key = f"{names[source]}:{variant['lang']}" if variant and source in names else names[path]
        found[key if key not in found else path] = Piece(path, text, size=len(text.encode()))
    for path, (blob, size) in blobs.items():
        found[path] = Piece(path, None, blob, size)
    return found


def _key(path: str, text: str, main: str) -> str:
    if path == main:
        return "course"
    head = text.split("\n---", 1)[0] if text.startswith("---") else ""
    named = _ID.search(head)
    kind = "bank" if path.startswith("banks/") else "module" if path.endswith("/module.md") else "page"
    return f"{kind} {heads.plain(named[1])}" if named and not path.startswith(MEDIA) else path


def held_against(base: Pieces, theirs: Pieces, ours: Pieces) -> tuple[Split, ...]:
    """What is not alike: of each file what it was, what the original has now, and what stands here.

    Where a file stands is each side's own business: only what is in it counts.
    """
    found = []
    for key in sorted({*base, *theirs, *ours}, key=lambda key: _order(key, base, theirs, ours)):
        was, other, own = (side.get(key) for side in (base, theirs, ours))
        a, b, c = (piece.said if piece else None for piece in (was, other, own))
        if b == c:  # alike now, whatever it was
            continue
        fate = Fate.OURS if a == b else Fate.THEIRS if a == c else Fate.BOTH
        found.append(Split(key, fate, was, other, own))
    return tuple(found)


def _order(key: str, *sides: Pieces) -> tuple[bool, str]:
    piece = next(side[key] for side in sides if key in side)
    return piece.path.startswith(MEDIA), piece.path
