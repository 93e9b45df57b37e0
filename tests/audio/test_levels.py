"""Loudness in dB below full scale."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.audio.levels import SILENCE_DB, level


@pytest.mark.parametrize(
    ("samples", "rms", "peak"),
    [
        ([0] * 320, SILENCE_DB, SILENCE_DB),
        ([], SILENCE_DB, SILENCE_DB),
        ([-32_768] * 320, 0.0, 0.0),
        ([16_384, -16_384] * 160, -6.02, -6.02),
        ([32_768 // 10] + [0] * 99, -40.0, -20.0),
        ([1], SILENCE_DB, SILENCE_DB),
    ],
)
def test_known_levels(samples: list[int], rms: float, peak: float) -> None:
    assert level(np.array(samples, "<i2").tobytes()) == pytest.approx((rms, peak), abs=0.02)


@given(st.binary(max_size=2_000))
def test_whatever_comes_the_level_is_in_range_and_rms_below_peak(pcm: bytes) -> None:
    rms, peak = level(pcm)
    assert SILENCE_DB <= rms <= peak + 1e-9 <= 1e-9
    assert math.isfinite(rms)


def test_levels_and_speech_detection_load_no_numerical_library() -> None:
    program = (
        "import sys; from debabelizer.audio import levels, speech, supervised, file_capture, decode, resample, wav\n"
        "levels.level(bytes(640)); speech.SpeechDetector().feed(bytes(6400))\n"
        "print([m for m in ('numpy', 'av', 'soxr', 'sounddevice', 'PySide6') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")
