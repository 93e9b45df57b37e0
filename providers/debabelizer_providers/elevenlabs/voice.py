"""Where in a piece of audio there may still be a voice. Rough and cheap: a few microseconds per 100 ms."""

from __future__ import annotations

from debabelizer.contract import AudioForm, Encoding

_BLOCKS_PER_S = 20
_STRIDE = 8
_LOUD = 500
"""Of 32768: about -36 dB below full scale."""
_LOUD_MULAW = 0x30
"""The same on G.711's own scale, whose lower seven bits, inverted, grow with loudness."""


def last_loud(audio: bytes, form: AudioForm) -> int | None:
    """The sample after the last stretch of 50 ms that is not silent; None: all is silent."""
    block = form.rate // _BLOCKS_PER_S
    pcm = form.encoding is Encoding.PCM_S16LE
    samples = memoryview(audio)[: len(audio) // form.sample_bytes * form.sample_bytes]
    values = samples.cast("h") if pcm else samples
    end = len(values)
    while end > 0:
        piece = values[max(0, end - block) : end : _STRIDE].tolist()
        loud = max(piece) > _LOUD or min(piece) < -_LOUD if pcm else max(~v & 0x7F for v in piece) > _LOUD_MULAW
        if loud:
            return end
        end -= block
    return None
