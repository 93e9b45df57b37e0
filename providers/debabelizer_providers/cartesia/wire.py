"""What Cartesia sends, as typed frames. New types may appear at any time: unknown ones are skipped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from debabelizer.contract import WireMessage
from debabelizer.errors import ProviderError
from debabelizer_providers.cartesia.trouble import garbage, said, status_error


class WireWords(msgspec.Struct):
    """A word with its times in seconds, or several in arrays of equal length: both shapes are documented."""

    word: str | None = None
    words: list[str] | None = None
    start: float | list[float] | None = None
    end: float | list[float] | None = None


class Transcript(msgspec.Struct, tag="transcript"):
    """Text since the last final one, verbatim: it may begin or end in the middle of a word. ``duration``: seconds of
    audio it was made of."""

    text: str = ""
    is_final: bool = False
    duration: float | None = None
    language: str | None = None
    words: list[WireWords] | None = None


class FlushDone(msgspec.Struct, tag="flush_done"):
    pass


class Done(msgspec.Struct, tag="done"):
    pass


class Connected(msgspec.Struct, tag="connected"):
    request_id: str | None = None


class TurnStart(msgspec.Struct, tag="turn.start"):
    pass


class TurnUpdate(msgspec.Struct, tag="turn.update"):
    """``transcript``: the whole turn so far."""

    transcript: str = ""


class TurnEagerEnd(msgspec.Struct, tag="turn.eager_end"):
    transcript: str = ""


class TurnResume(msgspec.Struct, tag="turn.resume"):
    pass


class TurnEnd(msgspec.Struct, tag="turn.end"):
    transcript: str = ""


class Error(msgspec.Struct, tag="error"):
    """``status_code`` is ``code`` in older editions."""

    message: str | None = None
    title: str | None = None
    status_code: int | None = None
    code: int | str | None = None
    error_code: str | None = None

    @property
    def error(self) -> ProviderError:
        code = self.code if isinstance(self.code, int) else None
        status = self.status_code or code or 500
        named = self.error_code or (self.code if isinstance(self.code, str) else "")
        return status_error(status, named, said(self.title, self.message))


class Unknown(msgspec.Struct):
    """A frame of a type not listed above."""

    type: str


Known = Transcript | FlushDone | Done | Connected | TurnStart | TurnUpdate | TurnEagerEnd | TurnResume | TurnEnd | Error

_known: msgspec.json.Decoder[Known] = msgspec.json.Decoder(Known)
_unknown = msgspec.json.Decoder(Unknown)
_KNOWN_TYPES = frozenset(str(frame.__struct_config__.tag) for frame in Known.__args__)


def decode(message: WireMessage) -> Known | Unknown | ProviderError:
    """The frame, or the error that the message is for not being one."""
    try:
        return _known.decode(message)
    except (ValueError, RecursionError) as problem:
        trouble = problem
    try:
        frame = _unknown.decode(message)
    except (ValueError, RecursionError):
        return garbage(str(trouble)[:200] or "not JSON")
    return garbage(f"{frame.type}: {trouble}"[:200]) if frame.type in _KNOWN_TYPES else frame


def timed(words: Sequence[WireWords] | None) -> Iterator[tuple[str, float, float]]:
    """Word, start and end, as far as all three are there."""
    for one in words or ():
        if one.word is not None and isinstance(one.start, float | int) and isinstance(one.end, float | int):
            yield one.word, one.start, one.end
        elif one.words is not None and isinstance(one.start, list) and isinstance(one.end, list):
            yield from zip(one.words, one.start, one.end, strict=False)
