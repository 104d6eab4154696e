"""Every code the reader knows: each is heard, at its line and column, and stands in the manual."""

from __future__ import annotations

import ast
import io
import re
import zipfile
from pathlib import Path

import pytest

from app.catalog.format.lock import ids_lock_json, lint
from app.catalog.format.reader import read_files, read_folder, read_zip
from app.settings import ROOT
from tests.catalog.format.writing import HEAD, PAGE, QUIZ, course_of, reading, said, single
from tests.docs.mistakes import MANUAL, mistakes

GOOD = "- [x] Taip\n- [ ] Ne\n"
KODEL = "01-pradzia/01-kodel.md"
_CODE = re.compile(r"[EW]\d{3}")


def asked(body: str, attributes: str = "") -> dict[str, str | bytes | None]:
    return {"kursas.md": f"{HEAD}## T\n<!-- question id=k{attributes} -->\n\n{body}"}


def quiz(rules: str) -> dict[str, str | bytes | None]:
    return {"kursas.md": f"{HEAD}## T\n<!-- quiz id=t {rules} -->\n\n### K\n<!-- question id=k -->\n\n{GOOD}"}


def pool(first: str = "", attributes: str = "") -> dict[str, str | bytes | None]:
    """A quiz with a pool of two."""
    quiz = f"## T\n<!-- quiz id=t -->\n\n### P\n<!-- pool id=p -->\n\n{first}#### A\n<!-- question id=a -->\n\n{GOOD}\n"
    return {"kursas.md": f"{HEAD}{quiz}#### B\n<!-- question id=b{attributes} -->\n\n{GOOD}"}


# What is not in the manual with a file of its own. A course of one file stands alone, others change the good course.
CASES: list[tuple[dict[str, str | bytes | None], str]] = [
    (asked(GOOD, " points=1 points=2"), 'kursas.md:8:29: E108 attribute "points" is given twice'),
    ({KODEL: b"---\n\xff\n---\n"}, f"{KODEL}:2:1: E109 this file is not written in UTF-8"),
    ({KODEL: PAGE.replace("minutes: 2", "outcomes: [parasyt]")},
     f'{KODEL}:5:11: E113 outcomes: there is no "parasyt" in this course, did you mean "parasyti"?'),
    ({KODEL: f"{PAGE}\n## T\n<!-- question id=k see=kodel#pavizdys -->\n\n{GOOD}"},
     f'{KODEL}:22:20: E114 see: page "kodel" has no heading "#pavizdys"'),
    ({KODEL: PAGE.replace("minutes: 2", "was: [testas]")},
     f'{KODEL}:5:6: E115 was: "testas" is still used in 01-pradzia/90-testas.md on line 3'),
    ({KODEL: PAGE.replace("minutes: 2", "requires: [kodel]")},
     f'{KODEL}:5:11: E116 page "kodel" requires itself, at once or by way of others'),
    (asked(f"### V\n<!-- question id=v -->\n\n{GOOD}"), 'kursas.md:11:1: E121 heading "V" inside a question may not carry a comment'),
    ({"kursas.md": f"{HEAD}Vardas\n------\n\n## T\n<!-- question id=k -->\n\n{GOOD}"},
     "kursas.md:7:1: E122 write headings with #, not underlined, in a file with questions"),
    (asked(GOOD, " type=singel"), 'kursas.md:8:20: E124 unknown question type "singel", did you mean "single"?'),
    ({"kursas.md": f"{HEAD}## P\n<!-- pool id=p -->\n"}, "kursas.md:8:1: E126 a pool stands in a quiz or section, one heading level below it"),
    (asked("Tekstas.\n"), "kursas.md:8:1: E128 this question has no answers: a list of - [x] and - [ ]"),
    (asked("- [x] Taip\n  > Viena.\n\n  > Dvi.\n- [ ] Ne\n"), "kursas.md:13:3: E131 one quote of feedback to an answer"),
    (asked(f"{GOOD}\n> [!CORRECT]\n> Taip.\n\n> [!CORRECT]\n> Taip.\n"), "kursas.md:16:1: E133 [!CORRECT] is given twice"),
    (asked("- [x] Taip\n"), "kursas.md:10:1: E143 a choice question needs at least two answers"),
    (asked(f"{GOOD}- [ ] Gal\n", " type=truefalse"),
     "kursas.md:10:1: E144 truefalse needs exactly two answers, one of them marked [x]"),
    (asked("- [x]\n- [ ] Ne\n"), "kursas.md:10:1: E148 this answer has no text"),
    (asked("- [x] `(a+)+b`\n", " type=text match=regex"),
     "kursas.md:10:1: E149 this regular expression could take too long: (a+)+b"),
    (asked("- a\n- b\n", " type=match"),
     "kursas.md:10:1: E150 type=match needs a table of two columns: what is asked, and what belongs to it"),
    (asked("| A | B |\n| --- | --- |\n| a | b |\n", " type=match"), "kursas.md:10:1: E155 type=match needs at least two pairs"),
    (asked("Žr. [čia [[a]]](https://example.lt).\n", " type=cloze"),
     "kursas.md:10:10: E156 a gap may not stand in a link, a picture or the head of a table"),
    (pool(attributes=" points=2"), 'kursas.md:11:1: E161 all questions of pool "p" must be worth the same points'),
    ({"media/a.mp3": b"ID3", "media/a.md": b"Labas.", KODEL: f"{PAGE}\n[Garsas](media/a.mp3)\n"},
     f"{KODEL}:21:10: E171 a recording needs captions: media/a.vtt"),
    ({"media/a.mp3": b"ID3", "media/a.vtt": b"WEBVTT\n", KODEL: f"{PAGE}\n[Garsas](media/a.mp3)\n"},
     f"{KODEL}:21:10: E171 a recording needs a transcript: media/a.md"),
    ({"media/a.exe": b"MZ"}, ("media/a.exe:1:1: E173 files of this kind are not taken; these are: png, jpg, jpeg, gif, webp, svg, "
     "pdf, mp4, webm, mp3, vtt, odt, ods, odp, docx, xlsx, pptx, md")),
    ({"media/a.png": b"MZ"}, "media/a.png:1:1: E174 this file is not what its name says: it holds no png"),
    ({"media/a.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'},
     "media/a.svg:1:1: E175 this drawing cannot be taken: <script>"),
    ({KODEL: f"{PAGE}\n[Byla](../../a.pdf)\n"}, f"{KODEL}:21:8: E182 a path may not lead out of the course: ../../a.pdf"),
    ({"a\\b.md": "Tekstas."}, "a\\b.md:1:1: E184 this name is not taken: a\\b.md"),
    ({"01-pradzia/05-nera.en.md": "---\ntitle: None\n---\n"},
     "01-pradzia/05-nera.en.md:1:1: E194 there is no 01-pradzia/05-nera.md that this could be a variant of"),
    ({KODEL: PAGE.replace("# Kodėl aiškiai\n", "# Kodėl\n")}, f'{KODEL}:8:1: W203 heading "Kodėl" is not the title "Kodėl aiškiai"'),
    ({"01-pradzia/pabaiga.md": PAGE.replace("id: kodel", "id: pabaiga")},
     "01-pradzia/pabaiga.md:1:1: W204 a name starts with the number that orders it: 01-name"),
    (pool(first="Tekstas.\n\n"), "kursas.md:13:1: W205 text in a pool or draw is never shown"),
    (asked(f"{GOOD}\n> [!RUBRIC]\n> Balai.\n"),
     "kursas.md:13:1: W207 [!RUBRIC] is never shown: this question is marked by its answers"),
    (quiz("open=2026-12-02 close=2026-12-01"), "kursas.md:8:32: E164 the quiz closes before it opens"),
    (quiz("tries=3"), "kursas.md:8:16: E165 tries=… needs feedback=after-each: only a checked answer can be tried again"),
    (quiz("mode=survey pass=80"), 'kursas.md:8:28: W208 "pass" does nothing for mode=survey'),
]  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), CASES, ids=[line.split(": ")[1][:4] for _, line in CASES])
def test_a_mistake_is_told_where_it_stands(files: dict[str, str | bytes | None], expected: str):
    alone = "kursas.md" in files
    read = read_files({p: str(t).encode() for p, t in files.items()}) if alone else reading(files)
    assert expected in said(read)


