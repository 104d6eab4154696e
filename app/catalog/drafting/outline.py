"""The outline of a draft: its modules, pages, quizzes and banks, from the names and heads of its files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.catalog.drafting import heads
from app.catalog.format import layout
from app.catalog.format.frontmatter import split
from app.catalog.format.layout import Folder, Written, to_parse
from app.catalog.format.model import Problem
from app.catalog.format.problems import Notes

_QUIZ = re.compile(r"^<!--\s*quiz\b", re.M)
_QUESTION = re.compile(r"^<!--\s*question\b", re.M)
_LANG = re.compile(r"^lang:\s*(\S+)", re.M)


@dataclass(frozen=True, slots=True)
class File:
    """A file of the source language. `variants` maps a language to its file; `kind` is course, module, page or bank."""

    path: str
    kind: str
    title: str
    variants: dict[str, str] = field(default_factory=dict)
    quizzes: int = 0
    questions: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A module: a folder with a file of its own, or a single file that is module and page at once (no `folder`)."""

    folder: str
    file: File | None
    pages: tuple[File, ...]

    @property
    def title(self) -> str:
        return self.file.title if self.file else self.folder

    @property
    def anchor(self) -> str:
        """The path that the module moves by."""
        return self.folder or (self.file.path if self.file else "")


@dataclass(frozen=True, slots=True)
class Shape:
    """A whole draft. `single`: the course is one file. `others` are texts that have no place in a course."""

    course: File | None
    lang: str
    single: bool
    modules: tuple[Part, ...]
    banks: tuple[File, ...]
    others: tuple[str, ...] = ()

    def files(self) -> tuple[File, ...]:
        """Every file of the source language, in order."""
        found = [self.course] if self.course else []
        for part in self.modules:
            found += [part.file] if part.file and part.folder else []
            found += part.pages
        return (*found, *self.banks)

    @property
    def langs(self) -> tuple[str, ...]:
        """The source language, then every other one that some file has."""
        others = {lang for file in self.files() for lang in file.variants}
        return (self.lang, *sorted(others - {self.lang}))

    def find(self, path: str) -> tuple[File, str] | None:
        """The file a path belongs to, and the language it is in."""
        for file in self.files():
            if file.path == path:
                return file, self.lang
            for lang, variant in file.variants.items():
                if variant == path:
                    return file, lang
        return None


def shape(texts: Mapping[str, str]) -> Shape:
    """The outline of these texts, by path; what is wrong with them is told by the checks."""
    problems: list[Problem] = []
    kept = {path: text for path, text in texts.items() if not layout.is_ignored(path)}
    found = layout.arrange([p for p in kept if p.endswith(".md") and not p.startswith("media/")], Notes("", problems))
    course = _file(found.course, "course", kept) if found.course else None
    modules = tuple(_part(one, kept) for one in found.modules)
    if found.single and course is not None:
        modules = (Part("", course, (course,)),)
    banks = tuple(_file(one, "bank", kept) for one in found.banks)
    made = Shape(course, _lang(kept, course), found.single, modules, banks)
    placed = {path for file in made.files() for path in (file.path, *file.variants.values())}
    return Shape(course, made.lang, found.single, modules, banks, tuple(sorted(set(kept) - placed)))


def _lang(texts: Mapping[str, str], course: File | None) -> str:
    head = split(to_parse(texts[course.path]))[0] if course else None
    found = _LANG.search(head or "")
    return heads.plain(found[1]) if found else "lt"


def _part(one: Written | Folder, texts: Mapping[str, str]) -> Part:
    if isinstance(one, Written):
        page = _file(one, "page", texts)
        return Part("", page, (page,))
    module = _file(one.module, "module", texts) if one.module else None
    return Part(one.path, module, tuple(_file(page, "page", texts) for page in one.pages))


def _file(one: Written, kind: str, texts: Mapping[str, str]) -> File:
    text = texts[one.path]
    return File(
        one.path,
        kind,
        heads.title_of(text) or one.path.rpartition("/")[2],
        dict(sorted(one.variants.items())),
        len(_QUIZ.findall(text)),
        len(_QUESTION.findall(text)),
    )
