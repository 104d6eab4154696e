"""Progress against evidence, and the queue of work to do."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.console import house, out, progress, upgrade
from app.jobs import ask_for_regular_work, handlers
from app.kit import jobs as queue
from app.kit.database import reading, writing
from app.learning import actions as learning
from app.requirements import actions as requirements

app = typer.Typer(help="What learners have done, against the evidence for it.", no_args_is_help=True)
jobs = typer.Typer(help="Work to do after commit.", no_args_is_help=True)


@app.command()
def verify() -> None:
    """Fold all evidence from zero and compare with what is stored, periods included. Exit status 1 when anything differs.

    Example: `klasteris progress verify`
    """
    home = house()
    with reading(home.sessions) as db, progress("Folding", learning.how_many(db)) as ticker:
        differences = [*learning.verify(db, ticker.at), *requirements.verify(db)]
    for one in differences:
        out.print(f"{one.what}: stored {one.stored}, evidence says {one.folded}", markup=False)
    out.print(f"{len(differences)} differences.")
    raise typer.Exit(1 if differences else 0)


@app.command()
def rebuild() -> None:
    """Fold all evidence from zero and store what it adds up to.

    Example: `klasteris progress rebuild`
    """
    home = house()
    with writing(home.sessions) as db, progress("Folding", learning.how_many(db)) as ticker:
        folded = learning.rebuild(db, ticker.at)
    out.print(f"{folded} enrolments rebuilt.")


@jobs.callback()
def _group() -> None:
    """Work to do after commit."""


@jobs.command()
def run(
    once: Annotated[bool, typer.Option(help="Stop when nothing is left to do.")] = False,
) -> None:
    """Do the waiting work: send mails, invitations, reminders. Several of these may run side by side.

    Example: `klasteris jobs run --once`
    """
    import threading

    home = house()
    upgrade(home)
    work = handlers(home.settings)
    stop = threading.Event()
    while True:
        with writing(home.sessions) as db:
            ask_for_regular_work(db)
        done = queue.drain(home.sessions, work)
        if done:
            out.print(f"{done} done.")
        if once or stop.wait(2):
            return
