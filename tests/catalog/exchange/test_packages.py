"""Third-party packages come to what docs/exchange.md says; hostile ones to a sentence, never to a crash."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.catalog import exchange
from app.catalog.exchange import Outcome
from app.catalog.format import reader
from app.kit.limits import EXCHANGE_QUESTIONS
from tests.catalog.exchange.packing import course_in, folder, packed, read, said
from tests.catalog.exchange.test_fixtures import Row, rows
from tests.catalog.exchange.test_hostile import files, harmless
from tests.shared import SHARED, needs

FIXTURES = SHARED / "fixtures"
FOLDERS = ("qti/qti3-kennisnet", "common-cartridge")
SCHEMA = "<metadata><schema>IMS Content</schema><schemaversion>1.1.3</schemaversion></metadata>"
ITEM = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i1" title="{title}">
<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier">
<correctResponse><value>A</value></correctResponse></responseDeclaration>
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>
<itemBody><div>{body}</div><choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1">
<prompt>{prompt}</prompt><simpleChoice identifier="A">{choice}</simpleChoice><simpleChoice identifier="B">Ne</simpleChoice>
</choiceInteraction></itemBody>
<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/></assessmentItem>"""


def ours() -> list[Row]:
    return [row for row in rows() if row.path.startswith(FOLDERS)]


def bytes_of(path: Path) -> bytes:
    return folder(path) if path.is_dir() else path.read_bytes()


@needs(*(f"fixtures/{name}" for name in FOLDERS))
def test_every_package_there_is_stands_in_the_table() -> None:
    there = {path.relative_to(FIXTURES).as_posix() for name in FOLDERS for path in (FIXTURES / name).iterdir()}
    assert there == {row.path for row in ours()}


@pytest.mark.parametrize("row", ours(), ids=lambda row: row.path)
def test_a_package_comes_to_what_the_table_says(row: Row) -> None:
    path = FIXTURES / row.path
    if not path.exists():
        pytest.skip("there is no ../shared/fixtures here")
    found = exchange.read(path.name if path.is_file() else f"{path.name}.zip", bytes_of(path), lang="en")
    refused = found.of(Outcome.REFUSED)
    outcome = "refused" if found.refused else "partly" if refused else "read"
    assert outcome == row.outcome, said(found)
    if found.refused:
        assert row.questions == 0
        return
    assert all(note.line for note in refused), said(found)
    course = course_in(found)
    texts = [text for name, text in course.files.items() if "/" in name]
    assert sum(text.count("<!-- question ") for text in texts) == row.questions
    pages = re.search(r"(\d+) pages?\b", row.why)
    assert len(course.pages()) == (int(pages[1]) if pages else 1)


@needs("fixtures/common-cartridge")
def test_a_quiz_of_canvas_comes_with_its_pools_and_rules() -> None:
    found = exchange.read("x.imscc", folder(FIXTURES / "common-cartridge/all-question-types"), lang="en")
    text = found.files["01-xavierschool/01-all-question-types-quiz.md"].decode()
    assert "<!-- quiz id=all-question-types-quiz-questions mode=check attempts=1 -->" in text
    assert "<!-- pool id=numerical-answer-question draw=1 -->" in text
    assert "- [x] `33.33 ± 0.01`" in text
    assert "Roses are [[(x) RED | ( ) BLACK]], violets are [[( ) SILVER | (x) BLUE]]" in text
    assert "| Toyota | Corolla |" in text and "|  | Impala |" in text
    assert ("left-out", 'there is no question of type "calculated_question" here') in {
        (o, m) for o, _item, m in said(found)
    }


# Hostile


@needs("corpora/zip-malformed")
@pytest.mark.parametrize("path", files("zip-malformed", "*.zip"), ids=lambda path: path.name[:60])
def test_a_malformed_archive_is_refused_by_a_sentence(path: Path) -> None:
    found = exchange.read("x.imscc", path.read_bytes())
    assert found.refused
    assert all(note.message for note in found.of(Outcome.REFUSED))
    assert found.of(Outcome.REFUSED)


@needs("corpora/xml-defusedxml")
@pytest.mark.parametrize("path", files("xml-defusedxml", "*.xml"), ids=lambda path: path.name)
@pytest.mark.parametrize("place", ["imsmanifest.xml", "item.xml", "quiz.xml"])
def test_hostile_xml_in_a_package_is_refused_by_a_sentence(place: str, path: Path) -> None:
    manifest = (
        f"<manifest>{SCHEMA}<organizations/><resources>"
        '<resource identifier="a" type="imsqti_item_xmlv2p1" href="item.xml"><file href="item.xml"/></resource>'
        '<resource identifier="b" type="imsqti_xmlv1p2" href="quiz.xml"><file href="quiz.xml"/></resource>'
        "</resources></manifest>"
    )
    if place == "quiz.xml":
        manifest = manifest.replace("imsqti_item_xmlv2p1", "webcontent")
    found = exchange.read("x.zip", packed({"imsmanifest.xml": manifest, place: path.read_bytes()}))
    assert found.refused
    assert found.of(Outcome.REFUSED)
    assert b"hello" not in b"".join(found.files.values())


