"""Markdown → QTI 3.0 or 2.1 → Markdown is the same Markdown, without the course that a package keeps inside itself."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from app.catalog import exchange
from app.catalog.exchange import html_markdown
from app.catalog.exchange.qti_dialect import QTI3
from app.catalog.exchange.qti_words import Writer
from app.catalog.exchange.qti_write import SOURCE
from app.catalog.format import reader
from app.catalog.format.model import Course, Question, QuestionType
from tests.catalog.exchange.inventing import asked, course_of, markdown_of

FORMATS = ["qti-3", "qti-2.1"]
PATIENT = settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
WRITER = Writer(QTI3)


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return whole.getvalue()


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


def line(text: str) -> str:
    return html_markdown.line(WRITER.line(text)).markdown


def blocks(text: str) -> str:
    return html_markdown.blocks(WRITER.blocks(text)).markdown


def spelled(question: Question) -> Question:
    said = question.texts["lt"]
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
        "title": line(said.title),
        "stem": said.stem if said.parts and question.type is QuestionType.CLOZE else blocks(said.stem),
        "hints": tuple(blocks(hint) for hint in said.hints),
        "parts": tuple(replace(part, text=line(part.text)) for part in said.parts),
        "options": options,
    }
    return replace(question, texts={"lt": replace(said, **texts)})  # type: ignore[arg-type]


@pytest.mark.parametrize("key", FORMATS)
@pytest.mark.parametrize("kind", QuestionType)
@given(data=st.data())
@PATIENT
def test_every_type_comes_back_as_it_was(kind: QuestionType, key: str, data: st.DataObject) -> None:
    course = course_of(spelled(data.draw(asked(kind, rich=True))))
    assume(course is not None)
    assert course is not None
    assert markdown_of(back(course, key)) == markdown_of(course)
