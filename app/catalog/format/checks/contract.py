"""What a course promises before it starts: QC01, QC02, QC03, QC06, QC09, QC13."""

from __future__ import annotations

import re
from datetime import date

from app.catalog.format.checks.told import ADVICE, ERROR, WARNING, Told
from app.catalog.format.model import Severity, Source
from app.kit.i18n import N_

SUMMARY_CHARACTERS = 300
REVIEW_DAYS = 365
CLAIM_DAYS, CLAIM_DAYS_AT_MOST = 365, 730
_ANSWERS_WITHIN = re.compile(r"\d|dien|valand|savait|\bday|\bhour|\bweek|\bdag|\btime|\buke", re.I)
# Nobody can see whether a person knows or understands; one can see what they do with it.
_UNSEEN = {
    "lt": ("žinoti", "suprasti", "susipažinti", "suvokti"),
    "en": ("know", "understand", "learn", "be aware"),
    "nb": ("vite", "forstå", "lære", "kjenne til", "kunne"),
}


def check(told: Told, *, today: date, review_demanded: bool, author: str) -> None:
    _identity(told)
    _outcomes(told)
    _certificate(told)
    for path, source in _claims(told):
        _claim(told, path, source, today)
    _review(told, today, ERROR if review_demanded else WARNING, author)


def _identity(told: Told) -> None:
    course = told.course
    words = course.texts[course.lang]
    for key, value in (
        ("title", words.title),
        ("summary", words.summary),
        ("owner", course.owner),
        ("contact", words.contact),
    ):
        if not value.strip():
            told.say(told.key(key), "QC01", ERROR, N_('"%(key)s" is missing from the course'), key=key)
    for text in course.texts.values():
        if len(text.summary) > SUMMARY_CHARACTERS:
            told.say(
                told.key("summary", _file_of(told, text.lang)), "QC01", ERROR,
                N_("the summary has %(count)s characters, %(limit)s at most"), count=len(text.summary), limit=SUMMARY_CHARACTERS,
            )  # fmt: skip
    if words.contact and not _ANSWERS_WITHIN.search(words.contact):
        told.say(told.key("contact"), "QC01", WARNING, N_("say how soon the contact answers"))
    if not words.audience:
        told.say(
            told.key("audience"), "QC02", WARNING, N_("say who the course is for and what they should know before")
        )


def _file_of(told: Told, lang: str) -> str:
    variant = f"{told.path.removesuffix('.md')}.{lang}.md"
    return variant if lang != told.course.lang and variant in told.course.files else told.path


def _outcomes(told: Told) -> None:
    course = told.course
    outcomes = course.texts[course.lang].outcomes
    if not 3 <= len(outcomes) <= 7:
        told.say(
            told.key("outcomes"),
            "QC03",
            WARNING,
            N_("a course has 3 to 7 outcomes, this one has %(count)s"),
            count=len(outcomes),
        )
    for sentence in outcomes.values():
        first = sentence.split()[0].lower().strip(".,:;") if sentence.split() else ""
        unseen = sentence.lower().startswith(_UNSEEN.get(course.lang, ()))
        if unseen or (course.lang == "lt" and not first.endswith(("ti", "tis"))):
            told.say(
                told.key("outcomes"),
                "QC03",
                WARNING,
                N_('begin an outcome with what the learner will do: "%(text)s"'),
                text=sentence,
            )


def _certificate(told: Told) -> None:
    if told.course.valid_months is not None and not any(quiz.counts for _, quiz in told.quizzes()):
        told.say(
            told.key("certificate"),
            "QC06",
            ERROR,
            N_("a certificate needs a quiz of mode check or exam, so that its pass mark can be told"),
        )


def _claims(told: Told) -> list[tuple[str, Source]]:
    found = [(told.path, source) for source in told.course.sources]
    return found + [(page.path, source) for page in told.course.pages() for source in page.sources]


def _claim(told: Told, path: str, source: Source, today: date) -> None:
    place = told.key("sources", path)
    act = source.act
    if not source.number and not source.article:
        told.say(place, "QC09", WARNING, N_("name the number or the article of %(act)s"), act=act)
    if source.unchecked:
        # The author says so and the page tells every reader, so nobody is misled.
        told.say(place, "QC09", ADVICE, N_("%(act)s has not been checked yet"), act=act)
    elif source.checked_on is None:
        told.say(place, "QC09", ERROR, N_("say when %(act)s was checked (checked_on), or unchecked: true"), act=act)
    elif source.checked_on > today:
        told.say(place, "QC09", WARNING, N_("%(act)s was checked on a day to come"), act=act)
    elif (today - source.checked_on).days > CLAIM_DAYS_AT_MOST:
        told.say(place, "QC09", ERROR, N_("%(act)s was checked more than 24 months ago"), act=act)
    elif (today - source.checked_on).days > CLAIM_DAYS:
        told.say(place, "QC09", WARNING, N_("%(act)s was checked more than 12 months ago"), act=act)


def _review(told: Told, today: date, level: Severity, author: str) -> None:
    course = told.course
    if not course.reviewed_by or course.reviewed_on is None:
        told.say(told.key("reviewed"), "QC13", level, N_("say who reviewed the course and when"))
    elif author and author.casefold() in course.reviewed_by.casefold():
        told.say(
            told.key("reviewed"),
            "QC13",
            level,
            N_("%(name)s brings the course and cannot be its reviewer"),
            name=author,
        )
    elif (today - course.reviewed_on).days > REVIEW_DAYS:
        told.say(told.key("reviewed"), "QC13", level, N_("the last review is more than 12 months old"))
