"""Where a quality check says what it found, and how it finds the place in the files again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.catalog.format import frontmatter, legible, source
from app.catalog.format.languages import all_questions
from app.catalog.format.layout import to_parse
from app.catalog.format.model import Course, Page, Problem, Question, Quiz, Severity
from app.catalog.format.problems import Notes
from app.catalog.format.problems import told as made

ERROR, WARNING, ADVICE = Severity.ERROR, Severity.WARNING, Severity.ADVICE

_TELLING = 6  # as many words as make a sentence unlike the others


@dataclass(slots=True)
class Told:
    """`seen` is what was noticed when the course was read, if that was now."""

    course: Course
    seen: tuple[Problem, ...] | None = None
    problems: list[Problem] = field(default_factory=list)

    def say(self, at: tuple[str, int, int], code: str, severity: Severity, template: str, /, **values: object) -> None:
        self.problems.append(made(*at, code, template, severity, values))

    @property
    def path(self) -> str:
        """The course's own file: course.md, or the only one there is."""
        files = self.course.files
        return (
            "course.md"
            if "course.md" in files or not files
            else min(files, key=lambda path: (path.count("/"), len(path)))
        )

    @property
    def single(self) -> bool:
        return any(page.path == self.path for page in self.course.pages())

    def key(self, key: str, path: str | None = None) -> tuple[str, int, int]:
        """The place of a key in the front matter; the first line when it is not there."""
        path = path or self.path
        for number, line in enumerate(self.course.files.get(path, "").split("\n")[:400], 1):
            if number > 1 and line.rstrip() == "---":
                break
            if re.match(rf"{re.escape(key)}\s*:", line):
                return path, number, 1
        return path, 1, 1

    def where(self, path: str, words: list[str]) -> tuple[str, int, int]:
        """The place in a text where these words begin; the first line when a mark or a link stands among them."""
        text = self.course.files.get(path, "")
        found = re.search(r"\W+".join(map(re.escape, words[:_TELLING])), text)
        at = found.start() if found else 0
        return path, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)

    def noticed(self) -> Iterator[Problem]:
        """What the text itself shows; what is wrong in it was told when it was read."""
        if self.seen is not None:
            yield from self.seen
            return
        for path, text in self.course.files.items():
            plain = to_parse(text)
            _, start = frontmatter.split(plain)
            yield from legible.notice(source.read(plain, start, Notes(path, [])))

    def quizzes(self) -> Iterator[tuple[Page, Quiz]]:
        for page in self.course.pages():
            for block in page.texts[self.course.lang].blocks:
                if isinstance(block, Quiz):
                    yield page, block

    def questions(self) -> Iterator[Question]:
        for page in self.course.pages():
            yield from all_questions(page.texts[self.course.lang].blocks)
        for bank in self.course.banks:
            yield from bank.questions
