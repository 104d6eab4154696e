"""TeX between dollar signs → MathML, which browsers draw and screen readers read without any script."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from app.kit.limits import FORMULA_CHARACTERS

TAGS = {
    *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "ms", "mfrac", "msqrt", "mroot", "mstyle", "merror"),
    *("mpadded", "mphantom", "mfenced", "menclose", "msub", "msup", "msubsup", "munder", "mover", "munderover"),
    *("mmultiscripts", "mprescripts", "none", "mtable", "mtr", "mtd"),
}
ATTRIBUTES: dict[str, set[str]] = {
    "math": {"display", "alttext"},
    "mo": {
        "stretchy",
        "fence",
        "separator",
        "form",
        "largeop",
        "movablelimits",
        "minsize",
        "maxsize",
        "lspace",
        "rspace",
    },
    "mi": {"mathvariant"},
    "mfrac": {"linethickness"},
    "mspace": {"width", "height", "depth"},
    "mover": {"accent"},
    "munder": {"accentunder"},
    "mtable": {"columnalign", "rowspacing", "columnspacing", "columnlines", "rowlines", "displaystyle"},
    "mtd": {"columnalign"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "menclose": {"notation"},
    "mpadded": {"width", "height", "depth", "lspace", "voffset"},
}


@lru_cache(maxsize=256)
def mathml(tex: str, *, alone: bool) -> str | None:
    """The formula as MathML with its TeX as `alttext`; None where it cannot be read. `alone`: on a line of its own."""
    if not tex.strip() or len(tex) > FORMULA_CHARACTERS:
        return None
    # Imported here: most courses have no formula, and the tables of symbols take a tenth of a second to load.
    from latex2mathml import exceptions
    from latex2mathml.converter import convert

    # Its refusals have no common base, and some slips of the pen meet a plain error inside it.
    named = [one for one in vars(exceptions).values() if isinstance(one, type) and issubclass(one, Exception)]
    refusals: tuple[type[Exception], ...] = (ValueError, LookupError, TypeError, AttributeError, RecursionError, *named)
    try:
        drawn = str(convert(tex.strip(), display="block" if alone else "inline"))
    except refusals:
        return None
    said = escape(" ".join(tex.split()))
    return drawn.replace("<math ", f'<math alttext="{said}" ', 1)
