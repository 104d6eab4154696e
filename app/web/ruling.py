"""A rule as it is submitted by a form, a program or a file; and a rule that stands as a form again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from pydantic import Field
from sqlalchemy.orm import Session

from app.accounts.rules import ASSIGNS
from app.catalog import queries as catalog
from app.kit.actor import Actor
from app.kit.errors import Invalid, KitError, NotFound
from app.kit.i18n import N_
from app.organisations import access as organisations
from app.organisations.queries import OrganisationCard
from app.requirements import queries as requirements
from app.requirements import rules
from app.requirements.actions import normal_tag
from app.requirements.rules import By, Condition, Due, DueKind, Path, PathKind, Renewal, Rule, Terms, What, WhatKind
from app.requirements.rules.ladder import SHIPPED, Ladder, before_from_text
from app.requirements.rules.paths import Item
from app.requirements.rules.rule import LEGAL_BASIS_MAX, REASON_MAX, TITLE_MAX
from app.requirements.rules.templates import BY_ID, Template
from app.web.forms import FormModel

LISTS = ("courses", "equivalents")
LINES_MAX = 4000


class RuleForm(FormModel):
    """A rule as it is submitted. What is left out is what the plainest rule says."""

    what: WhatKind = WhatKind.COURSE
    course: str = ""
    courses: tuple[str, ...] = ()
    path_kind: PathKind = PathKind.ALL
    least: int = Field(0, ge=0, le=999)
    title: str = Field("", max_length=TITLE_MAX)
    organisation: str = ""
    titles: str = Field("", max_length=LINES_MAX)
    tags: str = Field("", max_length=LINES_MAX)
    match: Literal["any", "all"] = "any"
    people: str = Field("", max_length=LINES_MAX)
    but_titles: str = Field("", max_length=LINES_MAX)
    but_tags: str = Field("", max_length=LINES_MAX)
    but_people: str = Field("", max_length=LINES_MAX)
    due_kind: DueKind = DueKind.FIXED
    due_on: date | None = None
    due_days: int = Field(30, ge=0, le=1098)
    working: bool = False
    starts_on: date | None = None
    valid_months: int = Field(0, ge=0, le=120)
    renewal: Renewal = Renewal.COMPLETION
    window_days: int = Field(60, ge=0, le=999)
    grace_days: int = Field(0, ge=0, le=366)
    equivalents: tuple[str, ...] = ()
    no_proof: bool = False
    before: str = "30, 14, 7, 1"
    every: int = Field(7, ge=0, le=365)
    manager_after: int = Field(8, ge=0, le=365)
    head_after: int = Field(22, ge=0, le=365)
    reason: str = Field("", max_length=REASON_MAX)
    legal_basis: str = Field("", max_length=LEGAL_BASIS_MAX)
    template: str = ""


def lines(text: str) -> tuple[str, ...]:
    """What was written on lines of its own, or between commas."""
    parts = (part.strip() for line in text.splitlines() for part in line.replace(";", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))


def rule_from(db: Session, actor: Actor, said: RuleForm) -> tuple[Rule, OrganisationCard]:
    """The rule that was submitted, with sentences at the fields where it cannot be understood."""
    wrong: dict[str, str | KitError] = {}
    what = _what(db, said, wrong)
    place = _place(db, actor, said.organisation, wrong)
    before = before_from_text(said.before)
    if before is None:
        wrong["before"] = N_("Write days from 1 to 365, for example 30, 14, 7, 1.")
    if said.due_kind is DueKind.FIXED and said.due_on is None:
        wrong["due_on"] = N_("Fill in this field.")
    equivalents = _courses(db, said.equivalents, "equivalents", wrong)
    audience = _audience(db, place, said, wrong) if place is not None else None
    if wrong or place is None or audience is None or what is None or before is None:
        raise Invalid(**wrong)
    fixed = said.due_kind is DueKind.FIXED
    rule = Rule(
        what=what,
        organisation_id=place.id,
        audience=audience,
        due=Due(
            said.due_kind,
            said.due_on if fixed else None,
            0 if fixed else said.due_days,
            False if fixed else said.working,
        ),
        terms=Terms(
            said.valid_months,
            said.renewal,
            said.due_on if fixed and said.renewal is Renewal.FIXED else None,
            min(said.window_days, said.valid_months * 14) if said.valid_months else said.window_days,
            said.grace_days,
        ),
        equivalents=equivalents,
        proof=not said.no_proof,
        ladder=Ladder(before, said.every, said.manager_after, said.head_after),
        reason=said.reason,
        legal_basis=said.legal_basis,
        starts_on=said.starts_on,
        template=said.template if said.template in BY_ID else "",
    )
    return rule, place


def _what(db: Session, said: RuleForm, wrong: dict[str, str | KitError]) -> What | None:
    match said.what:
        case WhatKind.COURSE:
            if not said.course:
                wrong["course"] = N_("Fill in this field.")
                return None
            found = _courses(db, [said.course], "course", wrong)
            return What(WhatKind.COURSE, found[0]) if found else None
        case WhatKind.PATH:
            if not said.title:
                wrong["title"] = N_("Fill in this field.")
            if len(said.courses) < 2:
                wrong["courses"] = N_("Choose at least two courses.")
            items = tuple(Item(one, _points(db, one)) for one in _courses(db, said.courses, "courses", wrong))
            return What(WhatKind.PATH, None, said.title, Path(said.path_kind, items, said.least))
        case WhatKind.EXTERNAL:
            if not said.title:
                wrong["title"] = N_("Fill in this field.")
            return What(WhatKind.EXTERNAL, None, said.title)


def _points(db: Session, course_id: int) -> int:
    """A course is worth its hours, begun ones counted: what people know of it without looking anything up."""
    head = catalog.course_by_id(db, course_id)
    minutes = catalog.outline(db, head.version_id).minutes if head is not None and head.version_id else 60
    return max(1, -(-minutes // 60))


def _courses(db: Session, slugs: Iterable[str], field: str, wrong: dict[str, str | KitError]) -> tuple[int, ...]:
    found = []
    for slug in dict.fromkeys(slugs):
        head = catalog.course_by_slug(db, slug)
        if head is None or not head.live:
            wrong[field] = N_("Choose one of the courses.")
        else:
            found.append(head.id)
    return tuple(found)


def _place(db: Session, actor: Actor, code: str, wrong: dict[str, str | KitError]) -> OrganisationCard | None:
    if not code:
        wrong["organisation"] = N_("Fill in this field.")
        return None
    try:
        return organisations.organisation_for(db, actor, code, *ASSIGNS)
    except NotFound:
        wrong["organisation"] = N_("Choose one of your organisations.")
        return None


def _audience(db: Session, place: OrganisationCard, said: RuleForm, wrong: dict[str, str | KitError]) -> rules.Audience:
    def named(text: str, field: str) -> list[int]:
        found, unknown = requirements.people_named(db, place.path, lines(text))
        if unknown:
            wrong[field] = KitError(N_("Nobody there has this e-mail or staff number: %(word)s."), word=unknown[0])
        return list(found.values())

    def conditions(titles: str, tags: str) -> list[Condition]:
        found = [Condition(By.TITLE, one) for one in lines(titles)]
        return found + [Condition(By.TAG, normal_tag(one)) for one in lines(tags)]

    but = [Condition(By.PERSON, str(one)) for one in named(said.but_people, "but_people")]
    return rules.narrowed(
        place.id,
        conditions=conditions(said.titles, said.tags),
        all_of=said.match == "all",
        people=named(said.people, "people"),
        exceptions=[*conditions(said.but_titles, said.but_tags), *but],
    )


def values_of(db: Session, rule: Rule, code: str) -> dict[str, Any]:
    """The form of a rule that stands."""
    slugs = {one: _slug(db, one) for one in (*requirements.asked_about(rule), *rule.equivalents)}
    path = rule.what.path
    groups = [[one for one in group if one.by is not By.PLACE] for group in rule.audience.groups]
    asked = [one for group in groups for one in group if one.by in (By.TITLE, By.TAG)]
    named = [one for group in groups for one in group if one.by is By.PERSON]
    words = requirements.named_as(
        db, [int(one.value) for one in (*named, *rule.audience.exceptions) if one.by is By.PERSON]
    )

    def said(conditions: list[Condition], by: By) -> str:
        values = [words.get(int(one.value), "") if by is By.PERSON else one.value for one in conditions if one.by is by]
        return "\n".join(dict.fromkeys(values))

    but = list(rule.audience.exceptions)
    return {
        "what": rule.what.kind.value,
        "course": slugs.get(rule.what.course_id or 0, ""),
        "courses": [slugs[item.course_id] for item in path.items] if path else [],
        "path_kind": path.kind.value if path else PathKind.ALL.value,
        "least": str(path.least) if path and path.least else "",
        "title": rule.what.title,
        "organisation": code,
        "titles": said(asked, By.TITLE),
        "tags": said(asked, By.TAG).replace("\n", ", "),
        "match": "all" if any(len(group) > 1 for group in groups) else "any",
        "people": said(named, By.PERSON),
        "but_titles": said(but, By.TITLE),
        "but_tags": said(but, By.TAG).replace("\n", ", "),
        "but_people": said(but, By.PERSON),
        "starts_on": rule.starts_on.isoformat() if rule.starts_on else "",
        "equivalents": [slugs[one] for one in rule.equivalents],
        "no_proof": "" if rule.proof else "true",
        "reason": rule.reason,
        "legal_basis": rule.legal_basis,
        "template": rule.template,
        **_when(rule.due, rule.terms),
        **_steps(rule.ladder),
    }


def _slug(db: Session, course_id: int) -> str:
    head = catalog.course_by_id(db, course_id)
    return head.slug if head is not None else ""


def _when(due: Due, terms: Terms) -> dict[str, Any]:
    return {
        "due_kind": due.kind.value,
        "due_on": due.on.isoformat() if due.on else "",
        "due_days": "" if due.kind is DueKind.FIXED else str(due.days),
        "working": "true" if due.working else "",
        "valid_months": str(terms.valid_months) if terms.valid_months else "",
        "renewal": terms.renewal.value,
        "window_days": str(terms.window_days),
        "grace_days": str(terms.grace_days) if terms.grace_days else "",
    }


def _steps(steps: Ladder) -> dict[str, Any]:
    return {
        "before": ", ".join(str(step) for step in steps.before),
        "every": str(steps.every),
        "manager_after": str(steps.manager_after),
        "head_after": str(steps.head_after),
    }


def values_from(template: Template, title: str) -> dict[str, Any]:
    """The form as a ready-made duty fills it in."""
    return {
        "what": WhatKind.EXTERNAL.value if template.external else WhatKind.COURSE.value,
        "title": title if template.external else "",
        "legal_basis": template.legal_basis,
        "template": template.id,
        **_when(template.due, template.terms),
        **_steps(SHIPPED),
    }


def blank() -> dict[str, Any]:
    """The form as it begins: a course, by a day, once."""
    return {
        "what": WhatKind.COURSE.value,
        "path_kind": PathKind.ALL.value,
        "match": "any",
        "due_kind": DueKind.FIXED.value,
        "renewal": Renewal.COMPLETION.value,
        "window_days": "60",
        **_steps(SHIPPED),
    }
