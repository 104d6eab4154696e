"""What a trainer adds to a course made of a foreign file before it is published: its name and place, and texts for pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.catalog.exchange import alt_texts, joining
from app.catalog.format import archive, writer
from app.catalog.format.model import Problem
from app.catalog.format.problems import Notes
from app.catalog.importer.places import MEDIA_TYPES
from app.kit.blobs import Blobs


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that came without a text; `blob` is where its bytes are kept."""

    path: str
    blob: str
    data: bytes = field(default=b"", repr=False)

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES.get(self.path.rpartition(".")[2].lower(), "application/octet-stream")


@dataclass(frozen=True, slots=True)
class Proposed:
    """`base` keeps the course as it was made; it is `named` when its title and id are still to be chosen.

    `into` is the course that it is to become a module of, "" while it is one of its own; `about` what its catalogue
    page says, by the keys of front matter.
    """

    base: str
    named: bool
    title: str
    id: str
    pictures: tuple[Picture, ...] = ()
    into: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    decorative: tuple[str, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def waiting(self) -> int:
        """How many pictures still need a word."""
        return sum(not self.texts.get(one.path) and one.path not in self.decorative for one in self.pictures)


def proposed(packed: bytes) -> Proposed | None:
    """What is open about a course that was just made; None when there is nothing to choose or to write."""
    files = unpacked(packed)
    named = joining.is_proposal(files)
    title, name = joining.title_and_id(files) if named else ("", "")
    pictures = tuple(
        Picture(path, hashlib.sha256(files[path]).hexdigest(), files[path]) for path in alt_texts.missing(files)
    )
    if not named and not pictures:
        return None
    return Proposed(hashlib.sha256(packed).hexdigest(), named, title, name, pictures)


def unpacked(packed: bytes) -> dict[str, bytes]:
    """The files of a course that we packed ourselves."""
    problems: list[Problem] = []
    return archive.unpack(packed, Notes("course.zip", problems)) or {}


def keep_pictures(proposal: Proposed | None, blobs: Blobs) -> None:
    """Keep the pictures where the form that asks about them finds them."""
    for one in proposal.pictures if proposal is not None else ():
        blobs.put(one.data)


def completed(base: bytes, proposal: Proposed, course: bytes | None = None) -> bytes:
    """The course as the trainer wants it; `course` is the one that it becomes a module of."""
    files = unpacked(base)
    files = alt_texts.written(files, proposal.texts, proposal.decorative)
    if course is not None:
        files = joining.joined(unpacked(course), files)
    elif proposal.named:
        files = joining.retitled(files, proposal.title, proposal.id, proposal.about)
    return writer.pack(dict(sorted(files.items())))


def proposal_rows(proposal: Proposed | None) -> dict[str, Any]:
    """As an upload keeps it."""
    if proposal is None:
        return {}
    return {
        "proposal": {
            "base": proposal.base,
            "named": proposal.named,
            "title": proposal.title,
            "id": proposal.id,
            "pictures": [[one.path, one.blob] for one in proposal.pictures],
            "into": proposal.into,
            "texts": dict(proposal.texts),
            "decorative": list(proposal.decorative),
            "about": dict(proposal.about),
        }
    }


def proposal_from(summary: Mapping[str, Any]) -> Proposed | None:
    kept = summary.get("proposal")
    if kept is None:
        return None
    return Proposed(
        kept["base"],
        kept["named"],
        kept["title"],
        kept["id"],
        tuple(Picture(path, blob) for path, blob in kept["pictures"]),
        kept["into"],
        kept["texts"],
        tuple(kept["decorative"]),
        kept["about"],
    )
