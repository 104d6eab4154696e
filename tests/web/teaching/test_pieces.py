"""A file that is sent in pieces arrives whole however often the line breaks, and nobody else can touch it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import random
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import Response

from app.jobs import handlers
from app.kit import clock, incoming, jobs
from app.kit.actor import Role
from app.kit.blobs import Blobs
from app.kit.database import Sessions, writing
from app.kit.limits import INCOMING_FILES, INCOMING_HOURS, UPLOAD_BYTES
from app.settings import Settings
from tests.browser import Browser
from tests.factories import a_person, an_organisation, course_files
from tests.web.teaching.test_trainer import zipped

FILM = random.Random(7).randbytes(300_000)
TUS = {"Tus-Resumable": "1.0.0", "Sec-Fetch-Site": "same-origin"}
OCTETS = "application/offset+octet-stream"


@dataclass
class Sender:
    """A trainer whose program speaks tus."""

    browser: Browser

    def ask(self, method: str, path: str, content: bytes | None = None, **headers: str) -> Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.browser.client.request(method, path, content=content, headers={**TUS, **named})

    def begin(self, size: int = len(FILM), name: str = "filmas ą.mp4") -> str:
        said = base64.b64encode(name.encode()).decode()
        answer = self.ask("POST", "/teaching/files", Upload_Length=str(size), Upload_Metadata=f"filename {said}")
        assert answer.status_code == 201, answer.text
        assert answer.headers["upload-expires"].endswith("GMT")
        return answer.headers["location"]

    def piece(self, path: str, at: int, data: bytes) -> Response:
        return self.ask("PATCH", path, data, Upload_Offset=str(at), Content_Type=OCTETS)

    def offset(self, path: str) -> int:
        answer = self.ask("HEAD", path)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        return int(answer.headers["upload-offset"])

    def cut_off(self, path: str, at: int, data: bytes, after: int) -> None:
        """Send a piece whose line breaks when `after` bytes of it have gone."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.browser.client.cookies.items())
        heads = {**TUS, "Upload-Offset": str(at), "Content-Type": OCTETS, "Content-Length": str(len(data))}
        heads |= {"Cookie": cookies, "Host": "testserver"}
        # In a thread of its own: where a journey in Chromium went before, this one has a loop already.
        with ThreadPoolExecutor(1) as aside:
            aside.submit(asyncio.run, _broken(self.browser.app, path, heads, data[:after])).result()


