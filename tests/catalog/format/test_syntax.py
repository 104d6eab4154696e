"""What the reader says about each mistake, where it stands, and that it says nothing about a good course."""

from __future__ import annotations

import pytest

from app.catalog.format.reader import read_single
from tests.catalog.format.writing import COURSE, HEAD, MODULE, PAGE, QUIZ, codes, question, reading, said, single

BAD = """---
kind: course
id: bad
title: Bad
lang: en
---

## Check
<!-- quiz id=q1 pas=80 -->

### One
<!-- question id=a -->

- [x] Yes
- [ ] No
### Two
<!-- question id=a type=numeric -->

- [x] `7..2`

### Three

- [x] Yes
- [ ] No



### Four
<!-- question id=d type=single -->

- [x] Yes
- [x] No
"""

GOOD = "- [x] Taip\n- [ ] Ne\n"


def test_a_good_course_has_nothing_to_tell():
    assert said(reading()) == []


def test_every_problem_of_a_bad_file_is_told_in_one_run_as_the_manual_prints_it():
    assert said(read_single("bad.md", BAD)) == [
        'bad.md:9:17: E103 unknown attribute "pas" on quiz, did you mean "pass"?',
        'bad.md:17:1: E112 id "a" already used on line 12',
        'bad.md:19:1: E147 not a number, "a ± b" or "a..b": 7..2',
        'bad.md:21:1: E120 heading "Three" inside quiz "q1" has no question/pool/draw comment',
        "bad.md:31:1: E142 single choice needs exactly one [x], found 2",
    ]


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("E100", f"## T\n<!-- quizz id=t -->\n\n### K\n\n{GOOD}"),
        ("E101", f"## T <!-- question id=k -->\n\n{GOOD}"),
        ("E101", f"## T\n\nTekstas\n\n<!-- question id=k -->\n\n{GOOD}"),
        ("E101", f"## T\n<!-- question id=k --> ir dar\n\n{GOOD}"),
        ("E101", f"## T\n<!-- question\nid=k -->\n\n{GOOD}"),
        ("E101", f"## T\n<!-- question id=k\n\n{GOOD}"),
        ("E101", f"## T\n\n    <!-- question id=k -->\n\n{GOOD}"),
        ("E101", f"## T\n<!-- question id=k --> <!-- question id=l -->\n\n{GOOD}"),
        ("E102", f"## T\n<!-- question id=k sumaišyti -->\n\n{GOOD}"),
        ("E103", f"## T\n<!-- question id=k taškai=1 points=1 pont=2 -->\n\n{GOOD}"),
        ("E104", f"## T\n<!-- question id=k points=daug -->\n\n{GOOD}"),
        ("E104", f"## T\n<!-- quiz id=t time=30min -->\n\n### K\n<!-- question id=k -->\n\n{GOOD}"),
        ("E105", f"## T\n<!-- question id=k -->\n\n{GOOD}\n[x]: https://example.lt\n"),
        ("E108", f"## T\n<!-- question id=k points=1 points=2 -->\n\n{GOOD}"),
        ("E109", "> " * 120 + "a"),
        ("E110", f"## T\n<!-- question -->\n\n{GOOD}"),
        ("E111", f"## T\n<!-- question id=Ką -->\n\n{GOOD}"),
        ("E114", f"## T\n<!-- question id=k see=mazas#nera -->\n\n{GOOD}"),
        ("E113", f"## T\n<!-- question id=k see=kitas-puslapis -->\n\n{GOOD}"),
        ("E113", f"## T\n<!-- question id=k outcomes=nera -->\n\n{GOOD}"),
        ("E121", f"## T\n<!-- question id=k -->\n\n### Giliau\n<!-- question id=l -->\n\n{GOOD}"),
        ("E122", f"Antraštė\n--------\n\nTekstas.\n\n## T\n<!-- question id=k -->\n\n{GOOD}"),
        ("E123", f"## T\n<!-- question id=k -->\n\n{GOOD}\nDar tekstas.\n"),
        ("E123", f"## T\n<!-- question id=k -->\n\n> [!HINT]\n> Užuomina.\n\n{GOOD}"),
        ("E124", f"## T\n<!-- question id=k type=singel -->\n\n{GOOD}"),
        ("E126", f"## T\n<!-- pool id=t -->\n\n### K\n<!-- question id=k -->\n\n{GOOD}"),
        (
            "E126",
            f"## T\n<!-- quiz id=t -->\n\n### T2\n<!-- quiz id=t2 -->\n\n#### K\n<!-- question id=k -->\n\n{GOOD}",
        ),
        ("E127", "## T\n<!-- quiz id=t -->\n\nNieko.\n"),
        ("E128", "## T\n<!-- question id=k -->\n\nBe atsakymų.\n"),
        ("E128", "## T\n<!-- question id=k type=single -->\n\n| a | b |\n| --- | --- |\n| c | d |\n"),
        (
            "E130",
            f"## T\n<!-- question id=k -->\n\n{GOOD}\n> [!HINT]\n> Užuomina.\n> [!EXPLANATION]\n> Paaiškinimas.\n",
        ),
        ("E131", "## T\n<!-- question id=k -->\n\n- [x] Taip\n  > Viena.\n\n  > Dvi.\n- [ ] Ne\n"),
        ("E132", "> [!NOTICE]\n> Tekstas.\n"),
        ("E132", "> [!HINT]\n> Užuomina puslapyje.\n"),
        ("E133", f"## T\n<!-- question id=k -->\n\n{GOOD}\n> [!CORRECT]\n> Viena.\n\n> [!CORRECT]\n> Dvi.\n"),
        ("E170", "Štai: ![](media/a.png)\n"),
        ("E180", "Tekstas su <b>HTML</b>.\n"),
        ("E180", "<script>alert(1)</script>\n"),
        ("E181", "Štai [byla](media/nera.pdf).\n"),
        ("E181", "Žr. [skyrių](#nera).\n"),
        ("E182", "Štai [byla](../../etc/passwd).\n"),
        ("E183", "Štai [byla](/etc/passwd).\n"),
        ("E183", "Štai [byla](ftp://example.lt/a).\n"),
        ("E183", "![Paveikslas](https://example.lt/a.png)\n"),
        ("W201", f"Sąrašas:\n\n{GOOD}"),
        ("W203", "# Kita antraštė\n\nTekstas.\n"),
        (
            "W205",
            f"## T\n<!-- quiz id=t -->\n\n### P\n<!-- pool id=p -->\n\nTekstas.\n\n#### K\n<!-- question id=k -->\n\n{GOOD}",
        ),
        ("W207", f"## T\n<!-- question id=k -->\n\n{GOOD}\n> [!RUBRIC]\n> Balai.\n"),
    ],
)
def test_each_mistake_in_a_body_has_its_code(code: str, body: str):
    assert code in codes(single(body))


