"""A question as a form, and all the questions of a draft: where each stands, where it is used, and its tags."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from app.catalog.actions import NEW_BANK
from app.catalog.drafting import asking, finding, heads
from app.catalog.drafting.asking import QuestionForm
from app.catalog.format.model import QuestionType
from app.catalog.importer.questions import ENDINGS, Gathered
from app.kit.i18n import N_, fold, number
from app.kit.i18n import gettext as _
from app.web.forms import Form
from app.web.teaching.desk import Desk
from app.web.teaching.pages.draft import title_of
from app.web.teaching.pages.report import Became, became_of
from app.web.words import language_name, language_within

NOTES = 300

TYPES: tuple[tuple[QuestionType, str, str], ...] = (
    (QuestionType.SINGLE, N_("One right answer"), N_("Learners choose one.")),
    (QuestionType.MULTIPLE, N_("Several right answers"), N_("Learners choose all that are right.")),
    (QuestionType.TRUEFALSE, N_("True or false"), N_("A statement to judge.")),
    (QuestionType.TEXT, N_("A word to write"), N_("Compared with the spellings you accept.")),
    (QuestionType.NUMERIC, N_("A number to write"), N_("Exact, with a tolerance, or in a range.")),
    (QuestionType.MATCH, N_("Pairs to match"), N_("Each left side has its right side.")),
    (QuestionType.ORDER, N_("Steps to put in order"), N_("The order you write is the right one.")),
    (QuestionType.CLOZE, N_("Gaps in a text"), N_("Words, numbers or choices inside sentences.")),
    (QuestionType.ESSAY, N_("A free text"), N_("A person marks it.")),
    (QuestionType.UPLOAD, N_("A file to hand in"), N_("A person marks it.")),
    (QuestionType.SCALE, N_("An opinion on a scale"), N_("Never marked.")),
)


@dataclass(frozen=True, slots=True)
class RowView:
    """One answer with the names of its fields; `number` counts from 1 for people."""

    place: int
    number: int
    text: str
    worth: str
    share: str
    feedback: str
    to: str
    id: str
    to_id: str


@dataclass(frozen=True, slots=True)
class Translated:
    """A translation of the file in which a question stands: the text to write it in, at its line where it is there."""

    lang: str
    name: str
    url: str
    there: bool


@dataclass(frozen=True, slots=True)
class AskPage:
    """`type` is empty while it is still to be chosen. `rows` has room for more answers; `level` is its heading's."""

    title: str
    draft_title: str
    draft_url: str
    write_url: str
    url: str
    file_title: str
    lang: str
    open: bool
    id: str
    new: bool
    type: str
    type_name: str
    types: tuple[tuple[str, str, str], ...]
    form: Form
    base: int
    quiz: str
    file: str
    rows: tuple[RowView, ...]
    hints: tuple[tuple[int, str], ...]
    marked: bool
    outcomes: tuple[tuple[str, str], ...]
    loses: str
    markdown: str
    language: str
    translations: tuple[Translated, ...]


def type_name(kind: str) -> str:
    return next((_(name) for one, name, _hint in TYPES if one.value == kind), kind)


def ask_page(
    desk: Desk,
    path: str,
    question: QuestionForm | None,
    *,
    new: bool,
    quiz: str = "",
    form: Form | None = None,
    base: int = 0,
    more: int = 0,
    loses: str = "",
    markdown: str = "",
) -> AskPage:
    file, lang, stored = desk.file(path)
    kind = question.type if question else None
    course = desk.shape.course
    says = heads.values(desk.texts[course.path].text, "course") if course else {}
    return AskPage(
        title=(question.title if question else "") or _("New question"),
        draft_title=title_of(desk),
        draft_url=desk.url,
        write_url=desk.write_url(path),
        url=f"{desk.url}/question?file={quote(path)}",
        file_title=file.title,
        lang=lang,
        open=desk.draft.open,
        id=question.id if question else "",
        new=new,
        type=kind.value if kind else "",
        type_name=type_name(kind.value) if kind else "",
        types=tuple((one.value, _(name), _(hint)) for one, name, hint in TYPES),
        form=form or Form(values=values_of(question) if question else {}),
        base=base or stored.revision,
        quiz=quiz,
        file=path,
        rows=_rows(question, more) if question else (),
        hints=tuple(enumerate([*(question.hints if question else ()), ""])),
        marked=kind in asking.MARKED,
        outcomes=tuple((one["id"], one["text"]) for one in says.get("outcomes", ())),
        loses=_(loses) if loses else "",
        markdown=markdown,
        language=language_within(lang),
        translations=_translations(desk, path, question.id) if question and not new else (),
    )


def _translations(desk: Desk, path: str, name: str) -> tuple[Translated, ...]:
    found = []
    for lang, variant in desk.file(path)[0].variants.items():
        lines = [one.first + 1 for one in finding.items_in(desk.texts[variant].text, variant) if one.id == name]
        where = f"&line={lines[0]}#the_text" if lines else ""
        found.append(Translated(lang, language_name(lang), desk.write_url(variant) + where, bool(lines)))
    return tuple(found)


