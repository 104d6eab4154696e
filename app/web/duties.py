"""What is required in words that every area says alike: how a date came about, how somebody stands, what counted."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.catalog import queries as catalog
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, ngettext
from app.learning.rules import Kind
from app.requirements import queries as requirements
from app.requirements.queries import RequirementCard
from app.requirements.rules import By, DueKind, PathKind, Rule, Status, Step, StepKind, WhatKind
from app.requirements.rules.calendar import holiday


def explained(steps: Iterable[Step]) -> tuple[str, ...]:
    """How a due date came about, one sentence a step."""
    return tuple(_step(step) for step in steps)


def _step(step: Step) -> str:
    day = iso_date(step.on)
    match step.kind:
        case StepKind.FIXED:
            name = holiday(step.on, step.country)
            said = _("The rule names the day: %(day)s.", day=day)
            return said + " " + _("It is a public holiday: %(name)s.", name=_(name)) if name else said
        case StepKind.HIRE:
            return ngettext(
                "%(num)s day after the first day at work, %(day)s.",
                "%(num)s days after the first day at work, %(day)s.",
                step.days,
                day=day,
            )
        case StepKind.POST:
            return ngettext(
                "%(num)s day after the present post began, %(day)s.",
                "%(num)s days after the present post began, %(day)s.",
                step.days,
                day=day,
            )
        case StepKind.REACHED:
            return ngettext(
                "%(num)s day after it was required, %(day)s.",
                "%(num)s days after it was required, %(day)s.",
                step.days,
                day=day,
            )
        case StepKind.WORKING_DAY:
            if step.country == "NO":
                return _("Counted to a working day, by the public holidays of Norway: %(day)s.", day=day)
            return _("Counted to a working day, by the public holidays of Lithuania: %(day)s.", day=day)
        case StepKind.FAIR:
            return ngettext(
                "Nobody gets less than %(num)s day: %(day)s.",
                "Nobody gets less than %(num)s days: %(day)s.",
                step.days,
                day=day,
            )
        case StepKind.LEAVE:
            return ngettext(
                "%(num)s day of leave is added: %(day)s.",
                "%(num)s days of leave are added: %(day)s.",
                step.days,
                day=day,
            )
        case StepKind.EXPIRY:
            return _("What was completed last is valid until %(day)s.", day=day)
        case StepKind.GRACE:
            return ngettext("%(num)s day of grace: %(day)s.", "%(num)s days of grace: %(day)s.", step.days, day=day)
        case StepKind.EXTENSION:
            return ngettext(
                "%(num)s more day was granted: %(day)s.",
                "%(num)s more days were granted: %(day)s.",
                step.days,
                day=day,
            )


def status_word(found: Status) -> tuple[str, str]:
    """The kind of the mark that an organisation acts on, and the word."""
    match found:
        case Status.FUTURE:
            return "off", _("Not open yet")
        case Status.OPEN:
            return "going", _("Open")
        case Status.DUE_SOON:
            return "soon", _("Due soon")
        case Status.OVERDUE:
            return "overdue", _("Overdue")
        case Status.COMPLETED:
            return "done", _("Completed")
        case Status.EXPIRING:
            return "soon", _("To be renewed")
        case Status.EXPIRED:
            return "overdue", _("Expired")
        case Status.EXEMPT:
            return "off", _("Excused")
        case Status.PAUSED:
            return "off", _("On leave")


def met_word(met_by: str) -> str:
    """What has met a period; nothing for the course itself, which needs no word."""
    match met_by:
        case Kind.PROOF_ACCEPTED.value:
            return _("Certificate from elsewhere")
        case Kind.TESTED_OUT.value:
            return _("Test passed first")
        case Kind.EVENT_ATTENDED.value:
            return _("Training event")
        case Kind.SESSION_ATTENDED.value:
            return _("Group session")
        case Kind.WAIVED.value:
            return _("Waiver")
        case Kind.RECOGNISED.value:
            return _("Another course that counts as this one")
    return ""


CREDIT_KINDS = (
    Kind.PROOF_ACCEPTED,
    Kind.EVENT_ATTENDED,
    Kind.SESSION_ATTENDED,
    Kind.TESTED_OUT,
    Kind.WAIVED,
)


def validity_word(months: int) -> str:
    """How long something is good for."""
    if not months:
        return _("for ever")
    return ngettext("%(num)s month", "%(num)s months", months)


def what_word(rule: Rule) -> str:
    """What kind of thing is asked; nothing for a course, which is what one expects."""
    path = rule.what.path
    if rule.what.kind is WhatKind.EXTERNAL:
        return _("Certificate from elsewhere")
    if path is None:
        return ""
    match path.kind:
        case PathKind.ALL:
            return _("Learning path: all courses")
        case PathKind.IN_ORDER:
            return _("Learning path: all courses in order")
        case PathKind.AT_LEAST:
            return ngettext(
                "Learning path: at least %(num)s course", "Learning path: at least %(num)s courses", path.least
            )
        case PathKind.POINTS:
            return ngettext(
                "Learning path: at least %(num)s point", "Learning path: at least %(num)s points", path.least
            )


def due_word(rule: Rule) -> str:
    """By when, as the rule says it."""
    due = rule.due
    match due.kind:
        case DueKind.FIXED:
            return iso_date(due.on) if due.on else "–"
        case DueKind.HIRE:
            said = ngettext("%(num)s day after hiring", "%(num)s days after hiring", due.days)
        case DueKind.POST:
            said = ngettext("%(num)s day in the post", "%(num)s days in the post", due.days)
        case DueKind.REACHED:
            said = ngettext("%(num)s day after being required", "%(num)s days after being required", due.days)
    return _("%(said)s (working days)", said=said) if due.working else said


def again_word(rule: Rule) -> str:
    """Whether and when it comes again."""
    months = rule.terms.valid_months
    if not months:
        return _("once")
    if months % 12:
        return ngettext("every %(num)s month", "every %(num)s months", months)
    return ngettext("every year", "every %(num)s years", months // 12)


def subject_names(db: Session, subjects: Iterable[str], lang: str) -> dict[str, str]:
    """What periods are about: the title of a course, a path, or somebody else's certificate."""
    wanted = set(subjects)
    courses = {int(one.removeprefix("course:")) for one in wanted if one.startswith("course:")}
    names = {f"course:{one}": title for one, title in (catalog.titles(db, courses, lang) if courses else {}).items()}
    return names | requirements.titles_of(db, [one for one in wanted if not one.startswith("course:")])


