"""Files in: whatever people have, and whatever breaks."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debabelizer.audio.decode import decode, probe
from debabelizer.audio.wav import header, read, write
from debabelizer.errors import UnsupportedFormatError
from debabelizer.workers.launch import environment

SECONDS = 2.0

FORMS = [
    # file, codec, rate, channels, with a picture track
    ("a.wav", "pcm_s16le", 44_100, 2, False),
    ("eight.wav", "pcm_u8", 8_000, 1, False),
    ("telephone.wav", "pcm_mulaw", 8_000, 1, False),
    ("float.wav", "pcm_f32le", 48_000, 2, False),
    ("a.mp3", "libmp3lame", 44_100, 2, False),
    ("a.flac", "flac", 48_000, 2, False),
    ("a.ogg", "libopus", 48_000, 2, False),
    ("a.opus", "libopus", 48_000, 2, False),
    ("a.m4a", "aac", 44_100, 2, False),
    ("a.aac", "aac", 44_100, 1, False),
    ("a.webm", "libopus", 48_000, 1, False),
    ("a.aiff", "pcm_s16be", 44_100, 1, False),
    ("film.mp4", "aac", 44_100, 2, True),
    ("film.mkv", "libopus", 48_000, 2, True),
    ("film.mov", "aac", 48_000, 2, True),
    ("film.avi", "libmp3lame", 44_100, 2, True),
]


def make(path: Path, codec: str, rate: int, channels: int, picture: bool) -> Path:
    """A tone of 500 Hz, ``SECONDS`` long, under a few frames of film where ``picture``."""
    wave = 0.25 * np.sin(2 * np.pi * 500 * np.arange(round(SECONDS * rate)) / rate)
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


def heard(source: Any, rate: int = 16_000) -> np.ndarray:
    return np.frombuffer(b"".join(decode(source, rate)), "<i2")


def assert_is_the_tone(samples: np.ndarray, rate: int = 16_000) -> None:
    assert len(samples) / rate == pytest.approx(SECONDS, abs=0.12)
    middle = samples[rate // 2 : rate // 2 + rate].astype(float)
    spectrum = np.abs(np.fft.rfft(middle))
    assert int(spectrum.argmax()) == 500
    assert 20 * np.log10(np.sqrt((middle**2).mean()) / 32_768) == pytest.approx(-15.05, abs=1.0)


@pytest.mark.parametrize(("name", "codec", "rate", "channels", "picture"), FORMS, ids=[f"{f[0]}" for f in FORMS])
def test_common_files(tmp_path: Path, name: str, codec: str, rate: int, channels: int, picture: bool) -> None:
    path = make(tmp_path / name, codec, rate, channels, picture)
    assert_is_the_tone(heard(path))
    info = probe(path)
    assert (info.rate, info.channels) == (rate, channels)
    assert info.codec.split("_")[0].removesuffix("float") in codec
    assert info.container
    if not name.endswith(".aac"):  # a bare AAC stream doesn't say how long it is
        assert info.duration == pytest.approx(SECONDS, abs=0.12)


def test_the_ending_of_the_name_does_not_matter(tmp_path: Path) -> None:
    path = make(tmp_path / "a.mp3", "libmp3lame", 44_100, 2, False)
    assert_is_the_tone(heard(path.rename(tmp_path / "a.wav")))


def test_from_memory_and_from_a_pipe(tmp_path: Path) -> None:
    data = make(tmp_path / "a.ogg", "libopus", 48_000, 1, False).read_bytes()
    assert_is_the_tone(heard(io.BytesIO(data)))
    read_end, write_end = os.pipe()

    def fill() -> None:
        with os.fdopen(write_end, "wb") as pipe:
            pipe.write(data)

    writer = threading.Thread(target=fill)
    writer.start()
    with os.fdopen(read_end, "rb") as pipe:
        assert_is_the_tone(heard(pipe))
    writer.join()


def test_another_rate(tmp_path: Path) -> None:
    assert_is_the_tone(heard(make(tmp_path / "a.flac", "flac", 48_000, 2, False), 24_000), 24_000)


def test_our_own_form_comes_back_sample_for_sample(tmp_path: Path) -> None:
    pcm = np.random.default_rng(1).bytes(64_000)
    write(tmp_path / "a.wav", pcm)
    assert b"".join(decode(tmp_path / "a.wav")) == pcm
    assert read(tmp_path / "a.wav") == (pcm, 16_000)


def test_a_recording_whose_length_was_never_written_is_read_to_its_end(tmp_path: Path) -> None:
    pcm = np.random.default_rng(1).bytes(64_000)
    (tmp_path / "cut.wav").write_bytes(header(0xFFFFFFFF - 36) + pcm)
    assert b"".join(decode(tmp_path / "cut.wav")) == pcm


# ------------------------------------------------------------------------------------------------- hostile files


def test_what_is_no_audio_is_refused_with_cause_and_remedy(tmp_path: Path) -> None:
    for content in (b"x", b"RIFF", b"hello " * 5_000, bytes(10_000), os.urandom(10_000), b"OggS" + bytes(5_000)):
        (tmp_path / "notes.wav").write_bytes(content)
        for source in (tmp_path / "notes.wav", io.BytesIO(content)):
            with pytest.raises(UnsupportedFormatError, match=r"not an audio or video file.*Convert it"):
                heard(source)
            with pytest.raises(UnsupportedFormatError, match="not an audio or video file"):
                probe(source)


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda path: None, "There is no file"),
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: path.write_bytes(b""), "is empty"),
        (lambda path: path.write_bytes(header(0)), "There is no sound in"),
    ],
)
def test_each_cause_has_its_own_words(tmp_path: Path, prepare: Any, words: str) -> None:
    prepare(tmp_path / "it.wav")
    with pytest.raises(UnsupportedFormatError, match=words):
        heard(tmp_path / "it.wav")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_one_may_not_read(tmp_path: Path) -> None:
    write(tmp_path / "secret.wav", bytes(64))
    (tmp_path / "secret.wav").chmod(0)
    with pytest.raises(UnsupportedFormatError, match="not allowed to read"):
        heard(tmp_path / "secret.wav")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs a file that fails when read")
def test_a_disk_that_fails() -> None:
    with pytest.raises(UnsupportedFormatError, match="mem can't be read"):
        heard(Path("/proc/self/mem"))


def test_a_film_without_sound(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "mute.mp4"), "w") as out:
        stream: Any = out.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 64
        for _ in range(5):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), "u1"), format="rgb24")))
        out.mux(stream.encode(None))
    with pytest.raises(UnsupportedFormatError, match=r"mute\.mp4 has no audio track"):
        heard(tmp_path / "mute.mp4")
    with pytest.raises(UnsupportedFormatError, match="no audio track"):
        probe(tmp_path / "mute.mp4")


@pytest.mark.parametrize("name", ["a.mp3", "a.ogg", "a.flac", "a.wav"])
def test_a_file_cut_short_gives_what_is_there(tmp_path: Path, name: str) -> None:
    form = next(f for f in FORMS if f[0] == name)
    path = make(tmp_path / name, *form[1:])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert 0.3 < len(heard(path)) / 16_000 < SECONDS * 0.75


def test_damage_in_the_middle_is_left_out_and_told(tmp_path: Path) -> None:
    path = make(tmp_path / "a.flac", "flac", 48_000, 1, False)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3_000] = os.urandom(3_000)
    path.write_bytes(data)
    told: list[str] = []
    samples = np.frombuffer(b"".join(decode(path, on_damage=told.append)), "<i2")
    assert len(samples) / 16_000 > SECONDS * 0.5
    assert all("a.flac is damaged" in sentence for sentence in told)


_PATHS: dict[str, bytes] = {}


def _original(name: str, folder: Path) -> bytes:
    if name not in _PATHS:
        form = next(f for f in FORMS if f[0] == name)
        _PATHS[name] = make(folder / name, *form[1:]).read_bytes()
    return _PATHS[name]


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(["a.wav", "a.mp3", "a.flac", "a.ogg", "a.m4a", "film.mkv"]),
    edits=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=40)), max_size=12),
    keep=st.floats(0, 1),
)
def test_no_mutation_of_a_file_does_more_than_raise_our_own_error(
    tmp_path_factory: pytest.TempPathFactory, name: str, edits: list[tuple[float, bytes]], keep: float
) -> None:
    data = bytearray(_original(name, tmp_path_factory.getbasetemp()))
    for where, what in edits:
        at = int(where * len(data))
        data[at : at + len(what)] = what
    source = io.BytesIO(bytes(data[: int(keep * len(data))]))
    with suppress(UnsupportedFormatError):
        assert sum(len(pcm) for pcm in decode(source)) > 0


def test_memory_stays_flat_for_a_long_recording(tmp_path: Path) -> None:
    """An hour is 115 MB of PCM; a fifth of that may not be held."""
    path = tmp_path / "long.flac"
    with av.open(str(path), "w") as out:
        stream: Any = out.add_stream("flac", rate=16_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 160_000), "<i2"), format="s16", layout="mono")
        frame.sample_rate = 16_000
        for number in range(360):
            frame.pts = number * 160_000
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    program = (
        "import resource, sys; from pathlib import Path; from debabelizer.audio.decode import decode\n"
        "from debabelizer.audio.bounded.process import readers\n"
        "pieces = decode(Path(sys.argv[1])); next(pieces)\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "total = sum(map(len, pieces))\n"
        "grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before\n"
        "readers.close()\n"
        "print(total, grown, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", program, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment())
    total, growth, reader = map(int, done.stdout.split())
    assert total > 3600 * 32_000 * 0.99
    unit = 1024 if sys.platform != "darwin" else 1
    assert growth * unit < 20_000_000
    assert reader * unit < 80_000_000


def test_a_playlist_does_not_lead_to_other_files(tmp_path):
    """FFmpeg follows the words of a playlist, and would read (or fetch) whatever a stranger wrote into one."""
    secret = tmp_path / "secret.wav"
    write(secret, bytes(32_000))
    for name, text in (
        ("list.m3u8", f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{secret}\n#EXT-X-ENDLIST\n"),
        ("list.txt", f"ffconcat version 1.0\nfile '{secret}'\n"),
        ("list.sdp", "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n"),
    ):
        (tmp_path / name).write_text(text)
        with pytest.raises(UnsupportedFormatError, match="not an audio or video file"):
            probe(tmp_path / name)
