"""Files that were cut, that lie, that swell, or that are something else: each is written by a function when a test asks
for it. ``FILES`` maps a name to what writes it and to what is to come of it."""

from __future__ import annotations

import io
import os
import random
import re
import socket
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from debabelizer.audio.wav import header
from fakes.hostile_flac import constant_flac
from fakes.made_files import encrypted, made

SOUND = "sound"
"""The tone, or as much of it as is in the file."""
EITHER = "either"
"""Sound of some kind, or one of our errors."""
NOT_AUDIO = "not an audio or video file"


class Hostile(NamedTuple):
    """``write`` gets the path to write to; ``end`` is ``SOUND``, ``EITHER`` or the words of an error."""

    write: Callable[[Path], object]
    end: str
    suffix: str = ""


FILES: dict[str, Hostile] = {}


def _add(name: str, data: bytes | Callable[[Path], object], end: str, suffix: str = "") -> None:
    FILES[name] = Hostile(data if callable(data) else lambda path: path.write_bytes(data), end, suffix)


def _later(make: Callable[[], bytes]) -> Callable[[Path], object]:
    """Made only when the test runs."""
    return lambda path: path.write_bytes(make())


def _noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def _cut(name: str, share: float) -> Callable[[Path], object]:
    return _later(lambda: made(name)[: int(share * len(made(name)))])


def _scarred(name: str) -> Callable[[Path], object]:
    def write(path: Path) -> None:
        data = bytearray(made(name))
        middle = len(data) // 2
        data[middle : middle + 600] = _noise(600)
        path.write_bytes(data)

    return write


# ------------------------------------------------------------------------------------------- cut, and scarred

_INDEX_AT_THE_END = {"a.m4a", "film.mp4", "film.mov"}
"""Without it nothing of them can be found."""
for _name in (
    "a.wav",
    "a.mp3",
    "a.flac",
    "a.m4a",
    "film.mp4",
    "film.mov",
    "a.ogg",
    "a.webm",
    "a.aac",
    "film.mkv",
    "film.avi",
    "a.aiff",
):
    _whole_index = _name not in _INDEX_AT_THE_END
    _add(f"{_name} cut to a hundredth", _cut(_name, 0.01), EITHER)
    _add(f"{_name} cut to half", _cut(_name, 0.5), SOUND if _whole_index else NOT_AUDIO)
    _add(f"{_name} cut by a little", _cut(_name, 0.97), SOUND if _whole_index else "has no audio track")
    _add(f"{_name} scarred", _scarred(_name), SOUND if _whole_index else EITHER)


# ------------------------------------------------------------------------------------------------ headers that lie


def _wav(
    riff: int = 64_036,
    rate: int = 44_100,
    channels: int = 2,
    bits: int = 16,
    size: int = 16,
    data: int = 64_000,
    tag: int = 1,
) -> bytes:
    pcm = made("a.wav")[-64_000:]
    form = struct.pack("<IHHIIHH", size, tag, channels, rate & 0xFFFFFFFF, 0, 4, bits)
    return b"RIFF" + struct.pack("<I", riff) + b"WAVEfmt " + form + b"data" + struct.pack("<I", data) + pcm


