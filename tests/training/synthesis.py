"""Speech with known word boundaries: both synthesisers tell where each word is, which is worth more than anything."""

from __future__ import annotations

import ctypes
import functools
import random
import re
import subprocess
import tempfile
import wave
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from training.words import sentence

RATE = 16_000
_FLITE_VOICES = {"slt": (150, 210), "awb": (90, 150), "kal16": (80, 125), "kal": (80, 125)}
"""With the range of their mean pitch in Hz. The voice rms is left out on purpose: it is for the evaluation."""
_ESPEAK_VOICES = ("gmw/en", "gmw/en-US", "gmw/en-GB-scotland", "gmw/en-GB-x-gbclan", "gmw/en-GB-x-rp", "gmw/en-029")
_ESPEAK_VARIANTS = ("m1", "m2", "m3", "m4", "m5", "m6", "m7", "f1", "f2", "f3", "f5", "Andy", "Annie", "Alex", "Gene")
_SILENT = 400
"""Samples of this loudness (of 32768) and below are cut from both ends."""


@dataclass(frozen=True)
class Spoken:
    """``samples``: 16 kHz int16 at full peak; ``words``: text, start and end in seconds."""

    samples: NDArray[np.int16]
    words: tuple[tuple[str, float, float], ...]
    voice: str


def speak(words: Sequence[str], chance: random.Random, voice: str | None = None) -> Spoken | None:
    """One sentence by a voice (None: any); None where the synthesiser and its word marks do not agree."""
    if voice is None:
        kind = chance.choice(("flite", "espeak"))
        voice = f"flite:{chance.choice(tuple(_FLITE_VOICES))}" if kind == "flite" else _any_espeak(chance)
    kind, name = voice.split(":")
    found = _flite(words, name, chance) if kind == "flite" else _espeak(words, name, chance)
    return None if found is None else _trimmed(*found, voice)


def pool(count: int, seed: int, workers: int = 2) -> list[Spoken]:
    """``count`` sentences, the same for the same seed."""
    share = (count + workers - 1) // workers
    with ProcessPoolExecutor(workers) as processes:
        parts = processes.map(_some, [share] * workers, range(seed, seed + workers))
        return [spoken for part in parts for spoken in part][:count]


def _some(count: int, seed: int) -> list[Spoken]:
    chance = random.Random(seed)
    found: list[Spoken] = []
    while len(found) < count:
        spoken = speak(sentence(chance), chance)
        if spoken is not None:
            found.append(spoken)
    return found


_Marked = tuple[NDArray[np.int16], list[tuple[str, float, float]]]


def _trimmed(samples: NDArray[np.int16], words: list[tuple[str, float, float]], voice: str) -> Spoken | None:
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > _SILENT)
    if not len(loud):
        return None
    margin = int(0.02 * RATE)
    first, last = max(0, loud[0] - margin), min(len(samples), loud[-1] + margin)
    cut = samples[first:last].astype(np.float32)
    full = (cut * (32000 / np.abs(cut).max())).astype(np.int16)
    shift, end = first / RATE, (last - first) / RATE
    moved = tuple((w, min(end, max(0.0, a - shift)), min(end, max(0.0, b - shift))) for w, a, b in words)
    return Spoken(full, moved, voice)


