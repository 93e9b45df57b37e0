"""The framing of Azure's messages, and what it sends as typed bodies. Paths not listed here are skipped.

A text message is header lines, an empty line and JSON; a binary one is the length of its header in two bytes, big
endian, the header lines, and audio.
"""

from __future__ import annotations

import struct
from collections import deque
from datetime import UTC, datetime
from typing import Any

import msgspec

from debabelizer.contract import AudioForm, Encoding, WireMessage
from debabelizer.errors import ProviderError
from debabelizer.events import Word
from debabelizer_providers.azure.trouble import garbage

TICKS_PER_S = 10_000_000
_MOST_TICKS = 10.0**18


# --------------------------------------------------------------------------------------------------- going out


def text_message(path: str, request_id: str, body: Any) -> str:
    """``request_id`` may be empty. JSON here never holds an empty line, which would end the header twice."""
    json = msgspec.json.encode(body).decode()
    return f"{_header(path, request_id, 'application/json')}\r\n{json}"


def audio_message(request_id: str, stream: int, pcm: bytes, *, content_type: str = "") -> bytes:
    """Without ``pcm``: the end of the turn's audio."""
    header = (_header("audio", request_id, content_type) + f"X-StreamId: {stream}\r\n").encode("ascii")
    return struct.pack(">H", len(header)) + header + pcm


def _header(path: str, request_id: str, content_type: str) -> str:
    """The stamp is for the vendor's records; nothing here depends on it."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
    header = f"Path: {path}\r\nX-Timestamp: {stamp}Z\r\n"
    if request_id:
        header += f"X-RequestId: {request_id}\r\n"
    return header + (f"Content-Type: {content_type}\r\n" if content_type else "")


def wav_header(form: AudioForm, size: int = 0) -> bytes:
    """44 bytes. ``size``: bytes of audio; 0 in a stream, whose length nobody knows."""
    tag = 7 if form.encoding is Encoding.MULAW else 1
    sample = form.sample_bytes
    shape = struct.pack("<4sIHHIIHH", b"fmt ", 16, tag, 1, form.rate, form.bytes_per_second, sample, 8 * sample)
    riff = struct.pack("<4sI4s", b"RIFF", 36 + size if size else 0, b"WAVE")
    return riff + shape + struct.pack("<4sI", b"data", size)


# --------------------------------------------------------------------------------------------------- coming in


class Message(msgspec.Struct, frozen=True):
    """``path`` and ``request_id`` in lower case; the second is empty where none was sent."""

    path: str
    request_id: str
    body: bytes


def unframed(message: WireMessage) -> Message | ProviderError:
    """The parts of a message, or the error that it is for not having them."""
    if isinstance(message, bytes):
        length = int.from_bytes(message[:2], "big")
        if len(message) < 2 + length:
            return garbage("a binary message shorter than its header")
        head, body = message[2 : 2 + length].decode("utf-8", "replace"), message[2 + length :]
    else:
        head, _, text = message.partition("\r\n\r\n")
        body = text.encode("utf-8", "replace")
    headers = {}
    for line in head.split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip().lower()
    if not headers.get("path"):
        return garbage("a message without a path")
    return Message(headers["path"], headers.get("x-requestid", ""), body)


class _Tagged(msgspec.Struct, rename="camel"):
    service_tag: str = ""


class TurnStart(msgspec.Struct):
    context: _Tagged = msgspec.field(default_factory=_Tagged)


class Detected(msgspec.Struct, rename="pascal"):
    """Start or end of speech."""

    offset: float | None = None


class SpokenLanguage(msgspec.Struct, rename="pascal"):
    language: str | None = None


class Hypothesis(msgspec.Struct, rename="pascal"):
    """Times are ticks of 100 ns from the start of the turn's audio."""

    text: str = ""
    offset: float | None = None
    duration: float = 0.0
    primary_language: SpokenLanguage | None = None


