"""Conversion, telephony, cutting, silence, and what a file is."""

from __future__ import annotations

import array
import io
import math
import wave
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debabelizer.audio.decode import decode, probe
from debabelizer.audio.encode import FORMS
from debabelizer.audio.silence import between, silences
from debabelizer.errors import UnsupportedFormatError
from debabelizer.library.audio import (
    AudioConverter,
    detect_audio_format,
    estimate_audio_duration,
    format_duration,
    get_sample_rate_from_wav,
    validate_audio_file,
)

RATE = 16_000
KNOWN_AS = {"opus": "ogg", "wav_mulaw": "wav", "wav_alaw": "wav", "mp4": "m4a"}
"""An MP4 file without pictures is what the world calls M4A."""
WITH_HEADER = sorted(set(FORMS) - {"pcm", "mulaw", "alaw"})


def tone(seconds: float, rate: int = RATE, height: float = 0.4, hertz: float = 440) -> bytes:
    step = 2 * math.pi * hertz / rate
    return array.array(
        "h", (round(height * 32767 * math.sin(step * i)) for i in range(round(seconds * rate)))
    ).tobytes()


def wav(pcm: bytes, rate: int = RATE, channels: int = 1) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm)
    return target.getvalue()


def loudness(pcm: bytes) -> float:
    samples = array.array("h", pcm)
    return math.sqrt(sum(s * s for s in samples) / len(samples)) / 32768


