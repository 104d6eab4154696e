"""No room left: a clear refusal, everything that was acknowledged still there, and on again as soon as there is room."""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, event, text
from starlette.testclient import TestClient

from app.kit.database import make_engine, make_sessions
from app.main import create_app
from app.settings import Settings
from tests.assessment.faults.place import Place, a_place, client, faults_in, sent

LONG = "What one writes when there is much to say. " * 40
FILL_POINTS = 20
# What a full disk makes PostgreSQL say, from the table that grows with every save.
NO_ROOM = """CREATE FUNCTION no_room() RETURNS trigger AS $$ BEGIN
RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$ LANGUAGE plpgsql"""
FULL = "CREATE TRIGGER no_room BEFORE INSERT ON answer_saves FOR EACH ROW EXECUTE FUNCTION no_room()"


@contextmanager
def _room(engine: Engine) -> Iterator[Callable[[int | None], None]]:
    """`room(4)`: the database may grow by four pages; `room(None)`: by what it likes."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as db:
            db.execute(text(NO_ROOM))

        def trigger(pages: int | None) -> None:
            with engine.begin() as db:
                db.execute(text("DROP TRIGGER IF EXISTS no_room ON answer_saves"))
                if pages is not None:
                    db.execute(text(FULL))

        yield trigger
        with engine.begin() as db:
            db.execute(text("DROP FUNCTION no_room CASCADE"))
        return
    most = [2**30]

    def hold(connection: object, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {most[0]}")  # type: ignore[attr-defined]

    event.listen(engine, "checkout", hold)

    def pages(count: int | None) -> None:
        most[0] = 2**30
        if count is not None:
            with engine.connect() as db:
                most[0] = int(db.exec_driver_sql("PRAGMA page_count").scalar_one()) + count

    yield pages
    event.remove(engine, "checkout", hold)


def _fill(mine: TestClient, key: str, tab: str, acknowledged: dict[int, str], sequence: int) -> tuple[int, int]:
    """Save longer and longer words until there is no room; answers the status of the refusal and the last number."""
    while True:
        sequence += 1
        words = f"{sequence} {LONG}"[:1990]
        answer = mine.post(f"/attempts/{key}/{sequence % 3 + 1}", data=sent(words, tab=tab, sequence=sequence))
        if answer.status_code != 200:
            return answer.status_code, sequence
        acknowledged[sequence % 3 + 1] = words


def _stand(place: Place, key: str, acknowledged: dict[int, str]) -> None:
    view = place.view(key)
    said = {
        n: view.given[one.question].response["text"]
        for n, one in enumerate(view.asked, 1)
        if one.question in view.given
    }
    assert said == {n: words.strip() for n, words in acknowledged.items()}


@pytest.mark.timeout(600)
def test_a_full_disk_refuses_clearly_loses_nothing_and_recovers(app: FastAPI, engine: Engine) -> None:
    place = a_place(app.state.sessions, app.state.blobs)
    key, acknowledged, sequence = place.begin(place.learners[0]), dict[int, str](), 0
    mine = client(app, place.cookie(place.learners[0]))
    with _room(engine) as room:
        for point in range(FILL_POINTS):
            room(point)
            status, sequence = _fill(mine, key, "full", acknowledged, sequence)
            assert status == 507
            _stand(place, key, acknowledged)
            assert mine.get(f"/attempts/{key}/1").status_code == 200  # reading goes on
            assert mine.post(f"/attempts/{key}/submit").status_code in (303, 507)
            if place.view(key).score is not None:  # ending it needs little, and went through
                assert faults_in(place.sessions) == []
                room(None)
                key, acknowledged = place.begin(place.learners[0]), {}
            room(None)
            again = mine.post(f"/attempts/{key}/1", data=sent("room", tab="full", sequence=sequence))
            assert again.status_code == 200, again.text[:200]  # the very save that was refused
            acknowledged[1] = "room"
            _stand(place, key, acknowledged)
    assert faults_in(place.sessions) == []


def test_a_write_that_fails_half_way_leaves_no_half(tmp_path: Path, engine: Engine) -> None:
    """The system cuts the database's file off in the middle of a write (RLIMIT_FSIZE), in a process of its own."""
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL writes its files in processes of its own, which no limit of ours reaches")
    url = f"sqlite:///{engine.url.database}"
    app = create_app(
        Settings(database_url=url, files=tmp_path, base_url="http://testserver"), sessions=make_sessions(engine)
    )
    place = a_place(make_sessions(engine), app.state.blobs)
    key, cookie = place.begin(place.learners[0]), place.cookie(place.learners[0])
    engine.dispose()
    told = tmp_path / "told.json"
    child = os.fork()
    if child == 0:
        try:
            app.state.sessions = make_sessions(make_engine(url))
            mine, acknowledged, sequence, statuses = client(app, cookie), dict[int, str](), 0, []
            wal = Path(f"{engine.url.database}-wal")
            for room in range(1, 40_000, 2_111):  # within a page, within a frame, between frames
                mine.get(f"/attempts/{key}/1")
                size = max(wal.stat().st_size if wal.exists() else 0, Path(str(engine.url.database)).stat().st_size)
                resource.setrlimit(resource.RLIMIT_FSIZE, (size + room, resource.RLIM_INFINITY))
                status, sequence = _fill(mine, key, "cut", acknowledged, sequence)
                resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
                statuses.append(status)
                _stand(place, key, acknowledged)
                again = mine.post(f"/attempts/{key}/1", data=sent("room", tab="cut", sequence=sequence))
                statuses.append(again.status_code)
                acknowledged[1] = "room"
            told.write_text(json.dumps([statuses, acknowledged]))
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    statuses, acknowledged = json.loads(told.read_text())
    assert set(statuses[1::2]) == {200} and set(statuses[::2]) <= {500, 507} and len(statuses) == 38
    _stand(place, key, {int(n): words for n, words in acknowledged.items()})
    assert faults_in(place.sessions) == []
    with engine.connect() as db:
        assert db.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
