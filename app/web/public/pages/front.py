"""The front page and the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from app.catalog import queries as catalog
from app.catalog.queries import CourseCard
from app.kit import clock, i18n
from app.kit.actor import Actor
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext
from app.learning import queries as learning
from app.learning.queries import CourseRun
from app.learning.rules import RunState
from app.organisations import queries as organisations
from app.web.words import language_list

# A number that could point at single people is not shown to everybody.
FEWEST_SHOWN = 10
SHORT_MINUTES = 60
NEWEST = 3


@dataclass(frozen=True, slots=True)
class CourseTile:
    """A course as a card. `status` is the reader's own: "", "todo", "now" or "done"."""

    url: str
    title: str
    summary: str
    text_lang: str
    length: str
    languages: str
    owner: str
    tags: tuple[str, ...]
    required: bool
    status: str
    status_text: str
    new: bool


@dataclass(frozen=True, slots=True)
class Figure:
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class FrontPage:
    """What this is, for whom, and how far it has come."""

    figures: tuple[Figure, ...]
    newest: tuple[CourseTile, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter of the catalogue; `text` says how many courses it would leave."""

    name: str
    value: str
    text: str
    checked: bool


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """The courses that the search and the filters leave. `filters`: the ones in force, each with the address without it."""

    search: str
    chips: tuple[Chip, ...]
    topics: tuple[Chip, ...]
    found: str
    tiles: tuple[CourseTile, ...]
    filters: tuple[tuple[str, str], ...]
    any_course: bool


def front_page(db: Session, lang: str) -> FrontPage:
    cards = catalog.cards(db, lang)
    totals = learning.totals(db)
    municipalities = organisations.municipalities(db)
    completed = totals[RunState.COMPLETED]
    begun = completed + totals[RunState.STARTED]
    counted = (
        (municipalities, ngettext("municipality", "municipalities", municipalities), 1),
        (len(cards), ngettext("open course", "open courses", len(cards)), 1),
        (begun, ngettext("course begun", "courses begun", begun), FEWEST_SHOWN),
        (completed, ngettext("course completed", "courses completed", completed), FEWEST_SHOWN),
    )
    figures = tuple(Figure(i18n.number(n), text) for n, text, fewest in counted if n >= fewest)
    return FrontPage(figures=figures, newest=tuple(_tile(card, None) for card in cards[:NEWEST]))


def catalogue_page(
    db: Session, actor: Actor, lang: str, *, search: str, chosen: frozenset[str], topic: str
) -> CataloguePage:
    """`chosen`: names of the filters that are on: required, short, new, and also-<language>."""
    cards = catalog.cards(db, lang)
    runs = {run.slug: run for run in learning.runs_of(db, actor.id)} if actor.signed_in else {}
    offered = _offered(cards, runs, actor, lang)
    chosen = chosen & offered.keys()
    topics = sorted({tag for card in cards for tag in card.tags}, key=i18n.sort_key)
    topic = topic if topic in topics else ""
    words = i18n.fold(search).split()[:10]
    left = [card for card in cards if all(word in card.search for word in words)]
    left = [card for card in left if not topic or topic in card.tags]
    shown = [card for card in left if all(card.slug in offered[name][1] for name in chosen)]

    def counted(name: str) -> int:
        return sum(card.slug in offered[name][1] for card in left)

    def without(name: str) -> str:
        pairs = [("q", search)] if search else []
        pairs += [(other, "1") for other in sorted(chosen) if other != name]
        pairs += [("topic", topic)] if topic and name != "topic" else []
        return "/catalogue" + (f"?{urlencode(pairs)}" if pairs else "")

    chips = tuple(
        Chip(name, "1", _("%(filter)s (%(n)s)", filter=label, n=i18n.number(counted(name))), name in chosen)
        for name, (label, _slugs) in offered.items()
        if counted(name) or name in chosen
    )
    in_force = [(offered[name][0], without(name)) for name in offered if name in chosen]
    in_force += [(topic, without("topic"))] if topic else []
    return CataloguePage(
        search=search,
        chips=chips,
        topics=tuple(Chip("topic", tag, tag, tag == topic) for tag in topics),
        found=ngettext("%(num)s course found", "%(num)s courses found", len(shown)),
        tiles=tuple(_tile(card, runs.get(card.slug)) for card in shown),
        filters=tuple(in_force),
        any_course=bool(cards),
    )


def _offered(
    cards: tuple[CourseCard, ...], runs: dict[str, CourseRun], actor: Actor, lang: str
) -> dict[str, tuple[str, frozenset[str]]]:
    """The filters: name → (label, the courses it leaves)."""
    year = clock.today().year
    out: dict[str, tuple[str, frozenset[str]]] = {}
    if actor.signed_in:
        required = frozenset(slug for slug, run in runs.items() if run.required and run.enrolled)
        out["required"] = (_("Required for me"), required)
    short = frozenset(card.slug for card in cards if card.minutes <= SHORT_MINUTES)
    out["short"] = (_("Up to %(n)s min.", n=SHORT_MINUTES), short)
    labels = {"lt": _("Also in Lithuanian"), "en": _("Also in English"), "nb": _("Also in Norwegian")}
    for code, label in labels.items():
        if code != lang:
            out[f"also-{code}"] = (label, frozenset(card.slug for card in cards if code in card.langs))
    fresh = frozenset(card.slug for card in cards if card.published_at.astimezone(clock.LOCAL).year == year)
    out["new"] = (_("Updated this year"), fresh)
    return out


def _tile(card: CourseCard, run: CourseRun | None) -> CourseTile:
    status, status_text = _status(run)
    return CourseTile(
        url=f"/courses/{card.slug}",
        title=card.title,
        summary=card.summary,
        text_lang=card.text_lang,
        length=_(
            "about %(minutes)s min. · %(pages)s",
            minutes=i18n.number(card.minutes),
            pages=ngettext("%(num)s page", "%(num)s pages", card.pages),
        ),
        languages=language_list(card.langs),
        owner=card.owner_name,
        tags=card.tags,
        required=run is not None and run.required and run.enrolled,
        status=status,
        status_text=status_text,
        new=(clock.now() - card.published_at).days < 60,
    )


def _status(run: CourseRun | None) -> tuple[str, str]:
    if run is None or not run.enrolled:
        return "", ""
    match run.state:
        case RunState.COMPLETED:
            return "done", _("Completed")
        case RunState.STARTED:
            return "now", _("In progress")
        case _:
            return "todo", _("Not started")
