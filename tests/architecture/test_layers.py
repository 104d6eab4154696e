"""Who may know whom: the import contracts hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from app.settings import ROOT


def test_the_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]


def test_nobody_commits_below_the_edge() -> None:
    """`kit.database.writing` is the only place that commits; the migrations' own runner is not the product."""
    edge = {ROOT / "app" / "kit" / "database.py", ROOT / "app" / "cli" / "console.py"}
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "app").rglob("*.py"))
        if path not in edge
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if ".commit()" in line or ".rollback()" in line
    ]
    assert not found, found


def test_nobody_reads_the_machines_clock_but_the_clock() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "app").rglob("*.py"))
        if path.name != "clock.py"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if "datetime.now(" in line or "date.today(" in line or "utcnow(" in line
    ]
    assert not found, found


def test_files_stay_small() -> None:
    """Four hundred lines are a room; more is a corridor."""
    found = {
        str(path.relative_to(ROOT)): lines
        for path in sorted((ROOT / "app").rglob("*.py"))
        if (lines := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert not found, found
