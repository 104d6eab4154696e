"""What HTML may come out of Markdown at all, whoever wrote it."""

from __future__ import annotations

from typing import Final

import nh3

from app.kit.markdown import formulas

TAGS: Final = {
    *(
        "p",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "code",
        "em",
        "strong",
        "s",
        "br",
        "hr",
    ),
    *("a", "img", "table", "thead", "tbody", "tr", "th", "td", "div", "span", "figure", "figcaption"),
    *("video", "audio", "track"),
    *formulas.TAGS,
}
ATTRIBUTES: Final[dict[str, set[str]]] = {
    "*": {"class", "id"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "loading"},
    "div": {"role", "tabindex", "aria-label", "data-kind"},
    "span": {"role", "aria-label", "data-done"},
    "pre": {"tabindex"},
    "th": {"scope"},
    "ol": {"start"},
    "video": {"src", "controls", "preload", "aria-label"},
    "audio": {"src", "controls", "preload", "aria-label"},
    "track": {"src", "kind", "srclang", "label", "default"},
    **formulas.ATTRIBUTES,
}
SCHEMES: Final = {"http", "https", "mailto"}

# Made once: to read these sets anew costs more than to clean a sentence.
_CLEANER: Final = nh3.Cleaner(tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)


def clean(html: str) -> str:
    """Everything not named above is taken out; words stay."""
    return _CLEANER.clean(html)
