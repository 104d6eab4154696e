"""Requirements from the command line: what is in force, what a rule in a file would do, and doing it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from sqlalchemy import true
from sqlalchemy.orm import Session

from app.cli.console import House, err, house, out, upgrade
from app.kit import clock
from app.kit.actor import SYSTEM
from app.kit.database import reading, writing
from app.requirements import actions as requirements
from app.requirements import queries as required
from app.requirements.queries import Plan
from app.requirements.rules import Rule
from app.web.duties import again_word, due_word
from app.web.ruling import RuleForm, rule_from

app = typer.Typer(help="Who must learn what by when.", no_args_is_help=True)
RuleFile = Annotated[
    Path,
    typer.Argument(help="A rule as JSON, with the fields of POST /api/v1/requirements.", exists=True, dir_okay=False),
]


def _read(db: Session, source: Path) -> Rule:
    try:
        said = RuleForm.model_validate(json.loads(source.read_text("utf-8")))
    except json.JSONDecodeError as wrong:
        err.print(f"{source} is not JSON: line {wrong.lineno}, {wrong.msg}", style="red", markup=False)
        raise typer.Exit(2) from None
    except ValidationError as wrong:
        for problem in wrong.errors():
            err.print(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}", style="red", markup=False)
        raise typer.Exit(2) from None
    return rule_from(db, SYSTEM, said)[0]


@app.command("list")
def list_them() -> None:
    """Print every requirement in force: key, where, what, by when, how many have completed it.

    Example: `klasteris requirements list`
    """
    home = house()
    with reading(home.sessions) as db:
        for one in required.requirements(db, true(), "en"):
            if one.active:
                done = f"{one.completed} of {one.base}"
                when = f"{due_word(one.rule)}, {again_word(one.rule)}"
                out.print(
                    f"{one.key}  {one.organisation_code}  {one.course_title}  {when}  {done}",
                    markup=False,
                    soft_wrap=True,
                )


@app.command("dry-run")
def dry_run(source: RuleFile) -> None:
    """Print whom a rule would reach and the next dates of some of them. Nothing is changed.

    Example: `klasteris requirements dry-run rule.json`
    """
    home = house()
    with reading(home.sessions) as db:
        rule = _read(db, source)
        _print(required.plan_rule(db, rule, today=clock.today(), lang="en"))
    out.print("This was a dry run: nothing was changed.")


def _print(plan: Plan) -> None:
    out.print(
        f"{plan.reached} people in {len(plan.units)} units, {plan.completed} already valid, {plan.near} with a date too near."
    )
    for one in plan.samples:
        dates = ", ".join(cycle.due.on.isoformat() for cycle in one.cycles)
        out.print(f"  {one.name}: {dates}", markup=False)


@app.command("apply")
def apply(source: RuleFile) -> None:
    """Set a rule. The same rule a second time adds nobody.

    Example: `klasteris requirements apply rule.json`
    """
    home = house()
    upgrade(home)
    with writing(home.sessions) as db:
        done = requirements.set_rule(db, SYSTEM, rule=_read(db, source))
    out.print(f"{done.key}: {done.added} added, {done.later} to follow.")


@app.command("renew")
def renew() -> None:
    """Begin the next period of everybody whose window has opened. The server does this each day by itself.

    Example: `klasteris requirements renew`
    """
    home: House = house()
    with writing(home.sessions) as db:
        requirements.settle_absences(db)
        begun = requirements.renew(db)
    out.print(f"{begun} periods begun.")
