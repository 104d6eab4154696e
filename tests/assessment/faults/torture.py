"""A process that saves, hands in and marks is killed, again and again, at any moment: `make torture`, or by the tests.

Each cycle forks a child that speaks to the application over its whole HTTP surface and says through a pipe what it is
about to ask and what was acknowledged. The parent kills it (SIGKILL) at a moment drawn from the seed, and looks whether
everything that was acknowledged is there, once.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import FastAPI
from sqlalchemy import Engine, func, select, text

from app.assessment.models import Answer, AnswerSave, Attempt, Grading
from app.assessment.rules import AttemptState
from app.kit.blobs import Blobs
from app.kit.database import Sessions, make_engine, make_sessions, reading
from app.main import create_app
from app.settings import Settings
from tests.assessment.faults.place import QUIZ, SLUG, Place, a_place, client, faults_in, sent
from tests.databases import databases

QUESTIONS = 3


@dataclass
class Tally:
    """`cut`: requests that were under way when the process was killed."""

    cycles: int = 0
    acknowledged: int = 0
    cut: int = 0
    attempts: int = 0
    marked: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass
class Cookies:
    learner: dict[str, str]
    trainer: dict[str, str]


def live(app: FastAPI, cookies: Cookies, cycle: int, last: str, pipe: int, attempts: int = 1000) -> None:
    """A child's life: repeat what may have been cut off, then take the exam until somebody kills it."""
    learner, trainer = client(app, cookies.learner), client(app, cookies.trainer)
    asked = 0

    def tell(*what: object) -> None:
        os.write(pipe, (json.dumps(what) + "\n").encode())

    def post(
        what: list[object], url: str, data: dict[str, str], ok: tuple[int, ...], *, by_trainer: bool = False
    ) -> str:
        nonlocal asked
        asked += 1
        tell("asked", asked)
        answer = (trainer if by_trainer else learner).post(url, data=data)
        if answer.status_code not in ok:
            tell("fault", f"{answer.status_code} for {url}: {answer.text[:200]}")
        if answer.status_code == 404:  # nothing to mark: killed before the essay was written
            what = ["nothing"]
        revision = answer.json()["revision"] if what[0] == "save" and answer.status_code == 200 else 0
        tell("acknowledged", asked, *what, revision)
        return answer.headers.get("location", "")

    def hand_in(key: str) -> None:
        post(["submit", key], f"/attempts/{key}/submit", {}, (303,))
        # Once marked, marking as one who has seen no marking is refused: that is no fault, it is the point.
        data = {"points": "2", "comment": "", "known": "0"}
        post(["mark", key], f"/teaching/marking/{key}/essay", data, (303, 404, 409, 422), by_trainer=True)

    if last:
        hand_in(last)
    sequence = 0
    for _ in range(attempts):
        where = post(["start"], f"/courses/{SLUG}/quizzes/{QUIZ}/start", {}, (303,))
        key = where.split("/")[2]
        for turn in range(2):
            for place in range(1, QUESTIONS + 2):
                sequence += 1
                said = sent(f"{cycle}.{sequence}.{turn}", tab=f"c{cycle}", sequence=sequence)
                post(["save", key, f"c{cycle}", sequence, said["answer"]], f"/attempts/{key}/{place}", said, (200,))
        hand_in(key)


