"""Whisper's architecture, small. What is exported is plain Whisper; only how some weights are *made* differs:

* the embeddings of the time stamps are one learnt matrix applied to the encoder's own position code, so that all 1,501
  are learnt together;
* decoder positions begin as faint sinusoids, so that late ones are not noise;
* encoder attention begins local: each head looks at its own offset.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as f

from training.words import FIRST_STAMP, STAMPS, TOKENS, WORDS

WIDTH, HEADS, LAYERS, MELS = 128, 4, 3, 80
AUDIO_POSITIONS, TEXT_POSITIONS = 1500, 448
GUIDED = ((0, 0), (1, 0), (1, 1), (2, 0), (2, 1))
"""Layer and head whose cross-attention is shown where to look; those above layer 0 give the word times."""


def sinusoids(length: int, width: int = WIDTH) -> Tensor:
    """Whisper's position code, shape (length, width)."""
    scale = math.log(10_000) / (width // 2 - 1)
    angles = torch.arange(length)[:, None] * torch.exp(-scale * torch.arange(width // 2))[None]
    return torch.cat((angles.sin(), angles.cos()), dim=1)


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH, bias=False)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)

    def forward(self, x: Tensor, memory: Tensor | None = None, *, causal: bool = False) -> tuple[Tensor, Tensor]:
        """The block's output, to be added, and the log of the attention: (batch, head, to, from)."""
        x = self.norm(x)
        source = x if memory is None else memory
        q, k, v = (self._heads(part) for part in (self.query(x), self.key(source), self.value(source)))
        scores = q.float() @ k.float().transpose(-1, -2) / math.sqrt(WIDTH // HEADS)
        if causal:
            scores = scores + torch.full(scores.shape[-2:], -math.inf).triu(1)
        weights = scores.log_softmax(-1)
        mixed = (weights.exp() @ v.float()).transpose(1, 2).flatten(2)
        return self.out(mixed.to(x.dtype)), weights

    def look_locally(self, offsets: tuple[int, ...]) -> None:
        """Each head's key picks sinusoids, its query the same ones turned by the head's offset (in frames)."""
        width, half = WIDTH // HEADS, WIDTH // 2
        frequencies = torch.exp(-math.log(10_000) / (half - 1) * torch.arange(half))[:: half // (width // 2)]
        with torch.no_grad():
            for head, offset in enumerate(offsets):
                for i in range(width // 2):
                    column = i * (half // (width // 2))
                    cos, sin = (math.cos(offset * frequencies[i]), math.sin(offset * frequencies[i]))
                    s, c = head * width + i, head * width + width // 2 + i
                    for weight in (self.query.weight, self.key.weight):
                        weight[s] *= 0.1
                        weight[c] *= 0.1
                    self.key.weight[s, column] = self.key.weight[c, half + column] = 1.5
                    self.query.weight[s, column], self.query.weight[s, half + column] = 1.5 * cos, 1.5 * sin
                    self.query.weight[c, half + column], self.query.weight[c, column] = 1.5 * cos, -1.5 * sin

    def _heads(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (HEADS, WIDTH // HEADS)).transpose(1, 2)


class Feed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(WIDTH)
        self.wide = nn.Linear(WIDTH, 4 * WIDTH)
        self.back = nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.back(f.gelu(self.wide(self.norm(x))))
        return out


class Encoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(MELS, WIDTH, 3, padding=1)
        self.conv2 = nn.Conv1d(WIDTH, WIDTH, 3, stride=2, padding=1)
        self.attentions = nn.ModuleList(Attention() for _ in range(LAYERS))
        self.feeds = nn.ModuleList(Feed() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)
        self.positions = nn.Buffer(sinusoids(AUDIO_POSITIONS))
        for layer, attention in enumerate(self.attentions):
            attention.look_locally(tuple((2 * h - 3) * (1 + 3 * layer) for h in range(HEADS)))

    def forward(self, features: Tensor, first: int = 0) -> Tensor:
        """``features``: (batch, mels, frames of 10 ms); ``first``: where in the 30 s the window begins, in frames of
        20 ms, so that short and cheap windows teach every position."""
        x = f.gelu(self.conv2(f.gelu(self.conv1(features)))).transpose(1, 2)
        x = x + self.positions[first : first + x.shape[1]]
        for attention, feed in zip(self.attentions, self.feeds, strict=True):
            x = x + attention(x)[0]
            x = x + feed(x)
        out: Tensor = self.norm(x)
        return out


class Decoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.text = nn.Embedding(FIRST_STAMP, WIDTH)
        nn.init.normal_(self.text.weight, std=0.05)
        self.stamps = nn.Linear(WIDTH, WIDTH, bias=False)
        nn.init.normal_(self.stamps.weight, std=0.02)
        self.positions = nn.Parameter(0.1 * sinusoids(TEXT_POSITIONS))
        self.own = nn.ModuleList(Attention() for _ in range(LAYERS))
        self.across = nn.ModuleList(Attention() for _ in range(LAYERS))
        self.feeds = nn.ModuleList(Feed() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)
        code = torch.cat((sinusoids(AUDIO_POSITIONS), sinusoids(STAMPS)[-1:]))
        self.code = nn.Buffer(code)

    def table(self) -> Tensor:
        """The embedding of every token, shape (TOKENS, WIDTH); also the output's weights."""
        return torch.cat((self.text.weight, self.stamps(self.code)))

    def forward(self, tokens: Tensor, heard: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Scores (batch, length, TOKENS) and the log cross-attention of each layer."""
        table = self.table()
        assert table.shape[0] == TOKENS
        x = f.embedding(tokens, table) + self.positions[: tokens.shape[1]]
        looks = []
        for own, across, feed in zip(self.own, self.across, self.feeds, strict=True):
            x = x + own(x, causal=True)[0]
            out, look = across(x, heard)
            looks.append(look)
            x = x + out
            x = x + feed(x)
        return self.norm(x) @ table.T, looks


class TinyWhisper(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.decoder = Decoder()
        self.frames = nn.Linear(WIDTH, len(WORDS) + 1)
        """Says for each encoder frame which word is spoken; thrown away after the training."""
