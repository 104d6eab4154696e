"""One question as a QTI item: its words, its interaction, how it is marked, and what is said to whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.catalog.exchange import qti_marking as marking
from app.catalog.exchange.model import Report
from app.catalog.exchange.qti_dialect import Dialect, element, quoted, text
from app.catalog.exchange.qti_marking import RESPONSE, base, outcome, put, response, variable
from app.catalog.exchange.qti_words import Writer
from app.catalog.exchange.question_text import number
from app.catalog.format.model import Option, PartKind, Question, QuestionText, QuestionType
from app.kit.i18n import N_
from app.kit.markdown import words

TOOL = "Klasteris"
# The endings that an upload may take, in the words of those who serve files.
KINDS = {
    ".pdf": "application/pdf",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".zip": "application/zip",
}


@dataclass(slots=True)
class Sheet:
    """An item while it is written. `feedback` is the cardinality of what answers are commented on, if any are;
    `template` the standard marking that will do where nothing else has to be said."""

    dialect: Dialect
    report: Report
    question: Question
    said: QuestionText
    declared: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    template: str = ""
    feedback: str = ""

    def writer(self, gap: Callable[[str], str] | None = None) -> Writer:
        made = Writer(self.dialect, lost=self._lost)
        if gap is not None:
            made.gap = gap
        return made

    def _lost(self, name: str) -> None:
        self.report.left_out(self.question.id, self.question.line, N_("left out of its text: %(names)s"), names=name)

    def block(self, markdown: str) -> str:
        return self.writer().blocks(markdown)

    def line(self, markdown: str) -> str:
        return self.writer().line(markdown)


def item_id(question: Question) -> str:
    return f"q-{question.id}"


def write(d: Dialect, question: Question, lang: str, report: Report) -> str:
    said = question.texts[lang]
    sheet = Sheet(d, report, question, said)
    body = _TYPES[question.type](sheet)
    title = element("h2", sheet.line(said.title), {"class": "title"}) if said.title else ""
    stem = "" if question.type is QuestionType.CLOZE else sheet.block(said.stem)
    return d.document(
        "assessment-item",
        *sheet.declared,
        *_outcomes(sheet),
        d.tag("item-body", title, stem, body, *_for_others(sheet, said), class_=" ".join(_settings(question))),
        _processing(sheet),
        *_told(sheet, said),
        lang=lang,
        identifier=item_id(question),
        title=words(said.title) or question.id,
        adaptive=False,
        time_dependent=False,
        tool_name=TOOL,
    )


def _settings(question: Question) -> list[str]:
    """What QTI has no attribute for, as classes of the item, which nobody is harmed by."""
    named = [("type", question.type.value), ("scoring", question.scoring)]
    if question.type in (QuestionType.TEXT, QuestionType.CLOZE):
        named += [("case", question.case), ("match", question.match)]
    if question.penalty:
        named.append(("penalty", number(question.penalty)))
    if not question.shuffle:
        named.append(("shuffle", "no"))
    if question.type is QuestionType.UPLOAD:
        named += [("accept", ending.lstrip(".")) for ending in question.accept]
        named.append(("max-mb", number(question.max_mb)))
    return [f"{key}-{value}" for key, value in named]


def _outcomes(sheet: Sheet) -> list[str]:
    d, question = sheet.dialect, sheet.question
    points = number(question.points)
    by_hand = "human" if question.by_hand and d.three else None
    found = [
        outcome(d, "SCORE", "float", default="0", normal_maximum=points, normal_minimum="0", external_scored=by_hand),
        outcome(d, "MAXSCORE", "float", default=points),
    ]
    if sheet.feedback:
        found.append(outcome(d, "FEEDBACK", "identifier", cardinality=sheet.feedback))
    if sheet.said.explanation:
        found.append(outcome(d, "EXPLANATION", "identifier", default=marking.EXPLANATION))
    if _verdicts(sheet.said):
        found.append(outcome(d, "VERDICT", "identifier"))
    return found


def _verdicts(said: QuestionText) -> list[tuple[str, str]]:
    told = ((marking.CORRECT, said.correct), (marking.PARTLY, said.partial), (marking.INCORRECT, said.incorrect))
    return [(word, markdown) for word, markdown in told if markdown]


def _processing(sheet: Sheet) -> str:
    d = sheet.dialect
    verdicts = _verdicts(sheet.said) and (sheet.rules or sheet.template)
    if sheet.template and not verdicts and not sheet.feedback:
        return d.tag("response-processing", template=d.templates + sheet.template + (".xml" if d.three else ""))
    rules = [*sheet.rules]
    if sheet.template and not rules:
        rules.append(marking.mapped(d))
    if verdicts:
        rules.append(marking.verdict(d))
    return d.tag("response-processing", *rules) if rules else ""


def _for_others(sheet: Sheet, said: QuestionText) -> list[str]:
    """What is not for who answers: hints are kept for tutors, since QTI has no hint that every player knows."""
    d = sheet.dialect
    told = [("tutor", "hint", hint) for hint in said.hints]
    told += [("scorer", "rubric", said.rubric), ("scorer", "sample", said.sample)]
    if said.hints:
        sheet.report.changed(
            sheet.question.id,
            sheet.question.line,
            N_("its hints are kept for tutors: other platforms do not show them"),
        )
    use = {"hint": "ext:hint", "rubric": "scoring", "sample": "ext:sample"}
    return [
        d.tag(
            "rubric-block", d.words(sheet.block(markdown)), view=view, use=use[kind] if d.three else kind, class_=kind
        )
        for view, kind, markdown in told
        if markdown
    ]


def _told(sheet: Sheet, said: QuestionText) -> list[str]:
    found = [_modal(sheet, "VERDICT", word, markdown) for word, markdown in _verdicts(said)]
    if said.explanation:
        found.append(_modal(sheet, "EXPLANATION", marking.EXPLANATION, said.explanation))
    if sheet.question.type in (QuestionType.NUMERIC, QuestionType.TEXT):
        found += [_modal(sheet, "FEEDBACK", f"c-{o.id}", o.feedback) for o in said.options if o.feedback]
    return found


def _modal(sheet: Sheet, name: str, word: str, markdown: str) -> str:
    d = sheet.dialect
    inner = d.words(sheet.block(markdown))
    return d.tag("modal-feedback", inner, outcome_identifier=name, identifier=word, show_hide="show")


# Choices


def _choice(sheet: Sheet) -> str:
    d, question, options = sheet.dialect, sheet.question, sheet.said.options
    several = question.type is QuestionType.MULTIPLE
    cardinality = "multiple" if several else "single"
    scale = question.type is QuestionType.SCALE
    right = [] if scale else [o for o in options if (o.fraction > 0 if several else o.fraction >= 1)]
    entries = [] if scale else [(f"c-{o.id}", o.fraction) for o in options]
    sheet.declared.append(
        response(d, RESPONSE, "identifier", cardinality, [f"c-{o.id}" for o in right],
                 marking.mapping(d, question, entries))
    )  # fmt: skip
    if several and question.scoring != "partial":
        sheet.rules.append(marking.all_or_nothing(d))
    elif not scale:
        sheet.template = "map_response"
    if any(option.feedback for option in options):
        sheet.feedback = cardinality
        if sheet.template:
            sheet.rules.append(marking.mapped(d))
        sheet.rules.append(put(d, "FEEDBACK", variable(d, RESPONSE)))
    kept = question.type in (QuestionType.TRUEFALSE, QuestionType.SCALE)
    return d.tag(
        "choice-interaction",
        *(d.tag("simple-choice", sheet.line(o.text), _beside(sheet, o), identifier=f"c-{o.id}") for o in options),
        response_identifier=RESPONSE, shuffle=question.shuffle and not kept, max_choices=0 if several else 1,
        class_={QuestionType.TRUEFALSE: "truefalse", QuestionType.SCALE: "scale"}.get(question.type),
    )  # fmt: skip


def _beside(sheet: Sheet, option: Option) -> str:
    """Feedback shown beside the answer that was chosen."""
    if not option.feedback:
        return ""
    d = sheet.dialect
    one = sheet.writer().is_line(option.feedback)
    inner = sheet.line(option.feedback) if one else d.words(sheet.block(option.feedback))
    word = "feedback-inline" if one else "feedback-block"
    return d.tag(word, inner, outcome_identifier="FEEDBACK", identifier=f"c-{option.id}", show_hide="show")


def _order(sheet: Sheet) -> str:
    d, question, options = sheet.dialect, sheet.question, sheet.said.options
    names = [f"c-{option.id}" for option in options]
    sheet.declared.append(response(d, RESPONSE, "identifier", "ordered", names))
    partial = question.scoring == "partial" and len(names) > 1
    sheet.rules += marking.neighbours(d, names) if partial else [marking.all_or_nothing(d)]
    return d.tag(
        "order-interaction",
        *(d.tag("simple-choice", sheet.line(o.text), identifier=f"c-{o.id}") for o in options),
        response_identifier=RESPONSE, shuffle=True,
    )  # fmt: skip


def _match(sheet: Sheet) -> str:
    d, question, said = sheet.dialect, sheet.question, sheet.said
    pairs = [f"l-{part.id} r-{part.key}" for part in said.parts]
    share = 1.0 / len(pairs)
    sheet.declared.append(
        response(d, RESPONSE, "directedPair", "multiple", pairs,
                 marking.mapping(d, question, [(pair, share) for pair in pairs]))
    )  # fmt: skip
    if question.scoring == "partial":
        sheet.template = "map_response"
    else:
        sheet.rules.append(marking.all_or_nothing(d))
    left = [_end(sheet, f"l-{part.id}", part.text, most=1) for part in said.parts]
    right = [_end(sheet, f"r-{option.id}", option.text, most=0) for option in said.options]
    return d.tag(
        "match-interaction", d.tag("simple-match-set", *left), d.tag("simple-match-set", *right),
        response_identifier=RESPONSE, shuffle=question.shuffle, max_associations=len(pairs),
    )  # fmt: skip


def _end(sheet: Sheet, name: str, markdown: str, *, most: int) -> str:
    return sheet.dialect.tag("simple-associable-choice", sheet.line(markdown), identifier=name, match_max=most)


# What is typed


def _typed(sheet: Sheet) -> str:
    d, question, options = sheet.dialect, sheet.question, sheet.said.options
    numeric = question.type is QuestionType.NUMERIC
    best = next((option for option in options if option.fraction >= 1), None)
    right = [] if best is None or question.match == "regex" else [marking.a_number(best) if numeric else best.value]
    entries = [] if numeric or question.match != "exact" else [(o.value, o.fraction) for o in options]
    sheet.declared.append(
        response(d, RESPONSE, "float" if numeric else "string", "single", right,
                 marking.mapping(d, question, entries, case=question.case == "exact"))
    )  # fmt: skip
    cases = [
        (
            marking.is_typed(d, question, RESPONSE, option),
            put(d, "SCORE", base(d, "float", marking.points_of(question, option.fraction)))
            + put(d, "FEEDBACK", base(d, "identifier", f"c-{option.id}")),
        )
        for option in options
    ]
    sheet.feedback = "single"
    sheet.rules.append(marking.branches(d, cases))
    if question.match == "regex" and question.case == "ignore":
        _capitals(sheet)
    unit = sheet.said.unit or question.unit
    field_ = d.tag("text-entry-interaction", response_identifier=RESPONSE)
    return element("p", field_ + (f" {element('span', text(unit), {'class': 'unit'})}" if unit else ""), {})


def _capitals(sheet: Sheet) -> None:
    sheet.report.changed(
        sheet.question.id, sheet.question.line, N_("capitals count in its regular expressions on other platforms")
    )


def _cloze(sheet: Sheet) -> str:
    d, question, said = sheet.dialect, sheet.question, sheet.said
    parts = {part.id: part for part in said.parts}
    for part in said.parts:
        name = f"g-{part.id}"
        right = [_pick(part.options, part.key)] if part.kind is PartKind.PICK else []
        sheet.declared.append(marking.gap_declaration(d, question, name, part, right))
    sheet.declared += [outcome(d, marking.score_of(f"g-{part.id}"), "float", default="0") for part in said.parts]
    sheet.rules += marking.gaps(d, question, [(f"g-{part.id}", part) for part in said.parts])
    if question.match == "regex" and question.case == "ignore":
        _capitals(sheet)

    def gap(name: str) -> str:
        part = parts[name]
        if part.kind is not PartKind.PICK:
            return d.tag("text-entry-interaction", response_identifier=f"g-{name}")
        choices = (d.tag("inline-choice", text(o.text), identifier=f"c{n}") for n, o in enumerate(part.options, 1))
        return d.tag("inline-choice-interaction", *choices, response_identifier=f"g-{name}", shuffle=False)

    return sheet.writer(gap).blocks(said.stem)


def _pick(options: Sequence[Option], key: str) -> str:
    return next(f"c{n}" for n, option in enumerate(options, 1) if option.id == key)


# What a person marks


def _essay(sheet: Sheet) -> str:
    d, question = sheet.dialect, sheet.question
    sheet.declared.append(response(d, RESPONSE, "string", "single"))
    return d.tag("extended-text-interaction", response_identifier=RESPONSE, pattern_mask=word_mask(question))


def word_mask(question: Question) -> str | None:
    """How many words there must be, as the pattern that an answer has to fit."""
    least, most = question.min_words, question.max_words
    if not least and not most:
        return None
    further = f"{{{max(least - 1, 0)},{most - 1 if most else ''}}}"
    mask = rf"\s*\S+(\s+\S+){further}\s*"
    return mask if least else f"({mask})?"


def _upload(sheet: Sheet) -> str:
    d, question = sheet.dialect, sheet.question
    sheet.declared.append(response(d, RESPONSE, "file", "single"))
    kinds = list(dict.fromkeys(KINDS[ending] for ending in question.accept if ending in KINDS))
    # 2.1 takes one kind of file or says nothing.
    said = " ".join(kinds) if d.three else kinds[0] if len(kinds) == 1 else ""
    return d.tag("upload-interaction", response_identifier=RESPONSE, type=quoted(said) if said else None)


_TYPES: dict[QuestionType, Callable[[Sheet], str]] = {
    QuestionType.SINGLE: _choice,
    QuestionType.MULTIPLE: _choice,
    QuestionType.TRUEFALSE: _choice,
    QuestionType.SCALE: _choice,
    QuestionType.ORDER: _order,
    QuestionType.MATCH: _match,
    QuestionType.NUMERIC: _typed,
    QuestionType.TEXT: _typed,
    QuestionType.CLOZE: _cloze,
    QuestionType.ESSAY: _essay,
    QuestionType.UPLOAD: _upload,
}
