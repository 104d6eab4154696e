"""One question of a result: how it was answered, what that earned and why, and what is right where that may be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app.assessment import rules as marking
from app.assessment.queries import AttemptView, Given
from app.assessment.rules import Asked, QuizRules, Shown
from app.catalog.rules import Outline, in_lang
from app.kit.i18n import gettext as _
from app.kit.i18n import language, number
from app.kit.markdown import markup
from app.web.classroom.pages import parts
from app.web.classroom.pages.fields import FileLine, file_line, notes_on, with_numbers, words_of

Body = Mapping[str, Any]
Words = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A pair, a gap or a thing in order: `first` is what it was about; `key` is there only when it may be shown."""

    first: Markup
    yours: Markup
    key: Markup
    right: bool


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One question as it was answered; `state` right | partly | wrong | waiting | open (nobody marks it) | untold (it
    is not said yet).

    `key` and `sample` are there only when they may be shown; `comment` is what somebody who marked it wrote.
    """

    number: int
    title: str
    text_lang: str
    stem: Markup
    state: str
    score: str
    yours: tuple[Markup, ...]
    key: tuple[Markup, ...]
    essay: str
    file: FileLine | None
    heads: tuple[str, str, str]
    rows: tuple[Row, ...]
    hints: str
    sure: str
    note: Markup
    explanation: Markup
    comment: str
    rubric: Markup
    sample: Markup
    reread_title: str
    reread_url: str

    @property
    def right(self) -> bool:
        return self.state == "right"

    @property
    def opened(self) -> bool:
        return self.state not in ("right", "untold")


def answer_line(
    n: int,
    view: AttemptView,
    one: Asked,
    body: Body,
    outline: Outline,
    slug: str,
    *,
    shown: Shown,
    held_to: QuizRules,
    comments: Mapping[str, str],
) -> AnswerLine:
    words = words_of(body, language(), view.lang)
    given = view.given.get(one.question)
    response: marking.Response = given.response if given is not None else {}
    state = _state(body, given)
    earned = marking.earned(held_to, one.points, given.fraction if given is not None else None, response)
    key = shown.key
    title, url = _reread(body, outline, slug)
    tells = key and state in ("partly", "wrong")
    in_parts = body["type"] in ("match", "cloze", "order")
    return AnswerLine(
        number=n,
        title=words["title"],
        text_lang=str(words.get("lang") or view.lang),
        stem=with_numbers(words["stem"], body["parts"]) if body["type"] == "cloze" else markup(words["stem"]),
        state=state if shown.correctness or state in ("waiting", "open") else "untold",
        score=_score(state, earned, one.points) if shown.marks else "",
        yours=() if in_parts else _yours(body, words, response),
        key=_key(body, words) if tells and not in_parts else (),
        essay=str(response.get("text", "")) if body["type"] == "essay" else "",
        file=file_line(response, f"/attempts/{view.key}/{n}/file"),
        heads=_heads(body),
        rows=_rows(body, words, response, key=tells) if marking.is_answered(response) or tells else (),
        hints=_hints(given, body, one) if shown.marks else "",
        sure=_sure(response) if held_to.certainty and marking.is_answered(response) else "",
        note=markup(notes_on(body, words, response) if shown.feedback else ""),
        explanation=markup(words["explanation"] if key or (shown.feedback and state == "right") else ""),
        comment=comments.get(one.question, "") if shown.feedback else "",
        # By what a person has marked it is no secret once it is marked.
        rubric=markup(words.get("rubric", "") if shown.feedback and one.question in comments else ""),
        # A model answer comes after the marking, and no sooner than other right answers.
        sample=markup(words.get("sample", "") if key and state in ("right", "partly", "wrong") else ""),
        reread_title=title,
        reread_url=url,
    )


def _state(body: Body, given: Given | None) -> str:
    if not marking.is_graded(body):
        return "open"
    if given is not None and given.waiting:
        return "waiting"
    fraction = (given.fraction or 0.0) if given is not None else 0.0
    return "right" if fraction >= 1 else "partly" if fraction > 0 else "wrong"


def _score(state: str, earned: float, points: float) -> str:
    if state == "open":
        return ""
    if state == "waiting":
        return _("waits, up to %(all)s", all=number(points))
    return _("%(score)s of %(all)s", score=number(round(earned, 2)), all=number(points))


def _hints(given: Given | None, body: Body, one: Asked) -> str:
    if given is None or not given.hints:
        return ""
    cost = given.hints * float(body.get("penalty") or 0) * one.points
    return _("Hints: %(n)s, less %(points)s points.", n=given.hints, points=number(round(cost, 2))) if cost else ""


def _sure(response: marking.Response) -> str:
    return {
        1: _("You said that you were guessing."),
        2: _("You said that you were fairly sure."),
        3: _("You said that you were sure."),
    }[marking.certainty_of(response)]


def _yours(body: Body, words: Words, response: marking.Response) -> tuple[Markup, ...]:
    if not marking.is_answered(response) or body["type"] in ("essay", "upload"):
        return ()
    if "options" in response:
        return tuple(markup(words["options"][one]["text"]) for one in response["options"] if one in words["options"])
    return (Markup.escape(f"{response['text']} {words.get('unit') or body['unit']}".strip()),)


def _key(body: Body, words: Words) -> tuple[Markup, ...]:
    right = [option for option in body["options"] if option["fraction"] >= 1]
    if body["type"] in ("single", "multiple", "truefalse"):
        right = right or [option for option in body["options"] if option["fraction"] > 0]
        return tuple(markup(words["options"][option["id"]]["text"]) for option in right)
    if body["type"] == "numeric":
        unit = words.get("unit") or body["unit"]
        return tuple(Markup.escape(f"{_range(option)} {unit}".strip()) for option in right[:1])
    return tuple(Markup.escape(_spelling(body["options"], words)) for option in right[:1])


def _spelling(options: list[Mapping[str, Any]], words: Words) -> str:
    """An accepted text, in the language that is read where it has one."""
    best = max(options, key=lambda option: float(option["fraction"]))
    own = [o for o in options if o["id"].endswith(f"-{words.get('lang')}") and o["fraction"] >= best["fraction"]]
    return str((own or [best])[0]["value"])


def _range(option: Mapping[str, Any]) -> str:
    low, high = option["low"], option["high"]
    return number(low) if low == high else f"{number(low)}–{number(high)}"


def _heads(body: Body) -> tuple[str, str, str]:
    first = {"match": _("What"), "cloze": _("Gap"), "order": _("Place")}.get(body["type"], "")
    return (first, _("Your answer"), _("Right answer"))


def _rows(body: Body, words: Words, response: marking.Response, *, key: bool) -> tuple[Row, ...]:
    match body["type"]:
        case "order":
            return _places(body, words, list(response.get("options") or ()), key=key)
        case "match" | "cloze":
            return tuple(_part(n, body, words, part, response, key=key) for n, part in enumerate(body["parts"], 1))
        case _:
            return ()


def _places(body: Body, words: Words, said: list[str], *, key: bool) -> tuple[Row, ...]:
    good = marking.right_neighbours(body, said)
    blank = Markup()
    return tuple(
        Row(
            Markup.escape(f"{n}."),
            markup(words["options"][said[n - 1]]["text"]) if n <= len(said) else blank,
            markup(words["options"][right["id"]]["text"]) if key else blank,
            n <= len(said) and said[n - 1] in good,
        )
        for n, right in enumerate(body["options"], 1)
    )


def _part(n: int, body: Body, words: Words, part: Mapping[str, Any], response: marking.Response, *, key: bool) -> Row:
    own = words["parts"].get(part["id"]) or {"text": "", "options": {}}
    value = str((response.get("parts") or {}).get(part["id"], ""))
    choices = own["options"] if part["options"] else words["options"]
    if part["kind"] == "pick":
        said = markup(choices[value]["text"]) if value in choices else Markup()
        right = markup(choices[part["key"]]["text"])
    else:
        said = Markup.escape(value)
        best = max(part["options"], key=lambda option: float(option["fraction"]))
        right = Markup.escape(_range(best) if part["kind"] == "number" else _spelling(part["options"], words))
    mark = marking.part_marks(body, response)[part["id"]]
    first = markup(own["text"]) if own["text"] else Markup.escape(f"({n})")
    return Row(first, said, right if key else Markup(), mark >= 1)


def _reread(body: Body, outline: Outline, slug: str) -> tuple[str, str]:
    """The paragraph to read again: `see` is "page" or "page#anchor"."""
    page_id, _hash, anchor = str(body.get("see") or "").partition("#")
    page = outline.page(outline.was.get(page_id, page_id)) if page_id else None
    if page is None:
        return "", ""
    url = parts.page_url(slug, page.id) + (f"#{anchor}" if anchor else "")
    return in_lang(page.titles, language(), outline.lang), url
