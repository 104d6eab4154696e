"""A course made ready for publishing: everything slow, and nothing that needs a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.catalog.format import lagging, lock, writer
from app.catalog.format.model import Course, Draw, Page, Pool, Question, Quiz
from app.catalog.importer.keys import key_of
from app.catalog.importer.places import Addresses, Places, PreparedAsset, asset_of
from app.catalog.importer.rendering import (
    PreparedPage,
    PreparedQuestion,
    PreparedQuiz,
    Press,
    fitting,
)
from app.catalog.rules import Shape
from app.kit import markdown
from app.kit.i18n import fold


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a version will hold. `outline` and `texts` are the JSON that `rules.outline_from` and `words_from` read."""

    course: Course
    digest: str
    outline: dict[str, Any]
    texts: dict[str, Any]
    search: str
    pages: tuple[PreparedPage, ...]
    quizzes: tuple[PreparedQuiz, ...]
    questions: dict[str, PreparedQuestion]
    assets: tuple[PreparedAsset, ...]
    source: bytes = field(repr=False)

    @property
    def slug(self) -> str:
        return self.course.id

    @property
    def shape(self) -> Shape:
        return shape_of(self.outline)


def shape_of(outline: dict[str, Any]) -> Shape:
    """What decides about major and minor, as an outline keeps it."""
    return Shape(
        needed_pages=frozenset(outline["needed_pages"]),
        needed_quizzes=frozenset(outline["needed_quizzes"]),
        keys=dict(outline["keys"]),
    )


def prepare(course: Course, addresses: Addresses | None = None, *, places: Places | None = None) -> Prepared:
    """Render a course that was read; a preview names its own `addresses`. Takes seconds: never inside a transaction.

    `places` says where links lead when the files they lead to are not at hand.
    """
    assets = tuple(asset_of(media) for media in course.media)
    press = Press(course, places or Places.of(course, assets, addresses or Addresses.published(course.id)))
    pages, quizzes = press.pages(), press.quizzes()
    return Prepared(
        course=course,
        digest=writer.content_hash(course),
        outline=outline_json(course, press, quizzes),
        texts=_texts(course, press),
        search=_search(course),
        pages=pages,
        quizzes=quizzes,
        questions=press.questions,
        assets=assets,
        source=writer.write_zip(course),
    )


def outline_json(course: Course, press: Press, quizzes: tuple[PreparedQuiz, ...]) -> dict[str, Any]:
    # What learners do not see can ask nothing of them.
    pages = [page for page in course.pages() if not page.staff]
    needed_pages = _chosen(
        course.completion.get("pages", "all"), [p.id for p in pages if p.required], [p.id for p in pages]
    )
    counting = [quiz.id for page in pages for quiz in _quizzes(page, course) if quiz.counts]
    shown = {page.id for page in pages}
    known = [quiz.quiz for quiz in quizzes if quiz.page in shown]
    needed_quizzes = _chosen(course.completion.get("quizzes", "all"), counting, known)
    return {
        "lang": course.lang,
        "langs": list(press.langs),
        "minutes": course.minutes or sum(page.minutes for page in pages),
        "modules": [
            {
                "id": module.id,
                "titles": {lang: text.title for lang, text in module.texts.items()},
                "intros": {
                    lang: press.html(text.intro, module.path, lang) for lang, text in module.texts.items() if text.intro
                },
                "pages": [_page(page, course) for page in module.pages],
            }
            for module in course.modules
        ],
        "needed_pages": needed_pages,
        "needed_quizzes": needed_quizzes,
        "requires": list(course.requires),
        "valid_months": course.valid_months,
        "was": was_of(course),
        "ids": ids_of(course),
        "texts": lagging.texts(course),
        "keys": _keys(quizzes, press.questions, set(needed_quizzes)),
        "about": {
            "tags": list(course.tags),
            "competences": list(course.competences),
            "reviewed_by": course.reviewed_by,
            "reviewed_on": course.reviewed_on.isoformat() if course.reviewed_on else None,
        },
    }


