"""Hostile and odd input through the doors for foreign files: a sentence or a course, never a crash, and nothing that runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.catalog import exchange
from app.catalog.exchange import Conversion
from app.catalog.format import reader
from app.catalog.importer import prepare
from app.kit.limits import EXCHANGE_QUESTIONS
from tests.shared import SHARED, needs

XML = '<?xml version="1.0"?><quiz><question type="{kind}"><name><text>{name}</text></name>{body}</question></quiz>'
CHOICE = (
    '<questiontext format="html"><text><![CDATA[{text}]]></text></questiontext><single>true</single>'
    '<answer fraction="100" format="html"><text><![CDATA[{text} x]]></text></answer>'
    '<answer fraction="0"><text>other</text></answer>'
)
RUNS = {"script", "iframe", "object", "embed", "svg", "form", "style", "link", "meta", "base", "input", "button"}


class Watch(HTMLParser):
    """Whatever could run, load or lead astray in some HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in RUNS:
            self.found.append(tag)
        for name, value in attrs:
            address = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or (
                name in ("href", "src") and re.match(r"(?!https?:|mailto:)[a-z][a-z0-9+.-]*:", address)
            ):
                self.found.append(f"{tag} {name}={value}")


# Kept as words, which templates escape.
WORDS = {"title", "titles", "value", "unit"}


