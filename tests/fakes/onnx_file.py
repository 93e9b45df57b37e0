"""Writes as much of the form ONNX as the reading of weights can meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

_TYPES = {"float32": 1, "int64": 7}


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*out, number))


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def tensor(name: str, array: NDArray[np.generic], *, packed: bool = False) -> bytes:
    dimensions: Iterable[bytes] = (field(1, size) for size in array.shape)
    if packed:
        dimensions = (field(1, b"".join(varint(size) for size in array.shape)),)
    parts = (*dimensions, field(2, _TYPES[array.dtype.name]), field(8, name.encode()), field(9, array.tobytes()))
    return b"".join(parts)


def onnx_file(arrays: Mapping[str, NDArray[np.generic]], *, packed: bool = False) -> bytes:
    """A model with these initialisers, and with other fields before, between and after them."""
    graph = field(2, b"main_graph") + field(1, field(4, b"Conv"))
    for name, array in arrays.items():
        graph += field(5, tensor(name, array, packed=packed)) + varint(9 << 3 | 5) + bytes(4)
    return field(1, 8) + field(2, b"pytorch") + varint(3 << 3 | 1) + bytes(8) + field(7, graph) + field(8, b"\x10\x12")