def _page(page: Page, course: Course) -> dict[str, Any]:
    return {
        "id": page.id,
        "titles": {lang: text.title for lang, text in page.texts.items()},
        # A question takes about a minute; a page that declares less than its quiz needs would mislead.
        "minutes": max(
            page.minutes, sum(_asked(item, course) for quiz in _quizzes(page, course) for item in quiz.items)
        ),
        "required": page.required,
        "quizzes": [
            {
                "id": quiz.id,
                "titles": {lang: markdown.words(title) for lang, title in quiz.titles.items()},
                "mode": quiz.mode.value,
                "asked": sum(_asked(item, course) for item in quiz.items),
                "pass_percent": quiz.pass_percent,
                "attempts": quiz.attempts,
                "seconds": quiz.seconds,
            }
            for quiz in _quizzes(page, course)
        ],
        "requires": [one for one in page.requires if one not in {p.id for p in course.pages() if p.staff}],
        "outcomes": list(page.outcomes),
        # Only where it is so: what was published before pages could be for staff keeps its outline.
        **({"staff": True} if page.staff else {}),
    }


def _quizzes(page: Page, course: Course) -> list[Quiz]:
    return [block for block in page.texts[course.lang].blocks if isinstance(block, Quiz)]


def _asked(item: Question | Pool | Draw, course: Course) -> int:
    match item:
        case Pool():
            return min(item.draw, len(item.questions))
        case Draw():
            return min(item.count, len(fitting(course, item)))
        case _:
            return 1


def _chosen(said: Any, everything: list[str], known: list[str]) -> list[str]:
    return everything if said == "all" else [one for one in known if one in set(said)]


def was_of(course: Course) -> dict[str, str]:
    """Earlier id → id now, for pages, quizzes and questions."""
    found: dict[str, str] = {}
    questions = [q for bank in course.banks for q in bank.questions]
    for page in course.pages():
        found |= dict.fromkeys(page.was, page.id)
        for block in page.texts[course.lang].blocks:
            match block:
                case Quiz():
                    found |= dict.fromkeys(block.was, block.id)
                    for item in block.items:
                        questions += (
                            item.questions if isinstance(item, Pool) else [item] if isinstance(item, Question) else []
                        )
                case Question():
                    questions.append(block)
                case _:
                    pass
    for question in questions:
        found |= dict.fromkeys(question.was, question.id)
    return found


def ids_of(course: Course) -> dict[str, dict[str, str]]:
    """Every id of a course with its kind, and for questions the type and the revision of its words."""
    return lock.ids_of(course)


def revisions_in(items: tuple[dict[str, Any], ...]) -> list[str]:
    """Every question revision that a quiz may ask."""
    return [one for item in items for one in (item["members"] if "members" in item else [item["revision"]])]


def _keys(
    quizzes: tuple[PreparedQuiz, ...], questions: dict[str, PreparedQuestion], needed: set[str]
) -> dict[str, str]:
    asked = [questions[one] for quiz in quizzes if quiz.quiz in needed for one in revisions_in(quiz.items)]
    return {question.question: key_of(question.body) for question in asked}


def _texts(course: Course, press: Press) -> dict[str, Any]:
    path = next((path for path in course.files if path.rpartition("/")[2].startswith("course.")), "course.md")
    return {
        lang: {
            "title": text.title,
            "summary": text.summary,
            "audience": text.audience,
            "contact": text.contact,
            "outcomes": text.outcomes,
            "body": press.html(text.body, path, lang),
        }
        for lang, text in course.texts.items()
    }


def _search(course: Course) -> str:
    said: list[str] = [course.id, *course.tags]
    for text in course.texts.values():
        said += [text.title, text.summary, *text.outcomes.values()]
    for module in course.modules:
        said += [text.title for text in module.texts.values()]
        said += [text.title for page in module.pages if not page.staff for text in page.texts.values()]
    return fold("\n".join(dict.fromkeys(said)))
