"""QTI items as other programs write them, of versions 2.x and 3.0: what each becomes, and what is told."""

from __future__ import annotations

import re

import pytest

from app.catalog import exchange
from app.catalog.exchange import Conversion
from app.catalog.format.model import Part, PartKind, Pool, Question, QuestionType, Quiz
from tests.catalog.exchange.packing import course_in, read, said

RP = "http://www.imsglobal.org/question/qti_v2p1/rptemplates"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def item(body: str, declared: str, rules: str = f'template="{RP}/match_correct"', *, title: str = "Pavadinimas",
         most: str = "1", more: str = "", name: str = "ITEM_1") -> str:  # fmt: skip
    most = (
        f'<outcomeDeclaration identifier="MAXSCORE" cardinality="single" baseType="float"><defaultValue><value>{most}</value></defaultValue></outcomeDeclaration>'
        if most
        else ""
    )
    processing = (
        f"<responseProcessing {rules}/>"
        if rules.startswith("template")
        else f"<responseProcessing>{rules}</responseProcessing>"
    )
    return (
        f'<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="{name}" title="{title}">{declared}'
        f'<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>{most}'
        f"<itemBody>{body}</itemBody>{processing}{more}</assessmentItem>"
    )


def declared(
    base: str, correct: str = "", mapping: str = "", *, cardinality: str = "single", name: str = "RESPONSE"
) -> str:
    values = "".join(f"<value>{value}</value>" for value in correct.split("|") if value)
    right = f"<correctResponse>{values}</correctResponse>" if values else ""
    return f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">{right}{mapping}</responseDeclaration>'


def entries(**points: str) -> str:
    return (
        "<mapping defaultValue='0'>"
        + "".join(f'<mapEntry mapKey="{k}" mappedValue="{v}"/>' for k, v in points.items())
        + "</mapping>"
    )


def choices(word: str = "simpleChoice", **texts: str) -> str:
    return "".join(f'<{word} identifier="{name}">{text}</{word}>' for name, text in texts.items())


def threes(text: str) -> str:
    """The same item as 3.0 spells it, near enough for one that reads names only."""

    def name(found: re.Match[str]) -> str:
        word = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", found[2]).lower()
        return (
            f"{found[1]}qti-{word}"
            if re.search(r"[A-Z]", found[2])
            or found[2] in ("value", "mapping", "prompt", "or", "and", "equal", "variable")
            else found[0]
        )

    text = re.sub(r"(</?)([a-zA-Z]+)", name, text)
    return re.sub(
        r" ([a-z]+[A-Z][A-Za-z]*)=", lambda f: " " + re.sub(r"(?<=[a-z])(?=[A-Z])", "-", f[1]).lower() + "=", text
    )


def one(text: str) -> Question:
    found = exchange.read("item.xml", text.encode(), lang="lt")
    course = course_in(found)
    [quiz] = [b for page in course.pages() for b in page.texts["lt"].blocks if isinstance(b, Quiz)]
    [question] = quiz.items
    assert isinstance(question, Question)
    return question


def refusal(text: str) -> list[tuple[str, str, str]]:
    found = exchange.read("item.xml", text.encode(), lang="lt")
    assert found.refused
    return said(found)


CHOICE = item(
    '<p>Kuris?</p><choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="1"><prompt>Rinkitės vieną.</prompt>'
    + choices(A="Taip", B="Ne <i>visai</i>") + "</choiceInteraction>",
    declared("identifier", "A"), most="2",
)  # fmt: skip


@pytest.mark.parametrize("text", [CHOICE, threes(CHOICE)], ids=["2.1", "3.0"])
def test_a_choice_keeps_its_prompt_its_points_and_its_order(text: str) -> None:
    question = one(text)
    words = question.texts["lt"]
    assert (question.id, question.type, question.points, question.shuffle) == (
        "item-1",
        QuestionType.SINGLE,
        2.0,
        False,
    )
    assert words.stem == "Kuris?\n\nRinkitės vieną."
    assert [(o.text, o.fraction) for o in words.options] == [("Taip", 1.0), ("Ne *visai*", 0.0)]


def test_a_mapping_is_the_share_of_its_greatest_sum() -> None:
    body = (
        '<choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="0">'
        + choices(A="a", B="b", C="c")
        + "</choiceInteraction>"
    )
    mapped = entries(A="1", B="3", C="-2")
    question = one(
        item(
            body,
            declared("identifier", "A|B", mapped, cardinality="multiple"),
            f'template="{RP}/map_response"',
            most="4",
        )
    )
    assert [o.fraction for o in question.texts["lt"].options] == [0.25, 0.75, -0.5]
    assert (question.scoring, question.points) == ("partial", 4.0)
    whole = one(item(body, declared("identifier", "A|B", mapped, cardinality="multiple"), most="4"))
    assert [o.fraction for o in whole.texts["lt"].options] == [0.5, 0.5, 0.0]
    assert whole.scoring == "all-or-nothing"


