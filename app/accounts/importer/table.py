"""Bytes of a workbook or a CSV file into rows of named fields, whichever way a spreadsheet has written them."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import dataclass

from app.accounts import rules
from app.kit import csvfile, i18n, limits, xlsx
from app.kit.errors import Invalid, KitError
from app.kit.i18n import N_, gettext

FIELD_NAMES = {
    "given_name": N_("Given name"),
    "family_name": N_("Family name"),
    "email": N_("E-mail"),
    "organisation": N_("Institution code"),
    "job_title": N_("Job title"),
    "staff_number": N_("Staff number"),
    "lang": N_("Language"),
}
REQUIRED = ("given_name", "family_name", "organisation")

# Headings as people write them, without marks, capitals, spaces and dots.
_HEADINGS = {
    "given_name": "vardas givenname firstname fornavn",
    "family_name": "pavarde familyname lastname surname etternavn",
    "email": "elpastas elpastoadresas email mail epost",
    "organisation": (
        "istaiga istaigoskodas istaigoskod organizacija organizacijoskodas kodas institution institutioncode "
        "organisation organisationcode organization organizationcode virksomhet virksomhetskode"
    ),
    "job_title": "pareigos pareigybe jobtitle title position stilling",
    "staff_number": (
        "tabelionr tabelionumeris tabnr darbuotojonr darbuotojonumeris staffnumber staffno employeenumber "
        "ansattnummer ansattnr"
    ),
    "lang": "kalba language lang sprak",
}
_FIELD_OF = {heading: field for field, headings in _HEADINGS.items() for heading in headings.split()}
# What the first row says, with the institution's code in the next cell, where nobody of the institution is left out.
_COMPLETE = {"visassarasas", "pilnassarasas", "completelist", "fullstendigliste"}
_PERSONAL_CODE_HEADINGS = {"asmenskodas", "ak", "personalcode", "personalidnumber", "fodselsnummer", "personnummer"}


@dataclass(frozen=True, slots=True)
class Row:
    """One person as written. `number` is the row's number in a spreadsheet: the heading is row 1."""

    number: int
    cells: tuple[str, ...]
    fields: dict[str, str]

    def said(self, field: str) -> str:
        return self.fields.get(field, "")

    @property
    def name(self) -> str:
        return f"{self.said('given_name')} {self.said('family_name')}".strip()


@dataclass(frozen=True, slots=True)
class Table:
    """The whole file: how it was written, its headings, and its rows. `ignored`: headings that mean nothing here.

    `complete`: the code of the institution of which the file says that it lists everybody; a workbook has no `delimiter`.
    """

    encoding: str
    delimiter: str
    size: int
    headings: tuple[str, ...]
    ignored: tuple[str, ...]
    personal_codes: bool
    rows: tuple[Row, ...]
    complete: str = ""
    complete_row: int = 0


def read(data: bytes) -> Table:
    """The table in the file, or `Invalid(file=…)` with what is wrong and what to do."""
    encoding, delimiter, records = records_in(data)
    complete, complete_row = "", 0
    if records and len(records[0][1]) > 1 and _plain(records[0][1][0]) in _COMPLETE:
        complete_row, complete = records[0][0], rules.plain(records[0][1][1])
        records = records[1:]
    if not records:
        raise _invalid(N_("The file is empty."))
    headings = tuple(cell.strip() for cell in records[0][1])
    fields = _fields(headings)
    rows = tuple(_row(number, record, fields) for number, record in records[1:])
    if not rows:
        raise _invalid(N_("The file has headings and no people."))
    if len(rows) > limits.IMPORT_ROWS:
        raise _invalid(N_("The file has more than %(rows)s people. Split it."), rows=i18n.number(limits.IMPORT_ROWS))
    return Table(
        encoding=encoding,
        delimiter=delimiter,
        size=len(data),
        headings=headings,
        ignored=tuple(h for h in headings if h and _plain(h) not in _FIELD_OF),
        personal_codes=any(_plain(h) in _PERSONAL_CODE_HEADINGS for h in headings),
        rows=rows,
        complete=complete,
        complete_row=complete_row,
    )


Records = list[tuple[int, list[str]]]


def records_in(data: bytes) -> tuple[str, str, Records]:
    """The encoding, the delimiter and the records of a workbook or a CSV file, or `Invalid(file=…)`."""
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        raise _invalid(N_("The file is empty."))
    if len(data) > limits.IMPORT_BYTES:
        raise _invalid(N_("The file is larger than %(mib)s MB. Split it."), mib=limits.IMPORT_BYTES // limits.MIB)
    return _workbook(data) if xlsx.is_workbook(data) else _lines(data)


def _lines(data: bytes) -> tuple[str, str, Records]:
    """How a CSV file was written, and its records that hold something, each with its number in a spreadsheet."""
    encoding, text = _decoded(data)
    if "\x00" in text:
        raise _invalid(N_("This is not a CSV file. In Excel, save it as “CSV UTF-8”."))
    delimiter = _delimiter(text)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise _invalid(N_("This is not a CSV file. In Excel, save it as “CSV UTF-8”.")) from None
    numbered = enumerate(records, start=1)
    return encoding, delimiter, [(n, record) for n, record in numbered if any(cell.strip() for cell in record)]


def _workbook(data: bytes) -> tuple[str, str, Records]:
    try:
        return "Excel", "", xlsx.rows(data, most=limits.IMPORT_ROWS + 2)
    except xlsx.TooLarge:
        raise _invalid(
            N_("The file is larger than %(mib)s MB. Split it."), mib=limits.OFFICE_XML_BYTES // limits.MIB
        ) from None
    except xlsx.BadWorkbook:
        raise _invalid(
            N_("This is not an Excel workbook that can be read. Save it once more as .xlsx, or as “CSV UTF-8”.")
        ) from None


def _invalid(template: str, **values: object) -> Invalid:
    return Invalid(file=KitError(template, **values))


def _decoded(data: bytes) -> tuple[str, str]:
    """UTF-8 with or without a mark, UTF-16 with one, else the code page of Lithuanian Windows."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tries = [("UTF-16", "utf-16")]
    elif data.startswith(codecs.BOM_UTF8):
        tries = [("UTF-8 (BOM)", "utf-8-sig")]
    else:
        tries = [("UTF-8", "utf-8"), ("Windows-1257", "cp1257")]
    for name, codec in tries:
        try:
            return name, data.decode(codec)
        except UnicodeDecodeError:
            continue
    raise _invalid(N_("The letters of this file cannot be read. In Excel, save it as “CSV UTF-8”."))


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max((";", "\t", ","), key=first.count)


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z0-9]", "", i18n.fold(heading))


def _fields(headings: tuple[str, ...]) -> dict[str, int]:
    """Which column holds which field."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        field = _FIELD_OF.get(_plain(heading))
        if field is None:
            continue
        if field in found:
            raise _invalid(N_("Two columns hold the same: %(column)s. Remove one."), column=heading)
        found[field] = place
    missing = [field for field in REQUIRED if field not in found]
    if missing:
        names = ", ".join(gettext(FIELD_NAMES[field]) for field in missing)
        raise _invalid(
            N_("These columns are missing: %(columns)s. The first row must hold the headings."), columns=names
        )
    if "email" not in found and "staff_number" not in found:
        raise _invalid(N_("The file needs a column with e-mail addresses or one with staff numbers."))
    return found


def _row(number: int, record: list[str], fields: dict[str, int]) -> Row:
    cells = tuple(csvfile.plain(cell.strip()) for cell in record)
    said = {field: rules.plain(cells[place]) for field, place in fields.items() if place < len(cells)}
    return Row(number, cells, said)
