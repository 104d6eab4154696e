"""Processor time of our busiest pages as ratios to a bare page in the same run, and a page's weight: `make bench`."""

from __future__ import annotations

import argparse
import os
import statistics
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.benchmarks import attempts, country, courses, studio, weight
from tests.benchmarks.server import Server, serving
from tests.benchmarks.world import Place, built

COURSE = "bdar-pagrindai"
SAME = {"Sec-Fetch-Site": "same-origin"}
Act = Callable[[], int]  # does something, answers how many requests it took


def pages(server: Server, place: Place) -> dict[str, Act]:
    rasa = httpx.Client(base_url=server.url, cookies={"klasteris": place.sign_in("rasa"), "lang": "lt"}, headers=SAME)
    daiva = httpx.Client(base_url=server.url, cookies={"klasteris": place.sign_in("daiva"), "lang": "lt"}, headers=SAME)
    page, quiz = weight.first_page_and_quiz(place, COURSE)

    def get(client: httpx.Client, url: str) -> Act:
        def act() -> int:
            assert client.get(url).status_code == 200, url
            return 1

        return act

    def attempt() -> int:
        """Start, answer the first question, hand in."""
        started = rasa.post(f"/courses/{COURSE}/quizzes/{quiz}/start")
        assert started.status_code == 303, started.text[:300]
        key = started.headers["location"].split("/")[2]
        saved = rasa.post(f"/attempts/{key}/1", data={"answer": ""})
        assert saved.status_code in (200, 303), saved.text[:300]
        assert rasa.post(f"/attempts/{key}/submit").status_code == 303
        return 3

    return {
        "reading page": get(rasa, f"/courses/{COURSE}/pages/{page}"),
        "quiz: start, answer, submit": attempt,
        "home": get(rasa, "/learning"),
        "dashboard": get(daiva, "/managing"),
    }


def milliseconds(server: Server, act: Act, times: int) -> float:
    before, requests = server.cpu(), 0
    for _ in range(times):
        requests += act()
    return (server.cpu() - before) * 1000 / requests


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="interleaved runs")
    parser.add_argument("--requests", type=int, default=300, help="requests in each run")
    parser.add_argument("--warm-up", type=int, default=50, help="requests before the first run")
    parser.add_argument("--people", type=int, default=100_000, help="people of the large country")
    parser.add_argument("--country", action="store_true", help="only what size costs")
    parser.add_argument(
        "--built", help="address of the database of a large country that is there already (with --files)"
    )
    parser.add_argument("--files", type=Path, default=Path("var/files"), help="its KLASTERIS_FILES")
    asked = parser.parse_args()
    if asked.country:
        country.report(asked.people, max(20, asked.requests // 10), (asked.built, asked.files) if asked.built else None)
        return
    with (
        built() as place,
        serving("tests.benchmarks.bare:app", dict(os.environ)) as bare,
        serving("tests.benchmarks.ours:make", place.environment, factory=True) as ours,
    ):
        client = httpx.Client(base_url=bare.url)

        def bare_page() -> int:
            return int(client.get("/").status_code == 200)

        acts: dict[str, tuple[Server, Act]] = {"bare page": (bare, bare_page)}
        acts.update({name: (ours, act) for name, act in pages(ours, place).items()})
        print(f"bare page: {len(client.get('/').content)} bytes; {place.count_people()} people in the world")
        for _, act in acts.values():
            for _ in range(asked.warm_up):
                act()
        measured: dict[str, list[float]] = {name: [] for name in acts}
        for _ in range(asked.runs):
            for name, (server, act) in acts.items():
                measured[name].append(milliseconds(server, act, asked.requests))
        base = statistics.median(measured["bare page"])
        print(f"{'':32}{'ms/request':>12}{'ratio':>8}   spread")
        for name, runs in measured.items():
            median = statistics.median(runs)
            print(f"{name:32}{median:12.2f}{median / base:8.1f}   {min(runs):.2f}-{max(runs):.2f}")
        weight.report(ours, place, COURSE)
    attempts.report(base)
    courses.report()
    country.report(asked.people, max(20, asked.requests // 10))
    studio.report()


if __name__ == "__main__":
    main()
