"""What item analysis has found, in plain words: a headline, what it means, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from app.assessment.rules.analysis import ItemAnalysis, OptionCount, TestAnalysis
from app.assessment.rules.verdicts import Finding, Verdict
from app.kit.i18n import gettext as _
from app.kit.i18n import number, percent

STATES = {
    Verdict.FEW: "off",
    Verdict.KEY: "overdue",
    Verdict.BACKWARDS: "overdue",
    Verdict.HARD: "soon",
    Verdict.WEAK: "soon",
    Verdict.EASY: "soon",
    Verdict.IDLE: "done",
    Verdict.FINE: "done",
}


@dataclass(frozen=True, slots=True)
class Said:
    """`kind` colours the words; `word` is for lists."""

    kind: str
    word: str
    headline: str
    meaning: str


def said_of(item: ItemAnalysis, found: Finding, *, letters: dict[str, str]) -> Said:
    """`letters` says how each option is called."""
    kind = STATES[found.verdict]
    share = percent(item.facility or 0.0, 0)
    match found.verdict:
        case Verdict.FEW:
            words = (_("Too few answers"), _("Too few answers yet"), _("Item analysis begins with five people."))
        case Verdict.KEY:
            one = found.options[0]
            words = (
                _("Check the key"),
                _(
                    "%(share)s chose %(option)s, strong learners too",
                    share=percent(one.share, 0),
                    option=_name(one, letters),
                ),
                _(
                    "Most likely the key or the wording is wrong, not what people know. Where the strongest agree on a “wrong” answer, look at the question first."
                ),
            )
        case Verdict.BACKWARDS:
            words = (
                _("Check the wording"),
                _("The weakest do better here than the strongest"),
                _(
                    "Something in the question misleads those who know most: a second right answer, a “not” that is overlooked, or a wrong key."
                ),
            )
        case Verdict.HARD:
            words = (
                _("Very hard"),
                _("Only %(share)s of the points were earned", share=share),
                _("Either the course does not teach this well enough, or the question asks for more than it says."),
            )
        case Verdict.EASY:
            words = (
                _("Very easy"),
                _("%(share)s of the points were earned", share=share),
                _(
                    "Nearly everybody knows this. Keep it where knowing it matters; it says little about who knows more."
                ),
            )
        case Verdict.WEAK:
            words = (
                _("Tells little"),
                _("Strong and weak learners answer alike"),
                _("The question hardly tells who knows the matter: it may be guessed, or ask for something beside it."),
            )
        case Verdict.IDLE:
            names = ", ".join(_name(one, letters) for one in found.options)
            words = (
                _("Good"),
                _("The question works"),
                _(
                    "It tells the strong from the weak. Hardly anybody chooses %(options)s: better wrong answers would make it sharper.",
                    options=names,
                ),
            )
        case Verdict.FINE:
            words = (
                _("Good"),
                _("The question works"),
                _("It tells the strong from the weak, and the wrong answers are chosen by those who know less."),
            )
    return Said(kind, *words)


def _name(one: OptionCount, letters: dict[str, str]) -> str:
    return letters.get(one.option, f"“{one.option}”")


def trust(test: TestAnalysis) -> tuple[str, str]:
    """How far the results of a quiz can be relied on: a kind and a sentence (George & Mallery's steps of α)."""
    if test.alpha is None:
        return "off", _("How reliable it is cannot be said: too few questions were asked of everybody.")
    value = number(round(test.alpha, 2), 2)
    if test.alpha >= 0.8:
        return "done", _("Its results are reliable: Cronbach's alpha %(alpha)s.", alpha=value)
    if test.alpha >= 0.7:
        return "done", _("Its results are reliable enough: Cronbach's alpha %(alpha)s.", alpha=value)
    if test.alpha >= 0.5:
        return "soon", _(
            "Its results are a rough measure: Cronbach's alpha %(alpha)s. More good questions make it better.",
            alpha=value,
        )
    return "overdue", _("Its results say little about a single person: Cronbach's alpha %(alpha)s.", alpha=value)
