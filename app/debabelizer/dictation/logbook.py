"""What happened, in the log: connections, errors with their cause, takes with their times. Never what was said."""

from __future__ import annotations

import logging

from debabelizer.errors import ProviderError
from debabelizer.events import (
    Closed,
    ErrorOccurred,
    Event,
    Notice,
    ProviderChanged,
    SessionStarted,
    SilenceHint,
    StateChanged,
    TakeCancelled,
    TakeCorrected,
    TakeFailed,
    TakeFinished,
    TakesRecovered,
    TakeStamps,
)

_log = logging.getLogger(__name__)


def write(event: Event) -> None:
    """A listener for :meth:`Dictation.subscribe`."""
    match event:
        case StateChanged():
            waits = "" if event.retry_in is None else f", again in {event.retry_in:.1f} s"
            _log.info("%s: %s%s", event.provider, event.state, waits)
        case SessionStarted():
            _log.info("%s: connection %d is ready", event.provider, event.epoch)
        case ProviderChanged(error=None):
            _log.info("%s listens again, after %s", event.provider, event.before)
        case ProviderChanged(error=ProviderError() as error):
            _log.warning("%s listens instead of %s: %s", event.provider, event.before, _told(error))
        case Notice(code="translation"):
            return  # what was said, in another language
        case Notice():
            _log.info("%s: %s", event.provider, event.text)
        case ErrorOccurred():
            _log.log(logging.ERROR if event.fatal else logging.WARNING, "%s", _told(event.error))
        case Closed(error=ProviderError() as error):
            _log.warning("%s: closed: %s", event.provider, _told(error))
        case SilenceHint():
            what = "digital silence" if event.muted else "silence"
            _log.info("nothing but %s for %.0f s", what, event.seconds)
        case _:
            _write_take(event)


def _write_take(event: Event) -> None:
    match event:
        case TakeFinished():
            _log.info(
                "take %s: %s, %d characters by %s%s",
                event.take,
                event.result,
                len(event.text),
                event.provider,
                _times(event.stamps),
            )
        case TakeCorrected():
            _log.info("take %s: corrected by %s, %d characters", event.take, event.provider, len(event.text))
        case TakeFailed():
            kept = "the recording is kept" if event.kept else "there was nothing to keep"
            _log.error("take %s: failed, %s: %s", event.take, kept, _told(event.error))
        case TakeCancelled():
            _log.info("take %s: cancelled", event.take)
        case TakesRecovered():
            _log.warning("%d takes of an earlier run were found: %s", len(event.takes), ", ".join(event.takes))


def _told(error: ProviderError) -> str:
    """Message, category, the vendor's code and words, and the way out."""
    parts = [error.category.value, error.provider, error.code or "", error.remedy.value if error.remedy else ""]
    words = error.vendor_message
    vendor = f" ({words})" if words and words not in error.message else ""
    return f"{error.message}{vendor} [{', '.join(part for part in parts if part)}]"


def _times(stamps: TakeStamps) -> str:
    """Where the time went, in milliseconds."""
    since = [
        ("key to first buffer", stamps.key_down, stamps.first_buffer),
        ("release to final", stamps.key_up, stamps.final),
        ("release to inserted", stamps.key_up, stamps.inserted),
    ]
    known = [f"{name} {1000 * (end - start):.0f} ms" for name, start, end in since if start and end]
    return "; " + ", ".join(known) if known else ""
