"""The life of an attempt as a machine of states, beside a small model of what must come out of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine

from app.assessment import actions, queries
from app.assessment.rules import GRACE, AttemptState, Outcome, Sent
from app.kit import clock
from app.kit.blobs import Blobs
from app.kit.database import make_sessions, writing
from tests.assessment.faults.place import Place, a_place, faults_in

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LIMIT = timedelta(minutes=30)
QUESTIONS = ("q1", "q2")
WORDS = st.sampled_from(("right", "wrong", "almost", ""))
questions = st.sampled_from(QUESTIONS)
tabs = st.sampled_from(("left", "right"))


class Life(RuleBasedStateMachine):
    """Two tabs of one learner, a clock, and a network that comes and goes. The model: the words that stand for each
    question with their revision, what each tab has seen of it, what waits in it, and whether the attempt has ended."""

    place: Place

    @initialize()
    def begin(self) -> None:
        self.now = START
        self.serial = getattr(type(self), "serial", 0) + 1
        type(self).serial = self.serial
        with clock.at(self.now):
            self.key = self.place.begin(self.place.learners[0])
        self.deadline = START + LIMIT
        self.stands: dict[str, tuple[str, int]] = {}
        self.writers: dict[str, list[str]] = {name: [] for name in QUESTIONS}  # who made each revision
        self.seen: dict[tuple[str, str], int] = {}
        self.sequence = {"left": 0, "right": 0}
        self.newest: dict[tuple[str, str], int] = {}
        self.waiting: list[tuple[str, str, str, int, int]] = []
        self.ended = False
        self.score: float | None = None

    def over(self) -> bool:
        return self.now > self.deadline + GRACE

    def end(self) -> None:
        if not self.ended:
            self.ended = True
            self.score = float(sum(words == "right" for words, _ in self.stands.values()))

    def send(self, tab: str, question: str, words: str, sequence: int, base: int) -> None:
        with clock.at(self.now), writing(self.place.sessions) as db:
            view = queries.attempt(db, self.key)
            assert view is not None
            said = actions.save(
                db,
                self.place.learners[0],
                attempt=view,
                question=question,
                response={"text": words},
                flagged=False,
                sent=Sent(f"{tab}{self.serial}", sequence, base),
            )
        if self.ended or self.over():
            self.end()
            assert said.outcome is Outcome.LATE
            return
        stood, revision = self.stands.get(question, ("", 0))
        if sequence <= self.newest.get((tab, question), 0):
            assert said.outcome is Outcome.OLDER
            return
        foreign = [writer for writer in self.writers[question][base:] if writer != tab]
        if not foreign or (revision and words == stood):
            assert said.outcome is Outcome.KEPT
            if revision == 0 or words != stood:
                revision += 1
                self.writers[question].append(tab)
            self.stands[question] = (words, revision)
            self.newest[tab, question] = sequence
            self.seen[tab, question] = revision
        else:
            # Sending back what the page had shown says nothing; anything else is told that it has lost.
            assert said.outcome in (Outcome.ELSEWHERE, Outcome.OLDER)
            assert said.revision == revision

    @rule(tab=tabs, question=questions, words=WORDS)
    def answer(self, tab: str, question: str, words: str) -> None:
        self.sequence[tab] += 1
        self.send(tab, question, words, self.sequence[tab], self.seen.get((tab, question), 0))

    @rule(tab=tabs, question=questions, words=WORDS)
    def answer_offline(self, tab: str, question: str, words: str) -> None:
        self.sequence[tab] += 1
        self.waiting.append((tab, question, words, self.sequence[tab], self.seen.get((tab, question), 0)))

    @precondition(lambda self: self.waiting)
    @rule(which=st.integers(0, 50))
    def come_online(self, which: int) -> None:
        """One of what waited arrives, in any order."""
        self.send(*self.waiting.pop(which % len(self.waiting)))

    @rule(tab=tabs, question=questions)
    def look(self, tab: str, question: str) -> None:
        self.seen[tab, question] = self.stands.get(question, ("", 0))[1]

    @rule(minutes=st.integers(1, 9))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        with clock.at(self.now), writing(self.place.sessions) as db:
            actions.close_expired(db)
        if self.over():
            self.end()

    @precondition(lambda self: self.stands)
    @rule(times=st.integers(1, 2))
    def hand_in(self, times: int) -> None:
        for _ in range(times):
            with clock.at(self.now), writing(self.place.sessions) as db:
                view = queries.attempt(db, self.key)
                assert view is not None
                actions.submit(db, self.place.learners[0], attempt=view)
            self.end()

    @invariant()
    def is_as_the_model_says(self) -> None:
        if not hasattr(self, "key"):
            return
        with clock.at(self.now):
            view = self.place.view(self.key)
        assert {name: (given.response["text"], given.revision) for name, given in view.given.items()} == self.stands
        assert view.score == self.score
        assert (view.state is AttemptState.FINISHED) == (self.ended or self.over())

    def teardown(self) -> None:
        if hasattr(self, "key"):
            with clock.at(self.deadline + timedelta(hours=1)), writing(self.place.sessions) as db:
                actions.close_expired(db)


@pytest.fixture
def place(engine: Engine) -> Iterator[Place]:
    with tempfile.TemporaryDirectory() as folder, clock.at(START):
        yield a_place(make_sessions(engine), Blobs(Path(folder)), questions=2, time="PT30M")


@pytest.mark.timeout(600)
def test_an_attempt_lives_as_its_model_does(place: Place) -> None:
    machine: Any = type("LifeHere", (Life,), {"place": place})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert faults_in(place.sessions) == []
