"""From torch weights to a CTranslate2 folder that faster-whisper loads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs import WhisperSpec
from numpy.typing import NDArray
from torch import Tensor, nn

from training import words as w
from training.model import AUDIO_POSITIONS, GUIDED, HEADS, LAYERS, Attention, Feed, TinyWhisper, sinusoids


def export(model: TinyWhisper, folder: Path) -> None:
    """Writes ``folder`` anew: int8 weights, configuration, tokenizer."""
    spec = WhisperSpec(LAYERS, HEADS, LAYERS, HEADS)
    _encoder(spec.encoder, model)
    _decoder(spec.decoder, model)
    spec.config.suppress_ids = []
    # Only the bare space: an immediate end must stay possible, so that silence gives nothing.
    spec.config.suppress_ids_begin = [w.SPACE]
    spec.config.alignment_heads = [head for head in GUIDED if head[0] > 0]
    spec.config.lang_ids = [w.ENGLISH]
    spec.register_vocabulary([*w.text_tokens(), *w.special_tokens()])
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    w.write_vocabulary(folder)


def _encoder(spec: Any, model: TinyWhisper) -> None:
    encoder = model.encoder
    for conv, source in ((spec.conv1, encoder.conv1), (spec.conv2, encoder.conv2)):
        conv.weight, conv.bias = _array(source.weight), _array(source.bias)
    spec.position_encodings.encodings = _array(sinusoids(AUDIO_POSITIONS))
    _norm(spec.layer_norm, encoder.norm)
    for layer, attention, feed in zip(spec.layer, encoder.attentions, encoder.feeds, strict=True):
        _own(layer.self_attention, attention)
        _feed(layer.ffn, feed)


def _decoder(spec: Any, model: TinyWhisper) -> None:
    decoder = model.decoder
    table = _array(decoder.table())
    spec.scale_embeddings = False
    spec.embeddings.weight = spec.projection.weight = table
    spec.position_encodings.encodings = _array(decoder.positions)
    _norm(spec.layer_norm, decoder.norm)
    for layer, own, across, feed in zip(spec.layer, decoder.own, decoder.across, decoder.feeds, strict=True):
        _own(layer.self_attention, own)
        _across(layer.attention, across)
        _feed(layer.ffn, feed)


def _own(spec: Any, attention: Attention) -> None:
    _norm(spec.layer_norm, attention.norm)
    parts = (attention.query, attention.key, attention.value)
    _stacked(spec.linear[0], parts)
    _stacked(spec.linear[1], (attention.out,))


def _across(spec: Any, attention: Attention) -> None:
    _norm(spec.layer_norm, attention.norm)
    _stacked(spec.linear[0], (attention.query,))
    _stacked(spec.linear[1], (attention.key, attention.value))
    _stacked(spec.linear[2], (attention.out,))


def _feed(spec: Any, feed: Feed) -> None:
    _norm(spec.layer_norm, feed.norm)
    _stacked(spec.linear_0, (feed.wide,))
    _stacked(spec.linear_1, (feed.back,))


def _stacked(spec: Any, parts: tuple[nn.Linear, ...]) -> None:
    """Several projections as one; a missing bias is zeros."""
    spec.weight = np.concatenate([_array(p.weight) for p in parts])
    spec.bias = np.concatenate([_array(p.bias) if p.bias is not None else _zeros(p) for p in parts])


def _zeros(part: nn.Linear) -> NDArray[np.float32]:
    return np.zeros(part.out_features, np.float32)


def _norm(spec: Any, norm: nn.LayerNorm) -> None:
    spec.gamma, spec.beta = _array(norm.weight), _array(norm.bias)


def _array(tensor: Tensor) -> NDArray[np.float32]:
    return np.ascontiguousarray(tensor.detach().float().numpy())
