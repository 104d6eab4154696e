"""Answers on paper, told through the pages: printed with letters that stay, entered once, marked as all others."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from sqlalchemy import select

from app.accounts.models import Person
from app.assessment.models import Answer, Attempt
from app.catalog import queries as catalog
from app.groups import actions, queries, rules
from app.groups.models import AnswerSheet
from app.kit import clock
from app.kit.actor import Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.learning.models import Evidence
from app.learning.rules import Kind
from app.organisations import queries as places
from tests import factories
from tests.browser import Browser, Page
from tests.catalog.format.every_type import FILES
from tests.web.classroom.conftest import QUIZ, SLUG

UPLOAD = re.compile(r"### [^\n]*\n<!-- question id=forma.*?(?=\n### |\Z)", re.DOTALL)
# What stands on Ona's sheet, by question: everything is right but one gap.
ON_PAPER = {
    "terminas": ["h72"],
    "pazeidimas": ["pavogtas", "laiskas"],
    "visiems": "false",
    "valandos": "72",
    "kas": "Duomenų apsaugos pareigūnas",
    "vaidmenys": {"valdytojas": "tikslai", "tvarkytojas": "nurodymai", "pagalbinis": "nurodymai"},
    "zingsniai": ("stop", "rizika", "pranesti", "aprasyti"),
    "taisykle": {"kam": "institucijai", "kiek": "72", "pavojus": ""},
    "veiksmai": "Pirmiausia atjungiu tinklą ir skambinu pareigūnui.",
    "naudingas": ["s3"],
}


def _meeting(db, blobs: Blobs, files: Mapping[str, str], slug: str = SLUG) -> tuple[str, Person, Person]:  # type: ignore[no-untyped-def]
    """An open session about a course, its leader, and Ona, who has neither e-mail nor phone and is noted."""
    town = factories.an_organisation(db, "Town", parent=factories.an_organisation(db))
    manager = factories.a_person(db, town, roles=[Role.MANAGER], lang="en", given_name="Aušra", family_name="Lead")
    ona = factories.a_person(db, town, lang="lt", given_name="Ona", family_name="Be", email=None)
    factories.a_course(db, blobs, slug, owner=town, files=dict(files))
    head, place = catalog.course_by_slug(db, slug), places.by_code(db, town.code)
    assert head is not None and place is not None
    actor = factories.actor_for(db, manager)
    group = actions.plan(db, actor, course=head, place=place, starts_at=clock.now())
    actions.open_session(db, actor, group=group)
    cards = queries.may_be_expected(db, place.path, limit=9)
    actions.mark_present(db, actor, group=group, people=[one for one in cards if one.id == ona.id])
    return f"/groups/{group.key}", manager, ona


def _typed(db, sheet: AnswerSheet) -> dict[str, object]:  # type: ignore[no-untyped-def]
    """What the leader types from Ona's sheet: ids where letters are ticked, letters where an order was written."""
    out: dict[str, object] = {}
    for n, one in enumerate(sheet.questions, 1):
        said = ON_PAPER[one["question"]]
        if said == "false":
            said = [one["options"][-1]]
        if isinstance(said, tuple):
            said = " ".join(rules.letter(one["options"].index(option)) for option in said)
        if isinstance(said, dict):
            out |= {f"q{n}-{part}": value for part, value in said.items()}
        else:
            out[f"q{n}"] = said
    return out


