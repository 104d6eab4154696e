"""The slow steps on what strangers send, each in a process that can be killed: for pages and the API.

The command line, the demo and the courses that come with an installation take the same steps without that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.catalog.format import reader
from app.catalog.importer import bringing, examining, glancing, prepared, proposed, questions, taking
from app.catalog.importer.bringing import Brought
from app.catalog.importer.examining import Examined
from app.catalog.importer.glancing import Glance, Glanced
from app.catalog.importer.places import Addresses
from app.catalog.importer.prepared import Prepared
from app.catalog.importer.proposed import Proposed
from app.catalog.importer.questions import Gathered
from app.catalog.importer.taking import Taken
from app.kit import worker


@dataclass(frozen=True, slots=True)
class Looked:
    """What an upload holds; `prepared` is None when no course could be made out."""

    examined: Examined
    prepared: Prepared | None


def take(name: str, data: bytes, *, lang: str, owner: str = "") -> Taken:
    return worker.run(taking.take, name, data, lang=lang, owner=owner)


def examine(name: str, data: bytes, *, today: date, author: str = "") -> Examined:
    return worker.run(examining.examine, name, data, today=today, author=author)


def look(name: str, data: bytes, *, today: date, author: str = "", addresses: Addresses | None = None) -> Looked:
    """Examine an upload and render it, in one call: a course is large to send there and back."""
    return worker.run(_look, name, data, today=today, author=author, addresses=addresses)


def _look(name: str, data: bytes, *, today: date, author: str, addresses: Addresses | None) -> Looked:
    return _rendered(examining.examine(name, data, today=today, author=author), addresses)


def look_at_files(
    files: Mapping[str, bytes], *, today: date, author: str = "", addresses: Addresses | None = None
) -> Looked:
    """The same for the files of a course that is being written."""
    return worker.run(_look_at_files, dict(files), today=today, author=author, addresses=addresses)


def _look_at_files(files: dict[str, bytes], *, today: date, author: str, addresses: Addresses | None) -> Looked:
    return _rendered(examining.check(reader.read_files(files), today=today, author=author), addresses)


def glance(asked: Glance) -> Glanced:
    """One file of a draft as it is being typed."""
    return worker.run(glancing.glance, asked)


def _rendered(examined: Examined, addresses: Addresses | None) -> Looked:
    course = examined.course
    return Looked(examined, prepared.prepare(course, addresses) if course is not None else None)


def completed(base: bytes, proposal: Proposed, course: bytes | None = None) -> bytes:
    return worker.run(proposed.completed, base, proposal, course)


def gather(name: str, data: bytes, *, lang: str) -> Gathered:
    """The questions of a file for a draft."""
    return worker.run(questions.gather, name, data, lang=lang)


def bring(name: str, data: bytes) -> Brought:
    return worker.run(bringing.bring, name, data)
