"""Self-checks of every type on a reading page: feedback at once, and nothing is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.assessment.models import Answer, Attempt
from app.kit.database import reading
from tests.browser import Form, Page
from tests.web.classroom.conftest import RIGHT, SLUG, Class
from tests.web.classroom.test_every_type import ESSAY

URL = f"/courses/{SLUG}/pages/testas"


def form_of(page: Page, question: str) -> Form:
    [form] = [form for form in page.forms() if form.element.get("id") == f"question-{question}"]
    return form


def send(page: Page, question: str, button: str = "Check", **values: object) -> Page:
    form = form_of(page, question)
    for name, value in values.items():
        form.values = [(n, v) for n, v in form.values if n != name]
        form.values += [(name, str(one)) for one in (value if isinstance(value, list) else [value])]
    return form.press(button)


def said(page: Page, question: str) -> str:
    found = [e for e in form_of(page, question).element.iter() if e.get("role") == "status" and e.get("class")]
    return " ".join("".join(e.itertext()) for e in found if "callout" in (e.get("class") or ""))


@pytest.mark.parametrize("question", ["terminas", "pazeidimas", "valandos", "kas", "vaidmenys", "zingsniai"])
def test_a_right_answer_is_called_right_at_once(a_class: Callable[..., Class], question: str) -> None:
    one = a_class(alone=True)
    page = one.learner.open(URL)
    assert "Right." not in said(page, question)
    assert "Right." in said(send(page, question, **RIGHT[question]), question)


def test_a_sentence_tells_which_gap_is_right(a_class: Callable[..., Class]) -> None:
    one = a_class(alone=True)
    answered = send(one.learner.open(URL), "taisykle", **{"part-kam": "authority", "part-kiek": "71"})
    assert "Partly right." in said(answered, "taisykle")
    marks = [e.get("aria-label") for e in form_of(answered, "taisykle").element.iter() if e.tag.endswith("svg")]
    assert sorted(mark for mark in marks if mark) == ["Not right", "Not right", "Right"]
    assert ("part-kam", "authority") in form_of(answered, "taisykle").values


def test_a_thing_can_be_moved_without_being_marked(a_class: Callable[..., Class]) -> None:
    one = a_class(alone=True)
    page = one.learner.open(URL)
    first, *rest = [value for name, value in form_of(page, "zingsniai").values if name == "order"]
    button = next(label for label, e in form_of(page, "zingsniai").buttons() if e.get("value") == f"down-{first}")
    moved = form_of(page, "zingsniai").press(button)
    assert said(moved, "zingsniai") == ""
    after = [value for name, value in form_of(moved, "zingsniai").values if name == "order"]
    assert after == [rest[0], first, *rest[1:]]


def test_what_no_rule_marks_is_compared_with_a_model_answer(a_class: Callable[..., Class]) -> None:
    one = a_class(alone=True)
    one.learner.speaking("lt")
    page = one.learner.open(URL)
    assert "atjunkite tinklą" not in page.html
    form = form_of(page, "veiksmai").fill(answer=ESSAY)
    answered = form.press(form.buttons()[-1][0])
    assert "atjunkite tinklą" in said(answered, "veiksmai")
    assert "2 taškai" not in answered.html  # how it is marked is for those who mark


def test_hints_stand_one_inside_the_other(a_class: Callable[..., Class]) -> None:
    one = a_class(alone=True)
    one.learner.speaking("lt")
    [details] = [e for e in form_of(one.learner.open(URL), "terminas").element.iter() if e.tag == "details"]
    assert details.get("open") is None
    assert "Skaičiuojama valandomis." in "".join(details.itertext())


def test_nothing_of_it_is_kept(a_class: Callable[..., Class]) -> None:
    one = a_class(alone=True)
    page = one.learner.open(URL)
    send(page, "terminas", answer="h72")
    send(page, "naudingas", answer="s2")
    send(page, "forma", "I have done it")
    send(page, "kas", answer="x" * 5000)
    with reading(one.app.state.sessions) as db:
        assert db.scalar(select(func.count()).select_from(Attempt)) == 0
        assert db.scalar(select(func.count()).select_from(Answer)) == 0
