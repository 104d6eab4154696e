"""Markdown → QTI 3.0 or 2.1 → Markdown is the same Markdown, without the course that a package keeps inside itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from app.catalog import exchange
from app.catalog.exchange import escaping, html_markdown, imsmanifest, question_text, xml
from app.catalog.exchange.qti_dialect import QTI3
from app.catalog.exchange.qti_words import Writer
from app.catalog.exchange.qti_write import SOURCE
from app.catalog.format import reader
from app.catalog.format.gaps import CLOSE, MARKS, OPEN
from app.catalog.format.model import Course, Draw, Pool, Question, QuestionText, QuestionType, Quiz
from app.kit import markdown
from app.settings import ROOT
from tests.catalog.exchange.inventing import BLOCKS, asked, course_of, markdown_of, questions_of
from tests.catalog.exchange.packing import opened, packed
from tests.catalog.format import every_type, writing

FORMATS = ["qti-3", "qti-2.1"]
PATIENT = settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
WRITER = Writer(QTI3)


def alone(data: bytes) -> bytes:
    """The package without the course inside it."""
    files = opened(data)
    assert any(path.startswith(SOURCE) for path in files)
    return packed({path: inside for path, inside in files.items() if not path.startswith(SOURCE)})


def back(course: Course, key: str) -> Course:
    found = exchange.read("klausimai.zip", alone(exchange.write(course, key).data), lang=course.lang)
    assert not found.refused, [note.message for note in found.notes]
    refused = found.of(exchange.Outcome.REFUSED)
    assert not refused, [(note.item, note.message) for note in refused]
    again = reader.read_files(dict(found.files))
    assert not again.errors, again.errors
    assert again.course is not None
    return again.course


# QTI holds HTML, and Markdown spells one thing in several ways: texts come back in one spelling of each.


def settled(text: str, once: Callable[[str], str]) -> str:
    while (again := once(text)) != text:
        text = again
    return text


def line(text: str) -> str:
    return settled(text, lambda said: html_markdown.line(WRITER.line(said)).markdown)


def blocks(text: str) -> str:
    """Gaps are held by words while the text around them is spelled anew."""
    held = MARKS.sub(lambda found: f"gap{found[1].replace('-', 'MINUS')}END", text)
    found = settled(held, lambda said: html_markdown.blocks(WRITER.blocks(said)).markdown)
    return re.sub("gap([a-zA-Z0-9]+?)END", lambda one: f"{OPEN}{one[1].replace('MINUS', '-')}{CLOSE}", found)


def spelled(question: Question) -> Question:
    [lang] = question.texts if len(question.texts) == 1 else ["lt"]
    said = question.texts[lang]
    coded = question.type in (QuestionType.NUMERIC, QuestionType.TEXT)
    options = tuple(
        replace(one, text=one.text if coded else line(one.text), feedback=blocks(one.feedback)) for one in said.options
    )
    told = {
        name: blocks(getattr(said, name))
        for name in ("correct", "partial", "incorrect", "explanation", "rubric", "sample")
    }
    texts: dict[str, object] = {
        **told,
        "title": settled(said.title, lambda text: escaping.heading(line(text))) or "Klausimas",
        "stem": blocks(said.stem),
        "hints": tuple(blocks(hint) for hint in said.hints),
        "parts": tuple(replace(part, text=line(part.text)) for part in said.parts),
        "options": options,
    }
    return replace(question, texts={lang: replace(said, **texts)})  # type: ignore[arg-type]


def as_read(question: Question) -> Course | None:
    """The course that a question makes, if its texts are in that one spelling once they have been read."""
    course = course_of(spelled(question))
    if course is None:
        return None
    [read] = questions_of(course)
    return course if question_text.question(spelled(read), "lt") == question_text.question(read, "lt") else None


@pytest.mark.parametrize("key", FORMATS)
@pytest.mark.parametrize("kind", [kind for kind in QuestionType if kind is not QuestionType.SCALE])
@given(data=st.data())
@PATIENT
def test_every_type_comes_back_as_it_was(kind: QuestionType, key: str, data: st.DataObject) -> None:
    course = as_read(data.draw(asked(kind, rich=True)))
    assume(course is not None)
    assert course is not None
    assert markdown_of(back(course, key)) == markdown_of(course)


@pytest.mark.parametrize("key", FORMATS)
@given(text=BLOCKS)
@PATIENT
def test_any_text_comes_back_looking_the_same(key: str, text: str) -> None:
    said = QuestionText("lt", "Klausimas", text, (), explanation=text)
    course = course_of(Question("klausimas", QuestionType.ESSAY, {"lt": said}))
    assume(course is not None)
    assert course is not None
    [before], [after] = questions_of(course), questions_of(back(course, key))
    for name in ("stem", "explanation"):
        one, other = (markdown.render(getattr(q.texts["lt"], name)).html for q in (before, after))
        assert "".join(one.split()) == "".join(other.split())


@pytest.mark.parametrize("key", FORMATS)
def test_a_whole_course_of_every_type_comes_back(key: str) -> None:
    reading = reader.read_files({path: text.encode() for path, text in every_type.FILES.items()})
    assert reading.course is not None
    again = back(reading.course, key)
    lost = [" outcomes=parasyti,atpazinti,taisyti"]
    expected = []
    for text in markdown_of(reading.course):
        for words in lost:
            text = text.replace(words, "")
        expected.append(re.sub(r"(?<=institucijai\]\]<!-- id=kam -->)\n", " ", text))
    assert markdown_of(again) == expected


@pytest.mark.parametrize("path", sorted((ROOT / "courses").iterdir()), ids=lambda path: path.name)
def test_the_courses_that_come_along_lose_no_question(path: Path) -> None:
    course = reader.read_folder(path).course
    assert course is not None
    written = exchange.write(course, "qti-3")
    if not written.data:
        assert not questions_of(course)
        return
    found = exchange.read("kursas.zip", alone(written.data), lang=course.lang)
    again = reader.read_files(dict(found.files))
    assert again.course is not None and not again.errors, again.errors
    before = {one.id: replace(one, outcomes=(), see="", was=()) for one in questions_of(course)}
    after = {one.id: one for one in questions_of(again.course)}
    assert set(after) == set(before)
    for name, one in before.items():
        assert question_text.question(after[name], course.lang) == question_text.question(spelled(one), course.lang)


RARE = {
    "regex": 'type=text match=regex case=exact -->\n\n- [x] `[Dd]uomen(ys|ų) \\d{1,3}`\n- [25%] `a<b & "c"`',
    "regex-ignoring-case": "type=text match=regex -->\n\n- [x] `bdar.*`",
    "wildcard-case": "type=text match=wildcard case=exact -->\n\n- [x] `*a.b[c]*d?*`",
    "tolerance": "type=numeric -->\n\n- [x] `100 ± 2%`\n- [50%] `3.14 ± 0.01`\n- [-25%] `-5..-1.5`\n- [ ] `1e3`",
    "all-or-nothing": "points=3 -->\n\n- [x] A\n- [x] B\n- [ ] C",
    "match-all-or-nothing": "type=match scoring=all-or-nothing -->\n\n| Kas | Kas tinka |\n| --- | --- |\n| a | b |\n| c | b |\n|  | d |",
    "cloze-all-or-nothing": "type=cloze scoring=all-or-nothing match=regex -->\n\nTai [[a+|b]]<!-- id=kas -->, [[#1 ± 0.5|7..9]] ir [[(x) a | ( ) b]].",
    "worth-nothing": "points=0 -->\n\n- [x] A\n- [50%] B",
    "essay-without-least": "type=essay max-words=5 -->",
    "essay-of-one-word": "type=essay min-words=1 max-words=1 -->",
}


@pytest.mark.parametrize("key", FORMATS)
@pytest.mark.parametrize("name", RARE)
def test_what_is_rare_comes_back_too(name: str, key: str) -> None:
    text = f"{writing.HEAD}\n## T\n<!-- quiz id=testas mode=practice -->\n\n### Klausimas\n<!-- question id=k1 {RARE[name]}\n"
    reading = reader.read_files({"kursas.md": text.encode()})
    assert reading.course is not None and not reading.errors, reading.errors
    assert markdown_of(back(reading.course, key)) == markdown_of(reading.course)


BANK = """---
kind: bank
id: bankas
title: Klausimų bankas
---

