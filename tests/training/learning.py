"""Losses, batches and the schedule of the training."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as f

from training import words as w
from training.features import features_of
from training.model import AUDIO_POSITIONS, GUIDED, TinyWhisper
from training.synthesis import Spoken
from training.windows import FRAME_S, Window, window

_SPREAD = 6
"""Neighbouring stamps over which a stamp is spread, with a Gaussian of two (40 ms)."""
_LENGTHS = 16
"""Token lengths are padded to multiples of it: every new shape costs the first time."""


@dataclass(frozen=True)
class Stage:
    """``lengths``: seconds of a window and how often; ``batch_s``: audio in a batch; ``anywhere``: windows are placed
    at random positions of the 30 s; ``strength``: of the disturbances; ``guided``: weight of the guided attention."""

    name: str
    minutes: float
    rate: float
    lengths: tuple[tuple[float, float], ...]
    batch_s: float = 60.0
    anywhere: bool = False
    strength: float = 1.0
    guided: float = 0.15
    spread: bool = False


STAGES = (
    Stage("short", 12, 1.6e-3, ((2.5, 1), (5.0, 1), (10.0, 1)), batch_s=56, anywhere=True),
    Stage("growing", 10, 1.5e-3, ((4.0, 1), (6.0, 1), (10.0, 1)), batch_s=56),
    Stage("mixed", 16, 1.5e-3, ((6.0, 0.4), (12.0, 0.25), (30.0, 0.35)), batch_s=75),
    Stage("longer", 9, 7e-4, ((6.0, 0.35), (12.0, 0.3), (30.0, 0.35)), batch_s=75),
    Stage("long", 30, 7e-4, ((6.0, 0.15), (12.0, 0.2), (30.0, 0.65)), batch_s=90, guided=0.3, spread=True),
)


@dataclass(frozen=True)
class Batch:
    windows: Sequence[Window]
    features: Tensor
    first: int
    """Where the windows begin in the 30 s, in encoder frames."""

    @property
    def tokens(self) -> Tensor:
        return self._padded([win.answer.tokens for win in self.windows], w.END)

    @property
    def labels(self) -> Tensor:
        return self._padded([win.answer.labels for win in self.windows], -1)

    def _padded(self, rows: list[list[int]], fill: int) -> Tensor:
        length = math.ceil(max(map(len, rows)) / _LENGTHS) * _LENGTHS
        shifted = [[t + self.first if t >= w.FIRST_STAMP else t for t in row] for row in rows]
        return torch.tensor([row + [fill] * (length - len(row)) for row in shifted])


def batch(pool: Sequence[Spoken], stage: Stage, chance: random.Random) -> Batch:
    seconds = chance.choices([s for s, _ in stage.lengths], [p for _, p in stage.lengths])[0]
    count = max(1, round(stage.batch_s / seconds))
    windows = [window(pool, seconds, chance, stage.strength) for _ in range(count)]
    features = torch.stack([features_of(win.audio, win.content_s, chance) for win in windows])
    room = AUDIO_POSITIONS - round(seconds / FRAME_S)
    first = chance.randrange(room + 1) if stage.anywhere and chance.random() < 0.7 else 0
    return Batch(windows, features, first)


def loss(model: TinyWhisper, given: Batch, stage: Stage) -> tuple[Tensor, dict[str, float]]:
    with torch.autocast("cpu", torch.bfloat16):
        heard = model.encoder(given.features, given.first)
        scores, looks = model.decoder(given.tokens, heard)
        framewise = model.frames(heard)
    labels = given.labels
    targets, weights = _targets(labels, given)
    told = -(targets * scores.float().log_softmax(-1)).sum(-1)
    text = (told * weights).sum() / weights.sum()
    words = torch.stack([torch.from_numpy(win.frames) for win in given.windows])
    frames = f.cross_entropy(framewise.float().flatten(0, 1), words[:, : framewise.shape[1]].flatten())
    looking = _guided(looks, given, stage.spread)
    right = (scores.argmax(-1) == labels)[(labels >= 0) & (labels < w.END)].float().mean()
    facts = {"text": text.item(), "frames": frames.item(), "looking": looking.item(), "right": right.item()}
    return text + 0.4 * frames + stage.guided * looking, facts


def _targets(labels: Tensor, given: Batch) -> tuple[Tensor, Tensor]:
    """What each step should say, as a distribution, and how much it counts."""
    targets = torch.zeros(*labels.shape, w.TOKENS)
    targets.scatter_(-1, labels.clamp(min=0)[..., None], 1.0)
    weights = (labels >= 0).float()
    stamps = (labels >= w.FIRST_STAMP).nonzero()
    weights[labels >= w.FIRST_STAMP] = 0.5
    for row, column in stamps.tolist():
        label = int(labels[row, column])
        near = torch.arange(max(w.FIRST_STAMP, label - _SPREAD), min(w.TOKENS, label + _SPREAD + 1))
        share = torch.exp(-((near - label) ** 2) / (2 * 2.0**2))
        targets[row, column] = 0
        targets[row, column, near] = share / share.sum()
    for row, win in enumerate(given.windows):
        if win.answer.silent:
            column = win.answer.tokens.index(w.START)
            targets[row, column] = 0
            targets[row, column, w.NO_SPEECH] = 0.9
            targets[row, column, w.FIRST_STAMP + given.first] = 0.1
            weights[row, column] = 1.0
    return targets, weights


def _guided(looks: Sequence[Tensor], given: Batch, spread: bool) -> Tensor:
    """Minus the log of the attention that the step telling a token pays to that token's stretch of audio."""
    rows, columns, begins, ends = [], [], [], []
    for row, win in enumerate(given.windows):
        for column, place in enumerate(win.answer.places):
            if place is not None:
                rows.append(row)
                columns.append(column)
                begins.append(int(place[0] / FRAME_S))
                ends.append(max(int(place[0] / FRAME_S) + 1, math.ceil(place[1] / FRAME_S)))
    if not rows:
        return torch.zeros(())
    frames = torch.arange(looks[0].shape[-1])
    inside = (frames >= torch.tensor(begins)[:, None]) & (frames < torch.tensor(ends)[:, None])
    inside[:, -1] |= ~inside.any(-1)
    total = torch.zeros(())
    for layer, head in GUIDED:
        look = looks[layer][rows, head, columns]
        paid = torch.logsumexp(look.masked_fill(~inside, -1e4), -1)
        here = -paid.mean()
        if spread and layer:  # evenly over the stretch: without it word times come early
            even = inside.float() / inside.sum(-1, keepdim=True)
            here = here + 0.5 * (even * (torch.log(even + 1e-9) - look)).masked_fill(~inside, 0).sum(-1).mean()
        total = total + here * (0.3 if layer == 0 else 1.0)
    return total / len(GUIDED)