def one_cycle(
    app: FastAPI, engine: Engine, cookies: Cookies, cycle: int, last: str, rng: random.Random
) -> list[list[object]]:
    """Fork, let it live for so many acknowledgements and a moment more, kill; answers what the child has told."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(out)
            engine.dispose(close=False)  # its connections are the parent's; what it has learnt to compile is kept
            live(app, cookies, cycle, last, into)
        finally:
            os._exit(1)
    os.close(into)
    lives, heard, told = rng.randrange(1, 14), 0, b""
    while heard < lives and (more := os.read(out, 65536)):
        told += more
        heard = told.count(b'["acknowledged"')
    time.sleep(rng.random() * 0.008)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    while more := os.read(out, 65536):
        told += more
    os.close(out)
    lines = [json.loads(line) for line in told.split(b"\n")[:-1]]
    if not os.WIFSIGNALED(status):
        lines.append(["fault", f"the child of cycle {cycle} ended by itself"])
    return lines


def missing(sessions: Sessions, acknowledged: list[list[object]]) -> list[str]:
    """What was acknowledged and is not there, or is there twice."""
    found = []
    with reading(sessions) as db:
        for _, _, what, *said in acknowledged:
            key = said[0] if said else ""
            row = db.scalar(select(Attempt).where(Attempt.key == key)) if what in ("save", "submit", "mark") else None
            if row is None:
                found += [f"attempt {key} is not there"] if what not in ("start", "nothing") else []
                continue
            if what == "save":
                _, tab, sequence, words, revision = said
                kept = db.scalar(
                    select(AnswerSave).where(
                        AnswerSave.attempt_id == row.id, AnswerSave.tab == tab, AnswerSave.sequence == sequence
                    )
                )
                if kept is None or kept.response != {"text": words} or kept.revision != revision:
                    found.append(f"save {tab}:{sequence} of {key} is lost")
                    continue
                stands = db.get_one(Answer, (row.id, kept.question))
                if stands.revision < kept.revision or (
                    stands.revision == kept.revision and stands.response != kept.response
                ):
                    found.append(f"answer {kept.question} of {key} has gone back")
            elif what == "submit" and row.state is not AttemptState.FINISHED:
                found.append(f"{key} is open again")
            elif what == "mark":
                marks = db.scalar(select(func.count()).select_from(Grading).where(Grading.attempt_id == row.id))
                if marks != 1:
                    found.append(f"{key} was marked {marks} times")
    return found


def torture(url: str, place: Place, engine: Engine, files: Path, cycles: int, seed: int) -> Tally:
    rng, tally = random.Random(seed), Tally()
    app = create_app(Settings(database_url=url, files=files, base_url="http://testserver"), sessions=place.sessions)
    cookies = Cookies(place.cookie(place.learners[0]), place.cookie(place.trainer))
    last, recent = "", []
    with (files / "warmed-up").open("wb") as told:
        live(app, cookies, 0, "", told.fileno(), attempts=1)
    for cycle in range(1, cycles + 1):
        engine.dispose()  # no connection goes through a fork
        told = one_cycle(app, engine, cookies, cycle, last, rng)
        acknowledged = [line for line in told if line[0] == "acknowledged"]
        asked = sum(line[0] == "asked" for line in told)
        tally.cycles += 1
        tally.acknowledged += len(acknowledged)
        tally.cut += asked > len(acknowledged)
        tally.faults += [str(line[1]) for line in told if line[0] == "fault"]
        recent += acknowledged
        tally.faults += missing(place.sessions, acknowledged)
        keys = [str(line[3]) for line in acknowledged if line[2] == "save"]
        last = keys[-1] if keys else last
        if cycle % 20 == 0 or cycle == cycles:
            tally.faults += missing(place.sessions, recent) + faults_in(place.sessions)
            recent = recent[-200:]
    with reading(place.sessions) as db:
        tally.attempts = db.scalar(select(func.count()).select_from(Attempt)) or 0
        tally.marked = db.scalar(select(func.count()).select_from(Grading)) or 0
        if engine.dialect.name == "sqlite" and (said := db.scalar(text("PRAGMA integrity_check"))) != "ok":
            tally.faults.append(f"integrity: {said}")
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cycles", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--url", default="", help="an empty database with every table; without it one is made")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="klasteris-torture-") as folder:
        if asked.url:
            tally = _at(asked.url, Path(folder), asked.cycles, asked.seed)
        else:
            with databases() as made, made.fresh() as engine:
                url = engine.url.render_as_string(hide_password=False)
                engine.dispose()
                tally = _at(url, Path(folder), asked.cycles, asked.seed)
    json.dump(asdict(tally), sys.stdout)
    print()
    sys.exit(1 if tally.faults else 0)


def _at(url: str, folder: Path, cycles: int, seed: int) -> Tally:
    engine = make_engine(url)
    sessions = make_sessions(engine)
    place = a_place(sessions, Blobs(folder), questions=QUESTIONS, essay=True)
    return torture(url, place, engine, folder, cycles, seed)


if __name__ == "__main__":
    main()
