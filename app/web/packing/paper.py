"""An audit pack as a document: everything in words, for the template that sets it."""

from __future__ import annotations

from typing import Any

from app.kit import clock
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, moment, number
from app.kit.limits import PACK_PRINTED
from app.packs.rules import Stand
from app.web.duties import status_word
from app.web.packing.pack import Pack, columns, how, notes, report, shown, summary, taken, told, why


def document(pack: Pack) -> dict[str, Any]:
    """What the template of the PDF is given: everything already in words."""
    day = pack.made_at.astimezone(clock.LOCAL).date()
    tables = [
        _table(
            _("By institution"),
            [_("Institution"), *columns(), _("All")],
            [[line.place or _("All"), *map(shown, line.numbers), shown(line.all)] for line in pack.lines],
            widths=[4, 1, 1, 1, 1, 1],
        )
    ]
    if pack.card.named:
        tables += _named_tables(pack)
    return {
        "lang": pack.card.lang,
        "title": _("Audit pack: %(title)s", title=pack.requirement.course_title),
        "heading": pack.requirement.course_title,
        "kind": _("Audit pack"),
        "issuer": pack.unit.name_in(pack.card.lang),
        "date": [day.year, day.month, day.day],
        "summary": summary(pack),
        "facts_title": _("The rule"),
        "facts": [list(one) for one in pack.about],
        "report_title": _("Training report"),
        "report": [list(one) for one in report(pack)],
        "tables": tables,
        "notes": notes(pack),
        "foot": _(
            "%(site)s · pack %(key)s · made %(moment)s", site=pack.site, key=pack.card.key, moment=moment(pack.made_at)
        ),
        "nothing": _("None"),
    }


def _named_tables(pack: Pack) -> list[dict[str, Any]]:
    people = [
        [
            f"{one.name}\n{one.place}",
            status_word(one.status)[1] + (f": {why(one)}" if why(one) else ""),
            iso_date(one.period.due_on),
            iso_date(one.period.met_on) if one.period.met_on else "–",
            iso_date(one.period.valid_until) if one.period.valid_until else "–",
            _evidence(one),
        ]
        for one in pack.facts.stands
    ]
    heads = [_("Full name"), _("State"), _("Due date"), _("Completed on"), _("Valid until"), _("Evidence")]
    trained = [[row.place, number(row.participants), iso_date(row.first), iso_date(row.last)] for row in pack.training]
    return [
        _table(
            _("Participants by institution"),
            [_("Institution"), _("Participants"), _("First day"), _("Last day")],
            trained,
            widths=[4, 1, 1, 1],
        ),
        _table(_("People"), heads, people, widths=[3, 2, 1.2, 1.2, 1.2, 3]),
        _table(
            _("Reminders sent"),
            [_("When"), _("About"), _("What"), _("How")],
            [list(row) for row in told(pack)],
            widths=[1.4, 2.4, 2, 2],
        ),
    ]


def _evidence(one: Stand) -> str:
    how_taken = taken(one) if any(way.number for way in one.taken) else []
    if one.proof is None:
        return "\n".join(how_taken) or "–"
    said = [how(one), _("No. %(id)s", id=one.proof.id)]
    if one.proof.digest:
        said.append(f"{one.proof.version} · {one.proof.digest[:12]}")
    return "\n".join([", ".join(said), *([one.proof.certificate] if one.proof.certificate else []), *how_taken])


def _table(title: str, heads: list[str], rows: list[list[str]], *, widths: list[float]) -> dict[str, Any]:
    """Of a table that is too long to be set, the beginning, and where the rest stands."""
    note = ""
    if len(rows) > PACK_PRINTED:
        note = _(
            "Printed here are the first %(n)s rows of %(all)s. All of them stand in pack.xlsx and pack.json, which are"
            " signed together with this document.",
            n=number(PACK_PRINTED),
            all=number(len(rows)),
        )
    return {"title": title, "heads": heads, "rows": rows[:PACK_PRINTED], "widths": widths, "note": note}
