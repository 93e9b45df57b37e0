"""What was said, in English: Whisper's other task, over windows that were understood before. Lives in the worker
process only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from debabelizer_providers.whisper.gates import MOST_COMPRESSION, compression

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LANGUAGE = "en"
"""The only one that the models learned to translate into."""
_TIME_STEP_S = 0.02
_MAX_TOKENS = 448
_LATEST_START = 50
"""Steps: the text of a window begins within its first second, as in the reference implementation."""
_WARMER = (0.2, 0.4, 0.6)


class Stretch(msgspec.Struct, frozen=True):
    """Seconds from the window's start."""

    text: str
    start: float
    end: float


def translated(
    model: Any, features: Sequence[NDArray[np.float32]], seconds: Sequence[float], languages: Sequence[str], beam: int
) -> list[list[Stretch]]:
    """``model``: a loaded ``faster_whisper.WhisperModel`` of several languages; of each window the features, the length
    and Whisper's code of the language that is spoken."""
    import numpy as np
    from faster_whisper.tokenizer import Tokenizer

    tokenizers = [Tokenizer(model.hf_tokenizer, True, task="translate", language=code) for code in languages]
    encoded = model.encode(np.stack(list(features)))
    answers = _generate(model, encoded, tokenizers, beam_size=beam)
    found = []
    for place, tokens in enumerate(answers):
        tokenizer = tokenizers[place]
        if _loops(tokenizer, tokens):
            tokens = _warmer(model, features[place], tokenizer) or tokens
        found.append(list(_without_repeats(_stretches(tokenizer, tokens, seconds[place]))))
    return found


def _generate(model: Any, encoded: Any, tokenizers: Sequence[Any], **how: Any) -> list[list[int]]:
    from faster_whisper.transcribe import get_suppressed_tokens

    results = model.model.generate(
        encoded,
        [tokenizer.sot_sequence for tokenizer in tokenizers],
        max_length=_MAX_TOKENS,
        max_initial_timestamp_index=_LATEST_START,
        suppress_tokens=get_suppressed_tokens(tokenizers[0], [-1]),
        **how,
    )
    return [list(result.sequences_ids[0]) for result in results]


def _warmer(model: Any, features: NDArray[np.float32], tokenizer: Any) -> list[int] | None:
    """Tries with more and more chance in them; None: each of them is a loop."""
    for temperature in _WARMER:
        how = {"beam_size": 1, "num_hypotheses": 1, "sampling_topk": 0, "sampling_temperature": temperature}
        (tokens,) = _generate(model, model.encode(features), [tokenizer], **how)
        if not _loops(tokenizer, tokens):
            return tokens
    return None


def _loops(tokenizer: Any, tokens: Sequence[int]) -> bool:
    return compression(tokenizer.decode(tokens)) > MOST_COMPRESSION


def _stretches(tokenizer: Any, tokens: Sequence[int], seconds: float) -> Iterator[Stretch]:
    """The text between the times that the model writes into it."""
    start, waiting = 0.0, list[int]()

    def said(end: float) -> Iterator[Stretch]:
        if text := tokenizer.decode(waiting).strip():
            yield Stretch(text, start, max(start, end))

    for token in tokens:
        if token < tokenizer.timestamp_begin:
            waiting.append(token)
            continue
        at = min((token - tokenizer.timestamp_begin) * _TIME_STEP_S, seconds)
        yield from said(at)
        start = at
        waiting.clear()
    yield from said(seconds)


def _without_repeats(stretches: Iterator[Stretch]) -> Iterator[Stretch]:
    """The same words over and over are the model's needle stuck."""
    last = ""
    for stretch in stretches:
        if stretch.text != last:
            yield stretch
        last = stretch.text
