"""Two tabs and a bad network, five hundred times: what was acknowledged is never written over unseen, and history explains."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from app.assessment import actions, queries
from app.assessment.models import AnswerSave
from app.assessment.rules import Outcome, Sent
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.kit.errors import Invalid
from tests.assessment.faults.place import Place, a_place, faults_in

INTERLEAVINGS, QUESTIONS = 500, 25


@dataclass
class Tab:
    """What a browser tab believes: `base` is the last revision it was told of, `shows` the words on its page."""

    name: str
    base: int = 0
    shows: str = ""
    sequence: int = 0
    under_way: list[tuple[Sent, str]] = field(default_factory=list)
    waiting: tuple[Sent, str] | None = None  # the newest that is not known to be kept

    def type(self, words: str) -> None:
        self.sequence += 1
        self.shows = words
        self.waiting = (Sent(self.name, self.sequence, self.base), words)
        self.under_way.append(self.waiting)


class Question:
    """One question of one attempt, and who has said what to it."""

    def __init__(self, place: Place, attempt: queries.AttemptView, question: str) -> None:
        self.place, self.attempt, self.question = place, attempt, question

    def deliver(self, sent: Sent, words: str) -> actions.Saved:
        with writing(self.place.sessions) as db:
            return actions.save(
                db,
                self.place.learners[0],
                attempt=self.attempt,
                question=self.question,
                response={"text": words},
                flagged=False,
                sent=sent,
            )

    def stands(self) -> tuple[str, int]:
        given = self.place.view(self.attempt.key).given.get(self.question)
        return (str(given.response["text"]), given.revision) if given is not None else ("", 0)


def interleave(question: Question, rng: random.Random, number: int) -> tuple[int, int]:
    """A life of two tabs; answers how many saves were kept and how many lost to the other tab."""
    tabs = [Tab(f"left {number}:"), Tab(f"right {number}:")]
    kept, lost = 0, 0
    last = ("", 0)  # what stands, by what was acknowledged alone
    for step in range(rng.randrange(6, 14)):
        tab = rng.choice(tabs)
        act = rng.choice(("type", "type", "deliver", "deliver", "twice", "reload"))
        if act == "type":
            tab.type(f"{tab.name} {step}")
        elif act == "reload" and tab.waiting is None:
            tab.shows, tab.base = question.stands()
        elif act in ("deliver", "twice") and tab.under_way:
            # Packets overtake one another, come twice, and their answers get lost on the way back.
            sent, words = tab.under_way[rng.randrange(len(tab.under_way))]
            if act == "deliver":
                tab.under_way.remove((sent, words))
            said = question.deliver(sent, words)
            heard = rng.random() < 0.7
            now = question.stands()
            if said.outcome is Outcome.KEPT and said.revision == now[1] and now[0] == words:
                kept += now != last
                last = now
            else:
                assert now == last, "what stood was changed by a save that was not kept"
            if said.outcome is Outcome.ELSEWHERE:
                lost += 1
                assert now[0] != words and not now[0].startswith(tab.name)
            if heard and said.outcome is Outcome.KEPT:
                tab.base = max(tab.base, said.revision)
            if heard and tab.waiting == (sent, words):
                tab.waiting = None
    return kept, lost


@pytest.mark.timeout(600)
def test_five_hundred_interleavings(sessions: Sessions, blobs: Blobs) -> None:
    place = a_place(sessions, blobs, questions=QUESTIONS)
    rng = random.Random(500)
    kept = lost = 0
    for number in range(INTERLEAVINGS):
        if number % QUESTIONS == 0:
            key = place.begin(place.learners[0])
            view = place.view(key)
        more = interleave(Question(place, view, f"q{number % QUESTIONS + 1}"), rng, number)
        kept, lost = kept + more[0], lost + more[1]
        if number % QUESTIONS == QUESTIONS - 1:
            with writing(sessions) as db:
                actions.submit(db, place.learners[0], attempt=view)
    assert kept > INTERLEAVINGS and lost > INTERLEAVINGS / 10, (
        kept,
        lost,
    )  # both happened often enough to mean something
    assert faults_in(sessions) == []


def test_what_waited_offline_comes_twice_and_out_of_order(sessions: Sessions, blobs: Blobs) -> None:
    place = a_place(sessions, blobs)
    question = Question(place, place.view(place.begin(place.learners[0])), "q1")
    queue = [(Sent("phone", n, 0), f"words {n}") for n in range(1, 21)]
    rng = random.Random(3)
    arriving = queue * 2
    rng.shuffle(arriving)
    newest = 0
    for sent, words in arriving:
        said = question.deliver(sent, words)
        newest = max(newest, sent.sequence)
        assert said.outcome.stands
        assert question.stands()[0] == f"words {newest}"
    with reading(sessions) as db:
        listed = db.scalars(select(AnswerSave)).all()
        assert sorted(one.sequence for one in listed) == list(range(1, 21))
        assert {one.outcome for one in listed} == {Outcome.KEPT, Outcome.OLDER}
    with pytest.raises(Invalid), writing(sessions) as db:
        actions.save(
            db,
            place.learners[0],
            attempt=question.attempt,
            question="q1",
            response={"text": "other words"},
            flagged=False,
            sent=queue[0][0],
        )


def test_who_changes_nothing_says_nothing_and_who_agrees_loses_nothing(sessions: Sessions, blobs: Blobs) -> None:
    place = a_place(sessions, blobs)
    question = Question(place, place.view(place.begin(place.learners[0])), "q1")
    question.deliver(Sent("a", 1, 0), "first")
    question.deliver(Sent("b", 1, 1), "second")
    assert question.deliver(Sent("a", 2, 0), "third").outcome is Outcome.ELSEWHERE
    assert question.deliver(Sent("", 0, 1), "first").outcome is Outcome.OLDER  # a page left open, sent as it was shown
    assert question.deliver(Sent("c", 1, 1), "second").outcome is Outcome.KEPT
    assert question.stands() == ("second", 2)
    assert question.deliver(Sent("a", 3, 2), "third").outcome is Outcome.KEPT  # having seen both
    with reading(sessions) as db:
        lost = db.scalars(select(AnswerSave).where(AnswerSave.outcome == Outcome.ELSEWHERE)).all()
        assert [one.response for one in lost] == [{"text": "third"}]  # even that is still there to be read
