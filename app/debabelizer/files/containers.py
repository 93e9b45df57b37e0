"""What kind of file something is, from what is in it."""

from __future__ import annotations

from debabelizer.audio.decode import AudioInfo
from debabelizer.contract.files import Container

_HEAD = 64
"""Bytes within which a Matroska file names its kind."""
_PLAIN = {
    "wav": Container.WAV,
    "flac": Container.FLAC,
    "mp3": Container.MP3,
    "aac": Container.AAC,
    "ogg": Container.OGG,
    "amr": Container.AMR,
}


def container_of(info: AudioInfo, head: bytes) -> Container | None:
    """``head``: the first bytes. None: a kind that no provider has a word for."""
    if "matroska" in info.formats:
        return Container.WEBM if b"webm" in head[:_HEAD] else Container.MKV
    if "mp4" in info.formats:
        if info.brand == "qt":
            return Container.MOV
        return Container.MP4 if info.video else Container.M4A
    return next((_PLAIN[name] for name in info.formats if name in _PLAIN), None)
