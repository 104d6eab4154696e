"""Ids that point at other ids: pages, outcomes, banks, headings; each must be there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.catalog.format.assembly import Desk
from app.catalog.format.languages import all_questions
from app.catalog.format.model import Bank, Course, Draw, Page, Prose, Question, Quiz
from app.catalog.format.problems import Notes, nearest
from app.kit.i18n import N_

Place = tuple[int, int]


def check(desk: Desk, course: Course) -> Course:
    """Tell every id that leads nowhere; give draws without points of their own those of their bank."""
    outcomes = set(course.texts[course.lang].outcomes)
    pages = desk.ids.of("page")
    parts = pages | desk.ids.of("module")
    for path, front in desk.fronts.items():
        for key, among in (("outcomes", outcomes), ("requires", parts)):
            names = front.get(key, ())
            # The course's own outcomes are defined, not named, and what it requires are other courses.
            if front.get("kind") != "course" and all(isinstance(name, str) for name in names):
                _named(desk.notes.of(path), front.at(key), names, among, key)
    for question in _questions(course):
        _question(desk, question, outcomes, pages)
    _circles(desk, course)
    _completion(desk, course)
    _removed(desk, course)
    _credits(desk, course)
    return _with_draws(desk, course)


def _named(notes: Notes, at: Place, names: Iterable[str], among: set[str], key: str) -> None:
    for name in names:
        guess = nearest(name, among)
        if name in among:
            continue
        if guess:
            notes.note(
                *at, "E113", N_('%(key)s: there is no "%(id)s" in this course, did you mean "%(guess)s"?'),
                key=key, id=name, guess=guess,
            )  # fmt: skip
        else:
            notes.note(*at, "E113", N_('%(key)s: there is no "%(id)s" in this course'), key=key, id=name)


def _pages(course: Course) -> Iterator[tuple[Page, list[Quiz]]]:
    for page in course.pages():
        blocks = page.texts[course.lang].blocks
        yield page, [block for block in blocks if isinstance(block, Quiz)]


def _questions(course: Course) -> Iterator[Question]:
    for page in course.pages():
        yield from all_questions(page.texts[course.lang].blocks)
    for bank in course.banks:
        yield from bank.questions


def _at(desk: Desk, item: Question | Quiz, key: str) -> tuple[Notes, Place]:
    comment = desk.said.comments.get(item.id)
    return desk.notes.of(item.path), (item.line, comment.columns.get(key, 1) if comment else 1)


def _question(desk: Desk, question: Question, outcomes: set[str], pages: set[str]) -> None:
    notes, at = _at(desk, question, "outcomes")
    _named(notes, at, question.outcomes, outcomes, "outcomes")
    if not question.see:
        return
    notes, at = _at(desk, question, "see")
    page, _, heading = question.see.partition("#")
    if page not in pages:
        _named(notes, at, [page], pages, "see")
    elif heading and heading not in desk.anchors.get(page, set()):
        notes.note(*at, "E114", N_('see: page "%(page)s" has no heading "#%(heading)s"'), page=page, heading=heading)


def _circles(desk: Desk, course: Course) -> None:
    """Pages that wait for one another could never be opened."""
    inside = {module.id: [page.id for page in module.pages] for module in course.modules}
    needs: dict[str, set[str]] = {}
    for module in course.modules:
        for page in module.pages:
            named = (*page.requires, *(module.requires if module.id != page.id else ()))
            needs[page.id] = {one for name in named for one in inside.get(name, [name])}
    for page in course.pages():
        reached: set[str] = set()
        waiting = list(needs[page.id])
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += needs.get(name, ())
        if page.id in reached:
            front = desk.fronts[page.path]
            front.notes.note(*front.at("requires"), "E116", N_('page "%(id)s" requires itself, at once or by way of others'),
                             id=page.id)  # fmt: skip


def _completion(desk: Desk, course: Course) -> None:
    front = next((one for one in desk.fronts.values() if "completion" in one), None)
    if front is None:
        return
    for key, kind in (("pages", "page"), ("quizzes", "quiz")):
        names = course.completion[key]
        if names != "all":
            _named(front.notes, front.at("completion"), names, desk.ids.of(kind), f"completion.{key}")


def _credits(desk: Desk, course: Course) -> None:
    for front in desk.fronts.values():
        for credit in course.credits if "media" in front else ():
            if credit.file not in desk.files:
                front.notes.note(*front.at("media"), "E181", N_("there is no file %(path)s"), path=credit.file)


def _removed(desk: Desk, course: Course) -> None:
    """An id that was given up may not come back as something else: old evidence would speak of the new thing."""
    for path, front in desk.fronts.items():
        keys = ("retired",) if front.get("kind") == "course" else ("retired", "was")
        for key in keys:
            for name in front.get(key, ()):
                _still_used(desk, desk.notes.of(path), front.at(key), name, key)
    for _, quizzes in _pages(course):
        for quiz in quizzes:
            notes, at = _at(desk, quiz, "was")
            for name in quiz.was:
                _still_used(desk, notes, at, name, "was")
    for question in _questions(course):
        notes, at = _at(desk, question, "was")
        for name in question.was:
            _still_used(desk, notes, at, name, "was")


def _still_used(desk: Desk, notes: Notes, at: Place, name: str, key: str) -> None:
    if name in desk.ids.taken:
        notes.note(
            *at, "E115", N_('%(key)s: "%(id)s" is still used in %(file)s on line %(line)s'),
            key=key, id=name, file=desk.ids.taken[name].path, line=desk.ids.taken[name].line,
        )  # fmt: skip


def _with_draws(desk: Desk, course: Course) -> Course:
    banks = {bank.id: bank for bank in course.banks}

    def drawn(quiz: Quiz) -> Quiz:
        items = (_draw(desk, quiz, item, banks) if isinstance(item, Draw) else item for item in quiz.items)
        return replace(quiz, items=tuple(items))

    done: dict[str, Quiz] = {}
    for _, quizzes in _pages(course):
        done |= {quiz.id: drawn(quiz) for quiz in quizzes}

    def placed(block: Prose | Question | Quiz) -> Prose | Question | Quiz:
        return done.get(block.id, block) if isinstance(block, Quiz) else block

    modules = tuple(
        replace(module, pages=tuple(
            replace(page, texts={
                lang: replace(text, blocks=tuple(placed(block) for block in text.blocks)) for lang, text in page.texts.items()
            })
            for page in module.pages
        ))
        for module in course.modules
    )  # fmt: skip
    return replace(course, modules=modules)


def _draw(desk: Desk, quiz: Quiz, draw: Draw, banks: dict[str, Bank]) -> Draw:
    comment = desk.said.comments.get(draw.id)
    line = comment.line + 1 if comment else quiz.line
    notes = desk.notes.of(quiz.path)
    bank = banks.get(draw.bank)
    if bank is None:
        guess = nearest(draw.bank, banks)
        if guess:
            notes.note(
                line,
                1,
                "E160",
                N_('there is no bank "%(bank)s", did you mean "%(guess)s"?'),
                bank=draw.bank,
                guess=guess,
            )
        else:
            notes.note(line, 1, "E160", N_('there is no bank "%(bank)s"'), bank=draw.bank)
        return draw
    fitting = [question for question in bank.questions if set(draw.tags) <= set(question.tags)]
    if len(fitting) < draw.count:
        notes.note(
            line, 1, "E163", N_('bank "%(bank)s" has %(found)s fitting questions, %(count)s are drawn'),
            bank=draw.bank, found=len(fitting), count=draw.count,
        )  # fmt: skip
    if comment is not None and "points" in comment.given:
        return draw
    worth = {question.points for question in fitting}
    if len(worth) > 1:
        notes.note(
            line, 1, "E161", N_('the questions drawn from bank "%(bank)s" are worth different points: say points=1'),
            bank=draw.bank,
        )  # fmt: skip
    return replace(draw, points=max(worth, default=1.0))
