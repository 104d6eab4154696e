"""Foreign text files as text: UTF-8 where it is that, else the code page that the readers' language was written in."""

from __future__ import annotations

from app.catalog.exchange.model import Report
from app.kit.i18n import N_

# What Windows wrote before it wrote UTF-8, by language.
_CODE_PAGES = {"lt": "cp1257", "lv": "cp1257", "et": "cp1257"}


def decoded(name: str, data: bytes, lang: str, report: Report) -> str | None:
    """With one kind of line end; None for what is no text at all, which has then been said."""
    text = _decoded(name, data, lang, report)
    if text is None or "\0" in text:
        report.refused(name, 0, N_("this file is not text"))
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(name: str, data: bytes, lang: str, report: Report) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        page = _CODE_PAGES.get(lang, "cp1252")
        line = data.count(b"\n", 0, error.start) + 1
        if b"\0" in data:
            return None
        report.changed(
            name, line, N_("this file is not UTF-8; it was read as %(encoding)s: look at its letters"), encoding=page
        )
        return data.decode(page, errors="replace")
