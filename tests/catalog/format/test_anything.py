"""Whatever is written: a good course reads as it was meant, and no text at all makes the reader fall or lets anything run."""

from __future__ import annotations

import json
import string
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalog import importer
from app.catalog.format import checks, writer
from app.catalog.format.layout import to_parse
from app.catalog.format.lock import ids_lock_json, lint
from app.catalog.format.model import Course, Part, Question, Quiz, Reading
from app.catalog.format.naming import with_ids
from app.catalog.format.reader import read_files, read_zip
from app.kit import clock
from app.kit.errors import Invalid
from app.kit.markdown.sanitise import ATTRIBUTES, TAGS
from tests.catalog.format.every_type import FILES
from tests.catalog.format.writing import HEAD, course_of, only_quiz, said
from tests.shared import SHARED, needs

# Words that mean nothing in Markdown; what means something is thrown in by the mutations below.
WORD = st.text(string.ascii_letters + string.digits + "ąčęėįšųūžæøå", min_size=1, max_size=8)
WORDS = st.lists(WORD, min_size=1, max_size=4).map(" ".join)


def distinct(least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(WORDS, min_size=least, max_size=most, unique=True)


@dataclass(frozen=True, slots=True)
class Meant:
    """A question as it is meant: its type, what its file says, and what must have been read."""

    kind: str
    body: str
    read: Any
    attributes: str = ""


def _single(texts: list[str], right: int) -> Meant:
    marks = [place == right % len(texts) for place in range(len(texts))]
    lines = (f"- [{'x' if mark else ' '}] {text}" for text, mark in zip(texts, marks, strict=True))
    return Meant(
        "single",
        "\n".join(lines),
        [(text, float(mark)) for text, mark in zip(texts, marks, strict=True)],
        " type=single",
    )


def _order(texts: list[str]) -> Meant:
    return Meant("order", "\n".join(f"{n}. {text}" for n, text in enumerate(texts, 1)), texts)


def _scale(texts: list[str]) -> Meant:
    return Meant("scale", "\n".join(f"- {text}" for text in texts), texts)


def _match(lefts: list[str], rights: list[str]) -> Meant:
    pairs = list(zip(lefts, rights, strict=False))
    rows = [f"| {left} | {right} |" for left, right in pairs] + [f"|  | {right} |" for right in rights[len(pairs) :]]
    return Meant("match", "\n".join(["| a | b |", "| --- | --- |", *rows]), (pairs, rights))


def _cloze(gaps: list[list[str]], between: str) -> Meant:
    text = f" {between} ".join(f"[[{'|'.join(spellings)}]]" for spellings in gaps)
    return Meant("cloze", f"{between} {text}.", gaps)


def _numeric(low: int, wide: int) -> Meant:
    return Meant("numeric", f"- [x] `{low}..{low + wide}`", (low, low + wide))


def _essay(stem: str, rubric: str) -> Meant:
    return Meant("essay", f"{stem}\n\n> [!RUBRIC]\n> {rubric}", (stem, rubric))


MEANT = st.one_of(
    st.builds(_single, distinct(2, 5), st.integers(0, 4)),
    st.builds(_order, distinct(2, 5)),
    st.builds(_scale, distinct(2, 5)),
    st.builds(_match, distinct(2, 3), distinct(3, 5)),
    st.builds(_cloze, st.lists(distinct(1, 3), min_size=1, max_size=3), WORDS),
    st.builds(_numeric, st.integers(-999, 999), st.integers(0, 99)),
    st.builds(_essay, WORDS, WORDS),
)


def _told(question: Question) -> Any:
    """What was read, in the words of `Meant.read`."""
    text = question.texts["lt"]
    options = {option.id: option for option in text.options}
    match question.type:
        case "single":
            return [(option.text, option.fraction) for option in text.options]
        case "match":
            pairs = [(part.text, options[part.key].text) for part in text.parts]
            return pairs, [option.text for option in text.options]
        case "cloze":
            return [[option.value for option in part.options] for part in text.parts]
        case "numeric":
            return text.options[0].low, text.options[0].high
        case "essay":
            return text.stem, text.rubric
        case _:
            return [option.text for option in text.options]


@settings(max_examples=80, deadline=None)
@given(st.lists(MEANT, min_size=1, max_size=5))
def test_a_course_reads_as_it_was_meant_and_survives_every_journey(meant: list[Meant]):
    body = "## T\n<!-- quiz id=t mode=practice -->\n"
    for number, one in enumerate(meant):
        kind = one.attributes or f" type={one.kind}"
        body += f"\n### Klausimas {number}\n<!-- question id=k{number}{kind} -->\n\n{one.body}\n"
    read = read_files({"kursas.md": (HEAD + body).encode()})
    assert said(read) == []
    questions = [item for item in only_quiz(read).items if isinstance(item, Question)]
    assert [_told(question) for question in questions] == [one.read for one in meant]
    course = course_of(read)
    assert read_zip(writer.write_zip(course)).course == course
    assert read_files(writer.contents(course)) == read
    assert lint(course, ids_lock_json(course)) == []
    # A second reading after the gaps have got their ids asks the same.
    named = read_files({path: text.encode() for path, text in with_ids(read).items()} or writer.contents(course))
    assert [part for q in _questions(course_of(named)) for part in _parts(q)] == [
        p for q in questions for p in _parts(q)
    ]


def _questions(course: Course) -> Iterator[Question]:
    for block in course.pages()[0].texts["lt"].blocks:
        if isinstance(block, Quiz):
            yield from (item for item in block.items if isinstance(item, Question))


def _parts(question: Question) -> tuple[Part, ...]:
    return question.texts["lt"].parts


def everything_of(read: Reading, files: dict[str, bytes]) -> None:
    """Nothing falls, whatever is done with what was read."""
    _in_its_place(read, files)
    if read.course is None:
        return
    for told in checks.check(read.course, today=clock.today()):
        assert told.line >= 1 and told.column >= 1
    with_ids(read)
    lint(read.course, ids_lock_json(read.course))
    _runs_nothing(read)


def _in_its_place(read: Reading, files: dict[str, bytes]) -> None:
    """Every problem stands on a line that is there."""
    for problem in read.problems:
        text = to_parse(files.get(problem.path, b"").decode("utf-8", "replace"))
        lines = text.split("\n")
        assert 1 <= problem.line <= len(lines), problem
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1, problem
        assert problem.message


def _runs_nothing(read: Reading) -> None:
    if read.course is not None:
        for html in _html_of(importer.prepare(read.course)):
            _Nothing().feed(html)


def _html_of(prepared: importer.Prepared) -> Iterator[str]:
    for page in prepared.pages:
        yield from (str(block.get("html", "")) for block in page.blocks)
    for question in prepared.questions.values():
        for text in question.body["texts"].values():
            yield from (text["stem"], text["explanation"], text["rubric"], *text["hints"])
            for options in (text["options"], *(part["options"] for part in text["parts"].values())):
                yield from (part for option in options.values() for part in (option["text"], option["feedback"]))
            yield from (part["text"] for part in text["parts"].values())


class _Nothing(HTMLParser):
    """Nothing that could run: only the tags and attributes of the sanitiser, and addresses that lead somewhere harmless."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES.get(tag, set()) | ATTRIBUTES["*"], (tag, name)
            if name in ("href", "src"):
                head = (value or "").lstrip().lower()
                assert head.startswith(("https:", "http:", "mailto:", "/", "#")), value
                assert not head.startswith("//"), value


MARKS = st.sampled_from([
    "\n", "\n\n", "#", "## ", "### Q\n<!-- question id=z -->\n", "<!--", "-->", "<!-- id=x -->", "<!-- quiz id=q", "- [x] ", "- [ ]",
    "[[", "]]", "[[a|b]]", "[[#1]]", "[[( ) a | (x) b]]", "| a | b |\n", "| --- | --- |\n", "\\|", "`", "```\n", "> ", "> [!HINT]\n",
    "> [!RUBRIC]\n", "---\n", "type=cloze", "type=match", "type=order", "type=essay", "type=scale", "type=upload", "id=", "=", "\"",
    "\t", "\r\n", "\r", "\u2028", "\ufeff", "\x00", "\ue000", "\ue001", "<b>", "<script>alert(1)</script>", "[a](javascript:alert(1))",
    "![x](media/a.png)", "[x]: y\n", "&lt;", "*", "_", "~~", "    ", "ą̈", "\U0001f469\u200d\U0001f4bb",
])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_change_of_a_course_makes_the_reader_fall(data: st.DataObject):
    files = {path: text.encode() for path, text in FILES.items()}
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(sorted(files)))
        text = files[path].decode()
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 60)))
        files[path] = (text[:start] + data.draw(MARKS | st.text(max_size=6)) + text[end:]).encode("utf-8", "replace")
    everything_of(read_files(files), files)


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["course.md", "01-a.md", "01-a.en.md", "media/a.svg", "media/b.md"]), st.binary(max_size=200)
    )
)
def test_no_bytes_make_the_reader_fall(files: dict[str, bytes]):
    everything_of(read_files(files), files)


def _texts_of(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".txt", ".md", ".test"):
            yield path.read_bytes().decode("utf-8", "replace")
        elif path.suffix == ".json" and "jsontestsuite" not in path.parts:
            yield from _strings(json.loads(path.read_text("utf-8")))
        elif path.is_file() and path.suffix != ".zip":
            yield path.read_bytes().decode("utf-8", "replace")


def _strings(said: object) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, list):
        for one in said:
            yield from _strings(one)
    elif isinstance(said, dict):
        for one in said.values():
            yield from _strings(one)


def _course_around(texts: list[str]) -> dict[str, bytes]:
    """Texts where an author might have put them: all of them in prose, each in some part of some kind of question."""
    lines = [" ".join(text.split())[:2000] for text in texts]
    a, b, c, d, e, f = (lines[place % len(lines)] for place in range(6))
    text = "\n\n".join(texts)
    left, right = a.replace("|", "\\|"), b.replace("|", "\\|")
    body = (
        f"{text}\n\n## {a}\n\n[{b}]({c}) ![{d}]({e})\n\n## A\n<!-- question id=a -->\n\n{text}\n\nTaigi:\n\n"
        f"- [x] {f}\n  > {a}\n- [ ] Ne\n\n> [!HINT]\n> {b}\n\n"
        f"## B\n<!-- question id=b type=match -->\n\n| A | B |\n| --- | --- |\n| {left} | {right} b |\n| c | d |\n\n"
        f"## C\n<!-- question id=c type=order -->\n\n1. {c}\n2. Antras\n\n"
        f"## D\n<!-- question id=d type=cloze -->\n\n{d} [[a]] [[{e}]] [[( ) {f} | (x) b]]\n\n"
        f"## E\n<!-- question id=e type=essay -->\n\n{text}\n\n> [!RUBRIC]\n> {a}\n"
    )
    return {"kursas.md": (HEAD + body).encode("utf-8", "replace")}


@needs("corpora")
@pytest.mark.parametrize(
    "name", ["blns", "bleach", "cmark", "fuzzdb", "markdown-it", "own", "xml-defusedxml", "jsontestsuite"]
)
def test_no_hostile_text_falls_or_runs(name: str):
    tried = 0
    short: list[str] = []
    for text in _texts_of(SHARED / "corpora" / name):
        # A file of hostile lines is tried line by line too, so that none hides behind another.
        if name in ("fuzzdb", "bleach", "blns") and len(text) < 200_000:
            short += text.split("\n")
        if "\n" in text:
            tried += _is_harmless([text])
        else:
            short.append(text)
    short = sorted(set(short))
    for start in range(0, len(short), 6):
        tried += _is_harmless(short[start : start + 6])
    assert tried


def _is_harmless(texts: list[str]) -> bool:
    files = _course_around(texts)
    read = read_files(files)
    _in_its_place(read, files)
    try:
        _runs_nothing(read)
    except Invalid:
        # Rendering refuses shapes that would take minutes, in a sentence.
        return False
    return True
