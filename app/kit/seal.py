"""A signed archive in which not one byte can change unnoticed. Needs no database: anybody may check one.

The archive is a zip of stored files in one fixed form, so that it can be written again from what is in it and compared
byte by byte. `manifest.json` holds the SHA-256 of every file and is what is signed; `signature.json` holds the key and
the signature.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.kit import signing
from app.kit.signing import Signer

MANIFEST, SIGNATURE = "manifest.json", "signature.json"
ALGORITHM = "Ed25519"
_LOCAL = struct.Struct("<4sHHHHHLLLHH")
_CENTRAL = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_END = struct.Struct("<4sHHHHLLH")
_VERSION, _UTF8, _STORED, _TIME, _DATE = 20, 0x800, 0, 0, 0x21  # 1 January 1980: an archive has no time of its own
FILES_MAX = 100


class Fault(StrEnum):
    """What is wrong with an archive."""

    NOT_ONE = "not-one"
    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"
    SIGNATURE = "signature"
    WRAPPING = "wrapping"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of checking: nothing in `faults` means that it is, byte for byte, what was signed.

    `public`: the key it was signed with, if any. Whose key that is must be known from elsewhere. `about`: what the
    manifest says of itself; worth nothing where there are faults.
    """

    faults: tuple[tuple[Fault, str], ...]
    public: bytes = b""
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def whole(self) -> bool:
        return not self.faults


def canonical(data: object) -> bytes:
    """JSON in the one form that is signed and compared."""
    return (json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def sealed(files: Mapping[str, bytes], about: Mapping[str, Any], signer: Signer) -> bytes:
    """The archive of these files, signed. `about` goes into the manifest."""
    listed = [
        {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in sorted(files.items())
    ]
    manifest = canonical({**about, "files": listed})
    signature = _signature(signer.public, signer.sign(manifest))
    return _archive({**dict(sorted(files.items())), MANIFEST: manifest, SIGNATURE: signature})


def _signature(public: bytes, signature: bytes) -> bytes:
    return canonical({"algorithm": ALGORITHM, "of": MANIFEST, "public_key": public.hex(), "signature": signature.hex()})


def check(data: bytes) -> Verdict:
    """Every file against the manifest, the manifest against the signature, and the whole against how it must be written."""
    files = _files(data)
    if MANIFEST not in files or SIGNATURE not in files:
        missing = [(Fault.MISSING, name) for name in (MANIFEST, SIGNATURE) if name not in files]
        return Verdict(tuple(missing) if files else ((Fault.NOT_ONE, ""),))
    faults: list[tuple[Fault, str]] = []
    public = _signed_by(files[MANIFEST], files[SIGNATURE])
    if not public:
        faults.append((Fault.SIGNATURE, MANIFEST))
    about = _read(files[MANIFEST])
    listed = {one["name"]: one["sha256"] for one in about.get("files", ()) if _is_line(one)}
    for name, digest in listed.items():
        if name not in files:
            faults.append((Fault.MISSING, name))
        elif hashlib.sha256(files[name]).hexdigest() != digest:
            faults.append((Fault.CHANGED, name))
    faults += [(Fault.ADDED, name) for name in files if name not in listed and name not in (MANIFEST, SIGNATURE)]
    if not faults and _archive(files) != data:
        faults.append((Fault.WRAPPING, ""))
    return Verdict(tuple(faults), public or b"", {key: said for key, said in about.items() if key != "files"})


def _signed_by(manifest: bytes, signature: bytes) -> bytes | None:
    """The key whose signature holds; the file that carries it must be written in the one form, too."""
    said = _read(signature)
    try:
        public, made = bytes.fromhex(said["public_key"]), bytes.fromhex(said["signature"])
    except (KeyError, TypeError, ValueError):
        return None
    if signature != _signature(public, made) or not signing.holds(public, made, manifest):
        return None
    return public


def _read(data: bytes) -> dict[str, Any]:
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _is_line(one: object) -> bool:
    return isinstance(one, dict) and isinstance(one.get("name"), str) and isinstance(one.get("sha256"), str)


def _archive(files: Mapping[str, bytes]) -> bytes:
    """A zip of stored files, the same bytes for the same files on every machine."""
    body, directory = bytearray(), bytearray()
    for name, data in files.items():
        path, at = name.encode(), len(body)
        said = (_VERSION, _UTF8, _STORED, _TIME, _DATE, zlib.crc32(data), len(data), len(data), len(path))
        body += _LOCAL.pack(b"PK\x03\x04", *said, 0) + path + data
        directory += _CENTRAL.pack(b"PK\x01\x02", _VERSION, *said, 0, 0, 0, 0, 0, at) + path
    end = _END.pack(b"PK\x05\x06", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return bytes(body + directory + end)


def _files(data: bytes) -> dict[str, bytes]:
    """What can be read of such an archive, from its beginning; what cannot be read is left out."""
    found: dict[str, bytes] = {}
    at = 0
    while len(found) < FILES_MAX and data[at : at + 4] == b"PK\x03\x04" and at + _LOCAL.size <= len(data):
        said = _LOCAL.unpack_from(data, at)
        size, named, extra = said[7], said[9], said[10]
        start = at + _LOCAL.size + named + extra
        try:
            name = data[at + _LOCAL.size : at + _LOCAL.size + named].decode()
        except UnicodeDecodeError:
            break
        if said[3] != _STORED or start + size > len(data) or name in found:
            break
        found[name] = data[start : start + size]
        at = start + size
    return found
