"""Frames on a worker's pipes: one byte kind, four bytes length (big-endian), payload."""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from debabelizer.contract.stream import WireMessage

_HEAD = struct.Struct(">BI")
HEAD_BYTES = _HEAD.size
MAX_FRAME_BYTES = 64 << 20


class FrameKind(IntEnum):
    TEXT = 0
    BINARY = 1
    CONTROL = 2


class Control:
    """Payloads of control frames."""

    OPEN = b"open"
    """To the worker: a connection begins."""
    CLOSE = b"close"
    """To the worker: the connection is over; answered by ``CLOSED`` when the engine function has returned."""
    CLOSED = b"closed"


class FrameError(ValueError):
    """Not a frame."""


def pack(kind: FrameKind, payload: bytes) -> bytes:
    return _HEAD.pack(kind, len(payload)) + payload


def pack_message(message: WireMessage) -> bytes:
    if isinstance(message, str):
        return pack(FrameKind.TEXT, message.encode())
    return pack(FrameKind.BINARY, message)


def unpack_head(head: bytes) -> tuple[FrameKind, int]:
    """Kind and payload length. Raises FrameError."""
    number, length = _HEAD.unpack(head)
    if length > MAX_FRAME_BYTES:
        raise FrameError(f"a frame of {length} bytes")
    try:
        return FrameKind(number), length
    except ValueError:
        raise FrameError(f"a frame of kind {number}") from None


def unpack_message(kind: FrameKind, payload: bytes) -> WireMessage:
    """Raises FrameError."""
    if kind is FrameKind.BINARY:
        return payload
    try:
        return payload.decode()
    except UnicodeDecodeError as error:
        raise FrameError(str(error)) from None
