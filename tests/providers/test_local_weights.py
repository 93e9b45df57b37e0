"""The reader of weights: what was written comes back, and damage ends in its own error whatever it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer_providers._local.weights import UnreadableWeightsError, read_weights
from fakes.onnx_file import field, onnx_file, tensor

SHAPES = st.lists(st.integers(0, 5), max_size=4).map(tuple)
ARRAYS = st.dictionaries(st.text(max_size=20), SHAPES, min_size=1, max_size=5).map(
    lambda shapes: {name: np.random.default_rng(1).random(shape, np.float32) for name, shape in shapes.items()}
)


@given(ARRAYS, st.booleans())
def test_what_was_written_comes_back(arrays: dict[str, np.ndarray], packed: bool) -> None:
    found = read_weights(onnx_file({**arrays, "some_positions": np.arange(3)}, packed=packed))
    assert found.keys() == arrays.keys() - {"some_positions"}
    for name, array in found.items():
        assert array.shape == arrays[name].shape
        assert np.array_equal(array, arrays[name])


SOUND = onnx_file({"weight": np.ones((3, 2), np.float32), "bias": np.ones(2, np.float32), "axes": np.arange(4)})


@given(st.integers(0, len(SOUND) - 1), st.integers(1, 255))
def test_damage_is_found_or_harmless(place: int, change: int) -> None:
    damaged = bytearray(SOUND)
    damaged[place] ^= change
    readable_or_not(bytes(damaged))


@given(st.binary(max_size=300))
def test_anything_else_is_refused_or_read(data: bytes) -> None:
    readable_or_not(data)
    readable_or_not(field(7, data))
    readable_or_not(field(7, field(5, data)))


def readable_or_not(data: bytes) -> None:
    """Nothing but its own error comes out, and what it reads is no larger than what it was given."""
    try:
        found = read_weights(data)
    except UnreadableWeightsError:
        return
    assert sum(array.nbytes for array in found.values()) <= len(data)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (SOUND[:-20], "ends too early"),
        (SOUND[:9] + b"\xff" * 20, "does not end"),
        (b"", "no weights"),
        (field(7, field(5, tensor("axes", np.arange(4)))), "no weights"),
        (b"\x0c", "unknown kind 4"),
        (field(7, field(5, field(1, 1 << 40) + field(1, 1 << 60) + field(2, 1) + field(8, b"big"))), "big has 0 bytes"),
        (field(7, field(5, field(1, 1) * 9 + field(2, 1) + field(8, b"deep") + field(9, bytes(4)))), "deep has 4"),
    ],
)
def test_the_complaint_says_what_is_wrong(data: bytes, complaint: str) -> None:
    with pytest.raises(UnreadableWeightsError, match=complaint):
        read_weights(data)
