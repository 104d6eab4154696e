"""Files by what they contain: written once under their SHA-256, never changed, never named by a user."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Blobs:
    """A folder of files; `put` answers the key that `get` takes."""

    folder: Path

    def path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError("not a blob key")
        return self.folder / key[:2] / key

    def put(self, data: bytes) -> str:
        key = hashlib.sha256(data).hexdigest()
        target = self.path(key)
        if target.exists():
            return key
        target.parent.mkdir(parents=True, exist_ok=True)
        # A crash must leave either the whole file or none: write aside, flush to disk, rename.
        aside = target.with_name(f"{key}.{secrets.token_hex(4)}")
        with aside.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        aside.replace(target)
        return key

    def get(self, key: str) -> bytes:
        return self.path(key).read_bytes()

    def has(self, key: str) -> bool:
        return self.path(key).exists()

    def keys(self) -> list[str]:
        return sorted(p.name for p in self.folder.glob("??/*") if _KEY.fullmatch(p.name))
