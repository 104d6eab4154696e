"""Ids are for ever: what a lock file says against a later reading."""

from __future__ import annotations

import json
from pathlib import Path

from app.catalog.format.lock import ids_lock, ids_lock_json, lint
from app.catalog.format.reader import read_folder
from tests.catalog.format.writing import FILES, QUIZ, course_of, reading, single


def test_the_lock_lists_every_id_with_its_kind_and_revision():
    course = course_of(reading())
    ids = ids_lock(course)["ids"]
    assert {name: entry["kind"] for name, entry in ids.items()} == {
        "pradzia": "module", "kodel": "page", "testas": "page", "pasitikrinimas": "quiz",
        "aiskesnis": "question", "ilgas": "question", "kiek": "question",
    }  # fmt: skip
    assert (ids["kiek"]["type"], len(ids["kiek"]["rev"])) == ("numeric", 12)
    assert list(ids) == sorted(ids)


def test_a_course_agrees_with_its_own_lock():
    for course in (course_of(reading()), course_of(single("## K\n<!-- question id=k -->\n\n- [x] Taip\n- [ ] Ne\n"))):
        assert lint(course, ids_lock_json(course)) == []


def changed(old: str, new: str) -> list[str]:
    assert old in QUIZ
    lock = ids_lock_json(course_of(reading()))
    later = course_of(reading({"01-pradzia/90-testas.md": QUIZ.replace(old, new)}))
    return [f"{problem.code} {problem.path}" for problem in lint(later, lock)]


def test_an_id_may_not_vanish_unless_it_is_retired_or_renamed():
    assert changed("id=kiek", "id=kiek-zodziu") == ["W192 01-pradzia/90-testas.md", "E190 ids.lock.json"]
    assert changed("id=kiek", "id=kiek-zodziu was=kiek") == []
    assert changed("id=kiek", "id=kiek retired=yes") == []


def test_the_line_of_a_vanished_id_is_its_line_in_the_lock():
    lock = ids_lock_json(course_of(reading()))
    [problem] = lint(
        course_of(
            reading(
                {"01-pradzia/01-kodel.md": FILES["01-pradzia/01-kodel.md"].replace("id: kodel", "id: kodel-kitaip")}
            )
        ),
        lock,
    )
    assert '"kodel"' in lock.split("\n")[problem.line - 1]


def test_a_question_may_not_become_another_type_under_its_id():
    assert changed("<!-- question id=aiskesnis ", "<!-- question id=aiskesnis type=multiple ") == [
        "E191 01-pradzia/90-testas.md"
    ]


def test_new_words_and_new_ids_are_no_business_of_the_lock():
    assert changed("Skelti į du", "Skelti į tris") == []
    assert changed("### Kiek", "### Naujas\n<!-- question id=naujas -->\n\n- [x] Taip\n- [ ] Ne\n\n### Kiek") == []


def test_a_lock_that_cannot_be_read_is_told():
    for text in ("", "[]", '{"ids": []}', '{"ids": {"a": 1}}', "[" * 100_000):
        assert [problem.code for problem in lint(course_of(reading()), text)] == ["E195"]


def test_a_folder_is_held_against_the_lock_in_it(tmp_path: Path):
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    lock = ids_lock(course_of(reading()))
    lock["ids"]["dingo"] = {"kind": "page"}
    (tmp_path / "ids.lock.json").write_text(json.dumps(lock))
    assert [problem.code for problem in read_folder(tmp_path).problems] == ["E190"]


CLOZE = "## K\n<!-- question id=k type=cloze -->\n\nVienas [[a]] ir [[b]].\n"


def recounted(now: str, before: str = CLOZE) -> list[str]:
    return [problem.code for problem in lint(course_of(single(now)), ids_lock_json(course_of(single(before))))]


def test_gaps_that_are_only_counted_may_not_be_more_or_fewer():
    assert recounted(CLOZE.replace("Vienas", "[[Vienas]]")) == ["E162"]
    assert recounted(CLOZE.replace("[[a]]", "a")) == ["E162"]
    assert recounted(CLOZE.replace("[[a]]", "[[z]]")) == []
    assert recounted(CLOZE.replace("[[a]]", "[[a]]<!-- id=g1 -->").replace("[[b]]", "[[b]]<!-- id=g2 -->")) == []


def test_gaps_with_ids_may_come_and_go():
    named = CLOZE.replace("[[a]]", "[[a]]<!-- id=x -->").replace("[[b]]", "[[b]]<!-- id=y -->")
    assert recounted(named.replace("Vienas", "[[Vienas]]<!-- id=z -->"), named) == []
    assert recounted(named.replace("[[a]]<!-- id=x -->", "a"), named) == []
