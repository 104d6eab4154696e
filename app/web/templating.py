"""Jinja: escaping on, nothing undefined, and one way to turn a page into a response."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import FastAPI, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, Response

from app.kit import i18n
from app.kit.actor import Actor
from app.settings import ROOT
from app.web.naming import name_fields
from app.web.responses import FLASH, notices_of
from app.web.site import site_for

DIST = ROOT / "app" / "static" / "dist"


@cache
def manifest(folder: Path = DIST) -> dict[str, str]:
    found: dict[str, str] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return found


def asset(name: str) -> str:
    """The address of a bundled file, which carries the hash of its content."""
    return f"/static/dist/{manifest()[name]}"


@dataclass(frozen=True, slots=True)
class Urls:
    """Addresses by route name: Starlette's own look-up walks every route each time."""

    formats: dict[str, str]

    def __call__(self, name: str, **params: object) -> str:
        from urllib.parse import quote

        query = {k[1:]: v for k, v in params.items() if k.startswith("_")}
        path = self.formats[name].format(
            **{k: quote(str(v), safe="/") for k, v in params.items() if not k.startswith("_")}
        )
        if not query:
            return path
        pairs = "&".join(f"{k}={quote(str(v))}" for k, v in query.items() if v not in (None, ""))
        return f"{path}?{pairs}" if pairs else path


def make_environment(urls: Callable[..., str]) -> Environment:
    env = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        i18n.raw_gettext, i18n.raw_ngettext, newstyle=True, pgettext=i18n.raw_pgettext
    )
    env.filters.update(
        date=i18n.iso_date,
        day=i18n.day,
        due=i18n.day_and_year,
        longdate=i18n.long_date,
        clock=i18n.clock_time,
        moment=i18n.moment,
        weekday=i18n.weekday,
        number=i18n.number,
        percent=i18n.percent,
    )
    env.globals.update(asset=asset, url_for=urls)
    return env


def install(app: FastAPI, formats: dict[str, str]) -> None:
    app.state.urls = Urls(formats)
    app.state.templates = make_environment(app.state.urls)


def render(
    request: Request, db: Session | None, actor: Actor, template: str, page: object, *, status: int = 200
) -> Response:
    """One page dataclass through one template. `db` may be missing on an error page: then nothing is looked up."""
    notices = notices_of(request)
    env: Environment = request.app.state.templates
    html = env.get_template(template).render(page=page, site=site_for(request, db, actor), actor=actor, notices=notices)
    response = HTMLResponse(name_fields(html), status_code=status)
    response.headers["Content-Language"] = i18n.language()
    response.headers["Cache-Control"] = "no-store" if actor.signed_in else "no-cache"
    if notices:
        response.delete_cookie(FLASH)
    return response
