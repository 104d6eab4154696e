"""What people need in every test, from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.assessment import importer
from app.assessment.rules import Accommodation
from app.cli.console import house, out, upgrade
from app.kit.actor import SYSTEM
from app.kit.database import reading, writing

app = typer.Typer(help="Time and attempts of one's own in every test.", no_args_is_help=True)


@app.command("import")
def import_needs(
    source: Annotated[
        Path,
        typer.Argument(
            help="Excel workbook (.xlsx) or CSV file with the columns E-mail, Time and Attempts.",
            exists=True,
            dir_okay=False,
        ),
    ],
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without this, only say what would be done.")] = False,
    rest: Annotated[
        bool, typer.Option("--rest", help="With --apply: set the rest although rows are rejected.")
    ] = False,
) -> None:
    """Set how much time and how many more attempts people need. Without `--apply` nothing is changed.

    Time is 1, 1.25, 1.5, 2, 2.5 or 3 times the usual, or 0 for no limit; attempts come on top of those of the test. An
    empty cell is the usual, and takes back what was set. No reason belongs into the file; other columns are not read.

    Example: `klasteris accommodations import needs.csv --apply`
    """
    home = house()
    upgrade(home)
    with reading(home.sessions) as db:
        plan = importer.plan(db, SYSTEM, source.read_bytes())
    back = sum(needs == Accommodation() for _person, needs in plan.wanted)
    out.print(f"To set: {len(plan.wanted) - back}. To take back: {back}. Unchanged: {plan.unchanged}.")
    out.print(f"Rejected: {len(plan.refused)}.")
    for one in plan.refused:
        out.print(f"  row {one.number}: {one.why}", markup=False)
    if not apply:
        out.print("This was a dry run: nothing was changed. Add --apply to do it.")
        return
    if plan.refused and not rest:
        out.print("Nothing was changed: rows are rejected. Correct them, or add --rest to set the others.")
        raise typer.Exit(1)
    with writing(home.sessions) as db:
        done = importer.apply(db, SYSTEM, plan)
    out.print(f"Done for {done} people.")
