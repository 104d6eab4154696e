"""Ids for what has none yet, or is only counted: the one change that is ever made to an author's text."""

from __future__ import annotations

import re

from app.catalog.format import frontmatter, gaps, questions, source, structure
from app.catalog.format.gaps import Gap
from app.catalog.format.layout import to_parse
from app.catalog.format.lock import ids_of
from app.catalog.format.model import Reading
from app.catalog.format.problems import Notes
from app.kit.slugs import slug

_COMMENT = re.compile(r"(<!--\s*(?:quiz|question|pool|draw))\b")
_HEADING = re.compile(r" {0,3}#+[ \t]+(.*?)[ \t]*#*[ \t]*")
_LONGEST = 48


def with_ids(reading: Reading) -> dict[str, str]:
    """The files that change, by path: an id made of its heading in every comment that lacks one (E110), and the ids that
    gaps have by their number written behind them, so that one more gap renames none (E162).
    """
    if reading.course is None:
        return {}
    # Line ends stay as they are, so only the comment differs afterwards.
    texts = {path: text.split("\n") for path, text in reading.course.files.items()}
    taken = set(ids_of(reading.course)) | {found for lines in texts.values() for found in _written(lines)}
    changed: dict[str, str] = {}
    for path, lines in texts.items():
        if _name_gaps(path, lines):
            changed[path] = "\n".join(lines)
    for problem in reading.problems:
        if problem.code != "E110" or problem.path not in texts:
            continue
        lines = texts[problem.path]
        name = _free(_title(lines, problem.line - 1), taken)
        taken.add(name)
        lines[problem.line - 1] = _COMMENT.sub(rf"\1 id={name}", lines[problem.line - 1], count=1)
        changed[problem.path] = "\n".join(lines)
    return changed


def _name_gaps(path: str, lines: list[str]) -> bool:
    """Write the ids of gaps behind them; whether there were any to write."""
    plain = to_parse("\n".join(lines))
    if "type=cloze" not in plain or plain.count("\n") != len(lines) - 1:
        return False
    body = source.read(plain, frontmatter.split(plain)[1], Notes(path, []))
    unnamed: list[Gap] = []
    for heading in structure.headings(body):
        if heading.comment is not None and heading.comment.get("type") == "cloze":
            end = questions.parts_of(body, heading, "cloze").stem_end
            found = gaps.read(body, heading.body, end, match=heading.comment.get("match", "exact")) or ()
            unnamed += [gap for gap in found if not gap.named]
    for gap in sorted(unnamed, key=lambda gap: gap.start, reverse=True):
        line = lines[gap.line]
        lines[gap.line] = f"{line[: gap.end]}<!-- id={gap.id} -->{line[gap.end :]}"
    return bool(unnamed)


def _written(lines: list[str]) -> list[str]:
    return [found for line in lines if "<!--" in line for found in re.findall(r"\bid=\"?([a-z0-9-]+)", line)]


def _title(lines: list[str], comment: int) -> str:
    """The words of the heading above a comment."""
    for line in reversed(lines[:comment]):
        if line.strip():
            found = _HEADING.fullmatch(line.rstrip())
            return found[1] if found else ""
    return ""


def _free(title: str, taken: set[str]) -> str:
    base = slug(title)[:_LONGEST].strip("-")
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    return name
