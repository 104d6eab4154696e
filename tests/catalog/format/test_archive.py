"""What may come in a zip, and that nothing which comes in one ever raises."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.catalog.format.archive import is_safe
from app.catalog.format.model import Reading
from app.catalog.format.reader import read_folder, read_zip
from app.kit import limits
from tests.catalog.format.writing import FILES, codes, course_of, said
from tests.shared import SHARED, needs


def zipped(files: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return packed.getvalue()


def entry(name: str, data: bytes = b"x", *, mode: int = 0o100644) -> bytes:
    """A good course and one more entry, with the unix mode it claims."""
    packed = io.BytesIO(zipped(dict(FILES)))
    with zipfile.ZipFile(packed, "a") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, data)
    return packed.getvalue()


def refused(read: Reading) -> list[str]:
    assert read.course is None
    assert {(p.path, p.line, p.column) for p in read.problems} == {("upload.zip", 1, 1)}
    return codes(read)


def test_a_zip_may_have_one_top_folder_or_none():
    flat = read_zip(zipped(dict(FILES)))
    inside = read_zip(zipped({f"bendravimas/{path}": text for path, text in FILES.items()}))
    assert said(flat) == said(inside) == []
    assert flat.course == inside.course
    assert course_of(flat).pages()[0].path == "01-pradzia/01-kodel.md"


def test_a_zip_may_hold_a_single_file_and_lie_on_disk(tmp_path: Path):
    packed = tmp_path / "vienas.zip"
    packed.write_bytes(
        zipped({"vienas.md": "---\nkind: course\nid: vienas\ntitle: Vienas\nlang: lt\n---\n\nTekstas.\n"})
    )
    assert said(read_zip(packed)) == []


@pytest.mark.parametrize(
    "name",
    ["../x.md", "a/../../x.md", "/x.md", "C:/x.md", "c:x.md", "a\\x.md", "..\\x.md", "a//x.md", "./x.md", "a\x01.md", "\u202egnp.md",
     "x" * 300 + ".md", "/".join(["a"] * 600) + "/x.md"],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(name: str):
    assert refused(read_zip(entry(name))) == ["E184"]


@pytest.mark.parametrize("name", ["../x", "/x", "C:/x", "a\\b", "a//b", "a/./b", "", "a\0b", "a\nb", "."])
def test_unsafe_paths(name: str):
    assert not is_safe(name)


@pytest.mark.parametrize("name", ["course.md", "media/žemės ūkis.pdf", "01-a/02-b.en.md", "media/a..b.png"])
def test_safe_paths(name: str):
    assert is_safe(name)


@pytest.mark.parametrize("mode", [0o120777, 0o020666, 0o010666, 0o060666])
def test_links_and_devices_are_refused(mode: int):
    assert refused(read_zip(entry("media/a", b"/etc/passwd", mode=mode))) == ["E185"]


@pytest.mark.parametrize("name", ["course.md", "COURSE.md", "course.md/"])
def test_two_files_of_one_name_are_refused(name: str):
    with pytest.warns(UserWarning) if name == "course.md" else io.StringIO():
        data = entry(name)
    assert refused(read_zip(data)) == ["E187"]


def test_names_that_differ_in_composition_only_are_one():
    data = zipped({"media/\u0117.md": "a", "media/e\u0307.md": "b"})
    assert refused(read_zip(data)) == ["E187"]


def test_encrypted_files_are_refused():
    data = bytearray(entry("media/a.md"))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rfind(signature) + offset] |= 1
    assert refused(read_zip(bytes(data))) == ["E185"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_packing_that_unpacks_in_steps_is_read(method: int):
    assert set(refused(read_zip(zipped(dict(FILES), method)))) == {"E188"}


@pytest.mark.parametrize("method", [12, 14, 93, 99])
def test_unknown_packing_is_refused(method: int):
    data = bytearray(zipped({"course.md": FILES["course.md"]}))
    struct.pack_into("<H", data, 8, method)
    struct.pack_into("<H", data, data.find(b"PK\x01\x02") + 10, method)
    assert refused(read_zip(bytes(data))) == ["E188"]


def test_a_bomb_is_stopped_while_it_is_counted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "ZIP_RATIO_ABOVE", 1024 * 1024)
    assert refused(read_zip(zipped({"media/a.png": bytes(2 * 1024 * 1024)}))) == ["E186"]
    monkeypatch.setattr(limits, "ZIP_UNPACKED", 100_000)
    assert refused(read_zip(zipped({"media/a.png": random.Random(1).randbytes(200_000)}))) == ["E186"]


def test_a_size_that_lies_is_not_believed():
    data = bytearray(zipped({"media/a.png": bytes(1_000_000)}))
    struct.pack_into("<L", data, data.find(b"PK\x01\x02") + 24, 1024)
    assert refused(read_zip(bytes(data))) == ["E188"]


def test_too_many_entries_and_too_large_archives_are_refused(monkeypatch: pytest.MonkeyPatch):
    many = zipped({f"media/{number}": b"" for number in range(limits.ZIP_ENTRIES + 1)})
    assert refused(read_zip(many)) == ["E186"]
    monkeypatch.setattr(limits, "ZIP_BYTES", 100)
    assert refused(read_zip(zipped(dict(FILES)))) == ["E186"]


def wrong_checksum(data: bytes) -> bytes:
    at = data.find(b"PK\x01\x02") + 16
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def overlapping() -> bytes:
    """Two entries of the list of contents that share the bytes of one file."""
    data = zipped({"course.md": FILES["course.md"]})
    start = data.find(b"PK\x01\x02")
    directory, end = data[start : data.rfind(b"PK\x05\x06")], bytearray(data[data.rfind(b"PK\x05\x06") :])
    struct.pack_into("<2H2L", end, 8, 2, 2, 2 * len(directory), start)
    return data[:start] + directory + directory.replace(b"course.md", b"Course.mD".swapcase()) + bytes(end)


def test_files_that_share_bytes_are_refused():
    data = overlapping()
    assert refused(read_zip(data)) in (["E187"], ["E188"])
    assert refused(read_zip(data.replace(b"cOURSE.Md", b"kursas.md"))) == ["E188"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"<html></html>" + data,
        lambda data: data + b"<script></script>",
        lambda data: b"",
        lambda data: b"PK\x05\x06",
        lambda data: b"not a zip at all" * 10,
        lambda data: data[:-10],
        lambda data: data[:200],
        lambda data: data.replace(b"PK\x01\x02", b"PK\x01\x03", 1),
        wrong_checksum,
        lambda data: data[:-2] + b"\x04\x00PK\x05\x06",
    ],
)
def test_a_broken_archive_is_one_problem_and_never_an_exception(spoil: Callable[[bytes], bytes]):
    assert refused(read_zip(spoil(zipped(dict(FILES))))) == ["E188"]


def test_the_name_in_front_of_a_file_must_be_the_name_in_the_list():
    data = zipped({"course.md": FILES["course.md"]})
    assert refused(read_zip(data.replace(b"course.md", b"../abc.md", 1))) == ["E188"]


def test_an_empty_archive_holds_no_course():
    assert said(read_zip(zipped({}))) == ["course.md:1:1: E109 a course has a course.md, or is a single Markdown file"]


def test_a_lock_file_in_a_zip_is_ignored():
    lock = '{"course": "x", "ids": {"dingo": {"kind": "page"}}}'
    read = read_zip(zipped({**FILES, "ids.lock.json": lock}))
    assert said(read) == []
    assert "ids.lock.json" not in course_of(read).files


def test_five_hundred_flipped_bits_never_raise():
    good = zipped({"course.md": FILES["course.md"], "01-a.md": FILES["01-pradzia/01-kodel.md"]})
    dice = random.Random(20261124)
    for _ in range(500):
        data = bytearray(good)
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        assert isinstance(read_zip(bytes(data)), Reading)


def test_an_archive_cut_anywhere_never_raises():
    good = zipped(dict(FILES))
    for cut in range(0, len(good), max(1, len(good) // 64)):
        assert read_zip(good[:cut]).course is None


def test_a_folder_with_a_link_out_of_it_is_not_followed(tmp_path: Path):
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    assert said(read_folder(tmp_path)) == []
    (tmp_path / "media").symlink_to("/etc")
    assert codes(read_folder(tmp_path)) == ["E185"]


MALFORMED = SHARED / "corpora/zip-malformed"


@needs("corpora/zip-malformed")
def test_malformed_archives_are_refused_or_read_and_never_raise():
    found = sorted(MALFORMED.rglob("*.zip"))
    assert len(found) >= 35
    for path in found:
        read = read_zip(path.read_bytes(), name=path.name)
        assert read.course is None and read.errors, path.name
