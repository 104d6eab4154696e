"""Markdown becomes HTML that is safe, accessible and never costs more than its length."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kit import i18n, markdown
from app.kit.errors import Invalid
from app.kit.limits import MARKDOWN_BYTES, RUN_CHARACTERS
from app.kit.markdown import Thread, render, render_line
from app.kit.markdown.sanitise import ATTRIBUTES, TAGS
from tests.shared import SHARED

CORPORA = SHARED / "corpora"


def _here(href: str) -> str | None:
    return f"/here/{href}"


def test_raw_html_is_shown_as_text() -> None:
    assert "&lt;script&gt;" in render("<script>alert(1)</script>").html
    assert "<script" not in render("a <script>alert(1)</script> b").html


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example"]
)
def test_a_link_leads_only_where_it_may(href: str) -> None:
    html = render(f"[words](<{href}>)", link=_here, media=_here).html
    assert "href" not in html
    assert "words" in html


def test_outside_links_and_anchors_stay_and_relative_ones_are_asked_for() -> None:
    html = render("[a](https://e.lt) [b](#c) [d](e.md) [f](mailto:g@h.lt)", link=lambda href: f"/p/{href}").html
    assert 'href="https://e.lt"' in html
    assert 'href="#c"' in html
    assert 'href="/p/e.md"' in html
    assert 'href="mailto:g@h.lt"' in html


def test_a_link_that_leads_nowhere_leaves_its_words() -> None:
    assert render("[a](b.md)", link=lambda href: None).html == "<p>a</p>\n"


def test_a_picture_is_never_fetched_from_elsewhere() -> None:
    html = render("![a picture](https://evil.example/x.png) ![ours](media/x.png)", media=_here).html
    assert "evil.example" not in html
    assert "a picture" in html
    assert '<img src="/here/media/x.png" alt="ours" loading="lazy">' in html


def test_headings_stay_below_the_title_of_the_page_and_skip_no_level() -> None:
    rendered = render("# A\n\n#### B\n\n## C\n\n### A")
    assert rendered.headings == ((2, "a", "A"), (3, "b", "B"), (3, "c", "C"), (4, "a-2", "A"))


def test_pieces_of_one_page_share_anchors_and_table_numbers() -> None:
    thread = Thread()
    table = "| a | b |\n| - | - |\n| c | d |"
    first, second = (
        render(f"## X\n\n{table}", lang="en", thread=thread),
        render(f"## X\n\n{table}", lang="en", thread=thread),
    )
    assert (first.headings[0].slug, second.headings[0].slug) == ("x", "x-2")
    assert "Table 2: a, b" in second.html


def test_a_table_says_what_its_cells_belong_to_and_can_be_scrolled_by_keyboard() -> None:
    html = render("| Kas | Kiek |\n| --- | --: |\n| a | 3 |", lang="en").html
    assert '<div class="scroll" role="region" tabindex="0" aria-label="Table 1: Kas, Kiek">' in html
    assert '<th scope="col">Kas</th>' in html
    assert '<th scope="row">a</th>' in html
    assert '<td class="num">3</td>' in html
    assert "style=" not in html


@pytest.mark.parametrize("kind", sorted(markdown.CALLOUTS))
def test_a_callout_is_a_note_with_a_title_in_the_language_of_the_page(kind: str) -> None:
    html = render(f"> [!{kind}]\n> Words **here**.", lang="nb").html
    assert f'data-kind="{kind.lower()}" role="note"' in html
    assert i18n.in_language(markdown.CALLOUTS[kind], "nb") in html
    assert "<strong>here</strong>" in html
    assert "[!" not in html


def test_a_film_has_captions_and_a_transcript_when_they_lie_beside_it() -> None:
    there = {"media/film.mp4", "media/film.vtt", "media/film.md"}
    html = render(
        "[The film](media/film.mp4)", lang="en", media=lambda href: f"/m/{href}" if href in there else None
    ).html
    assert '<video controls="" preload="metadata" src="/m/media/film.mp4" aria-label="The film">' in html
    assert '<track kind="captions" src="/m/media/film.vtt" srclang="en"' in html
    assert 'href="/m/media/film.md"' in html


def test_code_is_coloured_by_classes_only() -> None:
    html = render("```python\ndef f(): pass\n```").html
    assert 'class="hl-k"' in html
    assert "style=" not in html
    assert render("```nonsense\n<x>\n```").html == '<pre tabindex="0"><code>&lt;x&gt;\n</code></pre>\n'


def test_a_task_list_says_in_words_what_is_done() -> None:
    html = render("- [x] a\n- [ ] b", lang="en").html
    assert 'role="img" aria-label="Done"' in html
    assert 'role="img" aria-label="Not done"' in html


def test_the_words_alone_are_kept_for_search() -> None:
    assert render("## A *b*\n\nc\nd `e`").text == "A b\nc d e"


def test_one_line_has_no_paragraph() -> None:
    assert render_line("a **b** <i>") == "a <strong>b</strong> &lt;i&gt;"


def test_a_text_that_is_too_large_is_refused() -> None:
    with pytest.raises(Invalid):
        render("a b\n\n" * (MARKDOWN_BYTES // 5 + 1))
    with pytest.raises(Invalid):
        render("a " * RUN_CHARACTERS)


def test_shapes_that_parsers_choke_on_are_refused_or_rendered() -> None:
    file = CORPORA / "own" / "markdown-pathological.json"
    if not file.exists():
        pytest.skip("the shared corpora are not on this machine")
    for recipe in json.loads(file.read_text("utf-8"))["recipes"]:
        text = "".join(part * times for part, times in recipe["parts"])
        for tried in (text, text[:20_000]):
            try:
                render(tried)
            except Invalid:
                continue


class _Seen(HTMLParser):
    """What a browser would make of it: tags, attribute names and addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses |= {value or "" for name, value in attrs if name in ("href", "src")}


