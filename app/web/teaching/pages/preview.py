"""A course that is not published, as learners would see it; keys and feedback stand open, since this is its author."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from app.assessment.rules import points_to_pass
from app.catalog.format import lagging
from app.catalog.importer import Prepared
from app.catalog.importer.rendering import PreparedPage, PreparedQuiz
from app.catalog.queries import UploadCard
from app.catalog.rules import Outline, OutlineQuiz, in_lang, outline_from, words_from
from app.kit.errors import NotFound
from app.kit.i18n import LANGUAGES, N_, language, ngettext, number
from app.kit.i18n import gettext as _
from app.kit.markdown import markup
from app.web.teaching.pages.questions import QuestionView, question_view
from app.web.words import language_list, language_within

WIDTHS = {"390": N_("Phone"), "768": N_("Tablet"), "": N_("Wide screen")}
TIMES = {"": 1.0, "1.25": 1.25, "1.5": 1.5, "2": 2.0}


@dataclass(frozen=True, slots=True)
class Seen:
    """What is looked at, and as whom: in which language, how wide, with how much more time. `older` are the files whose
    translation lags behind, `back` the name of the page that leads here."""

    url: str
    base: str
    back: str
    lang: str = ""
    width: str = ""
    time: str = ""
    older: frozenset[str] = frozenset()

    @classmethod
    def of_upload(cls, upload: UploadCard, lang: str = "", width: str = "", time: str = "") -> Seen:
        # The report held it against the version in force when the course was uploaded.
        older = frozenset(str(one["path"]) for one in upload.problems if one["template"] == lagging.OLDER)
        url = f"/teaching/uploads/{upload.key}"
        return cls(url, f"{url}/preview", _("Upload"), lang, *_asked(width, time), older)

    @classmethod
    def of_draft(cls, url: str, lang: str = "", width: str = "", time: str = "") -> Seen:
        return cls(url, f"{url}/preview", _("Draft"), lang, *_asked(width, time))

    def address(self, page: str, **other: str) -> str:
        """The same look at another page, or another look at it."""
        said = {"lang": self.lang, "width": self.width, "time": self.time} | other
        query = urlencode({name: value for name, value in said.items() if value})
        path = f"{self.base}/pages/{page}" if page else self.base
        return f"{path}?{query}" if query else path


def _asked(width: str, time: str) -> tuple[str, str]:
    return (width if width in WIDTHS else "", time if time in TIMES else "")


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to look at the page, as a link."""

    name: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Lang:
    """One language of the course, as a link."""

    code: str
    name: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class OutlineItem:
    title: str
    url: str | None
    state: str
    minutes: int | None
    current: bool
    kind: str = ""


