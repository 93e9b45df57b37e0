"""From the session's form (PCM signed 16-bit mono 16 kHz) to the form a vendor wants on the wire."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from debabelizer.contract.audio import PCM_16K, AudioForm, Encoding

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_LITTLE_ENDIAN = "<i2"


class Encoder:
    """One direction, one stream. For PCM_16K itself nothing is copied or imported."""

    def __init__(self, form: AudioForm) -> None:
        self.form = form
        self._sample_bytes = form.sample_bytes
        self._frombuffer: Any = None
        """numpy's; it is loaded only where it is needed."""
        self._resampler: Any = None
        self._began: int | None = None
        self._given = 0

    @property
    def plain(self) -> bool:
        return self.form == PCM_16K

    def feed(self, pcm: bytes, position: int) -> tuple[int, bytes]:
        """Wire audio for ``pcm``, which begins at session sample ``position``, and the session sample at which
        that wire audio begins: a resampler holds some back until later, or until ``flush``."""
        if self.plain:
            return position, pcm
        if self._began is None:
            self._began = position
        return self._counted(self._convert(pcm, last=False))

    def flush(self) -> tuple[int, bytes]:
        """What was held back, and where it begins. Afterwards the encoder starts afresh."""
        if self._began is None:
            return 0, b""
        tail = self._counted(self._convert(b"", last=True))
        self._resampler = None
        self._began = None
        self._given = 0
        return tail

    def _counted(self, wire: bytes) -> tuple[int, bytes]:
        assert self._began is not None
        position = self._began + self._given * PCM_16K.rate // self.form.rate
        self._given += len(wire) // self._sample_bytes
        return position, wire

    def silence(self, samples: int) -> bytes:
        """Zeros, in wire samples."""
        return (b"\xff" if self.form.encoding is Encoding.MULAW else b"\0\0") * samples

    def _convert(self, pcm: bytes, *, last: bool) -> bytes:
        if self._frombuffer is None:
            import numpy as np

            self._frombuffer = np.frombuffer
        samples: npt.NDArray[np.int16] = self._frombuffer(pcm, _LITTLE_ENDIAN)
        if self.form.rate != PCM_16K.rate:
            if self._resampler is None:
                import soxr

                self._resampler = soxr.ResampleStream(PCM_16K.rate, self.form.rate, 1, dtype="int16")
            samples = self._resampler.resample_chunk(samples, last=last)
        if self.form.encoding is Encoding.MULAW:
            import numpy as np

            return _mulaw_table()[samples.astype(np.int32) + 32768].tobytes()
        return samples.astype(_LITTLE_ENDIAN, copy=False).tobytes()


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