def learn(
    model: TinyWhisper,
    pool: Sequence[Spoken],
    stage: Stage,
    chance: random.Random,
    *,
    most_steps: int | None = None,
    tell: Callable[[str], None] = lambda _: None,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """One stage: the rate warms up over 150 steps and falls as a cosine over *time*. The model ends up with the moving
    average of its weights."""
    matrices = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim <= 1]
    groups = [{"params": matrices, "weight_decay": 0.02}, {"params": others, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=stage.rate, betas=(0.9, 0.98))
    average = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998), use_buffers=False
    )
    began, step, facts = clock(), 0, dict[str, float]()
    while (done := (clock() - began) / (60 * stage.minutes)) < 1 and (most_steps is None or step < most_steps):
        rate = stage.rate * min(1.0, (step + 1) / 150) * (0.02 + 0.98 * (1 + math.cos(math.pi * done)) / 2)
        for group in optimiser.param_groups:
            group["lr"] = rate
        total, latest = loss(model, batch(pool, stage, chance), stage)
        optimiser.zero_grad()
        total.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        average.update_parameters(model)
        step += 1
        facts = {k: facts.get(k, v) * 0.95 + v * 0.05 for k, v in latest.items()}
        if step % 50 == 0:
            tell(_told(stage, step, clock() - began, facts))
    tell(_told(stage, step, clock() - began, facts))
    model.load_state_dict(average.module.state_dict())


def _told(stage: Stage, step: int, seconds: float, facts: dict[str, float]) -> str:
    numbers = "  ".join(f"{name} {value:.3f}" for name, value in facts.items())
    return f"{stage.name}: step {step}, {seconds / 60:.1f} min, {numbers}"
