"""Small values that travel through the browser and must come back as they went: signed, with an age."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from app.kit import clock
from app.settings import Settings


def _sign(settings: Settings, purpose: str, body: str) -> str:
    key = f"{settings.secret.get_secret_value()}:{purpose}".encode()
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()[:32]


def seal(settings: Settings, purpose: str, value: Any) -> str:
    raw = json.dumps([int(clock.now().timestamp()), value], ensure_ascii=False, separators=(",", ":"))
    body = base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")
    return f"{body}.{_sign(settings, purpose, body)}"


def unseal(settings: Settings, purpose: str, sealed: str, *, max_age: int) -> Any | None:
    """The value, or None when it was not sealed here, for this purpose, within `max_age` seconds."""
    body, _, signature = sealed.partition(".")
    if not signature or not hmac.compare_digest(signature, _sign(settings, purpose, body)):
        return None
    sealed_at, value = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return value if 0 <= clock.now().timestamp() - sealed_at + 1 <= max_age + 1 else None


def secret_for(settings: Settings, purpose: str, subject: str) -> str:
    """A key of 32 bytes, in base64, that only this installation can make again for this purpose and subject."""
    key = f"{settings.secret.get_secret_value()}:{purpose}".encode()
    return base64.b64encode(hmac.new(key, subject.encode(), hashlib.sha256).digest()).decode()
