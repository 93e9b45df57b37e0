"""Trains the tiny Whisper of ``tests/data/whisper-tiny-words`` from nothing. See README.md beside this file."""

from __future__ import annotations

import argparse
import random
import sys
from dataclasses import replace
from pathlib import Path

if __name__ == "__main__":  # run by path: the packages lie one folder up
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def main() -> None:
    import torch

    from training.evaluate import evaluate
    from training.export import export
    from training.learning import STAGES, learn
    from training.model import TinyWhisper
    from training.synthesis import pool

    asked = _arguments()
    torch.manual_seed(asked.seed)
    torch.set_num_threads(asked.threads)
    chance = random.Random(asked.seed)
    _tell(f"{asked.sentences} sentences ...")
    spoken = pool(asked.sentences, asked.seed, asked.threads)
    _tell(f"{sum(len(s.samples) for s in spoken) / 16_000 / 3600:.2f} hours of speech")
    model = TinyWhisper()
    _tell(f"{sum(p.numel() for p in model.parameters()) / 1e6:.1f} million parameters")
    for stage in STAGES:
        timed = replace(stage, minutes=stage.minutes * asked.time)
        learn(model, spoken, timed, chance, most_steps=asked.steps, tell=_tell)
        export(model, asked.folder)  # after every stage: the way out is proven early
    for group, share in evaluate(asked.folder, asked.clips).items():
        _tell(f"{group}: {share:.1%} wrong")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the model is written")
    parser.add_argument("--sentences", type=int, default=9250, help="synthesised for the training")
    parser.add_argument("--time", type=float, default=1.0, help="times the planned 77 minutes")
    parser.add_argument("--steps", type=int, help="at most, in each of the five stages (to try the way through)")
    parser.add_argument("--clips", type=int, default=200, help="for the evaluation")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _tell(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a program for a terminal


if __name__ == "__main__":
    main()
