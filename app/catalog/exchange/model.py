"""What comes of reading a foreign file, and what is proposed from it: frozen values, no files, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.catalog.format.model import Draw, Pool, Question
from app.kit.i18n import gettext


class Outcome(StrEnum):
    """What became of one thing on its way from one format into another."""

    CARRIED = "carried"
    CHANGED = "changed"
    LEFT_OUT = "left-out"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence about one item: its name, and its line in the foreign file where that is known (else 0).

    `template` and `values` carry the sentence before its values were filled in, so that pages can translate it.
    """

    outcome: Outcome
    item: str
    line: int
    template: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def message(self) -> str:
        return self.template % dict(self.values)

    def said(self) -> str:
        """The sentence in the language being spoken."""
        return gettext(self.template, **dict(self.values))


@dataclass(slots=True)
class Report:
    """The notes of one conversion while it goes on."""

    notes: list[Note] = field(default_factory=list)

    def say(self, outcome: Outcome, item: str, line: int, template: str, /, **values: object) -> None:
        named = tuple((name, str(value)) for name, value in values.items())
        note = Note(outcome, item, line, template, named)
        if note not in self.notes[-50:]:
            self.notes.append(note)

    def carried(self, item: str, line: int, template: str, /, **values: object) -> None:
        self.say(Outcome.CARRIED, item, line, template, **values)

    def changed(self, item: str, line: int, template: str, /, **values: object) -> None:
        self.say(Outcome.CHANGED, item, line, template, **values)

    def left_out(self, item: str, line: int, template: str, /, **values: object) -> None:
        self.say(Outcome.LEFT_OUT, item, line, template, **values)

    def refused(self, item: str, line: int, template: str, /, **values: object) -> None:
        self.say(Outcome.REFUSED, item, line, template, **values)


@dataclass(frozen=True, slots=True)
class Given:
    """A foreign file as it came, and what only the person who sends it can say about the course to be."""

    name: str
    data: bytes
    lang: str = "lt"
    owner: str = ""

    @property
    def title(self) -> str:
        """What the file is called, without its folder and its endings."""
        name = self.name.replace("\\", "/").rpartition("/")[2]
        for ending in (".txt", ".xml", ".gift", ".zip", ".imscc", ".aiken", ".docx", ".pptx", ".pdf"):
            if name.lower().endswith(ending):
                name = name[: -len(ending)]
        return name or self.name


@dataclass(frozen=True, slots=True)
class Conversion:
    """A foreign file as files of our own language, by path; none at all when the file was refused."""

    files: Mapping[str, bytes]
    notes: tuple[Note, ...] = ()

    @property
    def refused(self) -> bool:
        return not self.files

    def of(self, outcome: Outcome) -> tuple[Note, ...]:
        return tuple(note for note in self.notes if note.outcome == outcome)


@dataclass(frozen=True, slots=True)
class Written:
    """A course in a foreign format, and what that format has no place for."""

    data: bytes
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposedQuiz:
    """What a foreign quiz says of itself: its id, title and introduction, and its rules as keys of our quiz comment."""

    id: str = ""
    title: str = ""
    intro: str = ""
    rules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProposedPage:
    """A page to be: Markdown, questions that stand alone, then a quiz of its questions, if it has any."""

    title: str
    body: str = ""
    items: tuple[Question | Pool | Draw, ...] = ()
    mode: str = "check"
    id: str = ""
    quiz: ProposedQuiz = ProposedQuiz()
    alone: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposedBank:
    title: str
    questions: tuple[Question, ...]
    id: str = ""


@dataclass(frozen=True, slots=True)
class ProposedModule:
    title: str
    pages: tuple[ProposedPage, ...]
    intro: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A course to be. Ids that are empty are made from titles; `media` is by path, each beginning with media/."""

    title: str
    modules: tuple[ProposedModule, ...]
    lang: str = "lt"
    owner: str = ""
    summary: str = ""
    intro: str = ""
    media: Mapping[str, bytes] = field(default_factory=dict)
    id: str = ""
    banks: tuple[ProposedBank, ...] = ()
