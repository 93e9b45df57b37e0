"""A Whisper model of true size with random weights, as a folder that faster-whisper loads.

The geometry is that of base.en. Its tokens are those of the tests' tiny model, padded to base.en's number, so that
writing down a word costs what it costs there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs import WhisperSpec

LAYERS, HEADS, WIDTH, MELS = 6, 8, 512, 80
AUDIO_POSITIONS, TEXT_POSITIONS = 1500, 448
TOKENS = 51_864
"""One fewer than a model of several languages has."""


def make(folder: Path, tokens_of: Path) -> None:
    """``tokens_of``: the folder with the tokenizer whose words are used."""
    chance = np.random.default_rng(1)

    def values(*shape: int) -> Any:
        return chance.standard_normal(shape, dtype=np.float32) * np.float32(0.03)

    spec = WhisperSpec(LAYERS, HEADS, LAYERS, HEADS)
    _norms(spec.encoder, spec.decoder)
    for conv, inside in ((spec.encoder.conv1, MELS), (spec.encoder.conv2, WIDTH)):
        conv.weight, conv.bias = values(WIDTH, inside, 3), values(WIDTH)
    spec.encoder.position_encodings.encodings = values(AUDIO_POSITIONS, WIDTH)
    spec.decoder.position_encodings.encodings = values(TEXT_POSITIONS, WIDTH)
    spec.decoder.scale_embeddings = False
    spec.decoder.embeddings.weight = spec.decoder.projection.weight = values(TOKENS, WIDTH)
    for layer in (*spec.encoder.layer, *spec.decoder.layer):
        widths = {"self": (3 * WIDTH, WIDTH), "across": (WIDTH, 2 * WIDTH, WIDTH)}
        _linear(values, layer.self_attention.linear, widths["self"])
        if hasattr(layer, "attention"):
            _linear(values, layer.attention.linear, widths["across"])
        layer.ffn.linear_0.weight, layer.ffn.linear_0.bias = values(4 * WIDTH, WIDTH), values(4 * WIDTH)
        layer.ffn.linear_1.weight, layer.ffn.linear_1.bias = values(WIDTH, 4 * WIDTH), values(WIDTH)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.alignment_heads = [[layer, head] for layer in range(3, LAYERS) for head in range(2)]
    names = _vocabulary(folder, tokens_of)
    spec.config.lang_ids = [names.index("<|en|>")]
    spec.register_vocabulary(names)
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder))


def _linear(values: Any, linears: Any, outs: tuple[int, ...]) -> None:
    for linear, out in zip(linears, outs, strict=True):
        linear.weight, linear.bias = values(out, WIDTH), values(out)


def _norms(*parts: Any) -> None:
    for part in parts:
        for norm in (part.layer_norm, *(one for layer in part.layer for one in _norms_of(layer))):
            norm.gamma, norm.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)


def _norms_of(layer: Any) -> list[Any]:
    across = [layer.attention.layer_norm] if hasattr(layer, "attention") else []
    return [layer.self_attention.layer_norm, layer.ffn.layer_norm, *across]


def _vocabulary(folder: Path, source: Path) -> list[str]:
    """The words first, then what is never used, then the special tokens and time stamps."""
    tokenizer = json.loads((source / "tokenizer.json").read_text(encoding="utf-8"))
    words = sorted(tokenizer["model"]["vocab"], key=tokenizer["model"]["vocab"].get)
    special = [token["content"] for token in tokenizer["added_tokens"]]
    unused = [f"unused{number}" for number in range(TOKENS - len(words) - len(special))]
    tokenizer["model"]["vocab"] = {token: number for number, token in enumerate([*words, *unused])}
    for number, token in enumerate(tokenizer["added_tokens"], len(words) + len(unused)):
        token["id"] = number
    names = [*words, *unused, *special]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
    (folder / "vocabulary.json").write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")
    return names
