"""One world for a whole file of tests: it is restored after whatever writes to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.kit import i18n
from app.kit.database import make_sessions
from app.settings import Mode, Settings
from tests.architecture.world import World, a_world
from tests.databases import Databases


@pytest.fixture(scope="module")
def world(_databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    from app.main import create_app

    settings = Settings(
        mode=Mode.DEVELOPMENT,
        database_url="sqlite://",
        files=tmp_path_factory.mktemp("world") / "files",
        base_url="http://testserver",
    )
    with _databases.fresh() as engine, i18n.speaking("en"):
        sessions = make_sessions(engine)
        app: FastAPI = create_app(settings, sessions=sessions)
        yield a_world(app, sessions, engine)


@pytest.fixture(scope="module")
def client(world: World) -> TestClient:
    return TestClient(world.app, follow_redirects=False)
