"""QTI items 2.x and 3.0, read: each becomes a question, or text where it asks nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from app.catalog.exchange import escaping, moodle_types, qti_gaps, qti_marking, qti_scores, qti_types, xml
from app.catalog.exchange import qti_tree as tree
from app.catalog.exchange.desk import Desk, Item
from app.catalog.exchange.folder import Folder, Refusal
from app.catalog.exchange.proposing import one_line
from app.catalog.exchange.qti_source import Source
from app.catalog.exchange.qti_types import Asked
from app.catalog.format.model import Question, QuestionType
from app.kit.i18n import N_
from app.kit.slugs import slug

_TYPES: dict[str, Callable[[Source, Element], Asked]] = {
    "choice-interaction": qti_types.choice,
    "hottext-interaction": qti_types.hottext,
    "order-interaction": qti_types.order,
    "match-interaction": qti_types.match,
    "extended-text-interaction": qti_types.essay,
    "upload-interaction": qti_gaps.upload,
    "gap-match-interaction": qti_gaps.gap_match,
}
_IN_TEXT = ("text-entry-interaction", "inline-choice-interaction")


ASKS_NOTHING = N_("it asks nothing: it is now text on the page, above the questions")
NO_FIELD = N_("it says what is right and has no field for an answer: it is now text on the page, above the questions")


@dataclass(frozen=True, slots=True)
class Text:
    """An item that asks nothing: something to be read among the questions."""

    title: str
    markdown: str
    why: str = ASKS_NOTHING


def read(
    desk: Desk, folder: Folder, path: str, element: Element, keywords: tuple[str, ...] = ()
) -> Question | Text | None:
    """None when it cannot be asked here; why has then been said."""
    name = one_line(tree.attribute(element, "title")) or tree.attribute(element, "identifier") or path
    item = Item(f"{path}: {name}"[:200], xml.line(element))
    source = Source(desk, folder, item, element, path, qti_scores.of(element))
    try:
        found = source.interactions
        if not found:
            return Text(name, source.stem(), NO_FIELD if source.marking.declarations else ASKS_NOTHING)
        if not folder.one_more():
            return None
        asked = _asked(source, found)
        if asked is None:
            return None
        return desk.question(item, _with_rest(source, asked, name, keywords))
    except Refusal as error:
        desk.report.refused(item.name, error.line or item.line, error.template, **error.values)
        return None


def _asked(source: Source, found: list[Element]) -> Asked | None:
    kinds = {tree.kind(one) for one in found}
    if kinds <= set(_IN_TEXT):
        return qti_gaps.typed(source, found[0]) if qti_gaps.is_alone(source) else qti_gaps.cloze(source)
    if len(found) == 1 and tree.kind(found[0]) in _TYPES:
        return _TYPES[tree.kind(found[0])](source, found[0])
    unknown = sorted(kinds - set(_TYPES) - set(_IN_TEXT))
    if unknown:
        source.desk.report.left_out(
            source.item.name, source.item.line, N_('there is no question of type "%(type)s" here'),
            type=", ".join(unknown),
        )  # fmt: skip
    else:
        source.desk.report.left_out(
            source.item.name, source.item.line, N_("it asks several things at once (%(types)s): make a question of each"),
            types=", ".join(sorted(kinds)),
        )  # fmt: skip
    return None


def _with_rest(source: Source, asked: Asked, name: str, keywords: tuple[str, ...]) -> Question:
    """What every type has: id, points, tags, feedback, rubric, hints."""
    desk, item = source.desk, source.item
    stem = asked.stem if asked.stem is not None else source.stem()
    title = escaping.heading(source.title)
    if not title:
        title, stem = qti_types.titled(desk, asked.question.type, name, stem)
    told = _feedback(source, asked)
    hints = tuple(source.rubric("hint"))
    rubric, sample = source.rubric("rubric"), source.rubric("sample")
    if not source.own and "MODEL_ANSWER" in source.marking.outcomes:
        model = escaping.paragraphs(source.marking.outcomes["MODEL_ANSWER"])
        sample = [model] if model and model not in rubric else []
    words = desk.text(
        title, stem, options=asked.options, parts=asked.parts, hints=hints, rubric="\n\n".join(rubric),
        sample="\n\n".join(sample), **told,
    )  # fmt: skip
    identifier = tree.attribute(source.element, "identifier")
    # Others write ids with capitals and underscores; that ours have none need not be told of every question.
    wanted = identifier.removeprefix("q-") if source.own else slug(identifier)
    penalty = moodle_types.number_of(source.setting("penalty", "0"))
    tags = dict.fromkeys(found for tag in keywords if (found := moodle_types.tag(tag.replace(",", " "))))
    return replace(
        asked.question, id=desk.id(item, wanted, name), texts={desk.lang: words}, points=_points(source, asked),
        penalty=min(penalty, 1.0), shuffle=_shuffled(source), tags=tuple(tags),
    )  # fmt: skip


def _points(source: Source, asked: Asked) -> float:
    if asked.question.type is QuestionType.SCALE:
        return 0.0
    most = source.marking.most
    if most is None:
        most = asked.points if asked.points is not None else 1.0
        source.desk.report.changed(
            source.item.name, source.item.line, N_("its greatest score is not said; here it is worth %(points)s"),
            points=f"{most:g}",
        )  # fmt: skip
    if not source.marking.processed and not asked.question.by_hand:
        source.desk.report.changed(
            source.item.name, source.item.line, N_("it says no rule of marking; it is marked by its right answers")
        )
    return min(max(round(most, 6), 0.0), 1000.0)


def _shuffled(source: Source) -> bool:
    if source.own:
        return source.setting("shuffle") != "no"
    return any(tree.attribute(one, "shuffle") == "true" for one in source.interactions) or not any(
        tree.kind(one) in ("choice-interaction", "order-interaction", "match-interaction")
        for one in source.interactions
    )


def _feedback(source: Source, asked: Asked) -> dict[str, str]:
    """Feedback on the whole: by whether it is right where it says so, else as the explanation."""
    said: dict[str, list[str]] = {"correct": [], "partial": [], "incorrect": [], "explanation": []}
    if asked.incorrect:
        said["incorrect"].append(asked.incorrect)
    places = {qti_marking.CORRECT: "correct", qti_marking.PARTLY: "partial", "partial": "partial",
              qti_marking.INCORRECT: "incorrect"}  # fmt: skip
    for name, element in qti_scores.named(source.marking).items():
        if name in asked.used:
            continue
        text = source.blocks(element)
        if text:
            said[places.get(name.lower().removeprefix("!"), "explanation")].append(text)
    return {place: "\n\n".join(texts) for place, texts in said.items()}
