"""Both laws of ITU-T G.711, there and back, against the tables of the standard."""

from __future__ import annotations

import io

import numpy as np
import pytest

from debabelizer.audio.decode import decode
from debabelizer.audio.encode import encode
from debabelizer.audio.telephone import Law, expand

SEGMENTS = {
    # first and last of the 16 values of each segment, loudest first: tables 2a (14 bits) and 1a (13 bits)
    "mulaw": (4, [(8031, 4191), (3999, 2079), (1983, 1023), (975, 495), (471, 231), (219, 99), (93, 33), (30, 0)]),
    "alaw": (8, [(4032, 2112), (2016, 1056), (1008, 528), (504, 264), (252, 132), (126, 66), (63, 33), (31, 1)]),
}
FIRST = {"mulaw": 0x80, "alaw": 0xAA}
"""The byte of the loudest positive value."""


def standard(law: Law) -> dict[int, int]:
    """Byte to 16-bit sample."""
    scale, segments = SEGMENTS[law]
    values = [scale * round(loud + (quiet - loud) * n / 15) for loud, quiet in segments for n in range(16)]
    table = {}
    for number, value in enumerate(values):
        # mu-law counts up from 0x80; A-law counts down from 0xff, every other bit turned over
        byte = 0x80 + number if law == "mulaw" else (0xFF - number) ^ 0x55
        table[byte] = value
        table[byte ^ 0x80] = -value
    return table


@pytest.mark.parametrize("law", ["mulaw", "alaw"])
def test_every_byte_is_what_the_standard_says(law: Law) -> None:
    table = standard(law)
    assert len(table) == 256
    assert table[FIRST[law]] == max(table.values())
    said = np.frombuffer(expand(bytes(range(256)), law), "<i2")
    assert said.tolist() == [table[byte] for byte in range(256)]


@pytest.mark.parametrize("law", ["mulaw", "alaw"])
def test_every_sample_becomes_the_nearest_there_is(law: Law) -> None:
    samples = np.arange(-32_768, 32_768).astype("<i2")
    line = io.BytesIO()
    encode([samples.tobytes()], law, line, rate=8_000)
    back = np.frombuffer(expand(line.getvalue(), law), "<i2").astype(int)
    levels = np.array(sorted(standard(law).values()))
    nearest = np.abs(levels[None, :] - samples.astype(int)[:, None]).min(axis=1)
    scale, _ = SEGMENTS[law]
    assert (np.abs(back - samples) <= nearest + 2 * scale).all()
    assert (np.sign(back) * np.sign(samples) >= 0).all()


@pytest.mark.parametrize("law", ["mulaw", "alaw"])
def test_what_came_over_the_line_goes_back_as_it_came(law: Law) -> None:
    every = bytes(range(256)) * 40
    again = io.BytesIO()
    encode([expand(every, law)], law, again, rate=8_000)
    assert expand(again.getvalue(), law) == expand(every, law)


@pytest.mark.parametrize("law", ["mulaw", "alaw"])
def test_in_a_file_with_a_header_it_is_the_same(law: Law) -> None:
    pcm = expand(bytes(range(256)) * 40, law)
    file = io.BytesIO()
    encode([pcm], f"wav_{law}", file, rate=8_000)
    assert b"".join(decode(io.BytesIO(file.getvalue()), 8_000)) == pcm