def values_of(question: QuestionForm) -> dict[str, object]:
    return {
        "title": question.title,
        "stem": question.stem,
        "points": number(question.points),
        "scoring": question.scoring,
        "shuffle": "yes" if question.shuffle else "no",
        "case": question.case,
        "match": question.match,
        "unit": question.unit,
        "penalty": number(question.penalty) if question.penalty else "",
        "min_words": str(question.min_words or ""),
        "max_words": str(question.max_words or ""),
        "accept": ", ".join(question.accept),
        "max_mb": number(question.max_mb),
        "outcomes": list(question.outcomes),
        "see": question.see,
        "tags": ", ".join(question.tags),
        **{name: question.callout(name) for name in asking.CALLOUTS},
    }


def _rows(question: QuestionForm, more: int) -> tuple[RowView, ...]:
    if question.type is QuestionType.CLOZE or question.type in asking.BY_HAND:
        return ()
    rows = [*question.rows, *(asking.Row() for _n in range(more))]
    return tuple(
        RowView(n, n + 1, row.text, row.worth, row.share, row.feedback, row.to, row.id, row.to_id)
        for n, row in enumerate(rows)
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A question in the list of all. `used` are the quizzes that ask it or may draw it."""

    value: str
    title: str
    url: str
    type: str
    where: str
    where_url: str
    used: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """`places` are where a question may be set in again, `into` where questions of a file: (value, words).

    `imported` says what has just been set in, `became` what of the file is not as it was; `format` is what it was in.
    """

    draft_title: str
    draft_url: str
    url: str
    lang: str
    open: bool
    answer: str
    q: str
    tag: str
    type: str
    lines: tuple[Line, ...]
    count: int
    tags: tuple[str, ...]
    types: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]
    form: Form
    into: tuple[tuple[str, str], ...]
    accept: str
    imported: str
    format: str
    became: tuple[Became, ...]


def questions_page(
    desk: Desk,
    q: str,
    tag: str,
    kind: str,
    form: Form | None = None,
    *,
    gathered: Gathered | None = None,
    imported: str = "",
) -> QuestionsPage:
    texts = desk.words()
    everything = finding.questions(desk.shape, texts)
    lines = []
    wanted = fold(q)
    kinds: set[str] = set()
    for asked in everything:
        item = asked.item
        kinds.add(item.type)
        said = "\n".join(texts[item.path].split("\n")[item.first : item.end])
        if wanted and wanted not in fold(said) and wanted not in item.id:
            continue
        if (tag and tag not in item.tags) or (kind and kind != item.type):
            continue
        lines.append(
            Line(
                value=f"{item.id}@{item.path}",
                title=item.title or item.id,
                url=f"{desk.url}/question?file={quote(item.path)}&id={item.id}",
                type=type_name(item.type) if item.type else _("Choice"),
                where=asked.file.title,
                where_url=f"{desk.write_url(item.path)}&line={item.first + 1}#the_text",
                used=", ".join(asked.used_in),
                tags=item.tags,
            )
        )
    places = _places(desk)
    return QuestionsPage(
        draft_title=title_of(desk),
        draft_url=desk.url,
        url=f"{desk.url}/questions",
        lang=desk.shape.lang,
        open=desk.draft.open,
        answer=_answer(len(lines), len(everything)),
        q=q,
        tag=tag,
        type=kind,
        lines=tuple(lines),
        count=len(everything),
        tags=tuple(sorted({tag for asked in everything for tag in asked.item.tags})),
        types=tuple((one, type_name(one)) for one in sorted(kinds) if one),
        places=places,
        form=form or Form(),
        into=places if desk.shape.single else ((NEW_BANK, _("A new bank")), *places),
        accept=",".join(ENDINGS),
        imported=imported,
        format=gathered.format if gathered else "",
        became=tuple(became_of(note) for note in gathered.notes[:NOTES]) if gathered else (),
    )


def _answer(found: int, all_: int) -> str:
    if found == all_:
        return _("All %(num)s questions of the course", num=all_) if all_ else _("No questions yet")
    return _("%(found)s of %(num)s questions", found=found, num=all_)


def _places(desk: Desk) -> tuple[tuple[str, str], ...]:
    """Banks first, then quizzes."""
    found = [(f"@{bank.path}", _("Bank: %(title)s", title=bank.title)) for bank in desk.shape.banks]
    for part in desk.shape.modules:
        for page in part.pages:
            for item in finding.items_in(desk.texts[page.path].text, page.path) if page.quizzes else ():
                if item.kind == "quiz":
                    found.append((f"{item.id}@{page.path}", _("Quiz: %(title)s", title=item.title)))
    return tuple(found)


def filtered(page_url: str, q: str, tag: str, kind: str) -> str:
    query = urlencode({name: value for name, value in (("q", q), ("tag", tag), ("type", kind)) if value})
    return f"{page_url}?{query}" if query else page_url
