"""Questions corrected after they were asked: what a correction changes in a key, and what that makes of marks. Pure.

A correction belongs to a question of a course, over all its versions, and holds for the revisions that there were when
it was made: what is published later says for itself what is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.assessment.rules.attempts import Asked
from app.assessment.rules.certainty import earned
from app.assessment.rules.marking import BY_HAND, Body, Response, grade, is_answered, is_by_hand, is_graded
from app.assessment.rules.quiz import QuizRules
from app.assessment.rules.typed import read_number
from app.kit.errors import Conflict, Invalid, KitError
from app.kit.i18n import N_

CHOSEN = ("single", "truefalse", "multiple")
TYPED = ("text", "numeric")
ACCEPTED_CHARACTERS = 300


class How(StrEnum):
    """What is done to a question."""

    VOID = "void"  # it counts for nobody: its points leave the sum
    ACCEPT = "accept"  # one answer more is right
    KEY = "key"  # other options are the right ones
    REVISION = "revision"  # the key of another revision, as a published version brings it


class Policy(StrEnum):
    """What becomes of attempts that were handed in before the correction."""

    NOTHING = "nothing"
    RAISE = "raise"  # whoever gains is marked anew; nobody loses
    ALL = "all"  # everybody is marked anew; what was passed stays passed


@dataclass(frozen=True, slots=True)
class Change:
    """One correction as it is asked for. `right` are option ids (for KEY the right ones, for ACCEPT the one to be
    taken too), `value` a text or number to be taken too, `revision` where the key is found (for REVISION)."""

    question: str
    how: How
    right: tuple[str, ...] = ()
    value: str = ""
    revision: str = ""

    def data(self) -> dict[str, Any]:
        return {"right": list(self.right), "value": self.value, "revision": self.revision}


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction that was made: `revisions` are those it holds for, `source` the body that REVISION takes keys from."""

    id: int
    change: Change
    revisions: frozenset[str]
    source: Body | None = None

    def holds_for(self, one: Asked) -> bool:
        return one.question == self.change.question and one.revision in self.revisions


@dataclass(frozen=True, slots=True)
class Handed:
    """One answer as it was handed in; `hand` is the share a person gave it, or None."""

    response: Response
    hints: int = 0
    hand: float | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """What an attempt earns: shares by question, what a person has still to mark, and points."""

    fractions: Mapping[str, float] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()
    score: float = 0.0
    max_score: float = 0.0

    @property
    def share(self) -> float:
        return self.score / self.max_score if self.max_score else 1.0


def mark_all(
    asked: Sequence[Asked],
    bodies: Mapping[str, Body],
    handed: Mapping[str, Handed],
    corrections: Iterable[Correction] = (),
    *,
    held_to: QuizRules | None = None,
) -> Marks:
    """Every answer of an attempt, marked. `bodies` by revision, `handed` by question; a void question counts nowhere.

    By the rules the quiz is `held_to` points are weighed by certainty, and nothing is marked in a survey.
    """
    if held_to is not None and held_to.is_survey:
        return Marks()
    made = tuple(corrections)
    fractions: dict[str, float] = {}
    waiting: set[str] = set()
    score = most = 0.0
    for one in asked:
        if is_void(one, made):
            continue
        most += one.points
        body, given = corrected_for(one, bodies[one.revision], made), handed.get(one.question)
        if given is None or not is_graded(body):
            continue
        if is_by_hand(body) and is_answered(given.response):
            if given.hand is None:
                waiting.add(one.question)
                continue
            fractions[one.question] = given.hand
        else:
            fractions[one.question] = grade(body, given.response, given.hints) or 0.0
        share = fractions[one.question]
        score += share * one.points if held_to is None else earned(held_to, one.points, share, given.response)
    # Certainty may take more away than there is; nobody ends below nothing.
    return Marks(fractions, frozenset(waiting), round(max(0.0, score), 6), round(most, 6))


def is_void(one: Asked, corrections: Iterable[Correction]) -> bool:
    return any(made.change.how is How.VOID and made.holds_for(one) for made in corrections)


