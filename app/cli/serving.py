"""Running the platform: serve it, fill it with the demo world, see whether it is well."""

from __future__ import annotations

import os
import shutil
from typing import Annotated

import typer
import uvicorn
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from app.accounts import actions as accounts
from app.accounts import queries as people
from app.assessment import queries as assessment
from app.catalog import importer
from app.catalog import queries as catalog
from app.cli.console import House, alembic_config, err, house, out, progress, upgrade
from app.demo import country, world
from app.kit import audit, jobs, signing
from app.kit.database import reading
from app.packs import queries as packs
from app.settings import ROOT, Mode, Settings


def serve(
    demo: Annotated[bool, typer.Option(help="Serve the demo world (and build it in an empty database).")] = False,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 0,
    workers: Annotated[int, typer.Option(help="Server processes; more than one needs PostgreSQL to be worth it.")] = 1,
) -> None:
    """Migrate the database, publish `courses/`, and serve the platform.

    Example: `klasteris serve --demo --port 8080`
    """
    if demo:
        os.environ["KLASTERIS_MODE"] = Mode.DEMO.value
    settings = Settings()
    port = port or settings.port
    if demo and "KLASTERIS_BASE_URL" not in os.environ:
        os.environ["KLASTERIS_BASE_URL"] = f"http://127.0.0.1:{port}"
    settings = Settings()
    home = house(settings)
    upgrade(home)
    if settings.demo:
        build_demo(home)
    else:
        _refuse_demo_people(home)
    sync_courses(home)
    out.print(f"Klasteris: [bold]{settings.base_url}[/bold] ({settings.mode.value})")
    uvicorn.run(
        "app.main:from_environment",
        factory=True,
        host=host or settings.host,
        port=port,
        workers=workers,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
    )


def _refuse_demo_people(home: House) -> None:
    with reading(home.sessions) as db:
        found = people.count_people(db, world.is_demo_person())
    if found:
        err.print("[red]This database holds demo people, whose password everybody knows. Use a new database.[/red]")
        raise typer.Exit(2)


def sync_courses(home: House) -> None:
    """Publish what is in the courses folder and not published yet."""
    for one in importer.sync(home.sessions, home.blobs, home.settings.courses):
        for line in one.problems:
            err.print(f"{one.folder}: {line}", markup=False)


def build_demo(home: House) -> None:
    with reading(home.sessions) as db:
        if people.count_people(db):
            return
    with progress("Building the demo world") as ticker:
        world.build(home.sessions, home.blobs, home.settings, ticker.at)


def demo(
    people_wanted: Annotated[
        int, typer.Option("--people", help="Build a country of so many people instead, to measure with.", min=0)
    ] = 0,
    seed: Annotated[int, typer.Option(help="The same seed makes the same country.")] = 1,
) -> None:
    """Build the demo world in an empty database: 60 municipalities, 600 people, two years of learning.

    Example: `KLASTERIS_MODE=demo klasteris demo`

    With --people: as many people as asked for, each in five courses, in 60 municipalities and one institution for
    every 333 of them. Example: `klasteris demo --people 1000000 --seed 1`
    """
    os.environ["KLASTERIS_MODE"] = Mode.DEMO.value
    home = house()
    upgrade(home)
    with reading(home.sessions) as db:
        if people.count_people(db):
            err.print("There are people in this database already; the demo world needs an empty one.")
            raise typer.Exit(1)
    if people_wanted:
        stored = accounts.hash_password(world.PASSWORD)
        with progress("Building a country", people_wanted) as ticker:
            country.build(
                home.sessions,
                home.blobs,
                people=people_wanted,
                seed=seed,
                password=stored,
                domain=world.DOMAIN,
                tell=ticker.at,
            )
        return
    build_demo(home)
    sync_courses(home)


def doctor() -> None:
    """See whether this installation is well, and say what to do where it is not.

    Example: `klasteris doctor`
    """
    home = house()
    faults = 0
    for what, fault in _examine(home):
        mark = "[red]✗[/red]" if fault else "[green]✓[/green]"
        out.print(f"{mark} {what}" + (f": {fault}" if fault else ""))
        faults += bool(fault)
    raise typer.Exit(1 if faults else 0)


def _other_key(home: House, signed_by: str) -> str:
    """Whether a pack made now would be signed by another key than the last one."""
    there = signing.kept(home.settings.files)
    if not signed_by or (there is not None and there.public.hex() == signed_by):
        return ""
    last = signing.fingerprint(bytes.fromhex(signed_by))
    return (
        f"the last pack was signed by {last}; put that key back as {home.settings.files / signing.NAME} if you have it"
    )


def _examine(home: House) -> list[tuple[str, str]]:
    found = []
    heads = ScriptDirectory.from_config(alembic_config(home.settings)).get_current_head()
    with home.sessions.kw["bind"].connect() as connection:
        connection.execute(text("SELECT 1"))
        revision = MigrationContext.configure(connection).get_current_revision()
    found.append(("the database answers", ""))
    stale = "" if revision == heads else f"it is at {revision or 'nothing'}, not {heads}; run: klasteris db upgrade"
    found.append(("the schema is the newest", stale))
    if not stale:
        with reading(home.sessions) as db:
            broken = audit.broken_links(db)
            failed = jobs.waiting(db).get("failed", 0)
            needed = catalog.needed_blobs(db) | assessment.needed_blobs(db)
            missing = [key for key in sorted(needed) if not home.blobs.has(key)]
            signed_by = packs.last_key(db)
        found.append(
            ("the audit trail is whole", f"{len(broken)} rows do not hold, first {broken[0]}" if broken else "")
        )
        found.append(("no job has failed for good", f"{failed} have; see the system page" if failed else ""))
        lost = f"{len(missing)} are missing, first {missing[0]}; restore them from a backup" if missing else ""
        found.append(("every stored file is there", lost))
        found.append(("the key that signs audit packs is the one that did", _other_key(home, signed_by)))
    bundle = ROOT / "app" / "static" / "dist" / "manifest.json"
    found.append(("the front end is built", "" if bundle.exists() else "install the package again: pip install -e ."))
    free = shutil.disk_usage(home.settings.files).free
    found.append(("there is room on the disk", "" if free > 500 * 2**20 else f"only {free // 2**20} MiB are free"))
    weak = home.settings.mode is not Mode.PRODUCTION
    found.append(
        (f"mode is {home.settings.mode.value}", "set KLASTERIS_MODE=production to serve people" if weak else "")
    )
    mail = "" if home.settings.smtp_host else "no mail goes out; set KLASTERIS_SMTP_HOST"
    found.append(("mail can be sent", mail if home.settings.mode is Mode.PRODUCTION else ""))
    return found
