"""Which keys the front matter of each kind of file may carry, and how each is read."""

from __future__ import annotations

from app.catalog.format import frontmatter as fm
from app.catalog.format.frontmatter import FrontMatter, Reader
from app.catalog.format.problems import Notes
from app.kit.i18n import N_

_SOURCES = fm.records(
    {
        "act": fm.text,
        "number": fm.text,
        "article": fm.text,
        "url": fm.text,
        "checked_on": fm.day,
        "unchecked": fm.yes_or_no,
    },
    "act",
)

COURSE: dict[str, Reader] = {
    "kind": fm.text,
    "id": fm.identifier,
    "title": fm.text,
    "summary": fm.text,
    "lang": fm.language,
    "owner": fm.text,
    "contact": fm.text,
    "audience": fm.text,
    "minutes": fm.whole(1),
    "outcomes": fm.records({"id": fm.identifier, "text": fm.text}, "id", "text"),
    "tags": fm.texts,
    "competences": fm.texts,
    "requires": fm.ids,
    "completion": fm.record({"pages": fm.everything_or_ids, "quizzes": fm.everything_or_ids}),
    "certificate": fm.record({"valid_months": fm.whole(1)}),
    "reviewed": fm.record({"by": fm.text, "on": fm.day}),
    "sources": _SOURCES,
    "media": fm.records({"file": fm.text, "licence": fm.text, "source": fm.text}, "file"),
    "change": fm.record({"level": fm.one_of("major", "minor"), "note": fm.text}),
    "retired": fm.ids,
    "was": fm.ids,
}
MODULE: dict[str, Reader] = {
    "kind": fm.text,
    "id": fm.identifier,
    "lang": fm.language,
    "title": fm.text,
    "outcomes": fm.ids,
    "requires": fm.ids,
    "was": fm.ids,
}
PAGE: dict[str, Reader] = {
    **MODULE,
    "minutes": fm.whole(1),
    "required": fm.yes_or_no,
    "audience": fm.one_of("learners", "staff"),
    "sources": _SOURCES,
}
BANK: dict[str, Reader] = {
    "kind": fm.text,
    "id": fm.identifier,
    "lang": fm.language,
    "title": fm.text,
    "tags": fm.texts,
}
# A variant says again what it is, when its author copied the head of the source; it may not say anything else.
VARIANT: dict[str, Reader] = {
    "kind": fm.text,
    "id": fm.identifier,
    "lang": fm.language,
    "title": fm.text,
    "summary": fm.text,
    "audience": fm.text,
    "contact": fm.text,
    "outcomes": COURSE["outcomes"],
}

SCHEMAS: dict[str, dict[str, Reader]] = {
    "course": COURSE,
    "module": MODULE,
    "page": PAGE,
    "bank": BANK,
    "variant": VARIANT,
}
REQUIRED: dict[str, tuple[str, ...]] = {
    "course": ("kind", "id", "title", "lang"),
    "module": ("kind", "id", "title"),
    "page": ("kind", "id", "title"),
    "bank": ("kind", "id"),
    "variant": (),
}


def read(yaml: str | None, kind: str, notes: Notes) -> FrontMatter:
    """The front matter of a file that stands where a file of this kind stands."""
    if yaml is None:
        notes.note(1, 1, "E106", N_("a file begins with its front matter, between two lines of ---"))
        return FrontMatter(notes)
    before = len(notes.problems)
    front = fm.parse(yaml, SCHEMAS[kind], kind, notes)
    if not front.places and len(notes.problems) > before:
        return front
    for key in REQUIRED[kind]:
        if key not in front.places:
            notes.note(1, 1, "E107", N_('"%(key)s" is missing'), key=key)
    said = front.get("kind")
    if kind != "variant" and said is not None and said != kind:
        notes.note(
            *front.at("kind"), "E104", N_('"kind" is %(wanted)s for a file in this place, not %(found)s'),
            wanted=kind, found=said,
        )  # fmt: skip
    return front
