"""People from a file, and the first administrator of a new installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.accounts import actions as accounts
from app.accounts import importer
from app.accounts import queries as people
from app.cli.console import house, out, upgrade
from app.kit import clock
from app.kit.actor import SYSTEM, Role
from app.kit.database import reading, writing
from app.organisations import actions as organisations
from app.organisations import queries as places
from app.requirements import actions as requirements

app = typer.Typer(help="People.", no_args_is_help=True)


@app.command("requests")
def data_requests() -> None:
    """What people ask about their own data and nobody has answered yet, the earliest date first.

    Ends with 1 where the date of one has passed, so that a scheduled run can raise an alarm.

    Example: `klasteris people requests`
    """
    home = house()
    with reading(home.sessions) as db:
        found = people.requests(db, people.waiting())
    late = [one for one in found if one.due_on < clock.today()]
    for one in found:
        word = "late" if one in late else "due"
        out.print(f"{word} {one.due_on}  {one.asked.value:<11}  {one.organisation}  {one.key}", markup=False)
    out.print(f"Waiting: {len(found)}. Late: {len(late)}.")
    if late:
        raise typer.Exit(1)


@app.command("import")
def import_people(
    source: Annotated[
        Path,
        typer.Argument(
            help="Excel workbook (.xlsx) or CSV file (UTF-8, separated by ; or ,).", exists=True, dir_okay=False
        ),
    ],
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without this, only say what would be done.")] = False,
    rest: Annotated[
        bool, typer.Option("--rest", help="With --apply: import the rest although rows are rejected.")
    ] = False,
    leavers: Annotated[
        bool, typer.Option("--leavers", help="With --apply: close the accounts of those not on a complete list.")
    ] = False,
    errors: Annotated[Path | None, typer.Option(help="Where to write the rejected rows with their reasons.")] = None,
) -> None:
    """Add and update people from a file. Without `--apply` nothing is changed.

    Where rows are rejected, the rest is imported only with `--rest`; people leave only where the first line of the file
    says that it is the complete list of an institution, and only with `--leavers`.

    Example: `klasteris people import staff.xlsx --errors rejected.csv --apply --rest`
    """
    home = house()
    upgrade(home)
    table = importer.read(source.read_bytes())
    with reading(home.sessions) as db:
        plan = importer.plan_import(db, SYSTEM, table)
    out.print(f"New: {len(plan.new)}. Changed: {len(plan.changed)}. Unchanged: {plan.unchanged}.")
    out.print(f"Moved: {len(plan.movers)} of the changed. Leaving: {len(plan.leavers)}.")
    out.print(f"Rejected: {len(plan.rejected)}.")
    for one in plan.rejected:
        out.print(f"  row {one.row.number}: {one.why}", markup=False)
    if errors is not None and plan.rejected:
        errors.write_bytes(importer.rejected_csv(plan))
        out.print(f"The rejected rows are in {errors}.")
    if not apply:
        out.print("This was a dry run: nothing was changed. Add --apply to do it.")
        return
    if plan.rejected and not rest:
        out.print("Nothing was changed: rows are rejected. Correct them, or add --rest to import the others.")
        raise typer.Exit(1)
    if plan.leavers and not leavers:
        out.print("Nothing was changed: people would leave. Look at the list, and add --leavers.")
        raise typer.Exit(1)
    with writing(home.sessions) as db:
        done = importer.apply_import(db, SYSTEM, plan, move=requirements.move_person, leave=requirements.leave_person)
    out.print(f"Done. {done.invited} invitations will be sent. {done.left} people left.")


@app.command()
def administrator(
    email: Annotated[str, typer.Argument(help="E-mail address.")],
    given_name: Annotated[str, typer.Argument(help="Given name.")],
    family_name: Annotated[str, typer.Argument(help="Family name.")],
) -> None:
    """Add an administrator of the whole installation and print the link by which they choose a password.

    In an empty database this also founds the country (KLASTERIS_COUNTRY) and, of Lithuania, its sixty municipalities.

    Example: `klasteris people administrator ona@sav.example Ona Petraitienė`
    """
    home = house()
    upgrade(home)
    with writing(home.sessions) as db:
        root = places.root(db) or organisations.found_country(db, SYSTEM, home.settings.country)[0]
        person = accounts.create(
            db, SYSTEM, organisation=root, given_name=given_name, family_name=family_name, email=email
        )
        accounts.give_grant(db, SYSTEM, person=person, role=Role.ADMINISTRATOR, organisation=root)
        token = accounts.hand_over_link(db, SYSTEM, person=person)
    out.print(f"{home.settings.base_url.rstrip('/')}/set-password/{token}", markup=False, soft_wrap=True)
