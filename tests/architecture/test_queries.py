"""How often a page asks the database: never more the more there is of everything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event
from starlette.testclient import TestClient

from app.catalog.queries import contents
from app.kit import i18n
from app.kit.database import make_sessions
from app.settings import Mode, Settings
from tests.architecture.country import Country, Size, a_country
from tests.databases import Databases

# page → whose, address, and at most so many statements in the whole request, the look-up of the sign-in included.
CEILINGS = {
    "reading page": ("learner", "/courses/course-1/pages/page-1", 8),
    "home": ("learner", "/learning", 12),
    "dashboard of a country": ("manager", "/managing/organisations/{root}", 10),
    "week": ("manager", "/managing/week", 9),
    "deeper figures": ("manager", "/managing/organisations/{root}/analysis", 12),
    "saved views": ("manager", "/managing/views", 3),
    "dashboard of a municipality": ("manager", "/managing/organisations/{town}", 10),
    "institution": ("local", "/managing/organisations/{library}", 10),
    "person": ("manager", "/managing/people/{person}", 12),
    "assignments": ("manager", "/managing/assignments", 6),
    "front page": ("", "/", 5),
    "catalogue": ("learner", "/catalogue", 6),
    "course contract": ("learner", "/courses/course-1", 10),
    "quiz rules": ("learner", "/courses/course-1/quizzes/test", 10),
    "quiz question": ("learner", "/attempts/{attempt}/1", 10),
    "result": ("learner", "/attempts/{result}", 12),
    "course finished": ("learner", "/courses/course-1/finish", 7),
    "learning record": ("learner", "/learning/record", 8),
    "notices": ("learner", "/notices", 4),
    "teaching home": ("trainer", "/teaching", 13),
    "teaching a course": ("trainer", "/teaching/courses/course-1", 13),
    "group sessions": ("local", "/groups", 5),
    "group session": ("local", "/groups/{group}", 16),
    "people": ("administrator", "/admin/people", 6),
    "organisations": ("administrator", "/admin/organisations", 4),
}
SMALL = Size(towns=1, courses=1, people=2, pages=2, notices=1)
LARGE = Size(towns=60, courses=50, people=40, pages=12, notices=30)


@contextmanager
def counting(engine: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().split(None, 1)[0].upper() in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
            said.append(" ".join(statement.split()))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def asked(country: Country) -> dict[str, list[str]]:
    """What each page asks, with nothing remembered from before."""
    out = {}
    client = TestClient(country.app, follow_redirects=False)
    for page, (whose, address, _most) in CEILINGS.items():
        client.cookies.clear()
        if whose:
            client.cookies.set("klasteris", country.cookies[whose])
        contents._contents.clear()
        with counting(country.engine) as said:
            response = client.get(address.format(**vars(country)))
        assert response.status_code == 200, (page, response.status_code)
        out[page] = said
    return out


Asked = dict[str, list[str]]


@pytest.fixture(scope="module")
def both(_databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> tuple[Asked, Asked]:
    """What the pages ask in a small country, and in a large one."""
    from app.main import create_app

    files = tmp_path_factory.mktemp("country") / "files"
    settings = Settings(mode=Mode.DEVELOPMENT, database_url="sqlite://", files=files, base_url="http://testserver")
    found = []
    for size in (SMALL, LARGE):
        with _databases.fresh() as engine, i18n.speaking("en"):
            sessions = make_sessions(engine)
            found.append(asked(a_country(create_app(settings, sessions=sessions), sessions, engine, size)))
    return found[0], found[1]


@pytest.mark.parametrize("page", CEILINGS)
def test_a_page_stays_under_its_ceiling_however_much_there_is(both: tuple[Asked, Asked], page: str) -> None:
    small, large = both[0][page], both[1][page]
    most = CEILINGS[page][2]
    assert 0 < len(large) <= most, "\n".join(large)
    assert len(small) == len(large), "\n".join(["small:", *small, "large:", *large])