FIELD = '<p>Kiek?</p><p><textEntryInteraction responseIdentifier="RESPONSE" expectedLength="5"/></p>'


def test_a_field_behind_the_words_is_a_question_of_words_or_of_a_number() -> None:
    text = one(item(FIELD, declared("string", "York", entries(York="1", york="0.5")), f'template="{RP}/map_response"'))
    assert (text.type, [(o.value, o.fraction) for o in text.texts["lt"].options]) == (
        QuestionType.TEXT,
        [("York", 1.0), ("york", 0.5)],
    )
    rule = (
        '<responseCondition><responseIf><equal toleranceMode="absolute" tolerance="0.5 0.5"><variable identifier="RESPONSE"/>'
        '<baseValue baseType="float">3.5</baseValue></equal><setOutcomeValue identifier="SCORE"><baseValue baseType="float">2</baseValue></setOutcomeValue>'
        '</responseIf></responseCondition>'
    )  # fmt: skip
    number = one(item(FIELD, declared("float", "3.5"), rule, most="2"))
    assert (number.type, number.points, [o.value for o in number.texts["lt"].options]) == (
        QuestionType.NUMERIC,
        2.0,
        ["3.5 ± 0.5"],
    )
    assert number.texts["lt"].options[0].fraction == 1.0


def test_fields_in_a_text_are_gaps() -> None:
    body = (
        '<p>Valdytojas praneša <textEntryInteraction responseIdentifier="A"/> per <inlineChoiceInteraction responseIdentifier="B">'
        + choices("inlineChoice", x="24", y="72") + "</inlineChoiceInteraction> val.</p>"
    )  # fmt: skip
    question = one(
        item(body, declared("string", "VDAI", name="A") + declared("identifier", "y", name="B"), title="Taisyklė")
    )
    parts: tuple[Part, ...] = question.texts["lt"].parts
    assert question.type is QuestionType.CLOZE
    assert [part.kind for part in parts] == [PartKind.TEXT, PartKind.PICK]
    assert parts[0].options[0].value == "VDAI"
    assert [(o.text, o.fraction) for o in parts[1].options] == [("24", 0.0), ("72", 1.0)]


def test_order_and_pairs_are_ours() -> None:
    body = (
        '<orderInteraction responseIdentifier="RESPONSE" shuffle="true">'
        + choices(B="antras", A="pirmas")
        + "</orderInteraction>"
    )
    order = one(item(body, declared("identifier", "A|B", cardinality="ordered")))
    assert [o.text for o in order.texts["lt"].options] == ["pirmas", "antras"]
    sets = "".join(
        "<simpleMatchSet>" + choices("simpleAssociableChoice", **names) + "</simpleMatchSet>"
        for names in ({"L1": "kairė", "L2": "dešinė"}, {"R1": "viena", "R2": "kita", "R3": "niekur"})
    )
    body = f'<matchInteraction responseIdentifier="RESPONSE" shuffle="true">{sets}</matchInteraction>'
    match = one(item(body, declared("directedPair", "L1 R2|L2 R1", cardinality="multiple")))
    rights = {o.id: o.text for o in match.texts["lt"].options}
    assert [(p.text, rights[p.key]) for p in match.texts["lt"].parts] == [("kairė", "kita"), ("dešinė", "viena")]
    assert "niekur" in rights.values()


def test_feedback_rubrics_and_formulas_are_kept() -> None:
    modal = (
        '<modalFeedback outcomeIdentifier="FEEDBACK" identifier="A" showHide="show">Puiku.</modalFeedback>'
        '<modalFeedback outcomeIdentifier="FEEDBACK" identifier="A" showHide="hide">Ne, A.</modalFeedback>'
        '<modalFeedback outcomeIdentifier="OTHER" identifier="kita" showHide="show"><p>Paaiškinimas.</p></modalFeedback>'
    )
    formula = '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mi>x</mi><annotation encoding="application/x-tex">x^2</annotation></semantics></math>'
    body = (
        f'<p>Kiek yra {formula}?</p><choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1">'
        + choices(A='a<feedbackInline outcomeIdentifier="FEEDBACK" identifier="A" showHide="show">Prie atsakymo.</feedbackInline>', B="b")
        + "</choiceInteraction><rubricBlock view='scorer'><p>Vertinkite.</p></rubricBlock><rubricBlock view='candidate'><p>Skaitykite.</p></rubricBlock>"
    )  # fmt: skip
    words = one(item(body, declared("identifier", "A"), more=modal)).texts["lt"]
    assert words.options[0].feedback == "Prie atsakymo."
    assert (words.incorrect, words.explanation) == ("Ne, A.", "Paaiškinimas.")
    assert "Kiek yra $x^2$?" in words.stem and "Skaitykite." in words.stem
    assert words.rubric == "Vertinkite."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (item('<sliderInteraction responseIdentifier="RESPONSE"/>', declared("integer", "3")),
         'there is no question of type "slider-interaction" here'),
        (item('<choiceInteraction responseIdentifier="NERA">' + choices(A="a", B="b") + "</choiceInteraction>", declared("identifier", "A")),
         'the answer "NERA" is not declared'),
        (item('<choiceInteraction responseIdentifier="RESPONSE">' + choices(A="a", B="b") + "</choiceInteraction>", declared("identifier")),
         "nothing says which answer is right"),
        (item('<orderInteraction responseIdentifier="RESPONSE">' + choices(A="a", B="b") + "</orderInteraction>", declared("identifier", "A", cardinality="ordered")),
         "nothing says which order is right"),
        (item(FIELD, declared("float", "apie 3")), "not a number: apie 3"),
        (item('<extendedTextInteraction responseIdentifier="RESPONSE"/><uploadInteraction responseIdentifier="RESPONSE"/>', declared("string")),
         "it asks several things at once (extended-text-interaction, upload-interaction): make a question of each"),
    ],
    ids=["slider", "undeclared", "no key", "no order", "no number", "several"],
)  # fmt: skip
def test_what_cannot_be_asked_is_named_with_its_line(text: str, expected: str) -> None:
    assert (expected, "item.xml: Pavadinimas") in {(message, name) for _outcome, name, message in refusal(text)}


