"""An exam, every answer of it durable: processor time beside bare durable commits and the bare page, and a storm at the end."""

from __future__ import annotations

import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx

from app.cli.console import house, upgrade
from app.settings import Mode, Settings
from tests.assessment.faults.place import QUIZ, SCRIPT, SLUG, Place, a_place, faults_in, sent
from tests.benchmarks.server import Server, serving

QUESTIONS = 20
STORM, AT_ONCE = 1000, 50


@contextmanager
def _exam(people: int, questions: int) -> Iterator[tuple[Place, Server]]:
    """A place of its own, and a server for it, on a disk that syncs."""
    with tempfile.TemporaryDirectory(prefix="klasteris-exam-") as folder:
        settings = Settings(
            mode=Mode.DEVELOPMENT,
            database_url=f"sqlite:///{Path(folder) / 'exam.sqlite'}",
            files=Path(folder) / "files",
        )
        home = house(settings)
        upgrade(home)
        place = a_place(home.sessions, home.blobs, people=people, questions=questions)
        environment = {
            **os.environ,
            "KLASTERIS_MODE": "development",
            "KLASTERIS_DATABASE_URL": settings.database_url,
            "KLASTERIS_FILES": str(settings.files),
        }
        with serving("tests.benchmarks.ours:make", environment, factory=True) as server:
            yield place, server
        home.sessions.kw["bind"].dispose()


def _bare_commits(count: int) -> float:
    """Milliseconds of processor time for one durable commit of one small row, by nothing but SQLite."""
    with tempfile.TemporaryDirectory(prefix="klasteris-bare-") as folder:
        bare = sqlite3.connect(Path(folder) / "bare.sqlite", isolation_level=None)
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute("PRAGMA synchronous = FULL")
        bare.execute("CREATE TABLE answers (question TEXT PRIMARY KEY, response TEXT)")
        before = time.process_time()
        for n in range(count):
            bare.execute("BEGIN IMMEDIATE")
            bare.execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", (f"q{n % QUESTIONS}", '{"text": "right"}'))
            bare.execute("COMMIT")
        spent = time.process_time() - before
        bare.close()
    return spent * 1000 / count


def _attempt(learner: httpx.Client) -> None:
    """All of it: start, answer every question, hand in."""
    started = learner.post(f"/courses/{SLUG}/quizzes/{QUIZ}/start")
    key = started.headers["location"].split("/")[2]
    for n in range(1, QUESTIONS + 1):
        saved = learner.post(f"/attempts/{key}/{n}", data=sent("right", tab=f"tab-{key}", sequence=n, base=0))
        assert saved.status_code == 200, saved.text[:300]
    assert learner.post(f"/attempts/{key}/submit").status_code == 303


def report(bare_page: float, *, runs: int = 5, attempts: int = 5) -> None:
    """Print the figures; `bare_page` is what the bare page costs in this run, in milliseconds."""
    with _exam(1, QUESTIONS) as (place, server):
        learner = httpx.Client(base_url=server.url, cookies=place.cookie(place.learners[0]), headers=SCRIPT, timeout=60)
        _attempt(learner)
        ours, commits = [], []
        for _ in range(runs):
            before = server.cpu()
            for _ in range(attempts):
                _attempt(learner)
            ours.append((server.cpu() - before) * 1000 / attempts)
            commits.append(_bare_commits(500) * (QUESTIONS + 2))
        assert faults_in(place.sessions) == []
    whole, bare = statistics.median(ours), statistics.median(commits)
    print(f"an exam of {QUESTIONS} questions, {QUESTIONS + 2} durable commits: {whole:.0f} ms of processor time")
    print(f"  {whole / bare:.1f} times the same number of bare durable commits ({bare:.1f} ms)")
    print(f"  {whole / (bare_page * (QUESTIONS + 2)):.1f} times the same number of bare pages")
    _storm()


def _storm() -> None:
    with _exam(STORM, 1) as (place, server):
        keys = [place.begin(actor) for actor in place.learners]
        cookies = [place.cookie(actor) for actor in place.learners]
        waits: list[float] = []
        faults: list[int] = []

        def last_words(n: int) -> None:
            with httpx.Client(base_url=server.url, cookies=cookies[n], headers=SCRIPT, timeout=120) as learner:
                for url, data in (
                    (f"/attempts/{keys[n]}/1", sent("right", tab="a", sequence=1)),
                    (f"/attempts/{keys[n]}/submit", {}),
                ):
                    asked = time.perf_counter()
                    answer = learner.post(url, data=data)
                    waits.append(time.perf_counter() - asked)
                    if answer.status_code not in (200, 303):
                        faults.append(answer.status_code)

        began = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(last_words, range(STORM)))
        took = time.perf_counter() - began
        lost = sum(place.view(key).score != 1 for key in keys)
        halves = faults_in(place.sessions)
    cuts = statistics.quantiles(waits, n=100)
    print(f"a storm: {STORM} people save and hand in, {AT_ONCE} at a time, within {took:.1f} s")
    print(
        f"  acknowledged after: median {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms; errors {len(faults)}, lost {lost}, half done {len(halves)}"
    )