class WireWord(msgspec.Struct, rename="pascal"):
    """Of ``Words``, which are as spoken, or of ``DisplayWords``, which are as written and lack a confidence."""

    word: str | None = None
    display_text: str | None = None
    offset: float | None = None
    duration: float = 0.0
    confidence: float | None = None


class Alternative(msgspec.Struct, rename="pascal"):
    display: str | None = None
    display_text: str | None = None
    words: list[WireWord] = []
    display_words: list[WireWord] = []


class Phrase(msgspec.Struct, rename="pascal"):
    recognition_status: str
    offset: float | None = None
    duration: float = 0.0
    display_text: str | None = None
    n_best: list[Alternative] = msgspec.field(default=[], name="NBest")
    primary_language: SpokenLanguage | None = None
    speaker_id: str | None = None

    @property
    def best(self) -> Alternative:
        return self.n_best[0] if self.n_best else Alternative()

    @property
    def text(self) -> str:
        return (self.best.display or self.best.display_text or self.display_text or "").strip()


Body = TurnStart | Detected | Hypothesis | Phrase

_KINDS: dict[str, type[TurnStart] | type[Detected] | type[Hypothesis] | type[Phrase]] = {
    "turn.start": TurnStart,
    "speech.startdetected": Detected,
    "speech.enddetected": Detected,
    "speech.hypothesis": Hypothesis,
    "speech.fragment": Hypothesis,
    "speech.phrase": Phrase,
}
_decoders = {path: msgspec.json.Decoder(kind, strict=False) for path, kind in _KINDS.items()}


def decode(message: Message) -> Body | ProviderError | None:
    """The body; None where the path has none that matters. An empty body is one without any field."""
    decoder = _decoders.get(message.path)
    if decoder is None:
        return None
    try:
        body: Body = decoder.decode(message.body.strip() or b"{}")
    except (ValueError, RecursionError) as problem:
        return garbage(f"{message.path}: {problem}"[:200])
    return body


def seconds(ticks: float | None) -> float:
    """Never negative, never absurd."""
    return min(ticks, _MOST_TICKS) / TICKS_PER_S if ticks is not None and ticks > 0 else 0.0


def timed_words(best: Alternative, speaker: str | None, base: float, end: float) -> tuple[Word, ...]:
    """The words as written, with the confidence of those spoken in their time; ``base`` seconds later, none beyond
    ``end``. Where the vendor times only the spoken ones, and there are as many, they are written as in the text."""
    spoken = [word for word in best.words if word.word and word.offset is not None]
    written = [word for word in best.display_words if word.display_text and word.offset is not None]
    shown = (best.display or "").split()
    if written:
        texts = [word.display_text or "" for word in written]
    else:
        texts = shown if len(shown) == len(spoken) else [word.word or "" for word in spoken]
    sure = _Confidences(spoken)
    words = []
    for text, word in zip(texts, written or spoken, strict=True):
        start = min(base + seconds(word.offset), end)
        stop = min(max(base + seconds(word.offset) + seconds(word.duration), start), end)
        confidence = sure.until(seconds(word.offset) + seconds(word.duration)) if written else word.confidence
        words.append(Word(text, start, stop, _share(confidence), speaker))
    return tuple(words)


class _Confidences:
    """Of the words as spoken, taken off in their order."""

    def __init__(self, spoken: list[WireWord]) -> None:
        self._left = deque(spoken)

    def until(self, end: float) -> float | None:
        """The least of those whose middle lies before ``end``."""
        least: float | None = None
        while self._left and seconds(self._left[0].offset) + seconds(self._left[0].duration) / 2 <= end:
            confidence = self._left.popleft().confidence
            if confidence is not None:
                least = confidence if least is None else min(least, confidence)
        return least


def _share(confidence: float | None) -> float | None:
    return None if confidence is None or confidence != confidence else min(max(confidence, 0.0), 1.0)
