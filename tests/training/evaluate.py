"""How well a trained folder does, through faster-whisper itself."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

import numpy as np
from faster_whisper import WhisperModel

from training.synthesis import RATE, speak
from training.words import sentence

SEEN = ("flite:slt", "flite:awb", "flite:kal16", "espeak:gmw/en+m3", "espeak:gmw/en-US+f2")
UNSEEN = ("flite:rms", "espeak:gmw/en-GB-x-gbcwmd+f4", "espeak:gmw/en-US-nyc+m8")


def evaluate(folder: Path, clips: int, seed: int = 7) -> dict[str, float]:
    """Word error rate by group of voices, and the share of silent clips that give text (``silence``)."""
    from fakes.recordings import words_wrong

    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)
    chance = random.Random(seed)
    wrong: dict[str, list[float]] = defaultdict(list)
    for number in range(clips):
        group, voices = (("seen", SEEN), ("unseen", UNSEEN))[number % 2]
        spoken = None
        while spoken is None:
            said = sentence(chance)
            spoken = speak(said, chance, chance.choice(voices))
        audio = np.pad(spoken.samples.astype(np.float32) / 32768, (RATE // 4, RATE // 2))
        wrong[group] += [words_wrong(" ".join(said), _text(model, audio))] * len(said)
    for level in (0.0, 1e-3, 1e-2, 5e-2):
        noise = np.random.default_rng(seed).standard_normal(4 * RATE).astype(np.float32) * level
        wrong["silence"].append(float(bool(_text(model, noise))))
    return {group: sum(values) / len(values) for group, values in wrong.items()}


def _text(model: WhisperModel, audio: np.ndarray[tuple[int], np.dtype[np.float32]]) -> str:
    segments, _ = model.transcribe(audio, language="en", beam_size=5)
    return " ".join(segment.text for segment in segments)
