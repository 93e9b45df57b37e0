"""Training windows: sentences with pauses between them, disturbances, and what the model shall answer."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from training import words as w
from training.synthesis import RATE, Spoken

FRAME_S = 0.02
"""One encoder frame."""
_SEGMENT_GAP_S = 0.42
_PERIOD_GAP_S = 0.25
_KEPT_SHARE = 0.65
"""A cut word stays in the text if so much of it is there."""
_MAX_FIRST_STAMP_S = 1.0
"""What faster-whisper's decoder allows at the beginning of a window."""


@dataclass(frozen=True)
class Placed:
    word: str
    start: float
    end: float


@dataclass
class Answer:
    """``tokens`` go in, ``labels`` should come out one step later (-1: no loss there). ``places``: the stretch of audio
    each label is about. ``silent``: nobody speaks in the window."""

    tokens: list[int] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    places: list[tuple[float, float] | None] = field(default_factory=list)
    silent: bool = False


@dataclass(frozen=True)
class Window:
    """``audio``: float32 between -1 and 1, the whole window; ``content_s``: where the recording ends inside it."""

    audio: NDArray[np.float32]
    content_s: float
    words: tuple[Placed, ...]
    answer: Answer
    frames: NDArray[np.int64]
    """For each encoder frame the word that is spoken there; the number of words stands for none."""


def window(pool: Sequence[Spoken], seconds: float, chance: random.Random, strength: float = 1.0) -> Window:
    """One window of ``seconds``; ``strength`` scales how often it is disturbed."""
    audio = np.zeros(int(seconds * RATE), np.float32)
    placed: list[Placed] = []
    content = seconds
    if chance.random() >= 0.07:
        placed = _fill(audio, pool, chance)
        if placed and chance.random() < 0.55:
            content = _early_end(placed, seconds, chance)
            audio[int(content * RATE) :] = 0
            placed = [_cut(p, content) for p in placed if _kept(p, content)]
    audio[: int(content * RATE)] = _disturbed(audio[: int(content * RATE)], chance, strength, bool(placed))
    frames = np.full(int(seconds / FRAME_S), len(w.WORDS), np.int64)
    for p in placed:
        frames[int(p.start / FRAME_S) : int(p.end / FRAME_S)] = w.WORDS.index(p.word)
    answer = _answer(placed, content, seconds, chance)
    return Window(audio, content, tuple(placed), answer, frames)


def segments(placed: Sequence[Placed]) -> list[list[Placed]]:
    runs: list[list[Placed]] = []
    for p in placed:
        if runs and p.start - runs[-1][-1].end < _SEGMENT_GAP_S:
            runs[-1].append(p)
        else:
            runs.append([p])
    return runs


# ------------------------------------------------------------------------------------------------------ making


def _fill(audio: NDArray[np.float32], pool: Sequence[Spoken], chance: random.Random) -> list[Placed]:
    """Puts sentences of mostly one voice one after the other. No pause is between 0.25 and 0.55 s, so that "half a
    second ends a segment" can be learnt."""
    seconds = len(audio) / RATE
    at = chance.uniform(0, min(5.0, seconds / 2)) if chance.random() < 0.8 else 0.0
    voice = chance.choice(pool).voice
    same = [s for s in chance.sample(pool, min(len(pool), 400)) if s.voice == voice] or list(pool[:1])
    placed: list[Placed] = []
    while at < seconds - 0.3:
        spoken = chance.choice(same if chance.random() < 0.9 else pool)
        samples, stretch = spoken.samples.astype(np.float32) / 32768, 1.0
        if chance.random() < 0.35:
            stretch = chance.uniform(0.9, 1.12)
            samples = np.interp(np.arange(0, len(samples), stretch), np.arange(len(samples)), samples).astype(
                np.float32
            )
        samples = samples[: len(audio) - int(at * RATE)]
        audio[int(at * RATE) : int(at * RATE) + len(samples)] += samples * 10 ** (chance.uniform(-22, 0) / 20)
        for text, start, end in spoken.words:
            p = Placed(text, at + start / stretch, at + end / stretch)
            if _kept(p, seconds):
                placed.append(_cut(p, seconds))
        kind = chance.random()
        pause = (0.0, 0.25) if kind < 0.22 else (0.55, 2.2) if kind < 0.9 else (2.0, 5.0)
        at += len(samples) / RATE + chance.uniform(*pause)
    return placed


def _early_end(placed: Sequence[Placed], seconds: float, chance: random.Random) -> float:
    """Anywhere, as in a growing buffer, or shortly after a word."""
    if chance.random() < 0.5:
        return chance.uniform(min(1.0, seconds / 2), seconds)
    return min(seconds, chance.choice(placed).end + chance.uniform(0.02, 2.0))


def _kept(p: Placed, end: float) -> bool:
    return end - p.start >= _KEPT_SHARE * (p.end - p.start)


