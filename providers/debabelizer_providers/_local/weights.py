"""The trained numbers in a file of the form ONNX, which is protocol buffers.

Only the way to them is read, by the numbers of the fields in
https://github.com/onnx/onnx/blob/main/onnx/onnx.proto: a model's graph (7), the graph's initialisers (5), and of each
its dimensions (1), type (2), name (8) and bytes (9). Everything else is stepped over.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_VARINT, _EIGHT_BYTES, _SIZED, _FOUR_BYTES = 0, 1, 2, 5
_FLOAT = 1
_MOST_DIMENSIONS = 8
_LONGEST_NAME = 1000


class UnreadableWeightsError(ValueError):
    """The file is no ONNX model, is damaged, or ends too early; the text says what is wrong with it."""


def read_weights(data: bytes) -> dict[str, NDArray[np.float32]]:
    """Every 32-bit float array of the model, by name; read-only views into ``data``. Raises UnreadableWeightsError."""
    found = {}
    for graph in _parts(memoryview(data), 7):
        for tensor in _parts(graph, 5):
            name, array = _array(tensor)
            if array is not None:
                found[name] = array
    if not found:
        raise UnreadableWeightsError("there are no weights in it")
    return found


def _array(tensor: memoryview) -> tuple[str, NDArray[np.float32] | None]:
    """None for numbers of another type: shapes and positions, which come with the layers."""
    import numpy as np

    dimensions: list[int] = []
    name, kind, raw = "", 0, memoryview(b"")
    for field, value in _fields(tensor):
        match field, value:
            case 1, int():
                dimensions.append(value)
            case 1, memoryview():
                dimensions += _varints(value)
            case 2, int():
                kind = value
            case 8, memoryview():
                name = bytes(value[:_LONGEST_NAME]).decode("utf-8", "replace")
            case 9, memoryview():
                raw = value
    if kind != _FLOAT:
        return name, None
    if len(dimensions) > _MOST_DIMENSIONS or prod(dimensions) * 4 != len(raw):
        raise UnreadableWeightsError(f"{name} has {len(raw)} bytes for the dimensions {dimensions}")
    return name, np.frombuffer(raw, "<f4").reshape(dimensions)


def _parts(message: memoryview, field: int) -> Iterator[memoryview]:
    """The messages in ``message`` that have this number."""
    return (value for number, value in _fields(message) if number == field and isinstance(value, memoryview))


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Number and value of each field; numbers of fixed size come as their bytes."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield key >> 3, value
            continue
        if kind == _SIZED:
            size, at = _varint(message, at)
        elif kind in (_EIGHT_BYTES, _FOUR_BYTES):
            size = 8 if kind == _EIGHT_BYTES else 4
        else:
            raise UnreadableWeightsError(f"a field of the unknown kind {kind}")
        if size > len(message) - at:
            raise UnreadableWeightsError("it ends too early")
        yield key >> 3, message[at : at + size]
        at += size


def _varints(packed: memoryview) -> Iterator[int]:
    at = 0
    while at < len(packed):
        value, at = _varint(packed, at)
        yield value


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """The number that begins at ``at``, seven bits a byte, and where it ends."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise UnreadableWeightsError("it ends too early")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise UnreadableWeightsError("a number that does not end")
