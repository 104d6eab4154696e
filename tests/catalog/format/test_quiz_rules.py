"""Every rule a quiz can carry: read, written back, and wrong to the column."""

from __future__ import annotations

import pytest

from app.catalog.format import terms, writer
from app.catalog.format.model import Quiz, QuizMode
from app.catalog.format.reader import read_files, read_zip
from tests.catalog.format.writing import HEAD, said

GOOD = "- [x] Taip\n- [ ] Ne\n"
RULES = (
    "mode=exam feedback=after-each tries=3 delay=P1DT2H open=2026-12-01T09:00 close=2026-12-05 grace=PT2M "
    'navigation=sequential certainty=yes repeat=yes show-during="correctness, feedback" show-later=none show-closed=all'
)
SECTIONS = f"""## T
<!-- quiz id=t {RULES} -->

### Pirma dalis
<!-- section id=pirma shuffle=options -->

Įžanga į dalį.

#### A
<!-- question id=a -->

{GOOD}
### Antra dalis
<!-- section id=antra -->

#### Grupė
<!-- pool id=p draw=1 -->

##### B
<!-- question id=b -->

{GOOD}
##### C
<!-- question id=c -->

{GOOD}"""


def quiz_in(files: dict[str, bytes]) -> Quiz:
    read = read_files(files)
    assert read.course is not None and not read.errors, read.errors
    blocks = read.course.pages()[0].texts["lt"].blocks
    return next(block for block in blocks if isinstance(block, Quiz))


def test_every_rule_is_read_and_comes_back():
    files = {"kursas.md": f"{HEAD}{SECTIONS}".encode()}
    quiz = quiz_in(files)
    assert quiz.mode is QuizMode.EXAM
    assert (quiz.tries, quiz.delay, quiz.grace) == (3, 26 * 3600, 120)
    assert (quiz.opens, quiz.closes) == ("2026-12-01T09:00", "2026-12-05")
    assert (quiz.navigation, quiz.certainty, quiz.repeat) == ("sequential", True, True)
    own = ("correctness", "marks", "feedback")
    assert quiz.show == {"during": ("correctness", "feedback"), "after": own, "later": (), "closed": terms.SHOWN}
    assert [(one.id, one.titles["lt"], one.items, one.shuffle) for one in quiz.sections] == [
        ("pirma", "Pirma dalis", ("a",), "options"),
        ("antra", "Antra dalis", ("p",), ""),
    ]
    assert quiz.sections[0].intros == {"lt": "Įžanga į dalį."}
    assert [item.id for item in quiz.items] == ["a", "p"]
    course = read_files(files).course
    assert course is not None
    assert read_zip(writer.write_zip(course)).course == course


def test_a_day_alone_opens_at_its_beginning_and_closes_at_its_end():
    assert terms.opens("2026-12-01").isoformat() == "2026-12-01T00:00:00+02:00"
    assert terms.closes("2026-12-01").isoformat() == "2026-12-02T00:00:00+02:00"
    assert terms.closes("2026-07-01T12:30").isoformat() == "2026-07-01T12:30:00+03:00"


def test_a_version_that_said_less_still_says_the_same():
    old = {"mode": "exam", "feedback": "after-quiz", "show_key": False, "seconds": 0}
    made = terms.complete(old)
    assert made["show"]["after"] == ["correctness", "marks", "feedback"]
    assert made["show"]["closed"] == list(terms.SHOWN)
    assert (made["grace"], made["tries"], made["repeat"], made["sections"]) == (30, 0, False, [])
    assert terms.complete({**old, "feedback": "none"})["show"]["closed"] == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("## T\n<!-- quiz id=t delay=soon -->\n", '8:16: E104 "delay" cannot be "soon", expected: PT2M, PT12H, P1D'),
        ("## T\n<!-- quiz id=t open=2026-13-01 -->\n",
         '8:16: E104 "open" cannot be "2026-13-01", expected: 2026-12-01T09:00'),
        ("## T\n<!-- quiz id=t show-after=points -->\n",
         '8:16: E104 "show-after" cannot be "points", expected: correctness, marks, feedback, answer; all; none'),
        ("## T\n<!-- quiz id=t -->\n\n### D\n<!-- section id=d -->\n", '11:1: E127 section "d" has no questions'),
        ("## T\n<!-- quiz id=t -->\n\n### D\n<!-- section id=d -->\n\n#### E\n<!-- section id=e -->\n", "14:1: E126 a section stands in a quiz, one heading level below it"),
        (f"## T\n<!-- quiz id=t -->\n\n### D\n<!-- section id=d -->\n\n#### A\n\n{GOOD}",
         '13:1: E120 heading "A" inside section "d" has no question/pool/draw comment'),
        ("## D\n<!-- section id=d -->\n", "8:1: E126 a section stands in a quiz, one heading level below it"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_where_it_stands(body: str, expected: str):
    assert f"kursas.md:{expected}" in said(read_files({"kursas.md": f"{HEAD}{body}".encode()}))


def test_nothing_in_a_survey_needs_to_be_marked():
    text = (
        f"{HEAD}## T\n<!-- quiz id=t mode=survey -->\n\n### K\n<!-- question id=k type=scale -->\n\n- Blogai\n- Gerai\n"
    )
    quiz = quiz_in({"kursas.md": text.encode()})
    assert (quiz.counts, quiz.attempts, quiz.repeat) == (False, 1, False)
    assert set(quiz.show.values()) == {()}
