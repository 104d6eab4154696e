"""What may stand in media/, and what must stand beside it."""

from __future__ import annotations

import pytest

from app.catalog.format import svg
from app.kit.limits import SVG_BYTES
from tests.catalog.format.writing import PAGE, codes, course_of, reading, said
from tests.shared import SHARED, needs

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8
MP4 = b"\0\0\0\x18ftypmp42"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>ok</title><path d="M0 0h9v9z" fill="#036"/></svg>'

SAMPLES = {
    "a.png": PNG,
    "a.jpg": b"\xff\xd8\xff\xe0",
    "a.jpeg": b"\xff\xd8\xff\xe0",
    "a.gif": b"GIF89a",
    "a.webp": b"RIFF\0\0\0\0WEBP",
    "a.svg": SVG,
    "a.pdf": b"%PDF-1.7",
    "a.mp4": MP4,
    "a.webm": b"\x1a\x45\xdf\xa3",
    "a.mp3": b"ID3\x04",
    "a.vtt": b"WEBVTT\n",
    "a.md": b"Tekstas.",
    "a.odt": b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.text",
    "a.docx": b"PK\x03\x04[Content_Types].xml word/document.xml",
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_is_what_its_name_says(name: str):
    read = reading({f"media/{name}": SAMPLES[name]})
    assert said(read) == []
    assert [media.path for media in course_of(read).media] == [f"media/{name}"]


@pytest.mark.parametrize("name", [name for name in SAMPLES if not name.endswith(".md")])
def test_a_page_of_html_is_none_of_them(name: str):
    assert codes(reading({f"media/{name}": b"<html><script>alert(1)</script></html>"})) == ["E174"]


@pytest.mark.parametrize(
    "name", ["a.html", "a.js", "a.exe", "a.svgz", "a", "a.png.html", ".png.exe", "a.docm", "a.zip"]
)
def test_other_kinds_of_files_are_not_taken(name: str):
    assert codes(reading({f"media/x{name}": b"x"})) == ["E173"]


def test_an_office_file_with_macros_is_not_taken():
    assert codes(reading({"media/a.docx": SAMPLES["a.docx"] + b"word/vbaProject.bin"})) == ["E174"]


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<foreignObject/>",
        '<g onclick="x()"/>',
        '<a href="https://example.lt"/>',
        '<image href="https://example.lt/a.png"/>',
        '<use href="data:image/svg+xml;base64,AA=="/>',
        '<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="other.svg#a"/>',
        "<style>@import url(x.css);</style>",
        "<style>*{background:url(http://example.lt)}</style>",
        '<rect style="fill:url(//example.lt/a)"/>',
        '<rect fill="url(http://example.lt/a)"/>',
        '<set attributeName="href" to="x"/>',
        '<animate attributeName="href"/>',
        '<h:script xmlns:h="http://www.w3.org/1999/xhtml"/>',
        "<?xml-stylesheet href='x'?>",
        "<g>" * 150 + "</g>" * 150,
        "<g>",
    ],
)
def test_a_drawing_that_does_more_than_draw_is_refused(inside: str):
    data = SVG.replace(b"<title>ok</title>", inside.encode())
    assert codes(reading({"media/a.svg": data})) == ["E175"]


@pytest.mark.parametrize(
    "inside",
    [
        '<defs><linearGradient id="g"><stop offset="0"/></linearGradient></defs><rect fill="url(#g)"/>',
        '<use href="#g"/>',
        "<style>.a{fill:url(#g)}</style>",
        '<image href="data:image/png;base64,iVBORw0KGgo="/>',
        '<text x="1">javascript yra kalba</text>',
        '<metadata><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata>',
    ],
)
def test_a_drawing_that_draws_is_taken(inside: str):
    assert svg.refusal(SVG.replace(b"<title>ok</title>", inside.encode())) is None
    assert svg.refusal(b'<?xml version="1.0" encoding="UTF-8"?>\n' + SVG) is None


def test_a_drawing_may_not_define_a_document_type_or_hide_in_another_encoding():
    assert svg.refusal(b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG) is not None
    assert svg.refusal(b'<?xml version="1.0" encoding="utf-7"?>' + SVG) is not None
    assert svg.refusal(SVG.decode().encode("utf-16")) is not None
    assert svg.refusal(SVG + b" " * SVG_BYTES) is not None
    assert svg.refusal(b"<svg/>") is not None


DRAWINGS = SHARED / "corpora/own/svg"


@needs("corpora/own/svg")
def test_of_sixteen_drawings_only_those_that_draw_are_taken():
    taken = {path.name for path in DRAWINGS.glob("*.svg") if svg.refusal(path.read_bytes()) is None}
    assert "good.svg" in taken
    assert taken <= {"good.svg", "huge-viewbox.svg"}


def page(body: str) -> str:
    return PAGE + "\n" + body


def test_a_picture_is_found_from_any_folder_and_may_be_decorative():
    files = {
        "01-pradzia/01-kodel.md": page("![Schema](media/a.png) ![](media/a.png) <!-- decorative -->\n"),
        "media/a.png": PNG,
    }
    read = reading(files)
    assert said(read) == []
    assert "decorative" not in course_of(read).pages()[0].texts["lt"].blocks[0].markdown


def test_a_missing_picture_is_told_at_its_column():
    read = reading({"01-pradzia/01-kodel.md": page("Štai: ![Schema](media/a.png)\n")})
    assert said(read) == ["01-pradzia/01-kodel.md:21:17: E181 there is no file media/a.png"]


def test_a_recording_has_captions_and_a_transcript():
    body = page("[Filmas (4 min.)](media/a.mp4)\n")
    assert codes(reading({"01-pradzia/01-kodel.md": body, "media/a.mp4": MP4})) == ["E171", "E171"]
    beside = {"media/a.vtt": SAMPLES["a.vtt"], "media/a.md": b"Tekstas."}
    assert codes(reading({"01-pradzia/01-kodel.md": body, "media/a.mp4": MP4, **beside})) == []


def test_a_page_may_link_to_another_page_and_to_its_own_headings():
    assert (
        codes(
            reading(
                {
                    "01-pradzia/01-kodel.md": page(
                        "[Testas](90-testas.md), [pavyzdys](#pavyzdys), [kursas](../course.md).\n"
                    )
                }
            )
        )
        == []
    )
