"""Ids are for ever: what a lock file says against a later reading."""

from __future__ import annotations

import json
from pathlib import Path

from app.catalog.format.lock import ids_lock, ids_lock_json, lint
from app.catalog.format.reader import read_folder
from tests.catalog.format.test_languages import TRANSLATED
from tests.catalog.format.writing import COURSE, FILES, MODULE, QUIZ, course_of, reading, single


def test_the_lock_lists_every_id_with_its_kind_and_revision():
    course = course_of(reading())
    ids = ids_lock(course)["ids"]
    assert {name: entry["kind"] for name, entry in ids.items()} == {
        "pradzia": "module", "kodel": "page", "testas": "page", "pasitikrinimas": "quiz",
        "aiskesnis": "question", "ilgas": "question", "kiek": "question", "naudinga": "question",
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


def lags(changed: dict[str, str], before: dict[str, str] | None = None) -> list[str]:
    """What is said of translations after some files changed."""
    both = dict(TRANSLATED) | (before or {})
    locked = ids_lock_json(course_of(reading(dict(both))))
    return [f"{p.code} {p.path}" for p in lint(course_of(reading(dict(both | changed))), locked)]


def test_a_translation_lags_when_its_source_has_changed_and_it_has_not():
    path, english = "01-pradzia/90-testas.md", "01-pradzia/90-testas.en.md"
    source = QUIZ.replace("Trys klausimai.", "Keli klausimai.")
    assert lags({}) == []
    assert lags({path: source}) == [f"QC17 {english}"]
    assert lags({path: source, english: TRANSLATED[english].replace("Three questions.", "Some questions.")}) == []
    assert lags({"01-pradzia/module.md": MODULE.replace("Įvadas.", "Kitas įvadas.")}) == [
        "QC17 01-pradzia/module.en.md"
    ]
    assert lags({"course.md": COURSE.replace("Apie ką šis kursas.", "Apie raštus.")}) == ["QC17 course.en.md"]


def test_other_points_and_keys_are_no_work_for_translators():
    assert lags({"01-pradzia/90-testas.md": QUIZ.replace("points=2 ", "points=3 ")}) == []
    assert lags({"course.md": COURSE.replace("minutes: 4", "minutes: 5")}) == []


def test_a_page_that_borrows_the_body_of_its_source_never_lags():
    assert lags({"01-pradzia/01-kodel.md": FILES["01-pradzia/01-kodel.md"].replace("laiką", "visų laiką")}) == []


def test_what_an_export_says_has_gone_may_be_gone():
    lock = ids_lock(course_of(reading()))
    lock["ids"]["senas"] = {"kind": "question", "type": "single", "gone": ""}
    assert lint(course_of(reading()), json.dumps(lock)) == []
    back = course_of(reading({"01-pradzia/90-testas.md": QUIZ.replace("id=naudinga ", "id=senas ")}))
    assert "E191" in [problem.code for problem in lint(back, json.dumps(lock))]


def test_a_course_that_uses_an_id_twice_has_a_lock_too():
    twice = course_of(reading({"01-pradzia/90-testas.md": QUIZ.replace("id=kiek ", "id=ilgas ")}))
    assert ids_lock(twice)["ids"]["ilgas"]["kind"] == "question"
