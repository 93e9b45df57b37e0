"""What Azure offers for whole recordings, as data.

Sources: the vendor's pages on fast transcription, short audio and quotas, and its Python package
azure-ai-transcription 1.0.0, read in November 2026.
"""

from __future__ import annotations

from debabelizer.contract import Choice, Kind, Needs, Setting

MOST_SPEAKERS = 35
MOST_CHANNELS = 2
LARGEST = 200_000_000
"""Bytes. Newer pages say 250 or 300 MB; this much all agree on."""
LONGEST_S = 7_200.0
LONGEST_SHORT_S = 59.0
"""Of a short recording; a minute is too long."""

TRANSLATES_INTO = ("en", "zh", "de", "fr", "it", "ja", "es", "pt", "ko")
"""What the language model behind fast transcription writes."""

_NOT_SHORT = Needs("file_service", ("fast", "enhanced"), "The service for short recordings cannot do that.")
_APART = Needs("file_diarize", ("True",), "It needs speakers told apart.")

FILE_SETTINGS = (
    Setting(
        key="file_service",
        kind=Kind.CHOICE,
        title="Service for recordings",
        help="Free resources can use the one for short recordings only.",
        default="fast",
        choices=(
            Choice("fast", "Fast transcription"),
            Choice("enhanced", "Fast transcription with a language model", "In fewer languages and regions."),
            Choice("short", "Short recordings", "One after the other where a recording is longer."),
        ),
        group="Files",
    ),
    Setting(
        key="file_diarize",
        kind=Kind.BOOL,
        title="Tell speakers apart",
        help="Who said what, in recordings of several people.",
        default=False,
        group="Files",
        needs=(_NOT_SHORT,),
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
        needs=(_NOT_SHORT, _APART),
    ),
    Setting(
        key="file_channels",
        kind=Kind.BOOL,
        title="Every channel by itself",
        help=f"For recordings with one person on each channel, up to {MOST_CHANNELS}. Each costs its full length.",
        default=False,
        group="Files",
        needs=(_NOT_SHORT,),
    ),
)
