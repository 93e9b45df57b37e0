"""WAV files in the project's own form: 16-bit mono PCM."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from debabelizer.errors import UnsupportedFormatError

if TYPE_CHECKING:
    from pathlib import Path

HEADER_BYTES = 44


def header(data_bytes: int, rate: int = 16_000, channels: int = 1) -> bytes:
    """The 44 bytes before ``data_bytes`` bytes of PCM (more than 4 GiB: of so many). A file whose length was never
    written can be given 0xFFFFFFFF - 36: readers then read to its end."""
    data_bytes = min(data_bytes, 0xFFFF_FFFF - 36)
    frame = 2 * channels
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", data_bytes + 36, b"WAVE", b"fmt ", 16, 1, channels, rate, rate * frame, frame, 16),
        *(b"data", data_bytes),
    )


def write(path: Path, pcm: bytes, rate: int = 16_000) -> None:
    """Write a whole WAV file."""
    path.write_bytes(header(len(pcm), rate) + pcm)


def read(path: Path) -> tuple[bytes, int]:
    """PCM and rate of a 16-bit mono WAV; for anything else there is ``audio.decode``."""
    import wave

    try:
        with wave.open(str(path)) as file:
            if (file.getnchannels(), file.getsampwidth()) != (1, 2):
                raise UnsupportedFormatError(f"{path.name} is not a 16-bit mono WAV file.")
            return file.readframes(file.getnframes()), file.getframerate()
    except (wave.Error, EOFError) as error:
        raise UnsupportedFormatError(f"{path.name} is not a WAV file.", vendor_message=str(error)) from error