@needs("corpora/own/imsmanifest")
@pytest.mark.parametrize("path", files("own/imsmanifest"), ids=lambda path: path.name)
def test_hostile_lists_of_contents_are_read_or_refused_and_lead_nowhere(path: Path) -> None:
    inside = {"imsmanifest.xml": path.read_bytes(), "index.html": b"<p>Zodziai</p><script>alert(1)</script>"}
    found = exchange.read("x.zip", packed(inside))
    harmless(found)
    whole = b"".join(found.files.values())
    for words in (b"root:", b"javascript:", b"/etc/"):
        assert words not in whole
    assert all(re.fullmatch(r"(?:[a-z0-9.-]+/)?[a-z0-9.-]+", name) for name in found.files)
    if path.name in ("good.xml", "dup-ids.xml", "utf16.xml"):
        assert b"Zodziai" in whole
    if path.name in ("not-xml.xml", "truncated.xml", "empty.xml", "xxe-file.xml", "xxe-http.xml", "param-entity.xml",
                     "entity-growth.xml"):  # fmt: skip
        assert found.refused


@pytest.mark.parametrize("name", ["../x.html", "/x.html", "C:/x.html", "a/../../x.html", "a\\x.html"])
def test_a_package_with_a_name_that_climbs_out_is_refused(name: str) -> None:
    manifest = (
        f"<manifest>{SCHEMA}<organizations/><resources>"
        '<resource identifier="r" type="webcontent" href="x.html"/></resources></manifest>'
    )
    found = read({"imsmanifest.xml": manifest, name: "<p>x</p>"})
    assert found.refused
    assert "this name is not taken" in found.of(Outcome.REFUSED)[0].message


def test_a_package_that_unpacks_to_far_more_is_refused() -> None:
    found = read({"imsmanifest.xml": "<manifest/>", "big.html": b"\0" * (80 * 1024 * 1024)})
    assert found.refused
    assert "times its size" in found.of(Outcome.REFUSED)[0].message


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=\"x\" onerror=\"alert(1)\"/>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<object data=\"javascript:alert(1)\" type=\"text/html\">x</object>",
        "<object data=\"file:///etc/passwd\" type=\"image/png\">x</object>",
        "<svg onload=\"alert(1)\"/>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&lt;!-- question id=x --&gt;",
        "> [!HINT]\n> key",
        "- [x] planted answer",
        "[[planted|gap]]",
        "klasterisgap0x",
        "<h1>## Heading</h1>",
        "<math><mtext>&lt;img src=x onerror=alert(1)&gt;</mtext></math>",
    ],
)  # fmt: skip
def test_nothing_in_an_item_becomes_structure(text: str) -> None:
    title = re.sub(r"<[^>]*>|\"|&[a-z]+;", "", text).replace(">", "&gt;") or "T"
    data = ITEM.format(title=title, body=text, prompt=text, choice=f"{text} taip").encode()
    found = exchange.read("item.xml", data)
    harmless(found)
    assert not found.refused, said(found)
    reading = reader.read_files(dict(found.files))
    assert reading.course is not None and not reading.errors, reading.errors
    assert b"".join(found.files.values()).count(b"<!-- question ") == 1
    (quiz,) = [block for page in reading.course.pages() for block in page.texts["lt"].blocks if hasattr(block, "items")]
    (question,) = quiz.items  # type: ignore[union-attr]
    assert len(question.texts["lt"].options) == 2  # type: ignore[union-attr]
    assert not question.texts["lt"].hints  # type: ignore[union-attr]


def test_more_questions_than_a_course_can_hold_are_told_once() -> None:
    item = '<item ident="{n}"><presentation><material><mattext>K {n}?</mattext></material><response_str ident="r"/></presentation></item>'
    items = "".join(item.format(n=n) for n in range(EXCHANGE_QUESTIONS + 20))
    data = f'<questestinterop><assessment ident="a" title="A"><section>{items}</section></assessment></questestinterop>'
    found = exchange.read("quiz.xml", data.encode())
    assert [note.message for note in found.of(Outcome.REFUSED)] == [
        f"more than {EXCHANGE_QUESTIONS} questions: split the file"
    ]
    assert sum(text.count(b"<!-- question ") for text in found.files.values()) == EXCHANGE_QUESTIONS


def test_our_own_courses_are_not_taken_for_packages() -> None:
    course = packed({"course.md": "---\nkind: course\n---\n", "media/imsmanifest.xml.pdf": b"%PDF-"})
    assert exchange.format_of("kursas.zip", course) is None
