"""The API's answers, composed from the queries of many slices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.catalog import queries as catalog
from app.catalog.rules import in_lang
from app.kit import clock
from app.kit.actor import Actor
from app.kit.errors import NotFound
from app.kit.i18n import N_, language
from app.learning import queries as learners
from app.learning.queries import CourseRun
from app.learning.rules import Standing as Reached
from app.organisations.queries import OrganisationCard
from app.reporting import access as reporting_access
from app.reporting import queries as reporting
from app.reporting.rules import ALL, Figure, Shown, open_figures
from app.web.api.schemas import (
    CompletionLine,
    CompletionOut,
    CourseLine,
    CourseOut,
    ModuleOut,
    OfferOut,
    PageOut,
    ProgressOut,
    QuizOut,
    RunLine,
    Standing,
)


def course_lines(db: Session, lang: str) -> list[CourseLine]:
    return [
        CourseLine(
            slug=card.slug,
            title=card.title,
            summary=card.summary,
            version=card.version,
            langs=list(card.langs),
            minutes=card.minutes,
            tags=list(card.tags),
            owner=card.owner_name,
        )
        for card in catalog.cards(db, lang)
    ]


def course_out(db: Session, run: CourseRun, lang: str) -> CourseOut:
    words, outline = catalog.words(db, run.version_id, lang), run.outline
    return CourseOut(
        slug=run.slug,
        title=words.title,
        summary=words.summary,
        audience=words.audience,
        contact=words.contact,
        outcomes=list(words.outcomes.values()),
        version=run.label,
        lang=words.lang,
        langs=list(outline.langs),
        minutes=outline.minutes,
        modules=[
            ModuleOut(
                id=module.id,
                title=in_lang(module.titles, lang, outline.lang),
                pages=[
                    PageOut(
                        id=page.id,
                        title=in_lang(page.titles, lang, outline.lang),
                        minutes=page.minutes,
                        required=page.required,
                        quizzes=[
                            QuizOut(
                                id=quiz.id,
                                title=in_lang(quiz.titles, lang, outline.lang),
                                mode=quiz.mode,
                                questions=quiz.asked,
                                pass_percent=quiz.pass_percent,
                                attempts=quiz.attempts,
                                seconds=quiz.seconds,
                            )
                            for quiz in page.quizzes
                        ],
                    )
                    for page in module.pages
                ],
            )
            for module in outline.modules
        ],
    )


def run_lines(db: Session, actor: Actor, lang: str) -> list[RunLine]:
    runs = learners.runs_of(db, actor.id)
    titles = catalog.titles(db, [run.course_id for run in runs], lang)
    return [
        RunLine(
            course=run.slug,
            title=titles[run.course_id],
            version=run.label,
            state=run.state.value if run.state else "",
            required=run.required,
            due_on=run.due_on,
            enrolled_at=run.enrolled_at or run.published_at,
            completed_at=run.completed_at,
            done=run.done,
            needed=len(run.outline.needed),
        )
        for run in runs
    ]


def _offer(db: Session, run: CourseRun) -> OfferOut | None:
    found = learners.offer_for(db, run)
    if found is None:
        return None
    return OfferOut(
        version=found.label,
        done=len(found.move.kept),
        needed=found.move.needed_then,
        waiting=sorted(found.move.waiting),
        gone=sorted(found.move.gone),
        declined=not run.asks,
    )


def progress_out(db: Session, run: CourseRun) -> ProgressOut:
    assert run.enrolment_id is not None and run.state is not None
    reached = learners.standings(db, run.enrolment_id, run.outline.was)
    kinds = {page.id: "page" for page in run.outline.pages} | {quiz.id: "quiz" for quiz in run.outline.quizzes}
    blank = Reached()
    steps = [
        Standing(
            id=one,
            kind=kind,
            needed=one in run.outline.needed,
            finished_at=reached.get(one, blank).finished_at,
            passed_at=reached.get(one, blank).passed_at,
            best_score=reached.get(one, blank).best_score,
        )
        for one, kind in kinds.items()
    ]
    return ProgressOut(
        course=run.slug,
        version=run.label,
        state=run.state.value,
        required=run.required,
        due_on=run.due_on,
        completed_at=run.completed_at,
        done=run.done,
        needed=len(run.outline.needed),
        offer=_offer(db, run),
        steps=steps,
    )


def completion_out(db: Session, actor: Actor, code: str, course: str) -> CompletionOut:
    """What the dashboard of a place shows, with the same numbers hidden from a reader of numbers."""
    view = reporting_access.place_for(db, actor, code)
    above, children = reporting.around(db, view.place)
    figures = reporting.figures(
        db,
        view.place,
        children,
        today=clock.today(),
        names=view.names,
        above=reporting_access.visible_above(actor, above),
    )
    known = reporting.course_names(db, [one for one in figures.totals if one != ALL], language())
    chosen = next((one for one in known if one.slug == course), None)
    if course and chosen is None and catalog.course_by_slug(db, course) is None:
        raise NotFound(N_("There is no such course."))
    which = chosen.id if chosen else ALL
    place, places = view.place, {card.id: card for card in children}
    if course and chosen is None:  # nobody here is in it, so every number is nought
        figures = open_figures({}, ())
    rows = [_completion(places.get(key, place), language(), figures.row(key, which)) for key in figures.keys]
    return CompletionOut(
        organisation=place.code,
        course=course,
        as_of=clock.now(),
        total=_completion(place, language(), figures.totals[which]),
        rows=rows,
    )


def _completion(place: OrganisationCard, lang: str, shown: Shown) -> CompletionLine:
    return CompletionLine(
        organisation=place.code,
        name=place.name_in(lang),
        assigned=_whole(shown.assigned),
        completed=_whole(shown.done),
        in_progress=shown.started,
        overdue=_whole(shown.overdue),
        denominator=_whole(shown.base),
        rate=shown.rate,
    )


def _whole(figure: Figure) -> int | None:
    return figure if isinstance(figure, int) else None


@dataclass(frozen=True, slots=True)
class Call:
    """One thing a program may ask."""

    method: str
    path: str
    summary: str
    anchor: str
    signed_in: bool


@dataclass(frozen=True, slots=True)
class CallGroup:
    title: str
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class DocsPage:
    """The API for people: how to sign in, and every call with its sentence."""

    groups: tuple[CallGroup, ...]
    openapi_url: str
    tokens_url: str


def docs_page(description: dict[str, Any]) -> DocsPage:
    groups: dict[str, list[Call]] = {}
    for path, methods in description["paths"].items():
        for method, said in methods.items():
            groups.setdefault(said["tags"][0], []).append(
                Call(
                    method=method.upper(),
                    path=path,
                    summary=said.get("description", "").split("\n")[0],
                    anchor=said["operationId"],
                    signed_in="401" in said["responses"],
                )
            )
    return DocsPage(
        groups=tuple(CallGroup(title, tuple(calls)) for title, calls in groups.items()),
        openapi_url="/api/v1/openapi.json",
        tokens_url="/account/tokens",
    )
