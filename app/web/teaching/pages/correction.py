"""A question that is to be corrected: what is right, who would be marked otherwise, and what becomes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from app.assessment import actions, rules
from app.assessment.actions import Affected, Preview
from app.assessment.rules import Change, How, Policy, Result
from app.kit.actor import Actor
from app.kit.errors import Conflict, Invalid
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext, number
from app.kit.limits import CORRECTION_REASON
from app.kit.markdown import markup
from app.web.forms import Form
from app.web.teaching.pages.analysis import Analysed, change_said, letters, place_of, policy_said, quiz_url, words_of


@dataclass(frozen=True, slots=True)
class PersonLine:
    """An attempt that would change; `kind` colours what becomes of it."""

    who: str
    place: str
    attempt: str
    before: str
    after: str
    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class Figures:
    attempts: str
    gains: str
    loses: str
    newly_passed: str
    below: int
    below_said: str
    more: str


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """`seen` is there once a correction was chosen that makes sense; `fields` are its hidden values."""

    form: Form
    course_title: str
    course_url: str
    quiz_title: str
    quiz_url: str
    title: str
    lang: str
    question_url: str
    url: str
    ways: tuple[tuple[str, str, str], ...]
    options: tuple[tuple[str, str], ...]
    several: bool
    typed: bool
    seen: Figures | None
    change: str
    lines: tuple[PersonLine, ...]
    policies: tuple[tuple[str, str, str], ...]
    fields: tuple[tuple[str, str], ...]
    most: int


def change_from(question: str, how: str, right: list[str], value: str) -> Change | None:
    """What a form asks for; None while nothing was chosen."""
    if how not in (How.KEY, How.ACCEPT, How.VOID):
        return None
    return Change(
        question, How(how), tuple(right) if how != How.VOID else (), value.strip() if how == How.ACCEPT else ""
    )


def correction_page(
    db: Session, actor: Actor, one: Analysed, question: str, change: Change | None, form: Form
) -> CorrectionPage:
    body = one.sheet.questions[place_of(one, question)].body
    words = words_of(body)
    chosen, typed = body["type"] in rules.CHOSEN, body["type"] in rules.TYPED
    seen: Preview | None = None
    if change is not None:
        try:
            seen = actions.preview(db, actor, course=one.course, change=change)
        except (Invalid, Conflict) as refusal:
            form = form.failing(refusal)
    url = f"{quiz_url(one)}/questions/{question}"
    return CorrectionPage(
        form=form,
        course_title=one.course_title,
        course_url=f"/teaching/courses/{one.course.slug}",
        quiz_title=one.title,
        quiz_url=quiz_url(one),
        title=words["title"],
        lang=words["lang"],
        question_url=url,
        url=f"{url}/correct",
        ways=_ways(chosen, typed),
        options=_options(body, words) if chosen else (),
        several=body["type"] == "multiple",
        typed=typed,
        seen=_figures(seen) if seen else None,
        change=change_said(change, body) if change and seen else "",
        lines=_lines(seen) if seen else (),
        policies=_policies(),
        fields=_fields(change, seen) if change and seen else (),
        most=CORRECTION_REASON,
    )


def _ways(chosen: bool, typed: bool) -> tuple[tuple[str, str, str], ...]:
    void = (How.VOID.value, _("Leave the question out of the count"), _("Its points leave the sum, for everybody."))
    accept = (How.ACCEPT.value, _("Accept another answer too"), _("What is right now stays right."))
    key = (How.KEY.value, _("Correct the key"), _("Only what you choose below is right."))
    return (key, accept, void) if chosen else (accept, void) if typed else (void,)


def _options(body: Mapping[str, Any], words: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    named = letters(body)
    return tuple(
        (option["id"], _option(named[option["id"]], markup(words["options"][option["id"]]["text"]).striptags(), option))
        for option in body["options"]
    )


def _option(letter: str, text: str, option: Mapping[str, Any]) -> str:
    if option["fraction"] > 0:
        return _("%(letter)s. %(text)s (right now)", letter=letter, text=text)
    return f"{letter}. {text}"


def _policies() -> tuple[tuple[str, str, str], ...]:
    hints = {
        Policy.RAISE: _("Nobody's share of the points goes down. This is fair where the mistake was ours."),
        Policy.ALL: _("Points may go down too. What was passed stays passed, and what was completed stays completed."),
        Policy.NOTHING: _("Attempts that were handed in stay as they are."),
    }
    return tuple((policy.value, policy_said(policy), hint) for policy, hint in hints.items())


def _fields(change: Change, seen: Preview) -> tuple[tuple[str, str], ...]:
    right = tuple(("right", one) for one in change.right)
    return (("how", change.how.value), *right, ("value", change.value), ("known", str(seen.known)))


def _figures(seen: Preview) -> Figures:
    rest = seen.changed - len(seen.lines)
    return Figures(
        attempts=number(seen.attempts),
        gains=number(seen.gains),
        loses=number(seen.loses),
        newly_passed=number(seen.newly_passed),
        below=seen.below,
        below_said=ngettext(
            "%(num)s person would have fewer points than the pass mark if all were marked anew, and stays passed.",
            "%(num)s people would have fewer points than the pass mark if all were marked anew, and stay passed.",
            seen.below,
        ),
        more=ngettext("and %(num)s attempt more", "and %(num)s attempts more", rest) if rest > 0 else "",
    )


def _lines(seen: Preview) -> tuple[PersonLine, ...]:
    """People by name; those whose names the reader is not to learn together, where the same becomes of them."""
    named = [_line(line) for line in seen.lines if line.name]
    hidden = Counter(_line(line) for line in seen.lines if not line.name)
    together = [replace(line, who=ngettext("%(num)s person", "%(num)s people", n)) for line, n in hidden.most_common()]
    order = {"done": 0, "soon": 1, "off": 2}
    return tuple(sorted((*named, *together), key=lambda line: order[line.kind]))


def _line(line: Affected) -> PersonLine:
    effect = line.effect
    if effect.newly_passed:
        kind, word = "done", _("Passes by it")
    elif effect.gains:
        kind, word = "done", _("Gains")
    elif effect.below:
        kind, word = "soon", _("Below the pass mark, stays passed")
    elif effect.loses:
        kind, word = "soon", _("Would lose")
    else:
        kind, word = "off", _("The same share")
    return PersonLine(
        who=line.name,
        place=line.place or _("Another organisation"),
        attempt=_("attempt %(n)s", n=line.number) if line.name else "",
        before=points_said(effect.before),
        after=points_said(effect.after),
        kind=kind,
        word=word,
    )


def points_said(result: Result) -> str:
    return _("%(score)s of %(all)s", score=number(round(result.score, 2)), all=number(result.max_score))