@pytest.mark.parametrize("name", WITH_HEADER)
async def test_there_and_back(name: str, tmp_path: Path) -> None:
    there = await AudioConverter().convert_audio(wav(tone(1.5)), "wav", name)
    file = tmp_path / "recording.of-no-telling-name"
    file.write_bytes(there)
    assert detect_audio_format(file) == KNOWN_AS.get(name, name)
    back = await AudioConverter().convert_audio(there, "anything", "pcm", RATE)
    assert len(back) / 2 / RATE == pytest.approx(1.5, abs=0.2)  # encoders of AAC begin and end with silence
    assert loudness(back[RATE // 2 : -RATE // 2]) == pytest.approx(0.4 / math.sqrt(2), rel=0.1)


async def test_rates_and_channels() -> None:
    stereo = wav(tone(1.0, 44_100), 44_100, 2)
    kept = probe(io.BytesIO(await AudioConverter().convert_audio(stereo, "wav", "flac")))
    assert (kept.rate, kept.channels) == (44_100, 2)
    changed = probe(io.BytesIO(await AudioConverter().convert_audio(stereo, "wav", "wav", 22_050, 1)))
    assert (changed.rate, changed.channels) == (22_050, 1)


async def test_telephony_both_ways() -> None:
    converter = AudioConverter()
    line = await converter.convert_to_telephony_format(wav(tone(1.0, 44_100), 44_100))
    assert len(line) == 8_000
    back = await converter.convert_from_telephony_format(line)
    info = probe(io.BytesIO(back))
    assert (info.rate, info.codec) == (16_000, "pcm_s16le")
    pcm = b"".join(decode(io.BytesIO(back)))
    assert loudness(pcm) == pytest.approx(0.4 / math.sqrt(2), rel=0.05)


@given(st.lists(st.integers(-32635, 32635), min_size=8, max_size=200))
@settings(max_examples=30, deadline=None)
def test_mu_law_is_as_near_as_its_steps_are(samples: list[int]) -> None:
    """G.711: 8 bits keep a sample to within half of its segment's step, 1/32 of its size and a little more."""
    from debabelizer.library.audio import _convert

    pcm = array.array("h", samples).tobytes()
    line = _convert(pcm, "pcm", "mulaw", 16_000, 1)
    assert len(line) == len(samples)
    from debabelizer.library.audio import with_header

    back = array.array("h", b"".join(decode(io.BytesIO(with_header(line, "mulaw", 16_000)), 16_000)))
    assert all(abs(a - b) <= abs(a) / 32 + 9 for a, b in zip(samples, back, strict=True))


async def test_a_chunk(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    file.write_bytes(wav(tone(1) + bytes(2 * RATE) + tone(1)))
    chunk = await AudioConverter().extract_audio_chunk(file, 0.5, 1.0)
    with wave.open(io.BytesIO(chunk)) as cut:
        assert cut.getnframes() == RATE
        pcm = cut.readframes(RATE)
    assert pcm[:RATE] == tone(1)[RATE:]
    assert not any(pcm[RATE:])
    with pytest.raises(ValueError, match=r"ends before 9\.0s"):
        await AudioConverter().extract_audio_chunk(file, 9, 1)
    with pytest.raises(ValueError, match="more than 0"):
        await AudioConverter().extract_audio_chunk(file, 0, 0)
    with pytest.raises(FileNotFoundError):
        await AudioConverter().extract_audio_chunk(tmp_path / "none", 0, 1)


async def test_silence() -> None:
    converter = AudioConverter()
    speech = wav(bytes(RATE) + tone(1) + bytes(int(1.6 * RATE)) + tone(0.5) + bytes(int(0.4 * RATE)))
    spans = converter.detect_silence(speech)
    assert spans == [pytest.approx((0.0, 0.5)), pytest.approx((1.5, 2.3))]
    parts = await converter.split_on_silence(speech)
    assert [len(part[44:]) / 2 / RATE for part in parts] == pytest.approx([1.2, 0.8], abs=0.01)
    assert converter.detect_silence(converter.create_silence(2.0)) == [pytest.approx((0.0, 2.0))]
    raw = b"\x00\x7d" * 1000 + b"\x64\x00" * 1000 + b"\x00\x7d" * 1000
    assert converter.detect_silence(raw, min_duration=0.01) == [pytest.approx((0.07, 0.12))]
    with pytest.raises(ValueError, match="0 seconds"):
        converter.create_silence(-1)


_LOUD = st.lists(st.tuples(st.booleans(), st.integers(1, 40)), max_size=12)


@given(_LOUD, st.lists(st.integers(1, 5_000), max_size=20))
@settings(deadline=None)
def test_silence_is_the_same_however_the_stream_is_cut(stretches: list[tuple[bool, int]], cuts: list[int]) -> None:
    pcm = b"".join((b"\x00\x40" if loud else b"\x00\x00") * 160 * steps for loud, steps in stretches)
    pieces, at = [], 0
    for cut in cuts:
        pieces.append(pcm[at : at + cut])
        at += cut
    pieces.append(pcm[at:])
    spans = list(silences(pieces, least=0.1))
    assert spans == list(silences([pcm], least=0.1))
    quiet = _quiet(stretches)
    assert spans == [pytest.approx(span) for span in quiet]
    seconds = len(pcm) / 2 / RATE
    kept = list(between(spans, seconds, margin=0.0))
    assert sum(b - a for a, b in kept) + sum(b - a for a, b in spans) == pytest.approx(seconds)


def _quiet(stretches: list[tuple[bool, int]]) -> list[tuple[float, float]]:
    found: list[list[int]] = []
    at = 0
    for loud, steps in stretches:
        if not loud and found and found[-1][1] == at:
            found[-1][1] += steps
        elif not loud:
            found.append([at, at + steps])
        at += steps
    return [(a / 100, b / 100) for a, b in found if b - a >= 10]


async def test_what_a_file_is(tmp_path: Path) -> None:
    file = tmp_path / "a.mp3"
    file.write_bytes(wav(tone(2.0, 22_050), 22_050))
    assert detect_audio_format(file) == "wav"
    assert get_sample_rate_from_wav(file) == 22_050
    assert estimate_audio_duration(file) == pytest.approx(2.0)
    info = AudioConverter().get_audio_info(file)
    assert info["sample_rate"] == 22_050
    assert info["size_bytes"] == file.stat().st_size
    assert not info["has_video"]
    answer = validate_audio_file(file)
    assert (answer["exists"], answer["is_valid"], answer["errors"], answer["warnings"]) == (True, True, [], [])
    assert (answer["format"], answer["duration"]) == ("wav", pytest.approx(2.0))
    flac = tmp_path / "a.wav"
    flac.write_bytes(await AudioConverter().convert_audio(file.read_bytes(), "wav", "flac"))
    assert get_sample_rate_from_wav(flac) is None
    with pytest.raises(FileNotFoundError):
        get_sample_rate_from_wav(tmp_path / "none.wav")


def test_what_its_content_does_not_tell_its_name_does(tmp_path: Path) -> None:
    for name, told in (("call.mulaw", "mulaw"), ("speech.PCM", "pcm"), ("speech.unknown", "wav"), ("speech", "wav")):
        (tmp_path / name).write_bytes(b"\x11\x22\x33" * 300)
        assert detect_audio_format(tmp_path / name) == told
    assert detect_audio_format("not-there-yet.mp3") == "mp3"


async def test_what_can_not_be_read_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"words, not sound" * 50)
    answer = validate_audio_file(broken)
    assert (answer["exists"], answer["is_valid"]) == (True, False)
    assert "broken.wav" in answer["errors"][0]
    answer = validate_audio_file(tmp_path / "none.wav")
    assert (answer["exists"], answer["is_valid"], answer["errors"]) == (False, False, ["File does not exist"])
    assert get_sample_rate_from_wav(broken) is None
    assert estimate_audio_duration(broken, 8_000) == 0.05
    with pytest.raises(UnsupportedFormatError):
        estimate_audio_duration(broken)
    with pytest.raises(UnsupportedFormatError, match="there are wav"):
        await AudioConverter().convert_audio(wav(tone(0.1)), "wav", "gramophone")
    with pytest.raises(UnsupportedFormatError, match="9 channels"):
        await AudioConverter().convert_audio(wav(tone(0.1)), "wav", "wav", channels=9)


def test_durations_as_people_write_them() -> None:
    shown = [format_duration(s) for s in (0, 30.5, 90.0, 3661.5, 7200.0, 59.96)]
    assert shown == ["0.0s", "30.5s", "1m 30.0s", "1h 1m 1.5s", "2h 0m 0.0s", "1m 0.0s"]
