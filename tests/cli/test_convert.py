"""klasteris courses convert, as an operator types it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from app.catalog.format import reader
from app.cli import app
from tests.catalog.exchange.offices import a_docx, a_picture
from tests.catalog.format.every_type import FILES

GIFT = "::Vanduo::Ar vanduo šlapias? {T}\n\n::Lieka::Be pabaigos {=a\n"
GOOD = "::Vanduo::Ar vanduo šlapias? {T}\n"


def convert(*words: object, status: int = 0) -> Any:
    done = CliRunner().invoke(app, ["courses", "convert", *map(str, words)], env={"COLUMNS": "200"})
    assert done.exit_code == status, (done.output, done.exception)
    return done


def a_course(folder: Path) -> Path:
    for path, text in FILES.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    return folder


def test_a_foreign_file_becomes_a_folder_that_reads(tmp_path: Path) -> None:
    (tmp_path / "vanduo.gift").write_text(GOOD, "utf-8")
    done = convert(tmp_path / "vanduo.gift", tmp_path / "kursas", "--owner", "utenos-r-sav")
    assert "questions read: 1" in done.output
    course = reader.read_folder(tmp_path / "kursas").course
    assert course is not None
    assert (course.id, course.owner) == ("vanduo", "utenos-r-sav")


def test_what_was_refused_is_told_with_its_line_and_ends_with_one(tmp_path: Path) -> None:
    (tmp_path / "vanduo.gift").write_text(GIFT, "utf-8")
    done = convert(tmp_path / "vanduo.gift", tmp_path / "kursas.zip", status=1)
    row = next(line for line in done.output.splitlines() if "Lieka" in line)
    assert row.split()[:4] == ["not", "read", "Lieka", "3"]
    assert reader.read_zip(tmp_path / "kursas.zip").course is not None


def test_nothing_is_written_for_a_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Only words.", "utf-8")
    done = convert(tmp_path / "notes.txt", tmp_path / "kursas", status=1)
    assert "nothing was written" in done.output
    assert not (tmp_path / "kursas").exists()


def test_a_course_becomes_a_foreign_file_and_a_course_again(tmp_path: Path) -> None:
    folder = a_course(tmp_path / "kursas")
    done = convert(folder, tmp_path / "klausimai.xml")
    assert "left out" in done.output
    convert(tmp_path / "klausimai.xml", tmp_path / "atgal")
    back = {
        path.relative_to(tmp_path / "atgal").as_posix(): path.read_text("utf-8")
        for path in (tmp_path / "atgal").rglob("*.md")
    }
    assert back == FILES


def test_an_ending_says_which_package_is_written(tmp_path: Path) -> None:
    folder = a_course(tmp_path / "kursas")
    for ending, name in ((".qti3.zip", "QTI 3.0"), (".qti21.zip", "QTI 2.1")):
        done = convert(folder, tmp_path / f"klausimai{ending}")
        assert done.output.strip().endswith(f"klausimai{ending}: {name}")
        target = tmp_path / f"atgal-{name[-3]}"
        convert(tmp_path / f"klausimai{ending}", target)
        back = {path.relative_to(target).as_posix(): path.read_text("utf-8") for path in target.rglob("*.md")}
        assert back == FILES
    convert(folder, tmp_path / "kursas.zip")
    assert reader.read_zip(tmp_path / "kursas.zip").course is not None


def test_a_folder_that_was_a_package_is_read_as_one(tmp_path: Path) -> None:
    manifest = '<manifest><resources><resource identifier="a" type="webcontent" href="a.html"/></resources></manifest>'
    (tmp_path / "paketas").mkdir()
    (tmp_path / "paketas/imsmanifest.xml").write_text(manifest, "utf-8")
    (tmp_path / "paketas/a.html").write_text("<title>Puslapis</title><p>Žodžiai</p>", "utf-8")
    done = convert(tmp_path / "paketas", tmp_path / "kursas")
    assert "pages read: 1" in done.output
    assert "Žodžiai" in (tmp_path / "kursas/01-paketas/01-puslapis.md").read_text("utf-8")


def test_one_foreign_format_becomes_another(tmp_path: Path) -> None:
    (tmp_path / "vanduo.gift").write_text(GOOD, "utf-8")
    convert(tmp_path / "vanduo.gift", tmp_path / "vanduo.xml")
    assert 'type="truefalse"' in (tmp_path / "vanduo.xml").read_text("utf-8")


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "vanduo.gift").write_text(GOOD, "utf-8")
    (tmp_path / "kursas").mkdir()
    (tmp_path / "kursas" / "mine.md").write_text("mine", "utf-8")
    done = CliRunner().invoke(app, ["courses", "convert", str(tmp_path / "vanduo.gift"), str(tmp_path / "kursas")])
    assert done.exit_code != 0
    assert [path.name for path in (tmp_path / "kursas").iterdir()] == ["mine.md"]


def test_a_course_with_errors_is_not_written_elsewhere(tmp_path: Path) -> None:
    folder = a_course(tmp_path / "kursas")
    page = folder / "01-pradzia" / "90-testas.md"
    page.write_text(page.read_text("utf-8").replace("mode=check", "mode=chek"), "utf-8")
    done = convert(folder, tmp_path / "klausimai.xml", status=1)
    assert "E104" in done.output
    assert not (tmp_path / "klausimai.xml").exists()


def test_a_word_file_becomes_a_folder_and_its_bare_pictures_are_named(tmp_path: Path) -> None:
    def fill(document: Any) -> None:
        document.add_heading("Vanduo", 1)
        document.add_picture(io.BytesIO(a_picture()))

    (tmp_path / "vanduo.docx").write_bytes(a_docx(fill))
    done = convert(tmp_path / "vanduo.docx", tmp_path / "kursas")
    (picture,) = (tmp_path / "kursas" / "media").glob("*.png")
    assert f"media/{picture.name}" in done.output.partition("Pictures that need a text")[2]
    (tmp_path / "vanduo.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert "save it as .docx" in " ".join(convert(tmp_path / "vanduo.doc", tmp_path / "kitas", status=1).output.split())
    assert not (tmp_path / "kitas").exists()
