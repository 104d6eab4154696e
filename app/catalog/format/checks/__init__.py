"""The quality checks QC01–QC18: what makes a course good, beyond what makes it readable.

Pictures without a text (QC10), recordings without captions (QC11) and broken references (QC15) are told by the reader,
as E170, E171, E113–E114, E160 and E181, since a course with them cannot be shown whole; so is a question without a
right answer (QC08), as E141–E157. That a translation lags behind (QC17) can only be told beside what was published
before: by `lock` and the ledger of ids.
"""

from __future__ import annotations

from datetime import date

from app.catalog.format.checks import contract, media, people, questions, teaching, text
from app.catalog.format.checks.told import Told
from app.catalog.format.model import Course, Problem
from app.catalog.format.problems import in_order

__all__ = ["check"]


def check(
    course: Course,
    *,
    today: date,
    review_demanded: bool = False,
    author: str = "",
    noticed: tuple[Problem, ...] | None = None,
) -> tuple[Problem, ...]:
    """Everything there is to say about a course that could be read.

    `review_demanded`: its organisation asks for review. `author`: the name of whoever brings it, where that is known.
    `noticed`: what the reading saw, so that no file is parsed again.
    """
    told = Told(course, noticed)
    contract.check(told, today=today, review_demanded=review_demanded, author=author)
    teaching.check(told)
    questions.check(told)
    text.check(told)
    media.check(told)
    people.check(told)
    return in_order(told.problems)
