"""Word, PowerPoint and PDF files become proposed pages: what they hold, what is told, and what is refused."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from app.catalog import exchange
from app.catalog.exchange import Conversion, Outcome, alt_texts
from app.catalog.format import reader
from app.kit import limits, markdown
from tests.catalog.exchange import offices
from tests.catalog.exchange.offices import a_docx, a_pdf, a_picture, a_pptx, changed


def pages(found: Conversion) -> dict[str, str]:
    """The body of each page by its title, without the line that offers the file itself."""
    course = reader.read_files(dict(found.files)).course
    assert course is not None, [note.message for note in found.notes]
    written = {}
    for page in course.pages():
        body = found.files[page.path].decode().split("---\n", 2)[2].strip()
        written[page.texts[course.lang].title] = body
    first = next(iter(written))
    assert written[first].startswith("[The original file: ")
    written[first] = written[first].partition("\n\n")[2]
    return written


def read(name: str, data: bytes) -> Conversion:
    return exchange.read(name, data, lang="en", owner="school")


def told(found: Conversion, outcome: Outcome) -> str:
    return "\n".join(f"{note.item}: {note.message}" for note in found.of(outcome))


def test_a_heading_of_the_highest_level_begins_a_page() -> None:
    def fill(document: Any) -> None:
        document.add_paragraph("Fire safety", style="Title")
        document.add_paragraph("Before anything else.")
        document.add_heading("Alarm", 1)
        document.add_heading("Who calls?", 2)
        document.add_paragraph("You do.")
        document.add_heading("Way out", 1)

    found = read("safety.docx", a_docx(fill))
    assert 'title: "Fire safety"' in found.files["course.md"].decode()
    assert pages(found) == {"Introduction": "Before anything else.", "Alarm": "## Who calls?\n\nYou do.", "Way out": ""}


def test_words_keep_their_form_and_their_links() -> None:
    def fill(document: Any) -> None:
        said = document.add_paragraph("Call ")
        said.add_run("one one").bold = True
        said.add_run(" two").bold = True
        said.add_run(" or ")
        said.add_run("shout").italic = True
        said.add_run(", see ")
        offices.linked(said, "https://fire.example/a?b=c", "the rules")
        offices.linked(said, "javascript:alert(1)", "this")
        offices.linked(said, "file:///etc/passwd", "that")

    found = read("x.docx", a_docx(fill))
    assert list(pages(found).values()) == [
        "Call **one one two** or *shout*, see [the rules](https://fire.example/a?b=c)thisthat"
    ]
    assert "javascript:alert(1), which is no web page" in told(found, Outcome.LEFT_OUT)


def test_lists_are_as_deep_as_they_were_and_go_on_counting() -> None:
    def fill(document: Any) -> None:
        for text, style in (("a", ""), ("b", " 2"), ("c", "")):
            document.add_paragraph(text, style=f"List Bullet{style}")
        document.add_paragraph("one", style="List Number")
        document.add_paragraph("Between.")
        document.add_paragraph("two", style="List Number")

    body = next(iter(pages(read("x.docx", a_docx(fill))).values()))
    assert body == "- a\n  - b\n- c\n\n<!-- -->\n\n1. one\n\nBetween.\n\n2. two"


def test_a_table_has_a_header_row_where_the_document_says_so_and_else_it_is_told() -> None:
    def fill(document: Any) -> None:
        for marked in (True, False):
            table = document.add_table(2, 2)
            for row, texts in zip(table.rows, (("Who", "What"), ("Guard", "a|b")), strict=True):
                for cell, text in zip(row.cells, texts, strict=True):
                    cell.text = text
            if marked:
                offices.headed(table)
            document.add_paragraph("Then")

    found = read("x.docx", a_docx(fill))
    body = next(iter(pages(found).values()))
    assert "| Who | What |\n| --- | --- |\n| Guard | a\\|b |" in body
    assert body.count("| Who | What |\n| --- | --- |") == 2  # a table needs a first row that says what its columns are
    assert told(found, Outcome.CHANGED).count("a table has no header row") == 1


def test_a_picture_keeps_its_text_and_loses_what_the_camera_wrote() -> None:
    def fill(document: Any) -> None:
        document.add_picture(io.BytesIO(offices.photographed()))
        document.add_picture(io.BytesIO(a_picture()))
        offices.described(document, "A red [box]")
        document.add_picture(io.BytesIO(a_picture()))
        offices.described(document, "the same again")

    assert b"SECRET-PLACE" in offices.photographed() and b"SECRET-COMMENT" in offices.photographed()
    found = read("x.docx", a_docx(fill))
    media = {path: data for path, data in found.files.items() if path.startswith("media/") and "docx" not in path}
    assert sorted(path.rpartition(".")[2] for path in media) == ["jpg", "png"]
    assert not any(b"SECRET" in data for data in media.values())
    assert "![A red \\[box\\]](media/" in next(iter(pages(found).values()))
    assert alt_texts.missing(found.files) == tuple(path for path in media if path.endswith("jpg"))


def test_a_text_written_later_stands_in_the_pages() -> None:
    found = read("x.docx", a_docx(lambda document: document.add_picture(io.BytesIO(a_picture()))))
    (path,) = alt_texts.missing(found.files)
    done = alt_texts.written(found.files, {path: " A *red*\nbox] "})
    assert (
        f"![A \\*red\\* box\\]]({path})" in done["01-x/01-x-2.md" if "01-x/01-x-2.md" in done else _page(done)].decode()
    )
    assert alt_texts.missing(done) == ()
    assert "E170" not in {problem.code for problem in reader.read_files(done).errors}
    only = alt_texts.written(found.files, {}, decorative=[path])
    assert alt_texts.missing(only) == ()
    assert "E170" not in {problem.code for problem in reader.read_files(only).errors}


def _page(files: dict[str, bytes]) -> str:
    return next(path for path in files if path.startswith("01-") and not path.endswith("module.md"))


def test_drawings_of_windows_and_broken_pictures_are_left_out_by_name() -> None:
    data = a_docx(lambda document: document.add_picture(io.BytesIO(a_picture())))
    for bytes_, said in (
        (b"\x01\0\0\0" + b"\0" * 36 + b" EMF" + b"\0" * 40, "EMF, WMF"),
        (b"\xd7\xcd\xc6\x9a" + b"\0" * 40, "EMF, WMF"),
        (a_picture()[:40], "a picture that cannot be read"),
    ):
        found = read("x.docx", changed(data, {"word/media/image1.png": bytes_}))
        assert not found.refused
        assert said in told(found, Outcome.LEFT_OUT)
        assert alt_texts.missing(found.files) == ()


def test_a_picture_of_huge_dimensions_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded = []
    data = a_docx(lambda document: document.add_picture(io.BytesIO(_sized(10_000, 10_000))))
    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", lambda self: decoded.append(self.size))
    found = read("x.docx", data)
    assert "more than 50 million points" in told(found, Outcome.LEFT_OUT)
    assert decoded == []


def _sized(width: int, height: int) -> bytes:
    """A small picture that says it is large."""
    import struct
    import zlib

    data = bytearray(a_picture())
    data[16:24] = struct.pack(">2L", width, height)
    data[29:33] = struct.pack(">L", zlib.crc32(bytes(data[12:29])))
    return bytes(data)


def test_of_ten_thousand_pictures_of_one_kind_one_is_kept() -> None:
    def fill(document: Any) -> None:
        document.add_picture(io.BytesIO(a_picture()))
        drawn = document.paragraphs[-1].runs[-1]._r
        text = drawn.getparent()
        import copy

        for _number in range(9_999):
            text.append(copy.deepcopy(drawn))

    found = read("x.docx", a_docx(fill))
    assert len(alt_texts.missing(found.files)) == 1
    assert sum(path.endswith(".png") for path in found.files) == 1


def test_more_pictures_than_are_taken_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.catalog.exchange.office_pictures.OFFICE_PICTURES", 2)

    def fill(document: Any) -> None:
        for colour in ("red", "green", "blue", "black"):
            document.add_picture(io.BytesIO(a_picture(colour=colour)))

    found = read("x.docx", a_docx(fill))
    assert sum(path.endswith(".png") for path in found.files) == 2
    assert "all pictures after the first 2" in told(found, Outcome.LEFT_OUT)


@pytest.mark.parametrize(
    "text",
    [
        "# no heading", "- no list", "1. no list", "> no quote", "| a | b |", "***", "===", "`code` *a* _b_ ~~c~~",
        "[a](javascript:alert(1))", "![a](b)", "<script>alert(1)</script>", "<!-- quiz id=a -->", "&lt; &amp; &#65;",
        "\\(x\\) $5 and $6$", "[[gap]] [x] [!NOTE]", "---", "a\\", "{{7*7}}", "http://a.example/_b_",
    ],
)  # fmt: skip
def test_signs_of_markdown_come_out_as_they_were_written(text: str) -> None:
    def fill(document: Any) -> None:
        document.add_heading(text, 1)
        document.add_heading(text, 2)
        document.add_paragraph(text)
        document.add_paragraph(text, style="List Bullet")
        document.add_table(1, 2).cell(0, 0).text = text

    def slide(presentation: Any) -> None:
        shown = presentation.slides.add_slide(presentation.slide_layouts[1])
        shown.shapes.title.text = "Title"
        shown.placeholders[1].text = text

    for name, data, count in (("x.docx", a_docx(fill), 4), ("x.pptx", a_pptx(slide), 1)):
        body = "\n\n".join(pages(read(name, data)).values())
        html = markdown.render(body, lang="en").html
        assert "<script" not in html and "javascript:" not in html.replace("javascript:alert(1))", "")
        assert _plain(html).count(" ".join(text.split())) == count, body


def _plain(html: str) -> str:
    import re
    from html import unescape

    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def test_hidden_and_struck_words_stay_away_and_notes_stand_at_the_end() -> None:
    def fill(document: Any) -> None:
        said = document.add_paragraph("Seen")
        hidden = said.add_run(" HIDDEN")
        hidden.font.hidden = True
        struck = OxmlElement("w:del")
        run = OxmlElement("w:r")
        run.append(OxmlElement("w:delText"))
        run[0].text = " STRUCK"
        struck.append(run)
        said._p.append(struck)

    found = read("x.docx", a_docx(fill))
    assert list(pages(found).values()) == ["Seen"]
    assert "hidden words" in told(found, Outcome.LEFT_OUT)
    assert "while changes were tracked" in told(found, Outcome.LEFT_OUT)


def test_a_text_box_stands_under_its_paragraph() -> None:
    def fill(document: Any) -> None:
        run = document.add_paragraph("Around").add_run()._r
        drawn = OxmlElement("w:pict")
        box = OxmlElement("w:txbxContent")
        inner = OxmlElement("w:p")
        inner.append(OxmlElement("w:r"))
        inner[0].append(OxmlElement("w:t"))
        inner[0][0].text = "In the box"
        box.append(inner)
        drawn.append(box)
        run.append(drawn)

    found = read("x.docx", a_docx(fill))
    assert list(pages(found).values()) == ["Around\n\nIn the box"]
    assert "a text box" in told(found, Outcome.CHANGED)


def test_a_document_too_long_for_one_page_goes_on_on_another() -> None:
    def fill(document: Any) -> None:
        document.add_heading("Long", 1)
        for number in range(300):
            document.add_paragraph(f"{number} " + "word " * 250)
        document.add_paragraph("[" * 5_000)
        document.add_paragraph("letters" * 6_000)

    found = read("x.docx", a_docx(fill))
    assert list(pages(found))[:2] == ["Long", "Long (2)"]
    assert "E109" not in {problem.code for problem in reader.read_files(dict(found.files)).errors}
    assert "it is too long for one page" in told(found, Outcome.CHANGED)


def slides(presentation: Any) -> None:
    opening = presentation.slides.add_slide(presentation.slide_layouts[0])
    opening.shapes.title.text = "Fire"
    points = presentation.slides.add_slide(presentation.slide_layouts[1])
    points.shapes.title.text = "Three things"
    frame = points.placeholders[1].text_frame
    frame.text = "alarm"
    for text, level in (("ring", 1), ("leave", 0)):
        said = frame.add_paragraph()
        said.text, said.level = text, level
    points.notes_slide.notes_text_frame.text = "Ask who has heard the alarm."
    part = presentation.slides.add_slide(presentation.slide_layouts[2])
    part.shapes.title.text = "Afterwards"
    last = presentation.slides.add_slide(presentation.slide_layouts[6])
    last.shapes.add_picture(io.BytesIO(a_picture()), 0, 0)
    hidden = presentation.slides.add_slide(presentation.slide_layouts[1])
    hidden.shapes.title.text = "SECRET"
    hidden.element.set("show", "0")


def test_slides_become_headings_with_their_points_and_notes() -> None:
    found = read("fire.pptx", a_pptx(slides))
    shown = pages(found)
    assert shown["Fire"] == "## Three things\n\n- alarm\n  - ring\n- leave\n\nAsk who has heard the alarm."
    assert shown["Afterwards"].startswith("## Slide 4\n\n![](media/")
    assert list(shown) == ["Fire", "Afterwards"]
    assert "a hidden slide" in told(found, Outcome.LEFT_OUT)


def test_sections_of_slides_are_pages() -> None:
    data = a_pptx(slides)
    ids = [f'<p14:sldId id="{256 + n}"/>' for n in range(5)]
    sections = (
        '<p:extLst><p:ext uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}">'
        '<p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main">'
        f'<p14:section name="One" id="{{A}}"><p14:sldIdLst>{"".join(ids[:1])}</p14:sldIdLst></p14:section>'
        f'<p14:section name="Two" id="{{B}}"><p14:sldIdLst>{"".join(ids[1:])}</p14:sldIdLst></p14:section>'
        "</p14:sectionLst></p:ext></p:extLst></p:presentation>"
    )
    data = changed(
        data,
        {"ppt/presentation.xml": lambda old: _without_extensions(old).replace(b"</p:presentation>", sections.encode())},
    )
    found = pages(read("x.pptx", data))
    assert list(found) == ["One", "Two"]
    assert "## Afterwards" in found["Two"]


def _without_extensions(xml: bytes) -> bytes:
    import re

    return re.sub(rb"<p:extLst>.*?</p:extLst>", b"", xml, flags=re.S)


def test_a_pdf_is_a_page_with_its_words_under_the_headings_of_its_contents() -> None:
    lines = [
        ["1. Alarm", "This sentence is long enough to be par-", "ted at the end.", "\u2022 ring", "\u2022 leave"],
        ["Afterwards", "Count."],
    ]
    found = read("fire.pdf", a_pdf(lines, {"Alarm": 0, "Afterwards": 1}))
    assert list(pages(found).values()) == [
        "## Alarm\n\nThis sentence is long enough to be parted at the end.\n\n- ring\n- leave\n\n## Afterwards\n\nCount."
    ]
    assert found.files["media/fire.pdf"].startswith(b"%PDF-")


def test_a_pdf_without_words_says_what_that_means() -> None:
    found = read("scan.pdf", a_pdf([[]]))
    assert "pictures of pages, not words" in told(found, Outcome.CHANGED)
    assert "media/scan.pdf" in found.files


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def _doctype(xml: bytes) -> bytes:
    return xml.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>', 1).replace(
        b"<w:t>", b"<w:t>&e;"
    )


def _utf16(xml: bytes) -> bytes:
    return _doctype(xml).decode().replace("UTF-8", "UTF-16").encode("utf-16")


def plain(document: Any) -> None:
    document.add_paragraph("Words.")


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("old.doc", lambda: OLE, "save it as .docx"),
        ("old.ppt", lambda: OLE, "save it as .pptx"),
        ("locked.docx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "remove the password"),
        ("text.odt", lambda: b"PK\x03\x04mimetype", "zip archive"),
        ("text.rtf", lambda: b"{\\rtf1 a}", "save it as .docx"),
        ("macros.docm", lambda: changed(a_docx(plain), {"word/vbaProject.bin": b"x"}), "programs (macros)"),
        ("half.docx", lambda: a_docx(plain)[:-200], "zip archive"),
        ("no.docx", lambda: changed(a_docx(plain), {}, without=("word/document.xml",)), "save it as .docx"),
        ("torn.docx", lambda: changed(a_docx(plain), {"word/document.xml": lambda old: old[:-40]}), "damaged"),
        ("lost.docx", lambda: changed(a_docx(plain), {}, without=("[Content_Types].xml",)), "damaged"),
        ("xxe.docx", lambda: changed(a_docx(plain), {"word/document.xml": _doctype}), "a document type"),
        ("wide.docx", lambda: changed(a_docx(plain), {"word/document.xml": _utf16}), "a document type"),
        ("rels.docx", lambda: changed(a_docx(plain), {"_rels/.rels": _doctype}), "a document type"),
        ("x.pdf", lambda: b"%PDF-1.7 nothing else", "damaged"),
        ("locked.pdf", lambda: a_pdf([["a"]], password="secret"), "remove the password"),
        ("torn.pptx", lambda: changed(a_pptx(slides), {"ppt/slides/slide1.xml": b"<a"}), "damaged"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_what_to_do(name: str, make: Any, said: str) -> None:
    found = read(name, make())
    assert found.refused
    assert said in told(found, Outcome.REFUSED)


def test_a_package_that_unpacks_to_too_much_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    words = a_docx(plain)
    monkeypatch.setattr("docx.api.Package.open", lambda *_: pytest.fail("it was opened"))
    full = changed(words, {f"word/media/{n}.bin": b"\0" * limits.MIB for n in range(70)})
    assert "times its size" in told(read("x.docx", full), Outcome.REFUSED)
    # Names that archives pass over are counted as well.
    monkeypatch.setattr("app.catalog.exchange.office.OFFICE_UNPACKED", 2 * limits.MIB)
    hidden = changed(words, {".hidden": b"\0" * 2 * limits.MIB})
    assert "make its pictures smaller" in told(read("x.docx", hidden), Outcome.REFUSED)
    monkeypatch.undo()
    monkeypatch.setattr("app.catalog.exchange.office.OFFICE_XML_BYTES", 1000)
    assert "part it into several files" in told(read("x.docx", a_docx(plain)), Outcome.REFUSED)


def test_pictures_from_elsewhere_are_never_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr(socket, "socket", lambda *_a, **_k: pytest.fail("the network was asked"))

    def fill(document: Any) -> None:
        document.add_picture(io.BytesIO(a_picture()))
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
        key = document.part.relate_to("http://169.254.169.254/secret", kind, is_external=True)
        blip = next(document.element.body.iter(qn("a:blip")))
        del blip.attrib[qn("r:embed")]
        blip.set(qn("r:link"), key)

    found = read("x.docx", a_docx(fill))
    assert "not in the file but somewhere else" in told(found, Outcome.LEFT_OUT)
    assert "169.254" not in "".join(data.decode() for path, data in found.files.items() if path.endswith(".md"))


def test_a_file_that_is_not_what_its_name_says_is_read_as_what_it_is() -> None:
    found = read("slides.pptx", a_docx(plain))
    assert list(pages(found).values()) == ["Words."]
    assert zipfile.is_zipfile(io.BytesIO(a_docx(plain)))
