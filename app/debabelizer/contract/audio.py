"""Forms of raw audio."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Encoding(StrEnum):
    PCM_S16LE = "pcm_s16le"
    MULAW = "mulaw"


class AudioForm(msgspec.Struct, frozen=True):
    """Mono audio on the wire: encoding and samples per second."""

    encoding: Encoding = Encoding.PCM_S16LE
    rate: int = 16_000

    @property
    def sample_bytes(self) -> int:
        return 2 if self.encoding is Encoding.PCM_S16LE else 1

    @property
    def bytes_per_second(self) -> int:
        return self.rate * self.sample_bytes


PCM_16K = AudioForm()
"""The project's own form: signed 16-bit little-endian mono 16 kHz."""
