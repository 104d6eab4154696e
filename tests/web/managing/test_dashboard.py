"""What managers and analysts see of their places."""

from __future__ import annotations

import io
import random
import re
from datetime import UTC, date, datetime

import openpyxl
import pytest
from sqlalchemy import event, insert, select

from app.accounts.models import Person
from app.kit import clock
from app.kit.actor import Role
from app.kit.audit import AuditRow
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.learning import actions as learning
from app.learning.models import CompletionCount
from app.learning.rules import RunState
from app.requirements import actions as requirements
from tests import factories
from tests.browser import Browser
from tests.requirements.places import Town, a_town, card, complete

DUE = date(2026, 3, 31)
SIZES, DONE = (20, 12, 8, 6), (15, 12, 2, 6)


@pytest.fixture(autouse=True)
def first_of_april():  # type: ignore[no-untyped-def]
    with clock.everywhere_at(datetime(2026, 4, 1, 6, tzinfo=UTC)):
        yield


@pytest.fixture
def town(sessions: Sessions, blobs: Blobs) -> Town:
    with writing(sessions) as db:
        with clock.at(datetime(2026, 2, 1, 8, tzinfo=UTC)):
            made = a_town(db, blobs, SIZES)
            made.people[-1].email = None
            place = card(db, made.place)
            requirements.require(db, made.manager, course_id=made.course_id, organisation=place, due_on=DUE)
        with clock.at(datetime(2026, 3, 10, 8, tzinfo=UTC)):
            for one, done in zip(made.institutions, DONE, strict=True):
                for person in made.staff[one.id][:done]:
                    complete(db, person, made.slug)
    return made


def _person(sessions: Sessions, person_id: int) -> Person:
    with reading(sessions) as db:
        return db.get_one(Person, person_id)


@pytest.fixture
def manager(browser: Browser, sessions: Sessions, town: Town) -> Browser:
    return browser.as_(_person(sessions, town.manager.id))


def _somebody(sessions: Sessions, town: Town, role: Role, at: int | None = None) -> Person:
    with writing(sessions) as db:
        place = town.institutions[at] if at is not None else town.place
        # Works elsewhere, so that no count of the town changes.
        return factories.a_person(db, factories.an_organisation(db), roles=[role], at=db.merge(place))


def _url(town: Town, at: int | None = None) -> str:
    return f"/managing/organisations/{town.institutions[at].code if at is not None else town.place.code}"


def test_the_answer_comes_first_with_denominators_and_a_moment(manager: Browser, town: Town) -> None:
    page = manager.open("/managing")
    assert page.h1 == "2 of 4 institutions need you"
    for said in ("11 people are overdue", "35 of 46", "76.1% of those who must", "11 of 46", "2026-04-01", "÷"):
        assert page.sees(said), said
    assert page.sees("6 of 8 overdue") and page.sees("5 of 20 overdue")


def test_rows_are_ordered_by_share_and_can_be_ordered_by_name(manager: Browser, town: Town) -> None:
    page = manager.open(_url(town))

    def places(page) -> list[str]:  # type: ignore[no-untyped-def]
        table = next(t for t in page.all("table") if "rank" in t.get("class", ""))
        return ["".join(th.itertext()) for th in table.findall(".//tbody/tr/th")]

    assert places(page)[0] == "Institution 03"
    assert places(manager.open(f"{_url(town)}?sort=name")) == [f"Institution 0{n}" for n in (1, 2, 3, 4)]
    assert places(manager.open(f"{_url(town)}?status=overdue")) == ["Institution 03", "Institution 01"]


def test_the_chart_stands_beside_the_same_numbers(manager: Browser, town: Town) -> None:
    page = manager.open(_url(town))
    chart = next(svg for svg in page.root.iter() if svg.get("role") == "img")
    assert "35 of 46" in "".join(chart.itertext())
    assert page.sees("Share completed at the end of the week")


