"""Foreign HTML as Markdown of the course language: no raw HTML, no heading too high, no word that means something to Markdown.

A converter of our own, since what comes out must be our subset: escaped gaps, marks and callouts, headings below a
level, addresses answered by whoever knows the files. The general ones leave HTML in, and bring a second HTML parser along.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from app.catalog.exchange import escaping
from app.catalog.exchange.html_tree import Node, parse
from app.catalog.exchange.question_text import APART

Resolver = Callable[[str], str | None]

_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_RAISED = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_EMPHASIS = {"strong": "**", "b": "**", "em": "*", "i": "*", "s": "~~", "del": "~~", "strike": "~~"}
# TeX between \( and \), which is how other platforms mark a formula; ours stand between dollar signs.
_FORMULA = re.compile(r"\\\((.{1,1000}?)\\\)", re.S)
_BREAK = "\x00"


def _same(address: str) -> str | None:
    return address if address.startswith(("http://", "https://", "mailto:")) else None


def _none(address: str) -> str | None:
    return None


@dataclass(slots=True)
class Work:
    """`link` and `image` turn addresses into ours, or answer None: then only the words stay. `top` is the highest heading.

    `formulas` says whether TeX between \\( and \\) is meant by it; in the words of an office document it is not.
    """

    link: Resolver = _same
    image: Resolver = _none
    top: int = 4
    formulas: bool = True
    lost: set[str] = field(default_factory=set)
    above: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Converted:
    """`lost` names what could not be carried: elements, "table header", "image"."""

    markdown: str
    lost: frozenset[str]


def blocks(
    html: str, *, link: Resolver = _same, image: Resolver = _none, top: int = 4, formulas: bool = True
) -> Converted:
    """Paragraphs, lists, tables, headings (none above `top`)."""
    root, lost = parse(html)
    work = Work(link, image, top, formulas, set(lost))
    return Converted(_joined(_blocks(root.children, work)), frozenset(work.lost))


def line(html: str, *, link: Resolver = _same, image: Resolver = _none) -> Converted:
    """Everything on one line: an answer, a title, a cell."""
    root, lost = parse(html)
    work = Work(link, image, lost=set(lost))
    return Converted(escaping.at_start(_line(root.children, work)), frozenset(work.lost))


def _joined(found: list[str]) -> str:
    """Blocks with a blank line between; two lists that would become one are kept apart."""
    written: list[str] = []
    for block in found:
        if written and _is_list(written[-1]) and _is_list(block):
            written.append(APART)
        written.append(block)
    return "\n\n".join(written)


def _is_list(block: str) -> bool:
    return re.match(r"(?:- |\d{1,9}\. )", block) is not None


def _blocks(nodes: Iterable[Node], work: Work) -> list[str]:
    found: list[str] = []
    run: list[Node] = []
    for node in nodes:
        if node.is_block or _holds_blocks(node):
            found += _paragraph(run, work)
            run = []
            found += _block(node, work)
        else:
            run.append(node)
    return found + _paragraph(run, work)


def _holds_blocks(node: Node) -> bool:
    """A link or an emphasis around paragraphs: its form is given up, its paragraphs are not."""
    return any(child.is_block or _holds_blocks(child) for child in node.children)


def _paragraph(nodes: list[Node], work: Work) -> list[str]:
    lines = [escaping.at_start(part.strip()) for part in _inline(nodes, work).split(_BREAK)]
    text = "\\\n".join(part for part in lines if part)
    return [text] if text else []


def _block(node: Node, work: Work) -> list[str]:
    match node.tag:
        case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
            return _heading(node, work)
        case "ul" | "ol":
            return _list(node, work)
        case "blockquote":
            inner = _joined(_blocks(node.children, work))
            return ["\n".join(f"> {row}".rstrip() for row in inner.split("\n"))] if inner else []
        case "pre":
            return _fence(node.words().strip("\n"))
        case "table":
            return _table(node, work)
        case "hr":
            return ["***"]
        case _:
            return _blocks(node.children, work)


def _heading(node: Node, work: Work) -> list[str]:
    text = escaping.heading(_line(node.children, work))
    if not text:
        return []
    # Levels that were skipped are closed up: what counts is which heading stands under which.
    given = int(node.tag[1])
    while work.above and work.above[-1] >= given:
        work.above.pop()
    work.above.append(given)
    return [f"{'#' * min(work.top + len(work.above) - 1, 6)} {text}"]


def _list(node: Node, work: Work) -> list[str]:
    number = node.attributes.get("start", "1")
    at = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 1
    items: list[str] = []
    for child in node.children:
        if child.tag != "li" and not child.words().strip():
            continue
        mark = f"{at}. " if node.tag == "ol" else "- "
        inner = _blocks(child.children if child.tag == "li" else [child], work)
        text = "".join(
            one if n == 0 else ("\n" if _is_list(one) and n == 1 and not _is_list(inner[0]) else "\n\n") + one
            for n, one in enumerate(inner)
        )
        items.append(mark + text.replace("\n", "\n" + " " * len(mark)) if text else mark.rstrip())
        at += 1
    return ["\n".join(row.rstrip() for item in items for row in item.split("\n"))] if items else []


def _fence(code: str) -> list[str]:
    fence = "```"
    while fence in code:
        fence += "`"
    code = escaping.visible(code)
    return [f"{fence}\n{code}\n{fence}"] if code.strip() else []


def _table(node: Node, work: Work) -> list[str]:
    rows = [row for row in _rows(node) if row.children]
    cells = [[cell for cell in row.children if cell.tag in ("td", "th")] for row in rows]
    cells = [row for row in cells if row]
    if not cells:
        return _blocks(node.children, work) if not rows else []
    width = max(len(row) for row in cells)
    texts = [[_line(cell.children, work).replace("|", "\\|") for cell in row] for row in cells]
    texts = [row + [""] * (width - len(row)) for row in texts]
    caption = [part for child in node.children if child.tag == "caption" for part in _blocks(child.children, work)]
    if any(cell.tag == "th" for cell in cells[0]):
        head, body = texts[0], texts[1:]
    else:
        head, body = [""] * width, texts
        work.lost.add("table header")
    written = [f"| {' | '.join(row)} |" for row in ([head, ["---"] * width, *body])]
    return [*caption, "\n".join(written)]


def _rows(node: Node) -> list[Node]:
    found: list[Node] = []
    for child in node.children:
        if child.tag == "tr":
            found.append(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            found += _rows(child)
    return found


def _line(nodes: Iterable[Node], work: Work) -> str:
    return " ".join(_inline(nodes, work).replace(_BREAK, " ").split())


def _inline(nodes: Iterable[Node], work: Work) -> str:
    """Words with their form; a break is a mark of its own, to be written as its place asks."""
    text = ""
    pieces = [(node, _one(node, work)) for node in nodes]
    for here, (node, piece) in enumerate(pieces):
        after = pieces[here + 1][1] if here + 1 < len(pieces) else ""
        mark = _EMPHASIS.get(node.tag)
        if mark:
            piece = _emphasised(piece, mark, text[-1:], after[:1])
        elif node.is_block and text and piece and not text[-1].isspace() and not piece[0].isspace():
            text += " "
        text += piece
    return text


def _one(node: Node, work: Work) -> str:
    if not node.tag:
        return _words(node.text) if work.formulas else escaping.inline(node.text)
    inner = _inline(node.children, work)
    match node.tag:
        case "br":
            return _BREAK
        case "img":
            return _image(node, work)
        case "a":
            return _link(node.attributes.get("href", ""), inner, work)
        case "code" | "kbd" | "samp" | "tt":
            words = " ".join(node.words().split())
            return escaping.code(escaping.visible(words)) if words else ""
        case "sub" | "sup":
            return _small(node, inner, work)
        case _:
            return inner


def _words(text: str) -> str:
    parts = _FORMULA.split(text)
    return "".join(
        escaping.inline(part) if n % 2 == 0 else f"${' '.join(part.split()).replace('$', '')}$"
        for n, part in enumerate(parts)
    )


def _emphasised(inner: str, mark: str, before: str, after: str) -> str:
    """Marks between a letter and a sign, or beside other marks, would be read as signs: there the form is given up."""
    core = inner.strip()
    start = inner.find(core)
    left, right = inner[:start], inner[start + len(core) :]
    if not core or _BREAK in core or mark[0] in core:
        return inner
    before, after = left[-1:] or before, right[:1] or after
    seen = core[0].isalnum() or not before.isalnum()
    closed = core[-1].isalnum() or not after.isalnum()
    if not seen or not closed or before in ("*", "~") or after in ("*", "~"):
        return inner
    return f"{left}{mark}{core}{mark}{right}"


def _small(node: Node, inner: str, work: Work) -> str:
    words = node.words()
    table = _LOWERED if node.tag == "sub" else _RAISED
    if words and all(ord(sign) in table for sign in words):
        return words.translate(table)
    work.lost.add(node.tag)
    return inner


def _link(href: str, inner: str, work: Work) -> str:
    found = work.link(href) if href else None
    words = " ".join(inner.replace(_BREAK, " ").split())
    if found is None or not words:
        return inner
    return f"[{words}]({escaping.address(found)})"


def _image(node: Node, work: Work) -> str:
    found = work.image(node.attributes.get("src", ""))
    alt = escaping.inline(node.attributes.get("alt", "")).strip()
    if found is None:
        work.lost.add("image")
        return alt
    return f"![{alt}]({escaping.address(found)})"
