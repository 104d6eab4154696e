"""Questions invented for property tests: every type, with texts that mean something to Markdown, XML and GIFT."""

from __future__ import annotations

from hypothesis import strategies as st

from app.catalog.exchange import escaping, question_text
from app.catalog.exchange.proposing import front
from app.catalog.format import reader
from app.catalog.format.answers import option_id
from app.catalog.format.gaps import CLOSE, OPEN
from app.catalog.format.languages import all_questions
from app.catalog.format.model import Course, Option, Part, PartKind, Question, QuestionText, QuestionType

SIGNS = "abč ĖžåØ09.,:;!?#=~{}\\*_[]()<>&|$%'\"-+/^`@±→"
IDS = st.from_regex(r"[a-z][a-z0-9]{1,8}(-[a-z0-9]{1,4})?", fullmatch=True)
PLAIN = st.text(st.sampled_from(SIGNS), min_size=1, max_size=24).map(escaping.words).filter(bool)
FORMED = st.sampled_from(
    [
        "**svarbu**",
        "*kursyvas*",
        "`a=b~c`",
        "$a^2$",
        "[nuoroda](https://example.lt/a?b=1&c=2)",
        "~~ne~~",
        "žodis",
        "1822",
    ]
)
LINE = st.lists(st.one_of(PLAIN, FORMED), min_size=1, max_size=3).map(" ".join)
BLOCKS = st.one_of(
    LINE,
    st.lists(LINE.map(escaping.at_start), min_size=2, max_size=3).map("\n\n".join),
    st.lists(LINE, min_size=1, max_size=3).map(lambda items: "\n".join(f"- {item}" for item in items)),
    LINE.map(lambda line: f"> {line}"),
    st.just("```\na = {b} # c\n\n~d\n```"),
    st.just("| a | b |\n| --- | --- |\n| 1 | x\\|y |"),
    st.just("#### Antraštė\n\nTekstas."),
)
MAYBE = st.one_of(st.just(""), BLOCKS)
VALUES = st.text(st.sampled_from("abč ĖžåØ09.,:;!?#=~{}\\_[]()<>&|$%'\"-+/^@±"), min_size=1, max_size=12).map(
    lambda text: " ".join(text.split())
)
# No backslash before a star: Moodle takes that star for one.
WILD = VALUES.map(lambda value: value.replace("\\", "") + "*")
NUMBERS = st.one_of(
    st.integers(-2000, 2000).map(str),
    st.decimals(-99, 99, places=2, allow_nan=False).map(lambda number: f"{number:f}"),
    st.tuples(st.integers(0, 999), st.integers(1, 9)).map(lambda pair: f"{pair[0]} ± {pair[1]}"),
    st.tuples(st.integers(0, 99), st.integers(100, 999)).map(lambda pair: f"{pair[0]}..{pair[1]}"),
)


@st.composite
def named(draw: st.DrawFn, text: str) -> str:
    """An id of its own for one in three."""
    return draw(st.one_of(st.just(option_id(text)), st.just(option_id(text)), IDS))


@st.composite
def options(draw: st.DrawFn, fractions: list[float], texts: st.SearchStrategy[str] = LINE) -> tuple[Option, ...]:
    found = draw(st.lists(texts, min_size=len(fractions), max_size=len(fractions), unique=True))
    return tuple(
        Option(draw(named(text)), fraction, text, draw(MAYBE)) for fraction, text in zip(fractions, found, strict=True)
    )


@st.composite
def coded(draw: st.DrawFn, values: st.SearchStrategy[str]) -> tuple[Option, ...]:
    found = draw(st.lists(values.filter(bool), min_size=1, max_size=3, unique=True))
    shares = [1.0, *(draw(st.sampled_from([1.0, 0.5, 0.0, 0.25])) for _ in found[1:])]
    made = []
    for value, share in zip(found, shares, strict=True):
        text = question_text.code(value)
        made.append(Option(draw(named(text)), share, text, draw(MAYBE), value))
    return tuple(made)