def test_an_institution_lists_people_by_state(manager: Browser, town: Town) -> None:
    page = manager.open("/managing").follow("Institution 01")
    assert page.h1 == "5 of 20 are overdue with “GDPR”"
    assert page.sees("1 day overdue") and page.sees("5 people are behind.")
    done = page.follow("Completed")
    assert len(done.all("tbody/tr")) == 15 and done.sees("2026-03-10")


def test_one_person_shows_status_and_reasons_and_no_scores(manager: Browser, town: Town) -> None:
    late = town.staff[town.institutions[0].id][-1]
    page = manager.open(f"/managing/people/{late.key}")
    assert page.h1 == f"{late.given_name} {late.family_name}"
    assert page.sees("1 day overdue") and page.sees("Town, by 2026-03-31")
    assert not page.sees("Score") and not page.sees("Attempts")


def test_another_institution_is_not_there(browser: Browser, sessions: Sessions, town: Town) -> None:
    own = browser.as_(_somebody(sessions, town, Role.MANAGER, 1))
    assert own.open("/managing").url.endswith(town.institutions[1].code)
    stranger = town.staff[town.institutions[0].id][0]
    absent = own.open("/managing/organisations/no-such-place")
    for url in (_url(town, 0), _url(town), f"{_url(town, 0)}/remind", f"/managing/people/{stranger.key}"):
        page = own.open(url)
        assert page.status == 404, url
    hidden = own.open(_url(town, 0))
    # The same words, apart from the number under which the refusal is found in the log.
    assert hidden.text.split()[:-1] == absent.text.split()[:-1]
    for kind in ("csv", "xlsx"):
        assert own.post(f"{_url(town, 0)}/export.{kind}", {}).status == 404
    assert own.post(f"{_url(town, 0)}/remind", {}).status == 404


def test_an_analyst_sees_numbers_and_no_names_and_no_group_under_five(
    browser: Browser, sessions: Sessions, town: Town
) -> None:
    analyst = browser.as_(_somebody(sessions, town, Role.ANALYST))
    names = [person.family_name for person in town.people]
    for url in (_url(town), _url(town, 0), _url(town, 2)):
        page = analyst.open(url)
        assert page.status == 200
        assert not [name for name in names if re.search(rf"\b{name}\b", page.html)], url  # whoever looks has one, too
    page = analyst.open(_url(town))
    assert page.h1 == "2 of 4 institutions need you"
    assert page.sees("<5") and page.sees("You see numbers without names")
    rows = [[cell.text for cell in row.findall("td")] for row in page.all("tbody/tr")]
    assert "2" not in [text for row in rows for text in row]
    assert analyst.open(f"/managing/people/{town.people[0].key}").status == 403
    assert analyst.open(f"{_url(town)}/remind").status == 403
    assert analyst.open("/managing/assignments").status == 403


def test_a_filter_that_cannot_be_read_is_said_at_its_field(manager: Browser, town: Town) -> None:
    page = manager.open(f"{_url(town)}?from=31.03.2026&to=2026-02-30")
    assert page.status == 422 and page.sees("Write the date as year-month-day")
    narrowed = manager.open(f"{_url(town)}?to=2026-03-30")
    assert narrowed.sees("Nobody has been assigned") or narrowed.sees("Due by 2026-03-30")


