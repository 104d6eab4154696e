"""Making an audit pack: what was gathered, in words and figures, as PDF, spreadsheet and JSON, signed as one archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.kit import clock, pdf, seal, signing, spreadsheet
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading, writing
from app.kit.errors import Invalid, KitError
from app.kit.i18n import gettext as _
from app.kit.i18n import iso_date, speaking
from app.kit.seal import canonical
from app.organisations import queries as places
from app.packs import actions as packs
from app.packs import queries, rules
from app.packs.queries import PackCard
from app.packs.rules import Facts, PackState, Stand, Way
from app.requirements import queries as requirements
from app.settings import Settings
from app.web.duties import rule_facts
from app.web.packing.pack import Pack, head_of
from app.web.packing.paper import document
from app.web.packing.tables import workbook

FORMAT = "klasteris-audit-pack/2"  # 2 says how steps were taken; checking one asks for no particular form


@dataclass(frozen=True, slots=True)
class Made:
    """The signed archive in the file store, the key it was signed with, and the head of the training report in it."""

    blob: str
    size: int
    public_key: str
    training: rules.Head | None


def make(sessions: Sessions, settings: Settings, *, pack_id: int) -> Made | None:
    """The slow part of the job `packs.make`. Reads in one transaction, notes each step in a short one, and holds none
    while it prints. None where there is nothing to make, or it cannot be made, which is noted."""
    with reading(sessions) as db:
        card = queries.by_id(db, pack_id)
        if card is None or card.state in (PackState.READY, PackState.FAILED):
            return None
        try:
            with speaking(card.lang):
                pack = _gathered(db, settings, card)
        except KitError as refusal:
            why = _said(refusal)
        else:
            why = ""
    if why:
        with writing(sessions) as db:
            packs.give_up(db, pack_id=pack_id, why=why)
        return None

    def step(done: int) -> None:
        with writing(sessions) as db:
            packs.note(db, pack_id=pack_id, done=done)

    try:
        with speaking(card.lang):
            step(1)
            files = {"pack.json": canonical(_data(pack)), "pack.xlsx": spreadsheet.as_xlsx(workbook(pack))}
            step(2)
            files["pack.pdf"] = pdf.printed("pack", document(pack))
            step(3)
            signer = signing.signer(settings.files)
            files["README.txt"] = _readme(settings, signer.public).encode()
            archive = seal.sealed(files, _manifest(pack, signer.public), signer)
    except KitError as refusal:  # too much for one document; it would be again
        with writing(sessions) as db:
            packs.give_up(db, pack_id=pack_id, why=_said(refusal))
        return None
    return Made(Blobs(settings.files).put(archive), len(archive), signer.public.hex(), head_of(pack))


def _said(refusal: KitError) -> str:
    """Why, in English; the page says it in the reader's language."""
    return "; ".join(map(str, refusal.fields.values())) if isinstance(refusal, Invalid) else str(refusal)


def _gathered(db: Session, settings: Settings, card: PackCard) -> Pack:
    one = requirements.requirement_by_key(db, card.requirement_key, card.lang)
    unit = places.by_id(db, card.organisation_id)
    assert one is not None and unit is not None
    facts = queries.gather(db, one, unit, card.as_of, card.lang)
    lines = rules.counted((stand.institution, rules.column(stand.status)) for stand in facts.stands)
    met = [(stand.institution, stand.period.met_on) for stand in facts.stands if stand.period.met_on is not None]
    training = rules.training(met, card.as_of)
    if not card.named:
        lines, training = rules.without_names(lines), ()
        facts = Facts((), (), facts.taught)
    about = [
        (_("Place"), unit.name_in(card.lang)),
        (_("As of the end of"), iso_date(card.as_of)),
        *((term, said) for term, said in rule_facts(db, one, card.lang) if term != _("Assigned") or card.named),
        (_("Version of the course"), ", ".join(_version(row.label, row.digest) for row in facts.taught) or "–"),
    ]
    return Pack(
        card=card,
        requirement=one,
        unit=unit,
        site=settings.base_url.rstrip("/"),
        operator=settings.operator,
        made_at=clock.now(),
        about=tuple(about),
        lines=lines,
        training=training,
        facts=facts,
    )


def _version(label: str, digest: str) -> str:
    return f"{label} (SHA-256 {digest})"


