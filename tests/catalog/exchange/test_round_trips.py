"""Markdown → Moodle XML or GIFT → Markdown is the same Markdown, without the course that an export keeps inside itself."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from app.catalog import exchange
from app.catalog.exchange import source_inside
from app.catalog.format import reader
from app.catalog.format.model import QuestionType
from tests.catalog.exchange.inventing import asked, course_of, markdown_of

IN_MOODLE = [kind for kind in QuestionType if kind is not QuestionType.SCALE]
IN_GIFT = [
    *(QuestionType.SINGLE, QuestionType.MULTIPLE, QuestionType.TRUEFALSE, QuestionType.NUMERIC, QuestionType.TEXT),
    *(QuestionType.MATCH, QuestionType.ESSAY),
]
PATIENT = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)


def there_and_back(data: st.DataObject, kind: QuestionType, key: str, *, rich: bool) -> None:
    course = course_of(data.draw(asked(kind, rich=rich)))
    assume(course is not None)
    assert course is not None
    written = exchange.write(course, key)
    alone = source_inside.without(written.data, source_inside.XML if key == "moodle-xml" else source_inside.GIFT)
    assert len(alone) < len(written.data)
    found = exchange.read("klausimai.xml" if key == "moodle-xml" else "klausimai.gift", alone, lang="lt")
    assert not found.refused, [note.message for note in found.notes]
    again = reader.read_files(dict(found.files))
    assert again.course is not None
    assert markdown_of(again.course) == markdown_of(course)


@pytest.mark.parametrize("kind", IN_MOODLE)
@given(data=st.data())
@PATIENT
def test_moodle_xml_gives_every_type_back_as_it_was(kind: QuestionType, data: st.DataObject) -> None:
    there_and_back(data, kind, "moodle-xml", rich=True)


@pytest.mark.parametrize("kind", IN_GIFT)
@given(data=st.data())
@PATIENT
def test_gift_gives_the_types_it_has_back_as_they_were(kind: QuestionType, data: st.DataObject) -> None:
    there_and_back(data, kind, "gift", rich=False)
