"""Whatever a function does in a process of its own, the server goes on answering."""

from __future__ import annotations

import os
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app.kit import i18n, worker
from app.kit.errors import Conflict, Invalid
from app.kit.limits import MIB
from tests.kit import heavy


def limited(function: Any, *args: Any, cpu_seconds: int = 20, memory: int = 500 * MIB, seconds: float = 100) -> Any:
    return worker.limited(function, *args, cpu_seconds=cpu_seconds, memory=memory, seconds=seconds)


@pytest.fixture(autouse=True)
def still_answers() -> Any:
    yield
    assert worker.run(heavy.double, 21) == 42


def test_a_call_is_answered_by_another_process_in_the_language_of_this_one() -> None:
    with i18n.speaking("nb"):
        told = worker.run(heavy.tell)
    assert told.pid != os.getpid()
    assert told.lang == "nb"


def test_a_process_is_kept_for_the_next_call_and_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLASTERIS_SECRET", "secret")
    worker._pool.close()
    told = worker.run(heavy.tell)
    assert told.secrets == ()
    assert worker.run(heavy.tell).pid == told.pid


@pytest.mark.parametrize(
    ("function", "limits"),
    [
        (heavy.spin, {"cpu_seconds": 1}),
        (heavy.sleep, {"seconds": 1.0}),
        (heavy.fill, {"memory": 200 * MIB}),
        (heavy.crash, {}),
    ],
    ids=["spins", "sleeps", "fills memory", "crashes"],
)
def test_a_function_that_wants_too_much_is_refused_with_a_sentence(function: Any, limits: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        limited(function, **limits)
    assert str(refused.value) == worker.TOO_HEAVY
    assert str(refused.value.fields["file"]) == worker.TOO_HEAVY


def test_limits_are_those_of_one_call() -> None:
    for _call in range(3):
        with pytest.raises(Invalid):
            limited(heavy.spin, cpu_seconds=1)
    # A process that has worked for long is not nearer to its limit.
    assert limited(heavy.double, 4, cpu_seconds=1) == 8


def test_fifty_calls_at_once_are_all_answered_by_as_many_processes_as_there_are_places() -> None:
    worker._pool.close()  # one that has answered often before is renewed on the way
    with ThreadPoolExecutor(50) as threads:
        told = list(threads.map(lambda _n: worker.run(heavy.tell), range(50)))
    assert len({one.pid for one in told}) <= 2


def test_calls_wait_for_one_another_only_so_long() -> None:
    with ThreadPoolExecutor(3) as threads:
        sleeping = [threads.submit(limited, heavy.sleep, seconds=6.0) for _n in range(2)]
        while (
            not worker._pool._places.empty()
        ):  # until both have taken a place; the test's own time-out ends a wait for ever
            pass
        with pytest.raises(Conflict, match="try again in a minute"):
            limited(heavy.double, 1, seconds=0.5)
        for one in sleeping:
            with pytest.raises(Invalid):
                one.result()


def test_what_a_function_says_to_people_is_raised_here() -> None:
    with pytest.raises(Conflict, match="It is taken"):
        worker.run(heavy.refuse)


def test_a_fault_of_ours_is_not_taken_for_one_of_the_file() -> None:
    with pytest.raises(worker.Failed, match="ZeroDivisionError"):
        worker.run(heavy.fail)


def test_a_recursion_without_end_is_a_fault_and_no_crash() -> None:
    with pytest.raises(worker.Failed, match="RecursionError"):
        worker.run(heavy.deep, 10**6)


def test_what_is_printed_is_no_answer() -> None:
    assert worker.run(heavy.show) == "answer"


def test_no_file_is_written(tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("this system does not limit what a process writes")
    assert worker.run(heavy.write, str(tmp_path / "x")) is False


def test_an_answer_can_hold_values_and_nothing_that_runs() -> None:
    with pytest.raises(pickle.UnpicklingError, match="is no value"):
        worker.run(heavy.code)


def test_a_process_that_went_while_nobody_called_is_replaced() -> None:
    before = worker.run(heavy.tell).pid
    waiting = worker._pool._places.queue[-1]
    assert waiting is not None and waiting.process.pid == before
    waiting.process.kill()
    waiting.process.wait()
    assert worker.run(heavy.tell).pid != before


def test_a_test_may_ask_for_no_other_process() -> None:
    with worker.in_process():
        assert worker.run(heavy.tell).pid == os.getpid()
