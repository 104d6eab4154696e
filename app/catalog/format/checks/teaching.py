"""How a course teaches: QC04 alignment, QC05 workload, QC07 activity, QC14 survey, QC17 languages."""

from __future__ import annotations

import re

from app.catalog.format.assembly import WORDS_A_MINUTE
from app.catalog.format.checks.told import ADVICE, ERROR, WARNING, Told
from app.catalog.format.model import Draw, MediaFile, Module, Pool, Prose, QuestionType, Quiz
from app.kit.i18n import N_

WORDS_WITHOUT_ACTIVITY = 1500
_CUE_END = re.compile(r"-->[ \t]+(?:(\d{2,3}):)?([0-5]\d):([0-5]\d)\.\d{3}")


def check(told: Told) -> None:
    _alignment(told)
    _workload(told)
    for module in told.course.modules:
        _activity(told, module)
    _languages(told)
    _survey(told)


def _alignment(told: Told) -> None:
    course = told.course
    taught = {outcome for module in course.modules for outcome in module.outcomes}
    taught |= {outcome for page in course.pages() for outcome in page.outcomes}
    asked = {outcome for question in told.questions() for outcome in question.outcomes}
    for outcome in course.texts[course.lang].outcomes:
        # A course of one file has no place to say which part of it teaches what.
        if outcome not in taught and not told.single:
            told.say(
                told.key("outcomes"), "QC04", ERROR, N_('no module or page names the outcome "%(id)s"'), id=outcome
            )
        if outcome not in asked:
            told.say(told.key("outcomes"), "QC04", ERROR, N_('no question names the outcome "%(id)s"'), id=outcome)


def _asked(quiz: Quiz) -> int:
    return sum(
        item.draw if isinstance(item, Pool) else item.count if isinstance(item, Draw) else 1 for item in quiz.items
    )


def _workload(told: Told) -> None:
    course = told.course
    words = questions = 0
    for page in course.pages():
        for block in page.texts[course.lang].blocks:
            if isinstance(block, Prose):
                words += len(block.markdown.split())
            else:
                questions += _asked(block) if isinstance(block, Quiz) else 1
    reckoned = words / WORDS_A_MINUTE + questions
    reckoned += sum(_minutes_of(media) for media in course.media if media.path.endswith(".vtt"))
    too_much = course.minutes > reckoned * 1.5
    too_little = course.minutes < reckoned * 0.5
    if course.minutes > 1 and (too_much or too_little):
        told.say(
            told.key("minutes"), "QC05", WARNING, N_("%(declared)s minutes are declared, the text comes to about %(reckoned)s"),
            declared=course.minutes, reckoned=max(1, round(reckoned)),
        )  # fmt: skip


def _minutes_of(captions: MediaFile) -> float:
    """A recording is as long as its captions."""
    ends = [
        int(hours or 0) * 60 + int(minutes) + int(seconds) / 60
        for hours, minutes, seconds in _CUE_END.findall(captions.data.decode("utf-8", errors="replace"))
    ]
    return max(ends, default=0.0)


def _survey(told: Told) -> None:
    if not any(question.type is QuestionType.SCALE for question in told.questions()):
        told.say(
            (told.path, 1, 1),
            "QC14",
            WARNING,
            N_("ask at the end whether the course was useful: a question of type=scale"),
        )


def _activity(told: Told, module: Module) -> None:
    words = 0
    active = False
    for page in module.pages:
        for block in page.texts[told.course.lang].blocks:
            if isinstance(block, Prose):
                before, words = words, words + len(block.markdown.split())
                if before <= WORDS_WITHOUT_ACTIVITY < words:
                    told.say(
                        (page.path, block.line, 1), "QC07", WARNING,
                        N_("more than %(limit)s words without anything to do"), limit=WORDS_WITHOUT_ACTIVITY,
                    )  # fmt: skip
            else:
                active, words = True, 0
    if not active:
        told.say(
            (module.path, 1, 1), "QC07", WARNING, N_('module "%(id)s" has nothing to do: ask a question'), id=module.id
        )


def _languages(told: Told) -> None:
    course = told.course
    for lang in course.texts:
        if lang == course.lang:
            continue
        for module in course.modules:
            if lang not in module.texts:
                told.say((module.path, 1, 1), "QC17", ADVICE, N_("not translated into %(lang)s"), lang=lang)
        for page in course.pages():
            text = page.texts.get(lang)
            if (text is None or text.borrowed) and page.path not in {
                module.path for module in course.modules if text is None
            }:
                told.say((page.path, 1, 1), "QC17", ADVICE, N_("not translated into %(lang)s"), lang=lang)
        for bank in course.banks:
            if any(lang not in question.texts for question in bank.questions):
                told.say((bank.path, 1, 1), "QC17", ADVICE, N_("not translated into %(lang)s"), lang=lang)
    spoken = {lang for page in course.pages() for lang in page.texts} - set(course.texts)
    for lang in sorted(spoken):
        told.say((told.path, 1, 1), "QC17", WARNING, N_("pages are in %(lang)s, but the course is not"), lang=lang)