def rule_facts(db: Session, one: RequirementCard, lang: str) -> tuple[tuple[str, str], ...]:
    """A requirement in (term, words): what for whom by when, how often, on what ground, since when."""
    rule = one.rule
    facts = [(_("For whom"), _whom(rule, one.organisation_name)), (_("By when"), due_word(rule))]
    facts.append((_("How often"), again_word(rule)))
    if what := what_word(rule):
        facts.insert(0, (_("What"), what))
    if rule.what.path is not None:
        names = subject_names(db, {f"course:{item.course_id}" for item in rule.what.path.items}, lang)
        facts.insert(
            1, (_("Courses"), " · ".join(names.get(f"course:{i.course_id}", "") for i in rule.what.path.items))
        )
    if rule.equivalents:
        names = subject_names(db, {f"course:{course}" for course in rule.equivalents}, lang)
        facts.append((_("Counts instead"), " · ".join(names.values())))
    if rule.terms.valid_months:
        facts.append(
            (
                _("Renewal"),
                _(
                    "opens %(window)s days before the end, %(grace)s days of grace",
                    window=rule.terms.window_days,
                    grace=rule.terms.grace_days,
                ),
            )
        )
    steps = ", ".join(str(step) for step in rule.ladder.before)
    before = _("%(days)s days before the due date", days=steps) if steps else ""
    every = _("overdue: every %(days)s days", days=rule.ladder.every) if rule.ladder.every else _("overdue: once")
    facts.append((_("Reminders"), "; ".join(part for part in (before, every) if part)))
    facts += [(_("Why"), one.reason or "–"), (_("Legal basis"), one.legal_basis or "–")]
    made = iso_date(one.created_at)
    facts.append((_("Assigned"), _("%(day)s, %(name)s", day=made, name=one.created_by) if one.created_by else made))
    if one.changed_at:
        facts.append((_("Changed"), iso_date(one.changed_at)))
    return tuple(facts)


def _whom(rule: Rule, place: str) -> str:
    groups = [[one for one in group if one.by is not By.PLACE] for group in rule.audience.groups]
    said = []
    people = 0
    for group in groups:
        if any(one.by is By.PERSON for one in group):
            people += 1
        elif group:
            said.append(" + ".join(one.value for one in group))
    if people:
        said.append(ngettext("%(num)s person by name", "%(num)s people by name", people))
    whom = place if not said or any(not group for group in groups) else f"{place}: {'; '.join(said)}"
    if rule.audience.exceptions:
        left_out = ngettext("%(num)s exception", "%(num)s exceptions", len(rule.audience.exceptions))
        return f"{whom} ({left_out})"
    return whom


def occasion_word(occasion: str, to: str) -> str:
    """On what occasion a reminder was sent, and to whom where that was not the learner."""
    if occasion.startswith("manual:"):
        return _("Reminded by hand")
    if occasion in ("manager", "head"):
        return _("%(name)s was told", name=to)
    days = int(occasion[2:])
    if occasion.startswith("T+"):
        return ngettext("%(num)s day after the due date", "%(num)s days after the due date", days)
    return ngettext("%(num)s day before the due date", "%(num)s days before the due date", days)