@st.composite
def asked(draw: st.DrawFn, kind: QuestionType, *, rich: bool) -> Question:
    """`rich`: with what Moodle XML keeps and GIFT has no place for."""
    settings: dict[str, object] = {}
    words: dict[str, object] = {"options": (), "parts": ()}
    match kind:
        case QuestionType.SINGLE:
            words["options"] = draw(options([0.0, 1.0, draw(st.sampled_from([0.0, 0.5, -0.5, 0.3333333]))]))
        case QuestionType.MULTIPLE:
            right = draw(st.integers(2, 5))
            words["options"] = draw(options([1 / right] * right + [draw(st.sampled_from([0.0, -0.5, -0.3333333]))]))
            settings["scoring"] = "partial"
        case QuestionType.TRUEFALSE:
            first = draw(st.booleans())
            words["options"] = draw(options([float(first), float(not first)]))
        case QuestionType.TEXT:
            wild = draw(st.booleans())
            # GIFT takes an arrow between words for a pair.
            words["options"] = draw(coded((WILD if wild else VALUES).filter(lambda value: rich or "->" not in value)))
            settings["match"] = "wildcard" if wild else "exact"
            settings["case"] = draw(st.sampled_from(["ignore", "exact"])) if rich else "ignore"
        case QuestionType.NUMERIC:
            words["options"] = draw(coded(NUMBERS))
            settings["unit"] = draw(st.sampled_from(["", "val.", "km per h"])) if rich else ""
        case QuestionType.MATCH:
            words |= draw(pairs())
            settings["scoring"] = "partial"
        case QuestionType.ORDER:
            words["options"] = tuple(
                Option(option.id, 0.0, option.text) for option in draw(options([0.0] * draw(st.integers(2, 4))))
            )
            settings["scoring"] = draw(st.sampled_from(["partial", "all-or-nothing"]))
        case QuestionType.CLOZE:
            words |= draw(gapped())
            settings["scoring"] = "partial"
            if any(part.kind is PartKind.TEXT for part in words["parts"]):  # type: ignore[attr-defined]
                settings["case"] = draw(st.sampled_from(["ignore", "exact"]))
        case QuestionType.ESSAY:
            if rich:
                words |= {"rubric": draw(MAYBE), "sample": draw(MAYBE)}
                settings |= {"min_words": draw(st.sampled_from([0, 20])), "max_words": draw(st.sampled_from([0, 300]))}
        case QuestionType.UPLOAD:
            words |= {"rubric": draw(MAYBE), "sample": draw(MAYBE)}
            settings |= {"accept": draw(st.sampled_from([(".pdf",), (".odt", ".pdf")])), "max_mb": 5.0}
    hints = tuple(draw(st.lists(BLOCKS, max_size=2))) if rich else ()
    if rich:
        settings |= {
            "points": draw(st.sampled_from([1.0, 2.0, 2.5])),
            "penalty": draw(st.sampled_from([0.0, 0.1, 0.333333])) if hints else 0.0,
            "shuffle": draw(st.booleans()),
        }
        if kind not in (QuestionType.ESSAY, QuestionType.UPLOAD):
            words |= {"correct": draw(MAYBE), "partial": draw(MAYBE), "incorrect": draw(MAYBE)}
    if kind is not QuestionType.CLOZE:
        words["stem"] = draw(MAYBE)
    said = QuestionText(lang="lt", title=escaping.heading(draw(LINE)), hints=hints, explanation=draw(MAYBE), **words)  # type: ignore[arg-type]
    tags = tuple(draw(st.lists(st.sampled_from(["bdar", "two words", "ž"]), max_size=2, unique=True)))
    return Question(id=draw(IDS), type=kind, texts={"lt": said}, tags=tags, **settings)  # type: ignore[arg-type]


@st.composite
def pairs(draw: st.DrawFn) -> dict[str, object]:
    """Right-hand cells are words without form: Moodle has no form for them."""
    lefts = draw(st.lists(LINE, min_size=2, max_size=3, unique=True))
    rights = draw(st.lists(PLAIN, min_size=2, max_size=4, unique=True))
    made = tuple(Option(draw(named(text)), 0.0, text) for text in rights)
    parts = tuple(
        Part(draw(named(text)), PartKind.PICK, key=made[min(place, len(made) - 1)].id, text=text)
        for place, text in enumerate(lefts)
    )
    return {"options": made, "parts": parts}


@st.composite
def gapped(draw: st.DrawFn) -> dict[str, object]:
    parts: list[Part] = []
    for place in range(draw(st.integers(1, 3))):
        name = draw(st.one_of(st.just(f"g{place + 1}"), IDS))
        values = draw(st.lists(VALUES.filter(bool), min_size=2, max_size=3, unique=True))
        match draw(st.sampled_from(list(PartKind))):
            case PartKind.PICK:
                choices = tuple(Option(option_id(value), float(n == 0), value) for n, value in enumerate(values))
                parts.append(Part(name, PartKind.PICK, choices, key=choices[0].id))
            case PartKind.TEXT:
                typed = tuple(Option(option_id(value), 1.0, value=value) for value in values)
                parts.append(Part(name, PartKind.TEXT, typed))
            case PartKind.NUMBER:
                number = str(draw(st.integers(-99, 99)))
                parts.append(Part(name, PartKind.NUMBER, (Option(option_id(number), 1.0, value=number),)))
    stem = " ir ".join(f"{OPEN}{part.id}{CLOSE}" for part in parts)
    return {"parts": tuple(parts), "stem": f"{draw(LINE)}\n\nPraneša {stem}."}


def course_of(question: Question) -> Course | None:
    """The course that this question alone makes, read from its Markdown; None when it is none that an author could write."""
    head = front(kind="course", id="isgalvotas", title="Išgalvotas", lang="lt")
    text = f"{head}\n\n## Testas\n<!-- quiz id=visas-testas -->\n\n{question_text.question(question, 'lt')}\n"
    reading = reader.read_files({"kursas.md": text.encode()})
    return reading.course if not reading.errors else None


def questions_of(course: Course) -> list[Question]:
    found = [q for page in course.pages() for q in all_questions(page.texts[course.lang].blocks)]
    return found + [q for bank in course.banks for q in bank.questions]


def markdown_of(course: Course) -> list[str]:
    return [question_text.question(question, course.lang) for question in questions_of(course)]
