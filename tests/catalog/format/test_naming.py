"""Ids are written where they are missing, and nothing else is touched."""

from __future__ import annotations

from app.catalog.format.naming import with_ids
from tests.catalog.format.writing import QUIZ, codes, reading


def test_a_missing_id_is_made_of_the_heading_and_everything_else_stays():
    path = "01-pradzia/90-testas.md"
    without = QUIZ.replace("<!-- question id=kiek ", "<!-- question ").replace(
        "<!-- quiz id=pasitikrinimas ", "<!-- quiz "
    )
    changed = with_ids(reading({path: without}))
    expected = QUIZ.replace("id=kiek", "id=kiek-zodziu-turi-geras-sakinys").replace(
        "id=pasitikrinimas", "id=pasitikrinkite"
    )
    assert changed == {path: expected}
    assert codes(reading({path: changed[path]})) == []


def test_a_new_id_takes_none_that_is_used():
    path = "01-pradzia/90-testas.md"
    without = QUIZ.replace("### Kiek žodžių turi geras sakinys?", "### Ilgas").replace(
        "<!-- question id=kiek ", "<!-- question "
    )
    assert "<!-- question id=ilgas-2 type=numeric" in with_ids(reading({path: without}))[path]


def test_a_course_with_all_its_ids_is_left_alone():
    assert with_ids(reading()) == {}


def test_line_ends_stay_as_they_are():
    path = "01-pradzia/90-testas.md"
    without = QUIZ.replace("<!-- question id=kiek ", "<!-- question ").replace("\n", "\r\n")
    changed = with_ids(reading({path: without}))[path]
    assert changed == without.replace("<!-- question type", "<!-- question id=kiek-zodziu-turi-geras-sakinys type")


def test_a_gap_is_given_the_id_it_has_by_its_number():
    path = "01-pradzia/90-testas.md"
    cloze = "\n### Tarpai\n<!-- question id=tarpai type=cloze -->\n\nRašome [[trumpai]]<!-- id=kaip -->, `[[ne]]` [[aiškiai]] ir [[laiku]].\n"
    changed = with_ids(reading({path: (QUIZ + cloze).replace("\n", "\r\n")}))
    named = cloze.replace("[[aiškiai]]", "[[aiškiai]]<!-- id=g2 -->").replace("[[laiku]]", "[[laiku]]<!-- id=g3 -->")
    assert changed == {path: (QUIZ + named).replace("\n", "\r\n")}
    assert with_ids(reading(dict(changed))) == {}
