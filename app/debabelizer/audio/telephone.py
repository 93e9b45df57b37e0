"""The telephone's two laws (ITU-T G.711): eight bits a sample that hold what fourteen would."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

Law = Literal["mulaw", "alaw"]


def expand(data: bytes, law: Law) -> bytes:
    """Mu-law or A-law to 16-bit PCM, byte by byte."""
    import numpy as np

    return bytes(_table(law)[np.frombuffer(data, np.uint8)].tobytes())


@cache
def _table(law: Law) -> Any:
    import numpy as np

    code = _mu if law == "mulaw" else _a
    return np.array([code(byte) for byte in range(256)], "<i2")


def _mu(byte: int) -> int:
    byte = ~byte & 0xFF
    size = (((byte & 0x0F) << 3) + 0x84 << (byte >> 4 & 7)) - 0x84
    return -size if byte & 0x80 else size


def _a(byte: int) -> int:
    byte ^= 0x55
    segment, step = byte >> 4 & 7, (byte & 0x0F) << 4
    size = step + 8 if segment == 0 else step + 0x108 << segment - 1
    return size if byte & 0x80 else -size
