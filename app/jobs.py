"""The one dictionary of job kinds: what is done after commit, and by which slice."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from app.accounts import actions as accounts
from app.assessment import actions as assessment
from app.assessment.rules import Policy
from app.catalog import importer
from app.catalog import queries as catalog
from app.catalog.rules import PublicationState
from app.certificates import actions as certificates
from app.groups import actions as groups
from app.kit import clock, incoming, jobs, mail
from app.kit.actor import SYSTEM
from app.kit.blobs import Blobs
from app.kit.database import Sessions, reading
from app.learning import actions as learning
from app.packs import actions as packs
from app.reporting import actions as reporting
from app.reporting.queries import analysis
from app.requirements import actions as requirements
from app.settings import Settings
from app.web import packing
from app.web.managing import figures

Work = Callable[[Session, Settings, dict[str, Any]], None]


def _send_mail(db: Session, settings: Settings, data: dict[str, Any]) -> None:
    mail.send(db, settings, data["mail_id"])


def _invite(db: Session, settings: Settings, data: dict[str, Any]) -> None:
    accounts.invite_now(db, person_ids=data["person_ids"], base_url=settings.base_url)


def _password_link(db: Session, settings: Settings, data: dict[str, Any]) -> None:
    accounts.send_password_link(db, email=data["email"], base_url=settings.base_url)


def _forget_upload(_db: Session, settings: Settings, data: dict[str, Any]) -> None:
    # A list of people is not to lie about: what was uploaded for an import goes after a day, imported or not.
    Blobs(settings.files).path(data["blob"]).unlink(missing_ok=True)


def _completed(db: Session, settings: Settings, data: dict[str, Any]) -> None:
    learning.tell_completed(db, enrolment_id=data["enrolment_id"], base_url=settings.base_url)
    requirements.completed(db, enrolment_id=data["enrolment_id"])
    # A job of its own, after the requirement has said until when it is good; a certificate that fails holds up nothing.
    jobs.later(
        db, "certificates.issue", key=f"certificate:{data['enrolment_id']}", enrolment_ids=[data["enrolment_id"]]
    )


def _certify(db: Session, _settings: Settings, data: dict[str, Any]) -> None:
    certificates.issue(db, SYSTEM, enrolment_ids=data["enrolment_ids"])


def _revoked(db: Session, settings: Settings, data: dict[str, Any]) -> None:
    certificates.tell_revoked(db, certificate_id=data["certificate_id"], base_url=settings.base_url)


def _regrade(db: Session, _settings: Settings, data: dict[str, Any]) -> None:
    assessment.regrade_more(db, correction_id=data["correction_id"], after=data["after"])


def _remarked(db: Session, settings: Settings, data: dict[str, Any]) -> None:
    assessment.tell_remarked(db, regrading_id=data["regrading_id"], base_url=settings.base_url)


def _unlocked(db: Session, settings: Settings, data: dict[str, Any]) -> None:
    assessment.tell_unlocked(db, extra_id=data["extra_id"], base_url=settings.base_url)


def _assigned(db: Session, settings: Settings, data: dict[str, Any]) -> None:
    requirements.notify_assigned(db, data, base_url=settings.base_url)


def _reach(db: Session, _settings: Settings, data: dict[str, Any]) -> None:
    requirements.reach_later(db, data)


def _remind(db: Session, settings: Settings, data: dict[str, Any]) -> None:
    requirements.send_reminders(db, data, base_url=settings.base_url)


def _escalate(db: Session, settings: Settings, data: dict[str, Any]) -> None:
    requirements.send_escalations(db, data, base_url=settings.base_url)


def _due(db: Session, settings: Settings, _data: dict[str, Any]) -> None:
    # Who is away or excused today is not reminded, and whose period has just opened is told by its own date.
    requirements.settle_absences(db)
    requirements.forget_leavers(db)
    certificates.forget_leavers(db)
    packs.forget_old(db, Blobs(settings.files))
    requirements.renew(db)
    requirements.send_due_reminders(db, base_url=settings.base_url)


def _tell_group(db: Session, settings: Settings, data: dict[str, Any]) -> None:
    groups.tell_news(db, data, base_url=settings.base_url)


def _groups_due(db: Session, _settings: Settings, _data: dict[str, Any]) -> None:
    groups.ask_for_reminders(db)


def _remind_of_group(db: Session, settings: Settings, data: dict[str, Any]) -> None:
    groups.remind(db, data, base_url=settings.base_url)


def _expire(db: Session, _settings: Settings, data: dict[str, Any]) -> None:
    # Hundreds may run out in the same minute: a batch in each transaction, so that nobody waits long behind them.
    if last := assessment.close_expired(db, after=data.get("after", 0)):
        jobs.later(db, "assessment.expire", after=last)


def _views_due(db: Session, _settings: Settings, _data: dict[str, Any]) -> None:
    reporting.ask_for_due_views(db)


def _figures_due(db: Session, _settings: Settings, _data: dict[str, Any]) -> None:
    reporting.ask_for_counts(db)


def _send_view(db: Session, settings: Settings, data: dict[str, Any]) -> None:
    figures.send_view(db, settings, data)


def _sweep(db: Session, settings: Settings, _data: dict[str, Any]) -> None:
    _expire(db, settings, {})
    requirements.reach_newcomers(db)
    requirements.settle(db)
    accounts.sweep(db)
    incoming.sweep(db, settings.files)


WORK: dict[str, Work] = {
    "mail.send": _send_mail,
    "accounts.invite": _invite,
    "accounts.password-link": _password_link,
    "accounts.forget-upload": _forget_upload,
    "assessment.expire": _expire,
    "assessment.regrade": _regrade,
    "assessment.remarked": _remarked,
    "assessment.unlocked": _unlocked,
    "learning.completed": _completed,
    "certificates.issue": _certify,
    "certificates.revoked": _revoked,
    "requirements.notify": _assigned,
    "requirements.reach": _reach,
    "requirements.remind": _remind,
    "requirements.escalate": _escalate,
    "requirements.due": _due,
    "groups.tell": _tell_group,
    "groups.due": _groups_due,
    "groups.remind": _remind_of_group,
    "figures.due": _figures_due,
    "views.due": _views_due,
    "views.send": _send_view,
    "sweep": _sweep,
}


def ask_for_regular_work(db: Session) -> None:
    """What nobody asks for but time: once a minute and once a day, however many processes do the asking."""
    now = clock.now()
    jobs.later(db, "sweep", key=f"sweep:{now:%Y-%m-%dT%H:%M}")
    jobs.later(db, "requirements.due", key=f"due:{clock.today()}")
    jobs.later(db, "groups.due", key=f"groups:{clock.today()}")
    jobs.later(db, "views.due", key=f"views:{clock.today()}")
    jobs.later(db, "assessment.forget-saves", key=f"saves:{clock.today()}")
    jobs.later(db, "figures.due", key=f"figures:{clock.today()}")


def _look_at_publication(settings: Settings, sessions: Sessions, data: dict[str, Any]) -> Any:
    """Reading and rendering a course takes seconds, so it comes before the transaction."""
    with reading(sessions) as db:
        found = catalog.publication(db, data["publication_id"])
    if found is None or found.state is not PublicationState.WAITING:
        return None
    blobs = Blobs(settings.files)
    looked = importer.apart.look(found.filename, blobs.get(found.blob), today=clock.today())
    if looked.prepared is not None:
        importer.keep(looked.prepared, blobs)
    return found, looked


def _publish(settings: Settings, db: Session, _data: dict[str, Any], ready: Any) -> None:
    if ready is None:
        return
    found, looked = ready
    made = importer.publish_scheduled(db, publication=found, looked=looked, blobs=Blobs(settings.files))
    course = catalog.course_by_slug(db, found.slug)
    if made is not None and course is not None and found.regrade:
        actor, published, keys = made
        policy, reason = Policy(found.regrade), found.note or f"v{published.label}"
        assessment.regrade_by_version(db, actor, course=course, keys=keys, policy=policy, reason=reason)


def _make_pack(settings: Settings, sessions: Sessions, data: dict[str, Any]) -> Any:
    return packing.make(sessions, settings, pack_id=data["pack_id"])


def _keep_pack(_settings: Settings, db: Session, data: dict[str, Any], ready: Any) -> None:
    if ready is not None:
        said = {"blob": ready.blob, "size": ready.size, "public_key": ready.public_key, "training": ready.training}
        packs.keep(db, pack_id=data["pack_id"], **said)


def _old_saves(_settings: Settings, sessions: Sessions, _data: dict[str, Any]) -> Any:
    # They are looked for among all attempts of earlier years, which holds up nobody who writes.
    with reading(sessions) as db:
        return assessment.saves_to_forget(db)


def _forget_saves(_settings: Settings, db: Session, _data: dict[str, Any], ready: Any) -> None:
    if assessment.forget_saves(db, ready):
        jobs.later(db, "assessment.forget-saves")


def _count_place(_settings: Settings, sessions: Sessions, data: dict[str, Any]) -> Any:
    """Counting a municipality takes a second in which others may write."""
    with reading(sessions) as db:
        places = analysis.wide_places(db)
        place = next((one for one in places if one.id == data["place_id"]), None)
        return reporting.count_place(db, place=place, root_id=places[0].id) if place is not None else None


def _keep_counts(_settings: Settings, db: Session, _data: dict[str, Any], ready: Any) -> None:
    if ready is not None:
        reporting.keep_counts(db, ready)


# Work of which a part is done before its transaction begins.
SLOW: dict[str, tuple[Callable[..., Any], Callable[..., None]]] = {
    "catalog.publish": (_look_at_publication, _publish),
    "packs.make": (_make_pack, _keep_pack),
    "assessment.forget-saves": (_old_saves, _forget_saves),
    "figures.count": (_count_place, _keep_counts),
}


def handlers(settings: Settings) -> dict[str, jobs.Handler]:
    """Every kind of work, with this installation's settings."""
    found: dict[str, jobs.Handler] = {kind: partial(_with, work, settings) for kind, work in WORK.items()}
    for kind, (before, work) in SLOW.items():
        found[kind] = jobs.Slow(partial(before, settings), partial(work, settings))
    return found


def _with(work: Work, settings: Settings, db: Session, data: dict[str, Any]) -> None:
    work(db, settings, data)
