"""Files in: whatever people have, and whatever breaks."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from contextlib import suppress
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
from fakes.made_files import FORMS, SECONDS, made, make


def heard(source: Any, rate: int = 16_000) -> np.ndarray:
    return np.frombuffer(b"".join(decode(source, rate)), "<i2")


def assert_is_the_tone(samples: np.ndarray, rate: int = 16_000) -> None:
    assert len(samples) / rate == pytest.approx(SECONDS, abs=0.12)
    middle = samples[rate // 2 : rate // 2 + rate].astype(float)
    spectrum = np.abs(np.fft.rfft(middle))
    assert int(spectrum.argmax()) == 500
    assert 20 * np.log10(np.sqrt((middle**2).mean()) / 32_768) == pytest.approx(-15.05, abs=1.0)


@pytest.mark.parametrize("name", FORMS)
def test_common_files(tmp_path: Path, name: str) -> None:
    codec, rate, channels, picture = FORMS[name]
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


@pytest.mark.parametrize("claimed", [0xFFFFFFFF - 36, 640_000], ids=["never written", "cut short"])
def test_a_recording_that_is_not_as_long_as_it_says_is_read_to_its_end(tmp_path: Path, claimed: int) -> None:
    pcm = np.random.default_rng(1).bytes(64_000)
    (tmp_path / "cut.wav").write_bytes(header(claimed) + pcm)
    assert b"".join(decode(tmp_path / "cut.wav")) == pcm
    assert probe(tmp_path / "cut.wav").duration == 2.0


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
    path = make(tmp_path / name, *FORMS[name])
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


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(["a.wav", "a.mp3", "a.flac", "a.ogg", "a.m4a", "film.mkv"]),
    edits=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=40)), max_size=12),
    keep=st.floats(0, 1),
)
def test_no_mutation_of_a_file_does_more_than_raise_our_own_error(
    name: str, edits: list[tuple[float, bytes]], keep: float
) -> None:
    data = bytearray(made(name))
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
