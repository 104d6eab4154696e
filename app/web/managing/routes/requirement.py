"""One requirement: its people, excusing some of them, slips for those without e-mail."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts import access as accounts
from app.accounts import actions as accounts_actions
from app.accounts.queries import PersonCard
from app.accounts.rules import INVITATION_VALID, SEES_NAMES
from app.kit import clock
from app.kit.errors import Invalid, KitError, NotFound
from app.kit.i18n import N_, language, ngettext
from app.requirements import access
from app.requirements import actions as requirements
from app.requirements import queries as required
from app.requirements.queries import ReachedPerson
from app.web.deps import CurrentActor, Db, Posted, SettingsDep
from app.web.forms import Form
from app.web.managing.pages import requirement_page, slips_page
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.templating import render

router = APIRouter()
ONE = "/managing/assignments/{key}"


@router.get(ONE, **allow(Policy.ASSIGNS))
def requirement(request: Request, db: Db, actor: CurrentActor, key: str) -> Response:
    one = access.requirement_for(db, actor, key)
    return render(request, db, actor, "managing/requirement.html", requirement_page(db, actor, one))


@router.post(f"{ONE}/exempt", **allow(Policy.ASSIGNS))
def exempt(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str) -> Response:
    """Excuse the people who are ticked, each from this one thing, with one reason."""
    one = access.requirement_for(db, actor, key)
    form = Form(values={**posted.values(), "people": posted.all("people")})
    try:
        people = [_mine(accounts.person_for(db, actor, person), actor) for person in posted.all("people")]
        if not people:
            raise Invalid(people=N_("Tick the people first."))
        with db.begin_nested():
            done = requirements.exempt(db, actor, people=people, subject=one.subject, reason=posted.text("reason"))
    except NotFound:
        raise
    except KitError as refusal:
        page = requirement_page(db, actor, one, form.failing(refusal))
        return render(request, db, actor, "managing/requirement.html", page, status=422)
    said = ngettext("%(num)s person is excused.", "%(num)s people are excused.", done)
    return see_other(request, f"/managing/assignments/{key}", said)


def _mine(person: PersonCard, actor: CurrentActor) -> PersonCard:
    if not actor.covers(person.organisation_path, *SEES_NAMES):
        raise NotFound(N_("There is no such person."))
    return person


@router.post(f"{ONE}/slips", **allow(Policy.ASSIGNS))
def slips(request: Request, db: Db, actor: CurrentActor, settings: SettingsDep, key: str) -> Response:
    """Slips with a code for those without e-mail. Answers with the page, because the codes are shown here and never
    again."""
    one = access.requirement_for(db, actor, key)
    made: list[tuple[ReachedPerson, str]] = []
    without: list[str] = []
    for person in required.people_of(db, one, clock.today(), language()):
        if person.has_email or person.card.period.met_on is not None or not actor.covers(person.path, *SEES_NAMES):
            continue
        card = accounts.person_for(db, actor, person.key)
        code = accounts_actions.hand_over_code(db, actor, person=card)
        if code is None:
            without.append(person.name)
        else:
            made.append((person, code))
    address = f"{settings.base_url.rstrip('/')}/set-password/"
    page = slips_page(one, made, address, INVITATION_VALID.days, without)
    return render(request, db, actor, "managing/slips.html", page, status=201)
