"""What a question is once it has been read: its type, marks, words, ids and revision."""

from __future__ import annotations

import math

import pytest

from app.catalog.format.answers import option_id
from app.catalog.format.model import Draw, Pool, Prose, Quiz, QuizMode
from app.catalog.format.numbers import interval
from tests.catalog.format.writing import (
    codes,
    course_of,
    first_page,
    only_question,
    only_quiz,
    question,
    reading,
    single,
)


def test_one_right_answer_makes_a_single_choice_and_more_make_a_multiple_one():
    one = only_question(question("- [x] Taip\n- [ ] Ne\n"))
    assert (one.type, [o.fraction for o in one.texts["lt"].options]) == ("single", [1.0, 0.0])
    more = only_question(question("- [x] Taip\n- [x] Irgi\n- [-50 %] Ne\n- [33.33333%] Beveik\n"))
    assert (more.type, [o.fraction for o in more.texts["lt"].options]) == ("multiple", [0.5, 0.5, -0.5, 0.3333333])


def test_percentages_alone_make_a_multiple_choice_when_they_reach_the_whole():
    assert codes(question("- [50%] Viena\n- [50%] Kita\n- [ ] Ne\n", "type=multiple")) == []
    assert codes(question("- [50%] Viena\n- [ ] Ne\n", "type=multiple")) == ["E141"]


def test_an_option_is_known_by_its_words_until_it_is_given_an_id():
    one = only_question(question("- [x] Taip <!-- id=taip -->\n- [ ] Ne,   niekada\n"))
    assert [o.id for o in one.texts["lt"].options] == ["taip", option_id("Ne, niekada")]
    assert option_id("≥ 72") != option_id("≤ 72")
    assert option_id("e\u0307") == option_id("\u0117")


def test_a_comment_that_is_escaped_or_shown_as_code_is_text():
    one = only_question(question("- [x] Taip \\<!-- id=x -->\n- [ ] Ne `<!-- id=y -->` <!-- id=ne -->\n"))
    first, second = one.texts["lt"].options
    assert (first.text, first.id) == ("Taip \\<!-- id=x -->", option_id(first.text))
    assert (second.text, second.id) == ("Ne `<!-- id=y -->`", "ne")
    [prose] = first_page(single("Rašykite \\<!-- quiz --> po <!-- pastaba --> antrašte.\n")).texts["lt"].blocks
    assert prose.markdown == "Rašykite \\<!-- quiz --> po antrašte."


def test_an_answer_may_run_over_lines_and_carry_feedback():
    one = only_question(question("- [x] Taip, bet\n  ne visada\n  > Nes *kartais*\n  > ne.\n- [ ] Ne\n"))
    option = one.texts["lt"].options[0]
    assert (option.text, option.feedback) == ("Taip, bet ne visada", "Nes *kartais*\nne.")


def test_the_title_asks_when_there_is_no_stem_and_the_stem_ends_where_the_answers_begin():
    assert only_question(question("- [x] Taip\n- [ ] Ne\n")).texts["lt"].stem == ""
    text = only_question(question("Skaitykite.\n\n- vienas\n- du\n\nKuris?\n\n- [x] Taip\n- [ ] Ne\n")).texts["lt"]
    assert (text.title, text.stem) == ("Klausimas", "Skaitykite.\n\n- vienas\n- du\n\nKuris?")


def test_callouts_behind_the_answers_belong_to_the_question():
    body = "- [x] Taip\n- [ ] Ne\n\n> [!HINT]\n> Viena.\n\n> [!HINT]\n> Dvi.\n\n> [!correct]\n> Gerai.\n\n> [!EXPLANATION] Nes.\n"
    text = only_question(question(body)).texts["lt"]
    assert (text.hints, text.correct, text.explanation) == (("Viena.", "Dvi."), "Gerai.", "Nes.")


def test_deeper_headings_and_notes_belong_to_the_stem():
    text = only_question(question("### Byla\n\n> [!NOTE]\n> Tikra byla.\n\n- [x] Taip\n- [ ] Ne\n")).texts["lt"]
    assert text.stem.startswith("### Byla") and "[!NOTE]" in text.stem


