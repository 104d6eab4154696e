"""Killed a hundred times in the middle of saving, handing in and marking: what was acknowledged is there, once."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from sqlalchemy import Engine

from app.settings import ROOT

CYCLES = 100


@pytest.mark.timeout(900)
def test_what_was_acknowledged_survives_a_hundred_kills(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    command = [sys.executable, "-m", "tests.assessment.faults.torture", "--cycles", str(CYCLES), "--url", url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr[-2000:]
    said = json.loads(done.stdout)
    assert said["faults"] == []
    assert done.returncode == 0, done.stderr[-2000:]
    assert said["cycles"] == CYCLES
    # It was cut off in the middle often enough to mean something, and got far enough to mark.
    assert said["cut"] > CYCLES / 2 and said["acknowledged"] > 3 * CYCLES and said["marked"] > 5
