"""Foreign HTML as a small tree: cleaned first, so that it is whole and holds nothing but words and their form."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

# What has a counterpart in Markdown.
KEPT = {
    *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "hr"),
    *("table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "details", "summary", "figure", "figcaption"),
    *("strong", "b", "em", "i", "code", "kbd", "samp", "tt", "s", "del", "strike", "sub", "sup", "br", "a", "img"),
}
BLOCKS = {
    *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "hr"),
    *("table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "details", "summary", "figure", "figcaption"),
    *("section", "article", "header", "footer", "main", "nav", "aside", "address", "center", "fieldset"),
}
_BLOCK_ONLY = {"section", "article", "header", "footer", "main", "nav", "aside", "address", "center", "fieldset"}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}
# What would be missed. "a < b" and addresses in angle brackets look like elements too, so it is a list.
_KNOWN_LOST = {
    *("script", "iframe", "object", "embed", "video", "audio", "source", "track", "canvas", "svg", "math", "applet"),
    *("form", "input", "button", "select", "textarea", "map", "area", "ruby", "marquee", "template", "picture"),
}
_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]{0,19})(?=[\s/>])")
_EMPTY = {"br", "hr", "img"}
_DEEPEST = 40


@dataclass(slots=True)
class Node:
    """An element, or words (`tag` is empty)."""

    tag: str
    text: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)

    @property
    def is_block(self) -> bool:
        return self.tag in BLOCKS

    def words(self) -> str:
        """Everything it says, without form."""
        return self.text + "".join(child.words() for child in self.children)


def parse(html: str) -> tuple[Node, frozenset[str]]:
    """The tree, and the names of elements that were left out of it because Markdown has nothing like them."""
    named = {name.lower() for name in _TAG.findall(html)}
    cleaned = nh3.clean(
        html, tags=KEPT | _BLOCK_ONLY, attributes=_ATTRIBUTES, link_rel=None,
        # Addresses are judged one by one where they are written, those inside the file among them.
        url_schemes={"http", "https", "mailto"},
    )  # fmt: skip
    builder = _Builder()
    builder.feed(cleaned)
    builder.close()
    return builder.root, frozenset(named & _KNOWN_LOST)


class _Builder(HTMLParser):
    """What nests deeper than anybody writes is hung on the last level that counts."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Node("div")
        self.open: list[Node] = [self.root]
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, attributes={name: value or "" for name, value in attrs})
        if tag in _EMPTY:
            self.open[-1].children.append(node)
            return
        self.tags.append(tag)
        if len(self.tags) <= _DEEPEST:
            self.open[-1].children.append(node)
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.tags:
            while self.tags and self.tags.pop() != tag:
                pass
            del self.open[min(len(self.tags), _DEEPEST) + 1 :]

    def handle_data(self, data: str) -> None:
        children = self.open[-1].children
        if children and not children[-1].tag:
            children[-1].text += data
        else:
            children.append(Node("", text=data))
