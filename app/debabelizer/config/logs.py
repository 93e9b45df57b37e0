"""The log: one file in the state folder, rotated, without secrets; opened before anything else can fail."""

from __future__ import annotations

import logging
import logging.handlers
import sys
from pathlib import Path

from debabelizer.config import folders
from debabelizer.config.redaction import redact

FILE = "debabelizer.log"
_BYTES = 2_000_000
_KEPT = 4
_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
_CHATTY = ("httpx", "httpcore", "websockets", "asyncio", "hpack", "faster_whisper", "keyring", "markdown_it")


class RedactingFormatter(logging.Formatter):
    """Masks secrets in the finished line, so that arguments and tracebacks are covered as well."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


class _File(logging.handlers.RotatingFileHandler):
    """A full disk, or another program holding the file while it is rotated, costs lines of the log and no more."""

    def handleError(self, record: logging.LogRecord) -> None:
        return


def log_path() -> Path:
    return folders.logs_dir() / FILE


def set_up(level: str = "info", *, console: bool = False) -> Path | None:
    """Sends the log to the file, and to standard error too where ``console``. May be called again to change that.

    Returns the file's path, or None where the folder can't be written; then only the console gets anything.
    """
    root = logging.getLogger()
    tear_down()
    formatter = RedactingFormatter(_FORMAT)
    path: Path | None = log_path()
    handlers: list[logging.Handler] = []
    try:
        assert path is not None
        path.parent.mkdir(parents=True, exist_ok=True)
        handlers.append(_File(path, maxBytes=_BYTES, backupCount=_KEPT, encoding="utf-8"))
    except OSError:
        path = None
    if console:
        handlers.append(logging.StreamHandler(sys.stderr))
    if not handlers:  # where there is none, Python prints what is serious, in the log's words
        handlers.append(logging.NullHandler())
    for handler in handlers:
        handler.setFormatter(formatter)
        handler.set_name(_OURS)
        root.addHandler(handler)
    root.setLevel(level.upper())
    for name in _CHATTY:  # their chatter is not ours to keep, and the lowest level shows headers
        logging.getLogger(name).setLevel(logging.WARNING)
    return path


def tear_down() -> None:
    """Closes what :func:`set_up` opened."""
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if handler.get_name() == _OURS:
            root.removeHandler(handler)
            handler.close()


_OURS = "debabelizer"
