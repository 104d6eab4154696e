"""Documents as PDF that archives and screen readers take: Typst sets them, in a process that can be killed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, Literal

from app.kit import worker
from app.kit.limits import PRINTING_CPU_SECONDS, PRINTING_MEMORY, PRINTING_SECONDS
from app.settings import ROOT

FOLDER = ROOT / "templates" / "documents"
# An archive keeps A-2a; UA-1 is what screen readers need. Typst refuses a document that does not hold to both.
STANDARDS: Final[list[Literal["a-2a", "ua-1"]]] = ["a-2a", "ua-1"]


def printed(template: str, data: Mapping[str, Any]) -> bytes:
    """The document of a template of ours. `data` holds only words: whatever is in them is printed as it stands.

    Raises Invalid when it would take more time or memory than one document is given.
    """
    source = (FOLDER / f"{template}.typ").read_text("utf-8")
    return worker.limited(
        compiled,
        source,
        json.dumps(data, ensure_ascii=False),
        cpu_seconds=PRINTING_CPU_SECONDS,
        memory=PRINTING_MEMORY,
        seconds=PRINTING_SECONDS,
    )


def compiled(source: str, data: str) -> bytes:
    """The other side of `printed`. A compiler is made each time: one does not compile twice."""
    import typst  # where it is needed, for it is large

    made: bytes = typst.compile(
        source.encode(), ignore_system_fonts=True, sys_inputs={"data": data}, pdf_standards=[*STANDARDS]
    )
    return made
