"""One QTI item while it is read: its parts, its words as Markdown, and what its classes say when it was written here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from app.catalog.exchange import qti_scores, xml
from app.catalog.exchange import qti_tree as tree
from app.catalog.exchange.desk import Desk, Item
from app.catalog.exchange.folder import Folder, Refusal
from app.catalog.exchange.qti_item import TOOL
from app.catalog.exchange.qti_scores import Declaration, Marking
from app.catalog.exchange.qti_words import SHIFT
from app.catalog.format.answers import option_id
from app.catalog.format.frontmatter import is_id
from app.kit.i18n import N_

# Nobody answers these: a button, a hint.
_IDLE = ("end-attempt-interaction",)
_TITLE, _UNIT = "title", "unit"


@dataclass(slots=True)
class Source:
    """`path` is the file it stands in, from which its addresses are counted."""

    desk: Desk
    folder: Folder
    item: Item
    element: Element
    path: str
    marking: Marking

    @property
    def own(self) -> bool:
        return tree.attribute(self.element, "tool-name") == TOOL

    @property
    def body(self) -> Element | None:
        return tree.child(self.element, "item-body")

    @property
    def interactions(self) -> list[Element]:
        return [
            one for one in self.body.iter() if tree.kind(one).endswith("-interaction") and tree.kind(one) not in _IDLE
        ] if self.body is not None else []  # fmt: skip

    def setting(self, name: str, default: str = "") -> str:
        return next(iter(self.settings(name)), default)

    def settings(self, name: str) -> list[str]:
        """What the classes of the body say; those of others mean something else."""
        if not self.own:
            return []
        return [one.removeprefix(f"{name}-") for one in tree.classes(self.body) if one.startswith(f"{name}-")]

    def declaration(self, interaction: Element) -> Declaration:
        name = tree.attribute(interaction, "response-identifier")
        found = self.marking.declarations.get(name)
        if found is None:
            raise Refusal(N_('the answer "%(name)s" is not declared'), xml.line(interaction), name=name)
        return found

    # Words

    def html(self, element: Element | None, place: Callable[[Element], str] | None = None,
             without: Callable[[Element], bool] | None = None) -> str:  # fmt: skip
        # Items written here have their title as a heading of the second level.
        return tree.html(element, place, without=without, shift=3 - SHIFT if self.own else 0)

    def blocks(self, element: Element | None) -> str:
        return self.folder.blocks(self.item, self.html(element), self.path) if element is not None else ""

    def line(self, element: Element | None) -> str:
        return self.folder.line(self.item, self.html(element), self.path) if element is not None else ""

    def stem(self, place: Callable[[Element], str] | None = None) -> str:
        """The words of the body around its interactions, what an interaction is introduced with among them."""
        html = self.html(self.body, place or self._prompt, self._elsewhere)
        return self.folder.blocks(self.item, html, self.path)

    def _prompt(self, interaction: Element) -> str:
        return f"<div>{self.html(tree.child(interaction, 'prompt'))}</div>"

    def _elsewhere(self, element: Element) -> bool:
        return self.own and any(name in tree.classes(element) for name in (_TITLE, _UNIT))

    @property
    def title(self) -> str:
        return self.line(self._marked(_TITLE)) if self.own else ""

    @property
    def unit(self) -> str:
        return tree.words(self._marked(_UNIT)) if self.own else ""

    def _marked(self, name: str) -> Element | None:
        found = (one for one in self.body.iter() if name in tree.classes(one)) if self.body is not None else iter(())
        return next(found, None)

    def name(self, identifier: str, prefix: str, text: str) -> str:
        """The id of an option: its own where it was written here, else the one that its words make."""
        name = identifier.removeprefix(f"{prefix}-")
        return name if self.own and is_id(name, 1) else option_id(text)

    def said_on(self, identifier: str) -> str:
        """What is said when this is answered."""
        return self.blocks(qti_scores.named(self.marking).get(identifier))

    def rubric(self, kind: str) -> list[str]:
        """What is said to those who mark or teach: the rubric, a model answer, hints."""
        found: list[str] = []
        for one in tree.inside(self.body, "rubric-block"):
            views, names = tree.attribute(one, "view").split(), tree.classes(one)
            if self.own:
                wanted = kind in names
            else:
                wanted = kind == "rubric" and "candidate" not in views
            if wanted and (said := self.blocks(one)):
                found.append(said)
        return found
