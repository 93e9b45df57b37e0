"""What comes back, as typed frames. New types and fields appear at any time: unknown ones are skipped."""

from __future__ import annotations

import msgspec

from debabelizer.contract import WireMessage
from debabelizer.errors import ProviderError
from debabelizer_providers.openai.trouble import WireError, garbage


class Frame(msgspec.Struct, tag_field="type"):
    pass


class Session(msgspec.Struct):
    id: str | None = None


class SessionCreated(Frame, tag="session.created"):
    session: Session | None = None
    id: str | None = None
    """vLLM has it here."""


class SessionUpdated(Frame, tag="session.updated"):
    session: Session | None = None


class SpeechStarted(Frame, tag="input_audio_buffer.speech_started"):
    item_id: str
    audio_start_ms: float | None = None


class SpeechStopped(Frame, tag="input_audio_buffer.speech_stopped"):
    item_id: str
    audio_end_ms: float | None = None


class Committed(Frame, tag="input_audio_buffer.committed"):
    item_id: str
    previous_item_id: str | None = None


class Delta(Frame, tag="conversation.item.input_audio_transcription.delta"):
    item_id: str
    content_index: int | None = None
    delta: str | None = None


class Partial(Frame, tag="input_audio_buffer.partial_transcription"):
    """Speaches: the whole text so far."""

    item_id: str
    transcript: str = ""


class WireLanguage(msgspec.Struct):
    code: str | None = None


class Completed(Frame, tag="conversation.item.input_audio_transcription.completed"):
    item_id: str
    content_index: int | None = None
    transcript: str = ""
    languages: list[WireLanguage] | None = None


class Failed(Frame, tag="conversation.item.input_audio_transcription.failed"):
    item_id: str
    error: WireError | None = None


class VllmDelta(Frame, tag="transcription.delta"):
    delta: str | None = None


class VllmDone(Frame, tag="transcription.done"):
    text: str = ""


class ErrorFrame(Frame, tag="error"):
    error: WireError | str | None = None
    code: str | None = None
    """vLLM has it here."""


class Other(msgspec.Struct):
    type: str


Known = (
    SessionCreated
    | SessionUpdated
    | SpeechStarted
    | SpeechStopped
    | Committed
    | Delta
    | Partial
    | Completed
    | Failed
    | VllmDelta
    | VllmDone
    | ErrorFrame
)

_known: msgspec.json.Decoder[Known] = msgspec.json.Decoder(Known)
_other = msgspec.json.Decoder(Other)
_KNOWN_TYPES = frozenset(str(frame.__struct_config__.tag) for frame in Known.__args__)


def decode(message: WireMessage) -> Known | Other | ProviderError:
    """The frame, or the error that the message is for not being one."""
    try:
        return _known.decode(message)
    except (ValueError, RecursionError) as problem:
        trouble = problem
    try:
        frame = _other.decode(message)
    except (ValueError, RecursionError):
        return garbage(str(trouble)[:200] or "not JSON")
    return garbage(f"{frame.type}: {trouble}"[:200]) if frame.type in _KNOWN_TYPES else frame
