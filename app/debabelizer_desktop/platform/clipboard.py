"""Qt's clipboard, for systems other than X11: a text that notices being read, and everything that was there before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QByteArray, QMetaType, QMimeData
from PySide6.QtGui import QClipboard, QGuiApplication

TEXT_FORMATS = ("text/plain", "text/plain;charset=utf-8")
MOST_BYTES = 64 << 20
"""Formats larger than this are not kept."""


class WatchedText(QMimeData):
    """Offers one text and calls ``read()`` whenever somebody takes it."""

    def __init__(self, text: str, read: Callable[[], None]) -> None:
        super().__init__()
        self._text, self._read = text, read

    def formats(self) -> list[str]:
        return list(TEXT_FORMATS)

    def hasFormat(self, mimetype: str) -> bool:
        return mimetype in TEXT_FORMATS

    def retrieveData(self, mimetype: str, kind: QMetaType | QMetaType.Type) -> Any:
        if mimetype not in TEXT_FORMATS:
            return None
        self._read()
        return QByteArray(self._text.encode())  # a str or bytes would arrive empty


def snapshot(clipboard: QClipboard) -> QMimeData:
    """A copy of every format the clipboard holds now."""
    kept = QMimeData()
    offered = clipboard.mimeData()
    for name in offered.formats():
        data = offered.data(name)
        if data.size() <= MOST_BYTES:
            kept.setData(name, data)
    if offered.hasImage() and not any(name.startswith("image/") for name in kept.formats()):
        kept.setImageData(offered.imageData())
    return kept


def clipboard() -> QClipboard:
    return QGuiApplication.clipboard()
