"""The other side of `worker`: reads calls, holds itself to the limits of each, and answers."""

from __future__ import annotations

import contextlib
import importlib
import math
import os
import pickle
import struct
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from app.kit.errors import KitError
from app.kit.i18n import speaking

if sys.platform != "win32":  # there the clock alone decides
    import resource

_LENGTH = struct.Struct(">Q")


def serve() -> None:
    """Answer calls until the input ends."""
    calls = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    # What a library prints must not be taken for an answer, and what it asks for is not there.
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    _never()
    while (call := _read(calls)) is not None:
        answer = _answer(call)
        answers.write(_LENGTH.pack(len(answer)) + answer)
        answers.flush()


def _read(calls: BinaryIO) -> bytes | None:
    head = calls.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    return calls.read(length)


def _answer(call: bytes) -> bytes:
    (module, name), args, kwargs, lang, cpu_seconds, memory = pickle.loads(call)  # noqa: S301 - our own server asks
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    try:
        _hold(cpu_seconds, memory)
        with speaking(lang):
            answer = pickle.dumps(("done", function(*args, **kwargs)), protocol=5)
    except MemoryError:
        answer = pickle.dumps(("memory", None))
    except KitError as error:
        answer = _said(error)
    except Exception:  # whatever the function raises, whoever called it in the other process is to read it
        answer = pickle.dumps(("failed", traceback.format_exc()))
    _release()
    return answer


def _said(error: KitError) -> bytes:
    answer = pickle.dumps(("said", error))
    try:
        pickle.loads(answer)  # noqa: S301 - written a line above
    except Exception:  # an error whose making asks for more than a sentence
        return pickle.dumps(("failed", traceback.format_exc()))
    return answer


def _never() -> None:
    """What no call may do: leave a dump of its memory, or write a file."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _hold(cpu_seconds: int, memory: int) -> None:
    if sys.platform == "win32":
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _soft(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime) + cpu_seconds)
    _soft(resource.RLIMIT_AS, _size() + memory)


def _release() -> None:
    if sys.platform != "win32":
        for limit in (resource.RLIMIT_CPU, resource.RLIMIT_AS):
            _soft(limit, resource.RLIM_INFINITY)


def _soft(limit: int, value: int) -> None:
    if sys.platform == "win32":
        return
    _now, hard = resource.getrlimit(limit)
    if hard != resource.RLIM_INFINITY and (value == resource.RLIM_INFINITY or value > hard):
        value = hard
    # Some systems know a limit and do not let it be set; the clock is left then.
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(limit, (value, hard))


def _size() -> int:
    """How much address space this process has already, where the system tells."""
    if not sys.platform.startswith("linux"):
        return 0
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
