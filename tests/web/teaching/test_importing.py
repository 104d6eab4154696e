"""Questions of a file into a draft: into a bank or a quiz, with their pictures, and never twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from app.accounts.models import Person
from app.catalog import queries
from app.catalog.drafting import importing
from app.catalog.models import Draft
from app.kit import worker
from app.kit.actor import Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.organisations.models import Organisation
from tests.browser import Browser, Page
from tests.factories import a_course, a_person, an_organisation, course_files
from tests.journeys.test_exchange import QUIZ as MOODLE

GIFT = "".join(
    f"::Kur kreiptis {n}?:: Kur kreiptis {n}? {{ =Į skyrių {n} ~Į skyrių {n + 20} ~Niekur }}\n\n" for n in range(1, 11)
).encode()


@pytest.fixture(autouse=True)
def here() -> Iterator[None]:
    with worker.in_process():
        yield


@pytest.fixture
def school(sessions: Sessions) -> Organisation:
    with writing(sessions) as db:
        return an_organisation(db, "School", code="school")


@pytest.fixture
def page(browser: Browser, sessions: Sessions, blobs: Blobs, school: Organisation) -> Page:
    """The questions of a draft: two in a test."""
    with writing(sessions) as db:
        a_course(db, blobs, owner=school, files=course_files(owner="school"))
        person: Person = a_person(db, school, roles=[Role.TRAINER], lang="en")
    me = browser.as_(person)
    draft = me.open("/teaching/courses/first-course").press("Edit in the studio")
    return me.open(f"{draft.url.split('?')[0]}/questions")


def texts(sessions: Sessions) -> dict[str, str]:
    with reading(sessions) as db:
        draft = db.query(Draft.id).one()
        return {one.path: one.text for one in queries.draft_texts(db, draft.id)}


def test_ten_questions_come_into_a_new_bank_and_then_into_a_quiz_once(page: Page, sessions: Sessions) -> None:
    into_bank = page.press("Import", file=("klausimai.gift", GIFT), into="new", bank_name="Front desk")
    assert into_bank.sees("10 questions are set in.") and into_bank.sees("All 12 questions of the course")
    bank = texts(sessions)["banks/front-desk.md"]
    assert bank.count("<!-- question id=") == 10 and 'title: "Front desk"' in bank
    # The same file into the test: copies under ids of their own, behind those that stand there.
    quiz = "test@01-start/90-test.md"
    again = into_bank.press("Import", file=("klausimai.gift", GIFT), into=quiz)
    assert again.sees("10 questions are set in.") and again.sees("All 22 questions of the course")
    test = texts(sessions)["01-start/90-test.md"]
    assert test.index("Question 2") < test.index("Kur kreiptis 1?")
    ids = re.findall(r"question id=([\w-]+)", test + bank)
    assert len(set(ids)) == len(ids) == 22
    # Sent once more it changes nothing, and one that is new comes alone.
    twice = again.press("Import", file=("klausimai.gift", GIFT), into=quiz)
    assert twice.sees("0 questions are set in.") and twice.sees("10 stand there already.")
    assert texts(sessions)["01-start/90-test.md"] == test
    more = GIFT + b"::Kada?:: Kada? {=Rytoj ~Vakar}\n"
    assert twice.press("Import", file=("more.gift", more), into=quiz).sees("1 question is set in.")
    # They can be answered: the whole draft has no errors.
    checks = page.browser.open(page.url.replace("/questions", "/checks"))
    wrong = [
        " ".join("".join(one.itertext()).split()) for one in checks.all("li") if one.get("data-state") == "overdue"
    ]
    assert wrong == []


def test_what_is_lost_is_told_and_pictures_come_along(page: Page, sessions: Sessions) -> None:
    told = page.press("Import", file=("duomenys.xml", MOODLE.encode()), into="test@01-start/90-test.md")
    assert told.status == 200 and told.sees("1 question is set in.")
    assert told.sees("What became of the file") and told.sees("Kiek valandų liko?")
    assert "](media/laikrodis.png)" in texts(sessions)["01-start/90-test.md"]
    assert page.browser.open(page.url.replace("/questions", "/media")).sees("What does this picture show?")


def test_what_cannot_be_read_is_refused_at_its_field_and_changes_nothing(page: Page, sessions: Sessions) -> None:
    before = texts(sessions)
    for sent, into, said in (
        (("foto.png", b"png"), "new", "foto.png is of no kind that we read"),
        (("tuscia.gift", b""), "new", "Choose a file."),
        (("be.md", b"# Nothing asked\n"), "new", "There is no question in this file that we can read."),
        (("klausimai.gift", GIFT), "somewhere", "Choose one of the options."),
        (("daug.gift", GIFT.replace(b":: Kur", b":: " + b"Labai ilgas klausimas. " * 1300 + b"Kur")), "test@01-start/90-test.md", "These are too many questions for one place."),
    ):  # fmt: skip
        refused = page.press("Import", file=sent, into=into, bank_name="Kept")
        assert refused.status == 422 and refused.sees(said), said
        assert dict(refused.form("Import").values)["bank_name"] == "Kept"
    assert texts(sessions) == before


def test_a_question_read_from_a_file_is_known_again_when_it_has_been_written() -> None:
    """Every kind of question: what is written, read and written again is the same text."""
    first = """---
kind: bank
id: a-bank
title: A bank
---

## Which?
<!-- question id=which outcomes=know tags=law -->

![A door](media/door.png)

- [x] The door <!-- id=door -->
  > Yes.
- [50%] The hatch

> [!HINT]
> Look around.

## How many?
<!-- question id=many type=numeric -->

- [x] `3 ± 1`

## Pair them
<!-- question id=pairs type=match -->

| A | B |
|---|---|
| one | first |
| two | second |

## In order
<!-- question id=order type=order -->

1. First
2. Second

## Write
<!-- question id=essay type=essay -->

> [!RUBRIC]
> Clear words.
"""
    forms = importing.forms_in(first, "en")
    assert [form.id for form in forms] == ["which", "many", "pairs", "order", "essay"]
    bank = "---\nkind: bank\nid: other\ntitle: Other\n---\n\n"
    moved = {"media/door.png": "media/door-2.png"}
    once, count = importing.set_in(bank, "", forms, lang="en", taken={"which"}, moved=moved)
    assert count == 5 and "id=which-2" in once and "(media/door-2.png)" in once and "tags=law" in once
    assert importing.set_in(once, "", forms, lang="en", taken=set(), moved=moved) == (once, 0)
    back = importing.forms_in(once, "en")
    assert [form.rows for form in back] == [form.rows for form in forms]
