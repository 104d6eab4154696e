"""Foreign HTML as a small tree: cleaned first, so that it is whole and holds nothing but words and their form."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

# What has a counterpart in Markdown.
KEPT = {
    *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "hr"),
    *("table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "details", "summary", "figure", "figcaption"),
    *("strong", "b", "em", "i", "code", "kbd", "samp", "tt", "s", "del", "strike", "sub", "sup", "br", "a", "img"),
}
# What says nothing that would be missed.
PLAIN = {
    *("html", "head", "body", "title", "meta", "link", "span", "font", "center", "u", "ins", "mark", "small", "big"),
    *(
        "abbr",
        "acronym",
        "cite",
        "q",
        "time",
        "label",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "nav",
        "aside",
    ),
    *(
        "colgroup",
        "col",
        "address",
        "var",
        "dfn",
        "bdi",
        "bdo",
        "wbr",
        "address",
        "nobr",
        "style",
        "legend",
        "fieldset",
    ),
}
BLOCKS = {
    *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "hr"),
    *("table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "details", "summary", "figure", "figcaption"),
    *("section", "article", "header", "footer", "main", "nav", "aside", "address", "center", "fieldset"),
}
_BLOCK_ONLY = {"section", "article", "header", "footer", "main", "nav", "aside", "address", "center", "fieldset"}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}
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
    lost = _Names()
    lost.feed(html)
    lost.close()
    cleaned = nh3.clean(
        html, tags=KEPT | _BLOCK_ONLY, attributes=_ATTRIBUTES, link_rel=None,
        # Addresses are judged one by one where they are written, those inside the file among them.
        url_schemes={"http", "https", "mailto"},
    )  # fmt: skip
    builder = _Builder()
    builder.feed(cleaned)
    builder.close()
    return builder.root, frozenset(lost.found - KEPT - PLAIN)


class _Names(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # "a < b" and e-mail addresses in angle brackets are no elements.
        if tag.isalpha() or (tag[:1].isalpha() and tag.isalnum()):
            self.found.add(tag[:20])


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
