"""FLAC files of which every frame is one number said 65,535 times: nothing swells more (RFC 9639, 9.2.1)."""

from __future__ import annotations

import struct
from functools import cache

_BLOCK = 65_535


@cache
def constant_flac(rate: int, frames: int, *, claimed: int = 0) -> bytes:
    """``claimed``: samples by the header's account; 0: it does not say."""
    claimed = min(claimed, (1 << 36) - 1)
    numbers = (rate << 44) | (0 << 41) | (15 << 36) | claimed
    info = struct.pack(">HH", _BLOCK, _BLOCK) + bytes(6) + numbers.to_bytes(8, "big") + bytes(16)
    return b"fLaC\x80\0\0\x22" + info + b"".join(_frame(number) for number in range(frames))


def _frame(number: int) -> bytes:
    """Mono, 16 bits; rate by the header of the file."""
    head = b"\xff\xf8\x70\x08" + _coded(number) + struct.pack(">H", _BLOCK - 1)
    head += bytes([_checksum(head, 8, 0x07)])
    whole = head + b"\0" + struct.pack(">h", 0)
    return whole + struct.pack(">H", _checksum(whole, 16, 0x8005))


def _coded(number: int) -> bytes:
    """As UTF-8 has it."""
    return chr(number).encode() if number < 0xD800 else b""


def _checksum(data: bytes, bits: int, polynomial: int) -> int:
    rest, top = 0, 1 << (bits - 1)
    for byte in data:
        rest ^= byte << (bits - 8)
        for _ in range(8):
            rest = ((rest << 1) ^ polynomial if rest & top else rest << 1) & ((1 << bits) - 1)
    return rest
