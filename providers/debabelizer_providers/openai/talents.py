"""What each of OpenAI's models takes when it listens live, as data. Sources as in :mod:`description`."""

from __future__ import annotations

import msgspec


class Talents(msgspec.Struct, frozen=True, kw_only=True):
    """What a model takes. Names and abilities change often: unknown models get the defaults."""

    vad: bool = False
    """Finds pauses itself; otherwise ``turn_detection`` has to be null, and only our commits end an item."""
    hints: bool = False
    """Takes several languages and keywords; a single language as a list, too."""
    prompt: str = ""
    """``text``: free text; ``words``: a list of words; empty: none."""
    delay: bool = False


_OLD = Talents(vad=True, prompt="text")
TALENTS = {
    "gpt-live-transcribe": Talents(hints=True, prompt="text"),
    "gpt-realtime-whisper": Talents(delay=True),
    "gpt-transcribe": Talents(hints=True, prompt="text"),
    "gpt-4o-transcribe": _OLD,
    "gpt-4o-mini-transcribe": _OLD,
    "gpt-4o-mini-transcribe-2025-12-15": _OLD,
    "whisper-1": Talents(vad=True, prompt="words"),
}
OTHER_MODEL = Talents(vad=True, prompt="text")
"""Of a model not listed, on a server of another kind."""
