"""QR codes as drawings: of addresses, for paper and for a projector."""

from __future__ import annotations

import io

import segno


def drawing(text: str, *, scalable: bool = False) -> str:
    """A QR code as SVG, dark on nothing. `scalable`: with a view box, as large as the page makes it."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", border=0, dark="#10233d", xmldecl=False, omitsize=scalable
    )
    return out.getvalue().decode()
