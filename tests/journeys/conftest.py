"""A served demo world and headless Chromium: what a person's journey needs."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from app.demo import world
from app.jobs import handlers
from app.kit import i18n, jobs
from app.kit.blobs import Blobs
from app.kit.database import Sessions, make_sessions
from app.main import create_app
from app.settings import Mode, Settings
from tests.databases import Databases
from tests.journeys.visit import Visit

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
ARGUMENTS += ["--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("there is no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Town:
    """The served demo world: its address and, for a look behind the pages, its database."""

    def __init__(self, url: str, sessions: Sessions, settings: Settings) -> None:
        self.url = url
        self.sessions = sessions
        self.settings = settings

    def do_waiting_work(self) -> None:
        jobs.drain(self.sessions, handlers(self.settings))


@pytest.fixture(scope="session")
def town(_databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder: Path = tmp_path_factory.mktemp("town")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    settings = Settings(mode=Mode.DEMO, files=folder / "files", base_url=url)
    with _databases.kept() as engine:
        sessions = make_sessions(engine)
        with i18n.speaking("en"):
            world.build(sessions, Blobs(settings.files), settings, lambda done, total: None)
        app = create_app(settings, sessions=sessions)
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        started = threading.Event()
        while not server.started:
            started.wait(0.05)
        yield Town(url, sessions, settings)
        server.should_exit = True
        thread.join(timeout=10)


@pytest.fixture
def visit(chromium: Browser, town: Town) -> Iterator[Callable[..., Visit]]:
    """`visit(width=390, script=False)`: a person sits down at a browser."""
    visits: list[Visit] = []

    def sit_down(*, width: int = 1280, script: bool = True, scheme: str = "light") -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            locale="lt-LT",
            color_scheme="dark" if scheme == "dark" else "light",
            accept_downloads=True,
        )
        context.set_default_timeout(15_000)
        made = Visit(context.new_page(), town.url, script=script)
        visits.append(made)
        return made

    yield sit_down
    for one in visits:
        one.page.context.close()
        assert not one.complaints, one.complaints
