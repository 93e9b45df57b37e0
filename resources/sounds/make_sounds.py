"""Writes the cue sounds beside this file: ``python resources/sounds/make_sounds.py``. Standard library only.

Short and soft (peak at -18 dB), so that a microphone beside the loudspeaker hears little of them: start rises, stop
falls, error is low and twice.
"""

from __future__ import annotations

import math
import struct
import wave
from pathlib import Path

RATE = 48_000
PEAK = 10 ** (-18 / 20)

Note = tuple[float, float]
"""Frequency in Hz (0: a rest) and length in seconds."""

SOUNDS: dict[str, list[Note]] = {
    "start": [(587.33, 0.055), (880.0, 0.085)],
    "stop": [(880.0, 0.055), (587.33, 0.085)],
    "error": [(220.0, 0.10), (0.0, 0.05), (220.0, 0.14)],
}


def tone(frequency: float, seconds: float) -> list[float]:
    """A sine with a touch of its octave, faded in within 8 ms and out over its second half: no click."""
    count = round(seconds * RATE)
    samples = []
    for i in range(count):
        t = i / RATE
        rise = min(1.0, t / 0.008)
        fall = min(1.0, 2 * (count - i) / count)
        shape = math.sin(math.pi / 2 * rise) ** 2 * math.sin(math.pi / 2 * fall) ** 2
        wave_ = math.sin(2 * math.pi * frequency * t) + 0.2 * math.sin(4 * math.pi * frequency * t)
        samples.append(PEAK / 1.2 * shape * wave_)
    return samples


def main() -> None:
    for name, notes in SOUNDS.items():
        samples = [s for frequency, seconds in notes for s in tone(frequency, seconds)]
        with wave.open(str(Path(__file__).parent / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(struct.pack(f"<{len(samples)}h", *(round(32767 * s) for s in samples)))


if __name__ == "__main__":
    main()
