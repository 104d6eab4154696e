"""Checking an audit pack that somebody sends in, and the keys that packs are signed with."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.accounts import actions as accounts
from app.accounts.rules import PACK_CHECKS
from app.kit import seal, signing, worker
from app.kit.database import reading, writing
from app.kit.errors import Invalid, KitError, TooMany
from app.kit.i18n import N_
from app.packs import queries as packs
from app.web.deps import Db, EarlyActor, Posted, SettingsDep
from app.web.forms import Form
from app.web.policy import Policy, allow
from app.web.public.pages.verify import VerifyPage, pack_checked_page
from app.web.public.routes.signin import address_of
from app.web.templating import render

router = APIRouter()


@router.post("/verify/pack", **allow(Policy.PUBLIC, early=True))
async def by_file(request: Request, actor: EarlyActor, posted: Posted, settings: SettingsDep) -> Response:
    """Nothing of the file is kept. It is looked at outside any transaction, in a process that can be killed."""
    from anyio.to_thread import run_sync

    file = posted.file("file")
    data = await file.read() if file is not None else b""
    return await run_sync(_checked, request, actor, settings, data)


def _checked(request: Request, actor: EarlyActor, settings: SettingsDep, data: bytes) -> Response:
    sessions = request.app.state.sessions
    with writing(sessions) as db:
        wait = accounts.take(db, accounts.throttle_key("pack", address_of(request)), PACK_CHECKS)
    if wait:
        raise TooMany(N_("Too many packs were sent in from your address. Try again later."), retry_seconds=wait)
    try:
        if not data:
            raise Invalid(file=N_("Choose the file of the audit pack."))
        verdict = worker.run(seal.check, data)
    except KitError as refusal:
        with reading(sessions) as db:
            page = VerifyPage(Form().failing(refusal))
            return render(request, db, actor, "public/verify.html", page, status=422)
    with reading(sessions) as db:
        ours = verdict.public.hex() in known_keys(db, settings)
        return render(request, db, actor, "public/pack.html", pack_checked_page(verdict, ours=ours))


def known_keys(db: Db, settings: SettingsDep) -> list[str]:
    """The key of today first, then those of earlier packs."""
    today = signing.signer(settings.files).public.hex()
    return [today, *(key for key in packs.public_keys(db) if key != today)]


@router.get("/.well-known/klasteris-keys.json", **allow(Policy.PUBLIC))
def keys(db: Db, settings: SettingsDep) -> Response:
    """For programs, and for whoever compares a fingerprint."""
    listed = [
        {
            "algorithm": seal.ALGORITHM,
            "fingerprint": signing.fingerprint(bytes.fromhex(key)),
            "public_key": key,
            "pem": signing.as_pem(bytes.fromhex(key)),
            "current": at == 0,
        }
        for at, key in enumerate(known_keys(db, settings))
    ]
    return JSONResponse({"site": settings.base_url.rstrip("/"), "keys": listed})
