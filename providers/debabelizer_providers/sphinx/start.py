"""The first message to the worker."""

from __future__ import annotations

import msgspec

from debabelizer.contract import CommitMode


class Start(msgspec.Struct, frozen=True, tag_field="type", tag="start", kw_only=True):
    commit: CommitMode = CommitMode.MANUAL
    pause_s: float = 1.0
    rest_s: float | None = None
    """Seconds without a message after which the worker ends the connection; None: never."""
    models: str = ""
    """The folder of models, where a model that came packed is unpacked to."""
