"""One rule: what, whom, by when, how long it is good, what counts instead, and how people are reminded. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from app.kit import slugs
from app.kit.errors import KitError
from app.kit.i18n import N_
from app.requirements.rules import audience as audiences
from app.requirements.rules import dates, ladder, paths
from app.requirements.rules.audience import Audience
from app.requirements.rules.dates import Due, DueKind, Renewal, Terms
from app.requirements.rules.ladder import Ladder
from app.requirements.rules.paths import Item, Path, PathKind

REASON_MAX = 500
LEGAL_BASIS_MAX = 300
TITLE_MAX = 120


class WhatKind(StrEnum):
    COURSE = "course"
    PATH = "path"
    EXTERNAL = "external"  # a certificate that somebody else issues


@dataclass(frozen=True, slots=True)
class What:
    """`course_id` for a course, `path` for a path; `title` for what the catalogue has no name of."""

    kind: WhatKind
    course_id: int | None = None
    title: str = ""
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Everything that is decided about one requirement. `equivalents` are courses that count as this one; `proof`:
    whether a certificate from elsewhere does."""

    what: What
    organisation_id: int
    audience: Audience
    due: Due
    terms: Terms = field(default_factory=Terms)
    equivalents: tuple[int, ...] = ()
    proof: bool = True
    ladder: Ladder = field(default_factory=Ladder)
    reason: str = ""
    legal_basis: str = ""
    starts_on: date | None = None
    template: str = ""


def courses_of(rule: Rule) -> tuple[int, ...]:
    """The courses that a rule puts on people's lists."""
    if rule.what.kind is WhatKind.COURSE and rule.what.course_id is not None:
        return (rule.what.course_id,)
    if rule.what.path is not None and paths.obliges_each(rule.what.path):
        return tuple(item.course_id for item in rule.what.path.items)
    return ()


def course_subject(course_id: int) -> str:
    return f"course:{course_id}"


def subject(rule: Rule, key: str) -> str:
    """What the periods of a rule are about: rules about the same course, or the same certificate, share them."""
    match rule.what.kind:
        case WhatKind.COURSE:
            return course_subject(rule.what.course_id or 0)
        case WhatKind.PATH:
            return f"path:{key}"
        case WhatKind.EXTERNAL:
            return f"external:{slugs.slug(rule.what.title)}"[:64]


def fingerprint(rule: Rule) -> str:
    """The same what, whom and when has the same fingerprint: of the same rule there is one."""
    said = to_json(rule)
    told = {name: said[name] for name in ("what", "organisation", "audience", "due")}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def faults(rule: Rule, today: date, *, old: Rule | None = None) -> dict[str, KitError]:
    """What cannot be taken as it is: field → sentence. A date that stood before (`old`) is not asked about again."""
    found: dict[str, KitError] = {}
    _fault_of_what(rule.what, found)
    if not any(rule.audience.groups):
        found["organisation"] = KitError(N_("Say whom the rule is for."))
    if rule.due.kind is DueKind.FIXED:
        if rule.due.on is None:
            found["due_on"] = KitError(N_("Fill in this field."))
        elif (old is None or old.due.on != rule.due.on) and (fault := dates.due_fault(rule.due.on, today)):
            found["due_on"] = fault
    elif not 0 <= rule.due.days <= dates.DAYS_MAX:
        found["due_days"] = KitError(N_("Write a number of days from 0 to %(max)s."), max=dates.DAYS_MAX)
    _fault_of_terms(rule.terms, found)
    if any(not 1 <= step <= ladder.STEP_MAX for step in rule.ladder.before):
        found["before"] = KitError(N_("Write days from 1 to 365, for example 30, 14, 7, 1."))
    for name, text, most in (("reason", rule.reason, REASON_MAX), ("legal_basis", rule.legal_basis, LEGAL_BASIS_MAX)):
        if len(text) > most:
            found[name] = KitError(N_("Use at most %(max)s characters."), max=most)
    return found


def _fault_of_what(what: What, found: dict[str, KitError]) -> None:
    match what.kind:
        case WhatKind.COURSE:
            if what.course_id is None:
                found["course"] = KitError(N_("Choose one of the courses."))
        case WhatKind.PATH:
            if what.path is None or len(what.path.items) < 2:
                found["courses"] = KitError(N_("Choose at least two courses."))
            elif not paths.obliges_each(what.path) and not 1 <= what.path.least <= paths.most(what.path):
                most = paths.most(what.path)
                found["least"] = KitError(N_("Write a number from 1 to %(max)s, so that it can be reached."), max=most)
        case WhatKind.EXTERNAL:
            pass
    if what.kind is not WhatKind.COURSE and not what.title:
        found["title"] = KitError(N_("Fill in this field."))
    if len(what.title) > TITLE_MAX:
        found["title"] = KitError(N_("Use at most %(max)s characters."), max=TITLE_MAX)


def _fault_of_terms(terms: Terms, found: dict[str, KitError]) -> None:
    if not 0 <= terms.valid_months <= dates.MONTHS_MAX:
        found["valid_months"] = KitError(N_("Write a number of months from 0 to %(max)s."), max=dates.MONTHS_MAX)
    elif terms.valid_months and not 0 <= terms.window_days <= terms.valid_months * 28 // 2:
        # A window wider than half the validity would ask people to renew what they have only just done.
        most = terms.valid_months * 28 // 2
        found["window_days"] = KitError(N_("Write a number of days from 0 to %(max)s."), max=most)
    if not 0 <= terms.grace_days <= 366:
        found["grace_days"] = KitError(N_("Write a number of days from 0 to %(max)s."), max=366)
    if terms.renewal is Renewal.FIXED and terms.valid_months and terms.base is None:
        found["renewal"] = KitError(N_("One day for everybody needs a fixed date."))


def to_json(rule: Rule) -> dict[str, Any]:
    what, path = rule.what, rule.what.path
    return {
        "what": {
            "kind": what.kind.value,
            "course": what.course_id,
            "title": what.title,
            "path": None
            if path is None
            else {
                "kind": path.kind.value,
                "items": [[item.course_id, item.points] for item in path.items],
                "least": path.least,
            },
        },
        "organisation": rule.organisation_id,
        "audience": audiences.to_json(rule.audience),
        "due": dates.due_to_json(rule.due),
        "terms": dates.terms_to_json(rule.terms),
        "equivalents": list(rule.equivalents),
        "proof": rule.proof,
        "ladder": ladder.to_json(rule.ladder),
        "reason": rule.reason,
        "legal_basis": rule.legal_basis,
        "starts_on": rule.starts_on.isoformat() if rule.starts_on else None,
        "template": rule.template,
    }


def from_json(data: Mapping[str, Any]) -> Rule:
    what, path = data["what"], data["what"]["path"]
    starts_on = data.get("starts_on")
    return Rule(
        what=What(
            WhatKind(what["kind"]),
            what["course"],
            what["title"],
            None
            if path is None
            else Path(
                PathKind(path["kind"]), tuple(Item(course, points) for course, points in path["items"]), path["least"]
            ),
        ),
        organisation_id=data["organisation"],
        audience=audiences.from_json(data["audience"]),
        due=dates.due_from_json(data["due"]),
        terms=dates.terms_from_json(data["terms"]),
        equivalents=tuple(data["equivalents"]),
        proof=data["proof"],
        ladder=ladder.from_json(data["ladder"]),
        reason=data["reason"],
        legal_basis=data["legal_basis"],
        starts_on=date.fromisoformat(starts_on) if starts_on else None,
        template=data.get("template", ""),
    )
