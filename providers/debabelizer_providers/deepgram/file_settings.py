"""What Deepgram offers for whole recordings, as data. Sources: its Python SDK 7.17.0 (``listen.v1.media``) and its
documentation of recordings, read in November 2026."""

from __future__ import annotations

from debabelizer.contract import Choice, Kind, Setting

LARGEST = 2 * 1000**3
"""Bytes."""
MOST_CHANNELS = 8

FILE_SETTINGS = (
    Setting(
        key="file_model",
        kind=Kind.CHOICE,
        title="Model for files",
        help="Flux takes no recordings.",
        default="nova-3",
        choices=(
            Choice("nova-3", "Nova-3"),
            Choice("nova-3-medical", "Nova-3 Medical", "English medical language."),
            Choice("nova-2", "Nova-2"),
        ),
        group="Files",
    ),
    Setting(
        key="file_other_model",
        kind=Kind.TEXT,
        title="Other model for files",
        help="Name of a model that is not in the list, such as one trained for you.",
        default="",
        group="Files",
        advanced=True,
    ),
    Setting(
        key="file_language",
        kind=Kind.CHOICE,
        title="Where no language is chosen, or several",
        help="Finding out takes one language for all of a recording; mixed ones are heard by Nova-3 only, ten of them.",
        default="detect",
        choices=(Choice("detect", "Find out which it is"), Choice("multi", "Expect them mixed")),
        group="Files",
    ),
    Setting(
        key="file_diarize",
        kind=Kind.CHOICE,
        title="Tell speakers apart",
        help="Who said what, in recordings of several people.",
        default="off",
        choices=(
            Choice("off", "No"),
            Choice("latest", "Yes"),
            Choice("v2", "Yes, second version"),
            Choice("v1", "Yes, first version"),
        ),
        group="Files",
    ),
    Setting(
        key="file_channels",
        kind=Kind.BOOL,
        title="Every channel by itself",
        help="For recordings with one person on each channel. Each costs its full length.",
        default=False,
        group="Files",
    ),
    Setting(
        key="file_pause_s",
        kind=Kind.FLOAT,
        title="Pause between segments",
        help="Silence between words that begins a new segment.",
        default=0.8,
        minimum=0.1,
        maximum=10.0,
        unit="s",
        group="Files",
        advanced=True,
    ),
    Setting(
        key="file_measurements",
        kind=Kind.BOOL,
        title="Abbreviate measures",
        help="Writes “five kilometres” as 5 km.",
        default=False,
        group="Files",
        advanced=True,
    ),
)
