"""From the session's form (PCM signed 16-bit mono 16 kHz) to the form a vendor wants on the wire."""

from __future__ import annotations

import sys
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from debabelizer.contract.audio import PCM_16K, AudioForm, Encoding
from debabelizer.streaming.timemap import SESSION_RATE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_LITTLE_ENDIAN = "<i2"
_NATIVE = sys.byteorder == "little"
"""The machine writes samples the way the wire does."""


class Encoder:
    """One direction, one stream. For PCM_16K itself nothing is copied or imported."""

    def __init__(self, form: AudioForm) -> None:
        self.form = form
        self.plain = form == PCM_16K
        self._sample_bytes = form.sample_bytes
        self._rate = form.rate
        self._resamples = form.rate != PCM_16K.rate
        self._mulaw = form.encoding is Encoding.MULAW
        self._samples_of: Any = None
        """Bytes as samples; numpy is loaded only where it is needed."""
        self._resample: Any = None
        """Of soxr's present stream."""
        self._began: int | None = None
        self._given = 0

    def feed(self, pcm: bytes, position: int) -> tuple[int, bytes]:
        """Wire audio for ``pcm``, which begins at session sample ``position``, and the session sample at which
        that wire audio begins: a resampler holds some back until later, or until ``flush``."""
        if self.plain:
            return position, pcm
        if self._began is None:
            self._began = position
        return self._counted(self._began, self._convert(pcm, last=False))

    def flush(self) -> tuple[int, bytes]:
        """What was held back, and where it begins. Afterwards the encoder starts afresh."""
        if self._began is None:
            return 0, b""
        tail = self._counted(self._began, self._convert(b"", last=True))
        self._resample = None
        self._began = None
        self._given = 0
        return tail

    def _counted(self, began: int, wire: bytes) -> tuple[int, bytes]:
        position = began + self._given * SESSION_RATE // self._rate
        self._given += len(wire) // self._sample_bytes
        return position, wire

    def silence(self, samples: int) -> bytes:
        """Zeros, in wire samples."""
        return (b"\xff" if self._mulaw else b"\0\0") * samples

    def _convert(self, pcm: bytes, *, last: bool) -> bytes:
        if self._samples_of is None:
            import numpy as np

            self._samples_of = partial(np.frombuffer, dtype=np.dtype(_LITTLE_ENDIAN))
        samples: npt.NDArray[np.int16] = self._samples_of(pcm)
        if self._resamples:
            if self._resample is None:
                import soxr

                self._resample = soxr.ResampleStream(PCM_16K.rate, self._rate, 1, dtype="int16").resample_chunk
            samples = self._resample(samples, last)
        if self._mulaw:
            import numpy as np

            return _mulaw_table()[samples.astype(np.int32) + 32768].tobytes()
        return samples.tobytes() if _NATIVE else samples.astype(_LITTLE_ENDIAN).tobytes()


@lru_cache(maxsize=1)
def _mulaw_table() -> npt.NDArray[np.uint8]:
    """G.711 µ-law of every 16-bit sample, indexed by ``sample + 32768``."""
    import numpy as np

    samples = np.arange(-32768, 32768, dtype=np.int32)
    sign = np.where(samples < 0, 0x80, 0)
    magnitude = np.minimum(np.abs(samples), 32635) + 132
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    table: npt.NDArray[np.uint8] = (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)
    return table
