"""Checking an audit pack where there is neither network nor database: only the file, and a key known from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import err, out
from app.kit import i18n, seal, signing
from app.kit.limits import MIB, PACK_BYTES
from app.web.proofs import fault_words


def verify(
    source: Annotated[Path, typer.Argument(help="An audit pack, the whole archive.", exists=True, dir_okay=False)],
    key: Annotated[
        str, typer.Option(help="The fingerprint it must be signed with, as /.well-known/klasteris-keys.json has it.")
    ] = "",
) -> None:
    """Check that not one byte of an audit pack was changed. Exits with 1 when something differs.

    Needs no database. Whose key it is must be known from elsewhere: compare the fingerprint, or give it as `--key`.

    Example: `klasteris verify klasteris-audit-2026-03-31-7.zip --key "ab12 cd34 …"`
    """
    i18n.speak("en")
    if source.stat().st_size > PACK_BYTES:
        err.print(f"This is larger than any audit pack: at most {PACK_BYTES // MIB} MiB.", style="red")
        raise typer.Exit(1)
    verdict = seal.check(source.read_bytes())
    for fault, name in verdict.faults:
        err.print(fault_words(fault, name), style="red", markup=False)
    if not verdict.whole:
        err.print(f"{source}: not what was signed.", style="red", markup=False)
        raise typer.Exit(1)
    made_by = signing.fingerprint(verdict.public)
    for name in ("title", "place", "as_of", "made_at", "site"):
        out.print(f"{name}: {verdict.about.get(name, '')}", markup=False, soft_wrap=True)
    out.print(f"key: {made_by}", markup=False, soft_wrap=True)
    if key and key.replace(" ", "").lower() not in (made_by.replace(" ", ""), verdict.public.hex()):
        err.print("Nothing was changed, but it was signed with another key than the one you named.", style="red")
        raise typer.Exit(1)
    out.print(
        f"{source}: not one byte was changed." + ("" if key else " Compare the key."), markup=False, soft_wrap=True
    )
