"""What Soniox sends: one kind of frame, a list of tokens with marks among them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from debabelizer.contract import WireMessage
from debabelizer.errors import ProviderError
from debabelizer_providers.soniox.trouble import garbage, vendor_error

END = "<end>"
"""The speaker has paused; all before it is final."""
FIN = "<fin>"
"""The answer to ``finalize``; all before it is final."""
_MARKS = re.compile(f"({END}|{FIN})")


class Token(msgspec.Struct):
    """A piece of a word, with the spaces that belong to it. Times are milliseconds of this connection's audio."""

    text: str = ""
    start_ms: float | None = None
    end_ms: float | None = None
    confidence: float | None = None
    is_final: bool | None = None
    speaker: str | int | None = None
    language: str | None = None
    translation_status: str | None = None

    @property
    def translated(self) -> bool:
        return self.translation_status == "translation"


class Frame(msgspec.Struct):
    tokens: list[Token] | None = None
    final_audio_proc_ms: float | None = None
    """Audio that is in final tokens, silence included."""
    total_audio_proc_ms: float | None = None
    finished: bool | None = None
    error_code: int | None = None
    error_type: str | None = None
    error_message: str | None = None

    @property
    def error(self) -> ProviderError | None:
        if self.error_code is None and not self.error_type and not self.error_message:
            return None
        return vendor_error(self.error_code, self.error_type or "", self.error_message or "")


_frame = msgspec.json.Decoder(Frame)


def decode(message: WireMessage) -> Frame | ProviderError:
    """The frame, or the error that the message is for not being one. Unknown fields are skipped."""
    try:
        return _frame.decode(message)
    except (ValueError, RecursionError) as problem:
        return garbage(str(problem)[:200] or "not JSON")


def pieces(tokens: list[Token]) -> Iterator[Token | str]:
    """The tokens, with marks as plain text in their places; some come inside a token's text."""
    for token in tokens:
        if "<" not in token.text:
            yield token
            continue
        for part in _MARKS.split(token.text):
            if part in (END, FIN):
                yield part
            elif part:
                yield msgspec.structs.replace(token, text=part)
