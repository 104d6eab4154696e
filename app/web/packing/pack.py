"""One audit pack before it is written down, and the words that its spreadsheet and its PDF say alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, moment, ngettext, number, percent
from app.organisations.queries import OrganisationCard
from app.packs import rules
from app.packs.queries import PackCard
from app.packs.rules import Facts, Head, How, Line, Stand, Training, Way
from app.requirements.queries import RequirementCard
from app.requirements.rules import Status
from app.web.duties import met_word, occasion_word

CYBER = "cyber"  # the duty whose report has a date of its own


@dataclass(frozen=True, slots=True)
class Pack:
    """All that one pack says, before it is written down. `facts` of an unnamed pack has no people in it."""

    card: PackCard
    requirement: RequirementCard
    unit: OrganisationCard
    site: str
    operator: str
    made_at: datetime
    about: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    training: tuple[Training, ...]
    facts: Facts


def columns() -> tuple[str, ...]:
    return (_("Completed"), _("Not yet due"), _("Overdue"), _("Excused"))


def how(stand: Stand) -> str:
    """What met it; the course itself, or what stands for it."""
    if stand.proof is None:
        return ""
    word = met_word(stand.proof.kind) or _("Course")
    return f"{word}: {stand.proof.note}" if stand.proof.note else word


def taken(stand: Stand) -> list[str]:
    """How the steps were taken, a line for each way."""
    return [_way(way) for way in stand.taken]


def way_word(how: How) -> str:
    """What a way is called in a column of its own."""
    match how:
        case How.ALONE:
            return _("Alone")
        case How.GROUP:
            return _("Watched in a group")
        case How.PAPER:
            return _("Entered from paper")
        case How.PROOF:
            return _("Certificate from elsewhere")
        case How.WAIVER:
            return _("Waiver")
        case How.EVENT:
            return _("Training event")
        case How.MEETING:
            return _("Group session held elsewhere")
        case How.TEST:
            return _("Test passed first")
        case How.RECOGNISED:
            return _("Another course that counts as this one")


def _way(way: Way) -> str:
    day = iso_date(way.on) if way.on is not None else "–"
    match way.how:
        case How.ALONE:
            return ngettext("Alone: %(num)s step", "Alone: %(num)s steps", way.number)
        case How.GROUP:
            return ngettext(
                "Watched in a group, %(day)s, %(place)s, led by %(who)s: %(num)s step",
                "Watched in a group, %(day)s, %(place)s, led by %(who)s: %(num)s steps",
                way.number,
                day=day,
                place=way.place or "–",
                who=way.who or "–",
            )
        case How.PAPER:
            return ngettext(
                "Entered from paper by %(who)s, %(day)s: %(num)s step",
                "Entered from paper by %(who)s, %(day)s: %(num)s steps",
                way.number,
                day=day,
                who=way.who or "–",
            )
        case _:
            return _("%(how)s, %(day)s", how=way_word(way.how), day=day)


def why(stand: Stand) -> str:
    return stand.excuse if stand.status is Status.EXEMPT else ""


def notes(pack: Pack) -> list[str]:
    """What a reader must know to read it rightly."""
    said = [
        _("The pack shows what was known at the end of the day named above. What was recorded later is not in it."),
        _("People are counted where they worked on that day."),
    ]
    if pack.card.named:
        said.append(
            _(
                "Steps are the pages that were finished and the tests that were passed; a repeated step counts where it was first."
            )
        )
    else:
        said.append(
            _(
                "Without names: groups under five are hidden, and what could give them away; numbers are rounded to five."
            )
        )
    return said


def report(pack: Pack) -> list[tuple[str, str]]:
    """The training report: topic, days, how many took part; and its own days where the law sets them."""
    head = head_of(pack)
    return report_of(pack.requirement.course_title, head) if head else []


def head_of(pack: Pack) -> Head | None:
    return rules.head(pack.training, lawful=pack.requirement.rule.template == CYBER)


def report_of(topic: str, head: Head) -> list[tuple[str, str]]:
    """The same of a report whose head was kept."""
    said = [
        (_("Topic"), topic),
        (_("Days of training"), _("%(since)s – %(until)s", since=iso_date(head.first), until=iso_date(head.last))),
        (_("Participants"), number(head.participants)),
    ]
    if head.due is not None:
        said.append((_("Report due by"), iso_date(head.due)))
    if head.locked_until is not None:
        said.append((_("To be kept until"), iso_date(head.locked_until)))
    return said


def summary(pack: Pack) -> str:
    total = pack.lines[-1]
    done, excused = total.numbers[0], total.numbers[-1]
    if done is None or excused is None or total.all is None:
        return ""
    base = max(0, total.all - excused)
    if not base:
        return _("Nobody of yours is reached.")
    said = _("%(done)s of %(base)s have completed it", done=number(done), base=number(base))
    if pack.card.named:
        said += f" ({percent(done / base)})"
    if excused:
        more = ngettext("%(num)s person is excused", "%(num)s people are excused", excused)
        return _("%(said)s; %(more)s.", said=said, more=more)
    return _("%(said)s.", said=said)


def shown(one: int | None) -> str:
    return number(one) if one is not None else _("hidden")


def told(pack: Pack) -> list[tuple[str, ...]]:
    return [
        (
            moment(row.at),
            row.about,
            occasion_word(row.occasion, row.to),
            _("by mail") if row.by_mail else _("a notice on their page"),
        )
        for row in pack.facts.told
    ]
