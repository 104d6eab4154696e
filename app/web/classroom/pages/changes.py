"""What changed in a newer version, and what moving to it would mean: told before anybody chooses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.catalog import importer
from app.catalog import queries as catalog
from app.catalog.importer import Changes
from app.catalog.importer.changes import Snapshot
from app.catalog.rules import Outline, in_lang
from app.kit.errors import NotFound
from app.kit.i18n import N_, language, ngettext
from app.kit.i18n import gettext as _
from app.learning import queries as learners
from app.learning.queries import CourseRun, Offer
from app.web.differences import TextDiff, compare_texts, paragraphs

PAGES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class ChangedPage:
    """A page whose words changed, in the reader's language or else in the source's. Its questions are not shown."""

    title: str
    lang: str
    diff: TextDiff


@dataclass(frozen=True, slots=True)
class Said:
    """What the author wrote of one version, in a sentence."""

    label: str
    note: str


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """`may_choose` is false for somebody who has completed the course: there is nothing to choose then.

    `effect` says in one sentence what taking the new version does to progress; `lowers`, that less would be done.
    """

    title: str
    title_lang: str
    course_url: str
    mine: str
    newest: str
    may_choose: bool
    declined: bool
    completed: bool
    done_now: int
    needed_now: int
    done_then: int
    needed_then: int
    effect: str
    lowers: bool
    kept: tuple[str, ...]
    waiting: tuple[str, ...]
    gone: tuple[str, ...]
    notes: tuple[Said, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[ChangedPage, ...]
    more: int
    questions: tuple[str, ...]
    take_url: str
    keep_url: str


def changes_page(db: Session, run: CourseRun) -> ChangesPage:
    """From the version a learner follows (or completed) to the newest; `NotFound` where they are one."""
    lang = language()
    offer = learners.offer_for(db, run)
    versions = catalog.versions(db, run.course_id)
    mine = next(one for one in versions if one.id == (run.completed_version_id or run.version_id))
    newest = next((one for one in versions if one.id == offer.version_id), None) if offer else versions[0]
    if newest is None or newest.number <= mine.number:
        raise NotFound(N_("You have the newest version of this course."))
    before, after = importer.stored_snapshot(db, mine.id), importer.stored_snapshot(db, newest.id)
    changes = importer.compare(before, after, mine.label)
    then = offer.outline if offer else catalog.outline(db, newest.id)
    words = catalog.words(db, newest.id, lang)
    move = offer.move if offer else None
    shown = changes.pages_changed[:PAGES_SHOWN]
    return ChangesPage(
        title=words.title,
        title_lang=words.lang,
        course_url=f"/courses/{run.slug}",
        mine=mine.label,
        newest=newest.label,
        may_choose=offer is not None,
        declined=offer is not None and not run.asks,
        completed=run.completed_at is not None,
        done_now=move.done_now if move else 0,
        needed_now=move.needed_now if move else 0,
        done_then=len(move.kept) if move else 0,
        needed_then=move.needed_then if move else 0,
        effect=_effect(offer) if offer else "",
        lowers=bool(move and move.lowers),
        kept=_titles(then, move.kept, lang) if move else (),
        waiting=_titles(then, move.waiting, lang) if move else (),
        gone=_titles(run.outline, move.gone, lang) if move else (),
        notes=tuple(
            Said(one.label, one.note) for one in versions if mine.number < one.number <= newest.number and one.note
        ),
        added=tuple(_title(after, one.id, lang) for one in changes.pages_added),
        removed=tuple(_title(before, one.id, lang) for one in changes.pages_removed),
        changed=tuple(_changed(before, after, one.id, lang) for one in shown),
        more=len(changes.pages_changed) - len(shown),
        questions=_questions(changes),
        take_url=f"/courses/{run.slug}/changes/take",
        keep_url=f"/courses/{run.slug}/changes/keep",
    )


def _effect(offer: Offer) -> str:
    move = offer.move
    if move.completes:
        return _("Everything the new version asks for you have done already: with it you complete the course.")
    left = ngettext("%(num)s thing is left to do there.", "%(num)s things are left to do there.", len(move.waiting))
    if move.lowers:
        return (
            _(
                "Less of the new version is done than of yours: %(done)s of %(all)s.",
                done=len(move.kept),
                all=move.needed_then,
            )
            + " "
            + left
        )
    return _("Everything you have done that it still asks for stays done.") + " " + left


def _titles(outline: Outline, ids: frozenset[str], lang: str) -> tuple[str, ...]:
    """Pages and quizzes by title, in the order of the course."""
    found = []
    for page in outline.pages:
        if page.id in ids:
            found.append(in_lang(page.titles, lang, outline.lang))
        found += [
            _("Test: %(title)s", title=in_lang(quiz.titles, lang, outline.lang))
            for quiz in page.quizzes
            if quiz.id in ids
        ]
    return tuple(found)


def _title(snapshot: Snapshot, page: str, lang: str) -> str:
    found = snapshot.pages.get((page, lang))
    return found[0] if found else snapshot.page_title(page)


def _changed(before: Snapshot, after: Snapshot, page: str, lang: str) -> ChangedPage:
    # Where the reader's own language says what it said, the words that changed are those of another, mostly the source.
    spoken = [one for where, one in after.pages if where == page and before.pages.get((page, one))]
    spoken.sort(key=lambda one: (one != lang, one != after.lang, one))
    here = next((one for one in spoken if before.pages[page, one] != after.pages[page, one]), after.lang)
    old, new = before.pages.get((page, here), before.pages[page, before.lang]), after.pages[page, here]
    diff = compare_texts([old[0], *paragraphs(old[1])], [new[0], *paragraphs(new[1])])
    return ChangedPage(new[0], here, diff)


def _questions(changes: Changes) -> tuple[str, ...]:
    """How many, never which and how: whoever reads this may have the test still to take."""
    counted: Iterable[tuple[int, str]] = (
        (
            len(changes.questions_added),
            ngettext("%(num)s question is new", "%(num)s questions are new", len(changes.questions_added)),
        ),
        (
            len(changes.questions_removed),
            ngettext("%(num)s question is gone", "%(num)s questions are gone", len(changes.questions_removed)),
        ),
        (
            len(changes.questions_reworded),
            ngettext(
                "%(num)s question is worded otherwise",
                "%(num)s questions are worded otherwise",
                len(changes.questions_reworded),
            ),
        ),
        (
            len(changes.questions_rekeyed),
            ngettext(
                "in %(num)s question something else is right now",
                "in %(num)s questions something else is right now",
                len(changes.questions_rekeyed),
            ),
        ),
    )
    return tuple(said for number, said in counted if number)