def _resampled(samples: NDArray[np.int16], rate: int) -> NDArray[np.int16]:
    if rate == RATE:
        return samples
    common = np.gcd(rate, RATE)
    return np.clip(resample_poly(samples.astype(np.float32), RATE // common, rate // common), -32768, 32767).astype(
        np.int16
    )


# ------------------------------------------------------------------------------------------------------- flite


@functools.cache
def _sounds_of(word: str, voice: str) -> int:
    out = subprocess.run(
        ["flite", "-voice", voice, "-t", word, "-ps", "-o", "none"], capture_output=True, text=True, check=True
    ).stdout
    return sum(sound != "pau" for sound in out.split())


def _flite(words: Sequence[str], voice: str, chance: random.Random) -> _Marked | None:
    low, high = _FLITE_VOICES.get(voice, (80, 200))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "said.wav")
        out = subprocess.run(
            [
                "flite", "-voice", voice, "-t", " ".join(words), "-psdur", "-o", str(path),
                "--setf", f"duration_stretch={chance.uniform(0.8, 1.25):.3f}",
                "--setf", f"int_f0_target_mean={chance.uniform(low, high):.1f}",
            ],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        with wave.open(str(path)) as file:
            samples = _resampled(np.frombuffer(file.readframes(file.getnframes()), np.int16), file.getframerate())
    sounds = [(name, float(end)) for name, end in re.findall(r"(\S+):([\d.]+)", out)]
    counts = [_sounds_of(word, voice) for word in words]
    if sum(counts) != sum(name != "pau" for name, _ in sounds):
        return None
    marked, at, left, index, start = [], 0.0, counts[0], 0, 0.0
    for name, end in sounds:
        if name != "pau":
            if left == counts[index]:
                start = at
            left -= 1
            if not left:
                marked.append((words[index], start, end))
                index += 1
                left = counts[index] if index < len(counts) else 0
        at = end
    return samples, marked


# ------------------------------------------------------------------------------------------------------ espeak


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))
_SYNCHRONOUS, _RATE_OF_SPEECH, _PITCH, _RANGE, _BY_CHARACTER, _UTF8, _WORD_EVENT = 2, 1, 3, 4, 1, 1, 1


class _Espeak:
    """The C library, with its one callback."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL("libespeak-ng.so.1")
        self.rate = self._library.espeak_Initialize(_SYNCHRONOUS, 0, None, 0)
        self._callback = _Callback(self._hear)
        self._library.espeak_SetSynthCallback(self._callback)
        self._parts: list[NDArray[np.int16]] = []
        self._starts: dict[int, float] = {}

    def _hear(self, samples: ctypes._Pointer[ctypes.c_short], count: int, events: ctypes._Pointer[_Event]) -> int:
        if samples and count:
            self._parts.append(np.ctypeslib.as_array(samples, (count,)).astype(np.int16))
        index = 0
        while events[index].type:
            if events[index].type == _WORD_EVENT:  # now and then one comes twice: the position tells
                self._starts.setdefault(events[index].text_position - 1, events[index].audio_position / 1000)
            index += 1
        return 0

    def say(
        self, text: str, voice: str, rate: int, pitch: int, spread: int
    ) -> tuple[NDArray[np.int16], dict[int, float]]:
        """Samples, and the start in seconds of the word at each position of ``text``."""
        self._parts, self._starts = [], {}
        if self._library.espeak_SetVoiceByName(voice.encode()):
            raise ValueError(f"espeak-ng has no voice {voice}")
        for what, value in ((_RATE_OF_SPEECH, rate), (_PITCH, pitch), (_RANGE, spread)):
            self._library.espeak_SetParameter(what, value, 0)
        data = text.encode()
        self._library.espeak_Synth(data, len(data) + 1, 0, _BY_CHARACTER, 0, _UTF8, None, None)
        return np.concatenate(self._parts) if self._parts else np.zeros(0, np.int16), self._starts


@functools.cache
def _espeak_library() -> _Espeak:
    return _Espeak()


def _any_espeak(chance: random.Random) -> str:
    return f"espeak:{chance.choice(_ESPEAK_VOICES)}+{chance.choice(_ESPEAK_VARIANTS)}"


def _espeak(words: Sequence[str], voice: str, chance: random.Random) -> _Marked | None:
    espeak = _espeak_library()
    text = " ".join(words)
    samples, starts = espeak.say(text, voice, chance.randint(115, 195), chance.randint(25, 75), chance.randint(30, 70))
    positions = [sum(len(w) + 1 for w in words[:i]) for i in range(len(words))]
    if set(starts) != set(positions) or not len(samples):
        return None
    begins = [starts[position] for position in positions]
    ends = [*begins[1:], len(samples) / espeak.rate]
    return _resampled(samples, espeak.rate), list(zip(words, begins, ends, strict=True))
