"""Certificates from the command line: issuing for what was completed before, and revoking."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Annotated

import typer

from app.catalog import queries as catalog
from app.certificates import actions as certificates
from app.certificates import queries as issued
from app.cli.console import house, out, progress, upgrade
from app.kit.actor import SYSTEM
from app.kit.database import reading, writing
from app.kit.errors import NotFound
from app.organisations import queries as places

app = typer.Typer(help="Certificates of completed courses.", no_args_is_help=True)


@app.command("issue")
def issue(
    course: Annotated[str, typer.Option(help="Only of this course, by its id.")] = "",
    organisation: Annotated[str, typer.Option(help="Only at or below this organisation, by its code.")] = "",
    since: Annotated[datetime | None, typer.Option(help="Only completed since.", formats=["%Y-%m-%d"])] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without this, only say what would be done.")] = False,
) -> None:
    """Issue certificates for completions that have none. Without `--apply` nothing is changed.

    Example: `klasteris certificates issue --course bdar-pagrindai --since 2026-01-01 --apply`
    """
    home = house()
    upgrade(home)
    with reading(home.sessions) as db:
        head, place = catalog.course_by_slug(db, course), places.by_code(db, organisation)
        if (course and head is None) or (organisation and place is None):
            raise NotFound("There is no such course." if course and head is None else "There is no such organisation.")
        found = issued.lacking(
            db,
            path=place.path if place else "/",
            course_id=head.id if head else None,
            since=since.date() if since else None,
        )
    for name, number in sorted(Counter(one.organisation_name for one in found).items()):
        out.print(f"  {name}: {number}", markup=False)
    if not apply:
        out.print(f"{len(found)} would be issued. This was a dry run: nothing was changed.")
        return
    ids, given = [one.enrolment_id for one in found], 0
    with progress("Issuing", len(ids)) as ticker:
        for start in range(0, len(ids), certificates.AT_ONCE):
            with writing(home.sessions) as db:
                some = ids[start : start + certificates.AT_ONCE]
                given += len(certificates.issue(db, SYSTEM, enrolment_ids=some).numbers)
            ticker.at(start + len(some))
    out.print(f"{given} issued.")


@app.command("revoke")
def revoke(
    number: Annotated[str, typer.Argument(help="The number on the certificate.")],
    reason: Annotated[str, typer.Option(help="Why; it is kept with the record.")],
) -> None:
    """Take a certificate back. Whoever checks it is told so from then on; it cannot be undone.

    Example: `klasteris certificates revoke UTE-2026-000123 --reason "Somebody else sat the test."`
    """
    home = house()
    upgrade(home)
    with writing(home.sessions) as db:
        found = issued.by_number(db, number)
        if found is None:
            raise NotFound("There is no such certificate.")
        news = certificates.revoke(db, SYSTEM, certificate=found, reason=reason)
    out.print(f"{found.paper.number} is revoked." if news else f"{found.paper.number} was revoked before.")