@pytest.mark.parametrize(
    ("code", "answers", "attributes"),
    [
        ("E140", "- [x] Taip\n- Ne\n", ""),
        ("E141", "- [ ] Taip\n- [ ] Ne\n", ""),
        ("E141", "- [ ] `1`\n", "type=numeric"),
        ("E143", "- [x] Taip\n", ""),
        ("E144", "- [x] Taip\n- [ ] Ne\n- [ ] Gal\n", "type=truefalse"),
        ("E145", "- [x] Taip\n- [ ] Taip\n", ""),
        ("E146", "- [x] 72\n", "type=numeric"),
        ("E146", "- [x] DAP\n", "type=text"),
        ("E147", "- [x] `3,14`\n", "type=numeric"),
        ("E148", "- [x] Taip\n- [150%] Labai\n", ""),
        ("E148", "- [x] Taip\n- [ ] Ne\n\n  Antra pastraipa.\n", ""),
        ("E148", "- [x]\n- [ ] Ne\n", ""),
        ("E149", "- [x] `(a`\n", "type=text match=regex"),
        ("E149", "- [x] `(a+)+b`\n", "type=text match=regex"),
        ("E149", "- [x] `(a|aa)+b`\n", "type=text match=regex"),
        ("E149", "- [x] `.*a.*b.*c.*`\n", "type=text match=regex"),
    ],
)
def test_each_mistake_in_an_answer_list_has_its_code(code: str, answers: str, attributes: str):
    assert codes(question(answers, attributes)) == [code]


def test_an_unmarked_list_in_front_of_the_answers_is_told_once():
    found = said(question("- pirmas\n- antras\n- [x] Taip\n- [ ] Ne\n"))
    assert found == ["kursas.md:10:1: E140 an answer starts with [x], [ ] or a percentage in brackets"]


def test_a_comment_shown_as_code_is_only_shown():
    assert codes(single("Rašoma `<!-- question id=k -->` arba:\n\n```\n<!-- quiz id=t -->\n```\n")) == []


