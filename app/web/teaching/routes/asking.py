"""Questions of a draft: each as a form, and all of them to find, to tag and to use again."""

from __future__ import annotations

import re
from dataclasses import replace

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from app.catalog import actions
from app.catalog.drafting import asking, finding
from app.catalog.drafting.asking import QuestionForm
from app.catalog.exchange.proposing import Names
from app.catalog.format.frontmatter import is_id
from app.catalog.format.model import QuestionType
from app.kit.actor import Actor
from app.kit.errors import Conflict, Invalid, NotFound
from app.kit.i18n import N_, ngettext
from app.kit.i18n import gettext as _
from app.web import problems
from app.web.deps import CurrentActor, Db, Posted, PostedForm
from app.web.forms import Form
from app.web.policy import Policy, allow
from app.web.responses import see_other
from app.web.teaching.desk import Desk, open_desk
from app.web.teaching.pages.asking import ask_page, filtered, questions_page
from app.web.teaching.routes.writing import lost_sentence
from app.web.templating import render

router = APIRouter()
MOST_ROWS = 60
_NUMBERS = ("points", "penalty", "min_words", "max_words", "max_mb")
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,9})?")


@router.get("/teaching/drafts/{key}/question", **allow(Policy.TEACHES))
def question(
    request: Request,
    db: Db,
    actor: CurrentActor,
    key: str,
    file: str = "",
    id: str = "",
    type: str = "",
    quiz: str = "",
) -> Response:
    """The form of a question that stands, or of a new one; first of all, which type it is to be."""
    desk = open_desk(db, actor, key)
    _source_only(desk, file)
    if id:
        form, loses = _standing(desk, file, id)
        page = ask_page(desk, file, form, new=False, loses=loses)
    elif type:
        page = ask_page(desk, file, asking.blank(_type(type), ""), new=True, quiz=quiz)
    else:
        page = ask_page(desk, file, None, new=True, quiz=quiz)
    return render(request, db, actor, "teaching/ask.html", page)


def _source_only(desk: Desk, path: str) -> None:
    """A translation follows its source: it has words to write, and no question of its own."""
    if desk.file(path)[0].path != path:
        raise NotFound(N_("There is no such question."))


def _type(said: str) -> QuestionType:
    if said not in [one.value for one in QuestionType]:
        raise NotFound(N_("There is no such type of question."))
    return QuestionType(said)


def _standing(desk: Desk, path: str, name: str) -> tuple[QuestionForm, str]:
    """The question as it stands, and what keeps it from being changed by a form."""
    found = asking.read(desk.texts[path].text, name, desk.shape.lang)
    if found is None:
        raise NotFound(N_("There is no such question."))
    if found.question is None:
        broken = asking.blank(QuestionType.SINGLE, name)
        why = N_("This question cannot be made out yet: correct it in the text first.")
        return replace(broken, title=found.heading.plain, rows=()), why
    return asking.form_of(found.question, desk.shape.lang), found.loses


@router.post("/teaching/drafts/{key}/question", **allow(Policy.TEACHES))
def keep(
    request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str, file: str = "", id: str = ""
) -> Response:
    desk = open_desk(db, actor, key)
    _source_only(desk, file)
    text = desk.texts[file].text
    quiz = posted.text("quiz")
    if id:
        start, loses = _standing(desk, file, id)
        if loses:
            raise Conflict(loses)
        heading = next(item for item in finding.items_in(text) if item.id == id)
        level = heading.level
    else:
        start, level = asking.blank(_type(posted.text("type")), _new_id(desk, posted)), asking.level_in(text, quiz)
    typed = _typed(posted, start)
    base = int(posted.text("base")) if posted.text("base").isdigit() else 0
    errors = _errors(posted, typed)
    checked = asking.checked(typed, desk.shape.lang, level)
    if posted.text("action") == "more" or errors or checked.problems:
        form = Form(values={**posted.values(), "outcomes": posted.all("outcomes")}, errors=errors)
        if posted.text("action") == "more":
            form = Form(values=form.values)
        elif not errors:
            form = replace(form, error=_sentences(checked))
        more = 2 if posted.text("action") == "more" and len(typed.rows) < MOST_ROWS else 0
        page = ask_page(desk, file, typed, new=not id, quiz=quiz, form=form, base=base, more=more)
        return render(request, db, actor, "teaching/ask.html", page, status=422 if form.wrong else 200)
    whole = asking.put(text, id, checked.markdown) if id else asking.add(text, checked.markdown, quiz)
    try:
        with db.begin_nested():
            saved = actions.save_file(db, actor, draft=desk.draft, path=file, text=whole, base=base)
    except Invalid as refusal:
        form = Form(values=posted.values()).failing(refusal)
        page = ask_page(desk, file, typed, new=not id, quiz=quiz, form=form, base=base)
        return render(request, db, actor, "teaching/ask.html", page, status=422)
    where = desk.write_url(file)
    if saved.lost_race:
        return see_other(request, f"{where}#copy_{saved.copy_id}", lost_sentence(), "warning")
    said = _("The question is saved in the draft.")
    return see_other(request, f"{desk.url}/question?file={file}&id={typed.id}" if not id else where, said)


def _new_id(desk: Desk, posted: PostedForm) -> str:
    """The id that was asked for, if it can be one and is free; else one made of the title."""
    names = Names()
    names.taken = desk.ids()
    wanted = posted.text("id")
    return names.of(wanted if is_id(wanted, 1) else "", posted.text("title") or "question")


def _typed(posted: PostedForm, start: QuestionForm) -> QuestionForm:
    values = {name: posted.text(name) for name in posted.names() if name != "outcomes"}
    typed = asking.form_from(values, start)
    return replace(typed, outcomes=tuple(posted.all("outcomes"))) if posted.has("asks-outcomes") else typed


