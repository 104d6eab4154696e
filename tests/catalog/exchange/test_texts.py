"""GIFT, Aiken and the older text formats: what they say, and what is wrong with them by line."""

from __future__ import annotations

import pytest

from app.catalog import exchange
from app.catalog.exchange import Conversion, Outcome
from app.catalog.format import reader
from app.catalog.format.model import Course, Question, QuestionType
from tests.catalog.exchange.inventing import questions_of
from tests.catalog.format.every_type import FILES


def asked(found: Conversion) -> list[Question]:
    reading = reader.read_files(dict(found.files))
    assert reading.course is not None
    return questions_of(reading.course)


def gift(text: str) -> Conversion:
    return exchange.read("x.gift", text.encode(), lang="en")


def every_type() -> Course:
    course = reader.read_files({path: text.encode() for path, text in FILES.items()}).course
    assert course is not None
    return course


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Q? {}", QuestionType.ESSAY),
        ("Q? {TRUE}", QuestionType.TRUEFALSE),
        ("Q? {F#no#yes}", QuestionType.TRUEFALSE),
        ("Q? {=a ~b}", QuestionType.SINGLE),
        ("Q? {~%50%a ~%50%b ~c}", QuestionType.MULTIPLE),
        ("Q? {=a =b}", QuestionType.TEXT),
        ("Q? {=a -> 1 =b -> 2}", QuestionType.MATCH),
        ("Q? {#3.14:0.01}", QuestionType.NUMERIC),
    ],
)
def test_what_stands_in_braces_decides_about_the_type(text: str, kind: QuestionType) -> None:
    (question,) = asked(gift(text))
    assert question.type is kind


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("\n\nQ? {=a ~b", 3, "its answers begin with { and end with }"),
        ("A? {T}\n\nQ? {=a} {=b}", 3, "more than one pair of braces: one question has one list of answers"),
        ("Q? {~a ~b}", 1, "the right answers of this question are worth 0 percent together, not 100"),
        ("Q? {=%50%a ~b}", 1, "no answer is worth 100 percent; the best of them is worth 50"),
        ("Q? {#many}", 1, "not a number: many"),
        ("Q? {=a -> b =c}", 1, 'in a question that matches, every answer has its "->"'),
        ("Q? {what}", 1, "an answer begins with = or ~"),
        ("Q? {=a ~%120%b}", 1, "an answer is worth 120 percent"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, sentence: str) -> None:
    found = gift(text)
    assert [(note.line, note.message) for note in found.of(Outcome.REFUSED)] == [(line, sentence)]


def test_ids_tags_categories_and_general_feedback_are_read() -> None:
    found = gift(
        "$CATEGORY: $course$/top/Gaisrai\n\n// question: 1 [id:gesintuvas] [tag:sauga] [tag:du žodžiai]\n"
        "::Kas?::Kas gesina? {=vanduo#Taip ~benzinas#Ne\n####Todėl.}\n"
    )
    (question,) = asked(found)
    assert (question.id, question.tags) == ("gesintuvas", ("sauga", "du žodžiai"))
    assert question.texts["en"].explanation == "Todėl."
    assert [option.feedback for option in question.texts["en"].options] == ["Taip", "Ne"]
    assert any(b"Gaisrai" in text for text in found.files.values())


def test_signs_that_were_escaped_mean_themselves() -> None:
    (question,) = asked(gift(r"2 \= 1 + 1, \{a\} \~ b\: c \# d \\ e? {T}"))
    assert question.texts["en"].title == r"2 = 1 + 1, {a} \~ b: c # d \\ e?"


def test_what_is_not_utf_8_is_read_by_the_language_and_told() -> None:
    data = "Ar žąsis? {T}".encode("cp1257")
    found = exchange.read("x.gift", data, lang="lt")
    (question,) = asked(found)
    assert question.texts["lt"].title == "Ar žąsis?"
    (note,) = found.of(Outcome.CHANGED)
    assert "cp1257" in note.message


def test_a_text_question_in_gift_has_no_arrow_that_would_make_pairs_of_it() -> None:
    written = exchange.write(every_type(), "gift").data.decode()
    block = written[written.index("[id:kas]") : written.index("[id:vaidmenys]")]
    assert "->" not in block[block.index("{") :]


def test_aiken_keeps_what_is_one_right_answer_out_of_several() -> None:
    written = exchange.write(every_type(), "aiken")
    text = written.data.decode()
    assert text.startswith(
        "Kada pranešti priežiūros institucijai?\nA) Per 24 valandas\nB) Per 72 valandas\nC) Per 30 dienų\nANSWER: B\n"
    )
    assert text.count("ANSWER:") == 2
    assert {note.item for note in written.notes} >= {"pazeidimas", "kas", "taisykle"}
    found = asked(exchange.read("x.txt", written.data))
    assert [[option.fraction for option in question.texts["lt"].options] for question in found] == [[0, 1, 0], [0, 1]]


def test_aiken_with_one_question_out_of_place_is_refused_whole() -> None:
    found = exchange.read("x.txt", b"Good?\nA) a\nB) b\nANSWER: A\n\nBad?\nA) a\nB) b\nANSWER: C\n")
    assert found.refused
    (note,) = found.of(Outcome.REFUSED)
    assert (note.item, note.line, note.message) == ("Bad?", 6, '"ANSWER: C" names none of its answers')


def test_embedded_answers_are_gaps_in_order_of_reading() -> None:
    found = exchange.read("x.txt", b"A {1:MC:=x~y} b {2:NM:=5:1} c {1:SAC:=z~=Z}.", lang="en")
    (question,) = asked(found)
    said = question.texts["en"]
    assert [(part.kind.value, [o.text or o.value for o in part.options]) for part in said.parts] == [
        ("pick", ["x", "y"]),
        ("number", ["5 ± 1"]),
        ("text", ["z", "Z"]),
    ]
    assert (question.points, question.case) == (4.0, "exact")
    assert [note.message for note in found.of(Outcome.CHANGED)] == []
