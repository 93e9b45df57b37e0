"""Audio in and out for programs: conversion, telephony, cutting, silence, and what a file is."""

from __future__ import annotations

import asyncio
import io
import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from debabelizer.audio.decode import ANY, AudioInfo, Limits, Pieces, decode, probe
from debabelizer.audio.encode import encode, form
from debabelizer.audio.layouts import layout_of
from debabelizer.audio.silence import Span, between, silences
from debabelizer.errors import AudioError, UnsupportedFormatError

TELEPHONY_RATE = 8_000
RAW_FORMS = {"pcm": (1, 16), "raw": (1, 16), "s16le": (1, 16), "alaw": (6, 8), "mulaw": (7, 8), "ulaw": (7, 8)}
"""Raw forms: their number in a WAV header, and bits per sample."""


class AudioConverter:
    """Stateless; conversions run in a thread, and what was given is read by a process of its own, bound in memory and
    time. All calls raise UnsupportedFormatError or LimitExceededError with cause and remedy.

    Formats are ``wav``, ``flac``, ``mp3``, ``m4a``, ``mp4``, ``aac``, ``ogg``/``opus``, ``webm``; ``wav_mulaw`` and
    ``wav_alaw``; and without a header ``pcm`` (16-bit little-endian), ``mulaw``, ``alaw``. What has a header is known
    by its content, whatever ``input_format`` says. ``limits``: how much of it is read; what strangers send wants less
    than the 24 hours that files may have.
    """

    def __init__(self, limits: Limits = ANY) -> None:
        self._limits = limits

    async def convert_audio(
        self,
        input_data: bytes,
        input_format: str,
        output_format: str,
        sample_rate: int | None = None,
        channels: int | None = None,
    ) -> bytes:
        """``sample_rate`` (Hz) and ``channels`` of the result; None: as they were. Of ``input_data`` without a header
        they are 16 kHz (``mulaw``, ``alaw``: 8 kHz) mono."""
        form(output_format)
        given = input_data, input_format, output_format, sample_rate, channels
        return await asyncio.to_thread(_convert, *given, self._limits)

    async def convert_to_telephony_format(self, input_data: bytes, input_format: str = "wav") -> bytes:
        """8 kHz mono mu-law, without a header."""
        return await self.convert_audio(input_data, input_format, "mulaw", TELEPHONY_RATE, 1)

    async def convert_from_telephony_format(
        self, input_data: bytes, output_format: str = "wav", sample_rate: int = 16_000
    ) -> bytes:
        """From 8 kHz mono mu-law, without a header."""
        return await self.convert_audio(input_data, "mulaw", output_format, sample_rate, 1)

    async def extract_audio_chunk(
        self, file_path: str | Path, start_time: float, duration: float, output_format: str = "wav"
    ) -> bytes:
        """``duration`` seconds from ``start_time``, at the file's own rate, mono. Raises ValueError for times that are
        none or lie behind the end."""
        if start_time < 0 or duration <= 0:
            raise ValueError("start_time must be 0 or more, and duration more than 0")
        return await asyncio.to_thread(_cut, self._limits, existing(file_path), start_time, duration, output_format)

    async def split_on_silence(
        self, audio_data: bytes, threshold: float = 0.01, min_duration: float = 0.5, output_format: str = "wav"
    ) -> list[bytes]:
        """The stretches between silences, each with a tenth of a second of them at its ends."""
        return await asyncio.to_thread(_split, self._limits, audio_data, threshold, min_duration, output_format)

    def get_audio_info(self, path: str | Path) -> dict[str, Any]:
        """``format``, ``codec``, ``sample_rate``, ``channels``, ``duration`` (s, None where the file does not say),
        ``size_bytes``, ``has_video``."""
        file = existing(path)
        info = probe(file)
        return {
            "format": format_of(info, _head(file)),
            "codec": info.codec,
            "sample_rate": info.rate,
            "channels": info.channels,
            "duration": info.duration,
            "size_bytes": file.stat().st_size,
            "has_video": info.video,
        }

    def create_silence(self, seconds: float, sample_rate: int = 16_000, format_type: str = "wav") -> bytes:
        """Mono. Raises ValueError for less than no time."""
        if seconds < 0:
            raise ValueError("there is no silence of less than 0 seconds")
        return _encoded(_zeros(2 * round(seconds * sample_rate)), format_type, sample_rate, 1)

    def detect_silence(self, audio_data: bytes, threshold: float = 0.01, min_duration: float = 0.5) -> list[Span]:
        """Start and end in seconds of every stretch of at least ``min_duration`` seconds whose level (RMS, 0 to 1 of
        full scale) stays below ``threshold``. Data without a header is 16-bit mono PCM at 16 kHz."""
        pcm = decode(io.BytesIO(_recording(audio_data)), limits=self._limits)
        return list(silences(pcm, threshold=threshold, least=min_duration))