_add("wav that says it is empty", _later(lambda: _wav(riff=0)), SOUND)
_add("wav of 4 GB", _later(lambda: _wav(riff=0xFFFFFFFF, data=0xFFFFFFFF)), SOUND)
_add("wav with data of 2 GB", _later(lambda: _wav(data=0x7FFFFFFF)), SOUND)
_add("wav with data of no length", _later(lambda: _wav(data=0)), EITHER)
_add("wav at 0 Hz", _later(lambda: _wav(rate=0)), EITHER)
_add("wav at 1 Hz", _later(lambda: _wav(rate=1)), "claims to have next to no samples")
_add("wav at 900 Hz", _later(lambda: _wav(rate=900)), "claims to have next to no samples")
_add("wav at 4 GHz", _later(lambda: _wav(rate=0xFFFFFFFF)), EITHER)
_add("wav at 2 GHz", _later(lambda: _wav(rate=0x7FFFFFFF)), EITHER)
_add("wav with 0 channels", _later(lambda: _wav(channels=0)), EITHER)
_add("wav with 255 channels", _later(lambda: _wav(channels=255)), EITHER)
_add("wav with 65535 channels", _later(lambda: _wav(channels=65_535)), EITHER)
_add("wav with 0 bits", _later(lambda: _wav(bits=0)), EITHER)
_add("wav with 255 bits", _later(lambda: _wav(bits=255)), EITHER)
_add("wav whose form is of 4 GB", _later(lambda: _wav(size=0xFFFFFFFF)), NOT_AUDIO)
_add("wav of an unknown kind", _later(lambda: _wav(tag=0x6666)), EITHER)
_add("wav without a form", b"RIFF\xff\xff\xff\xffWAVEdata\xff\xff\xff\xff" + _noise(5_000), EITHER)
_add("wav with a list of 4 GB", b"RIFF\xff\xff\xff\xffWAVELIST\xff\xff\xff\xff" + _noise(5_000), NOT_AUDIO)
_add("wav of a header alone", header(0), "There is no sound")
_add("flac of eight days", _later(lambda: constant_flac(8_000, 2, claimed=1 << 36)), "longer than 1 h,")
_add(
    "ogg that ends in a million years",
    _later(lambda: re.sub(rb"(OggS\x00\x04).{8}", rb"\1" + struct.pack("<q", 1 << 61), made("a.ogg"), flags=re.DOTALL)),
    EITHER,
)
_add(
    "m4a with an endless table",
    _later(lambda: made("a.m4a").replace(b"stsz", b"stsz" + bytes(8) + b"\xff" * 4, 1)),
    EITHER,
)
_add("m4a with a sample table that lies", _later(lambda: _patched(made("a.m4a"), b"stsz", 12, b"\xff" * 4)), EITHER)
_add("m4a with time that lies", _later(lambda: _patched(made("a.m4a"), b"mdhd", 16, b"\x7f" * 4)), EITHER)
_add("m4a of no time scale", _later(lambda: _patched(made("a.m4a"), b"mdhd", 16, bytes(4))), EITHER)
_add("m4a that says it is encrypted", _later(lambda: made("a.m4a").replace(b"mp4a", b"enca", 1)), EITHER)
_add("m4a that is encrypted", encrypted, "is protected")
_add("m4a whose sound is elsewhere", _later(lambda: made("a.m4a").replace(b"url ", b"alis", 1)), EITHER)
_add(
    "webm without an end",
    _later(lambda: made("a.webm")[:-9]),
    SOUND,
)
_add("aiff at 0 Hz", _later(lambda: _patched(made("a.aiff"), b"COMM", 16, bytes(10))), EITHER)


def _patched(data: bytes, word: bytes, offset: int, new: bytes) -> bytes:
    at = data.index(word) + offset
    return data[:at] + new + data[at + len(new) :]


# ----------------------------------------------------------------------------------------------------------- bombs

_add("flac of days of silence", _later(lambda: constant_flac(1_000, 2_000)), "longer than 1 h,")
_add("flac of a sample a second", _later(lambda: constant_flac(1, 3)), "claims to have next to no samples")
_add("mp3 behind a tag of 256 MB", _later(lambda: b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + made("a.mp3")), EITHER)
_add("mp3 behind a cover of 5 MB", _later(lambda: _with_cover(made("a.mp3"), 5_000_000)), SOUND)
_add("mp3 behind a cover that lies", _later(lambda: _with_cover(made("a.mp3"), 5_000, claimed=0x0FFFFFFF)), EITHER)
_add("flac with a picture that lies", _later(lambda: b"fLaC\x06\xff\xff\xff" + made("a.flac")[4:]), EITHER)
_add("mp4 of ten thousand boxes in boxes", _later(lambda: _nested(10_000) + made("a.m4a")), EITHER)
_add("mp4 of a box without an end", b"\0\0\0\x18ftypisom\0\0\2\0isommp41" + b"\0\0\0\x01moov" + b"\xff" * 8, NOT_AUDIO)
_add(
    "mkv of endless elements",
    b"\x1a\x45\xdf\xa3\xa3" + made("film.mkv")[5:200] + b"\x1f\x43\xb6\x75\x01" + b"\xff" * 5_000,
    EITHER,
)
_add("ogg of pages without end", made("a.ogg")[:300] + made("a.ogg")[:300] * 200, EITHER)


def _nested(depth: int) -> bytes:
    """Each box holds the next."""
    sizes = b"".join(struct.pack(">I", 8 * (depth - n)) + b"moov" for n in range(depth))
    return b"\0\0\0\x18ftypisom\0\0\2\0isommp41" + sizes


def _with_cover(mp3: bytes, size: int, claimed: int | None = None) -> bytes:
    body = b"\0image/png\0\x03\0" + bytes(size)
    frame = b"APIC" + _syncsafe(claimed or len(body)) + b"\0\0" + body
    return b"ID3\x04\0\0" + _syncsafe(len(frame)) + frame + mp3


def _syncsafe(size: int) -> bytes:
    return bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))


# --------------------------------------------------------------------------------------------- something else

