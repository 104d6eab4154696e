"""The database as a whole: migrate it, back it up, restore it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from alembic.runtime.migration import MigrationContext
from sqlalchemy.orm import Session

from app.cli.console import House, house, out, progress, upgrade
from app.kit import audit, clock, signing
from app.kit import backup as backups
from app.kit.database import writing
from app.kit.errors import Conflict
from app.learning import actions as learning
from app.models import metadata

db = typer.Typer(help="The database's schema.", no_args_is_help=True)


@db.command("upgrade")
def upgrade_schema(revision: Annotated[str, typer.Argument(help="Revision to go to.")] = "head") -> None:
    """Bring the database to the newest schema.

    Example: `klasteris db upgrade`
    """
    home = house()
    upgrade(home, revision)
    out.print(f"The database is at {_revision(home)}.")


def _revision(home: House) -> str:
    with home.sessions.kw["bind"].connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def _steady(home: House) -> Session:
    """A session that sees one state from beginning to end, whatever others write meanwhile."""
    session = home.sessions()
    options = {"read_only": True, "postgresql_readonly": True}
    if home.sessions.kw["bind"].dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"  # type: ignore[assignment]
    session.connection(execution_options=options)
    return session


def backup(
    target: Annotated[Path | None, typer.Argument(help="File to write; a name with the date when left out.")] = None,
    signing_key: Annotated[
        Path | None, typer.Option(help="File beside it for the key that signs audit packs; it must not exist yet.")
    ] = None,
) -> None:
    """Write everything, people, evidence, courses and files, into one file while the platform runs.

    The key that signs audit packs is not in that file: who holds a backup must not be able to sign. With
    `--signing-key` it is written into a file of its own, to be kept elsewhere.

    Example: `klasteris backup /srv/backup/klasteris-2026-03-31.zip --signing-key /media/safe/klasteris-key.pem`
    """
    home = house()
    if signing_key is not None and signing_key.exists():
        raise Conflict(f"{signing_key} exists already; name another file.")
    local = clock.now().astimezone(clock.LOCAL)
    target = target or Path(f"klasteris-{local:%Y-%m-%d-%H%M}.zip")
    with _steady(home) as session, progress("Backing up", len(metadata.tables)) as ticker:
        manifest = backups.write(
            session, home.blobs, metadata, revision=_revision(home), target=target, tell=ticker.step
        )
    rows = sum(said["rows"] for said in manifest["tables"].values())
    out.print(f"{target}: {rows} rows in {len(manifest['tables'])} tables, {len(manifest['files'])} files.")
    if signing_key is not None:
        found = signing.copy_out(home.settings.files, signing_key)
        said = f"{signing_key}: {signing.fingerprint(found.public)}" if found else "not made yet: nothing was signed"
        out.print(f"Signing key: {said}.", markup=False, soft_wrap=True)
    elif signing.kept(home.settings.files) is not None:
        out.print("The key that signs audit packs is not in it; --signing-key FILE copies it to a place of its own.")


def restore(
    source: Annotated[Path, typer.Argument(help="A backup.", exists=True, dir_okay=False)],
    signing_key: Annotated[
        Path | None,
        typer.Option(help="The key that signs audit packs, from its own place.", exists=True, dir_okay=False),
    ] = None,
) -> None:
    """Check a backup and restore it into an empty database; then check what came of it.

    Example: `KLASTERIS_DATABASE_URL=sqlite:///new.sqlite klasteris restore klasteris-2026-03-31.zip`
    """
    home = house()
    manifest = backups.manifest_of(source)
    if signing_key is not None:
        try:
            key = signing.put_back(home.settings.files, signing_key)
        except ValueError:
            raise Conflict(f"{signing_key} is no signing key.") from None
        except FileExistsError:
            raise Conflict(f"{home.settings.files} holds another signing key; move that away first.") from None
        out.print(f"Signing key: {signing.fingerprint(key.public)}.")
    upgrade(home, manifest["revision"])
    with progress("Restoring", len(metadata.tables)) as ticker, writing(home.sessions) as session:
        backups.read(session, home.blobs, metadata, source=source, tell=ticker.step)
    upgrade(home)
    with _steady(home) as session:
        broken, differences = audit.broken_links(session), learning.verify(session)
    made = datetime.fromisoformat(manifest["made_at"]).astimezone(clock.LOCAL)
    out.print(f"Restored what was backed up at {made:%Y-%m-%d %H:%M}.")
    out.print(f"Audit trail: {'whole' if not broken else f'{len(broken)} rows do not hold'}.")
    out.print(f"Progress: {'equal to the evidence' if not differences else f'{len(differences)} differences'}.")
    raise typer.Exit(1 if broken or differences else 0)
