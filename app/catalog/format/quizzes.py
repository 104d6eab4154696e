"""A quiz: its mode, what single keys change in it, and the questions, pools and draws in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.catalog.format import questions, terms
from app.catalog.format.attributes import Comment
from app.catalog.format.model import Draw, Pool, Question, Quiz, QuizMode, Section
from app.catalog.format.questions import Body
from app.catalog.format.structure import Part
from app.kit.i18n import N_


@dataclass(frozen=True, slots=True)
class Preset:
    """`key` names the moments after an attempt at which right answers are shown."""

    attempts: int
    feedback: str
    shuffle: str
    key: tuple[str, ...]
    repeat: bool = True


PRESETS = {
    QuizMode.PRACTICE: Preset(attempts=0, feedback="after-each", shuffle="none", key=("after", "later", "closed")),
    QuizMode.CHECK: Preset(attempts=0, feedback="after-quiz", shuffle="none", key=("after", "later", "closed")),
    QuizMode.EXAM: Preset(attempts=3, feedback="after-quiz", shuffle="all", key=("closed",), repeat=False),
    QuizMode.SURVEY: Preset(attempts=1, feedback="none", shuffle="none", key=(), repeat=False),
}
# What has no effect in a survey, which marks nothing, and what needs an answer checked at once.
_OF_TESTS = ("pass", "feedback", "grading", "tries", "certainty", "repeat", *(f"show-{one}" for one in terms.MOMENTS))


def read(body: Body, part: Part) -> Quiz | None:
    comment = body.opened(part.comment)
    if comment is None:
        return None
    items: list[Question | Pool | Draw] = []
    sections: list[Section] = []
    for member in part.parts:
        if member.heading.kind == "section":
            _section(body, member, items, sections)
        elif (item := _item(body, member)) is not None:
            items.append(item)
    if not part.parts:
        body.source.note(comment.line, "E127", N_('quiz "%(id)s" has no questions'), id=comment.id)
    mode = QuizMode(comment.get("mode", "check"))
    _agree(body, comment, mode)
    if mode in (QuizMode.CHECK, QuizMode.EXAM) and items and not any(map(_is_marked, items)):
        body.source.note(
            comment.line, "E129", N_('quiz "%(id)s" has nothing to mark, so nobody could pass it: say mode=practice'),
            id=comment.id,
        )  # fmt: skip
    preset = PRESETS[mode]
    feedback = comment.get("feedback", preset.feedback)
    intro = body.source.markdown(part.intro.first, part.intro.end) if part.intro else ""
    return Quiz(
        id=comment.id,
        titles={body.lang: part.heading.title},
        mode=mode,
        items=tuple(items),
        pass_percent=comment.get("pass", 80.0),
        attempts=comment.get("attempts", preset.attempts),
        seconds=comment.get("time", 0),
        shuffle=comment.get("shuffle", preset.shuffle),
        feedback=feedback,
        grading=comment.get("grading", "best"),
        show={
            when: comment.get(f"show-{when}", parts) for when, parts in terms.shown_by(feedback, key=preset.key).items()
        },
        tries=comment.get("tries", 0),
        delay=comment.get("delay", 0),
        opens=comment.get("open", ""),
        closes=comment.get("close", ""),
        grace=comment.get("grace", 30),
        navigation=comment.get("navigation", "free"),
        certainty=comment.get("certainty", False),
        repeat=comment.get("repeat", preset.repeat),
        sections=tuple(sections),
        intros={body.lang: intro} if intro else {},
        was=comment.get("was", ()),
        path=body.source.path,
        line=comment.line + 1,
    )


def _agree(body: Body, comment: Comment, mode: QuizMode) -> None:
    """Say which keys contradict one another or have no effect."""

    def note(where: str, code: str, template: str, /, **values: object) -> None:
        body.source.notes.note(comment.line + 1, comment.columns[where], code, template, **values)

    opens, closes = comment.get("open"), comment.get("close")
    if opens and closes and terms.closes(closes) <= terms.opens(opens):
        note("close", "E164", N_("the quiz closes before it opens"))
    for key in _OF_TESTS if mode is QuizMode.SURVEY else ():
        if key in comment.given:
            note(key, "W208", N_('"%(key)s" does nothing for mode=%(mode)s'), key=key, mode=mode.value)
    at_once = comment.get("feedback", PRESETS[mode].feedback) == "after-each"
    if "tries" in comment.given and not at_once and mode is not QuizMode.SURVEY:
        note("tries", "E165", N_("tries=… needs feedback=after-each: only a checked answer can be tried again"))
    if "delay" in comment.given and comment.get("attempts", PRESETS[mode].attempts) == 1:
        note("delay", "W208", N_('"%(key)s" does nothing for %(other)s'), key="delay", other="attempts=1")


def _section(body: Body, part: Part, items: list[Question | Pool | Draw], sections: list[Section]) -> None:
    comment = body.opened(part.comment)
    if comment is None:
        return
    if not part.parts:
        body.source.note(comment.line, "E127", N_('section "%(id)s" has no questions'), id=comment.id)
    inside = [item for member in part.parts if (item := _item(body, member)) is not None]
    items += inside
    intro = body.source.markdown(part.intro.first, part.intro.end) if part.intro else ""
    sections.append(
        Section(
            comment.id,
            {body.lang: part.heading.title},
            tuple(item.id for item in inside),
            comment.get("shuffle", ""),
            {body.lang: intro} if intro else {},
        )
    )


def _is_marked(item: Question | Pool | Draw) -> bool:
    match item:
        case Question():
            return item.graded and item.points > 0
        case Pool():
            return any(question.graded and question.points > 0 for question in item.questions)
        case _:
            return item.points > 0


def _item(body: Body, part: Part) -> Question | Pool | Draw | None:
    match part.heading.kind:
        case "question":
            return questions.read(body, part)
        case "pool":
            return _pool(body, part)
        case _:
            return _draw(body, part)


def _pool(body: Body, part: Part) -> Pool | None:
    comment = body.opened(part.comment)
    if comment is None:
        return None
    _unshown(body, part, part.parts[0].heading.first if part.parts else part.heading.end)
    members = [question for member in part.parts if (question := questions.read(body, member)) is not None]
    draw = comment.get("draw", 1)
    if not part.parts:
        body.source.note(comment.line, "E127", N_('pool "%(id)s" has no questions'), id=comment.id)
    elif draw > len(part.parts):
        body.source.note(
            comment.line, "E163", N_('pool "%(id)s" draws %(draw)s of %(count)s questions'),
            id=comment.id, draw=draw, count=len(part.parts),
        )  # fmt: skip
    points = comment.get("points")
    if points is not None:
        members = [q if _own_points(body, q) else replace(q, points=points) for q in members]
    worth = {question.points for question in members} | ({points} if points is not None else set())
    if len(worth) > 1:
        body.source.note(
            comment.line, "E161", N_('all questions of pool "%(id)s" must be worth the same points'), id=comment.id
        )
    return Pool(comment.id, draw, tuple(members), points=max(worth, default=1.0))


def _own_points(body: Body, question: Question) -> bool:
    return "points" in body.said.comments[question.id].given if question.id in body.said.comments else False


def _draw(body: Body, part: Part) -> Draw | None:
    comment = body.opened(part.comment)
    if comment is None:
        return None
    _unshown(body, part, part.heading.end)
    for key in ("bank", "count"):
        if key not in comment.given and key not in comment.values:
            body.source.note(comment.line, "E107", N_('"%(key)s" is missing'), key=key)
    if "bank" not in comment.values or "count" not in comment.values:
        return None
    return Draw(
        comment.id, comment.get("bank"), comment.get("count"), comment.get("tags", ()), comment.get("points", 1.0)
    )


def _unshown(body: Body, part: Part, end: int) -> None:
    for block in body.source.blocks(part.heading.body, end):
        if block[0].type not in ("html_block", "heading_open"):
            line = (block[0].map or (part.heading.body, 0))[0]
            body.source.note(line, "W205", N_("text in a pool or draw is never shown"))
            return
