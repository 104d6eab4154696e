"""Jolanta marks what waits for her, finds a wrong key, corrects it, and those concerned are told."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from app.accounts.models import Notice, Person
from app.accounts.rules import NoticeKind
from app.kit.database import reading, writing
from app.kit.mail import Mail
from tests.architecture.world import sign_in
from tests.journeys.conftest import Town
from tests.journeys.visit import Visit

COURSE = "/teaching/courses/pranesimas-apie-pazeidima"


def test_an_essay_is_marked_with_its_rubric(visit: Callable[..., Visit], town: Town) -> None:
    jolanta = visit().become("jolanta").open("/teaching/marking")
    assert jolanta.heading == "3 answers wait for you"
    assert jolanta.sees("waits 6 days")
    paper = jolanta.press("Mark")
    assert "1 taškas: aišku, kas įvyko ir kada" in paper.text("aside, .split")
    paper.fill("points", "9").press("Mark the answer")
    assert paper.sees("Give between 0 and 5 points.")
    paper.fill("points", "2").fill("comment", "Nepasakyta, kas įvyko ir į ką kreiptis.").press("Mark the answer")
    assert paper.heading == "2 answers wait for you"
    town.do_waiting_work()
    with writing(town.sessions) as db:
        notice = db.scalars(select(Notice).where(Notice.kind == NoticeKind.MARKED).order_by(Notice.id.desc())).first()
        assert notice is not None
        person = db.get(Person, notice.person_id)
        assert person is not None
        person.lang = "en"
        cookie = sign_in(db, person)
    learner = visit(width=390)
    learner.page.context.add_cookies([{"name": "klasteris", "value": cookie, "url": town.url}])
    learner.open("/notices").follow_to("/attempts/")
    assert "Nepasakyta, kas įvyko ir į ką kreiptis." in learner.text("main")
    learner.unfold("How it was marked")
    assert "1 taškas: aišku, kas įvyko ir kada" in learner.text("main")


def test_a_wrong_key_is_found_corrected_and_those_concerned_are_told(visit: Callable[..., Visit], town: Town) -> None:
    jolanta = visit().become("jolanta").open(COURSE).follow_to("/quizzes/pazeidimo-testas")
    assert jolanta.heading == "1 question is likely wrong"
    jolanta.follow_to("/questions/kada-zmogui")
    assert "chose B, strong learners too" in jolanta.heading
    jolanta.unfold("More numbers")
    assert jolanta.sees("Rasch difficulty (logits)")
    jolanta.press("Correct the key").tick("input[name=how][value=key]").tick("input[name=right][value=kai-didelis]")
    jolanta.press("See who changes")
    assert jolanta.heading == "Who would be marked otherwise" and jolanta.sees("Passes by it")
    jolanta.press("Correct the question")
    assert jolanta.sees("Write why, in a sentence: those whose marks change read it.")
    jolanta.fill("reason", "Teisingas B: BDAR 34 str. 1 d.").press("Correct the question")
    assert jolanta.sees("their learners get a notice") and jolanta.sees("The key is now: %(options)s", options="B")
    town.do_waiting_work()
    with reading(town.sessions) as db:
        told = db.scalars(select(Notice).where(Notice.kind == NoticeKind.REMARKED)).all()
        assert len(told) > 20 and all(one.data["question"] == "Teisingas B: BDAR 34 str. 1 d." for one in told)
        letters = db.scalars(select(Mail.text).where(Mail.text.contains("Teisingas B"))).all()
        assert len(letters) > 15
    jolanta.open(f"{COURSE}/quizzes/pazeidimo-testas")
    assert jolanta.heading == "No question looks wrong"