## Pirmas?
<!-- question id=pirmas tags=bdar,svarbu points=2 -->

- [x] Taip
- [ ] Ne

## Antras?
<!-- question id=antras tags=bdar points=2 -->

- [x] Taip
- [ ] Ne

## Trečias?
<!-- question id=trecias points=2 -->

- [ ] Taip
- [x] Ne
"""
QUIZ = """---
kind: page
id: testas
title: Testas
---

## Vienas pats?
<!-- question id=vienas -->

- [x] Taip
- [ ] Ne

## Baigiamasis testas
<!-- quiz id=baigiamasis pass=70 attempts=2 time=PT1200S shuffle=questions -->

Atsakykite **ramiai**.

### Paprastas?
<!-- question id=paprastas -->

- [x] Taip
- [ ] Ne

### telkinys
<!-- pool id=telkinys draw=1 -->

#### Telkinio pirmas?
<!-- question id=telkinio-pirmas -->

- [x] Taip
- [ ] Ne

#### Telkinio antras?
<!-- question id=telkinio-antras type=text match=wildcard -->

- [x] `tai*p.`
- [50%] `N[e]`

### trauka
<!-- draw id=trauka bank=bankas count=1 tags=bdar,svarbu points=3 -->

### kita
<!-- draw id=kita bank=bankas count=2 points=2 -->
"""


def quizzes_of(course: Course) -> list[Quiz]:
    return [block for page in course.pages() for block in page.texts[course.lang].blocks if isinstance(block, Quiz)]


@pytest.mark.parametrize("key", FORMATS)
def test_pools_draws_banks_and_rules_come_back(key: str) -> None:
    reading = writing.reading({"banks/bankas.md": BANK, "01-pradzia/90-testas.md": QUIZ})
    assert reading.course is not None and not reading.errors, reading.errors
    again = back(reading.course, key)
    assert sorted(markdown_of(again)) == sorted(markdown_of(reading.course))
    [before], [after] = quizzes_of(reading.course), quizzes_of(again)
    assert after.id == before.id
    assert after.titles == before.titles and after.intros == before.intros
    assert [(type(item), item.id) for item in after.items] == [(type(item), item.id) for item in before.items]
    for one, other in zip(before.items, after.items, strict=True):
        if isinstance(one, Draw):
            assert one == other
        if isinstance(one, Pool) and isinstance(other, Pool):
            assert (one.draw, [q.id for q in one.questions]) == (other.draw, [q.id for q in other.questions])
    for name in ("pass_percent", "attempts", "seconds", "shuffle"):
        assert getattr(after, name) == getattr(before, name), name
    [bank], [was] = again.banks, reading.course.banks
    assert (bank.id, bank.title) == (was.id, was.title)
    alone_there = [b.id for page in again.pages() for b in page.texts["lt"].blocks if isinstance(b, Question)]
    assert alone_there == ["vienas"]


@pytest.mark.parametrize("key", FORMATS)
def test_the_course_inside_is_read_until_somebody_changes_the_package(key: str) -> None:
    reading = reader.read_files({path: text.encode() for path, text in every_type.FILES.items()})
    assert reading.course is not None
    data = exchange.write(reading.course, key).data
    whole = exchange.read("kursas.zip", data)
    assert whole.files == {path: text.encode() for path, text in every_type.FILES.items()}
    files = opened(data)
    files["q-terminas.xml"] = files["q-terminas.xml"].replace(b"Per 72 valandas", b"Per 73 valandas")
    changed = exchange.read("kursas.zip", packed(files))
    assert not any(path in changed.files for path in ("course.en.md",))
    assert any(b"Per 73 valandas" in text for text in changed.files.values())


@pytest.mark.parametrize("key", FORMATS)
def test_pictures_travel_with_the_questions_that_show_them(key: str) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(40)
    question = "\n## Kas čia?\n<!-- question id=kas-cia -->\n\n![Schema](media/schema.png)\n\n- [x] Schema\n- [ ] Ne\n"
    reading = writing.reading({
        "01-pradzia/01-kodel.md": writing.PAGE + question, "media/schema.png": picture, "media/kita.png": picture,
    })  # fmt: skip
    assert reading.course is not None and not reading.errors, reading.errors
    data = exchange.write(reading.course, key).data
    assert opened(data)["media/schema.png"] == picture
    assert "media/kita.png" not in opened(data)
    again = back(reading.course, key)
    assert [(one.path, one.data) for one in again.media] == [("media/schema.png", picture)]
    assert "![Schema](media/schema.png)" in questions_of(again)[0].texts["lt"].stem


def documents(key: str) -> dict[str, Element]:
    reading = writing.reading({"banks/bankas.md": BANK, "01-pradzia/90-testas.md": QUIZ})
    every = reader.read_files({path: text.encode() for path, text in every_type.FILES.items()})
    found: dict[str, Element] = {}
    for one in (reading, every):
        assert one.course is not None
        files = opened(exchange.write(one.course, key).data)
        found |= {path: xml.parse(data) for path, data in files.items() if path.endswith(".xml")}
    return found


@pytest.mark.parametrize("key", FORMATS)
def test_names_are_those_of_the_version(key: str) -> None:
    """3.0 writes qti-words-with-hyphens, 2.1 camelCase: nothing of the one stands in the other."""
    html = {
        *[
            "h2",
            "h3",
            "p",
            "em",
            "strong",
            "code",
            "pre",
            "ul",
            "ol",
            "li",
            "a",
            "img",
            "br",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "blockquote",
            "span",
            "math",
        ]
    }
    for path, root in documents(key).items():
        if path == "imsmanifest.xml":
            continue
        for element in root.iter():
            name = xml.name(element)
            if name in html or str(element.tag).startswith("{http://www.w3.org/1998/Math"):
                continue
            assert name.startswith("qti-") == (key == "qti-3"), (path, name)
            assert key == "qti-3" or "-" not in name, (path, name)
            for attribute in xml.attributes(element):
                lower = attribute == attribute.lower() or attribute == "schemaLocation"
                assert lower or key == "qti-2.1", (path, name, attribute)


@pytest.mark.parametrize("key", FORMATS)
def test_the_list_of_contents_names_every_file_once_and_nothing_else(key: str) -> None:
    reading = writing.reading({"banks/bankas.md": BANK, "01-pradzia/90-testas.md": QUIZ})
    assert reading.course is not None
    files = opened(exchange.write(reading.course, key).data)
    manifest = imsmanifest.read(files["imsmanifest.xml"])
    named = [path for resource in manifest.resources.values() for path in resource.files]
    assert sorted(named) == sorted(path for path in files if path != "imsmanifest.xml")
    ids = set(manifest.resources)
    assert all(needed in ids for resource in manifest.resources.values() for needed in resource.depends)
    assert manifest.title == "Aiškus bendravimas"


def test_a_plain_choice_is_marked_by_the_standard_template() -> None:
    item = documents("qti-3")["q-paprastas.xml"]
    [processing] = [one for one in item if xml.name(one) == "qti-response-processing"]
    assert processing.attrib["template"] == "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/map_response.xml"
    older = documents("qti-2.1")["q-paprastas.xml"]
    [processing] = [one for one in older if xml.name(one) == "responseProcessing"]
    assert processing.attrib["template"] == "http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"


def test_what_qti_has_no_place_for_is_told() -> None:
    reading = reader.read_files({path: text.encode() for path, text in every_type.FILES.items()})
    assert reading.course is not None
    said = {(note.item, note.message) for note in exchange.write(reading.course, "qti-3").notes}
    assert ("bendravimas", "its pages: only questions are written in this format") in said
    assert ("bendravimas", "its other languages: en") in said
    assert ("terminas", '"outcomes" has no place in this format') in said
    assert ("terminas", "its hints are kept for tutors: other platforms do not show them") in said
