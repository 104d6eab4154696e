"""Requirements from the command line: tried, set once, listed, and held against the evidence."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from app.kit import clock
from tests.cli.test_commands import Run, _tables_back, run, write_course

__all__ = ["_tables_back", "run"]


def test_a_rule_in_a_file_is_tried_set_once_and_listed(run: Run, tmp_path: Path) -> None:
    run("people", "administrator", "ona@sav.example", "Ona", "Petraitienė")
    run("courses", "sync", str(write_course(tmp_path / "mine").parent))
    rule = tmp_path / "rule.json"
    due_on = (clock.today() + timedelta(days=60)).isoformat()
    said = {"course": "fire-safety", "organisation": "lietuva", "due_on": due_on, "valid_months": 12}
    rule.write_text(json.dumps(said), "utf-8")
    tried = run("requirements", "dry-run", str(rule)).output
    assert "1 people in 1 units, 0 already valid, 0 with a date too near." in tried and due_on in tried
    assert run("requirements", "list").output == ""
    assert "1 added" in run("requirements", "apply", str(rule)).output
    assert "0 added" in run("requirements", "apply", str(rule)).output
    listed = run("requirements", "list").output
    assert "lietuva" in listed and f"{due_on}, every year" in listed and "0 of 1" in listed
    assert "0 periods begun." in run("requirements", "renew").output
    assert "0 differences." in run("progress", "verify").output
    assert "0 would be issued. This was a dry run" in run("certificates", "issue", "--course", "fire-safety").output
    assert "0 issued." in run("certificates", "issue", "--apply").output
    gone = run("certificates", "revoke", "UTE-2026-000001", "--reason", "A mistake", status=1)
    assert "There is no such certificate." in str(gone.exception)


def test_a_rule_that_cannot_be_read_is_told_where(run: Run, tmp_path: Path) -> None:
    run("people", "administrator", "ona@sav.example", "Ona", "Petraitienė")
    rule = tmp_path / "rule.json"
    rule.write_text('{"course": ', "utf-8")
    assert "Expecting value" in run("requirements", "apply", str(rule), status=2).output
    rule.write_text('{"due_on": "soon"}', "utf-8")
    assert "due_on" in run("requirements", "apply", str(rule), status=2).output
    rule.write_text('{"course": "no-such", "organisation": "lietuva", "due_on": "2099-01-01"}', "utf-8")
    assert "course" in run("requirements", "apply", str(rule), status=1).exception.fields


def test_every_command_has_an_example(run: Run) -> None:
    for verb in ("list", "dry-run", "apply", "renew"):
        assert "Example:" in run("requirements", verb, "--help").output
