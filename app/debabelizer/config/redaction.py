"""Secrets the program has seen, and how they are kept out of anything that is written down."""

from __future__ import annotations

import re
import threading

MASK = "•••"
_SHORTEST = 6
"""Shorter ones would mask ordinary words."""

_PATTERNS = re.compile(
    r"(?i)((?:authorization\W{1,4}(?:bearer|token|basic)?|xi-api-key|x-api-key|api[_-]?key|access[_-]?token"
    r"|single_use_token|(?<=[?&])token)[\"']?\s*[:= ]\s*[\"']?)([^\s\"'&,;}]{6,})"
)
_VENDOR_KEYS = re.compile(r"\b(?:sk|xi|pk|rk)[_-][A-Za-z0-9_-]{12,}")

_lock = threading.Lock()
_secrets: set[str] = set()


def hide(secret: str) -> None:
    """From now on this text is masked."""
    if len(secret) >= _SHORTEST:
        with _lock:
            _secrets.add(secret)


def redact(text: str) -> str:
    """The text with every known secret, and whatever looks like one, masked."""
    with _lock:
        known = sorted(_secrets, key=len, reverse=True)
    for secret in known:
        text = text.replace(secret, MASK)
    text = _PATTERNS.sub(lambda m: m.group(1) + MASK, text)
    return _VENDOR_KEYS.sub(MASK, text)
