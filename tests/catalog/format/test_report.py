"""Problems in the forms that people and machines read."""

from __future__ import annotations

import json

from app.catalog.format.model import Severity
from app.catalog.format.problems import Notes, in_order, nearest, problem
from app.catalog.format.report import FORMATS, render

PROBLEMS = in_order(
    [
        problem("a.md", 3, 1, "W203", 'heading "%(heading)s"', heading="100%\nof it"),
        problem("a.md", 2, 5, "E104", "wrong"),
    ]
)


def test_lines_are_sorted_and_stand_as_file_line_column():
    assert render(PROBLEMS, "text").startswith("a.md:2:5: E104 wrong\na.md:3:1: W203 ")


def test_json_carries_the_severity():
    assert [row["severity"] for row in json.loads(render(PROBLEMS, "json"))] == ["E", "W"]


def test_sarif_names_its_rules_and_places():
    log = json.loads(render(PROBLEMS, "sarif"))
    [run] = log["runs"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["E104", "W203"]
    assert run["results"][0]["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "a.md"}, "region": {"startLine": 2, "startColumn": 5},
    }  # fmt: skip


def test_an_annotation_cannot_be_ended_early_by_its_message():
    first, second = render(PROBLEMS, "github").split("\n")
    assert first == "::error file=a.md,line=2,col=5,title=E104::wrong"
    assert second == '::warning file=a.md,line=3,col=1,title=W203::heading "100%25%0Aof it"'


def test_nothing_wrong_is_nothing_to_say():
    assert [render((), fmt) for fmt in FORMATS[:2]] == ["", "[]"]


def test_the_first_letter_of_a_code_is_its_severity():
    found = []
    Notes("a", found).note(1, 1, "W201", "a %(line)s", line=7)
    assert (found[0].severity, found[0].message, found[0].values) == (Severity.WARNING, "a 7", (("line", "7"),))


def test_a_word_far_from_every_other_gets_no_guess():
    assert (nearest("quizz", ("quiz", "pool")), nearest("zzz", ("quiz", "pool"))) == ("quiz", "")
