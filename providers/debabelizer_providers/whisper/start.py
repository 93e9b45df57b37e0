"""The first message to the worker: what to load and how to listen, fully resolved."""

from __future__ import annotations

import msgspec

from debabelizer.contract import CommitMode
from debabelizer_providers.whisper.window import LONGEST_S


class Start(msgspec.Struct, frozen=True, tag_field="type", tag="start", kw_only=True):
    model: str
    """Its name, for messages."""
    folder: str
    """Where its files lie."""
    device: str = "auto"
    compute: str = "auto"
    threads: int = 0
    """0: the engine decides."""
    beam: int = 5
    languages: tuple[str, ...] = ()
    """Whisper's codes; empty: any."""
    vocabulary: tuple[str, ...] = ()
    prompt: str = ""
    previous_text: str = ""
    commit: CommitMode = CommitMode.MANUAL
    pause_s: float = 1.0
    second_pass: bool = True
    second_pass_s: float = 120.0
    """How far back, in seconds, the second pass goes."""
    recording: bool = False
    """A whole recording follows: nobody waits for each word, so many windows are decoded at a time."""
    batch: int = 8
    """How many."""
    translate: bool = False
    """The recording is wanted in English, too."""
    rest_s: float | None = None
    """Seconds without a message after which the worker ends the connection; None: never."""
    notebook: str = ""
    """A small file in which the worker remembers that the graphics card failed; empty: nowhere."""

    @property
    def held_s(self) -> float:
        """Seconds of a recording after which windows that wait are decoded, though with silence between them they be no
        batch."""
        return LONGEST_S * (self.batch + 2)

    @property
    def engine(self) -> tuple[str, str, str, int, str]:
        """Connections that agree on this share a loaded model."""
        return (self.folder, self.device, self.compute, self.threads, self.notebook)
