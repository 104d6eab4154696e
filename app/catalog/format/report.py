"""Problems as others want to read them: lines for people, JSON, SARIF and annotations for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from app.catalog.format.model import Problem, Severity

FORMATS = ("text", "json", "sarif", "github")
_SARIF = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}
_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}


def render(problems: Iterable[Problem], fmt: str = "text") -> str:
    match fmt:
        case "json":
            return _json(problems)
        case "sarif":
            return _sarif(problems)
        case "github":
            return "\n".join(_annotation(problem) for problem in problems)
        case _:
            return "\n".join(str(problem) for problem in problems)


def _json(problems: Iterable[Problem]) -> str:
    rows = [
        {
            "path": problem.path,
            "line": problem.line,
            "column": problem.column,
            "code": problem.code,
            "severity": problem.severity.value,
            "message": problem.message,
        }
        for problem in problems
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1)


def _sarif(problems: Iterable[Problem]) -> str:
    told = list(problems)
    driver: dict[str, Any] = {
        "name": "klasteris",
        "rules": [{"id": code} for code in sorted({problem.code for problem in told})],
    }
    results = [
        {
            "ruleId": problem.code,
            "level": _SARIF[problem.severity],
            "message": {"text": problem.message},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": problem.path},
                        "region": {"startLine": problem.line, "startColumn": problem.column},
                    }
                }
            ],
        }
        for problem in told
    ]
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return json.dumps(log, ensure_ascii=False, indent=1)


def _annotation(problem: Problem) -> str:
    """A workflow command; its own marks in a message or a path would end it early."""
    message = problem.message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    path = (
        problem.path.replace("%", "%25")
        .replace("\r", "%0D")
        .replace("\n", "%0A")
        .replace(":", "%3A")
        .replace(",", "%2C")
    )
    place = f"file={path},line={problem.line},col={problem.column},title={problem.code}"
    return f"::{_GITHUB[problem.severity]} {place}::{message}"
