"""Foreign files at the door: made into files of the course language first, then examined like any other upload."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.catalog import exchange
from app.catalog.exchange import Note, Outcome
from app.catalog.format import writer
from app.catalog.importer.proposed import Proposed, proposed

SHOWN = 300  # notes kept of one conversion
_ORDER = {Outcome.REFUSED: 0, Outcome.LEFT_OUT: 1, Outcome.CHANGED: 2, Outcome.CARRIED: 3}


@dataclass(frozen=True, slots=True)
class Taken:
    """What is examined and kept: a course archive or a Markdown file. `foreign` names the format it was made from.

    A file that was refused has no data; its notes say why. `proposal` is what is left for the trainer to say.
    """

    name: str
    data: bytes
    foreign: str = ""
    notes: tuple[Note, ...] = ()
    proposal: Proposed | None = None


def take(name: str, data: bytes, *, lang: str, owner: str = "") -> Taken:
    """Takes seconds for a large file: never inside a transaction."""
    found = exchange.format_of(name, data)
    if found is None and name.lower().endswith((".zip", ".md")):
        return Taken(name, data)
    converted = exchange.read(name, data, lang=lang, owner=owner)
    packed = writer.pack(converted.files) if not converted.refused else b""
    return Taken(name, packed, found.name if found else "?", converted.notes, proposed(packed) if packed else None)


def note_rows(taken: Taken) -> dict[str, Any]:
    """What an upload keeps of a conversion, the worst first; nothing of a file that was ours already."""
    if not taken.foreign:
        return {}
    ordered = sorted(taken.notes, key=lambda note: _ORDER[note.outcome])
    rows = [
        {
            "outcome": n.outcome.value,
            "item": n.item,
            "line": n.line,
            "template": n.template,
            "values": [list(v) for v in n.values],
        }
        for n in ordered[:SHOWN]
    ]
    return {"conversion": {"format": taken.foreign, "notes": rows}}


def notes_from(summary: Mapping[str, Any]) -> tuple[str, tuple[Note, ...]]:
    """The name of the format an upload was made from, and what became of what was in it."""
    kept = summary.get("conversion")
    return (kept["format"], tuple(_notes(kept["notes"]))) if kept else ("", ())


def _notes(rows: Iterable[Mapping[str, Any]]) -> Iterable[Note]:
    for row in rows:
        values = tuple((name, value) for name, value in row["values"])
        yield Note(Outcome(row["outcome"]), row["item"], row["line"], row["template"], values)
