"""Where things stand in the texts of a draft: its ids, its questions and quizzes, and what draws from which bank."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.catalog.drafting.outline import File, Shape
from app.catalog.format import frontmatter, source, structure
from app.catalog.format.layout import to_parse
from app.catalog.format.model import Problem
from app.catalog.format.problems import Notes
from app.catalog.format.source import Source
from app.catalog.format.structure import Heading

_IDS = re.compile(r"^id:[ \t]*[\"']?([a-z0-9-]+)|\bid=\"?([a-z0-9-]+)", re.M)


@dataclass(frozen=True, slots=True)
class Item:
    """A quiz, question, pool or draw in a file. Lines count from 0: `first` is its heading's, `end` the one behind it.

    `type` is "" where it is not written down. `inside` is the id of the quiz around it.
    """

    kind: str
    id: str
    title: str
    level: int
    first: int
    end: int
    path: str
    type: str = ""
    tags: tuple[str, ...] = ()
    inside: str = ""
    bank: str = ""
    retired: bool = False


def ids_in(texts: Iterable[str]) -> set[str]:
    """Every id that is written down anywhere."""
    return {found[1] or found[2] for text in texts for found in _IDS.finditer(text)}


def parsed(text: str, path: str = "") -> tuple[Source, list[Heading]]:
    problems: list[Problem] = []
    text = to_parse(text)
    read = source.read(text, frontmatter.split(text)[1], Notes(path, problems))
    return read, structure.headings(read)


def items_in(text: str, path: str = "") -> tuple[Item, ...]:
    """What the comments of a file open, in order."""
    _source, headings = parsed(text, path)
    found: list[Item] = []
    quizzes: list[Item] = []
    for heading in headings:
        comment = heading.comment
        if comment is None or not comment.id:
            continue
        around = next((quiz.id for quiz in quizzes if quiz.first < heading.first < quiz.end), "")
        item = Item(
            kind=comment.kind,
            id=comment.id,
            title=heading.plain,
            level=heading.level,
            first=heading.first,
            end=heading.end,
            path=path,
            type=str(comment.get("type") or ""),
            tags=tuple(comment.get("tags", ())),
            inside=around,
            bank=str(comment.get("bank") or ""),
            retired=bool(comment.get("retired")),
        )
        found.append(item)
        if item.kind == "quiz":
            quizzes.append(item)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with where it stands, and the quizzes that ask it or may draw it."""

    item: Item
    file: File
    used_in: tuple[str, ...]


def questions(shape: Shape, texts: Mapping[str, str]) -> tuple[Asked, ...]:
    """Every question of the source language with its use: titles of quizzes, for a bank those that may draw it."""
    found = [(file, item) for file in shape.files() for item in items_in(texts[file.path], file.path)]
    titles = {item.id: item.title for _file, item in found if item.kind == "quiz"}
    draws = [item for _file, item in found if item.kind == "draw"]
    banks = {file.path: _bank_id(texts[file.path]) for file in shape.banks}
    made: list[Asked] = []
    for file, item in found:
        if item.kind != "question":
            continue
        if file.kind == "bank":
            fits = [d.inside for d in draws if d.bank == banks[file.path] and set(d.tags) <= set(item.tags)]
        else:
            fits = [item.inside] if item.inside else []
        made.append(Asked(item, file, tuple(dict.fromkeys(titles.get(one, one) for one in fits if one))))
    return tuple(made)


def _bank_id(text: str) -> str:
    found = re.search(r"^id:[ \t]*[\"']?([a-z0-9-]+)", frontmatter.split(to_parse(text))[0] or "", re.M)
    return found[1] if found else ""


_TAGS = re.compile(r"\s+tags=(?:\"[^\"]*\"|[^\s\"]+)")


def tagged(text: str, question: str, tags: Iterable[str]) -> str:
    """The file with these tags in the comment of a question, and nothing else changed."""
    read, headings = parsed(text)
    lines = to_parse(text).split("\n")
    heading = next((h for h in headings if h.comment is not None and h.comment.id == question), None)
    if heading is None or heading.comment is None:
        return text
    said = ",".join(tags)
    value = f' tags="{said}"' if re.search(r"\s", said) else f" tags={said}" if said else ""
    at = heading.comment.line
    lines[at] = _TAGS.sub("", lines[at]).replace(" -->", f"{value} -->", 1)
    assert read.lines
    return "\n".join(lines)
