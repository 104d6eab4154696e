"""The body of a page: prose, self-check questions and quizzes, in order of reading."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.catalog.format import answers, callouts, questions, quizzes, structure
from app.catalog.format.model import Prose, Question, Quiz
from app.catalog.format.questions import Body
from app.catalog.format.source import Source
from app.catalog.format.structure import Heading, Run
from app.kit.i18n import N_
from app.kit.slugs import Slugs

Blocks = tuple[Prose | Question | Quiz, ...]


@dataclass(slots=True)
class Written:
    """A body as it was read. `anchors` are its headings in prose, as addresses."""

    blocks: Blocks = ()
    anchors: set[str] = field(default_factory=set)


def read(body: Body, title: str) -> Written:
    source = body.source
    found = structure.headings(source)
    _drop_title(source, found, title)
    written = Written(anchors=_anchors(source, found))
    blocks: list[Prose | Question | Quiz] = []
    for part in structure.outline(source, found, source.start):
        block: Prose | Question | Quiz | None
        if isinstance(part, Run):
            block = _prose(source, part)
        elif part.heading.kind == "quiz":
            block = quizzes.read(body, part)
        else:
            block = questions.read(body, part)
        if block is not None:
            blocks.append(block)
    written.blocks = tuple(blocks)
    return written


def prose_only(source: Source, title: str) -> str:
    """The body of a file that only introduces: what opens a quiz or a question belongs on a page."""
    found = structure.headings(source)
    _drop_title(source, found, title)
    for heading in found:
        if heading.comment is not None:
            source.note(heading.comment.line, "E126", N_("a %(kind)s stands on a page, not here"), kind=heading.kind)
    callouts.check_prose(source, source.start, source.end)
    return source.markdown(source.start, source.end)


def bank(body: Body, title: str) -> tuple[Question, ...]:
    source = body.source
    found = structure.headings(source)
    _drop_title(source, found, title)
    read_ones = (questions.read(body, part) for part in structure.bank(source, found))
    return tuple(question for question in read_ones if question is not None)


def _drop_title(source: Source, found: list[Heading], title: str) -> None:
    for heading in found:
        if heading.level != 1 or heading.comment is not None:
            continue
        if title in (heading.title, heading.plain):
            after = next(
                (token.map[1] for token in source.tokens if token.map and token.map[0] == heading.first), heading.body
            )
            for line in range(heading.first, after):
                source.stripped[line] = ""
            found.remove(heading)
            return
        source.note(
            heading.first, "W203", N_('heading "%(heading)s" is not the title "%(title)s"'),
            heading=heading.title, title=title,
        )  # fmt: skip
        return


def _anchors(source: Source, found: list[Heading]) -> set[str]:
    slugs = Slugs()
    opened = 0
    anchors: set[str] = set()
    for heading in found:
        if heading.comment is not None:
            opened = max(opened, heading.end)
        elif heading.first >= opened:
            anchors.add(slugs.of(heading.plain))
    return anchors


def _prose(source: Source, run: Run) -> Prose | None:
    callouts.check_prose(source, run.first, run.end)
    for block in source.blocks(run.first, run.end):
        if answers.shows_a_key(block):
            line = (block[0].map or (run.first, 0))[0]
            source.note(line, "W201", N_("a list of [x] and [ ] outside a question: is its comment missing?"))
    markdown = source.markdown(run.first, run.end)
    if not markdown:
        return None
    first = next(n for n in range(run.first, run.end) if source.stripped.get(n, source.lines[n]).strip())
    return Prose(markdown, line=first + 1)
