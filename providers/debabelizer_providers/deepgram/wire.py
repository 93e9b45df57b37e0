"""What Deepgram sends, as typed frames. New types may appear at any time: unknown ones are skipped."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import msgspec

from debabelizer.contract import WireMessage
from debabelizer.errors import ProviderError
from debabelizer.events import Word
from debabelizer_providers.deepgram.trouble import garbage


class WireWord(msgspec.Struct, gc=False):
    """Times are optional with Flux."""

    word: str | None = None
    punctuated_word: str | None = None
    start: float | None = None
    end: float | None = None
    confidence: float | None = None
    speaker: int | None = None
    language: str | None = None


class Alternative(msgspec.Struct):
    transcript: str = ""
    words: list[WireWord] = []
    languages: list[str] | None = None


class Said(msgspec.Struct, dict=True):
    """An alternative of live results. Of interim ones nobody asks for the words; to make them costs half of it all."""

    transcript: str = ""
    raw_words: msgspec.Raw = msgspec.field(default=msgspec.Raw(b"[]"), name="words")
    languages: list[str] | None = None

    @cached_property
    def words(self) -> list[WireWord]:
        """Raises ValueError, RecursionError."""
        return _words.decode(self.raw_words)


class Channel(msgspec.Struct):
    alternatives: list[Said] = []


class Results(msgspec.Struct, tag="Results"):
    """Text of the window from ``start`` on, seconds of this connection's audio."""

    start: float
    duration: float
    channel: Channel
    channel_index: list[int] = []
    is_final: bool = False
    speech_final: bool = False
    from_finalize: bool | None = None

    @property
    def said(self) -> Said:
        return self.channel.alternatives[0] if self.channel.alternatives else Said()

    @property
    def of_our_channel(self) -> bool:
        return not self.channel_index or self.channel_index[0] == 0


class SpeechStarted(msgspec.Struct, tag="SpeechStarted"):
    timestamp: float | None = None


class UtteranceEnd(msgspec.Struct, tag="UtteranceEnd"):
    last_word_end: float | None = None


class Metadata(msgspec.Struct, tag="Metadata"):
    request_id: str | None = None


class ConfigureSuccess(msgspec.Struct, tag="ConfigureSuccess"):
    pass


class ConfigureFailure(msgspec.Struct, tag="ConfigureFailure"):
    code: str | None = None
    description: str | None = None


class Connected(msgspec.Struct, tag="Connected"):
    request_id: str | None = None


class TurnInfo(msgspec.Struct, tag="TurnInfo"):
    """The whole turn so far."""

    event: str
    turn_index: int
    transcript: str = ""
    words: list[WireWord] = []
    audio_window_start: float = 0.0
    audio_window_end: float = 0.0
    trigger: str | None = None
    languages: list[str] | None = None


class Warned(msgspec.Struct, tag="Warning"):
    code: str | None = None
    description: str | None = None


class Error(msgspec.Struct, tag="Error"):
    variant: str | None = None
    code: str | int | None = None
    description: str | None = None
    message: str | None = None


class Unknown(msgspec.Struct):
    """A frame of a type not listed above."""

    type: str


Known = (
    Results
    | SpeechStarted
    | UtteranceEnd
    | Metadata
    | ConfigureSuccess
    | ConfigureFailure
    | Connected
    | TurnInfo
    | Warned
    | Error
)

_known: msgspec.json.Decoder[Known] = msgspec.json.Decoder(Known)
_unknown = msgspec.json.Decoder(Unknown)
_words = msgspec.json.Decoder(list[WireWord])
_KNOWN_TYPES = frozenset(str(frame.__struct_config__.tag) for frame in Known.__args__)


def decode(message: WireMessage) -> Known | Unknown | ProviderError:
    """The frame, or the error that the message is for not being one."""
    try:
        found = _known.decode(message)
        if isinstance(found, Results) and found.is_final:
            len(found.said.words)  # garbage there is found out here
        return found
    except (ValueError, RecursionError) as problem:
        trouble = problem
    try:
        frame = _unknown.decode(message)
    except (ValueError, RecursionError):
        return garbage(str(trouble)[:200] or "not JSON")
    return garbage(f"{frame.type}: {trouble}"[:200]) if frame.type in _KNOWN_TYPES else frame


def timed_words(words: Sequence[WireWord], offset: float, end: float) -> tuple[Word, ...]:
    """Words that have times, ``offset`` seconds later, none before 0 or beyond ``end``."""
    timed = []
    for word in words:
        text = word.punctuated_word or word.word
        if not text or word.start is None or word.end is None:
            continue
        start = min(max(word.start + offset, 0.0), end)
        confidence = None if word.confidence is None else min(max(word.confidence, 0.0), 1.0)
        speaker = None if word.speaker is None else str(word.speaker)
        timed.append(Word(text, start, min(max(word.end + offset, start), end), confidence, speaker))
    return tuple(timed)