def without(items: Sequence[Mapping[str, Any]], void: frozenset[str]) -> list[Mapping[str, Any]]:
    """What a quiz asks, without the revisions that count for nobody any more; draws are made from the rest."""
    out: list[Mapping[str, Any]] = []
    for item in items:
        if item["kind"] == "question":
            out += [item] if item["revision"] not in void else []
        else:
            out.append({**item, "members": [one for one in item["members"] if one not in void]})
    return out


def corrected_for(one: Asked, body: Body, corrections: Iterable[Correction]) -> Body:
    """The body with everything that corrections have changed in its key, in the order in which they were made."""
    for made in corrections:
        if made.holds_for(one):
            body = corrected(body, made.change, made.source)
    return body


def corrected(body: Body, change: Change, source: Body | None = None) -> Body:
    """A question's body with another key. What is void keeps its key: it is shown, and only not counted.

    A further right answer to a question with several: choosing that option gains and costs nothing any more.
    """
    match change.how:
        case How.VOID:
            return body
        case How.REVISION:
            assert source is not None
            return _with_key_of(body, source)
        case How.KEY:
            options = [{**o, "fraction": float(o["id"] in change.right), "free": False} for o in body["options"]]
            return {**body, "options": options}
        case How.ACCEPT if body["type"] in TYPED:
            number = read_number(change.value) if body["type"] == "numeric" else None
            more = {"id": "accepted", "fraction": 1.0, "value": change.value, "low": number, "high": number}
            return {**body, "options": [more, *body["options"]]}
        case How.ACCEPT:
            free = body["type"] == "multiple"
            options = [_accepted(o, free=free) if o["id"] in change.right else o for o in body["options"]]
            return {**body, "options": options}


def _accepted(option: Mapping[str, Any], *, free: bool) -> dict[str, Any]:
    return {**option, "fraction": 0.0, "free": True} if free else {**option, "fraction": 1.0}


def _with_key_of(body: Body, source: Body) -> Body:
    """The same options and gaps, marked as in another revision; an option that is gone there earns nothing."""
    rules = {name: source[name] for name in ("scoring", "case", "match") if name in source}
    match body["type"]:
        case "single" | "truefalse" | "multiple":
            marks = {o["id"]: o["fraction"] for o in source["options"]}
            options = [{**o, "fraction": marks.get(o["id"], 0.0), "free": False} for o in body["options"]]
            return {**body, **rules, "options": options}
        case "text" | "numeric":
            return {**body, **rules, "options": source["options"]}
        case "order":
            there = [o["id"] for o in source["options"]]
            return {**body, **rules, "options": sorted(body["options"], key=lambda o: there.index(o["id"]))}
        case "match" | "cloze":
            keys = {part["id"]: part for part in source["parts"]}
            parts = [_part(part, keys[part["id"]]) for part in body["parts"]]
            return {**body, **rules, "parts": parts}
        case _:
            return body


def _part(part: Mapping[str, Any], source: Mapping[str, Any]) -> dict[str, Any]:
    if part["kind"] == "pick":
        return {**part, "key": source["key"]}
    return {**part, "options": source["options"]}


def same_key(one: Body, other: Body) -> bool:
    """Whether two revisions of a question mark every answer alike, as far as their keys say."""
    return bool(_key(one) == _key(other))