def test_a_sheet_of_paper_becomes_an_attempt_like_any_other(browser: Browser, sessions: Sessions, blobs: Blobs) -> None:
    with writing(sessions) as db:
        url, manager, ona = _meeting(db, blobs, {path: UPLOAD.sub("", text) for path, text in FILES.items()})
    lead = browser.as_(manager)
    sheets = lead.open(url).follow("answer sheets")
    assert sheets.sees("No sheet is printed yet") and sheets.sees("Be, Ona")
    made = sheets.press("Make sheets for all without one")
    assert made.sees("1 sheet is ready to print.") and made.sees("1 printed, 0 entered")
    # Printing again prints the same: the letters on the table stay right.
    first = made.follow("Print view").html
    assert lead.post(sheets.url, {"action": "all"}).status == 422
    with reading(sessions) as db:
        sheet = db.scalars(select(AnswerSheet)).one()
        typed = _typed(db, sheet)
    printed = lead.open(f"{sheets.url}/print")
    assert "Ona Be" in printed.html and rules.code_shown(sheet.code) in printed.html
    assert _letters(printed) == _letters(Page(lead, printed.url, 200, first, {}))
    # Her language, not the leader's; the letters of the steps are those that the form takes.
    assert "Sudėkite žingsnius eilės tvarka" in printed.html
    steps = next(one for one in sheet.questions if one["question"] == "zingsniai")
    words = {"stop": "Sustabdyti", "rizika": "Įvertinti riziką", "pranesti": "Pranešti", "aprasyti": "Aprašyti"}
    for at, option in enumerate(steps["options"]):
        assert (rules.letter(at), words[option]) in _letters(printed)
    # Found by its code however it is typed; letters that are not those of the sheet come back at their field.
    form = lead.open(f"{url}/sheet?code={rules.code_shown(sheet.code).lower()}")
    place = next(n for n, one in enumerate(sheet.questions, 1) if one["question"] == "zingsniai")
    wrong = form.form("Enter and mark").fill(**{**typed, f"q{place}": "A A B"}).press("Enter and mark")
    assert wrong.status == 422 and wrong.sees("Write each letter of the sheet once, for example A B C D.")
    assert "Duomenų apsaugos pareigūnas" in wrong.html
    done = wrong.press("Enter and mark", **{f"q{place}": typed[f"q{place}"]})
    assert done.sees("The answers of Ona Be are entered and marked.") and done.sees("1 printed, 1 entered")
    with reading(sessions) as db:
        attempt = db.scalars(select(Attempt)).one()
        answers = {one.question: one for one in db.scalars(select(Answer))}
        assert (attempt.entered_by_id, attempt.lang, attempt.number) == (manager.id, "lt", 1)
        assert attempt.questions == sheet.questions
        full = {question for question, one in answers.items() if one.fraction == 1}
        assert full == {"terminas", "pazeidimas", "visiems", "valandos", "kas", "vaidmenys", "zingsniai"}
        assert answers["taisykle"].fraction == pytest.approx(2 / 3) and answers["veiksmai"].waiting
    # A second time nothing changes, and it is told; so is the code of no sheet.
    again = lead.open(f"{url}/sheet/{sheet.code}")
    assert again.sees("This sheet was entered") and "Enter and mark" not in again.text
    twice = lead.post(f"{url}/sheet/{sheet.code}", {"q1": "x"})
    assert twice.status == 409 and twice.sees("This sheet was entered before") and twice.sees("Aušra Lead")
    lost = lead.open(f"{url}/sheet?code=NO-SUCH")
    assert lost.status == 404
    with reading(sessions) as db:
        assert len(db.scalars(select(Attempt)).all()) == 1
    # Ona, who has an account after all, reads who has entered it.
    assert browser.as_(ona).open(f"/attempts/{attempt.key}").sees("Entered from a sheet of paper by Aušra Lead.")


def _letters(page: Page) -> list[tuple[str, str]]:
    """Each letter on a printed page with what stands beside it."""
    found = re.findall(r'class="letter">([A-Z]\d*)</span><div>(.*?)</div>', page.html, re.DOTALL)
    return [(letter, re.sub(r"<[^>]*>", "", text).strip()) for letter, text in found]