def test_a_link_defined_at_the_end_of_the_page_reaches_the_question_that_uses_it():
    read = single(
        "## K\n<!-- question id=k -->\n\nŽr. [BDAR].\n\n- [x] Taip\n- [ ] Ne\n\n## Toliau\n\nTekstas.\n\n[bdar]: https://example.lt/bdar\n"
    )
    assert only_question(read).texts["lt"].stem == "Žr. [BDAR].\n\n[bdar]: https://example.lt/bdar"


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("72", 72, 72),
        ("3.14 ± 0.01", 3.13, 3.15),
        ("3.14 +- 0.01", 3.13, 3.15),
        ("100 ± 2%", 98, 102),
        ("-100 ± 2%", -102, -98),
        ("70..74", 70, 74),
        ("-5 .. -2", -5, -2),
        ("1e3", 1000, 1000),
    ],
)
def test_numbers_are_intervals(written: str, low: float, high: float):
    assert interval(written) == (low, high)
    option = only_question(question(f"- [x] `{written}`\n", "type=numeric unit=val.")).texts["lt"].options[0]
    assert (option.low, option.high) == (low, high)


@pytest.mark.parametrize("written", ["", "7..2", "3,14", "a", "1 ± ", "1..2..3", "NaN", "inf", "1e999", "١"])
def test_what_is_no_number_is_no_interval(written: str):
    found = interval(written)
    assert found is None or all(math.isfinite(end) for end in found)


def test_text_answers_are_literal():
    one = only_question(question("- [x] `a*b_c*`\n- [50%] `` a`b ``\n", "type=text case=exact match=wildcard"))
    assert [o.value for o in one.texts["lt"].options] == ["a*b_c*", "a`b"]
    assert (one.case, one.match) == ("exact", "wildcard")


def test_a_revision_changes_with_what_a_score_depends_on_and_with_nothing_else():
    def rev(answers: str, attributes: str = "") -> str:
        return only_question(question(answers, attributes)).texts["lt"].rev

    base = rev("- [x] Taip\n- [ ] Ne\n")
    assert len(base) == 12
    assert rev("- [x] Taip\n  > Nes.\n- [ ] Ne\n\n> [!HINT]\n> Taip.\n", "see=mazas") == base
    changed = [
        rev("- [ ] Taip\n- [x] Ne\n"),
        rev("- [x] Taip!\n- [ ] Ne\n"),
        rev("- [x] Taip <!-- id=t -->\n- [ ] Ne\n"),
        rev("- [x] Taip\n- [ ] Ne\n", "points=2"),
        rev("- [x] Taip\n- [ ] Ne\n", "scoring=partial"),
        rev("Įžanga.\n\n- [x] Taip\n- [ ] Ne\n"),
    ]
    assert len({base, *changed}) == len(changed) + 1


SHOWN = ("correctness", "marks", "feedback", "answer")
OWN = SHOWN[:3]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", (QuizMode.CHECK, 80.0, 0, "none", "after-quiz", SHOWN, True)),
        ("mode=practice", (QuizMode.PRACTICE, 80.0, 0, "none", "after-each", SHOWN, False)),
        ("mode=exam", (QuizMode.EXAM, 80.0, 3, "all", "after-quiz", OWN, True)),
        ("mode=exam pass=66.6 attempts=0 shuffle=none", (QuizMode.EXAM, 66.6, 0, "none", "after-quiz", OWN, True)),
    ],
)
def test_a_mode_presets_what_single_keys_change(written: str, expected: tuple[object, ...]):
    quiz = only_quiz(
        single(
            f"## T\n<!-- quiz id=t {written} -->\n\nĮžanga.\n\n### K\n<!-- question id=k -->\n\n- [x] Taip\n- [ ] Ne\n"
        )
    )
    assert (
        quiz.mode,
        quiz.pass_percent,
        quiz.attempts,
        quiz.shuffle,
        quiz.feedback,
        quiz.show["after"],
        quiz.counts,
    ) == expected
    assert (quiz.titles, quiz.intros) == ({"lt": "T"}, {"lt": "Įžanga."})