def _manifest(pack: Pack, public: bytes) -> dict[str, Any]:
    card = pack.card
    return {
        "format": FORMAT,
        "site": pack.site,
        "operator": pack.operator,
        "made_at": pack.made_at.isoformat(timespec="seconds"),
        "key": signing.fingerprint(public),
        "pack": card.key,
        "title": pack.requirement.course_title,
        "place": pack.unit.name_in(card.lang),
        "place_code": pack.unit.code,
        "as_of": card.as_of.isoformat(),
        "names": card.named,
    }


def _data(pack: Pack) -> dict[str, Any]:
    """Everything for programs: days as ISO 8601, states by their English names."""
    one = pack.requirement
    return {
        "format": FORMAT,
        "place": {"code": pack.unit.code, "name": pack.unit.name_in(pack.card.lang)},
        "as_of": pack.card.as_of.isoformat(),
        "requirement": {
            "key": one.key,
            "title": one.course_title,
            "course": one.course_slug,
            "organisation": one.organisation_code,
            "reason": one.reason,
            "legal_basis": one.legal_basis,
            "created_at": one.created_at.isoformat(),
            "changed_at": _iso(one.changed_at),
            "ended_at": _iso(one.ended_at),
        },
        "versions": [
            {"version": row.label, "sha256": row.digest, "published_at": row.published_at.isoformat()}
            for row in pack.facts.taught
        ],
        "columns": [column.value for column in rules.Column],
        "by_institution": [
            {"institution": line.place, "numbers": list(line.numbers), "all": line.all} for line in pack.lines
        ],
        "training": [
            {
                "institution": row.place,
                "participants": row.participants,
                "first": row.first.isoformat(),
                "last": row.last.isoformat(),
            }
            for row in pack.training
        ],
        "people": [_person(stand) for stand in pack.facts.stands],
        "reminders": [
            {
                "sent_at": row.at.isoformat(),
                "about": row.about,
                "occasion": row.occasion,
                "to": row.to,
                "by_mail": row.by_mail,
            }
            for row in pack.facts.told
        ],
    }


def _iso(at: datetime | date | None) -> str | None:
    return at.isoformat() if at is not None else None


def _person(stand: Stand) -> dict[str, Any]:
    proof = stand.proof
    return {
        "name": stand.name,
        "position": stand.job_title,
        "place": stand.place,
        "institution": stand.institution,
        "status": stand.status.value,
        "period": stand.period.number,
        "due_on": stand.period.due_on.isoformat(),
        "completed_on": _iso(stand.period.met_on),
        "valid_until": _iso(stand.period.valid_until),
        "excused": stand.excuse,
        "evidence": {
            "id": proof.id,
            "kind": proof.kind,
            "occurred_at": proof.at.isoformat(),
            "recorded_at": proof.recorded_at.isoformat(),
            "version": proof.version,
            "sha256": proof.digest,
            "note": proof.note,
            "certificate": proof.certificate,
        }
        if proof is not None
        else None,
        "taken": [_way(way) for way in stand.taken],
    }


def _way(way: Way) -> dict[str, Any]:
    """One way of taking steps; what does not apply is left out. `by` led the group, or entered the sheet."""
    said = {"on": _iso(way.on), "session": way.session, "place": way.place, "by": way.who, "steps": list(way.steps)}
    return {"how": way.how.value, "number": way.number, **{name: one for name, one in said.items() if one}}


def _readme(settings: Settings, public: bytes) -> str:
    site = settings.base_url.rstrip("/")
    return "\n".join(
        (
            _("This is an audit pack of %(site)s, signed as a whole.", site=site),
            "",
            _("To check that nothing was changed:"),
            _("- send the whole archive to %(address)s; or", address=f"{site}/verify"),
            _("- run “klasteris verify FILE”, which needs neither network nor database."),
            "",
            _(
                "It was signed with the key %(fingerprint)s. Compare it with the one at",
                fingerprint=signing.fingerprint(public),
            ),
            f"{site}/.well-known/klasteris-keys.json",
            "",
            _(
                "manifest.json holds the SHA-256 of every file. signature.json holds the Ed25519 signature over the bytes of"
            ),
            _("manifest.json, so that other programs can check it, too."),
            "",
        )
    )
