"""What somebody who took part in a session has yet to do for the course. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.catalog.rules import Outline, OutlinePage, OutlineQuiz
from app.learning.rules import Standing


@dataclass(frozen=True, slots=True)
class Left:
    """Pages to read and quizzes to pass; `done` of `all` that completing the course asks for."""

    pages: tuple[OutlinePage, ...]
    quizzes: tuple[OutlineQuiz, ...]
    done: int
    all: int


def left_of(outline: Outline, standings: Mapping[str, Standing]) -> Left:
    """What completing a course still asks of a run with these standings, under the ids the outline has.

    A page that is finished by passing its quiz is not told beside that quiz.
    """
    blank = Standing()
    pages = [one for one in outline.pages if one.id in outline.needed_pages]
    quizzes = [one for one in outline.quizzes if one.id in outline.needed_quizzes]
    open_pages = [one for one in pages if standings.get(one.id, blank).finished_at is None]
    open_quizzes = [one for one in quizzes if standings.get(one.id, blank).passed_at is None]
    return Left(
        pages=tuple(one for one in open_pages if not any(quiz in open_quizzes for quiz in one.quizzes)),
        quizzes=tuple(open_quizzes),
        done=len(pages) + len(quizzes) - len(open_pages) - len(open_quizzes),
        all=len(pages) + len(quizzes),
    )