def test_a_test_with_a_selection_is_a_quiz_with_a_pool() -> None:
    def plain(name: str) -> str:
        body = (
            f'<p>{name}?</p><choiceInteraction responseIdentifier="RESPONSE">'
            + choices(A="a", B="b")
            + "</choiceInteraction>"
        )
        return item(body, declared("identifier", "A"), title=name, name=name)

    test = (
        '<assessmentTest identifier="T" title="Testas" xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"><timeLimits maxTime="600"/>'
        '<testPart identifier="p" navigationMode="linear" submissionMode="individual"><itemSessionControl maxAttempts="2"/>'
        '<assessmentSection identifier="s" title="Dalis" visible="true"><rubricBlock view="candidate"><p>Įžanga</p></rubricBlock>'
        '<assessmentItemRef identifier="a" href="items/a.xml"/>'
        '<assessmentSection identifier="grupe" title="Grupė" visible="true"><selection select="1"/>'
        '<assessmentItemRef identifier="b" href="items/b.xml"/><assessmentItemRef identifier="c" href="items/c.xml"/></assessmentSection>'
        '<assessmentItemRef identifier="x" href="items/nera.xml"/></assessmentSection></testPart></assessmentTest>'
    )  # fmt: skip
    names = {"a": "Pirmas", "b": "Antras", "c": "Trecias", "d": "Ketvirtas"}
    resources = '<resource identifier="t" type="imsqti_test_xmlv2p1" href="test.xml"/>' + "".join(
        f'<resource identifier="{key}" type="imsqti_item_xmlv2p1" href="items/{key}.xml"/>' for key in names
    )
    found: Conversion = read(
        {"imsmanifest.xml": f"<manifest><resources>{resources}</resources></manifest>", "test.xml": test}
        | {f"items/{key}.xml": plain(name) for key, name in names.items()}
    )
    course = course_in(found)
    first, others = course.pages()
    [quiz] = [b for b in first.texts["lt"].blocks if isinstance(b, Quiz)]
    assert (quiz.seconds, quiz.attempts, quiz.intros) == (600, 2, {"lt": "Įžanga"})
    alone, pool = quiz.items
    assert isinstance(alone, Question) and alone.id == "pirmas"
    assert isinstance(pool, Pool) and (pool.draw, [q.id for q in pool.questions]) == (1, ["antras", "trecias"])
    [rest] = [b for b in others.texts["lt"].blocks if isinstance(b, Quiz)]
    assert [one_.id for one_ in rest.items] == ["ketvirtas"]
    assert ("left-out", "Testas", "what items/nera.xml points to, since it is not in the package") in said(found)


def test_pictures_are_found_from_where_the_item_stands() -> None:
    body = '<p><object type="image/png" data="../img/a%20b.png">Schema</object><img src="../img/a b.png" alt="Ta pati"/></p>'
    body += '<choiceInteraction responseIdentifier="RESPONSE">' + choices(A="a", B="b") + "</choiceInteraction>"
    found = read({
        "imsmanifest.xml": '<manifest><resources><resource identifier="a" type="imsqti_item_xmlv2p1" href="items/a.xml"/></resources></manifest>',
        "items/a.xml": item(body, declared("identifier", "A")), "img/a b.png": PNG,
    })  # fmt: skip
    course = course_in(found)
    assert [one_.path for one_ in course.media] == ["media/a-b.png"]
    text = b"".join(data for path, data in found.files.items() if path.endswith(".md")).decode()
    assert "![Schema](media/a-b.png)" in text and "![Ta pati](media/a-b.png)" in text
