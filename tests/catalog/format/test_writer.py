"""What is written reads back the same, and the same content has the same address."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalog.format.model import Reading
from app.catalog.format.reader import read_files, read_single, read_zip
from app.catalog.format.writer import content_hash, contents, write_zip
from tests.catalog.format.writing import FILES, HEAD, course_of, only_question, reading

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=20).map(
    lambda text: " ".join(text.split()) or "a"
)
LETTERS = st.text(alphabet="abcdefghijklmnopqrstuvwxyząčęėįšųūžæøå ", min_size=1, max_size=30).map(
    lambda text: " ".join(text.split()) or "a"
)


def test_a_course_written_as_a_zip_reads_back_the_same():
    course = course_of(reading({"media/a.md": b"Tekstas."}))
    again = read_zip(write_zip(course))
    assert (again.course, again.problems) == (course, ())
    assert write_zip(course_of(again)) == write_zip(course)


def test_the_address_is_of_the_files_and_of_nothing_else():
    base = content_hash(course_of(reading()))
    assert len(base) == 64
    assert content_hash(course_of(reading({"ids.lock.json": b"{}", "README.md": b"x"}))) == base
    assert content_hash(course_of(reading({"media/a.md": b""}))) != base
    assert content_hash(course_of(reading({"course.md": FILES["course.md"] + "\n"}))) != base


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["course.md", "course.en.md", "01-a.md", "02-b/module.md", "02-b/01-c.md", "banks/d.md"]),
                       st.lists(st.sampled_from([*FILES.values(), "", "- [x] a\n- [ ] b\n", "## Q\n<!-- question id=q -->\n", "> [!HINT]\n"]) | WORDS,
                                max_size=4).map("\n".join)))  # fmt: skip
def test_whatever_is_read_is_written_and_read_again_the_same(files: dict[str, str]):
    read = read_files({path: text.encode() for path, text in files.items()})
    if read.course is not None:
        again = read_zip(write_zip(read.course))
        assert again == read
        assert contents(course_of(again)) == contents(read.course)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_no_text_makes_the_reader_raise(text: str):
    assert isinstance(read_single("a.md", HEAD + text.encode("utf-8", "replace").decode()), Reading)
    assert isinstance(read_single("a.md", text.encode("utf-8", "replace").decode()), Reading)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(LETTERS, st.integers(-100, 100).filter(lambda n: n != 100)),
        min_size=1,
        max_size=5,
        unique_by=lambda a: a[0],
    ),
    LETTERS,
)
def test_an_answer_list_reads_back_as_it_was_meant(others: list[tuple[str, int]], right: str):
    others = [(text, credit) for text, credit in others if text != right] or [("kitas " + right, 0)]
    lines = [f"- [x] {right}", *(f"- [{credit}%] {text}" for text, credit in others)]
    question = only_question(read_single("a.md", HEAD + "## K\n<!-- question id=k -->\n\n" + "\n".join(lines) + "\n"))
    told = [(option.text, round(option.fraction * 100)) for option in question.texts["lt"].options]
    assert told == [(right, 100), *others]
