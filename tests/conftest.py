"""What every test may ask for: a fresh database, a file store, the application, a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.kit import i18n
from app.kit.blobs import Blobs
from app.kit.database import Sessions, make_sessions, writing
from app.settings import ROOT, Mode, Settings
from tests.browser import Browser
from tests.databases import DATABASE, Databases, databases

SHARED = ROOT.parent / "shared"

# The one way through the platform that is walked on either database: screens, fingers and the rest know no database, and
# what every other page asks of it is asked by the tests without a screen.
ON_BOTH = "tests/journeys/test_learner.py::test_she_completes_what_is_required_of_her[wide]"
# That the forms of the route matrix do something at all is asked of one database.
ON_ONE = "tests/architecture/test_routes.py::test_every_form_that_is_let_through_does_something"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL: one journey, once; nothing that opens no database."""
    if DATABASE != "postgresql":
        return
    kept, left = [], []
    for item in items:
        opens = "_databases" in getattr(item, "fixturenames", ())
        if "tests/journeys/" in item.nodeid:
            opens = item.nodeid == ON_BOTH
        opens = opens and item.nodeid != ON_ONE
        (kept if opens else left).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Tests speak English, where the sentences are the ones in the code; a page test may ask for another language."""
    with i18n.speaking("en"):
        yield


@pytest.fixture(scope="session")
def _databases() -> Iterator[Databases]:
    with databases() as made:
        yield made


@pytest.fixture
def engine(_databases: Databases) -> Iterator[Engine]:
    with _databases.fresh() as engine:
        yield engine


@pytest.fixture
def sessions(engine: Engine) -> Sessions:
    return make_sessions(engine)


@pytest.fixture
def db(sessions: Sessions) -> Iterator[Session]:
    """One writing transaction for the length of the test. Not together with `browser`: SQLite has one writer."""
    with writing(sessions) as session:
        yield session


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "files")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        mode=Mode.DEVELOPMENT, database_url="sqlite://", files=tmp_path / "files", base_url="http://testserver"
    )


_application: list[FastAPI] = []


@pytest.fixture
def app(settings: Settings, sessions: Sessions) -> FastAPI:
    """The application on this test's database; built once, since building it takes longer than most tests."""
    from app.main import create_app

    if not _application:
        _application.append(create_app(settings, sessions=sessions))
    application = _application[0]
    application.state.settings = settings
    application.state.sessions = sessions
    application.state.blobs = Blobs(settings.files)
    return application


@pytest.fixture
def demo_app(app: FastAPI, settings: Settings) -> FastAPI:
    """The same application in demo mode."""
    app.state.settings = settings.model_copy(update={"mode": Mode.DEMO})
    return app


@pytest.fixture
def browser(app: FastAPI) -> Iterator[Browser]:
    with Browser(app) as made:
        yield made


@pytest.fixture(scope="session")
def shared() -> Path:
    """Third-party material for tests, kept beside the project."""
    if not SHARED.is_dir():
        pytest.skip("the folder shared/ beside the project is not here")
    return SHARED
