"""Nobody real may stand in an example: QC18 looks for personal codes, e-mail addresses and telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from app.catalog.format.checks.told import ERROR, Told
from app.catalog.format.layout import to_parse
from app.kit.i18n import N_

_CODE = re.compile(r"(?<![\d.,-])[1-6]\d{10}(?![\d]|[.,-]\d)")
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@(?P<domain>[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)+)")
_EXAMPLE = re.compile(r"(?:.*\.)?(?:example(?:\.[a-z]{2,3})?|pavyzdys\.lt|eksempel\.no|invalid|test|localhost)", re.I)
_PHONE = re.compile(r"(?<!\w)(?:\+(?:370|47)(?:[ ()-]*\d){8}|8[ -]?\(?[3-7]\d{2}\)?[ -]\d(?:[ -]?\d){4})(?!\d)")
# 00000 or 12345 at the end: a number that nobody has.
_MADE_UP = re.compile(r"(\d)\1{4}$|12345$|123456$")
_CENTURIES = {1: 1800, 2: 1800, 3: 1900, 4: 1900, 5: 2000, 6: 2000}


def check(told: Told) -> None:
    for path, number, line in _lines(told):
        for found in _CODE.finditer(line):
            if is_personal_code(found[0]):
                told.say(
                    (path, number, found.start() + 1),
                    "QC18",
                    ERROR,
                    N_("this is a valid personal code: write an impossible one"),
                )
        for found in _MAIL.finditer(line):
            # An address that is meant to be written to is a link.
            if not _EXAMPLE.fullmatch(found["domain"]) and not _is_link(line, found[0]):
                told.say(
                    (path, number, found.start() + 1), "QC18", ERROR,
                    N_("%(address)s may be somebody's: use example.lt, or make a contact a link"), address=found[0],
                )  # fmt: skip
        for found in _PHONE.finditer(line):
            if not _MADE_UP.search(re.sub(r"\D", "", found[0])) and "](tel:" not in line:
                told.say(
                    (path, number, found.start() + 1), "QC18", ERROR,
                    N_("%(number)s may be somebody's: use a number that ends in 00000, or make a contact a link"), number=found[0],
                )  # fmt: skip


def _is_link(line: str, address: str) -> bool:
    return f"mailto:{address}" in line or f"<{address}>" in line


def _lines(told: Told) -> Iterator[tuple[str, int, str]]:
    """Every line of text that learners see, transcripts too; the contact in the front matter is there to be used."""
    texts = dict(told.course.files)
    for media in told.course.media:
        if media.path.endswith((".md", ".vtt")):
            texts[media.path] = media.data.decode("utf-8", errors="replace")
    for path, text in texts.items():
        for number, line in enumerate(to_parse(text).split("\n"), 1):
            if not line.startswith("contact:"):
                yield path, number, line


def is_personal_code(code: str) -> bool:
    """A Lithuanian asmens kodas: a day of birth that exists and the right control digit."""
    if re.fullmatch(r"[1-6]\d{10}", code) is None:
        return False
    digits = [int(digit) for digit in code]
    try:
        date(_CENTURIES[digits[0]] + int(code[1:3]), int(code[3:5]), int(code[5:7]))
    except ValueError:
        return False
    return control_digit(digits[:10]) == digits[10]


def control_digit(digits: list[int]) -> int:
    for weights in ((1, 2, 3, 4, 5, 6, 7, 8, 9, 1), (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)):
        rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if rest != 10:
            return rest
    return 0
