"""The editor's two busiest acts: a look at what is being typed, and the saving of it: `make bench` prints them."""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app.catalog import actions, queries
from app.catalog.actions import Contents
from app.catalog.importer import Glance
from app.catalog.importer.glancing import glance
from app.cli.console import house, upgrade
from app.kit import markdown
from app.kit.actor import Role
from app.kit.database import writing
from app.settings import Mode, Settings
from tests.benchmarks.courses import PROSE
from tests.factories import a_person, actor_for, an_organisation

WORDS = 1500
PATH = "01-m/01-p.md"


def text() -> str:
    """A page of prose, lists and headings with as many words."""
    parts: list[str] = []
    while len(" ".join(parts).split()) < WORDS:
        n = len(parts)
        parts += [f"## Skyrius {n}", PROSE, f"- {PROSE[:60]}\n- {PROSE[60:130]}"]
    return "\n\n".join(parts) + "\n"


def report(runs: int = 9) -> None:
    body = text()
    page = f"---\nkind: page\nid: puslapis\ntitle: Puslapis\n---\n\n{body}"

    def look() -> None:
        said = glance(Glance(PATH, page, "page", "lt", "lt"))
        assert said.page is not None and said.page.blocks

    measured = {
        "render it once": _runs(lambda: markdown.render(body, lang="lt"), runs, time.process_time),
        "look at it while typing": _runs(look, runs, time.process_time),
    }
    _print(f"a page of {len(body.split())} words, processor time", measured)
    with tempfile.TemporaryDirectory(prefix="klasteris-bench-") as name:
        _print("saving that page in a draft, time that passes", _saves(Path(name), page, runs * 5))


def _runs(act: Callable[[], object], runs: int, clocked: Callable[[], float]) -> list[float]:
    act()
    found = []
    for _ in range(runs):
        started = clocked()
        act()
        found.append(clocked() - started)
    return found


def _saves(folder: Path, page: str, runs: int) -> dict[str, list[float]]:
    """Both on the same disk, by turns, each durable when it returns."""
    revision = 1
    bare = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    bare.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE page (id INTEGER, text TEXT)"
    )
    bare.execute("INSERT INTO page VALUES (1, '')")

    def commit() -> None:
        # Another text each time: of what does not change nothing is written.
        bare.execute("BEGIN IMMEDIATE")
        bare.execute("UPDATE page SET text = ? WHERE id = 1", (f"{page}{revision}",))
        bare.execute("COMMIT")

    home = house(Settings(mode=Mode.DEMO, database_url=f"sqlite:///{folder / 'x.sqlite'}", files=folder / "files"))
    upgrade(home)
    with writing(home.sessions) as db:
        actor = actor_for(db, a_person(db, an_organisation(db), roles=[Role.TRAINER]))
        key = actions.start_draft(db, actor, slug="kursas", title="Kursas", contents=Contents({PATH: page}))
        draft = queries.draft_by_key(db, key)
    assert draft is not None

    def save() -> None:
        nonlocal revision
        with writing(home.sessions) as db:
            saved = actions.save_file(db, actor, draft=draft, path=PATH, text=f"{page}{revision}\n", base=revision)
        assert not saved.lost_race
        revision = saved.revision

    acts = {"one durable commit": commit, "save of a draft": save}
    measured: dict[str, list[float]] = {what: [] for what in acts}
    for _ in range(runs):
        for what, act in acts.items():
            started = time.perf_counter()
            act()
            measured[what].append(time.perf_counter() - started)
    bare.close()
    home.sessions.kw["bind"].dispose()
    return measured


def _print(what: str, measured: dict[str, list[float]]) -> None:
    base = statistics.median(next(iter(measured.values())))
    print(what)
    print(f"{'':32}{'ms':>12}{'ratio':>8}   spread")
    for name, seconds in measured.items():
        median = statistics.median(seconds)
        spread = f"{min(seconds) * 1000:.2f}-{max(seconds) * 1000:.2f}"
        print(f"{name:32}{median * 1000:12.2f}{median / base:8.2f}   {spread}")


if __name__ == "__main__":
    report()