def test_a_sheet_passes_a_test_and_keeps_to_its_attempts(browser: Browser, sessions: Sessions, blobs: Blobs) -> None:
    files = factories.course_files("once", pages=1, questions=2)
    files = {path: text.replace("mode=check", "mode=check attempts=1 shuffle=all") for path, text in files.items()}
    with writing(sessions) as db:
        url, manager, ona = _meeting(db, blobs, files, "once")
    lead = browser.as_(manager)
    # Nobody enters their own sheet, not even whoever leads.
    lead.post(f"{url}/people", {"action": "add", "person": manager.email})
    lead.open(f"{url}/sheets/test").press("Make sheets for all without one")
    with reading(sessions) as db:
        codes = {row[0]: row[1] for row in db.execute(select(AnswerSheet.person_id, AnswerSheet.code))}
    own, hers = codes[manager.id], codes[ona.id]
    refused = lead.open(f"{url}/sheet/{own}").press("Enter and mark", q1="right", q2="right")
    assert refused.status == 409 and refused.sees("Nobody enters their own sheet.")
    lead.post(f"{url}/people", {"action": "away", "who": manager.key})
    lead.open(f"{url}/pages/page-1").press("Watched: next").press("Watched: finish")
    lead.open(f"{url}/sheet/{hers}").press("Enter and mark", q1="right", q2="right")
    with reading(sessions) as db:
        kinds = {one.kind: one for one in db.scalars(select(Evidence).where(Evidence.person_id == ona.id))}
        graded = kinds[Kind.QUIZ_GRADED]
        assert graded.actor_id == manager.id and graded.data["passed"]
        assert Kind.COURSE_COMPLETED in kinds
    with writing(sessions) as db:
        group = queries.group_by_key(db, url.rpartition("/")[2])
        assert group is not None
        said = actions.print_sheets(
            db, factories.actor_for(db, manager), group=group, quiz="test", people=queries.members(db, group.id)
        )
        assert (said.made, said.refused) == (0, ("Ona Be",))  # her one attempt is used
    assert lead.open(url).press("End the session").h1 == "2 people were here, and 1 of them have completed the course"
    assert lead.open(f"{url}/sheets/test").sees("Entered")
    over = lead.post(f"{url}/sheets/test", {"action": "some", "who": ona.key})
    assert over.status == 422 and over.sees("This session is over.")


def test_what_paper_cannot_hold_is_answered_on_a_screen(browser: Browser, sessions: Sessions, blobs: Blobs) -> None:
    with writing(sessions) as db:
        url, manager, _ona = _meeting(db, blobs, FILES)
    page = browser.as_(manager).open(url)
    assert page.sees("On a phone or a computer only. A question in it is answered with a file.")
    refused = browser.as_(manager).post(f"{url}/sheets/{QUIZ}", {"action": "all"})
    assert refused.status == 422 and refused.sees("This quiz is answered on a screen only.")


def test_the_stack_of_paper_is_worked_through_from_one_sheet_to_the_next(
    browser: Browser, sessions: Sessions, blobs: Blobs
) -> None:
    with writing(sessions) as db:
        town = factories.an_organisation(db, "Town", parent=factories.an_organisation(db))
        lead = factories.a_person(db, town, roles=[Role.MANAGER], lang="en", given_name="Aušra", family_name="Aa")
        people = [factories.a_person(db, town, lang="en", family_name=f"Bb{n}") for n in range(6)]
        factories.a_course(db, blobs, "fire", owner=town, pages=1, questions=2)
        head, place = catalog.course_by_slug(db, "fire"), places.by_code(db, town.code)
        assert head is not None and place is not None
        actor = factories.actor_for(db, lead)
        group = actions.plan(db, actor, course=head, place=place, starts_at=clock.now())
        actions.open_session(db, actor, group=group)
        cards = [one for one in queries.may_be_expected(db, place.path, limit=9) if one.id != lead.id]
        actions.expect(db, actor, group=group, people=cards)
        for person in people[:2]:  # these two have come in by themselves
            actions.join(db, factories.actor_for(db, person), group=group)
    url = f"/groups/{group.key}"
    led = browser.as_(lead)
    page = led.open(url)
    here = page.form("Everybody expected is here").press("Everybody expected is here")
    assert here.h1 == "6 of 6 people are here" and not here.sees("Everybody expected is here")
    made = led.open(f"{url}/sheets/test").press("Make sheets for those without a device")
    assert made.sees("4 printed, 0 entered") and not made.sees("Make sheets for those without a device")
    one, entered = made.follow("Enter"), []
    while one.sees("Enter, then the next sheet"):
        entered.append(one.h1)
        one = one.press("Enter, then the next sheet", q1="right", q2="right")
    last = one.press("Enter and mark", q1="right", q2="right")
    assert len(entered) == len(set(entered)) == 3 and last.sees("4 printed, 4 entered")
