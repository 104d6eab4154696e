"""Files that are handed in: of a kind the question takes, and really of that kind."""

from __future__ import annotations

import io
import zipfile

import pytest

from app.assessment import rules
from app.kit import limits
from tests.assessment.bodies import body

PDF = b"%PDF-1.7\n1 0 obj\n"


def _odt() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
    return packed.getvalue()


FORM = body("upload", accept=[".pdf", ".odt", ".txt", ".dwg"], max_mb=1)


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.pdf", PDF), ("A.PDF", PDF), ("form.odt", _odt()), ("notes.txt", "ąčę".encode()), ("plan.dwg", b"AC1027\0")],
)
def test_a_file_of_a_kind_that_is_asked_for_is_taken(name: str, data: bytes) -> None:
    assert rules.file_refusal(FORM, name, data) is None


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("", b"", "Choose a file"),
        ("a.docx", PDF, "of this kind"),
        ("pdf", PDF, "of this kind"),
        ("a.pdf.exe", PDF, "of this kind"),
        ("a.pdf", b"", "is empty"),
        ("a.pdf", PDF + b"x" * limits.MIB, "larger than 1 MB"),
        ("a.pdf", b"<html><script>", "not what its name says"),
        ("a.pdf", b"MZ\x90\0", "not what its name says"),
        ("a.odt", PDF, "not what its name says"),
        ("a.txt", b"\xff\xfe\0", "not what its name says"),
        ("plan.dwg", b"  <!DOCTYPE html><p>", "not what its name says"),
        ("plan.dwg", b"\x7fELF\x02", "not what its name says"),
    ],
)
def test_another_file_is_refused_with_the_reason(name: str, data: bytes, why: str) -> None:
    refused = rules.file_refusal(FORM, name, data)
    assert refused is not None and why in str(refused)


def test_only_a_question_that_asks_for_a_file_takes_one() -> None:
    assert rules.file_refusal(body("essay"), "a.pdf", PDF) is not None


def test_a_question_may_not_ask_for_more_than_the_platform_takes() -> None:
    assert rules.most_bytes(1) == limits.MIB
    assert rules.most_bytes(0) == rules.most_bytes(9999) == limits.ANSWER_FILE_BYTES


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("C:\\Users\\ona\\a.pdf", "a.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
    ],
)
def test_a_name_is_a_name_and_no_path(sent: str, kept: str) -> None:
    assert rules.file_name(sent) == kept
