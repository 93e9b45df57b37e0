"""The settings of whole recordings: how files are sent, and who looks at a take a second time."""

from __future__ import annotations

from debabelizer.contract.settings import Choice, Kind, Needs, Setting

_GROUP = "Recordings"

RECORDING_SETTINGS = (
    Setting(
        key="files.method",
        kind=Kind.CHOICE,
        title="Files are sent",
        help="Whole files are understood better and cheaper where the provider takes them; live, text comes at once.",
        default="whole",
        choices=(
            Choice("whole", "Whole, where the provider takes files"),
            Choice("stream", "As live speech"),
        ),
        group=_GROUP,
    ),
    Setting(
        key="files.longest_h",
        kind=Kind.FLOAT,
        title="Longest recording",
        help="A file with more sound than this is refused. 0: any length.",
        default=24.0,
        minimum=0,
        maximum=10_000,
        unit="h",
        group=_GROUP,
        advanced=True,
    ),
    Setting(
        key="files.largest_mb",
        kind=Kind.INT,
        title="Largest file",
        help="A larger file is refused. 0: any size; what a provider takes is another matter, and cut to measure.",
        default=0,
        minimum=0,
        maximum=100_000_000,
        unit="MB",
        group=_GROUP,
        advanced=True,
    ),
    Setting(
        key="files.memory_mb",
        kind=Kind.INT,
        title="Memory for reading a file",
        help="Files are read by a process of their own, which gets this much. A file that needs more is refused: it is "
        "damaged or made to do harm, or a film of many hours.",
        default=256,
        minimum=64,
        maximum=65_536,
        unit="MB",
        group=_GROUP,
        advanced=True,
    ),
    Setting(
        key="second_look.by",
        kind=Kind.CHOICE,
        title="Second look",
        help="After a take the whole recording is understood once more, and what was wrong in the transcript is "
        "corrected. Text that is already in another program is left alone; you are asked.",
        default="off",
        choices=(
            Choice("off", "Off"),
            Choice("same", "By the same provider, as a file", "Costs as much as a file of that length."),
            Choice("other", "By another provider", "The recording goes to that one, too."),
        ),
        group=_GROUP,
    ),
    Setting(
        key="second_look.provider",
        kind=Kind.PROVIDER,
        title="Who looks again",
        help="The other provider. A large Whisper model on this computer is a good one. None: nobody does.",
        default="",
        choices=(Choice("", "Nobody"),),
        group=_GROUP,
        needs=(Needs("second_look.by", ("other",), "The second look is not another provider's."),),
    ),
    Setting(
        key="second_look.model",
        kind=Kind.TEXT,
        title="Model of the second look",
        help="One of that provider's models for files, by name (large-v3). Empty: as in its settings.",
        default="",
        group=_GROUP,
        needs=(Needs("second_look.by", ("same", "other"), "The second look is off."),),
        advanced=True,
    ),
)
