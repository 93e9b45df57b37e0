"""What ElevenLabs offers for whole recordings, as data. Source: its Python SDK 2.78.0 (``speech_to_text.convert``)."""

from __future__ import annotations

from debabelizer.contract import Choice, Kind, Needs, Setting, Unless, WordList

FILE_MODELS = ("scribe_v2", "scribe_v2_medical", "scribe_v3")
MOST_SPEAKERS = 32
MOST_CHANNELS = 5
LARGEST = 3_000_000_000
"""Bytes; about 3 GB."""
LONGEST_S = 36_000.0
FILE_WORD_LIST = WordList(terms=1000, characters=50, words=5)
FORBIDDEN_IN_KEYTERMS = frozenset("<>{}[]\\")

_APART = Needs("file_diarize", ("True",), "It needs speakers told apart.")

FILE_SETTINGS = (
    Setting(
        key="file_model",
        kind=Kind.CHOICE,
        title="Model for files",
        help="Scribe v2 is the one for recordings.",
        default="scribe_v2",
        choices=(
            Choice("scribe_v2", "Scribe v2"),
            Choice("scribe_v2_medical", "Scribe v2 Medical"),
            Choice("scribe_v3", "Scribe v3", "Newest family; not open to every account."),
        ),
        group="Files",
    ),
    Setting(
        key="file_other_model",
        kind=Kind.TEXT,
        title="Other model for files",
        help="Name of a model that is not in the list.",
        default="",
        group="Files",
        advanced=True,
    ),
    Setting(
        key="file_diarize",
        kind=Kind.BOOL,
        title="Tell speakers apart",
        help="Who said what, in recordings of several people.",
        default=False,
        group="Files",
    ),
    Setting(
        key="file_speakers",
        kind=Kind.INT,
        title="Number of speakers",
        help="At most so many. 0: the provider finds out.",
        default=0,
        minimum=0,
        maximum=MOST_SPEAKERS,
        group="Files",
        needs=(_APART,),
    ),
    Setting(
        key="file_speaker_roles",
        kind=Kind.BOOL,
        title="Name speakers by their role",
        help="Agent and customer, in calls. Costs 10 % more.",
        default=False,
        group="Files",
        needs=(_APART,),
        advanced=True,
    ),
    Setting(
        key="file_speaker_library",
        kind=Kind.BOOL,
        title="Recognise known speakers",
        help="Looks for the voices saved in your ElevenLabs account.",
        default=False,
        group="Files",
        needs=(_APART,),
        advanced=True,
    ),
    Setting(
        key="file_channels",
        kind=Kind.BOOL,
        title="Every channel by itself",
        help=f"For recordings with one person on each channel, up to {MOST_CHANNELS}. Each costs its full length.",
        default=False,
        group="Files",
    ),
    Setting(
        key="file_audio_events",
        kind=Kind.BOOL,
        title="Name other sounds",
        help="Writes (laughter), (music) and the like into the text.",
        default=False,
        group="Files",
    ),
    Setting(
        key="file_numbers",
        kind=Kind.CHOICE,
        title="Numbers",
        help="How numbers are written. Scribe v3 only.",
        default="",
        choices=(Choice("", "As the vendor sets it"), Choice("digits", "Digits"), Choice("words", "Words")),
        group="Files",
        needs=(
            Needs(
                "file_model",
                ("scribe_v3",),
                "Only Scribe v3 lets you choose how numbers are written.",
                unless=(Unless("file_other_model"),),
            ),
        ),
        advanced=True,
    ),
)
