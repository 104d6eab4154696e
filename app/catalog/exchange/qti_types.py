"""QTI's interactions, read one by one: what each of them asks, in ours."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from app.catalog.exchange import escaping
from app.catalog.exchange import qti_tree as tree
from app.catalog.exchange.desk import Desk
from app.catalog.exchange.folder import Refusal
from app.catalog.exchange.qti_scores import Declaration
from app.catalog.exchange.qti_source import Source
from app.catalog.format.gaps import MARKS
from app.catalog.format.model import Option, Part, PartKind, Question, QuestionType
from app.kit.i18n import N_
from app.kit.markdown import words

NO_KEY = N_("nothing says which answer is right")
PAIRED = N_('"%(text)s" belongs to nothing or to several things')


@dataclass(slots=True)
class Asked:
    """`question` holds type and settings; `stem` is the finished stem of a type that marks it up itself."""

    question: Question
    options: tuple[Option, ...] = ()
    parts: tuple[Part, ...] = ()
    stem: str | None = None
    points: float | None = None
    incorrect: str = ""
    used: set[str] = field(default_factory=set)


def of(kind: QuestionType, **settings: object) -> Question:
    return Question(id="", type=kind, texts={}, **settings)  # type: ignore[arg-type]


def titled(desk: Desk, kind: QuestionType, name: str, stem: str) -> tuple[str, str]:
    """A title and a stem. Gaps have to stand in the stem, so the title of a text without a name is its beginning."""
    if kind is QuestionType.CLOZE and not name:
        name = words(MARKS.sub("…", stem).partition("\n")[0])
        name = name if len(name) <= 80 else name[:80].rpartition(" ")[0] + " …"
    return desk.titled(name, stem)


def text_of(source: Source, element: Element) -> str:
    found = source.line(element)
    if not found:
        raise Refusal(N_("an answer has no words"), int(source.item.line))
    return found


# Choices


@dataclass(frozen=True, slots=True)
class Credits:
    """What each answer is worth as a share of the points; `whole`: only the whole right answer counts."""

    shares: dict[str, float]
    whole: bool
    points: float | None


def credits_of(source: Source, declared: Declaration, names: list[str], *, several: bool) -> Credits:
    marking = source.marking
    most = marking.most
    earned: dict[str, float] = {}
    mapped = declared.id in marking.mapped or declared.id not in marking.matched
    if source.own or (mapped and declared.mapping):
        given = {entry.key: entry.points for entry in declared.mapping}
        earned = {name: given.get(name, declared.otherwise) for name in names}
    if not any(value > 0 for value in earned.values()) and not source.own:
        earned = {name: float(name in declared.correct) for name in names}
    if not any(value > 0 for value in earned.values()):
        earned = {}
        for test, rule in marking.tests(declared.id):
            if test.how == "same" and rule.score is not None:
                earned.setdefault(test.value, rule.score)
    whole = declared.id in marking.matched and declared.id not in marking.mapped
    positive = [value for value in earned.values() if value > 0]
    if not positive and not (source.own and most == 0):
        raise Refusal(NO_KEY)
    if source.own:
        scale, points = most or 1.0, most
    else:
        best = sum(positive) if several else max(positive)
        scale, points = best, most if most is not None else 1.0 if whole else best
    shares = {name: _held(earned.get(name, 0.0) / scale) for name in names}
    return Credits(_even(shares) if several else shares, whole, points)


def _held(share: float) -> float:
    return round(min(max(share, -1.0), 1.0), 9) + 0.0


def _even(shares: dict[str, float]) -> dict[str, float]:
    """Shares that were rounded for writing are what they were before."""
    positive = [share for share in shares.values() if share > 0]
    even = 1 / len(positive) if positive else 0.0
    if any(abs(share - even) > 1e-6 for share in positive):
        return shares
    return {name: even if share > 0 else share for name, share in shares.items()}


def choice(source: Source, interaction: Element) -> Asked:
    elements = list(tree.children(interaction, "simple-choice"))
    return _chosen(source, interaction, elements)


def _chosen(source: Source, interaction: Element, elements: list[Element]) -> Asked:
    declared = source.declaration(interaction)
    several = declared.cardinality == "multiple"
    names = [tree.attribute(one, "identifier") for one in elements]
    kind = _kind(source, interaction, several)
    if kind is QuestionType.SCALE:
        credits = Credits(dict.fromkeys(names, 0.0), whole=False, points=0.0)
    else:
        credits = credits_of(source, declared, names, several=several)
    asked = Asked(of(kind), points=credits.points)
    options = []
    for name, element in zip(names, elements, strict=True):
        text = text_of(source, element)
        beside = [source.blocks(one) for one in tree.children(element, "feedback-inline", "feedback-block")]
        told = "\n\n".join(part for part in beside if part) or source.said_on(name)
        asked.used.add(name)
        options.append(Option(source.name(name, "c", text), credits.shares[name], text, told))
    right = [name for name in names if credits.shares[name] >= 1]
    if len(right) == 1 and not source.own:
        asked.incorrect = source.said_on("!" + right[0])
        asked.used |= {"!" + name for name in names}
    asked.options = source.desk.choices(source.item, options)
    if kind is QuestionType.MULTIPLE:
        asked.question = of(kind, scoring=source.setting("scoring", "all-or-nothing" if credits.whole else "partial"))
    elif kind is not QuestionType.SCALE:
        asked.question = of(kind, scoring=source.setting("scoring", "all-or-nothing"))
    return asked


def _kind(source: Source, interaction: Element, several: bool) -> QuestionType:
    names = tree.classes(interaction)
    if source.own and "scale" in names:
        return QuestionType.SCALE
    if source.own and "truefalse" in names:
        return QuestionType.TRUEFALSE
    return QuestionType.MULTIPLE if several else QuestionType.SINGLE


def hottext(source: Source, interaction: Element) -> Asked:
    """Words in a text that are to be marked: the text stays as it is, the words become answers under it."""
    asked = _chosen(source, interaction, list(tree.inside(interaction, "hottext")))

    def place(element: Element) -> str:
        return source.html(element, place)

    asked.stem = source.stem(place)
    source.desk.report.changed(
        source.item.name, source.item.line, N_("words to be marked in a text are now answers under it")
    )
    return asked


def order(source: Source, interaction: Element) -> Asked:
    declared = source.declaration(interaction)
    elements = {tree.attribute(one, "identifier"): one for one in tree.children(interaction, "simple-choice")}
    if set(declared.correct) != set(elements):
        raise Refusal(N_("nothing says which order is right"))
    options = []
    for name in declared.correct:
        text = text_of(source, elements[name])
        options.append(Option(source.name(name, "c", text), 0.0, text))
    scoring = source.setting("scoring", "all-or-nothing")
    return Asked(of(QuestionType.ORDER, scoring=scoring), source.desk.choices(source.item, options))


def match(source: Source, interaction: Element) -> Asked:
    declared = source.declaration(interaction)
    sets = list(tree.children(interaction, "simple-match-set"))
    if len(sets) != 2:
        raise Refusal(N_("there are not two columns to be matched"))
    left, right = (
        {tree.attribute(one, "identifier"): one for one in tree.children(side, "simple-associable-choice")}
        for side in sets
    )
    pairs = [pair.split(" ") for pair in declared.correct] or [
        entry.key.split(" ") for entry in declared.mapping if entry.points > 0
    ]
    keys: dict[str, str] = {}
    for pair in pairs:
        one, other = (pair if pair[0] in left else pair[::-1]) if len(pair) == 2 else ("", "")
        if one in left and other in right:
            if one in keys:
                raise Refusal(PAIRED, text=source.line(left[one]))
            keys[one] = other
    rights = {}
    for name, element in right.items():
        text = text_of(source, element)
        rights[name] = Option(source.name(name, "r", text), 0.0, text)
    parts = []
    for name, element in left.items():
        text = text_of(source, element)
        if name not in keys:
            raise Refusal(PAIRED, text=text)
        parts.append(Part(source.name(name, "l", text), PartKind.PICK, key=rights[keys[name]].id, text=text))
    whole = declared.id in source.marking.matched and declared.id not in source.marking.mapped
    scoring = source.setting("scoring", "all-or-nothing" if whole else "partial")
    kept = source.desk.choices(source.item, list(rights.values()))
    return Asked(of(QuestionType.MATCH, scoring=scoring), kept, tuple(parts))


# What a person marks


def essay(source: Source, interaction: Element) -> Asked:
    declared = source.declaration(interaction)
    if declared.id in source.marking.matched and not declared.correct:
        source.desk.report.changed(
            source.item.name, source.item.line,
            N_("its rules compare the answer with a right one that is not there; it is marked by a person"),
        )  # fmt: skip
    least, most = _words_asked(tree.attribute(interaction, "pattern-mask"))
    return Asked(of(QuestionType.ESSAY, min_words=least, max_words=most))


def _words_asked(mask: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\()?\\s\*\\S\+\(\\s\+\\S\+\)\{(\d{1,6}),(\d{0,6})\}\\s\*(?:\)\?)?", mask)
    if found is None:
        return 0, 0
    least = 0 if found[1] else int(found[2]) + 1
    return least, int(found[3]) + 1 if found[3] else 0


def plain(element: Element) -> str:
    """Words without form."""
    return " ".join(escaping.visible("".join(element.itertext())).split())
