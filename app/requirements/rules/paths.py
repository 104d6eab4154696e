"""Several courses as one requirement: all of them, all in order, at least so many, at least so many points. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class PathKind(StrEnum):
    ALL = "all"
    IN_ORDER = "in-order"
    AT_LEAST = "at-least"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Item:
    """A course of a path, and what it is worth where points are asked for."""

    course_id: int
    points: int = 1


@dataclass(frozen=True, slots=True)
class Path:
    """`least` is how many courses or points; ALL and IN_ORDER ask for every item."""

    kind: PathKind
    items: tuple[Item, ...]
    least: int = 0


@dataclass(frozen=True, slots=True)
class Reached:
    """How far somebody is: `have` of `need` courses or points; `next` are the courses that may be taken now."""

    have: int
    need: int
    next: tuple[int, ...]

    @property
    def met(self) -> bool:
        return self.have >= self.need


def reached(path: Path, done: Collection[int]) -> Reached:
    left = tuple(item.course_id for item in path.items if item.course_id not in done)
    had = [item for item in path.items if item.course_id in done]
    match path.kind:
        case PathKind.ALL:
            return Reached(len(had), len(path.items), left)
        case PathKind.IN_ORDER:
            # What was done out of turn counts when its turn comes: nobody does a thing twice.
            return Reached(len(had), len(path.items), left[:1])
        case PathKind.AT_LEAST:
            return Reached(len(had), path.least, left if len(had) < path.least else ())
        case PathKind.POINTS:
            points = sum(item.points for item in had)
            return Reached(points, path.least, left if points < path.least else ())


def obliges_each(path: Path) -> bool:
    """Whether every course of the path is required by itself, because there is nothing to choose."""
    return path.kind in (PathKind.ALL, PathKind.IN_ORDER)


def most(path: Path) -> int:
    """The most that can be reached: a path that asks for more can never be completed."""
    return sum(item.points for item in path.items) if path.kind is PathKind.POINTS else len(path.items)


def circle(asks: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """A circle among prerequisites (name → names that must come before it), as a closed walk; or nothing.

    Whoever is caught in a circle could never begin, so such a rule is refused.
    """
    done: set[str] = set()

    def walk(name: str, way: tuple[str, ...]) -> tuple[str, ...]:
        if name in way:
            return (*way[way.index(name) :], name)
        if name in done:
            return ()
        for before in sorted(asks.get(name, ())):
            if found := walk(before, (*way, name)):
                return found
        done.add(name)
        return ()

    for name in sorted(asks):
        if found := walk(name, ()):
            return found
    return ()