async def _broken(app: FastAPI, path: str, heads: Mapping[str, str], sent: bytes) -> None:
    waiting: list[dict[str, Any]] = [
        {"type": "http.request", "body": sent, "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, Any]:
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    async def send(_message: object) -> None:
        return None

    raw = [(name.lower().encode(), value.encode()) for name, value in heads.items()]
    scope = {"type": "http", "http_version": "1.1", "method": "PATCH", "path": path, "raw_path": path.encode()}
    scope |= {"query_string": b"", "headers": raw, "scheme": "http", "server": ("testserver", 80), "root_path": ""}
    await app({**scope, "client": ("127.0.0.1", 1)}, receive, send)  # type: ignore[arg-type]


@pytest.fixture
def people(browser: Browser, sessions: Sessions) -> tuple[Sender, Sender]:
    """A trainer and a colleague with the same role."""
    with writing(sessions) as db:
        school = an_organisation(db, "School", code="school")
        both = [a_person(db, school, roles=[Role.TRAINER]) for _ in range(2)]
    one, two = (Sender(browser.as_(person)) for person in both)
    return one, two


@pytest.fixture
def sender(people: tuple[Sender, Sender]) -> Sender:
    return people[0]


def _kept(blobs_of: Sender, path: str) -> bytes:
    files = blobs_of.browser.app.state.blobs.folder
    return incoming.place(files, path.rpartition("/")[2]).read_bytes()


def test_a_file_cut_off_ten_times_arrives_whole(sender: Sender) -> None:
    path, chance = sender.begin(), random.Random(11)
    for cut in sorted(chance.sample(range(1, len(FILM)), 10)):
        at = sender.offset(path)
        sender.cut_off(path, at, FILM[at:], cut - at)
        assert sender.offset(path) == cut  # nothing that had arrived is sent again
    at = sender.offset(path)
    assert sender.piece(path, at, FILM[at:]).headers["upload-offset"] == str(len(FILM))
    assert hashlib.sha256(_kept(sender, path)).hexdigest() == hashlib.sha256(FILM).hexdigest()


def test_what_was_not_acknowledged_is_written_over(sender: Sender) -> None:
    """A process killed in the middle leaves bytes behind the offset; the next piece goes where the offset says."""
    path = sender.begin(10)
    assert sender.piece(path, 0, b"01234").status_code == 204
    with incoming.place(sender.browser.app.state.blobs.folder, path.rpartition("/")[2]).open("ab") as file:
        file.write(b"torn half")
    assert sender.offset(path) == 5
    assert sender.piece(path, 5, b"56789").status_code == 204
    assert _kept(sender, path)[:10] == b"0123456789"


def test_a_piece_that_does_not_fit_is_refused(sender: Sender) -> None:
    path = sender.begin(10)
    assert sender.piece(path, 0, b"01234").status_code == 204
    for at in (0, 4, 6):
        answer = sender.piece(path, at, b"x")
        assert (answer.status_code, answer.headers["upload-offset"]) == (409, "5")
    assert sender.ask("PATCH", path, b"x", Upload_Offset="5", Content_Type="text/plain").status_code == 415
    assert sender.ask("PATCH", path, b"x", Upload_Offset="five", Content_Type=OCTETS).status_code == 409
    assert sender.ask("HEAD", path, Tus_Resumable="0.2.2").status_code == 200
    other = sender.ask("PATCH", path, b"x", Upload_Offset="5", Content_Type=OCTETS, Tus_Resumable="0.2.2")
    assert (other.status_code, other.headers["tus-version"]) == (412, "1.0.0")
    assert sender.piece(path, 5, b"567890").status_code == 413
    assert sender.offset(path) == 5


def test_what_is_too_large_is_refused_before_its_first_byte(sender: Sender) -> None:
    able = sender.ask("OPTIONS", "/teaching/files").headers
    assert (able["tus-max-size"], able["tus-extension"]) == (str(UPLOAD_BYTES), "creation,expiration,termination")
    for length in (str(UPLOAD_BYTES + 1), "9" * 15):
        answer = sender.ask("POST", "/teaching/files", Upload_Length=length, Upload_Metadata="filename YQ==")
        assert (answer.status_code, answer.text) == (413, "This file is larger than 200 MB.")
    for length, name in (("0", "filename YQ=="), ("-1", "filename YQ=="), ("5", "filename ???"), ("5", "")):
        answer = sender.ask("POST", "/teaching/files", Upload_Length=length, Upload_Metadata=name)
        assert answer.status_code == 400
    assert not (sender.browser.app.state.blobs.folder / "incoming").exists()


def test_another_persons_file_is_not_there(people: tuple[Sender, Sender]) -> None:
    one, two = people
    path = one.begin(10)
    assert one.piece(path, 0, b"01234").status_code == 204
    assert two.ask("HEAD", path).status_code == 404
    assert two.piece(path, 5, b"56789").status_code == 404
    assert two.ask("DELETE", path).status_code == 404
    page = two.browser.open("/teaching/uploads/new").press("Check", incoming=path.rpartition("/")[2])
    assert page.sees("Choose a file")
    assert one.offset(path) == 5
    assert one.ask("DELETE", path).status_code == 204
    assert one.ask("HEAD", path).status_code == 404
    assert not list((one.browser.app.state.blobs.folder / "incoming").iterdir())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /dev/full")
def test_a_full_disk_is_told_and_what_was_kept_stays(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sender.begin(10)
    lies = incoming.place(sender.browser.app.state.blobs.folder, path.rpartition("/")[2])
    lies.parent.mkdir(parents=True, exist_ok=True)
    lies.symlink_to("/dev/full")
    answer = sender.piece(path, 0, b"01234")
    assert answer.status_code == 507
    assert answer.text.startswith("There is no room left for this file.")
    lies.unlink()
    assert sender.offset(path) == 0
    assert sender.piece(path, 0, b"0123456789").status_code == 204
    monkeypatch.setattr(incoming, "room", lambda _files: 9)
    answer = sender.ask("POST", "/teaching/files", Upload_Length="10", Upload_Metadata="filename YQ==")
    assert answer.status_code == 507


def test_a_course_sent_in_pieces_is_checked_like_any_other(sender: Sender) -> None:
    data = zipped(course_files("first-course", owner="school"))
    path = sender.begin(len(data), "course.zip")
    form = sender.browser.open("/teaching/uploads/new")
    assert sender.piece(path, 0, data[:100]).status_code == 204
    assert form.press("Check", incoming=path.rpartition("/")[2]).sees("Choose a file")  # not whole yet
    assert sender.piece(path, 100, data[100:]).status_code == 204
    assert form.press("Check", incoming=path.rpartition("/")[2]).sees("We read course.zip: 1 module")
    assert sender.ask("HEAD", path).status_code == 404  # it has become an upload
    wrong = sender.begin(5, "course.odg")
    sender.piece(wrong, 0, b"01234")
    assert form.press("Check", incoming=wrong.rpartition("/")[2]).sees("course.odg is of no kind that we read")
    assert sender.ask("HEAD", wrong).status_code == 404


def test_what_nobody_goes_on_sending_is_given_up(
    sender: Sender, sessions: Sessions, settings: Settings, blobs: Blobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = sender.begin(10), sender.begin(10)
    assert sender.piece(old, 0, b"01234").status_code == 204
    folder = blobs.folder / "incoming"
    sender.piece(new, 0, b"0")
    with writing(sessions) as db:
        incoming.advance(db, key=old.rpartition("/")[2], known=5, received=6)
        db.execute(
            incoming.IncomingFile.__table__.update()  # type: ignore[attr-defined]
            .where(incoming.IncomingFile.key == old.rpartition("/")[2])
            .values(touched_at=clock.now() - timedelta(hours=INCOMING_HOURS, minutes=1))
        )
    assert sender.ask("HEAD", old).status_code == 404
    with writing(sessions) as db:
        jobs.later(db, "sweep")
    jobs.drain(sessions, handlers(settings))
    assert [path.name for path in folder.iterdir()] == [new.rpartition("/")[2]]
    for _ in range(INCOMING_FILES - 1):
        sender.begin(1)
    answer = sender.ask("POST", "/teaching/files", Upload_Length="1", Upload_Metadata="filename YQ==")
    assert (answer.status_code, answer.text[:35]) == (409, "You have begun to send many files. ")
