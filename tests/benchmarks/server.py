"""A server process of one worker, and how much processor time it has used."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    pid: int

    def cpu(self) -> float:
        """Seconds of processor time all threads have used so far, user and system: ended ones included."""
        said = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(said[11]) + int(said[12])) / TICK


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(application: str, environment: dict[str, str], *, factory: bool = False) -> Iterator[Server]:
    port = _free_port()
    command = [sys.executable, "-m", "uvicorn", application, "--port", str(port), "--log-level", "warning"]
    process = subprocess.Popen([*command, *(["--factory"] if factory else [])], env=environment)
    server = Server(f"http://127.0.0.1:{port}", process.pid)
    try:
        for _ in range(600):
            try:
                httpx.get(server.url, timeout=5)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        else:
            raise RuntimeError(f"{application} did not start")
        yield server
    finally:
        process.terminate()
        process.wait(timeout=20)