# ------------------------------------------------------------------------------------------------- functions


def detect_audio_format(path: str | Path) -> str:
    """What a file is by its content: ``wav``, ``mp3``, ... What can't be told from the content (raw audio, a file that
    is not there yet) is told from the name, and is ``wav`` where that says nothing either."""
    file = Path(path)
    try:
        return format_of(probe(file), _head(file))
    except AudioError:
        return _by_name(file)


def get_sample_rate_from_wav(path: str | Path) -> int | None:
    """Hz; None for what is no WAV file. Raises FileNotFoundError."""
    file = existing(path)
    try:
        info = probe(file)
    except AudioError:
        return None
    return info.rate if "wav" in info.formats else None


def estimate_audio_duration(path: str | Path, sample_rate: int | None = None) -> float:
    """Seconds: what the file says, or else counted. A file without a header is taken for 16-bit mono PCM of
    ``sample_rate``. Raises FileNotFoundError, UnsupportedFormatError."""
    file = existing(path)
    try:
        said = probe(file).duration
    except UnsupportedFormatError:
        if sample_rate is None:
            raise
        return file.stat().st_size / 2 / sample_rate
    return said if said is not None else sum(map(len, decode(file))) / 32_000


def format_duration(seconds: float) -> str:
    """``30.5s``, ``1m 30.0s``, ``1h 1m 1.5s``."""
    tenths = round(max(0.0, seconds) * 10)
    hours, rest = divmod(tenths, 36_000)
    minutes, rest = divmod(rest, 600)
    shown = f"{rest / 10:.1f}s"
    return f"{hours}h {minutes}m {shown}" if hours else f"{minutes}m {shown}" if minutes else shown


def validate_audio_file(path: str | Path) -> dict[str, Any]:
    """Reads the whole file. ``exists``, ``is_valid``, ``errors`` and ``warnings`` (sentences; damage that is left out
    is a warning), ``size_bytes``, ``format``, and where it is valid what :meth:`AudioConverter.get_audio_info` says."""
    file = Path(path)
    answer: dict[str, Any] = {"exists": file.is_file(), "is_valid": False, "errors": [], "warnings": []}
    if not file.is_file():
        return answer | {"size_bytes": 0, "format": None, "errors": ["File does not exist"]}
    answer |= {"size_bytes": file.stat().st_size, "format": detect_audio_format(file)}
    try:
        samples = sum(map(len, decode(file, on_damage=answer["warnings"].append))) // 2
        answer |= AudioConverter().get_audio_info(file)
    except AudioError as error:
        return answer | {"errors": [error.message]}
    return answer | {"is_valid": True, "duration": samples / 16_000}


def format_of(info: AudioInfo, head: bytes) -> str:
    """The usual name of a kind of file. ``head``: its first bytes."""
    from debabelizer.files.containers import container_of

    container = container_of(info, head)
    return container.value if container is not None else info.formats[0]


# --------------------------------------------------------------------------------------------------- within


def existing(path: str | Path) -> Path:
    """Raises FileNotFoundError."""
    file = Path(path)
    if not file.is_file():
        raise FileNotFoundError(f"There is no file {file}.")
    return file


