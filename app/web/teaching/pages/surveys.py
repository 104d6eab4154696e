"""What people thought of a course: shares of good answers, how many answered, and what they wrote; nobody's name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.assessment import queries as attempts
from app.assessment.queries import ENOUGH, Opinions
from app.catalog import queries as catalog
from app.catalog.queries import CourseHead
from app.catalog.rules import in_lang
from app.kit.i18n import gettext as _
from app.kit.i18n import language, ngettext, number, percent
from app.kit.markdown import markup
from app.kit.markdown import words as plain

GOOD = 2  # labels go from the worst to the best; the last two are good and very good


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: how many chose each label (label, how many, share), and the share that chose one of the best two."""

    title: str
    good: str
    answered: str
    labels: tuple[tuple[str, int, str], ...]
    comments: tuple[str, ...]
    is_comment: bool


@dataclass(frozen=True, slots=True)
class Survey:
    title: str
    rate: str
    hidden: str
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class SurveyPage:
    course_title: str
    course_lang: str
    course_url: str
    answer: str
    surveys: tuple[Survey, ...]


def survey_page(db: Session, course: CourseHead) -> SurveyPage:
    assert course.version_id is not None
    version = next(one for one in catalog.versions(db, course.id) if one.id == course.version_id)
    content = catalog.content_of(db, version.id, course.slug, version.digest)
    words, outline = content.words(language()), content.outline
    made = []
    for quiz in outline.quizzes:
        if quiz.mode != "survey":
            continue
        stored = catalog.quiz(db, version.id, quiz.id)
        wanted = [one for item in stored.items for one in item.get("members") or [item["revision"]]]
        found = catalog.revisions(db, wanted)
        said = attempts.opinions(db, course.id, quiz.id)
        bodies = [found[one].body for one in wanted]
        made.append(_survey(in_lang(quiz.titles, language(), outline.lang), bodies, said, outline.lang))
    return SurveyPage(
        course_title=words.title,
        course_lang=words.lang,
        course_url=f"/teaching/courses/{course.slug}",
        answer=_answer(made),
        surveys=tuple(made),
    )


def _answer(made: list[Survey]) -> str:
    if not made:
        return _("This course asks nobody what they think")
    first = next((one for survey in made for one in survey.questions if one.good), None)
    return _("%(share)s good or very good", share=first.good) if first is not None else _("What people thought")


def _survey(title: str, bodies: list[Mapping[str, Any]], said: Opinions, source: str) -> Survey:
    rate = percent(said.answered / said.asked, 0) if said.asked else percent(0, 0)
    return Survey(
        title=title,
        rate=_("%(n)s of %(all)s answered (%(rate)s)", n=number(said.answered), all=number(said.asked), rate=rate),
        hidden=""
        if said.enough
        else ngettext(
            "What was answered is shown once %(num)s person has answered, so that nobody can be recognised.",
            "What was answered is shown once %(num)s people have answered, so that nobody can be recognised.",
            ENOUGH,
        ),
        questions=tuple(_asked(body, said, source) for body in bodies) if said.enough else (),
    )


def _asked(body: Mapping[str, Any], said: Opinions, source: str) -> Asked:
    words = body["texts"].get(language()) or body["texts"][source]
    counts = said.chosen.get(body["id"], {})
    total = sum(counts.values())
    options = [option["id"] for option in body["options"]] if body["type"] == "scale" else []
    good = sum(counts.get(one, 0) for one in options[-GOOD:])
    return Asked(
        title=str(words["title"]),
        good=percent(good / total, 0) if total and len(options) > GOOD else "",
        answered=ngettext("%(num)s answer", "%(num)s answers", total or len(said.comments.get(body["id"], ()))),
        labels=tuple(
            (
                plain(markup(words["options"][one]["text"]).striptags()),
                counts.get(one, 0),
                percent(counts.get(one, 0) / total, 0) if total else "–",
            )
            for one in options
        ),
        comments=said.comments.get(body["id"], ()),
        is_comment=body["type"] in ("essay", "text"),
    )
