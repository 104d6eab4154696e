"""The reading page: the text, where I am in it, and what comes before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup
from sqlalchemy.orm import Session

from app.assessment import rules as marking
from app.catalog import queries as catalog
from app.catalog.rules import OutlinePage, OutlineQuiz, in_lang
from app.kit.errors import Invalid, NotFound
from app.kit.i18n import LANGUAGES, N_, language, ngettext, number, percent
from app.kit.i18n import gettext as _
from app.kit.markdown import markup
from app.learning.access import PageRun
from app.learning.rules import Standing
from app.web.classroom.pages import parts
from app.web.classroom.pages.fields import (
    CHOICES,
    Field,
    field_of,
    notes_on,
    response_from,
    shown_order,
    verdict,
    words_of,
)
from app.web.deps import PostedForm
from app.web.forms import Form
from app.web.words import language_name, language_within


@dataclass(frozen=True, slots=True)
class Tried:
    """A self-check that was just sent."""

    question: str
    posted: PostedForm


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """A question that stands alone on a page: it is for the learner, nothing is kept. `sample` is a model answer to
    compare one's own with, where no rule can mark it."""

    id: str
    url: str
    field: Field
    hints: tuple[Markup, ...]
    answered: bool
    right: bool
    verdict: str
    explanation: Markup
    note: Markup
    sample: Markup


@dataclass(frozen=True, slots=True)
class QuizCard:
    """A quiz on the page, with what came of it so far."""

    title: str
    url: str
    rules: str
    status: str
    status_text: str
    action: str


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the page: exactly one of the three is there."""

    html: Markup | None = None
    check: SelfCheck | None = None
    quiz: QuizCard | None = None


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A legal act the page leans on; `checked` is the day it was compared with the law, empty when it was not."""

    text: str
    url: str
    checked: str


@dataclass(frozen=True, slots=True)
class Older:
    """The text lags behind its source: that sentence, and the way to the source where one can choose its language."""

    text: str
    action: str
    url: str


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """`borrowed` is the sentence that says why the text is in another language than the page around it."""

    title: str
    course_title: str
    course_url: str
    eyebrow: str
    text_lang: str
    borrowed: str
    older: Older | None
    blocks: tuple[Block, ...]
    sources: tuple[SourceLine, ...]
    outline: tuple[parts.OutlineSection, ...]
    segments: tuple[str, ...]
    position: str
    done: bool
    previous_title: str
    previous_url: str
    done_url: str
    forward: str
    contact_url: str
    contact: str
    contact_form: Form
    page_id: str
    newer_url: str


def reading_page(
    db: Session,
    found: PageRun,
    *,
    tried: Tried | None = None,
    contact_form: Form | None = None,
) -> ReadingPage:
    """One page of a course; `tried` is a self-check that was just sent."""
    run, page, lang = found.run, found.page, language()
    text = catalog.page_text(db, run.version_id, page.id, lang)
    if text is None:
        raise NotFound(N_("There is no such page."))
    words = catalog.content_of(db, run.version_id, run.slug, run.digest).words(lang)
    outline, pages = run.outline, run.outline.pages
    place = pages.index(page)
    bodies = catalog.revisions(db, [block["question"] for block in text.blocks if "question" in block])
    module_number, module = next((n, module) for n, module in enumerate(outline.modules, 1) if page in module.pages)
    minutes = sum(one.minutes for one in pages[place:] if not parts.is_done(one, found.standings))
    left = ngettext("about %(num)s min left", "about %(num)s min left", minutes) if minutes else ""
    position = _("Page %(n)s of %(all)s", n=place + 1, all=len(pages))
    before = pages[place - 1] if place else None
    borrowed = text.text_lang != lang
    return ReadingPage(
        title=text.title,
        course_title=words.title,
        course_url=f"/courses/{run.slug}",
        eyebrow=_(
            "Module %(n)s. %(title)s · %(minutes)s min",
            n=module_number,
            title=in_lang(module.titles, lang, outline.lang),
            minutes=page.minutes,
        ),
        text_lang=text.text_lang,
        borrowed=_(
            "This page is not translated yet, so you read it in another language: %(language)s.",
            language=language_name(text.text_lang),
        )
        if borrowed
        else "",
        older=_older(found) if text.text_lang in page.older else None,
        blocks=tuple(_block(found, block, bodies, tried, text.text_lang) for block in text.blocks),
        sources=tuple(_source(one) for one in text.sources),
        outline=parts.outline_sections(run, found.standings, current=page.id),
        segments=parts.segments(outline, found.standings, page.id),
        position=f"{position} · {left}" if left else position,
        done=found.standings.get(page.id, Standing()).finished_at is not None,
        previous_title=in_lang(before.titles, lang, outline.lang) if before else "",
        previous_url=parts.page_url(run.slug, before.id) if before else "",
        done_url=f"{parts.page_url(run.slug, page.id)}/done",
        forward=_("Next") if place + 1 < len(pages) else _("Finish"),
        contact_url=f"/courses/{run.slug}/contact",
        contact=words.contact,
        contact_form=contact_form or Form(),
        page_id=page.id,
        newer_url=f"/courses/{run.slug}/changes" if run.asks else "",
    )


