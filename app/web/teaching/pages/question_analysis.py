"""One question as item analysis sees it: who chose what, what that means, and the numbers behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.assessment import rules
from app.assessment.rules.analysis import FEWEST, ItemAnalysis
from app.assessment.rules.rasch import RaschItem
from app.assessment.rules.verdicts import Finding
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext, number, percent
from app.kit.markdown import markup
from app.web.teaching.findings import Said, said_of
from app.web.teaching.pages.analysis import (
    Analysed,
    CorrectedLine,
    corrections,
    letters,
    place_of,
    quiz_url,
    value_said,
    words_of,
)


@dataclass(frozen=True, slots=True)
class OptionLine:
    letter: str
    text: Markup
    lang: str
    key: bool
    suspect: bool
    bar: str
    width: float
    all: str
    n: str
    upper: str
    lower: str


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number on its scale; `pin`, `good_from`, `good_to` are per cent of the scale's length."""

    name: str
    value: str
    kind: str
    pin: float
    good_from: float
    good_to: float
    least: str
    most: str
    note: str


@dataclass(frozen=True, slots=True)
class QuestionPage:
    course_title: str
    course_url: str
    quiz_title: str
    quiz_url: str
    title: str
    lang: str
    stem: Markup
    said: Said
    place: str
    careful: bool
    enough: bool
    void: bool
    options: tuple[OptionLine, ...]
    n: str
    group: str
    unanswered: str
    gauges: tuple[Gauge, ...]
    more: tuple[tuple[str, str], ...]
    correct_url: str
    void_url: str
    edit_url: str
    corrections: tuple[CorrectedLine, ...]


def question_page(db: Session, one: Analysed, question: str) -> QuestionPage:
    n = place_of(one, question)
    asked, item, found = one.sheet.questions[n], one.items[n], one.findings[n]
    words, named = words_of(asked.body), letters(asked.body)
    enough = item.people >= FEWEST
    fit = one.rasch.items.get(n) if one.rasch and enough else None
    url = f"{quiz_url(one)}/questions/{question}"
    return QuestionPage(
        course_title=one.course_title,
        course_url=f"/teaching/courses/{one.course.slug}",
        quiz_title=one.title,
        quiz_url=quiz_url(one),
        title=words["title"],
        lang=words["lang"],
        stem=markup(words["stem"]) if asked.body["type"] != "cloze" else Markup(),
        said=said_of(item, found, letters=named),
        place=_("Question %(n)s of %(all)s", n=n + 1, all=len(one.items)),
        careful=found.careful and enough,
        enough=enough,
        void=asked.void,
        options=_options(item, found, words, named) if enough else (),
        n=number(item.people),
        group=number(item.group),
        unanswered=ngettext("%(num)s gave no answer.", "%(num)s gave no answer.", item.unanswered)
        if item.unanswered and enough
        else "",
        gauges=_gauges(item) if enough else (),
        more=_more(item, fit) if enough else (),
        correct_url=f"{url}/correct" if not rules.is_by_hand(asked.body) else "",
        void_url=f"{url}/correct?how=void",
        edit_url=f"/teaching/courses/{one.course.slug}",
        corrections=corrections(db, one, question),
    )


def _options(
    item: ItemAnalysis, found: Finding, words: Mapping[str, Any], named: Mapping[str, str]
) -> tuple[OptionLine, ...]:
    suspects = {one.option for one in found.options} if found.verdict.grave else set()
    shown = item.group >= FEWEST  # of smaller groups one could tell who chose what
    out = []
    for one in item.options:
        text = (
            markup(words["options"][one.option]["text"])
            if one.option in words["options"]
            else Markup.escape(one.option)
        )
        out.append(
            OptionLine(
                letter=named.get(one.option, ""),
                text=text,
                lang=words["lang"],
                key=one.key,
                suspect=one.option in suspects,
                bar="overdue" if one.option in suspects else "done" if one.key else "off",
                width=round(one.share * 100, 2),
                all=percent(one.share, 0),
                n=number(one.n),
                upper=percent(one.upper, 0) if shown else "–",
                lower=percent(one.lower, 0) if shown else "–",
            )
        )
    return tuple(out)


def _gauges(item: ItemAnalysis) -> tuple[Gauge, ...]:
    facility, index, biserial = item.facility or 0.0, item.discrimination, item.point_biserial
    out = [
        Gauge(
            _("Facility"),
            value_said(facility),
            "" if 0.3 <= facility <= 0.9 else "soon",
            facility * 100,
            30,
            90,
            "0",
            "1",
            _("The share of the points that was earned; 0.30 to 0.90 is usual."),
        )
    ]
    if index is not None:
        note = _("How much better the strongest quarter does than the weakest; 0.20 and up is wanted.")
        out.append(_signed(_("Discrimination index"), index, note))
    if biserial is not None:
        note = _("Below zero is a sign of a wrong key; 0.20 and up is wanted.")
        out.append(_signed(_("Correlation with the rest of the test"), biserial, note))
    return tuple(out)


def _signed(name: str, value: float, note: str) -> Gauge:
    kind = "overdue" if value < 0 else "soon" if value < 0.2 else ""
    return Gauge(name, value_said(value), kind, (value + 1) * 50, 60, 100, "−1", "1", note)


def _more(item: ItemAnalysis, fit: RaschItem | None) -> tuple[tuple[str, str], ...]:
    out = [(_("People"), number(item.people)), (_("Standard deviation of the share"), value_said(item.deviation))]
    if fit is not None:
        out += [
            (_("Rasch difficulty (logits)"), f"{value_said(fit.difficulty)} ± {value_said(fit.error)}"),
            (_("Infit (mean square)"), value_said(fit.infit)),
            (_("Outfit (mean square)"), value_said(fit.outfit)),
        ]
    return tuple(out)