def _errors(posted: PostedForm, typed: QuestionForm) -> dict[str, str]:
    errors: dict[str, str] = {}
    if not typed.title and not typed.stem:
        errors["title"] = _("Fill in this field.")
    for name in _NUMBERS:
        said = posted.text(name).replace("\u00a0", "")
        if said and not _NUMBER.fullmatch(said):
            errors[name] = _("Write a number in digits, for example 2.5.")
    if said := _answers_lack(typed):
        errors["text-0"] = said
    for n, row in enumerate(typed.rows):
        if row.worth == "part" and not re.fullmatch(r"-?\d{1,3}(?:\.\d{1,7})?", row.share):
            errors[f"share-{n}"] = _("Write a number in digits, for example 2.5.")
    return errors


def _answers_lack(typed: QuestionForm) -> str:
    """What the answers of a form still need, before the course language is asked about them."""
    written = [row for row in typed.rows if row.text or row.to]
    right = sum(row.worth == "right" for row in written)
    if not typed.rows:
        return ""
    if not written:
        return _("Write the answers here and below.")
    if typed.type is QuestionType.SINGLE and right != 1:
        return _("Choose “right” at exactly one answer.")
    if typed.type is QuestionType.MULTIPLE and not right and not any(row.worth == "part" for row in written):
        return _("Choose “right” at one answer or more.")
    return ""


def _sentences(checked: asking.Checked) -> str:
    """What stops it, as the reader of the course says it."""
    found = dict.fromkeys(problems.said(one) for one in checked.problems)
    return " ".join(f"{one}." if one[-1:] not in ".?!" else one for one in found)


@router.get("/teaching/drafts/{key}/questions", **allow(Policy.TEACHES))
def questions(
    request: Request, db: Db, actor: CurrentActor, key: str, q: str = "", tag: str = "", type: str = ""
) -> Response:
    page = questions_page(open_desk(db, actor, key), q[:200], tag, type)
    return render(request, db, actor, "teaching/questions.html", page)


@router.post("/teaching/drafts/{key}/questions", **allow(Policy.TEACHES))
def change_questions(request: Request, db: Db, actor: CurrentActor, posted: Posted, key: str) -> Response:
    """Tag the questions that are ticked, or set a copy of each in another place."""
    desk = open_desk(db, actor, key)
    chosen = _chosen(desk, posted.all("chosen"))
    where = filtered(f"{desk.url}/questions", posted.text("q"), posted.text("tag"), posted.text("type"))
    try:
        if not chosen:
            raise Invalid(chosen=N_("Tick at least one question."))
        with db.begin_nested():
            if posted.text("action") == "reuse":
                said = _reuse(db, actor, desk, chosen, posted.text("place"))
            else:
                said = _tag(db, actor, desk, chosen, posted.text("tags"), posted.text("action") == "untag")
    except (Invalid, Conflict) as refusal:
        form = Form(values=posted.values()).failing(refusal)
        page = questions_page(desk, posted.text("q"), posted.text("tag"), posted.text("type"), form)
        status = 409 if isinstance(refusal, Conflict) else 422
        return render(request, db, actor, "teaching/questions.html", page, status=status)
    return see_other(request, where, said)


def _chosen(desk: Desk, values: list[str]) -> list[tuple[str, str]]:
    """(question, path) of each that is there."""
    pairs = [(value.partition("@")[0], value.partition("@")[2]) for value in values]
    known = {(one.item.id, one.item.path) for one in finding.questions(desk.shape, desk.words())}
    return [pair for pair in pairs if pair in known]


def _tag(db: Session, actor: Actor, desk: Desk, chosen: list[tuple[str, str]], said: str, away: bool) -> str:
    tags = [one.strip() for one in said.split(",") if one.strip()]
    if not tags or any(re.search(r'["<>]|--', one) or len(one) > 40 for one in tags):
        raise Invalid(tags=N_("Write one or more tags, separated by commas."))
    texts = desk.words()
    changed: dict[str, str] = {}
    for name, path in chosen:
        text = changed.get(path, texts[path])
        now = next(item.tags for item in finding.items_in(text) if item.id == name)
        new = [one for one in now if one not in tags] if away else list(dict.fromkeys((*now, *tags)))
        changed[path] = finding.tagged(text, name, new)
    _save(db, actor, desk, changed)
    return ngettext("%(num)s question is tagged.", "%(num)s questions are tagged.", len(chosen))


def _reuse(db: Session, actor: Actor, desk: Desk, chosen: list[tuple[str, str]], place: str) -> str:
    quiz, _at, target = place.partition("@")
    if target not in desk.texts:
        raise Invalid(place=N_("Choose one of the options."))
    names = Names()
    names.taken = desk.ids()
    text = desk.texts[target].text
    for name, path in chosen:
        form, loses = _standing(desk, path, name)
        if loses:
            raise Conflict(loses)
        new = asking.renamed(form, names.of("", name))
        text = asking.add(text, asking.markdown(new, desk.shape.lang, asking.level_in(text, quiz)), quiz)
    _save(db, actor, desk, {target: text})
    return ngettext(
        "A copy of %(num)s question stands there now.", "Copies of %(num)s questions stand there now.", len(chosen)
    )


def _save(db: Session, actor: Actor, desk: Desk, texts: dict[str, str]) -> None:
    for path, text in texts.items():
        base = desk.texts[path].revision
        if actions.save_file(db, actor, draft=desk.draft, path=path, text=text, base=base).lost_race:
            raise Conflict(N_("The draft has changed meanwhile. Look at it again."))
