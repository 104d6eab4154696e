"""The head of a file as a form: title, time, outcomes and the like, without a line of YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.catalog.drafting import heads
from app.catalog.drafting.heads import Pair, Words
from app.catalog.format.frontmatter import is_id
from app.kit.errors import Invalid, KitError
from app.kit.i18n import N_
from app.kit.slugs import slug
from app.web.forms import Form
from app.web.teaching.desk import Desk
from app.web.teaching.pages.draft import title_of

TITLE, SUMMARY, CONTACT, AUDIENCE, LINES = 150, 300, 200, 500, 4000
VARIANT = ("title", "summary", "audience", "contact", "outcomes")
FIELDS: dict[str, tuple[str, ...]] = {
    "course": (
        "title",
        "summary",
        "audience",
        "contact",
        "minutes",
        "outcomes",
        "tags",
        "requires",
        "valid_months",
        "reviewed_by",
        "reviewed_on",
    ),
    "module": ("title", "outcome_ids", "requires"),
    "page": ("title", "minutes", "required", "outcome_ids", "requires", "module"),
    "bank": ("title", "tags"),
}


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """`fields` names what the form asks; `outcomes` are those of the course, to choose from by id."""

    title: str
    draft_title: str
    draft_url: str
    write_url: str
    url: str
    path: str
    kind: str
    lang: str
    open: bool
    form: Form
    base: int
    fields: tuple[str, ...]
    outcomes: tuple[tuple[str, str], ...]
    modules: tuple[tuple[str, str], ...]
    remove_url: str
    removable: bool


def fields_of(desk: Desk, path: str) -> tuple[str, str, tuple[str, ...]]:
    """What kind of file it is, how its head is read, and which fields it has."""
    file, _lang, _text = desk.file(path)
    if path != file.path:
        return file.kind, "variant", ("title", *(VARIANT[1:] if file.kind == "course" else ()))
    fields = FIELDS[file.kind]
    part = next((one for one in desk.shape.modules if file in one.pages), None)
    if "module" in fields and (part is None or not part.folder):
        fields = tuple(one for one in fields if one != "module")
    return file.kind, file.kind, fields


def settings_page(desk: Desk, path: str, *, form: Form | None = None, base: int = 0) -> SettingsPage:
    file, lang, stored = desk.file(path)
    kind, schema, fields = fields_of(desk, path)
    course = desk.shape.course
    course_says = heads.values(desk.texts[course.path].text, "course") if course else {}
    return SettingsPage(
        title=heads.title_of(stored.text) or file.title,
        draft_title=title_of(desk),
        draft_url=desk.url,
        write_url=desk.write_url(path),
        url=f"{desk.url}/settings?file={path}",
        path=path,
        kind=kind,
        lang=lang,
        open=desk.draft.open,
        form=form or Form(values=values_of(desk, path, stored.text, schema)),
        base=base or stored.revision,
        fields=fields,
        outcomes=tuple((one["id"], one["text"]) for one in course_says.get("outcomes", ())),
        modules=tuple((one.folder, one.title) for one in desk.shape.modules if one.folder),
        remove_url=f"{desk.url}/outline",
        removable=kind not in ("course", "module") or schema == "variant",
    )


def values_of(desk: Desk, path: str, text: str, schema: str) -> dict[str, Any]:
    """What the fields say now."""
    said = heads.values(text, schema)
    reviewed = said.get("reviewed", {})
    values: dict[str, Any] = {name: said.get(name, "") for name in ("title", "summary", "audience", "contact")}
    values |= {
        "minutes": str(said.get("minutes", "")),
        "tags": ", ".join(said.get("tags", ())),
        "requires": ", ".join(said.get("requires", ())),
        "outcomes": "\n".join(
            f"{one['id']}: {one['text']}" for one in said.get("outcomes", ()) if isinstance(one, dict)
        ),
        "outcome_ids": [one for one in said.get("outcomes", ()) if isinstance(one, str)],
        "required": "no" if said.get("required") is False else "yes",
        "valid_months": str(said.get("certificate", {}).get("valid_months", "")),
        "reviewed_by": reviewed.get("by", ""),
        "reviewed_on": reviewed["on"].isoformat() if "on" in reviewed else "",
    }
    part = next((one for one in desk.shape.modules if any(page.path == path for page in one.pages)), None)
    values["module"] = part.folder if part else ""
    return values


LIMITS = {"title": TITLE, "summary": SUMMARY, "contact": CONTACT, "audience": AUDIENCE, "outcomes": LINES}


def changes(before: Mapping[str, Any], typed: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    """The keys of the head that change, with their new values; refuses what cannot be taken."""
    errors: dict[str, KitError] = {}
    wanted: dict[str, Any] = {}
    differing = [name for name in fields if _same(typed.get(name, "")) != _same(before.get(name, ""))]
    for name in differing:
        said = typed.get(name, "")
        try:
            if name in LIMITS and len(said) > LIMITS[name]:
                raise KitError(N_("Use at most %(max_length)s characters."), max_length=LIMITS[name])
            wanted |= _key(name, said, typed)
        except KitError as refusal:
            errors[name] = refusal
    if not typed.get("title"):
        errors["title"] = KitError(N_("Fill in this field."))
    if errors:
        raise Invalid(**errors)
    return wanted


def _same(value: Any) -> Any:
    return sorted(value) if isinstance(value, list | tuple) else str(value).strip()


def _key(name: str, said: Any, typed: Mapping[str, Any]) -> dict[str, Any]:
    match name:
        case "minutes":
            return {"minutes": _whole(said)}
        case "valid_months":
            months = _whole(said)
            return {"certificate": Pair((("valid_months", months),)) if months else None}
        case "tags":
            return {"tags": [one.strip() for one in said.split(",") if one.strip()]}
        case "requires":
            return {"requires": [_id(one.strip()) for one in said.split(",") if one.strip()]}
        case "outcome_ids":
            return {"outcomes": list(said)}
        case "outcomes":
            return {"outcomes": [_outcome(line) for line in said.split("\n") if line.strip()]}
        case "required":
            return {"required": Words("no") if said == "no" else None}
        case "reviewed_by" | "reviewed_on":
            return {"reviewed": _reviewed(typed)}
        case "module":
            return {}
    return {name: said}


def _whole(said: str) -> int | None:
    if not said:
        return None
    if not said.isdigit() or not 1 <= int(said) <= 100_000:
        raise KitError(N_("Write a whole number in digits, for example 24."))
    return int(said)


def _id(said: str) -> str:
    if not is_id(said, 1):
        raise KitError(N_("Small letters a–z, digits and hyphens only, at least two: for example fire-safety."))
    return said


def _outcome(line: str) -> Pair:
    """ "id: sentence"; a sentence without an id gets one made of its words."""
    name, colon, text = line.partition(":")
    if not colon or not is_id(name.strip()):
        name, text = slug(line)[:40].strip("-"), line
        name = name if is_id(name) else f"o-{name}"
    return Pair((("id", name.strip()), ("text", text.strip())))


def _reviewed(typed: Mapping[str, Any]) -> Pair | None:
    by, on = str(typed.get("reviewed_by", "")).strip(), str(typed.get("reviewed_on", "")).strip()
    if not by and not on:
        return None
    try:
        day = date.fromisoformat(on).isoformat() if on else ""
    except ValueError as wrong:
        raise KitError(N_("Write the date as year-month-day, for example 2026-03-31.")) from wrong
    return Pair(tuple(pair for pair in (("by", by), ("on", day)) if pair[1]))
