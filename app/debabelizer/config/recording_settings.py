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