def strings(value: object) -> Iterator[str]:
    """Everything that is kept as HTML."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in WORDS:
                yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)
    elif is_dataclass(value):
        for one in fields(value):
            if one.name not in WORDS:
                yield from strings(getattr(value, one.name))


def harmless(found: Conversion) -> None:
    """What was refused says why; what was read can be shown, and what is shown does nothing."""
    if found.refused:
        assert any(note.outcome == "refused" for note in found.notes)
        return
    reading = reader.read_files(dict(found.files))
    assert reading.course is not None, reading.problems
    prepared = prepare(reading.course)
    shown = [*strings(prepared.pages), *strings(prepared.quizzes), *strings(prepared.questions)]
    assert shown
    for text in shown:
        watch = Watch()
        watch.feed(text)
        watch.close()
        assert not watch.found, text


def test_the_watch_sees_what_runs() -> None:
    for html in ("<script>x</script>", '<a href="java\tscript:x">x</a>', "<img src=x onerror=x>", '<img src="data:x">'):
        watch = Watch()
        watch.feed(html)
        assert watch.found, html


def files(folder: str, pattern: str = "*") -> list[Path]:
    return sorted(path for path in (SHARED / "corpora" / folder).rglob(pattern) if path.is_file())


@needs("corpora/xml-defusedxml")
@pytest.mark.parametrize("path", files("xml-defusedxml", "*.xml"), ids=lambda path: path.name)
def test_hostile_xml_is_refused_with_a_sentence(path: Path) -> None:
    data = path.read_bytes()
    found = exchange.read(path.name, data)
    assert found.refused
    # The same, where the door believes that it is Moodle's.
    again = exchange.read(
        "x.xml", data.replace(b"<root", b"<quiz").replace(b"<xmlbomb", b"<quiz").replace(b"</root", b"</quiz")
    )
    assert again.refused
    assert all(note.message for note in again.notes)


def test_a_document_type_is_refused_before_anything_grows() -> None:
    bomb = b'<!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><quiz><question type="essay"><name><text>&b;</text></name></question></quiz>'
    found = exchange.read("x.xml", bomb)
    assert found.refused
    assert "document type" in found.notes[0].message
    assert found.notes[0].line == 1


@needs("corpora/blns")
def test_naughty_strings_come_through_as_words_or_are_refused() -> None:
    naughty = json.loads((SHARED / "corpora/blns/blns.json").read_text("utf-8"))
    for text in naughty[::3]:
        safe = text.replace("]]>", "]] >")
        harmless(
            exchange.read(
                "x.xml",
                XML.format(kind="multichoice", name="n", body=CHOICE.format(text=safe)).encode("utf-8", "replace"),
            )
        )
        harmless(exchange.read("x.gift", f"::n::{text}{{={text}#{text} ~b}}".encode("utf-8", "replace")))
        harmless(exchange.read("x.txt", f"{text}\nA) {text}\nB) b\nANSWER: B\n".encode("utf-8", "replace")))
        harmless(exchange.read("x.txt", f"{text} {{1:SHORTANSWER:={text}#{text}}}".encode("utf-8", "replace")))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        "<svg/onload=alert(1)>",
        '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
        "[x](javascript:alert(1))",
        "<!-- question id=x -->",
        "## Heading\n<!-- quiz id=q -->",
        "> [!HINT]\n> key",
        "- [x] planted answer",
        "[[planted|gap]]",
        "```\nunclosed",
        "---\nkind: course\n---",
        "\ue000g1\ue001",
    ],
)
@pytest.mark.parametrize("form", ["html", "markdown", "plain_text", "moodle_auto_format"])
def test_nothing_in_a_text_becomes_structure(text: str, form: str) -> None:
    """One question goes in and one comes out, of its own type, with the answers it had."""
    body = (
        f'<questiontext format="{form}"><text><![CDATA[{text}]]></text></questiontext><single>true</single>'
        f'<answer fraction="100" format="{form}"><text><![CDATA[{text} x]]></text><feedback format="{form}"><text><![CDATA[{text}]]></text></feedback></answer>'
        '<answer fraction="0"><text>other</text></answer>'
    )
    found = exchange.read("x.xml", XML.format(kind="multichoice", name="Name", body=body).encode())
    harmless(found)
    if found.refused:
        return
    course = reader.read_files(dict(found.files)).course
    assert course is not None
    (quiz,) = [block for page in course.pages() for block in page.texts["lt"].blocks if hasattr(block, "items")]
    (question,) = quiz.items  # type: ignore[union-attr]
    assert len(question.texts["lt"].options) == 2  # type: ignore[union-attr]
    assert not question.texts["lt"].hints  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01", b"\xff\xfe", b"<quiz", b"<quiz/>", "<quiz/>".encode("utf-16"), b"PK\x03\x04quiz"]
)
@pytest.mark.parametrize("name", ["x.xml", "x.gift", "x.txt", "x.aiken", "x"])
def test_what_is_nothing_is_refused(name: str, data: bytes) -> None:
    harmless(exchange.read(name, data))
    assert exchange.read(name, data).refused


def test_a_file_that_was_changed_by_hand_is_read_as_it_is_now() -> None:
    """The course inside an export counts only for as long as the export is what was written."""
    text = "---\nkind: course\nid: mazas\ntitle: Mažas\nlang: lt\n---\n\n## T\n<!-- quiz id=q -->\n\n### Klausimas?\n<!-- question id=k -->\n\n- [x] Taip\n- [ ] Ne\n"
    course = reader.read_files({"mazas.md": text.encode()}).course
    assert course is not None
    for key, name in (("moodle-xml", "m.xml"), ("gift", "m.gift")):
        written = exchange.write(course, key).data
        assert dict(exchange.read(name, written).files) == {"mazas.md": text.encode()}
        changed = exchange.read(name, written.replace(b"Klausimas?", b"Pakeista?"))
        said = b"".join(changed.files.values())
        assert b"Pakeista?" in said
        assert b"Klausimas?" not in said


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.xml", b"<quiz>" + b"<question/>" * 400_000 + b"</quiz>"),
        ("x.xml", b"<quiz>" + b"<a>" * 5_000 + b"</a>" * 5_000 + b"</quiz>"),
        ("x.gift", b"\n" * 300_000),
        ("x.gift", b" " * 300_000 + b"{"),
        ("x.gift", b"Q? {" + b"=" * 20_000 + b"}"),
        ("x.gift", b"Q? " + b"<!-- " * 20_000 + b"{T"),
        ("x.gift", b"Q? " + b"#" * 50_000 + b"{T}"),
        ("x.txt", b"A) x" + b" " * 200_000 + b"y\nANSWER: A"),
        ("x.txt", b"{1:SHORTANSWER:=a}" * 20_000),
        ("x.txt", b"{1:SHORTANSWER:" * 20_000),
    ],
    ids=lambda value: str(len(value)) if isinstance(value, bytes) else value,
)
def test_what_is_made_to_take_long_is_refused(name: str, data: bytes) -> None:
    """Each of these took minutes or gigabytes from readers that looked at everything twice."""
    found = exchange.read(name, data)
    assert found.refused
    assert all(len(note.message) < 400 for note in found.notes)


def test_more_questions_than_a_course_can_hold_are_told_and_the_first_are_read() -> None:
    found = exchange.read("x.gift", b"Q? {T}\n\n" * (EXCHANGE_QUESTIONS + 1))
    assert [note.message for note in found.notes if note.outcome == "refused"] == [
        f"more than {EXCHANGE_QUESTIONS} questions: split the file"
    ]
    reading = reader.read_files(dict(found.files))
    assert reading.course is not None
    assert not reading.errors
    assert len(reading.course.pages()) > 1
