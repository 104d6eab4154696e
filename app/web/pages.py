"""The pages that belong to no area: errors, and a form that waits for its sign-in."""

from __future__ import annotations

from dataclasses import dataclass

from app.web.forms import Form
from app.web.site import NavItem


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """One error in words. `status` is the HTTP status it came with."""

    title: str
    text: str
    status: int
    request_id: str
    links: tuple[NavItem, ...]


@dataclass(frozen=True, slots=True)
class SignedOutPage:
    """A form that came in without a sign-in: signing in here sends it on. `kept` is empty when it could not be kept."""

    form: Form
    next: str
    kept: str


@dataclass(frozen=True, slots=True)
class ResumePage:
    """Signed in again: the form that was kept, one button from being sent."""

    path: str
    fields: tuple[tuple[str, str], ...]
