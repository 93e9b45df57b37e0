"""Log-mel features, just as faster-whisper computes them (80 Slaney mels, 25 ms windows every 10 ms)."""

from __future__ import annotations

import random

import numpy as np
import torch
from faster_whisper.feature_extractor import FeatureExtractor
from numpy.typing import NDArray
from torch import Tensor

from training.synthesis import RATE

_extractor = FeatureExtractor()


def features_of(audio: NDArray[np.float32], content_s: float, chance: random.Random) -> Tensor:
    """(mels, frames) of a whole window. faster-whisper pads the *features* with 0 behind the recording's end, others
    the *audio* with silence: both are taught. Sometimes the loudest place is said to be elsewhere in the recording."""
    frames = round(len(audio) / RATE * 100)
    by_features = chance.random() < 0.8
    content = audio[: int(content_s * RATE)] if by_features else audio
    mels = torch.from_numpy(np.asarray(_extractor(content, padding=0 if len(content) >= 400 else 400), np.float32))
    if chance.random() < 0.2:  # as if something louder came later: everything lies lower and is clipped less deep
        mels = mels - chance.uniform(0, 0.3)
    mels = _coloured(mels[:, :frames], chance)
    return torch.nn.functional.pad(mels, (0, frames - mels.shape[1]))


def _coloured(mels: Tensor, chance: random.Random) -> Tensor:
    """Another microphone now and then (a smooth equaliser), or one band missing."""
    if chance.random() < 0.25:
        points = [[chance.uniform(-0.15, 0.15) for _ in range(6)]]
        curve = torch.nn.functional.interpolate(torch.tensor([points]), size=mels.shape[0], mode="linear")
        mels = mels + curve[0, 0][:, None]
    if chance.random() < 0.1:
        low = chance.randrange(mels.shape[0] - 8)
        mels[low : low + chance.randint(2, 8)] = mels.mean()
    return mels
