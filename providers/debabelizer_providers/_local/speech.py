"""Where speech starts and ends: the Silero detector that ships inside faster-whisper, used as a stream.

:class:`SpeechProbe` runs the network, :class:`SpeechTrack` is the pure bookkeeping behind it. Positions are samples
at 16 kHz, counted from the first sample of the connection.
"""

from __future__ import annotations

import importlib.util
import os
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from debabelizer.errors import ConfigurationError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 16_000
FRAME = 512
"""Samples the detector judges at a time: 32 ms."""
_CONTEXT = 64


class Edge(msgspec.Struct, frozen=True):
    """Speech started or ended at sample ``at``; it became known at sample ``known``."""

    started: bool
    at: int
    known: int


class SpeechTrack:
    """Turns one probability per frame into edges.

    Speech starts once ``onset`` frames in a row are voiced and has ended once ``hang_s`` passed without a voiced
    frame. Between the two thresholds a frame counts as what the one before it was, so that a voice that fades
    stays one stretch.
    """

    def __init__(self, *, threshold: float = 0.5, release: float = 0.35, onset: int = 3, hang_s: float = 0.5) -> None:
        self._threshold = threshold
        self._release = release
        self._onset = onset
        self._hang = int(hang_s * RATE)
        self._run = 0
        self._was_voiced = False
        self._regions: deque[list[int]] = deque()
        self.position = 0
        self.speaking = False
        self.last_voiced = 0
        """End of the last voiced frame."""

    def push(self, probability: float) -> Edge | None:
        start, self.position = self.position, self.position + FRAME
        voiced = probability >= (self._release if self._was_voiced else self._threshold)
        self._was_voiced = voiced
        if voiced:
            self._mark(start)
            self._run += 1
            if not self.speaking and self._run >= self._onset:
                self.speaking = True
                return Edge(True, self.position - self._run * FRAME, self.position)
            return None
        self._run = 0
        if self.speaking and self.quiet >= self._hang:
            self.speaking = False
            return Edge(False, self.last_voiced, self.position)
        return None

    @property
    def quiet(self) -> int:
        """Samples since the last voiced frame."""
        return self.position - self.last_voiced

    def stop(self) -> None:
        """Forget that someone is speaking: the utterance was ended from outside."""
        self.speaking = False
        self._run = 0

    def voiced(self, start: int, end: int) -> int:
        """Voiced samples between ``start`` and ``end``."""
        return sum(max(0, min(b, end) - max(a, start)) for a, b in self._regions)

    def first_voiced(self, start: int, end: int) -> int | None:
        """The first voiced sample between ``start`` and ``end``."""
        return next((max(a, start) for a, b in self._regions if max(a, start) < min(b, end)), None)

    def forget(self, before: int) -> None:
        while self._regions and self._regions[0][1] <= before:
            self._regions.popleft()

    def _mark(self, start: int) -> None:
        if self._regions and self._regions[-1][1] == start:
            self._regions[-1][1] = self.position
        else:
            self._regions.append([start, self.position])
        self.last_voiced = self.position


class SpeechProbe:
    """The network with its state. Raises ConfigurationError where the model's file is not in the installation."""

    def __init__(self) -> None:
        # from 1.31 on it would tell its maker what is run, and keep a number of this computer in ~/.cache
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import numpy as np
        import onnxruntime  # it ships no types

        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = 1
        options.intra_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        self._np = np
        self._network: Any = onnxruntime.InferenceSession(
            str(_model_file()), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self.reset()

    def reset(self) -> None:
        np = self._np
        self._h = np.zeros((1, 1, 128), dtype=np.float32)
        self._c = np.zeros((1, 1, 128), dtype=np.float32)
        self._context = np.zeros(_CONTEXT, dtype=np.float32)
        self._rest = np.zeros(0, dtype=np.float32)

    def feed(self, audio: NDArray[np.float32]) -> list[float]:
        """One probability for each frame that is complete now; the rest waits for the next call.

        ``audio``: samples between -1 and 1."""
        np = self._np
        audio = np.concatenate((self._rest, audio))
        count = len(audio) // FRAME
        self._rest = audio[count * FRAME :]
        if not count:
            return []
        frames = audio[: count * FRAME].reshape(count, FRAME)
        contexts = np.concatenate((self._context[None], frames[:-1, -_CONTEXT:]))
        self._context = frames[-1, -_CONTEXT:]
        inputs = np.concatenate((contexts, frames), axis=1)
        output, self._h, self._c = self._network.run(None, {"input": inputs, "h": self._h, "c": self._c})
        return [float(p) for p in output.reshape(-1)]


def _model_file() -> Path:
    """Found without importing faster-whisper, which takes seconds."""
    spec = importlib.util.find_spec("faster_whisper")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        found = sorted(Path(folder, "assets").glob("silero_vad*.onnx"))
        if found:
            return found[-1]
    raise ConfigurationError("The speech detector's model is missing from this installation (package faster-whisper).")


def samples_of(pcm: bytes) -> NDArray[np.float32]:
    """16-bit PCM as samples between -1 and 1."""
    import numpy as np

    return np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)
