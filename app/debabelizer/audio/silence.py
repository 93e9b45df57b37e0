"""Where nothing is said: silence by level, for cutting recordings. For speech there is ``audio.speech``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

STEP = 0.01
"""Seconds: how finely silence is looked for."""

Span = tuple[float, float]
"""Start and end in seconds."""


def silences(
    pcm: Iterable[bytes], rate: int = 16_000, *, threshold: float = 0.01, least: float = 0.5
) -> Iterator[Span]:
    """Stretches of at least ``least`` seconds in which the RMS level (0 to 1 of full scale, in steps of 10 ms) stays
    below ``threshold``, in a stream of 16-bit mono PCM."""
    began: float | None = None
    at = 0.0
    for quiet, seconds in _steps(pcm, rate, threshold):
        if quiet and began is None:
            began = at
        if not quiet and began is not None:
            if at - began >= least - STEP / 2:
                yield began, at
            began = None
        at += seconds
    if began is not None and at - began >= least - STEP / 2:
        yield began, at


def between(spans: Iterable[Span], seconds: float, *, margin: float = 0.1) -> Iterator[Span]:
    """What lies between silences in a recording of ``seconds``, with up to ``margin`` of the silence on either side."""
    start = 0.0
    for quiet_from, quiet_to in spans:
        end = min(quiet_from + margin, quiet_to, seconds)
        if quiet_from > start:
            yield start, end
        start = max(quiet_to - margin, quiet_from)
    if seconds > start + margin:
        yield start, seconds


def _steps(pcm: Iterable[bytes], rate: int, threshold: float) -> Iterator[tuple[bool, float]]:
    """Whether each step is quiet, and its seconds (the last one may be short)."""
    import numpy as np

    size = 2 * max(1, round(rate * STEP))
    limit = (threshold * 32768) ** 2
    rest = b""
    for data in pcm:
        data = rest + data
        whole = len(data) - len(data) % size
        steps = np.frombuffer(data[:whole], "<i2").astype(np.float64).reshape(-1, size // 2)
        for power in np.square(steps).mean(axis=1):
            yield bool(power < limit), size / 2 / rate
        rest = data[whole:]
    if len(rest) >= 2:
        tail = np.frombuffer(rest[: len(rest) & ~1], "<i2").astype(np.float64)
        yield bool(np.square(tail).mean() < limit), len(tail) / rate