def _cut(p: Placed, end: float) -> Placed:
    return Placed(p.word, p.start, min(p.end, end))


def _disturbed(audio: NDArray[np.float32], chance: random.Random, strength: float, speech: bool) -> NDArray[np.float32]:
    if not len(audio):
        return audio
    numbers = np.random.default_rng(chance.getrandbits(32))
    if speech and chance.random() < 0.08 * strength:
        length = int(chance.uniform(0.05, 0.3) * RATE)
        room = numbers.standard_normal(length) * np.exp(-np.arange(length) / (length / 5))
        room[0] = 1.0
        room[1:] *= chance.uniform(0.02, 0.1)
        audio = fftconvolve(audio, room)[: len(audio)].astype(np.float32)
    level = float(np.sqrt(np.mean(audio**2))) if speech else 10 ** (chance.uniform(-70, -15) / 20)
    if (speech and chance.random() < 0.2 * strength) or (not speech and chance.random() < 0.7):
        noise = _noise(len(audio), numbers, chance)
        ratio = 10 ** (-chance.uniform(8, 40) / 20) if speech else 1.0
        audio = audio + noise * level * ratio
    if chance.random() < 0.3:
        audio = audio + numbers.standard_normal(len(audio)) * 10 ** (chance.uniform(-90, -70) / 20)
    return np.clip(audio, -1, 1).astype(np.float32)


def _noise(count: int, numbers: np.random.Generator, chance: random.Random) -> NDArray[np.float64]:
    """White, pink, brown or hum, of unit loudness."""
    kind = chance.choice(("white", "pink", "brown", "hum"))
    if kind == "hum":
        t = np.arange(count) / RATE
        tone = chance.choice((50, 60, 100, 120))
        made = sum(np.sin(2 * np.pi * tone * k * t + chance.random() * 6) / k for k in range(1, 5))
    else:
        spectrum = np.fft.rfft(numbers.standard_normal(count))
        frequency = np.maximum(1, np.arange(len(spectrum)))
        made = np.fft.irfft(spectrum / frequency ** {"white": 0, "pink": 0.5, "brown": 1}[kind], count)
    return np.asarray(made / (np.std(made) + 1e-9), np.float64)


# ------------------------------------------------------------------------------------------------------- answer


def _answer(placed: Sequence[Placed], content: float, seconds: float, chance: random.Random) -> Answer:
    answer = Answer(silent=not placed)
    if chance.random() < 0.3:
        _add_prompt(answer, chance)
    stamped = chance.random() < 0.6
    runs = segments(placed)
    first = min(_MAX_FIRST_STAMP_S, runs[0][0].start) if runs else 0.0
    # In both modes the first stamp is taught behind the start token: there the model also says whether anybody speaks.
    answer.tokens += [w.START, w.stamp(first) if stamped else w.NO_STAMPS]
    answer.labels.append(w.stamp(first))
    answer.places.append((first, first + 0.1) if runs else None)
    open_end = (
        stamped and seconds >= w.LONGEST_S and content >= seconds and bool(runs) and runs[-1][-1].end > content - 0.1
    )
    for number, run in enumerate(runs):
        if open_end and number == len(runs) - 1 and number:
            break  # its start stamp is already there: the long-recording loop goes on from it
        follows = runs[number + 1][0].start if number + 1 < len(runs) else content
        _add_segment(answer, run, follows - run[-1].end)
        if stamped:
            _next(answer, w.stamp(run[-1].end), (run[-1].end - 0.1, run[-1].end))
            if number + 1 < len(runs):
                _next(answer, w.stamp(follows), (follows, follows + 0.1))
    _next(answer, w.END, None)
    answer.tokens.pop()  # the end goes in nowhere
    return answer


def _add_segment(answer: Answer, run: Sequence[Placed], silence: float) -> None:
    for index, p in enumerate(run):
        _next(answer, w.token_of(p.word, index == 0), (p.start, p.end))
    if silence >= _PERIOD_GAP_S:
        _next(answer, w.PERIOD, (run[-1].end, run[-1].end + _PERIOD_GAP_S))


def _next(answer: Answer, label: int, place: tuple[float, float] | None) -> None:
    answer.labels.append(label)
    answer.places.append(place)
    answer.tokens.append(label)


def _add_prompt(answer: Answer, chance: random.Random) -> None:
    """Unrelated sentences as previous text: the model must not copy it. No loss on them."""
    length = int(223 ** chance.random())
    tokens: list[int] = []
    while len(tokens) < length:
        for index, word in enumerate(w.sentence(chance)):
            tokens.append(w.token_of(word, index == 0))
        tokens.append(w.PERIOD)
    answer.tokens += [w.START_OF_PREVIOUS, *tokens[:length]]
    answer.labels += [-1] * (length + 1)
    answer.places += [None] * (length + 1)
