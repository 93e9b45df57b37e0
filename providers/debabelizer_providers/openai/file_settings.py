"""What OpenAI offers for whole recordings, as data.

Sources: the vendor's OpenAPI description of 21 August 2026, its Python SDK 3.52.0 and its guide on speech to text. The
longest recording of the GPT-4o models is that of the vendor's own error message.
"""

from __future__ import annotations

import msgspec

from debabelizer.contract import Choice, Container, Kind, Needs, Setting

CONTAINERS = frozenset(
    {Container.FLAC, Container.MP3, Container.MP4, Container.M4A, Container.OGG, Container.WAV, Container.WEBM}
)
LARGEST = 25_000_000
"""Bytes."""


class FileModel(msgspec.Struct, frozen=True, kw_only=True):
    """``form``: the fullest answer it gives. ``hints``: takes several languages and keywords. ``prompt``: ``text``,
    ``words`` or none. ``streams``: can send its text while it recognises. ``chunks``: wants to be told how to cut what
    is longer than half a minute."""

    form: str = "json"
    hints: bool = False
    prompt: str = ""
    streams: bool = True
    chunks: bool = False
    seconds: float | None = None


_GPT_4O = FileModel(prompt="text", seconds=1400.0)
FILE_MODELS = {
    "gpt-transcribe": FileModel(hints=True, prompt="text"),
    "gpt-4o-transcribe": _GPT_4O,
    "gpt-4o-mini-transcribe": _GPT_4O,
    "gpt-4o-mini-transcribe-2025-12-15": _GPT_4O,
    "gpt-4o-transcribe-diarize": FileModel(form="diarized_json", chunks=True, seconds=1400.0),
    "whisper-1": FileModel(form="verbose_json", prompt="words", streams=False),
}
TRANSLATOR = "whisper-1"
"""The only one that translates, into English. Ends on 26 February 2027."""
OTHER_FILE_MODEL = FileModel(form="verbose_json", prompt="text", streams=False)
"""Of a model not listed, on a server of another kind."""

_ENDS = "Ends on 26 February 2027."

FILE_SETTINGS = (
    Setting(
        key="file_model",
        kind=Kind.CHOICE,
        title="Model for files",
        help="Only the older ones know speakers (Diarize) or the time of each word (Whisper).",
        default="gpt-transcribe",
        choices=(
            Choice("gpt-transcribe", "GPT Transcribe", "Cheapest; takes a word list and several languages."),
            Choice("gpt-4o-transcribe", "GPT-4o Transcribe", _ENDS),
            Choice("gpt-4o-mini-transcribe", "GPT-4o mini Transcribe", _ENDS),
            Choice("gpt-4o-mini-transcribe-2025-12-15", "GPT-4o mini Transcribe (December 2025)", _ENDS),
            Choice("gpt-4o-transcribe-diarize", "GPT-4o Transcribe Diarize", f"Tells speakers apart. {_ENDS}"),
            Choice("whisper-1", "Whisper", f"The time of each word. {_ENDS}"),
        ),
        group="Files",
    ),
    Setting(
        key="file_other_model",
        kind=Kind.TEXT,
        title="Other model for files",
        help="Name of a model that is not in the list, as on a server of your own.",
        default="",
        group="Files",
    ),
    Setting(
        key="file_stream",
        kind=Kind.BOOL,
        title="Show text while a file is recognised",
        help="At OpenAI itself. A server of your own sends its text at the end.",
        default=True,
        group="Files",
        advanced=True,
    ),
    Setting(
        key="file_form",
        kind=Kind.CHOICE,
        title="Answer of another server",
        help="Full answers have times; a server that does not know them is asked for the text alone.",
        default="verbose_json",
        choices=(Choice("verbose_json", "Full"), Choice("json", "Text alone")),
        group="Files",
        advanced=True,
        needs=(Needs("dialect", ("gateway", "azure", "speaches", "vllm"), "OpenAI's own models set it themselves."),),
    ),
)

# How Whisper's full answers name a language.
_NAMES = """
afrikaans:af arabic:ar azerbaijani:az belarusian:be bulgarian:bg bosnian:bs catalan:ca czech:cs welsh:cy danish:da
german:de greek:el english:en spanish:es estonian:et persian:fa finnish:fi french:fr galician:gl hebrew:he hindi:hi
croatian:hr hungarian:hu armenian:hy indonesian:id icelandic:is italian:it japanese:ja kazakh:kk kannada:kn korean:ko
lithuanian:lt latvian:lv maori:mi macedonian:mk marathi:mr malay:ms nepali:ne dutch:nl norwegian:no polish:pl
portuguese:pt romanian:ro russian:ru slovak:sk slovenian:sl serbian:sr swedish:sv swahili:sw tamil:ta thai:th tagalog:tl
turkish:tr ukrainian:uk urdu:ur vietnamese:vi chinese:zh
"""
LANGUAGE_NAMES = {name: tag for name, _, tag in (pair.partition(":") for pair in _NAMES.split())}
