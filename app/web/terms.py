"""Time and attempts of one's own at the tests of a course: one page, for its trainers and for managers of the people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.assessment import access, actions
from app.assessment import queries as attempts
from app.assessment.queries import OverrideLine
from app.assessment.rules import Override, may_override
from app.catalog import queries as catalog
from app.catalog.format import terms
from app.catalog.queries import CourseHead
from app.catalog.rules import in_lang
from app.kit.actor import Actor
from app.kit.errors import Invalid, KitError, NotFound
from app.kit.i18n import N_, language, moment, ngettext
from app.kit.i18n import gettext as _
from app.web.deps import PostedForm
from app.web.forms import Form
from app.web.responses import see_other
from app.web.site import NavItem
from app.web.templating import render


@dataclass(frozen=True, slots=True)
class Line:
    """What is set for one person or organisation: what is different, in words."""

    id: int
    quiz: str
    whom: str
    said: str


@dataclass(frozen=True, slots=True)
class TermsPage:
    course_title: str
    course_lang: str
    crumbs: tuple[NavItem, ...]
    lines: tuple[Line, ...]
    quizzes: tuple[tuple[str, str], ...]
    form: Form
    url: str


def show(
    request: Request,
    db: Session,
    actor: Actor,
    course: CourseHead,
    crumbs: Sequence[NavItem],
    form: Form,
    *,
    status: int = 200,
) -> Response:
    """The page; its form is sent to the address at which it stands. Each area says who may come and from where."""
    page = terms_page(db, actor, course, request.url.path, crumbs, form)
    return render(request, db, actor, "terms.html", page, status=status)


def answer(
    request: Request, db: Session, actor: Actor, course: CourseHead, crumbs: Sequence[NavItem], posted: PostedForm
) -> Response:
    try:
        with db.begin_nested():
            change(db, actor, course, posted)
    except Invalid as refusal:
        form = Form(values=posted.values()).failing(refusal)
        return show(request, db, actor, course, crumbs, form, status=422)
    said = (
        _("Taken back.")
        if posted.has("take")
        else _("Set. Whoever is in the middle of an attempt has the time at once.")
    )
    return see_other(request, request.url.path, said)


def terms_page(
    db: Session, actor: Actor, course: CourseHead, url: str, crumbs: Sequence[NavItem], form: Form | None = None
) -> TermsPage:
    assert course.version_id is not None
    version = next(one for one in catalog.versions(db, course.id) if one.id == course.version_id)
    content = catalog.content_of(db, version.id, course.slug, version.digest)
    words, outline = content.words(language()), content.outline
    titles = {one.id: in_lang(one.titles, language(), outline.lang) for one in outline.quizzes if one.mode != "survey"}
    return TermsPage(
        course_title=words.title,
        course_lang=words.lang,
        crumbs=tuple(crumbs),
        lines=tuple(
            Line(one.id, titles.get(one.quiz, one.quiz), one.name, _said(one.terms))
            for one in attempts.overrides(db, course.id)
            if may_override(actor, owner_path=course.owner_path, path=one.path, person_id=one.person_id)
        ),
        quizzes=tuple(titles.items()),
        form=form or Form(),
        url=url,
    )


def _said(said: Override) -> str:
    out = []
    if said.seconds is not None:
        minutes = ngettext("%(num)s minute", "%(num)s minutes", said.seconds // 60)
        out.append(minutes if said.seconds else _("no time limit"))
    if said.attempts is not None:
        number_ = ngettext("%(num)s attempt", "%(num)s attempts", said.attempts)
        out.append(number_ if said.attempts else _("as many attempts as they like"))
    if said.opens_at is not None:
        out.append(_("from %(moment)s", moment=moment(said.opens_at)))
    if said.closes_at is not None:
        out.append(_("until %(moment)s", moment=moment(said.closes_at)))
    return ", ".join(out)


def change(db: Session, actor: Actor, course: CourseHead, posted: PostedForm) -> None:
    """Set what was sent, or take back the line whose button was pressed; Invalid says what is wrong."""
    if taken := posted.text("take"):
        lines = {str(one.id): one for one in attempts.overrides(db, course.id)}
        if taken not in lines or not _mine(actor, course, lines[taken]):
            raise NotFound(N_("This was taken back already."))
        actions.take_back(db, actor, course_id=course.id, line=lines[taken])
        return
    wrong: dict[str, str | KitError] = {}
    numbers: dict[str, int | None] = {}
    for name in ("minutes", "attempts"):
        try:
            numbers[name] = _number(posted, name)
        except Invalid as refusal:
            wrong |= refusal.fields
    if wrong:  # with what else is wrong, so that nobody is sent back twice
        try:
            access.whom(db, actor, course_id=course.id, owner_path=course.owner_path, said=posted.text("whom"))
        except Invalid as refusal:
            wrong |= refusal.fields
        raise Invalid(**wrong)
    put(
        db,
        actor,
        course,
        quiz=posted.text("quiz"),
        whom=posted.text("whom"),
        opens=posted.text("opens"),
        closes=posted.text("closes"),
        minutes=numbers["minutes"],
        attempts=numbers["attempts"],
    )


def put(
    db: Session,
    actor: Actor,
    course: CourseHead,
    *,
    quiz: str,
    whom: str,
    opens: str,
    closes: str,
    minutes: int | None,
    attempts: int | None,
) -> None:
    """Set what is different at one quiz; `whom` is an address or a code, moments are as written, empty for none."""
    person, organisation = access.whom(db, actor, course_id=course.id, owner_path=course.owner_path, said=whom)
    said = Override(
        personal=person is not None,
        opens_at=_moment("opens", opens),
        closes_at=_moment("closes", closes, end=True),
        seconds=None if minutes is None else minutes * 60,
        attempts=attempts,
    )
    if catalog.quizzes(db, course.version_id or 0).get(quiz) is None:
        raise Invalid(quiz=N_("Choose one of the options."))
    actions.override(db, actor, course_id=course.id, quiz=quiz, person=person, organisation=organisation, said=said)


def _mine(actor: Actor, course: CourseHead, line: OverrideLine) -> bool:
    return may_override(actor, owner_path=course.owner_path, path=line.path, person_id=line.person_id)


def _moment(name: str, text: str, *, end: bool = False) -> datetime | None:
    if not text:
        return None
    if terms.moment(text) is None:
        raise Invalid(**{name: KitError(N_("Write a day and a time, for example 2026-03-31T12:00."))})
    return terms.closes(text) if end else terms.opens(text)


def _number(posted: PostedForm, name: str) -> int | None:
    text = posted.text(name)
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise Invalid(**{name: KitError(N_("Write a whole number."))})
    return int(text)
