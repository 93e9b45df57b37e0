"""Which device the model runs on, and what is remembered of a graphics card that failed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import msgspec


class Device(msgspec.Struct, frozen=True):
    kind: str
    """``cuda`` or ``cpu``."""
    compute: str

    def __str__(self) -> str:
        name = "graphics card" if self.kind == "cuda" else "processor"
        return f"{name}, {self.compute}"


class _Failure(msgspec.Struct):
    version: str
    """Of CTranslate2: a newer one is given another chance."""
    reason: str


class Notebook:
    """One small JSON file; one that cannot be read or written is as good as none."""

    def __init__(self, path: str) -> None:
        self._path = Path(path) if path else None

    def cuda_failure(self, version: str) -> str | None:
        """Why the graphics card is not to be tried with this version of CTranslate2."""
        if self._path is None:
            return None
        try:
            found = msgspec.json.decode(self._path.read_bytes(), type=_Failure)
        except (OSError, msgspec.DecodeError):
            return None
        return found.reason if found.version == version else None

    def remember(self, version: str, reason: str) -> None:
        if self._path is None:
            return
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.write_bytes(msgspec.json.encode(_Failure(version, reason)))


def choose(wanted: str, compute: str, cards: int, failed_before: bool) -> Device:
    """``wanted``: auto, cuda or cpu; ``cards``: graphics cards CTranslate2 sees. Asked for by name, the card is
    tried even if it failed before."""
    cuda = wanted == "cuda" or (wanted == "auto" and cards > 0 and not failed_before)
    if not cuda:
        return cpu(compute)
    return Device("cuda", "float16" if compute == "auto" else compute)


def cpu(compute: str) -> Device:
    return Device("cpu", "int8" if compute == "auto" or "float16" in compute else compute)