@dataclass(frozen=True, slots=True)
class OutlineGroup:
    title: str
    items: tuple[OutlineItem, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page: prose, a question that stands alone, or a quiz with all it may ask."""

    html: Markup | None = None
    question: QuestionView | None = None
    title: str = ""
    rules: tuple[str, ...] = ()
    questions: tuple[QuestionView, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A legal act. `checked_on` is empty when it says itself that nobody has checked it."""

    text: str
    url: str
    checked_on: str


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """The front of the course, or one of its pages (`page` is its id). `older` is what learners will be told of a text
    that lags behind its source, which stands at `source_url`."""

    title: str
    course_title: str
    page: str
    lang: str
    text_lang: str
    borrowed: bool
    older: str
    source_link: str
    source_url: str
    summary: str
    facts: tuple[tuple[str, str], ...]
    outcomes: tuple[str, ...]
    blocks: tuple[Block, ...]
    sources: tuple[SourceLine, ...]
    outline: tuple[OutlineGroup, ...]
    langs: tuple[Lang, ...]
    report_url: str
    back: str
    reviewing: bool
    width: str
    widths: tuple[Choice, ...]
    times: tuple[Choice, ...]
    front_url: str
    previous_url: str
    next_url: str
    next_title: str


def _lang(prepared: Prepared, wanted: str) -> str:
    langs = prepared.outline["langs"]
    return next((one for one in (wanted, language()) if one in langs), prepared.course.lang)


def front_page(prepared: Prepared, seen: Seen) -> PreviewPage:
    lang = _lang(prepared, seen.lang)
    words = words_from(prepared.texts, lang, prepared.course.lang)
    outline = outline_from(prepared.outline)
    facts = [
        (_("Time"), ngettext("%(num)s minute", "%(num)s minutes", outline.minutes)),
        (_("For whom"), words.audience),
        (_("Contact"), words.contact),
        (_("Languages"), language_list(outline.langs)),
        (_("Counts as completed"), _needed(outline)),
    ]
    if outline.valid_months:
        facts.append((_("Valid for"), ngettext("%(num)s month", "%(num)s months", outline.valid_months)))
    return _page(
        prepared,
        seen,
        lang,
        "",
        title=words.title,
        text_lang=words.lang,
        blocks=(Block(html=markup(words.body)),) if words.body else (),
        summary=words.summary,
        facts=tuple((term, value) for term, value in facts if value),
        outcomes=tuple(words.outcomes.values()),
    )


def _needed(outline: Outline) -> str:
    return _(
        "%(pages)s read and %(quizzes)s passed",
        pages=ngettext("%(num)s page", "%(num)s pages", len(outline.needed_pages)),
        quizzes=ngettext("%(num)s quiz", "%(num)s quizzes", len(outline.needed_quizzes)),
    )


def preview_page(prepared: Prepared, seen: Seen, page: str) -> PreviewPage:
    lang = _lang(prepared, seen.lang)
    found = next((one for one in prepared.pages if (one.page, one.lang) == (page, lang)), None)
    if found is None:
        raise NotFound(N_("There is no such page."))
    return _page(
        prepared,
        seen,
        lang,
        page,
        title=found.title,
        text_lang=found.text_lang,
        blocks=blocks_of(prepared, found, TIMES[seen.time]),
        sources=tuple(_source(one) for one in found.sources),
        **_older(prepared, seen, found),
    )


def _older(prepared: Prepared, seen: Seen, page: PreparedPage) -> dict[str, str]:
    """What learners will be told of a translation that lags behind its source."""
    source = prepared.course.lang
    path = next(one.texts[page.text_lang].path for one in prepared.course.pages() if one.id == page.page)
    if page.text_lang == source or path not in seen.older:
        return {}
    name = language_within(source)
    return {
        "older": _("This translation is older than the text in %(language)s.", language=name),
        "source_link": _("Read it in %(language)s", language=name),
        "source_url": seen.address(page.page, lang=source),
    }


def _page(prepared: Prepared, seen: Seen, lang: str, page: str, **own: Any) -> PreviewPage:
    outline = outline_from(prepared.outline, staff=True)
    seen = replace(seen, lang=lang)
    ids = ["", *(one.id for one in outline.pages)]
    here = ids.index(page)
    following = outline.pages[here] if here + 1 < len(ids) else None
    defaults: dict[str, Any] = {"summary": "", "facts": (), "outcomes": (), "sources": ()}
    defaults |= {"older": "", "source_link": "", "source_url": ""}
    return PreviewPage(
        course_title=words_from(prepared.texts, lang, prepared.course.lang).title,
        page=page,
        lang=lang,
        borrowed=own["text_lang"] != lang,
        outline=_outline(outline, seen, page),
        langs=tuple(
            Lang(code, LANGUAGES.get(code, code), seen.address(page, lang=code), code == lang) for code in outline.langs
        ),
        report_url=seen.url,
        back=seen.back,
        reviewing=False,
        width=seen.width,
        widths=tuple(Choice(_(name), seen.address(page, width=w), w == seen.width) for w, name in WIDTHS.items()),
        times=tuple(
            Choice(_("%(n)s × the time", n=number(factor)), seen.address(page, time=one), one == seen.time)
            for one, factor in TIMES.items()
        ),
        front_url=seen.address(""),
        previous_url=seen.address(ids[here - 1]) if here else "",
        next_url=seen.address(ids[here + 1]) if following else "",
        next_title=in_lang(following.titles, lang, outline.lang) if following else "",
        **(defaults | own),
    )


def _outline(outline: Outline, seen: Seen, page: str) -> tuple[OutlineGroup, ...]:
    lang = seen.lang
    return tuple(
        OutlineGroup(
            in_lang(module.titles, lang, outline.lang),
            tuple(
                OutlineItem(
                    title=in_lang(one.titles, lang, outline.lang),
                    url=seen.address(one.id),
                    state="todo",
                    minutes=one.minutes,
                    current=one.id == page,
                    kind="quiz" if one.quizzes else "",
                )
                for one in module.pages
            ),
        )
        for module in outline.modules
    )


def blocks_of(prepared: Prepared, page: PreparedPage, time: float = 1.0) -> tuple[Block, ...]:
    """`time` is what a learner with extra time has, as a factor."""
    quizzes = {quiz.quiz: quiz for quiz in prepared.quizzes}
    outline = outline_from(prepared.outline)
    made: list[Block] = []
    for block in page.blocks:
        if "html" in block:
            made.append(Block(html=markup(block["html"])))
        elif "question" in block:
            made.append(Block(question=question_view(prepared.questions[block["question"]].body, page.text_lang)))
        elif block["quiz"] in quizzes:
            found = outline.quiz(block["quiz"])
            made.append(_quiz(prepared, quizzes[block["quiz"]], found[1] if found else None, page.text_lang, time))
    return tuple(made)


def _quiz(prepared: Prepared, quiz: PreparedQuiz, said: OutlineQuiz | None, lang: str, time: float) -> Block:
    source = prepared.course.lang
    members = [one for item in quiz.items for one in item.get("members", [item.get("revision")])]
    intro = in_lang(quiz.rules["intros"], lang, source)
    return Block(
        html=markup(intro) if intro else None,
        title=in_lang(quiz.rules["titles"], lang, source),
        rules=_rules(quiz.rules, said.asked if said else len(members), len(members), time),
        questions=tuple(question_view(prepared.questions[one].body, lang) for one in members if one),
    )


def _rules(rules: Mapping[str, Any], asked: int, of: int, time: float) -> tuple[str, ...]:
    said = [ngettext("%(num)s question", "%(num)s questions", asked)]
    if of > asked:
        said = [_("%(asked)s of %(all)s questions are drawn", asked=asked, all=of)]
    if rules["mode"] in ("practice", "survey"):
        return (*said, _("Practice: does not count"))
    said.append(
        _(
            "Passed at %(percent)s %% (%(points)s of %(asked)s)",
            percent=number(rules["pass_percent"]),
            points=number(points_to_pass(asked, rules["pass_percent"])),
            asked=asked,
        )
    )
    attempts = rules["attempts"]
    said.append(
        ngettext("%(num)s attempt", "%(num)s attempts", attempts) if attempts else _("As many attempts as needed")
    )
    if rules["seconds"]:
        minutes = ngettext("%(num)s minute", "%(num)s minutes", round(rules["seconds"] * time / 60))
        if time != 1:
            minutes = _("%(minutes)s (%(base)s without extra time)", minutes=minutes, base=round(rules["seconds"] / 60))
        said.append(minutes)
    return tuple(said)


def _source(source: Mapping[str, Any]) -> SourceLine:
    words = " ".join(str(source[part]) for part in ("act", "number", "article") if source[part])
    return SourceLine(words, source["url"], source["checked_on"] or "")