def _by_name(file: Path) -> str:
    from debabelizer.audio.encode import FORMS

    name = file.suffix.lower().removeprefix(".")
    return name if name in FORMS else "wav"


def _recording(data: bytes) -> bytes:
    """With a header; without one it is taken for 16-bit mono PCM at 16 kHz."""
    try:
        probe(io.BytesIO(data))
    except UnsupportedFormatError:
        return with_header(data, "pcm", 16_000)
    return data


def _head(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(64)


def _opened(data: bytes, kind: str) -> BinaryIO:
    """A recording with a header, whatever it had."""
    name = kind.lower().removeprefix(".")
    if name not in RAW_FORMS:
        return io.BytesIO(data)
    rate = TELEPHONY_RATE if name in {"mulaw", "ulaw", "alaw"} else 16_000
    return io.BytesIO(with_header(data, name, rate))


def with_header(data: bytes, kind: str, rate: int, channels: int = 1) -> bytes:
    """Raw audio (``pcm``, ``mulaw``, ``alaw``) as a WAV file."""
    tag, bits = RAW_FORMS[kind]
    frame = channels * bits // 8
    length = min(len(data), 0xFFFF_FFFF - 38)
    return (
        struct.pack("<4sI4s", b"RIFF", length + 38, b"WAVE")
        + struct.pack("<4sIHHIIHHH", b"fmt ", 18, tag, channels, rate, rate * frame, frame, bits, 0)
        + struct.pack("<4sI", b"data", length)
        + data
    )


def _convert(
    data: bytes, given: str, wanted: str, rate: int | None, channels: int | None, limits: Limits = ANY
) -> bytes:
    source = _opened(data, given)
    info = probe(source)
    rate, channels = rate or info.rate, channels or info.channels
    pcm = decode(source, rate, layout=layout_of(channels), limits=limits)
    return _encoded(pcm, wanted, rate, channels)


def _encoded(pcm: Iterable[bytes], wanted: str, rate: int, channels: int) -> bytes:
    target = io.BytesIO()
    encode(pcm, wanted, target, rate=rate, channels=channels)
    return target.getvalue()


def _cut(limits: Limits, file: Path, start: float, duration: float, wanted: str) -> bytes:
    rate = probe(file).rate
    [cut] = _cuttings(decode(file, rate, limits=limits), [(start, start + duration)], rate)
    if not cut:
        raise ValueError(f"{file.name} ends before {format_duration(start)}")
    return _encoded([cut], wanted, rate, 1)


def _split(limits: Limits, data: bytes, threshold: float, least: float, wanted: str) -> list[bytes]:
    data = _recording(data)
    rate = probe(io.BytesIO(data)).rate
    size = 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for piece in decode(io.BytesIO(data), rate, limits=limits):
            size += len(piece)
            yield piece

    quiet = list(silences(counted(), rate, threshold=threshold, least=least))
    spans = list(between(quiet, size / 2 / rate))
    cuttings = _cuttings(decode(io.BytesIO(data), rate, limits=limits), spans, rate)
    return [_encoded([cutting], wanted, rate, 1) for cutting in cuttings]


def _cuttings(pcm: Pieces, spans: Sequence[Span], rate: int) -> list[bytes]:
    """The sound of each span, read no further than the last one's end."""
    places = [(2 * round(start * rate), 2 * round(end * rate)) for start, end in spans]
    cuttings = [bytearray() for _ in spans]
    last, at = max((end for _, end in places), default=0), 0
    with closing(pcm):
        for piece in pcm:
            for (start, end), cutting in zip(places, cuttings, strict=True):
                if start < at + len(piece) and end > at:
                    cutting += piece[max(0, start - at) : end - at]
            at += len(piece)
            if at >= last:
                break
    return [bytes(cutting) for cutting in cuttings]


def _zeros(size: int) -> Iterator[bytes]:
    step = 1 << 16
    yield from islice(iter(lambda: bytes(step), None), size // step)
    yield bytes(size % step)
