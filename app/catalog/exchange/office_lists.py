"""Paragraphs that stand one after the other and say how deep they are, as lists inside one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListItem:
    """`number` is what an ordered list begins with if this item comes first in it."""

    depth: int
    ordered: bool
    number: int
    html: str


def listed(items: Sequence[ListItem]) -> str:
    """Nested lists; levels that were skipped are closed up."""
    html: list[str] = []
    open_lists: list[bool] = []
    for item in items:
        depth = max(0, min(item.depth, len(open_lists)))
        while len(open_lists) > depth + 1:
            html.append("</li></ol>" if open_lists.pop() else "</li></ul>")
        if len(open_lists) == depth + 1:
            html.append("</li>")
            if open_lists[-1] != item.ordered:
                html.append("</ol>" if open_lists.pop() else "</ul>")
        if len(open_lists) == depth:
            html.append(f'<ol start="{max(item.number, 0)}">' if item.ordered else "<ul>")
            open_lists.append(item.ordered)
        html.append(f"<li>{item.html}")
    while open_lists:
        html.append("</li></ol>" if open_lists.pop() else "</li></ul>")
    return "".join(html)
