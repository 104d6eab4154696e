"""Functions that other processes are asked to run: well-behaved ones, and others."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from app.kit.errors import Conflict
from app.kit.i18n import language


@dataclass(frozen=True, slots=True)
class Told:
    """What a process says of itself."""

    pid: int
    lang: str
    secrets: tuple[str, ...]


def tell() -> Told:
    return Told(os.getpid(), language(), tuple(name for name in os.environ if name.startswith("KLASTERIS")))


def double(number: int) -> int:
    return 2 * number


def spin() -> None:
    while True:
        pass


def sleep() -> None:
    time.sleep(600)


def fill() -> int:
    held = []
    while True:
        held.append(bytearray(16 * 1024 * 1024))


def crash() -> None:
    os._exit(3)


def refuse() -> None:
    raise Conflict("%(what)s is taken.", what="It")


def fail() -> None:
    raise ZeroDivisionError


def show() -> str:
    print("not an answer")
    os.write(1, b"nor this")
    return "answer"


def write(path: str) -> bool:
    try:
        Path(path).write_text("x")
    except OSError:
        return False
    return True


def code() -> object:
    return socket.socket


def deep(levels: int) -> int:
    return deep(levels - 1) + 1 if levels else 0
