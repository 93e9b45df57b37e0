"""Settings on who finds the pauses of live speech, and how."""

from __future__ import annotations

from debabelizer.contract import Choice, Kind, Needs, Setting, Unless
from debabelizer_providers.openai.talents import TALENTS

_FIND_PAUSES = tuple(name for name, talents in TALENTS.items() if talents.vad)
_BY_SILENCE = Needs("turn_detection", ("server_vad",), "The server does not find the pauses by silence.")
_BY_MEANING = Needs("turn_detection", ("semantic_vad",), "The server does not find the pauses by meaning.")

PAUSE_SETTINGS = (
    Setting(
        key="turn_detection",
        kind=Kind.CHOICE,
        title="Automatic commits",
        help="Who finds the pauses when segments end at pauses. Only the models of the GPT-4o family, Whisper and "
        "other servers' can; for the rest it is always this program.",
        default="off",
        choices=(
            Choice("off", "This program"),
            Choice("server_vad", "The server, by silence"),
            Choice("semantic_vad", "The server, by meaning"),
        ),
        needs=(
            Needs("dictation.commit", ("pause",), "It matters only where segments end at pauses."),
            Needs("model", _FIND_PAUSES, "With this model it is always this program.", (Unless("other_model"),)),
        ),
        group="Pauses",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="vad_threshold",
        kind=Kind.FLOAT,
        title="Voice threshold",
        help="How sure the server's voice detector must be.",
        default=0.5,
        minimum=0.0,
        maximum=1.0,
        needs=(_BY_SILENCE,),
        group="Pauses",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="prefix_padding_ms",
        kind=Kind.INT,
        title="Audio before a voice",
        help="What is kept from before the server heard a voice.",
        default=300,
        minimum=0,
        maximum=5000,
        unit="ms",
        needs=(_BY_SILENCE,),
        group="Pauses",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="eagerness",
        kind=Kind.CHOICE,
        title="Eagerness",
        help="How soon detection by meaning ends a segment: it waits 8, 4 or 2 s at most.",
        default="auto",
        choices=(Choice("auto", "Automatic"), Choice("low", "Low"), Choice("medium", "Medium"), Choice("high", "High")),
        needs=(_BY_MEANING,),
        group="Pauses",
        advanced=True,
        reconnects=True,
    ),
)
