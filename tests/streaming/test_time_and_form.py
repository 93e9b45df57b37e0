"""Time mapping and encoding: from samples on the wire back to the session's axis."""

from __future__ import annotations

import math
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.contract import AudioForm, Encoding
from debabelizer.streaming.encode import Encoder
from debabelizer.streaming.timemap import TimeMap


@given(st.lists(st.tuples(st.sampled_from(["audio", "silence", "jump"]), st.integers(1, 5_000)), max_size=30))
def test_every_wire_sample_maps_to_the_session_sample_it_carried(steps):
    times = TimeMap()
    carried: list[int | None] = []
    position = 0
    for kind, count in steps:
        if kind == "audio":
            times.audio(position, count)
            carried += range(position, position + count)
            position += count
        elif kind == "silence":
            times.silence(position, count)
            carried += [None] * count
        else:
            position += count
    assert times.wire == len(carried)
    for wire in range(0, len(carried), 97):
        session = carried[wire]
        if session is not None:
            assert times.session(wire) == session
    for wire in range(1, len(carried)):
        assert times.session(wire - 1) <= times.session(wire)


@pytest.mark.parametrize("rate", [8_000, 24_000, 48_000])
def test_resampled_audio_keeps_its_times(rate: int):
    """A click at a known session time is found on the wire where the map says."""
    encoder, times = Encoder(AudioForm(rate=rate)), TimeMap(rate)
    audio = array("h", [0] * 32_000)
    click = 20_000
    for offset in range(-40, 41):
        audio[click + offset] = round(20_000 * math.cos(offset / 40 * math.pi / 2))
    wire = bytearray()
    pcm = audio.tobytes()
    for first in range(0, len(pcm), 640):
        position, some = encoder.feed(pcm[first : first + 640], first // 2)
        times.audio(position, len(some) // 2)
        wire += some
    position, some = encoder.flush()
    times.audio(position, len(some) // 2)
    wire += some
    heard = array("h", bytes(wire))
    assert len(heard) == pytest.approx(2 * rate, abs=2)
    peak = max(range(len(heard)), key=lambda index: heard[index])
    assert times.session(peak) == pytest.approx(click, abs=8)
    assert times.seconds(peak / rate) == pytest.approx(click / 16_000, abs=0.001)
    assert encoder.flush() == (0, b"")


def test_times_never_run_backwards_where_resampled_audio_was_rounded_up():
    times = TimeMap(24_000)
    times.audio(0, 150)
    times.silence(98, 30)
    mapped = [times.session(wire) for wire in range(times.wire + 1)]
    assert mapped == sorted(mapped)


def test_mulaw_of_known_values():
    encoder = Encoder(AudioForm(encoding=Encoding.MULAW))
    # G.711: silence is 0xFF, the extremes are 0x80 and 0x00.
    assert encoder.feed(array("h", [0, 32_767, -32_768]).tobytes(), 0) == (0, b"\xff\x80\x00")
    assert encoder.silence(3) == b"\xff\xff\xff"


def test_mulaw_is_as_close_as_eight_bits_allow():
    samples = array("h", range(-32_000, 32_000, 123))
    _, codes = Encoder(AudioForm(encoding=Encoding.MULAW)).feed(samples.tobytes(), 0)
    for value, code in zip(samples, codes, strict=True):
        inverted = ~code & 0xFF
        magnitude = (((inverted & 0x0F) << 3) + 132 << (inverted >> 4 & 7)) - 132
        assert abs((-magnitude if inverted & 0x80 else magnitude) - value) <= max(8, abs(value) / 16)


def test_the_projects_own_form_is_not_touched():
    encoder = Encoder(AudioForm())
    pcm = b"\1\2\3\4"
    assert encoder.feed(pcm, 9) == (9, pcm)
