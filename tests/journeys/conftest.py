"""A served demo world and headless Chromium: what a person's journey needs."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine

from app.demo import world
from app.jobs import ask_for_regular_work, handlers
from app.kit import i18n, jobs
from app.kit.blobs import Blobs
from app.kit.database import Sessions, make_sessions, writing
from app.main import create_app
from app.settings import Mode, Settings
from tests.databases import Databases
from tests.journeys import looks
from tests.journeys.visit import Visit

TIMEOUT = 600  # a journey is long, and the machine may have other things to do
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGUMENTS += ["--disable-component-update", "--disable-sync"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(TIMEOUT))
    left = [item for item in items if looks.walked_elsewhere(item)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("there is no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def among_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all test processes of this run see."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def world_files(_databases: Databases, among_workers: Path) -> Path:
    """The demo world is built once, for as many workers as can share it; every journey sets out in a copy of its own."""
    files = among_workers / "world-files"
    files.mkdir(exist_ok=True)

    def fill(engine: Engine) -> None:
        settings = Settings(mode=Mode.DEMO, files=files, base_url="http://klasteris.example")
        with i18n.speaking("en"):
            world.build(make_sessions(engine), Blobs(files), settings, lambda done, total: None)

    _databases.keep(among_workers, fill)
    return files


@pytest.fixture(scope="session")
def served(chromium: Browser) -> Iterator[tuple[FastAPI, str]]:
    """The application behind a socket; each journey puts its own database and files under it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings(mode=Mode.DEMO, database_url="sqlite:////nowhere", base_url=f"http://127.0.0.1:{port}")
    app = create_app(settings)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    started = threading.Event()
    while not server.started:
        started.wait(0.05)
    yield app, settings.base_url
    server.should_exit = True
    thread.join(timeout=10)


class Town:
    """The served demo world: its address and, for a look behind the pages, its database."""

    def __init__(self, url: str, sessions: Sessions, settings: Settings) -> None:
        self.url = url
        self.sessions = sessions
        self.settings = settings

    def do_waiting_work(self) -> None:
        """What a server does beside answering: mails, notices, reminders."""
        jobs.drain(self.sessions, handlers(self.settings))

    def begin_the_day(self) -> None:
        """What it does of itself, once a minute and once a day."""
        with writing(self.sessions) as db:
            ask_for_regular_work(db)
        self.do_waiting_work()


@pytest.fixture
def town(served: tuple[FastAPI, str], world_files: Path, _databases: Databases, tmp_path: Path) -> Iterator[Town]:
    app, url = served
    files = tmp_path / "files"
    shutil.copytree(world_files, files)
    settings = Settings(mode=Mode.DEMO, files=files, base_url=url)
    with _databases.copy() as engine:
        sessions = make_sessions(engine)
        app.state.settings, app.state.sessions, app.state.blobs = settings, sessions, Blobs(files)
        yield Town(url, sessions, settings)


@pytest.fixture
def empty_town(served: tuple[FastAPI, str], _databases: Databases, tmp_path: Path) -> Iterator[Town]:
    """The same platform before anybody is in it, for the journeys that bring a world of exact size."""
    app, url = served
    settings = Settings(mode=Mode.DEMO, files=tmp_path / "files", base_url=url)
    with _databases.fresh() as engine:
        sessions = make_sessions(engine)
        app.state.settings, app.state.sessions, app.state.blobs = settings, sessions, Blobs(settings.files)
        yield Town(url, sessions, settings)


@pytest.fixture
def visit(chromium: Browser, town: Town, among_workers: Path) -> Iterator[Callable[..., Visit]]:
    """`visit(width=390, script=False)`: a person sits down at a browser."""
    visits: list[Visit] = []
    looked_through = among_workers / "looked-through"

    def sit_down(
        *,
        width: int = 1280,
        script: bool = True,
        scheme: Literal["light", "dark"] = "light",
        lang: str = "en",
        touch: bool = False,
    ) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            locale=lang,
            color_scheme=scheme,
            accept_downloads=True,
            has_touch=touch,
        )
        context.set_default_timeout(60_000)
        page = context.new_page()
        made = Visit(page, town.url, looked_through, script=script, width=width, lang=lang, scheme=scheme)
        visits.append(made)
        return made

    yield sit_down
    for one in visits:
        one.page.context.close()
    for one in visits:
        assert not one.complaints, one.complaints
