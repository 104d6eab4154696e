"""On SQLite no answer is acknowledged before the system has said that it is on the disk: seen by strace."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from app.kit.blobs import Blobs
from app.kit.database import make_engine, make_sessions
from app.settings import ROOT
from tests.assessment.faults.place import SCRIPT, a_place, sent
from tests.databases import DATABASE

SAVES = 40
CALLS = "trace=fdatasync,fsync,pwrite64,write,writev,sendto,sendmsg,read,recvfrom,recvmsg"


def _may_trace(strace: str) -> bool:
    return subprocess.run([strace, "-o", "/dev/null", "true"], capture_output=True, check=False).returncode == 0


def events_in(trace: str) -> list[str]:
    """What happened, in order: asked (a save arrived), written, synced, answered."""
    found = []
    for line in trace.splitlines():
        if '"POST /attempts/' in line and re.search(r"(read|recvfrom|recvmsg)", line):
            found.append("asked")
        elif '"HTTP/1.1 ' in line:
            found.append("answered")
        elif "pwrite64" in line and "resumed" not in line:
            found.append("written")
        elif re.search(r"f(data)?sync", line) and line.rstrip().endswith("= 0"):
            found.append("synced")
    return found


@pytest.mark.timeout(300)
def test_every_save_is_on_the_disk_before_it_is_acknowledged(tmp_path: Path, engine: Engine) -> None:
    strace = shutil.which("strace")
    if DATABASE != "sqlite":
        pytest.skip("PostgreSQL syncs in processes of its own")
    if strace is None or not _may_trace(strace):
        pytest.skip("there is no strace on this machine, or it may not be used: apt-get install strace")
    path = tmp_path / "durable.sqlite"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql(f"VACUUM INTO '{path}'")
    own = make_engine(f"sqlite:///{path}")
    place = a_place(make_sessions(own), Blobs(tmp_path / "files"))
    key, cookie = place.begin(place.learners[0]), place.cookie(place.learners[0])
    own.dispose()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    trace = tmp_path / "trace"
    command = [strace, "-f", "-qq", "-s", "60", "-e", CALLS, "-o", str(trace), sys.executable, "-m", "uvicorn",
               "tests.benchmarks.ours:make", "--factory", "--port", str(port), "--log-level", "warning"]  # fmt: skip
    environment = {
        **os.environ,
        "KLASTERIS_DATABASE_URL": f"sqlite:///{path}",
        "KLASTERIS_FILES": str(tmp_path / "files"),
    }
    server = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", cookies=cookie, headers=SCRIPT, timeout=60) as mine:
            while True:
                try:
                    mine.get("/health")
                    break
                except httpx.TransportError:
                    assert server.poll() is None, "the server did not start"
                    time.sleep(0.1)
            for n in range(1, SAVES + 1):
                said = mine.post(f"/attempts/{key}/{n % 3 + 1}", data=sent(f"words {n}", tab="a", sequence=n))
                assert (said.status_code, said.json()["outcome"]) == (200, "kept")
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)
    events = events_in(trace.read_text("utf-8", "replace"))
    assert events.count("asked") == SAVES
    saves = " ".join(events).split("asked")[1:]
    for save in saves:
        before = save.split("answered")[0].split()
        assert "written" in before, "a save that wrote nothing"
        assert "synced" in before[len(before) - before[::-1].index("written") :], (
            "acknowledged before it was on the disk"
        )
