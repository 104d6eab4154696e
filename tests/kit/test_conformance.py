"""Markdown means what CommonMark and GitHub's specification say: every example of both, counted in docs/conformance.md."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import html5lib
import pytest

from app.kit.markdown import parser, render
from tests.shared import SHARED, needs

FOLDER = "fixtures/commonmark"
DOCS = Path(__file__).parents[2] / "docs" / "conformance.md"
COMMONMARK, GFM = "commonmark-spec-tests.json", "gfm-spec-tests.json"
# Where we differ on purpose; the reasons stand in the page.
APART = {
    COMMONMARK: {"< https://foo.bar >\n", "https://example.com\n", "foo@bar.example.com\n"},
    GFM: {"< http://foo.bar >\n", "http://example.com\n", "foo@bar.example.com\n", "ftp", "a.b-c_d@a.b"},
}
# What the documents nest without meaning it: line ends between blocks.
BLOCKS = {
    "p",
    "ul",
    "ol",
    "li",
    "blockquote",
    "table",
    "thead",
    "tbody",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
}
BLOCKS |= {"DOCUMENT_FRAGMENT", "th", "td"}


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((SHARED / FOLDER / name).read_text("utf-8"))
    return found


def has_raw_html(case: dict[str, Any]) -> bool:
    """Whether the example is about tags that go through as they are written; here they never do."""
    return parser().render(case["markdown"]) != parser(html=True).render(case["markdown"])


def tree(html: str) -> Any:
    """What a browser makes of it, less what is ours alone: how code scrolls and is coloured, which word says struck out."""
    html = html.replace("<del>", "<s>").replace("</del>", "</s>").replace('<pre tabindex="0">', "<pre>")
    html = re.sub(r'<code class="language-[^"]*">', "<code>", html)
    html = re.sub(r'<span class="hl-[^"]*">|</span>', "", html)
    html = re.sub(r' align="(\w+)"', r' style="text-align:\1"', html)
    return _node(html5lib.parseFragment(html, namespaceHTMLElements=False))


def _node(node: Any) -> Any:
    inside: list[Any] = []
    for text, child in [(node.text, None), *((child.tail, child) for child in node)]:
        if child is not None:
            inside.append(_node(child))
        if text and (text.strip() or node.tag not in BLOCKS):
            inside.append(text)
    return [node.tag, sorted(node.attrib.items()), inside]


def tally(name: str) -> tuple[Counter[str], list[dict[str, Any]]]:
    counted: Counter[str] = Counter()
    wrong = []
    for case in cases(name):
        if has_raw_html(case):
            counted["raw HTML"] += 1
        elif tree(parser().render(case["markdown"])) == tree(case["html"]):
            counted["as specified"] += 1
        else:
            counted["differs"] += 1
            wrong.append(case)
    return counted, wrong


@needs(FOLDER)
@pytest.mark.parametrize("name", [COMMONMARK, GFM])
def test_every_example_without_raw_html_renders_as_specified(name: str) -> None:
    counted, wrong = tally(name)
    for case in wrong:
        assert any(words in case["markdown"] for words in APART[name]), case
    row = f"| {len(cases(name))} | {counted['as specified']} | {counted['raw HTML']} | {counted['differs']} |"
    assert row in DOCS.read_text("utf-8"), f"docs/conformance.md should say {row}"


@needs(FOLDER)
@pytest.mark.parametrize("name", [COMMONMARK, GFM])
def test_no_example_brings_a_tag_of_its_own_onto_a_page(name: str) -> None:
    for case in cases(name):
        shown = render(case["markdown"], link=lambda href: f"/here/{href}", media=lambda href: f"/here/{href}").html
        assert not re.search(r"<(script|style|iframe|textarea|input|del|bab|warning)\b|\son\w+=", shown), case
