"""The key with which this installation signs: made at first use, kept beside its files, never sent anywhere."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

NAME = "signing-key.pem"


@dataclass(frozen=True, slots=True)
class Signer:
    """An Ed25519 key pair (RFC 8032)."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """32 bytes, for everybody."""
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, data: bytes) -> bytes:
        return self.private.sign(data)


def signer(folder: Path) -> Signer:
    """The key of the installation whose files are in `folder`. Two processes that make it at once end up with one."""
    path = folder / NAME
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        aside = folder / f"{NAME}.{secrets.token_hex(4)}"
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(made)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(aside, path)  # fails where the key is there by now, which a rename would put an end to
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    return _read(path)


def _read(path: Path) -> Signer:
    """ValueError where it is no such key."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    found = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(found, Ed25519PrivateKey):
        raise ValueError(f"{path} is not an Ed25519 key")
    return Signer(found)


def kept(folder: Path) -> Signer | None:
    """The key of the installation, where it has one already."""
    return signer(folder) if (folder / NAME).exists() else None


def copy_out(folder: Path, target: Path) -> Signer | None:
    """Write the key to a file that only its owner can read; None where there is none yet. Fails where the file exists."""
    found = kept(folder)
    if found is not None:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write((folder / NAME).read_bytes())
            out.flush()
            os.fsync(out.fileno())
    return found


def put_back(folder: Path, source: Path) -> Signer:
    """Take the key in a file for this installation; FileExistsError where it has another."""
    wanted = _read(source)
    there = kept(folder)
    if there is not None and there.public != wanted.public:
        raise FileExistsError(f"{folder / NAME} is another key")
    if there is None:
        folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(source.read_bytes())
            out.flush()
            os.fsync(out.fileno())
    return wanted


def fingerprint(public: bytes) -> str:
    """What a key is called: the beginning of its SHA-256, in groups that can be read aloud."""
    digest = hashlib.sha256(public).hexdigest()[:32]
    return " ".join(digest[at : at + 4] for at in range(0, 32, 4))


def holds(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether `signature` is this key's under `data`."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def as_pem(public: bytes) -> str:
    """The public key as other programs read it, such as openssl."""
    key = Ed25519PublicKey.from_public_bytes(public)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
