"""The answers of a variant under the ids of its source language: by id where one is written, else by place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.catalog.format.answers import Answer, Named
from app.catalog.format.gaps import Gap
from app.catalog.format.matching import Row, asked
from app.catalog.format.model import Option, Part, PartKind, Question, QuestionText, QuestionType
from app.catalog.format.sequences import Item
from app.catalog.format.source import Source
from app.kit.i18n import N_

OTHERWISE = N_("this answer is marked otherwise than in the source language")
_UNKNOWN = N_('no answer has the id "%(id)s" in the source language')


def _source_of(origin: Question) -> QuestionText:
    return next(iter(origin.texts.values()))


def _names(source: Source, here: Sequence[Named], there: Sequence[str]) -> list[str | None]:
    """The id each has in the source. What is named pairs by its id, wherever it stands; the others pair in order."""
    named = {one.id for one in here if one.named}
    unnamed = iter([name for name in there if name not in named])
    found: list[str | None] = []
    for one in here:
        name = next(unnamed, None) if not one.named else one.id if one.id in there else None
        if name is None:
            source.note(one.line, "E192", _UNKNOWN, id=one.id)
        found.append(name)
    return found


def _as_many(source: Source, line: int, here: int, there: int) -> bool:
    if here != there:
        source.note(line, "E192", N_("%(here)s answers here, %(there)s in the source language"), here=here, there=there)
    return here == there


def answers(source: Source, found: list[Answer], options: tuple[Option, ...], origin: Question) -> tuple[Option, ...]:
    """The options of a variant under the ids of the source. Spellings that are accepted may differ by language."""
    theirs = _source_of(origin).options
    if origin.type is QuestionType.TEXT or not _as_many(source, found[0].line, len(options), len(theirs)):
        return options
    by_id = {option.id: option for option in theirs}
    kept = {option.id for option in options}
    here = [answer for answer in found if answer.id in kept]
    paired: list[Option] = []
    for answer, option, name in zip(here, options, _names(source, here, list(by_id)), strict=False):
        if name is None:
            continue
        other = by_id[name]
        same = abs(option.fraction - other.fraction) < 1e-9 and (option.low, option.high) == (other.low, other.high)
        if not same:
            source.note(answer.line, "E192", OTHERWISE)
        paired.append(replace(option, id=name))
    return tuple(paired)


def items(source: Source, found: list[Item], origin: Question) -> tuple[Option, ...] | None:
    theirs = [option.id for option in _source_of(origin).options]
    if not _as_many(source, found[0].line, len(found), len(theirs)):
        return None
    names = _names(source, found, theirs)
    for item, name, other in zip(found, names, theirs, strict=True):
        if name is not None and name != other:
            source.note(item.line, "E192", N_("this item stands in another place than in the source language"))
    if names != theirs:
        return None
    return tuple(Option(other, 0.0, item.text) for item, other in zip(found, theirs, strict=True))


def rows(source: Source, found: list[Row], origin: Question) -> tuple[tuple[Option, ...], tuple[Part, ...]] | None:
    """A pair goes with its left cell; what belongs to nothing goes with what belongs to nothing in the source."""
    theirs = _source_of(origin)
    keys = {part.id: part.key for part in theirs.parts}
    spare = [option.id for option in theirs.options if option.id not in set(keys.values())]
    pairs = [row for row in found if row.left is not None]
    alone = [row for row in found if row.left is None]
    line = found[0].right.line
    if not _as_many(source, line, len(pairs), len(keys)) or not _as_many(source, line, len(alone), len(spare)):
        return None
    lefts = [row.left for row in pairs if row.left is not None]
    names = _names(source, lefts, list(keys))
    others = _names(source, [row.right for row in alone], spare)
    if None in names or None in others:
        return None
    paired: list[Row] = []
    for row, left, name in zip(pairs, lefts, names, strict=True):
        key = keys[str(name)]
        if row.right.named and row.right.id != key:
            source.note(row.right.line, "E192", OTHERWISE)
        paired.append(Row(replace(left, id=str(name)), replace(row.right, id=key)))
    paired += [Row(None, replace(row.right, id=str(name))) for row, name in zip(alone, others, strict=True)]
    return asked(paired) if _one_to_one(source, paired) else None


def _one_to_one(source: Source, rows: list[Row]) -> bool:
    """Right cells that are one in the source are one here, and two there are two here."""
    texts: dict[str, str] = {}
    ids: dict[str, str] = {}
    for row in rows:
        same_text = texts.setdefault(row.right.id, row.right.text) == row.right.text
        same_id = ids.setdefault(row.right.text, row.right.id) == row.right.id
        if not same_text or not same_id:
            source.note(row.right.line, "E192", N_("right cells that are equal in one language are equal in all"))
            return False
    return True


def gaps(source: Source, found: list[Gap], origin: Question) -> list[Gap] | None:
    """Accepted spellings may differ by language; numbers, and what may be chosen, may not."""
    theirs = {part.id: part for part in _source_of(origin).parts}
    if len(found) != len(theirs):
        source.note(
            found[0].line, "E192", N_("%(here)s gaps here, %(there)s in the source language"),
            here=len(found), there=len(theirs),
        )  # fmt: skip
        return None
    paired: list[Gap] = []
    for gap, name in zip(found, _names(source, found, list(theirs)), strict=True):
        part = _gap(gap.part, theirs[name]) if name is not None else None
        if part is not None:
            paired.append(replace(gap, part=part))
        elif name is not None:
            source.note(gap.line, "E192", N_("this gap is filled otherwise than in the source language"), needle="[[")
    return paired if len(paired) == len(found) else None


def _gap(part: Part, other: Part) -> Part | None:
    if part.kind is not other.kind:
        return None
    if part.kind is PartKind.TEXT:
        return replace(part, id=other.id)
    marks = [(option.fraction, option.low, option.high) for option in part.options]
    if marks != [(option.fraction, option.low, option.high) for option in other.options]:
        return None
    options = tuple(replace(option, id=its.id) for option, its in zip(part.options, other.options, strict=True))
    return replace(part, id=other.id, options=options, key=other.key)
