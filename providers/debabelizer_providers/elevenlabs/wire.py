"""What ElevenLabs sends, as typed frames. New types appear between its releases: unknown ones are skipped."""

from __future__ import annotations

from math import exp

import msgspec

from debabelizer.contract import WireMessage
from debabelizer.errors import ProviderError
from debabelizer.events import Word
from debabelizer_providers.elevenlabs.trouble import garbage


class Frame(msgspec.Struct, tag_field="message_type"):
    """Any frame may turn out to be an error: then ``error`` is the vendor's text."""

    error: str | None = None


class SessionStarted(Frame, tag="session_started"):
    session_id: str | None = None


class PartialTranscript(Frame, tag="partial_transcript"):
    text: str = ""


class WireWord(msgspec.Struct):
    text: str | None = None
    start: float | None = None
    end: float | None = None
    type: str | None = None
    speaker_id: str | None = None
    logprob: float | None = None


class CommittedTranscript(Frame, tag="committed_transcript"):
    text: str = ""


class TimedTranscript(Frame, tag="committed_transcript_with_timestamps"):
    text: str = ""
    language_code: str | None = None
    words: list[WireWord] | None = None


class FinalTranscript(Frame, tag="final_transcript"):
    text: str = ""


class TimedFinalTranscript(Frame, tag="final_transcript_with_timestamps"):
    text: str = ""


class Entity(msgspec.Struct):
    entity_type: str = "entity"


class Entities(Frame, tag="committed_transcript_entities"):
    text: str = ""
    entities: list[Entity] = []


class RedactedTranscript(Frame, tag="redacted_transcript"):
    text: str = ""
    redacted_text: str | None = None


class EditedTranscript(Frame, tag="edited_transcript"):
    text: str = ""
    edited_text: str | None = None


class DiarizedTranscript(Frame, tag="diarized_transcript"):
    text: str = ""
    words: list[WireWord] = []


class SpeakersMerged(Frame, tag="speakers_merged"):
    from_speaker_id: str = ""
    to_speaker_id: str = ""


class Warned(Frame, tag="warning"):
    warning: str = ""


class ErrorFrame(msgspec.Struct):
    """Any frame of a type not listed above; an error where ``error`` is a text."""

    message_type: str
    error: str | None = None


Known = (
    SessionStarted
    | PartialTranscript
    | CommittedTranscript
    | TimedTranscript
    | FinalTranscript
    | TimedFinalTranscript
    | Entities
    | RedactedTranscript
    | EditedTranscript
    | DiarizedTranscript
    | SpeakersMerged
    | Warned
)

_known: msgspec.json.Decoder[Known] = msgspec.json.Decoder(Known)
_other = msgspec.json.Decoder(ErrorFrame)
_KNOWN_TYPES = frozenset(str(frame.__struct_config__.tag) for frame in Known.__args__)


def decode(message: WireMessage) -> Known | ErrorFrame | ProviderError:
    """The frame, or the error that the message is for not being one."""
    try:
        return _known.decode(message)
    except (ValueError, RecursionError) as problem:
        trouble = problem
    try:
        frame = _other.decode(message)
    except (ValueError, RecursionError):
        return garbage(str(trouble)[:200] or "not JSON")
    if frame.error is None and frame.message_type in _KNOWN_TYPES:
        return garbage(f"{frame.message_type}: {trouble}"[:200])
    return frame


def timed_words(words: list[WireWord] | None, offset: float, end: float) -> tuple[Word, ...]:
    """Spoken words with their times, ``offset`` seconds later, none beyond ``end``."""
    timed = []
    for word in words or ():
        if word.type not in (None, "word") or not word.text or word.start is None or word.end is None:
            continue
        start = min(max(word.start + offset, 0.0), end)
        confidence = None if word.logprob is None else exp(min(max(word.logprob, -50.0), 0.0))
        timed.append(Word(word.text, start, min(max(word.end + offset, start), end), confidence, word.speaker_id))
    return tuple(timed)
