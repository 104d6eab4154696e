"""Moodle's types of question, read one by one: what each of them asks, in ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from app.catalog.exchange import carried, embedded, escaping, xml
from app.catalog.exchange.desk import LABELS, decimal
from app.catalog.exchange.moodle_source import Refusal, Source, form
from app.catalog.format.answers import option_id
from app.catalog.format.asking import ACCEPT, MAX_MB
from app.catalog.format.gaps import CLOSE, OPEN
from app.catalog.format.model import Option, Part, PartKind, Question, QuestionType
from app.kit.i18n import N_
from app.kit.limits import MIB

NO_ANSWERS = N_("this question has no answers")
NO_FULL = N_("no answer is worth 100 percent; the best of them is worth %(best)s")
UNEVEN = N_("the right answers of this question are worth %(sum)s percent together, not 100")
BAD_NUMBER = N_("not a number: %(value)s")
_PLACE = re.compile(r"\[\[(\d{1,3})\]\]")


@dataclass(frozen=True, slots=True)
class Asked:
    """`question` holds type and settings; `stem` is the finished stem of a type that marks it up itself."""

    question: Question
    options: tuple[Option, ...] = ()
    parts: tuple[Part, ...] = ()
    stem: str | None = None
    points: float | None = None
    several: tuple[embedded.Several, ...] = ()
    incorrect: str = ""
    rubric: str = ""
    sample: str = ""


def of(kind: QuestionType, **settings: object) -> Question:
    return Question(id="", type=kind, texts={}, **settings)  # type: ignore[arg-type]


def number_of(text: str) -> float:
    """Six decimals, which is what the course language reads."""
    value = decimal(text)
    return max(0.0, round(float(value), 6)) if value is not None else 0.0


def tag(text: str) -> str:
    """What may stand between the quotation marks of a comment."""
    return " ".join(re.sub(r"[\"<>]|--+", " ", text).split())[:60]


def fraction(source: Source, element: Element) -> float:
    value = decimal(element.attrib.get("fraction", "0"))
    if value is None or not -100 <= value <= 100:
        raise Refusal(N_("an answer is worth %(value)s percent"), xml.line(element), value=element.attrib["fraction"])
    return round(float(value) / 100, 9)


def feedback(source: Source, element: Element) -> tuple[str, dict[str, str]]:
    """The feedback on an answer, and what its comment carries."""
    inner = xml.child(element, "feedback")
    if inner is None:
        return "", {}
    said, how = form(inner)
    text, values = carried.taken(said)
    return source.desk.blocks(source.item, text, how, source.files), values


def chosen(source: Source, element: Element, credit: float) -> Option:
    text, values = carried.taken(form(element)[0])
    words = source.line(element, text)
    if values.get("bare"):
        words = words.removeprefix("\\")
    return Option(carried.name(values) or option_id(words), credit, words, feedback(source, element)[0])


def even(options: Iterable[Option]) -> tuple[Option, ...]:
    """33.33333 is a third: shares that were rounded for writing are what they were before."""
    options = tuple(options)
    positive = [option.fraction for option in options if option.fraction > 0]
    share = 1 / len(positive) if positive else 0.0
    if any(abs(one - share) > 1e-5 for one in positive):
        return options
    return tuple(
        Option(o.id, share, o.text, o.feedback, o.value, o.low, o.high) if o.fraction > 0 else o for o in options
    )


def multichoice(source: Source) -> Asked:
    answers = [chosen(source, element, fraction(source, element)) for element in source.all("answer")]
    if not answers:
        raise Refusal(NO_ANSWERS)
    options = source.desk.choices(source.item, answers)
    if source.value("single", "true").lower() in ("true", "1", "yes"):
        full(options)
        return Asked(of(QuestionType.SINGLE), options)
    total = sum(option.fraction for option in options if option.fraction > 0)
    if not 0.999 <= total <= 1.001:
        raise Refusal(UNEVEN, sum=f"{total * 100:.5f}".rstrip("0").rstrip("."))
    return Asked(of(QuestionType.MULTIPLE, scoring="partial"), even(options))


def full(options: tuple[Option, ...]) -> None:
    best = max((option.fraction for option in options), default=0.0)
    if best < 1:
        raise Refusal(NO_FULL, best=f"{best * 100:g}")


def truefalse(source: Source) -> Asked:
    found = {form(element)[0].strip().lower(): element for element in source.all("answer")}
    if set(found) != {"true", "false"}:
        raise Refusal(N_("a question of this type has the answers true and false"))
    options: list[Option] = []
    for label, word in zip(LABELS.get(source.desk.lang, LABELS["en"]), ("true", "false"), strict=True):
        said, values = feedback(source, found[word])
        text = values.get("written") or label
        options.append(Option(carried.name(values) or option_id(text), fraction(source, found[word]), text, said))
    if [option.fraction for option in options].count(1.0) != 1:
        raise Refusal(N_("exactly one of true and false is right"))
    return Asked(of(QuestionType.TRUEFALSE), tuple(options))


def shortanswer(source: Source) -> Asked:
    elements = list(source.all("answer"))
    values = [" ".join(escaping.visible(form(element)[0]).split()) for element in elements]
    wildcard = any(re.search(r"(?<!\\)\*", value) for value in values)
    options: list[Option] = []
    for element, value in zip(elements, values, strict=True):
        if not value:
            continue
        said, carries = feedback(source, element)
        plain = value if wildcard else value.replace("\\*", "*")
        options.append(source.desk.typed(plain, carries, fraction(source, element), said))
    kept = source.desk.choices(source.item, options)
    full(kept)
    case = "exact" if source.value("usecase") in ("1", "true") else "ignore"
    return Asked(of(QuestionType.TEXT, case=case, match="wildcard" if wildcard else "exact"), kept)


def numerical(source: Source) -> Asked:
    options: list[Option] = []
    incorrect = ""
    for element in source.all("answer"):
        written = form(element)[0].strip()
        said, carries = feedback(source, element)
        if written == "*":
            incorrect = said
            continue
        value = decimal(written)
        spread = decimal(xml.text(xml.child(element, "tolerance")).strip() or "0")
        if value is None or spread is None:
            raise Refusal(BAD_NUMBER, xml.line(element), value=written)
        low, high = value - abs(spread), value + abs(spread)
        options.append(source.desk.numeric(low, high, carries, fraction(source, element), said))
    kept = source.desk.choices(source.item, options)
    full(kept)
    return Asked(of(QuestionType.NUMERIC, unit=_unit(source)), kept, incorrect=incorrect)


def _unit(source: Source) -> str:
    """Its first unit; further ones would have to be reckoned with, which nothing here does."""
    units = list(xml.children(source.child("units"), "unit"))
    names = [tag(xml.text(xml.child(unit, "unit_name"))) for unit in units]
    for other in names[1:]:
        source.desk.report.left_out(source.item.name, source.item.line, N_('the unit "%(unit)s"'), unit=other)
    return names[0] if names else ""


def matching(source: Source) -> Asked:
    rights: dict[str, Option] = {}
    parts: dict[str, Part] = {}
    _text, values = carried.taken(form(source.child("questiontext"))[0])
    spare = iter(values.get("spare", "").split(","))
    for element in source.all("subquestion"):
        answer = escaping.folded(xml.text(xml.child(xml.child(element, "answer"), "text"))).strip()
        left, carries = carried.taken(form(element)[0])
        text = carries.get("written") or escaping.words(answer)
        asked = source.line(element, left)
        wanted = carried.name(carries, "key") if asked else carried.name({"id": next(spare, "")})
        if not text:
            raise Refusal(N_('nothing stands to the right of "%(text)s"'), xml.line(element), text=asked)
        right = next((one for one in rights.values() if one.text == text), Option(wanted or option_id(text), 0.0, text))
        rights.setdefault(right.id, right)
        if asked:
            if carries.get("bare"):
                asked = asked.removeprefix("\\")
            part = Part(carried.name(carries) or option_id(asked), PartKind.PICK, key=right.id, text=asked)
            if part.id in parts:
                source.desk.report.left_out(
                    source.item.name, xml.line(element), N_('the pair "%(text)s" is there twice'), text=asked
                )
            parts.setdefault(part.id, part)
    return Asked(of(QuestionType.MATCH, scoring="partial"), tuple(rights.values()), tuple(parts.values()))


def essay(source: Source) -> Asked:
    graded = source.child("graderinfo")
    rubric = source.blocks(graded)
    sample = ""
    files = number_of(source.value("attachments", "0"))
    if form(graded)[1] == "markdown" and SAMPLE in form(graded)[0]:
        rubric, sample = (
            source.desk.blocks(source.item, part, "markdown", source.files) for part in form(graded)[0].split(SAMPLE, 1)
        )
    if source.value("responseformat") == "noinline":
        accept = tuple(
            dict.fromkeys(e.lower() for e in re.findall(r"\.[A-Za-z0-9]{1,10}", source.value("filetypeslist")))
        )
        most = min(max(round(number_of(source.value("maxbytes", "0")) / MIB), 0), 200) or MAX_MB
        if files > 1:
            source.desk.report.changed(source.item.name, source.item.line, N_("one file is handed in, not several"))
        question = of(QuestionType.UPLOAD, accept=accept or ACCEPT, max_mb=float(most))
        return Asked(question, rubric=rubric, sample=sample)
    if files:
        source.desk.report.left_out(
            source.item.name, source.item.line, N_("the files that may be attached to the answer")
        )
    template = source.blocks(source.child("responsetemplate"))
    if template:
        source.desk.report.left_out(source.item.name, source.item.line, N_("the text that the answer begins with"))
    least, most_words = (int(number_of(source.value(name, "0"))) for name in ("minwordlimit", "maxwordlimit"))
    question = of(QuestionType.ESSAY, min_words=min(least, 100_000), max_words=min(most_words, 100_000))
    return Asked(question, rubric=rubric, sample=sample)


SAMPLE = "<!-- sample -->"
# How Moodle marks a sequence, and which of its ways are ours: all or nothing, or each item with the one behind it.
GRADING = {"ALL_OR_NOTHING": "all-or-nothing", "RELATIVE_NEXT_EXCLUDE_LAST": "partial"}


def ordering(source: Source) -> Asked:
    options = source.desk.choices(source.item, [chosen(source, element, 0.0) for element in source.all("answer")])
    way = source.value("gradingtype", "ALL_OR_NOTHING")
    # Older files name the ways by number.
    way = {"-1": "ALL_OR_NOTHING", "1": "RELATIVE_NEXT_EXCLUDE_LAST"}.get(way, way)
    if way not in GRADING:
        source.desk.report.changed(
            source.item.name, source.item.line, N_("marked by how many items stand right behind the one before them")
        )
    if source.value("selecttype", "ALL") not in ("ALL", "0"):
        source.desk.report.changed(source.item.name, source.item.line, N_("all its items are asked, not some of them"))
    if any(option.feedback for option in options):
        source.desk.report.left_out(source.item.name, source.item.line, N_("the feedback on its items"))
    kept = tuple(Option(option.id, 0.0, option.text) for option in options)
    return Asked(of(QuestionType.ORDER, scoring=GRADING.get(way, "partial")), kept)


def cloze(source: Source) -> Asked:
    _title, said, how = source.asked()
    try:
        gaps = embedded.read(source.desk, source.item, said)
    except embedded.BadGap as error:
        raise Refusal(error.template, 0, **error.values) from error
    stem = gaps.marked(source.desk.blocks(source.item, gaps.text, how, source.files))
    if len(set(gaps.weights)) > 1:
        source.desk.report.changed(source.item.name, source.item.line, N_("all its gaps are worth the same"))
    points = number_of(source.value("defaultgrade", "0")) or float(sum(gaps.weights))
    question = of(
        QuestionType.CLOZE, scoring="partial", case="exact" if gaps.exact else "ignore",
        match="wildcard" if gaps.wildcard else "exact",
    )  # fmt: skip
    return Asked(question, (), gaps.parts, stem=stem, points=points, several=gaps.several)


def gapped(source: Source) -> Asked:
    """Words to choose or to drag into [[1]]: each gap offers the words of its own group."""
    words = [
        (xml.text(xml.child(box, "text")), xml.text(xml.child(box, "group")))
        for box in xml.children(source.element, "selectoption", "dragbox")
    ]
    words = [(" ".join(escaping.visible(text).split()), group) for text, group in words]
    _title, said, how = source.asked()
    held: list[Part] = []
    for found in _PLACE.finditer(said):
        here = int(found[1]) - 1
        if not 0 <= here < len(words):
            raise Refusal(N_("there is no word number %(number)s for its gap"), number=found[1])
        right, group = words[here]
        offered = [text for text in dict.fromkeys(text for text, other in words if other == group) if text]
        options = tuple(Option(option_id(text), float(text == right), text) for text in offered)
        held.append(Part(f"g{len(held) + 1}", PartKind.PICK, options, key=option_id(right)))
    if not held or any(len(part.options) < 2 for part in held):
        raise Refusal(N_("a gap to choose from has only one answer"))
    numbers = iter(range(len(held)))
    text = _PLACE.sub(lambda found: f"klasterisgap{next(numbers)}x", said)
    stem = source.desk.blocks(source.item, text, how, source.files)
    for place, part in enumerate(held):
        stem = stem.replace(f"klasterisgap{place}x", f"{OPEN}{part.id}{CLOSE}", 1)
    return Asked(of(QuestionType.CLOZE, scoring="partial"), (), tuple(held), stem=stem)
