"""Whom a rule reaches: any of some groups, each of which asks for all of its conditions, minus exceptions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.kit.i18n import fold


class By(StrEnum):
    PLACE = "place"  # an organisation with everything below it; `value` is its id
    TITLE = "title"  # a post whose name holds these words
    TAG = "tag"
    PERSON = "person"  # `value` is the person's id


@dataclass(frozen=True, slots=True, order=True)
class Condition:
    """One thing that is true of a person or not."""

    by: By
    value: str


@dataclass(frozen=True, slots=True)
class Audience:
    """`groups`: whoever fits all conditions of one group is in; `exceptions`: whoever fits one of these is not."""

    groups: tuple[tuple[Condition, ...], ...]
    exceptions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rule asks about a person."""

    person_id: int
    path: str
    title: str = ""
    tags: frozenset[str] = frozenset()


def words_of(title: str) -> tuple[str, ...]:
    """What a title is compared by: its words without marks and capitals."""
    return tuple(fold(title).split())


def fits(condition: Condition, facts: Facts) -> bool:
    match condition.by:
        case By.PLACE:
            return f"/{condition.value}/" in facts.path
        case By.TITLE:
            had = fold(facts.title)
            return all(word in had for word in words_of(condition.value))
        case By.TAG:
            return condition.value in facts.tags
        case By.PERSON:
            return condition.value == str(facts.person_id)


def reaches(audience: Audience, facts: Facts) -> bool:
    """Whether a person is meant. An empty group means nobody: a rule never reaches everybody by an oversight."""
    return any(group and all(fits(one, facts) for one in group) for group in audience.groups) and not any(
        fits(one, facts) for one in audience.exceptions
    )


def everybody_at(organisation_id: int) -> Audience:
    return Audience(((Condition(By.PLACE, str(organisation_id)),),))


def within(organisation_id: int, audience: Audience) -> Audience:
    """The same audience held to one place: nobody sets a rule for people of another organisation."""
    place = Condition(By.PLACE, str(organisation_id))
    groups = {tuple(sorted({place, *group})) for group in audience.groups if group}
    return Audience(tuple(sorted(groups)), tuple(sorted(set(audience.exceptions))))


def narrowed(
    organisation_id: int,
    *,
    conditions: Iterable[Condition] = (),
    all_of: bool = False,
    people: Iterable[int] = (),
    exceptions: Iterable[Condition] = (),
) -> Audience:
    """What the form can say: everybody at a place; or those of them who fit any (or all) of the conditions; and some
    people by name besides; minus exceptions."""
    asked, named = tuple(conditions), tuple(people)
    groups: list[tuple[Condition, ...]] = [(Condition(By.PERSON, str(one)),) for one in named]
    if asked:
        groups += [asked] if all_of else [(one,) for one in asked]
    elif not named:
        groups.append((Condition(By.PLACE, str(organisation_id)),))
    return within(organisation_id, Audience(tuple(groups), tuple(exceptions)))


def to_json(audience: Audience) -> dict[str, Any]:
    return {
        "groups": [[[one.by.value, one.value] for one in group] for group in audience.groups],
        "exceptions": [[one.by.value, one.value] for one in audience.exceptions],
    }


def from_json(data: Mapping[str, Any]) -> Audience:
    return Audience(
        tuple(tuple(Condition(By(by), value) for by, value in group) for group in data["groups"]),
        tuple(Condition(By(by), value) for by, value in data["exceptions"]),
    )