def _is_harmless(html: str) -> bool:
    seen = _Seen(html)
    known = set().union(*ATTRIBUTES.values())
    starts = ("http://", "https://", "mailto:", "#", "/here/")
    return seen.tags <= TAGS and seen.attributes <= known and all(a.lower().startswith(starts) for a in seen.addresses)


def test_known_attacks_come_out_harmless() -> None:
    if not CORPORA.exists():
        pytest.skip("the shared corpora are not on this machine")
    samples = json.loads((CORPORA / "blns" / "blns.json").read_text("utf-8"))
    samples += (CORPORA / "markdown-it" / "xss.txt").read_text("utf-8").split("\n.\n")
    for sample in samples:
        for written in (sample, f"[a](<{sample}>)", f"![{sample}](media/x.png)", f"> [!NOTE]\n> {sample}"):
            assert _is_harmless(render(written, link=_here, media=_here).html), written


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab <>[]()!*_`#>-|:\n\\&\"'=x/", max_size=300))
def test_whatever_is_written_renders_without_attributes_of_its_own(text: str) -> None:
    assert _is_harmless(render(text, link=_here, media=_here).html)


def test_a_formula_is_drawn_and_money_is_not() -> None:
    shown = render("Share $\\frac{a}{b}$ of it.").html
    assert "<mfrac>" in shown and 'alttext="\\frac{a}{b}"' in shown
    assert 'display="block"' in render("$$\nx^2\n$$").html
    assert "<math" not in render("From $5 to $6, or $ 7 $.").html


@pytest.mark.parametrize(
    "tex", ["\\left(", "^", "{{{{", "\\href{javascript:alert(1)}{x}", "\\style{color:red}{x}", "\\text{<img src=x>}"]
)
def test_a_formula_that_cannot_be_drawn_or_does_more_than_that_does_no_harm(tex: str) -> None:
    shown = render(f"a ${tex}$ b").html
    assert "href=" not in shown and "style=" not in shown and "<img" not in shown


def test_an_address_is_linked_whole_or_not_at_all() -> None:
    assert 'href="mailto:jonas@sav.example"' in render("jonas@sav.example").html
    assert "href" not in render("jonas_p@sav.example").html
    assert 'href="https://www.lrs.lt"' in render("https://www.lrs.lt").html
