"""The front page, the catalogue, and choosing a language."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.kit.errors import NotFound
from app.kit.i18n import LANGUAGES, N_, language
from app.web.deps import CurrentActor, Db, SettingsDep
from app.web.policy import Policy, allow
from app.web.public import pages
from app.web.public.cookies import remember_language
from app.web.public.pages import front
from app.web.responses import see_other
from app.web.resume import own_path
from app.web.templating import render

router = APIRouter()


@router.get("/", **allow(Policy.PUBLIC))
def front_page(request: Request, db: Db, actor: CurrentActor) -> Response:
    if actor.signed_in:
        return see_other(request, "/learning")
    return render(request, db, actor, "public/front.html", front.front_page(db, language()))


@router.get("/catalogue", **allow(Policy.PUBLIC))
def catalogue(request: Request, db: Db, actor: CurrentActor, q: str = "", topic: str = "") -> Response:
    names = frozenset(request.query_params.keys())
    page: pages.CataloguePage = front.catalogue_page(
        db, actor, language(), search=q.strip()[:200], chosen=names, topic=topic.strip()
    )
    return render(request, db, actor, "public/catalogue.html", page)


@router.get("/language/{code}", **allow(Policy.PUBLIC))
def choose_language(request: Request, code: str, settings: SettingsDep, next: str = "/") -> Response:
    """A plain link, so it only sets a cookie; the account page keeps the choice with the person."""
    if code not in LANGUAGES:
        raise NotFound(N_("There is no such language here."))
    response = see_other(request, own_path(next))
    remember_language(response, settings, code)
    return response