def test_the_spreadsheet_holds_the_rows_of_the_page(manager: Browser, sessions: Sessions, town: Town) -> None:
    answer = manager.client.post(f"{_url(town)}/export.xlsx?sort=name", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 200 and "attachment" in answer.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    about, places = book.worksheets[:2]
    assert [cell.value for cell in about[1]] == ["Place", "Town"]
    rows = list(places.iter_rows(values_only=True))
    assert rows[1][:5] == ("Institution 01", 15, 20, 0.75, 5)
    assert rows[-1][:5] == ("All together", 35, 46, 35 / 46, 11)
    people = manager.client.post(
        f"{_url(town, 0)}/export.xlsx?status=completed", headers={"Sec-Fetch-Site": "same-origin"}
    )
    sheet = openpyxl.load_workbook(io.BytesIO(people.content)).worksheets[1]
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 16 and rows[1][7] == datetime(2026, 3, 31) and rows[1][8] == datetime(2026, 3, 10)
    with reading(sessions) as db:
        said = db.scalars(select(AuditRow).where(AuditRow.action == "figures.exported").order_by(AuditRow.id)).all()
        assert [(row.subject, row.data["rows"]) for row in said] == [
            (town.place.code, 5),
            (town.institutions[0].code, 15),
        ]


def test_csv_opens_in_lithuanian_excel_and_runs_nothing(manager: Browser, sessions: Sessions, town: Town) -> None:
    with writing(sessions) as db:
        sly = db.get_one(Person, town.staff[town.institutions[0].id][-1].id)
        sly.family_name = "=HYPERLINK(1)"
    answer = manager.client.post(f"{_url(town, 0)}/export.csv", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.content.startswith(b"\xef\xbb\xbf")
    text = answer.content.decode("utf-8-sig")
    assert "'=HYPERLINK(1);" in text and text.count("\r\n") == 6


def test_an_analysts_files_hide_what_the_page_hides(browser: Browser, sessions: Sessions, town: Town) -> None:
    analyst = browser.as_(_somebody(sessions, town, Role.ANALYST))
    answer = analyst.client.post(f"{_url(town)}/export.csv", headers={"Sec-Fetch-Site": "same-origin"})
    text = answer.content.decode("utf-8-sig")
    assert "<5" in text and "Institution 03;2;" not in text
    names = [person.family_name for person in town.people]
    assert not [name for name in names if name in text]


class Counter:
    """How many statements the database was sent."""

    def __init__(self, engine) -> None:  # type: ignore[no-untyped-def]
        self.said: list[str] = []
        event.listen(engine, "before_cursor_execute", self._hear)

    def _hear(self, _connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        if statement.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
            self.said.append(statement)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ANALYST])
def test_pages_cost_at_most_ten_statements(browser: Browser, sessions: Sessions, town: Town, engine, role) -> None:  # type: ignore[no-untyped-def]
    person = browser.as_(_somebody(sessions, town, role))
    for url in (_url(town), _url(town, 0)):
        person.open(url)
        counter = Counter(engine)
        person.open(url)
        assert len(counter.said) <= 10, counter.said


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ANALYST])
def test_a_country_with_fifty_courses_costs_no_more_than_a_town_with_one(
    browser: Browser,
    sessions: Sessions,
    blobs: Blobs,
    engine,
    role,  # type: ignore[no-untyped-def]
) -> None:
    rng = random.Random(7)
    with writing(sessions) as db:
        root = factories.an_organisation(db)
        courses = [factories.a_course(db, blobs, f"course-{n}", pages=1, questions=0).course_id for n in range(50)]
        rows = []
        for _ in range(60):
            place = factories.an_organisation(db, parent=root)
            for course in courses:
                for state, due in (
                    (RunState.COMPLETED, DUE),
                    (RunState.STARTED, DUE),
                    (RunState.ENROLLED, date(2026, 4, 9)),
                ):
                    rows.append(
                        {
                            "organisation_id": place.id, "course_id": course, "state": state, "required": True,
                            "due_on": due, "number": rng.choice([0, 1, 3, 8, 40]),
                        }
                    )  # fmt: skip
        db.execute(insert(CompletionCount), rows)
        learning.retotal(db)
        person = factories.a_person(db, root, roles=[role])
    somebody = browser.as_(person)
    somebody.open("/managing/organisations/" + root.code)
    counter = Counter(engine)
    page = somebody.open("/managing/organisations/" + root.code)
    assert len(counter.said) <= 10, counter.said
    assert page.sees("of 60 municipalities need you") and page.sees("Courses 1–8 of 50")
    further = page.follow("Further courses")
    assert further.sees("Courses 9–16 of 50")
    if role is Role.ANALYST:
        numbers = {text for cell in page.all("td") for text in ["".join(cell.itertext()).strip()]}
        assert not numbers & {"1", "2", "3", "4"} and "<5" in numbers
