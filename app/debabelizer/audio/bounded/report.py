"""Which bounds hold on this system: asked of a process that is under them."""

from __future__ import annotations

import msgspec

from debabelizer.audio.bounded.decoding import Job
from debabelizer.audio.bounded.limits import Limits
from debabelizer.audio.bounded.process import Gone, readers
from debabelizer.errors import InternalError
from debabelizer.workers.frames import FrameError


class Report(msgspec.Struct, frozen=True):
    """By name: what holds a bound, and why one is missing."""

    held: dict[str, str]
    missing: dict[str, str]


def report(limits: Limits) -> Report:
    """Raises InternalError where there is no reading process, or it does not answer."""
    reader = readers.take(limits.memory)
    try:
        reader.begin(Job(do="report").wire(limits))
        told = msgspec.json.decode(reader.hear()[1], type=Report)
        reader.end()
    except (Gone, FrameError, msgspec.MsgspecError) as error:
        reader.close()
        raise InternalError(f"The process that reads files does not answer: {error}") from error
    readers.give_back(reader)
    return told
