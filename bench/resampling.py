"""Audio into the form a vendor wants: our encoder, chunk by chunk, against soxr alone on the same chunks.

Of many turns the quickest counts: what the others took longer, the rest of the machine did.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import soxr

from debabelizer.contract import AudioForm
from debabelizer.streaming.encode import Encoder
from figures import Figure, report

CHUNK = 1600
CHUNKS, ROUNDS = 100, 100


def cost(convert: Callable[[int], object]) -> float:
    """CPU seconds per chunk, once it runs: the first chunk makes what all others use."""
    convert(0)
    began = time.process_time()
    for number in range(1, CHUNKS):
        convert(number)
    return (time.process_time() - began) / (CHUNKS - 1)


def main() -> None:
    noise = np.random.default_rng(1).integers(-8000, 8000, CHUNK * CHUNKS, dtype=np.int16)
    pieces = [noise[number * CHUNK : (number + 1) * CHUNK] for number in range(CHUNKS)]
    chunks = [piece.tobytes() for piece in pieces]
    for rate in (8_000, 24_000):
        ours, bare = [], []
        for _ in range(ROUNDS):  # turn by turn, so that a busy moment of the machine hits both
            encoder = Encoder(AudioForm(rate=rate))
            ours.append(cost(lambda number, encoder=encoder: encoder.feed(chunks[number], number * CHUNK)))
            stream = soxr.ResampleStream(16_000, rate, 1, dtype="int16")
            bare.append(cost(lambda number, stream=stream: stream.resample_chunk(pieces[number])))
        ours_us, bare_us = min(ours) * 1e6, min(bare) * 1e6
        text = f"bare soxr {bare_us:.0f} µs; ours {ours_us:.0f} µs per 100 ms"
        report(Figure(f"resampling to {rate // 1000} kHz", ours_us / bare_us, "x", 1.2, text))


if __name__ == "__main__":
    main()