def _older(found: PageRun) -> Older:
    source, here = found.run.outline.lang, parts.page_url(found.run.slug, found.page.id)
    name = language_within(source)
    return Older(
        text=_("This translation is older than the text in %(language)s.", language=name),
        action=_("Read it in %(language)s", language=name),
        url=f"/language/{source}?next={quote(here, safe='')}" if source in LANGUAGES else "",
    )


def _block(
    found: PageRun,
    block: Mapping[str, Any],
    bodies: Mapping[str, catalog.Revision],
    tried: Tried | None,
    lang: str,
) -> Block:
    if "question" in block:
        return Block(check=_check(found, bodies[block["question"]].body, tried, lang))
    if "quiz" in block:
        quiz = next(quiz for quiz in found.page.quizzes if quiz.id == block["quiz"])
        return Block(quiz=_quiz(found, found.page, quiz))
    return Block(html=markup(block["html"]))


def _quiz(found: PageRun, page: OutlinePage, quiz: OutlineQuiz) -> QuizCard:
    standing = found.standings.get(quiz.id, Standing())
    said = [ngettext("%(num)s question", "%(num)s questions", quiz.asked)]
    if quiz.counts:
        least = number(marking.points_to_pass(quiz.asked, quiz.pass_percent))
        said.append(_("passed with %(least)s of %(all)s", least=least, all=quiz.asked))
    else:
        said.append(_("practice, does not count"))
    if quiz.attempts:
        said.append(ngettext("%(num)s attempt", "%(num)s attempts", quiz.attempts))
    if quiz.seconds:
        said.append(_("%(n)s min", n=quiz.seconds // 60))
    status, word, action = "todo", "", _("To the test")
    if standing.passed_at is not None:
        status, word = "done", _("Passed, best result %(share)s", share=percent(standing.best_score or 0, 0))
        action = _("See the test")
    elif standing.gradings:
        status, word = "again", _("Not passed yet, best result %(share)s", share=percent(standing.best_score or 0, 0))
    return QuizCard(
        title=in_lang(quiz.titles, language(), found.run.outline.lang),
        url=f"/courses/{found.run.slug}/quizzes/{quiz.id}",
        rules=" · ".join(said),
        status=status,
        status_text=word,
        action=action,
    )


def _source(source: Mapping[str, Any]) -> SourceLine:
    text = ", ".join(str(source[key]) for key in ("act", "number", "article") if source.get(key))
    return SourceLine(text, str(source.get("url") or ""), str(source.get("checked_on") or ""))


def _check(found: PageRun, body: Mapping[str, Any], tried: Tried | None, lang: str) -> SelfCheck:
    words = words_of(body, lang, found.run.outline.lang)
    offered = shown_order(body)
    response = _response(body, tried, offered) if tried is not None and tried.question == body["id"] else None
    answered = marking.is_answered(response) and not (tried is not None and tried.posted.text("move"))
    by_hand = marking.is_by_hand(body)
    share = marking.grade(body, response) if answered else None
    return SelfCheck(
        id=body["id"],
        url=f"{parts.page_url(found.run.slug, found.page.id)}/questions/{body['id']}#question-{body['id']}",
        field=field_of(
            body,
            words,
            response,
            prefix=f"answer-{body['id']}",
            offered=offered,
            told=answered and not by_hand,
        ),
        hints=tuple(markup(hint) for hint in words["hints"]),
        answered=answered,
        right=share is None or share >= 1,
        verdict=_("Compare it with this answer.") if by_hand and words.get("sample") else verdict(share),
        explanation=markup(words["explanation"] if answered else ""),
        note=markup(notes_on(body, words, response, own=body["type"] not in CHOICES) if answered else ""),
        sample=markup(words.get("sample", "") if answered and by_hand else ""),
    )


def _response(body: Mapping[str, Any], tried: Tried, offered: tuple[str, ...]) -> dict[str, Any]:
    if body["type"] == "upload":  # nothing is kept of a self-check, so there is nothing to send: only to have done it
        return {"text": _("Done")}
    response = response_from(body, tried.posted, offered)
    try:
        return marking.clean(body, offered, response)
    except Invalid:  # longer than any answer that could be kept
        return {}