_add("m4a called mp3", _later(lambda: made("a.m4a")), SOUND, ".mp3")
_add("ogg called wav", _later(lambda: made("a.ogg")), SOUND, ".wav")
_add("film called flac", _later(lambda: made("film.mkv")), SOUND, ".flac")
_add("nothing", b"", "is empty", ".mp3")
_add("one byte", b"R", NOT_AUDIO, ".wav")
_add("a page called mp3", b"<!DOCTYPE html><html><body>404 Not Found</body></html>" * 40, NOT_AUDIO, ".mp3")
_add("subtitles", b"1\n00:00:01,000 --> 00:00:02,000\nHello\n\n" * 20, NOT_AUDIO, ".srt")
_add("web subtitles", b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n\n" * 20, NOT_AUDIO, ".vtt")
_add("a letter", "Слово не воробей. ".encode() * 500, NOT_AUDIO, ".wav")
_add("a script", b"#!/bin/sh\nrm -rf ~\n" * 30, NOT_AUDIO, ".ogg")
_add("a program", b"\x7fELF\x02\x01\x01" + _noise(5_000), NOT_AUDIO, ".m4a")
_add("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x4e\x20\0\0\x4e\x20\x08\2\0\0\0" + _noise(500), NOT_AUDIO, ".mp3")
_add("zeros", bytes(100_000), NOT_AUDIO, ".wav")
_add("noise", _noise(100_000), NOT_AUDIO, ".mp3")


def _archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.wav", made("a.wav"))
    return packed.getvalue()


_add("an archive", _later(_archive), EITHER, ".mp3")

_MAGIC = {
    "wav": b"RIFF\xff\xff\xff\x7fWAVEfmt ",
    "flac": b"fLaC\0\0\0\x22",
    "ogg": b"OggS\0\2",
    "mp3": b"ID3\x03\0\0\0\0\1\0",
    "mp4": b"\0\0\0\x20ftypisom",
    "mkv": b"\x1a\x45\xdf\xa3",
    "aiff": b"FORM\0\xff\xff\xffAIFFCOMM",
    "au": b".snd\0\0\0\x18",
    "caf": b"caff\0\1\0\0desc",
    "wv": b"wvpk\xff\xff\0\0\x10\4",
    "ape": b"MAC \x96\x0f\0\0",
    "tta": b"TTA1\1\0",
    "amr": b"#!AMR\n",
    "aac": b"\xff\xf1\x50\x80",
    "avi": b"RIFF\xff\xff\xff\x7fAVI LIST",
    "asf": bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"),
    "flv": b"FLV\x01\x05\0\0\0\x09",
    "mpc": b"MPCKSH",
    "dsf": b"DSD \x1c\0\0\0\0\0\0\0",
    "w64": b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb",
    "ts": b"\x47\x40\x11\x10\0" * 3,
    "ac3": b"\x0b\x77",
    "rm": b".RMF\0\0\0\x12",
}
for _kind, _magic in _MAGIC.items():
    _add(f"noise that begins like {_kind}", _magic + _noise(20_000, len(_magic)), EITHER)

# ----------------------------------------------------------------- what leads elsewhere; SECRET stands beside each

SECRET = "secret.wav"


def _leading(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text.replace("SECRET", str(path.parent / SECRET)))


_add(
    "a playlist", _leading("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nSECRET\n#EXT-X-ENDLIST\n"), NOT_AUDIO, ".m3u8"
)
_add(
    "a playlist called mp3", _leading("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:SECRET\n"), NOT_AUDIO, ".mp3"
)
_add("a list to be joined", _leading("ffconcat version 1.0\nfile 'SECRET'\n"), NOT_AUDIO, ".txt")
_add(
    "a session description",
    b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
    NOT_AUDIO,
    ".sdp",
)
_add("a play list of players", _leading("[playlist]\nFile1=SECRET\nNumberOfEntries=1\n"), NOT_AUDIO, ".pls")
_add(
    "a manifest",
    b"<?xml version='1.0'?><MPD><Period><BaseURL>http://127.0.0.1/</BaseURL></Period></MPD>",
    NOT_AUDIO,
    ".mpd",
)

# ---------------------------------------------------------------------------------- what is no file like others


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        here = os.getcwd()
        os.chdir(path.parent)  # a socket's name must be short
        try:
            bound.bind(path.name)
        finally:
            os.chdir(here)


if hasattr(os, "mkfifo"):
    _add("a folder", lambda path: path.mkdir(), "is a folder")
    _add("a pipe nobody writes to", os.mkfifo, "is a pipe or a device")
    _add("a socket", _socket, "is a pipe or a device")
    _add("an endless device", lambda path: path.symlink_to("/dev/zero"), "is a pipe or a device")
    _add("a link to itself", lambda path: path.symlink_to(path), "can't be read")
    _add("a link to nothing", lambda path: path.symlink_to(path.parent / "gone"), "There is no file")
_add("no file", lambda path: None, "There is no file")
_add("8 GB of nothing", lambda path: _sparse(path, b"", 8 << 30), NOT_AUDIO, ".wav")


def _sparse(path: Path, beginning: bytes, size: int) -> None:
    with path.open("wb") as file:
        file.write(beginning)
        file.truncate(size)
