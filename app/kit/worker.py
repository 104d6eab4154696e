"""Work on what comes from outside, done by processes that can be killed: nothing in a file can hang or fill the server.

`run(function, …)` calls a function of a module in another process. That process has no secrets, no database and no
files of ours; it may use so much processor, memory and time, and is killed and replaced when it wants more.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import json
import os
import pickle
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, is_dataclass
from enum import Enum
from typing import Any, ParamSpec, TypeVar

from app.kit.errors import Conflict, Invalid, KitError
from app.kit.i18n import N_, language
from app.kit.limits import READERS, READING_CPU_SECONDS, READING_MEMORY, READING_SECONDS

P = ParamSpec("P")
R = TypeVar("R")
_LENGTH = struct.Struct(">Q")
_JOBS = 100  # after so many a process is replaced, so that nothing can pile up in it
_BOOT = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from app.kit.worker_child import serve; serve()"
# All that a process of ours is told of its surroundings: no setting, so no secret.
_TOLD = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "TEMP", "TMP")
_PLAIN = {
    "builtins": {"set", "frozenset", "bytearray", "complex", "range"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "collections": {"OrderedDict"},
}

TOO_HEAVY = N_(
    "This could not be read with the time and memory that one file is given. Make it smaller, or part it into several files."
)
BUSY = N_("Many files are being read just now. Nothing is lost: try again in a minute.")


class TooHeavy(Invalid):
    """A process was killed over this, or died of it."""

    def __init__(self) -> None:
        super().__init__(file=TOO_HEAVY)
        self.template = TOO_HEAVY


class Failed(RuntimeError):
    """The function raised what nobody foresaw; the text is its traceback."""


_here: ContextVar[bool] = ContextVar("here", default=False)


@contextmanager
def in_process() -> Iterator[None]:
    """Run without another process: for tests that look at what is called."""
    token = _here.set(True)
    try:
        yield
    finally:
        _here.reset(token)


@dataclass(slots=True)
class Child:
    """One process, waiting for its next call."""

    process: subprocess.Popen[bytes]
    done: int = 0

    @classmethod
    def start(cls) -> Child:
        told = {name: os.environ[name] for name in _TOLD if name in os.environ}
        paths = json.dumps([path or os.getcwd() for path in sys.path])  # noqa: PTH109 - a path for another process
        process = subprocess.Popen(
            [sys.executable, "-B", "-c", _BOOT, paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=told,
            # Whoever stops the server from the keyboard stops its children by closing their input.
            start_new_session=True,
        )
        return cls(process)

    def call(self, call: bytes, seconds: float) -> bytes | None:
        """The answer, or None when the process is gone, if need be by our hand."""
        assert self.process.stdin is not None and self.process.stdout is not None
        clock = threading.Timer(seconds, self.process.kill)
        clock.daemon = True
        clock.start()
        try:
            self.process.stdin.write(_LENGTH.pack(len(call)) + call)
            self.process.stdin.flush()
            head = self.process.stdout.read(_LENGTH.size)
            if len(head) < _LENGTH.size:
                return None
            (length,) = _LENGTH.unpack(head)
            if length > READING_MEMORY:  # no process that holds to its limits answers as much
                return None
            answer = self.process.stdout.read(length)
            self.done += 1
            return answer if len(answer) == length else None
        except OSError:
            return None
        finally:
            clock.cancel()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


class Pool:
    """Places for so many processes; an empty place is filled when it is its turn."""

    def __init__(self, size: int) -> None:
        self._places: queue.LifoQueue[Child | None] = queue.LifoQueue()
        for _place in range(size):
            self._places.put(None)
        self._all: set[int] = set()

    def run(self, call: bytes, seconds: float) -> bytes | None:
        try:
            child = self._places.get(timeout=seconds)
        except queue.Empty:
            raise Conflict(BUSY) from None
        kept: Child | None = None
        try:
            if child is not None and child.process.poll() is not None:
                child.end()  # it went while nobody called
                child = None
            child = child or Child.start()
            answer = child.call(call, seconds)
            if answer is not None and child.done < _JOBS:
                kept = child
            return answer
        finally:
            if child is not None and kept is None:
                child.end()
            self._places.put(kept)

    def close(self) -> None:
        """End the processes that are waiting. Those at work end when their input is closed with us."""
        found: list[Child | None] = []
        with contextlib.suppress(queue.Empty):
            while True:
                found.append(self._places.get_nowait())
        for child in found:
            if child is not None:
                child.end()
            self._places.put(None)


_pool = Pool(READERS)
atexit.register(_pool.close)


def run(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function of a module with the limits that one file is given."""
    return limited(
        function, *args, cpu_seconds=READING_CPU_SECONDS, memory=READING_MEMORY, seconds=READING_SECONDS, **kwargs
    )


def limited(function: Callable[..., R], *args: Any, cpu_seconds: int, memory: int, seconds: float, **kwargs: Any) -> R:
    """Raises TooHeavy when the function wanted more, what it raised itself if that is for people, and Failed otherwise."""
    if _here.get():
        return function(*args, **kwargs)
    where = (function.__module__, function.__qualname__)
    call = pickle.dumps((where, args, kwargs, language(), cpu_seconds, memory), protocol=5)
    answer = _pool.run(call, seconds)
    if answer is None:
        raise TooHeavy
    kind, value = Answer(io.BytesIO(answer)).load()
    if kind == "done":
        result: R = value
        return result
    if kind == "said":
        assert isinstance(value, KitError)
        raise value
    if kind == "memory":
        raise TooHeavy
    raise Failed(value)


class Answer(pickle.Unpickler):
    """Reads only values: dataclasses and words of ours, dates, numbers. Who can write an answer can still not make us run anything."""

    def find_class(self, module: str, name: str) -> Any:
        if name in _PLAIN.get(module, ()):
            return super().find_class(module, name)
        if module.startswith(("app.", "tests.")):
            found = super().find_class(module, name)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum | KitError)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no value")
