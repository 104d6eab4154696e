"""Every template against its page class: what it asks of `page` is there."""

from __future__ import annotations

import dataclasses
import importlib
import re
import types
import typing
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from app.settings import ROOT

TEMPLATES = ROOT / "templates"
HEAD = re.compile(r"\{#-? page: ([\w.]+) -?#\}")
FRAMES = ("components", "mail")


def pages() -> list[Path]:
    found = [p for p in sorted(TEMPLATES.rglob("*.html")) if p.relative_to(TEMPLATES).parts[0] not in FRAMES]
    return [p for p in found if not p.name.endswith("base.html") and not p.name.startswith("_")]


def page_class(path: Path) -> type:
    said = HEAD.match(path.read_text("utf-8"))
    assert said, f"{path.name} does not name its page class in its first line"
    module, _, name = said[1].rpartition(".")
    found = getattr(importlib.import_module(module), name)
    assert isinstance(found, type)
    return found


def _plain(hint: object) -> object:
    """X | None → X."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        rest = [one for one in typing.get_args(hint) if one is not type(None)]
        return rest[0] if len(rest) == 1 else None
    return hint


def _member(owner: object, name: str) -> tuple[bool, object]:
    """Whether a dataclass has this attribute, and of which type as far as can be told."""
    if not (isinstance(owner, type) and dataclasses.is_dataclass(owner)):
        return True, None
    hints = typing.get_type_hints(owner)
    if name in hints:
        return True, _plain(hints[name])
    found = getattr(owner, name, None)
    if isinstance(found, property) and found.fget is not None:
        return True, _plain(typing.get_type_hints(found.fget).get("return"))
    return found is not None, None


def _items(hint: object) -> object:
    arguments = typing.get_args(hint)
    origin = typing.get_origin(hint)
    return _plain(arguments[0]) if origin in (tuple, list, frozenset, set) and arguments else None


class Reader:
    """Walks a template with the types of the names it knows."""

    def __init__(self, path: Path) -> None:
        self.wrong: list[str] = []
        self.path = path

    def type_of(self, node: nodes.Node, known: dict[str, object]) -> object:
        if isinstance(node, nodes.Name):
            return known.get(node.name)
        if isinstance(node, nodes.Getattr):
            owner = self.type_of(node.node, known)
            there, hint = _member(owner, node.attr)
            if not there:
                self.wrong.append(f"{self.path.name}:{node.lineno}: {getattr(owner, '__name__', owner)}.{node.attr}")
            return hint
        if isinstance(node, nodes.Getitem):
            return _items(self.type_of(node.node, known))
        return None

    def walk(self, node: nodes.Node, known: dict[str, object]) -> None:
        if isinstance(node, nodes.For):
            self.walk(node.iter, known)
            inner = dict(known)
            if isinstance(node.target, nodes.Name):
                inner[node.target.name] = _items(self.type_of(node.iter, known))
            else:
                inner.update({name.name: None for name in node.target.find_all(nodes.Name)})
            for child in (*node.body, *node.else_, *((node.test,) if node.test else ())):
                self.walk(child, inner)
            return
        if isinstance(node, nodes.Macro):
            inner = {**known, **{argument.name: None for argument in node.args}}
            for child in node.body:
                self.walk(child, inner)
            return
        if isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
            self.walk(node.node, known)
            known[node.target.name] = self.type_of(node.node, known)
            return
        if isinstance(node, nodes.Getattr):
            self.type_of(node, known)
        for child in node.iter_child_nodes():
            self.walk(child, known)


@pytest.mark.parametrize("path", pages(), ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_a_template_asks_its_page_only_for_what_is_there(path: Path) -> None:
    env = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
    reader = Reader(path)
    reader.walk(env.parse(path.read_text("utf-8")), {"page": page_class(path)})
    assert not reader.wrong


@pytest.mark.parametrize("path", pages(), ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_a_page_class_is_frozen(path: Path) -> None:
    found = page_class(path)
    assert dataclasses.is_dataclass(found)
    assert found.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_templates_hold_no_markup_of_their_own_making() -> None:
    """Escaping has one door, and it is not in a template."""
    loud = [
        str(p.relative_to(TEMPLATES))
        for p in TEMPLATES.rglob("*.html")
        if re.search(r"\|\s*safe\b", p.read_text("utf-8"))
    ]
    assert not loud
