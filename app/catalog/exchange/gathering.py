"""The questions of a course in order of reading, grouped as other platforms group them: by quiz, pool and bank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.catalog.exchange.model import Report
from app.catalog.format.model import Course, Pool, Question, Quiz
from app.kit.i18n import N_
from app.kit.markdown import words


@dataclass(frozen=True, slots=True)
class Group:
    """`steps` are titles from the outside in; `draw` says how many are drawn for each attempt (0: all are asked)."""

    id: str
    steps: tuple[str, ...]
    questions: tuple[Question, ...]
    draw: int = 0


def groups(course: Course) -> tuple[Group, ...]:
    return tuple(group for group in _groups(course) if group.questions)


def _groups(course: Course) -> Iterator[Group]:
    title = words(course.texts[course.lang].title)
    for page in course.pages():
        said = page.texts[course.lang]
        alone = tuple(block for block in said.blocks if isinstance(block, Question))
        yield Group(page.id, (title, words(said.title)), alone)
        for quiz in said.blocks:
            if isinstance(quiz, Quiz):
                yield from _quiz(quiz, (title, words(quiz.titles[course.lang])))
    for bank in course.banks:
        yield Group(bank.id, (title, bank.title or bank.id), bank.questions)


def _quiz(quiz: Quiz, steps: tuple[str, ...]) -> Iterator[Group]:
    yield Group(quiz.id, steps, tuple(item for item in quiz.items if isinstance(item, Question)))
    for item in quiz.items:
        if isinstance(item, Pool):
            yield Group(item.id, (*steps, item.id), item.questions, item.draw)


def lost_around(course: Course, report: Report) -> None:
    """What a list of questions cannot hold: pages, the rules of a quiz, draws, other languages."""
    report.left_out(course.id, 0, N_("its pages: only questions are written in this format"))
    others = [lang for lang in course.texts if lang != course.lang]
    if others:
        report.left_out(course.id, 0, N_("its other languages: %(langs)s"), langs=", ".join(sorted(others)))
    for page in course.pages():
        for quiz in page.texts[course.lang].blocks:
            if not isinstance(quiz, Quiz):
                continue
            report.left_out(quiz.id, quiz.line, N_("the rules of the quiz: pass mark, attempts, time, order"))
            lost_rules(quiz, report)
            for item in quiz.items:
                if isinstance(item, Pool):
                    report.changed(
                        item.id,
                        quiz.line,
                        N_("a pool is a category; add %(count)s random questions from it"),
                        count=item.draw,
                    )
                elif not isinstance(item, Question):
                    report.changed(
                        item.id, quiz.line, N_("a draw: add %(count)s random questions from the category %(bank)s"),
                        count=item.count, bank=item.bank,
                    )  # fmt: skip


def lost_rules(quiz: Quiz, report: Report) -> None:
    """What of a quiz no foreign format takes from us, each key by its name."""
    said = {
        "tries": quiz.tries, "delay": quiz.delay, "open": quiz.opens, "close": quiz.closes, "grace": quiz.grace != 30,
        "certainty": quiz.certainty,
    }  # fmt: skip
    for key, value in said.items():
        if value:
            report.left_out(quiz.id, quiz.line, N_('"%(key)s" has no place in this format'), key=key)
    for section in quiz.sections:
        report.changed(section.id, quiz.line, N_("a section: its questions stand in the quiz without its heading"))


def lost_in(question: Question, report: Report) -> None:
    """What no platform but ours keeps of a question."""
    for key, value in (("outcomes", question.outcomes), ("see", question.see), ("was", question.was)):
        if value:
            report.left_out(question.id, question.line, N_('"%(key)s" has no place in this format'), key=key)


def media_of(course: Course) -> Mapping[str, bytes]:
    return {media.path: media.data for media in course.media}