def _key(body: Body) -> Any:
    def options(of: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        return [(o["id"], o["fraction"], o.get("value"), o.get("low"), o.get("high")) for o in of["options"]]

    parts = [(p["id"], p["kind"], p.get("key"), options(p)) for p in body.get("parts", ())]
    sorts = body["type"] != "order"
    listed = options(body)
    said = (body["type"], body["scoring"], body["case"], body["match"])
    return (*said, sorted(listed, key=str) if sorts else listed, sorted(parts, key=str))


def refuse(change: Change, body: Body, source: Body | None = None) -> None:
    """Raise what is wrong with a correction of this question: `Invalid` names a field, `Conflict` the whole."""
    if change.how is How.VOID:
        return
    if body["type"] in BY_HAND or not is_graded(body):
        raise Conflict(N_("This question has no key: a person marks it, or nobody does."))
    ids = {o["id"] for o in body["options"]}
    match change.how:
        case How.KEY:
            if body["type"] not in CHOSEN:
                raise Conflict(N_("The key of such a question is corrected in the course itself, by a new version."))
            if not change.right or not set(change.right) <= ids:
                raise Invalid(right=KitError(N_("Choose what is right.")))
            if body["type"] != "multiple" and len(change.right) > 1:
                raise Invalid(right=KitError(N_("Choose one answer. To take another one too, choose to accept it.")))
        case How.ACCEPT if body["type"] in TYPED:
            if not change.value.strip():
                raise Invalid(value=KitError(N_("Write the answer that is to be accepted.")))
            if len(change.value) > ACCEPTED_CHARACTERS:
                raise Invalid(value=KitError(N_("Use at most %(limit)s characters."), limit=ACCEPTED_CHARACTERS))
            if body["type"] == "numeric" and read_number(change.value) is None:
                raise Invalid(value=KitError(N_("Write a number in digits, for example 2.5.")))
        case How.ACCEPT:
            if body["type"] not in CHOSEN:
                raise Conflict(N_("The key of such a question is corrected in the course itself, by a new version."))
            if len(change.right) != 1 or not set(change.right) <= ids:
                raise Invalid(right=KitError(N_("Choose one answer.")))
            full = {o["id"] for o in body["options"] if o["fraction"] == 1}
            if body["type"] == "multiple" and full <= set(change.right):
                raise Invalid(right=KitError(N_("This is the only right answer already.")))
        case How.REVISION:
            if source is None or not _fits(body, source):
                raise Conflict(N_("The question asks something else now. Leave the old one out of the count instead."))


def _fits(body: Body, source: Body) -> bool:
    """Whether answers to one revision can be marked by another's key."""
    if body["type"] != source["type"]:
        return False
    ids, there = ({o["id"] for o in one["options"]} for one in (body, source))
    parts, others = ({(p["id"], p["kind"]) for p in one.get("parts", ())} for one in (body, source))
    match body["type"]:
        case "order":
            return ids == there
        case "single" | "truefalse" | "multiple":
            return bool({o["id"] for o in source["options"] if o["fraction"] > 0} & ids)
        case _:
            return parts <= others


@dataclass(frozen=True, slots=True)
class Result:
    """Points and whether they pass; `passed` None while something waits for a person."""

    score: float
    max_score: float
    passed: bool | None

    @property
    def share(self) -> float:
        return self.score / self.max_score if self.max_score else 1.0


@dataclass(frozen=True, slots=True)
class Effect:
    """What a correction does to one attempt. `reaches` is what the points say, whatever stays passed."""

    before: Result
    after: Result
    reaches: bool | None

    @property
    def changed(self) -> bool:
        return self.before != self.after

    @property
    def gains(self) -> bool:
        newly = bool(self.after.passed) and not self.before.passed
        return newly or self.after.share > self.before.share + 1e-9

    @property
    def loses(self) -> bool:
        return not self.gains and self.after.share < self.before.share - 1e-9

    @property
    def newly_passed(self) -> bool:
        return bool(self.after.passed) and self.before.passed is False

    @property
    def below(self) -> bool:
        """Passed, though the points would no longer do."""
        return self.after.passed is True and self.reaches is False

    def taken(self, policy: Policy) -> bool:
        """Whether a policy writes this down."""
        match policy:
            case Policy.NOTHING:
                return False
            case Policy.RAISE:
                return self.changed and self.gains
            case Policy.ALL:
                return self.changed


def effect(before: Result, marks: Marks, *, passes: bool) -> Effect:
    """What new marks make of an attempt: `passes` says whether the points reach the pass mark. Passed stays passed."""
    reaches = None if marks.waiting else passes
    passed = True if before.passed else reaches
    return Effect(before, Result(marks.score, marks.max_score, passed), reaches)
