"""The summary of what is wrong in a form names each field as its label does."""

from __future__ import annotations

import re

from app.kit.i18n import gettext as _

# The summary stands before the fields, so that only the finished page knows what their labels say.
_LINE = re.compile(r'(?P<head><a [^>]*href="#(?P<id>[^"]+)" data-names>)(?P<said>[^<]*)</a>')
_LABEL = re.compile(
    r'<(?P<tag>label|legend)\b[^>]*?\b(?:data-)?for="(?P<id>[^"]+)"[^>]*>(?P<words>.*?)</(?P=tag)>', re.S
)
_TAG = re.compile(r"<[^>]*>")


def name_fields(html: str) -> str:
    """The page with the label of its field before each sentence of the summary. Both are escaped already."""
    if " data-names>" not in html:
        return html
    labels: dict[str, str] = {}
    for found in _LABEL.finditer(html):
        # A set of choices has a legend, and its first choice the same id: the legend comes first.
        labels.setdefault(found["id"], " ".join(_TAG.sub("", found["words"]).split()))

    def named(found: re.Match[str]) -> str:
        label = labels.get(found["id"], "")
        said = _("%(field)s: %(sentence)s", field=label, sentence=found["said"]) if label else found["said"]
        return f"{found['head']}{said}</a>"

    return _LINE.sub(named, html)
