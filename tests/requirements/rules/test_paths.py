"""Several courses as one requirement."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.requirements.rules import paths
from app.requirements.rules.paths import Item, Path, PathKind

ITEMS = (Item(1, 2), Item(2, 3), Item(3, 1))


def test_all_and_all_in_order() -> None:
    anyhow = paths.reached(Path(PathKind.ALL, ITEMS), {2})
    assert (anyhow.have, anyhow.need, anyhow.next, anyhow.met) == (1, 3, (1, 3), False)
    inorder = paths.reached(Path(PathKind.IN_ORDER, ITEMS), {2})
    assert (inorder.have, inorder.next) == (1, (1,))
    assert paths.reached(Path(PathKind.IN_ORDER, ITEMS), {1, 2}).next == (3,)


def test_at_least_so_many_courses_or_points() -> None:
    two = Path(PathKind.AT_LEAST, ITEMS, 2)
    assert not paths.reached(two, {1}).met and paths.reached(two, {1, 3}).met and paths.reached(two, {1, 3}).next == ()
    four = Path(PathKind.POINTS, ITEMS, 4)
    assert not paths.reached(four, {1, 3}).met and paths.reached(four, {2, 3}).met


@given(
    st.sampled_from(PathKind),
    st.lists(st.integers(1, 9), min_size=1, max_size=6, unique=True),
    st.integers(1, 12),
    st.sets(st.integers(1, 9)),
    st.integers(1, 9),
)
def test_doing_more_never_takes_a_path_back(
    kind: PathKind, courses: list[int], least: int, done: set[int], more: int
) -> None:
    path = Path(kind, tuple(Item(one, 1 + one % 3) for one in courses), least)
    before, after = paths.reached(path, done), paths.reached(path, done | {more})
    assert after.have >= before.have and (not before.met or after.met)
    assert before.met or before.next or before.need > paths.most(path)


def test_a_circle_of_prerequisites_is_found_and_named() -> None:
    assert paths.circle({"a": ["b"], "b": ["c"], "c": ["a"]}) == ("a", "b", "c", "a")
    assert paths.circle({"a": ["a"]}) == ("a", "a")
    assert paths.circle({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}) == ()
    assert paths.circle({}) == ()