def test_time_is_given_as_a_duration():
    quiz = only_quiz(
        single("## T\n<!-- quiz id=t time=PT1H30M -->\n\n### K\n<!-- question id=k -->\n\n- [x] Taip\n- [ ] Ne\n")
    )
    assert quiz.seconds == 5400


POOL = """## T
<!-- quiz id=t -->

### Grupė
<!-- pool id=p draw=1 points=2 -->

#### Pirmas
<!-- question id=pirmas -->

- [x] Taip
- [ ] Ne

#### Antras
<!-- question id=antras -->

- [x] Taip
- [ ] Ne
"""


def test_the_questions_of_a_pool_are_all_worth_the_same():
    [pool] = only_quiz(single(POOL)).items
    assert isinstance(pool, Pool) and pool.points == 2.0 and [q.points for q in pool.questions] == [2.0, 2.0]
    assert codes(single(POOL.replace("id=antras", "id=antras points=3"))) == ["E161"]
    assert codes(single(POOL.replace("draw=1", "draw=3"))) == ["E163"]


BANK = """---
kind: bank
id: bankas
title: Bankas
tags: [visi]
---

# Bankas

## Grupė

### Vienas
<!-- question id=vienas points=2 tags=a -->

- [x] Taip
- [ ] Ne

## Du
<!-- question id=du points=2 -->

- [x] Taip
- [ ] Ne
"""
DRAW = """---
kind: page
id: egzaminas
title: Egzaminas
---

## Egzaminas
<!-- quiz id=galutinis mode=exam -->

### Iš banko
<!-- draw id=is-banko bank=bankas count=2 tags=visi -->
"""


def test_a_quiz_draws_from_a_bank():
    read = reading({"banks/bankas.md": BANK, "01-pradzia/95-egzaminas.md": DRAW, "01-pradzia/90-testas.md": None})
    assert codes(read) == []
    assert only_quiz(read).items == (Draw("is-banko", "bankas", 2, ("visi",), points=2.0),)
    assert [q.tags for q in course_of(read).banks[0].questions] == [("a", "visi"), ("visi",)]


@pytest.mark.parametrize(
    ("code", "bank", "draw"),
    [
        ("E160", BANK, DRAW.replace("bank=bankas", "bank=banks")),
        ("E163", BANK, DRAW.replace("tags=visi", "tags=a")),
        ("E161", BANK.replace("id=du points=2", "id=du"), DRAW),
        ("E107", BANK, DRAW.replace("count=2 ", "")),
        ("E120", BANK + "\n## Be komentaro\n\n- [x] Taip\n", DRAW),
        ("E126", BANK + "\n## T\n<!-- quiz id=t -->\n", DRAW),
    ],
)
def test_what_can_be_wrong_with_a_bank_has_its_code(code: str, bank: str, draw: str):
    assert code in codes(reading({"banks/bankas.md": bank, "01-pradzia/95-egzaminas.md": draw}))


def test_a_retired_question_is_asked_no_more():
    read = question("- [x] Taip\n- [ ] Ne\n", "retired=yes")
    assert (codes(read), first_page(read).texts["lt"].blocks, course_of(read).retired) == ([], (), ("k",))


def test_a_page_is_prose_questions_and_quizzes_in_order_of_reading():
    read = single(
        f"# Mažas kursas\n\nPirma.\n\n## K\n<!-- question id=k -->\n\n- [x] Taip\n- [ ] Ne\n\n## Toliau\n\nAntra.\n\n{POOL}\n## Pabaiga\n\nTrečia.\n"
    )
    blocks = first_page(read).texts["lt"].blocks
    told = [b.markdown if isinstance(b, Prose) else b.id for b in blocks]
    assert told == ["Pirma.", "k", "## Toliau\n\nAntra.", "t", "## Pabaiga\n\nTrečia."]
    assert [b.line for b in blocks if not isinstance(b, Quiz)] == [9, 12, 17, 39]
    assert (codes(read), first_page(read).id, course_of(read).modules[0].id) == ([], "mazas", "mazas")
