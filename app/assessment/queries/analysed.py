"""Item analysis of a quiz, computed whole: what pages, files and programs show of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.assessment.queries.analysis import Sheet, sheet
from app.assessment.rules.analysis import FEWEST, ItemAnalysis, TestAnalysis, analyse_item, analyse_test
from app.assessment.rules.rasch import Rasch, rasch
from app.assessment.rules.verdicts import Finding, judge_item


@dataclass(frozen=True, slots=True)
class Analysis:
    """`items` and `findings` go with the questions of `sheet`; `test` and `rasch` are None under five people."""

    sheet: Sheet
    items: tuple[ItemAnalysis, ...]
    findings: tuple[Finding, ...]
    test: TestAnalysis | None
    rasch: Rasch | None


def analysis(db: Session, course_id: int, quiz: str) -> Analysis:
    """What is void counts neither in the sums nor on the Rasch scale."""
    found = sheet(db, course_id, quiz)
    items = tuple(analyse_item(item, found.rows, n) for n, item in enumerate(found.items))
    several = [one.body["type"] == "multiple" for one in found.questions]
    judged = tuple(judge_item(item, several=many) for item, many in zip(items, several, strict=True))
    counted = [n for n, one in enumerate(found.questions) if not one.void]
    if len(found.rows) < FEWEST:
        return Analysis(found, items, judged, None, None)
    rows = [[row[n] for n in counted] for row in found.rows]
    right = [
        {n: (cell or 0.0) >= 1 - 1e-9 for n, cell in enumerate(row) if cell is not None and n in counted}
        for row in found.rows
    ]
    test = analyse_test(rows, [found.questions[n].points for n in counted])
    return Analysis(found, items, judged, test, rasch(right))
