"""From whatever a device or a file delivers to the project's own form, and from there to what a provider wants.

Both classes work on streams: however the input is cut into pieces, the samples that come out are the same.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class SampleType(StrEnum):
    """How a device writes one sample; the values are numpy's names."""

    UINT8 = "uint8"
    INT16 = "int16"
    INT32 = "int32"
    FLOAT32 = "float32"


class Resampler:
    """16-bit mono PCM from one rate to another (Hz) by soxr, in high quality, about 20 ms late until flushed."""

    def __init__(self, source: int, target: int = 16_000) -> None:
        self._rates = source, target
        self._stream: Any = None
        self._odd = b""

    def feed(self, pcm: bytes) -> bytes:
        """Whatever is ready after ``pcm``; half a sample at the end waits for its other half."""
        if self._odd:
            pcm = self._odd + pcm
        whole = len(pcm) & ~1
        self._odd, pcm = pcm[whole:], pcm[:whole]
        return self._through(pcm, last=False)

    def flush(self) -> bytes:
        """The rest; the resampler is as new afterwards."""
        self._odd = b""
        rest = self._through(b"", last=True)
        self._stream = None
        return rest

    def _through(self, pcm: bytes, *, last: bool) -> bytes:
        source, target = self._rates
        if source == target:
            return pcm
        import numpy as np

        if self._stream is None:
            if last:
                return b""
            import soxr

            # In 16 bit soxr dithers at random, and the result would depend on how the input was cut.
            self._stream = soxr.ResampleStream(source, target, 1, dtype="float32", quality="HQ")
        samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32)
        return _to_pcm(self._stream.resample_chunk(samples, last=last))


class Converter:
    """Interleaved audio of a device (``channels``, ``rate``, one of four sample types) to 16-bit mono PCM at 16 kHz."""

    def __init__(self, rate: int, channels: int = 1, sample: SampleType = SampleType.INT16) -> None:
        self._channels, self._sample = channels, sample
        self._resampler = Resampler(rate)
        self._rest = b""

    def feed(self, raw: bytes) -> bytes:
        if self._channels == 1 and self._sample is SampleType.INT16:
            return self._resampler.feed(raw)
        import numpy as np

        raw = self._rest + raw
        size = np.dtype(self._sample.value).itemsize * self._channels
        whole = len(raw) - len(raw) % size
        self._rest, raw = raw[whole:], raw[:whole]
        frames = _scaled(np.frombuffer(raw, dtype=self._sample.value), self._sample)
        return self._resampler.feed(_to_pcm(frames.reshape(-1, self._channels).mean(axis=1)))

    def flush(self) -> bytes:
        self._rest = b""
        return self._resampler.flush()


def _scaled(samples: npt.NDArray[Any], sample: SampleType) -> npt.NDArray[np.float64]:
    """On the scale of 16-bit samples."""
    wide = samples.astype("float64")
    match sample:
        case SampleType.UINT8:
            return (wide - 128) * 256
        case SampleType.INT32:
            return wide / 65536
        case SampleType.FLOAT32:
            return wide * 32768
        case SampleType.INT16:
            return wide


def _to_pcm(samples: npt.NDArray[Any]) -> bytes:
    import numpy as np

    return bytes(np.clip(np.rint(samples), -32768, 32767).astype("<i2").tobytes())
