"""The attempts at the final test of the course on data protection, as the results of those two years say they went."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from app.assessment import actions as assessment
from app.assessment import queries, rules
from app.assessment.actions import PastAttempt
from app.catalog import queries as catalog
from app.demo.history import GDPR
from app.demo.marks import LETTERS
from app.demo.opinions import FINAL
from app.kit.database import Sessions, writing
from app.learning import queries as learners
from app.learning.actions import PastRun
from app.learning.rules import Kind

PEOPLE = 130
LASTED = timedelta(minutes=14)


def hand_in(sessions: Sessions, runs: Iterable[PastRun]) -> int:
    """As many right answers as each result has; some questions are harder than others. Answers how many attempts."""
    rng = random.Random(20261124)  # noqa: S311 - the same world every time

    def key() -> str:
        return "".join(rng.choice(LETTERS) for _ in range(16))

    with writing(sessions) as db:
        course = catalog.course_by_slug(db, GDPR)
        if course is None:
            return 0
        made: list[PastAttempt] = []
        took = [
            (run, [event for event in run.events if (event.kind, event.subject) == (Kind.QUIZ_GRADED, FINAL)])
            for run in runs
            if run.course_id == course.id
        ]
        for run, graded in [one for one in took if one[1]][:PEOPLE]:
            own = learners.run_for(db, run.person_id, GDPR)
            if own is None or own.enrolment_id is None:
                continue
            stored = catalog.quiz(db, run.version_id, FINAL)
            shuffle = queries.quiz_rules(db, run.version_id, FINAL).shuffle
            wanted = {revision for item in stored.items for revision in item.get("members") or [item["revision"]]}
            bodies = {revision: one.body for revision, one in catalog.revisions(db, wanted).items()}
            for number, event in enumerate(graded, 1):
                seed = rng.randrange(1 << 30)
                asked = [
                    (one.question, bodies[one.revision])
                    for one in rules.lay_out(stored.items, bodies, shuffle=shuffle, seed=seed)
                ]
                missed = len(asked) - round(float(event.data["score"]) * len(asked))
                answers = _answers(rng, asked, missed)
                began = event.at - LASTED
                made.append(
                    PastAttempt(own.enrolment_id, run.version_id, FINAL, number, "lt", seed, answers, began, event.at)
                )
        return assessment.take_over_attempts(db, made, key=key)


def _answers(
    rng: random.Random, asked: list[tuple[str, Mapping[str, Any]]], missed: int
) -> dict[str, Mapping[str, Any]]:
    """`missed` of the questions wrong, the hard ones first and now and then another; the rest right."""
    by_hardness = sorted(asked, key=lambda one: -_hardness(one[0]) * rng.uniform(0.3, 1.0))
    wrong = {question for question, _body in by_hardness[:missed]}
    found: dict[str, Mapping[str, Any]] = {}
    for question, body in asked:
        said = _mistake(rng, body) if question in wrong else rules.full_answer(body)
        if said:
            found[question] = said
    return found


def _hardness(question: str) -> float:
    """From 0 to 1, the same for a question every time."""
    return random.Random(question).random()  # noqa: S311 - nothing here is secret


def _mistake(rng: random.Random, body: Mapping[str, Any]) -> dict[str, Any]:
    """A wrong option, most often the same one; nothing at all where nothing is chosen from."""
    options = [one["id"] for one in body["options"] if one.get("fraction", 0) <= 0]
    if not options or body["type"] not in ("single", "multiple", "truefalse"):
        return {}
    return {"options": [rng.choices(options, [6, 3, *(1,) * len(options)][: len(options)])[0]]}
