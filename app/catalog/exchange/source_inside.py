"""The course that an export was made from, kept inside it: read instead of the export for as long as nobody has changed that.

A digest of everything before the comment decides: whoever edits the file by hand gets what they wrote, not what it once was.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import textwrap
from dataclasses import dataclass

from app.catalog.exchange.model import Conversion, Given, Report
from app.catalog.format import archive, writer
from app.catalog.format.model import Course, Problem
from app.catalog.format.problems import Notes
from app.kit.i18n import N_
from app.kit.limits import MIB

LARGEST = 20 * MIB
_NAME = "klasteris-course"


@dataclass(frozen=True, slots=True)
class Comment:
    """How a format writes comments: what opens one, what begins and ends each line of it, what closes it."""

    opens: bytes
    line: bytes
    closes: bytes


XML = Comment(b"<!-- ", b"", b"-->\n")
GIFT = Comment(b"// ", b"// ", b"")


def embedded(data: bytes, course: Course, how: Comment, report: Report) -> bytes:
    """The export with the course behind it; a course that is too large for that stays out, which is told."""
    packed = writer.write_zip(course)
    if len(packed) > LARGEST:
        report.left_out(
            course.id, 0, N_("the course itself, since it is larger than %(limit)s MB"), limit=LARGEST // MIB
        )
        return data
    digest = hashlib.sha256(data).hexdigest()
    lines = textwrap.wrap(base64.b64encode(packed).decode(), 120)
    body = b"".join(how.line + line.encode() + b"\n" for line in lines)
    return data + how.opens + f"{_NAME} {digest}\n".encode() + body + how.closes


def found(data: bytes, how: Comment) -> bytes | None:
    """The zip inside, if what stands before it is still what it was made with."""
    at = data.rfind(how.opens + _NAME.encode() + b" ")
    if at < 0 or len(data) - at > 2 * LARGEST:
        return None
    head, _, body = data[at + len(how.opens) :].partition(b"\n")
    if head != f"{_NAME} {hashlib.sha256(data[:at]).hexdigest()}".encode():
        return None
    body = body.removesuffix(how.closes) if how.closes else body
    lines = [line.removeprefix(how.line) for line in body.split(b"\n")]
    if not all(re.fullmatch(rb"[A-Za-z0-9+/=]*", line) for line in lines):
        return None
    try:
        return base64.b64decode(b"".join(lines), validate=True)
    except (binascii.Error, ValueError):
        return None


def without(data: bytes, how: Comment) -> bytes:
    """The export alone."""
    at = data.rfind(how.opens + _NAME.encode() + b" ")
    return data if at < 0 else data[:at]


def taken(report: Report, given: Given, packed: bytes) -> Conversion:
    problems: list[Problem] = []
    files = archive.unpack(packed, Notes(given.name, problems))
    for problem in problems:
        report.refused(given.name, 0, problem.template, **dict(problem.values))
    if files:
        report.carried(given.name, 0, N_("the whole course, which this file was made from and still holds"))
    return Conversion(files or {}, tuple(report.notes))
