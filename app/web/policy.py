"""Who may come to a route at all. Finer scope is decided on every load, in the slices' `access`."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.routing import APIRoute

from app.accounts.rules import ASSIGNS, SEES_NAMES, SEES_NUMBERS
from app.assessment.rules import ACCOMMODATES, MARKS
from app.catalog.rules import REVIEWS, TEACHES
from app.groups.rules import LEADS
from app.kit.actor import Actor, Role
from app.kit.errors import Forbidden
from app.kit.i18n import N_
from app.web.deps import CurrentActor, EarlyActor
from app.web.resume import SignedOut, kept_form


class Policy(StrEnum):
    PUBLIC = "public"
    SIGNED_IN = "signed-in"
    TEACHES = "teaches"
    REVIEWS = "reviews"
    SEES_NUMBERS = "sees-numbers"
    SEES_NAMES = "sees-names"
    ASSIGNS = "assigns"
    SETS_TERMS = "sets-terms"
    ADMINISTERS = "administers"
    LEADS = "leads"


ROLES: dict[Policy, tuple[Role, ...]] = {
    Policy.TEACHES: TEACHES,
    Policy.REVIEWS: REVIEWS,
    Policy.SEES_NUMBERS: SEES_NUMBERS,
    Policy.SEES_NAMES: SEES_NAMES,
    Policy.ASSIGNS: ASSIGNS,
    Policy.SETS_TERMS: (*MARKS, *ACCOMMODATES),
    Policy.ADMINISTERS: (Role.ADMINISTRATOR,),
    Policy.LEADS: LEADS,
}


def admits(policy: Policy, actor: Actor) -> bool:
    match policy:
        case Policy.PUBLIC:
            return True
        case Policy.SIGNED_IN:
            return actor.signed_in
        case _:
            return actor.signed_in and actor.holds(*ROLES[policy])


def _guard(policy: Policy, *, early: bool) -> Callable[..., Any]:
    async def decide(request: Request, actor: Actor) -> None:
        if admits(policy, actor):
            return
        if not actor.signed_in:
            raise SignedOut(await kept_form(request))
        raise Forbidden(N_("This page is for people with another role. Ask your administrator if you need it."))

    async def guard(request: Request, actor: CurrentActor) -> None:
        await decide(request, actor)

    async def early_guard(request: Request, actor: EarlyActor) -> None:
        await decide(request, actor)

    chosen = early_guard if early else guard
    chosen.policy = policy  # type: ignore[attr-defined]
    return chosen


GUARDS = {(policy, early): _guard(policy, early=early) for policy in Policy for early in (False, True)}


def allow(policy: Policy, *, early: bool = False) -> dict[str, Any]:
    """`@router.get("/x", **allow(Policy.SIGNED_IN))`: the route's policy, enforced before its function runs.

    `early`: decided before `Db` opens, for a route that does slow work first and takes `EarlyActor`, not `Db`.
    """
    return {"dependencies": [Depends(GUARDS[policy, early])]}


def policy_of(route: APIRoute) -> Policy | None:
    for dependency in route.dependencies:
        found = getattr(dependency.dependency, "policy", None)
        if found is not None:
            return Policy(found)
    return None


def refuse_undeclared(app: FastAPI, routes: list[APIRoute]) -> None:
    """No route without a policy: the application does not start with one."""
    bare = [f"{sorted(route.methods or ())} {route.path}" for route in routes if policy_of(route) is None]
    if bare:
        raise RuntimeError(f"routes without a policy: {', '.join(bare)}")
