"""Files of every common kind with the same tone in them, made when they are asked for."""

from __future__ import annotations

import io
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av
import numpy as np

SECONDS = 2.0
TONE_HZ = 500

FORMS: dict[str, tuple[str, int, int, bool]] = {
    # name: codec, rate, channels, with a picture track
    "a.wav": ("pcm_s16le", 44_100, 2, False),
    "eight.wav": ("pcm_u8", 8_000, 1, False),
    "telephone.wav": ("pcm_mulaw", 8_000, 1, False),
    "float.wav": ("pcm_f32le", 48_000, 2, False),
    "a.mp3": ("libmp3lame", 44_100, 2, False),
    "a.flac": ("flac", 48_000, 2, False),
    "a.ogg": ("libopus", 48_000, 2, False),
    "a.opus": ("libopus", 48_000, 2, False),
    "a.m4a": ("aac", 44_100, 2, False),
    "a.aac": ("aac", 44_100, 1, False),
    "a.webm": ("libopus", 48_000, 1, False),
    "a.aiff": ("pcm_s16be", 44_100, 1, False),
    "film.mp4": ("aac", 44_100, 2, True),
    "film.mkv": ("libopus", 48_000, 2, True),
    "film.mov": ("aac", 48_000, 2, True),
    "film.avi": ("libmp3lame", 44_100, 2, True),
}


def make(path: Path, codec: str, rate: int, channels: int, picture: bool) -> Path:
    """A tone of 500 Hz, ``SECONDS`` long, under a few frames of film where ``picture``."""
    wave = 0.25 * np.sin(2 * np.pi * TONE_HZ * np.arange(round(SECONDS * rate)) / rate)
    container_name = {".opus": "ogg", ".m4a": "ipod", ".aac": "adts"}.get(path.suffix)
    with av.open(str(path), "w", format=container_name) as out:
        film: Any = None
        if picture:
            film = out.add_stream("mpeg4", rate=10)
            film.width = film.height = 64
        stream: Any = out.add_stream(codec, rate=rate, layout="stereo" if channels == 2 else "mono")
        samples = (np.repeat(wave, channels) * 32_767).astype("<i2").reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout=stream.layout.name)
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        resampler = av.AudioResampler(stream.format.name, stream.layout.name, rate, stream.frame_size or None)
        for number in range(20 if picture else 0):
            image = av.VideoFrame.from_ndarray(np.full((64, 64, 3), number * 12, "u1"), format="rgb24")
            out.mux(film.encode(image))
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
        if film is not None:
            out.mux(film.encode(None))
    return path


def encrypted(path: Path) -> None:
    """As films for sale are; the key is nowhere in it."""
    key = {"encryption_scheme": "cenc-aes-ctr", "encryption_key": "17" * 16, "encryption_kid": "42" * 16}
    with av.open(io.BytesIO(made("a.m4a"))) as source, av.open(str(path), "w", format="mp4", options=key) as out:
        stream = out.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)


@cache
def made(name: str) -> bytes:
    """One of ``FORMS``."""
    with TemporaryDirectory() as folder:
        return make(Path(folder) / name, *FORMS[name]).read_bytes()
