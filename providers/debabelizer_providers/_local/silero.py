"""Silero's speech detector, version 6, run with NumPy alone: https://github.com/snakers4/silero-vad

Spectrum, four convolutions, one layer of long short-term memory, one number. Its file comes with faster-whisper; the
library that usually runs it (onnxruntime) takes thirty megabytes of memory and a sixth of a second to load.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from debabelizer.errors import ConfigurationError
from debabelizer_providers._local.weights import UnreadableWeightsError, read_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

CONTEXT = 64
"""Samples before a frame that the network sees with its 512."""
_HOP, _WINDOW, _COLUMNS, _BINS = 128, 256, 4, 129
_UNITS = 128
_BLOCK = 64
"""Frames that are worked out at a time: more gain nothing and take memory."""
_MOST_BYTES = 16 << 20

_BASIS = "encoder.feature_extractor.forward_basis_buffer"
_SHAPES = {
    _BASIS: (2 * _BINS, 1, _WINDOW),
    "encoder.conv_layers.0.weight": (128, _BINS, 3),
    "encoder.conv_layers.0.bias": (128,),
    "encoder.conv_layers.1.weight": (64, 128, 3),
    "encoder.conv_layers.1.bias": (64,),
    "encoder.conv_layers.2.weight": (64, 64, 3),
    "encoder.conv_layers.2.bias": (64,),
    "encoder.conv_layers.3.weight": (_UNITS, 64, 3),
    "encoder.conv_layers.3.bias": (_UNITS,),
    "onnx::LSTM_209": (1, 4 * _UNITS, _UNITS),
    "onnx::LSTM_210": (1, 4 * _UNITS, _UNITS),
    "onnx::LSTM_211": (1, 8 * _UNITS),
    "decoder.conv1d.weight": (1, _UNITS, 1),
    "decoder.conv1d.bias": (1,),
}


class Memory(NamedTuple):
    """What the network knows of the frames before: two rows of 128."""

    hidden: Floats
    cell: Floats


def nothing_heard() -> Memory:
    return Memory(np.zeros(_UNITS, np.float32), np.zeros(_UNITS, np.float32))


class Network:
    """The trained network; it keeps nothing from one call to the next. Raises ValueError for weights of another."""

    def __init__(self, weights: Mapping[str, Floats]) -> None:
        wrong = [name for name, shape in _SHAPES.items() if name not in weights or weights[name].shape != shape]
        if wrong:
            raise ValueError(f"it has no {wrong[0]} of the known shape")
        kernels = [weights[f"encoder.conv_layers.{i}.weight"] for i in range(4)]
        biases = [weights[f"encoder.conv_layers.{i}.bias"] for i in range(4)]
        self._spectra = _Spectra(weights[_BASIS][:, 0])
        self._first = _Sliding(kernels[0], biases[0])
        self._layers = [
            _Layer(kernel, bias, columns, stride)
            for kernel, bias, columns, stride in zip(kernels[1:], biases[1:], (4, 2, 1), (2, 2, 1), strict=True)
        ]
        self._recurrence = _Recurrence(*(weights[f"onnx::LSTM_{i}"][0] for i in (209, 210, 211)))
        self._answer = weights["decoder.conv1d.weight"].reshape(_UNITS) * np.float32(0.5)
        self._answer_bias = weights["decoder.conv1d.bias"] * np.float32(0.5)

    def run(self, frames: Floats, memory: Memory) -> tuple[Floats, Memory]:
        """``frames``: rows of 576 samples between -1 and 1: 64 of context, 512 of the frame. The probability of speech
        in each frame, and what to give with the next ones."""
        probabilities = np.empty(len(frames), np.float32)
        for start in range(0, len(frames), _BLOCK):
            rows = self._first(self._spectra(frames[start : start + _BLOCK]))
            for layer in self._layers:
                rows = layer(rows)
            states, memory = self._recurrence(rows, memory)
            np.maximum(states, 0, out=states)
            np.dot(states, self._answer, out=probabilities[start : start + _BLOCK])
        probabilities += self._answer_bias
        np.tanh(probabilities, out=probabilities)  # a sigmoid is half a tangent of half the number
        probabilities *= 0.5
        probabilities += 0.5
        return probabilities, memory


class _Spectra:
    """Magnitudes of four overlapping stretches of each frame, which is mirrored at its end.

    The file has a table of sines and cosines under a window; a Fourier transform does the same for less. Raises
    ValueError where the table is another one."""

    def __init__(self, basis: Floats) -> None:
        self._window = basis[0].copy()
        anything = np.cos(np.square(np.arange(_WINDOW))).astype(np.float32)
        transformed = np.fft.rfft(anything * self._window)
        if not np.allclose(basis @ anything, np.concatenate((transformed.real, transformed.imag)), atol=1e-3):
            raise ValueError("its first layer is no Fourier transform")
        places = np.arange(_COLUMNS)[:, None] * _HOP + np.arange(_WINDOW)
        last = CONTEXT + 512 - 1
        self._places = np.where(places <= last, places, 2 * last - places)

    def __call__(self, frames: Floats) -> Floats:
        """(frames, 4, 129)."""
        stretches = frames.take(self._places, axis=1)
        stretches *= self._window
        magnitudes: Floats = np.abs(np.fft.rfft(stretches)).astype(np.float32, copy=False)
        return magnitudes


class _Sliding:
    """The first convolution, over three columns at each of the four: one product for all of them, then three sums."""

    def __init__(self, kernel: Floats, bias: Floats) -> None:
        self._matrix = np.ascontiguousarray(kernel.transpose(1, 2, 0).reshape(_BINS, -1))
        self._bias = bias.copy()

    def __call__(self, columns: Floats) -> Floats:
        """(frames, 4, 129) to (frames, 512)."""
        product = columns.reshape(-1, _BINS) @ self._matrix
        left, middle, right = product.reshape(len(columns), _COLUMNS, 3, -1).transpose(2, 0, 1, 3)
        out = middle + self._bias
        out[:, 1:] += left[:, :-1]
        out[:, :-1] += right[:, 1:]
        rows: Floats = np.maximum(out, 0, out=out).reshape(len(columns), -1)
        return rows


class _Layer:
    """One of the other convolutions, over three columns. They have so few columns that each is one matrix."""

    def __init__(self, kernel: Floats, bias: Floats, columns: int, stride: int) -> None:
        places = range(0, columns, stride)
        matrix = np.zeros((columns, kernel.shape[1], len(places), kernel.shape[0]), np.float32)
        for number, place in enumerate(places):
            for tap in range(max(0, 1 - place), min(3, columns + 1 - place)):
                matrix[place + tap - 1, :, number] = kernel[:, :, tap].T
        self._matrix = matrix.reshape(columns * kernel.shape[1], -1)
        self._bias = np.tile(bias, len(places))

    def __call__(self, rows: Floats) -> Floats:
        """(frames, columns x channels), before and after."""
        out: Floats = rows @ self._matrix
        out += self._bias
        np.maximum(out, 0, out=out)
        return out


class _Recurrence:
    """Long short-term memory; its gates in ONNX's order: input, output, forget, cell.

    A sigmoid is half a hyperbolic tangent of half the number, so one call is the non-linearity of all four gates.
    """

    def __init__(self, inputs: Floats, recurrent: Floats, bias: Floats) -> None:
        half = np.full((4 * _UNITS, 1), 0.5, np.float32)
        half[3 * _UNITS :] = 1
        self._inputs = np.ascontiguousarray((inputs * half).T)
        self._recurrent = np.ascontiguousarray((recurrent * half).T)
        self._bias = (bias[: 4 * _UNITS] + bias[4 * _UNITS :]) * half[:, 0]

    def __call__(self, rows: Floats, memory: Memory) -> tuple[Floats, Memory]:
        """The hidden state after each row, and the memory after the last."""
        given = rows @ self._inputs
        given += self._bias
        states = np.empty((len(rows), _UNITS), np.float32)
        gates = np.empty(4 * _UNITS, np.float32)
        open_, new = gates[: 3 * _UNITS], gates[3 * _UNITS :]
        entering, leaving, staying = open_.reshape(3, _UNITS)
        hidden, cell = memory.hidden, memory.cell.copy()
        for row, state in zip(given, states, strict=True):
            np.dot(hidden, self._recurrent, out=gates)
            gates += row
            np.tanh(gates, out=gates)
            open_ *= 0.5
            open_ += 0.5
            new *= entering
            cell *= staying
            cell += new
            np.tanh(cell, out=new)
            hidden = np.multiply(leaving, new, out=state)
        return states, Memory(hidden.copy(), cell)


@cache
def installed() -> Network:
    """The network that came with faster-whisper, read once. Raises ConfigurationError."""
    return load(_file())


def load(path: Path) -> Network:
    """Raises ConfigurationError for a file that can't be read, or holds another network than ours."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UnreadableWeightsError("it is too large")
        weights = read_weights(path.read_bytes())
    except (OSError, UnreadableWeightsError) as error:
        raise ConfigurationError(f"The speech detector {path} can't be read: {error}. Install it anew.") from error
    try:
        return Network(weights)
    except ValueError as error:
        raise ConfigurationError(
            f"The speech detector {path.name} of this faster-whisper is not the one that this program knows: {error}. "
            "Install faster-whisper 1.2.1, or a newer version of this program."
        ) from error


def _file() -> Path:
    """Found without importing faster-whisper, which takes seconds."""
    spec = importlib.util.find_spec("faster_whisper")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        found = sorted(Path(folder, "assets").glob("silero_vad*.onnx"))
        if found:
            return found[-1]
    raise ConfigurationError("The speech detector's model is missing from this installation (package faster-whisper).")
