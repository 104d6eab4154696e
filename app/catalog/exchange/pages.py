"""Foreign questions sorted into pages, one to a category, and the pages into a proposed course."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.catalog.exchange import proposing
from app.catalog.exchange.desk import Desk
from app.catalog.exchange.model import Conversion, Proposal, ProposedModule, ProposedPage
from app.catalog.exchange.proposing import QUESTIONS, one_line
from app.catalog.format.model import Question
from app.kit.i18n import N_
from app.kit.limits import EXCHANGE_QUESTIONS


@dataclass(slots=True)
class Sheet:
    """A page while it is being filled."""

    title: str
    body: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


@dataclass(slots=True)
class Drawer:
    """The pages of a file in the order their categories are first named. What comes before any stands on a page of its own."""

    desk: Desk
    sheets: dict[tuple[str, ...], Sheet] = field(default_factory=dict)
    here: tuple[str, ...] = ()
    count: int = 0
    told: bool = False

    def open(self, steps: tuple[str, ...], body: str = "") -> None:
        self.here = steps
        sheet = self._sheet()
        if body and body not in sheet.body:
            sheet.body.append(body)

    def prose(self, markdown: str) -> None:
        if markdown:
            self._sheet().body.append(markdown)

    def put(self, question: Question) -> None:
        self._sheet().questions.append(question)
        self.count += 1

    @property
    def full(self) -> bool:
        """Whether no more is read; that is told once."""
        if self.count == EXCHANGE_QUESTIONS and not self.told:
            self.told = True
            self.desk.report.refused(
                self.desk.given.name, 0, N_("more than %(limit)s questions: split the file"), limit=EXCHANGE_QUESTIONS
            )
        return self.count >= EXCHANGE_QUESTIONS

    def _sheet(self) -> Sheet:
        title = self.here[-1] if self.here else QUESTIONS.get(self.desk.lang, QUESTIONS["en"])
        return self.sheets.setdefault(self.here, Sheet(title))


def conversion(desk: Desk, drawer: Drawer) -> Conversion:
    """The course that is proposed; a file without a single question that could be read is refused."""
    count = sum(len(sheet.questions) for sheet in drawer.sheets.values())
    if not count:
        if not any(note.outcome == "refused" for note in desk.report.notes):
            desk.report.refused(desk.given.name, 0, N_("there is no question in this file"))
        return Conversion({}, tuple(desk.report.notes))
    desk.report.carried(desk.given.name, 0, N_("questions read: %(count)s"), count=count)
    title = one_line(desk.given.title)[:150]
    pages = tuple(
        ProposedPage(sheet.title, "\n\n".join(sheet.body), tuple(sheet.questions))
        for sheet in drawer.sheets.values()
        if sheet.questions or sheet.body
    )
    proposal = Proposal(
        title, (ProposedModule(title, pages),), lang=desk.lang, owner=desk.given.owner, media=desk.media
    )
    return Conversion(proposing.files(proposal), tuple(desk.report.notes))