def test_an_ordinary_comment_may_stand_in_the_text_and_is_not_shown():
    read = single("Pirma.\n\n<!-- pastaba redaktoriui -->\n\nAntra <!-- čia irgi -->.\n")
    assert codes(read) == []
    [prose] = read.course.pages()[0].texts["lt"].blocks
    assert "pastaba" not in prose.markdown and "irgi" not in prose.markdown and "Antra." in prose.markdown


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("course.md", "Tekstas.\n", "1:1: E106 a file begins with its front matter, between two lines of ---"),
        ("course.md", "---\nkind: course\ntitle: a: b\n---\n", "3:9: E106 front matter is not YAML: mapping values are not allowed here"),
        ("course.md", COURSE.replace("lang: lt", "lang: no"), '6:7: E104 language "no" is written "nb" (bokmål) or "nn" (nynorsk)'),
        ("course.md", COURSE.replace("{by: R", "{byy: R"), '16:12: E103 unknown key "byy" on reviewed, did you mean "by"?'),
        ("course.md", COURSE.replace("on: 2026-11-01", "on: rytoj"), '16:32: E104 "reviewed.on" is a date such as 2026-11-01'),
        ("01-pradzia/01-kodel.md", "---\nkind: page\nid: kodel\n---\n\n## Pavyzdys\n", '1:1: E107 "title" is missing'),
        ("01-pradzia/01-kodel.md", PAGE.replace("minutes", "minuts"), '5:1: E103 unknown key "minuts" on page, did you mean "minutes"?'),
        ("01-pradzia/01-kodel.md", PAGE.replace("minutes: 2", "minutes: 2\nminutes: 3"), '6:1: E108 key "minutes" is given twice'),
        ("01-pradzia/01-kodel.md", PAGE.replace("minutes: 2", "minutes: trys"), '5:10: E104 "minutes" is a whole number, at least 1'),
        ("01-pradzia/01-kodel.md", PAGE.replace("kind: page", "kind: module"),
         '2:7: E104 "kind" is page for a file in this place, not module'),
        ("01-pradzia/01-kodel.md", PAGE.replace("id: kodel", "id: K"),
         '3:5: E111 bad id "K": small letters, digits and single hyphens, 2 to 64 characters'),
        ("01-pradzia/95-kodel.md", PAGE.replace("id: kodel", "id: testas"),
         '3:5: E112 id "testas" already used in 01-pradzia/90-testas.md on line 3'),
    ],
)  # fmt: skip
def test_front_matter_is_wrong_to_the_column(path: str, text: str, expected: str):
    assert f"{path}:{expected}" in said(reading({path: text}))


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("E104", {"01-pradzia/01-kodel.no.md": "---\ntitle: Hvorfor\n---\n"}),
        ("E104", {"01-pradzia/01-kodel.md": PAGE.replace("minutes: 2", "lang: en")}),
        ("E109", {"course.md": None, "kitas.md": HEAD}),
        ("E109", {"01-pradzia/module.md": None}),
        ("E109", {"skaityk.docx": b"PK"}),
        ("E109", {"01-pradzia/gilyn/01-a.md": PAGE}),
        ("E109", {"course.md": b"---\n\xff\n---\n"}),
        ("E109", {"01-pradzia/01-kodel.md": "a" * 300_000}),
        ("E109", {"01-pradzia/01-kodel.md": PAGE + "a" * 30_000}),
        ("E109", {"01-pradzia/01-kodel.md": PAGE + "\0"}),
        ("E113", {"01-pradzia/01-kodel.md": PAGE.replace("minutes: 2", "requires: [nera]")}),
        ("E113", {"01-pradzia/01-kodel.md": PAGE.replace("minutes: 2", "outcomes: [nera]")}),
        ("E113", {"course.md": COURSE.replace("certificate:", "completion: {quizzes: [nera]}\ncertificate:")}),
        ("E115", {"course.md": COURSE.replace("certificate:", "retired: [kodel]\ncertificate:")}),
        ("E115", {"01-pradzia/01-kodel.md": PAGE.replace("minutes: 2", "was: [testas]")}),
        ("E116", {"01-pradzia/01-kodel.md": PAGE.replace("minutes: 2", "requires: [kodel]")}),
        ("E126", {"01-pradzia/module.md": MODULE + "\n## T\n<!-- quiz id=t -->\n"}),
        ("E127", {"02-tuscias/module.md": MODULE.replace("id: pradzia", "id: tuscias")}),
        ("E160", {"01-pradzia/90-testas.md": QUIZ + "\n### Iš banko\n<!-- draw id=b bank=nera count=1 -->\n"}),
        ("W204", {"01-pradzia/pabaiga.md": PAGE.replace("id: kodel", "id: pabaiga")}),
        ("W204", {"01-pradzia/01-pabaiga.md": PAGE.replace("id: kodel", "id: pabaiga")}),
    ],
)
def test_each_mistake_between_files_has_its_code(code: str, changed: dict[str, str | bytes | None]):
    assert code in codes(reading(changed))


def test_yaml_that_would_grow_without_end_is_refused():
    head = "a: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]\n"
    assert codes(single("", head=f"---\n{head}---\n"))[0] == "E106"


def test_windows_line_ends_and_a_byte_order_mark_change_nothing():
    read = reading({"course.md": b"\xef\xbb\xbf" + COURSE.replace("\n", "\r\n").encode()})
    assert said(read) == []
    assert read.course.texts["lt"].body == "Apie ką šis kursas."


def test_what_systems_leave_behind_is_passed_over():
    extra = {".git/config": b"x", "__MACOSX/a.md": b"x", "Thumbs.db": b"x", "README.md": b"x", "media/.DS_Store": b"x"}
    assert said(reading(dict(extra))) == []
