"""klasteris: the command by which an operator runs the platform."""

from __future__ import annotations

import sys

import typer
from pydantic import ValidationError

from app.cli import accommodations, certificates, courses, data, people, progress, requirements, serving, verifying
from app.cli.console import close, err
from app.kit.errors import Invalid, KitError

app = typer.Typer(
    name="klasteris",
    help="Klasteris, a virtual training platform for the public sector.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
app.command()(serving.serve)
app.command()(serving.demo)
app.command()(serving.doctor)
app.command()(data.backup)
app.command()(data.restore)
app.command()(verifying.verify)
app.add_typer(data.db, name="db")
app.add_typer(courses.app, name="courses")
app.add_typer(people.app, name="people")
app.add_typer(requirements.app, name="requirements")
app.add_typer(accommodations.app, name="accommodations")
app.add_typer(certificates.app, name="certificates")
app.add_typer(progress.app, name="progress")
app.add_typer(progress.jobs, name="jobs")


def main() -> None:
    try:
        app()
    except ValidationError as wrong:  # settings that cannot be: say which and why, without a stack
        for problem in wrong.errors():
            err.print(f"[red]{problem['msg'].removeprefix('Value error, ')}[/red]")
        sys.exit(2)
    except KitError as refusal:
        err.print(str(refusal), style="red", markup=False)
        for field, why in (refusal.fields if isinstance(refusal, Invalid) else {}).items():
            err.print(f"  {field}: {why}", markup=False)
        sys.exit(1)
    finally:
        close()