def archived(files: dict[str, bytes], mode: int = 0, comment: bytes = b"") -> list[str]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path)
            entry.external_attr = mode << 16
            archive.writestr(entry, data)
    return [problem.code for problem in read_zip(packed.getvalue() + comment).problems]


def from_archives_and_locks(folder: Path) -> set[str]:
    """Codes that speak of no text: of archives, of folders, of lists of ids."""
    heard = {
        *archived({"course.md": b""}, mode=0o120777),
        *archived({"a.md": b"", "A.md": b""}),
        *archived({}, comment=b"x"),
    }
    many = {f"media/{number}.md": b"" for number in range(5001)}
    heard |= set(archived(many))
    (folder / "course.md").write_text(HEAD)
    (folder / "ids.lock.json").write_text("[]")
    heard |= {problem.code for problem in read_folder(folder).problems}
    lock = ids_lock_json(course_of(reading()))
    renamed = course_of(reading({"01-pradzia/90-testas.md": QUIZ.replace("id=kiek", "id=keli")}))
    return heard | {problem.code for problem in lint(renamed, lock)}


def known() -> set[str]:
    """Every code in the reader's source."""
    found: set[str] = set()
    for path in (ROOT / "app" / "catalog" / "format").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value):
                found.add(node.value)
    return found


def test_there_is_no_code_that_has_not_been_heard(tmp_path: Path):
    heard = {line.split(": ")[1][:4] for _, line in CASES}
    heard |= {line.split(": ")[1][:4] for mistake in mistakes() for line in mistake.printed}
    assert known() - heard - from_archives_and_locks(tmp_path) == set()


def test_the_manual_lists_every_code_and_no_other():
    table = MANUAL.read_text("utf-8").partition("## Every code")[2]
    assert set(re.findall(r"^\| ([EW]\d{3}) \|", table, re.M)) == known()


def test_what_is_told_of_one_file_is_told_of_its_own_lines():
    read = single("[x]: https://example.lt\n\n## T\n<!-- question id=k -->\n\n- [x] Taip\n- [ ] Ne\n")
    assert said(read) == ["kursas.md:7:1: E105 a link may not be named [x], since that is the mark of a right answer"]
