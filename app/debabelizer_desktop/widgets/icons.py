"""Icons of one family and one weight: Phosphor, from the font that QtAwesome carries.

Only the font file is used. QtAwesome itself loads all of its families at the first icon (6 MB of fonts and tables),
and that would fall between start and window.
"""

from __future__ import annotations

import importlib.util
from enum import StrEnum
from functools import cache
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPixmap

from debabelizer_desktop import theme

_FONT = Path("fonts", "phosphor-1.3.0.ttf")


class Symbol(StrEnum):
    """Code points of the font, by what they show."""

    MICROPHONE = "\uf218"
    MICROPHONE_OFF = "\uf219"
    HISTORY = "\uf0fc"
    SETTINGS = "\uf19c"
    MORE = "\uf145"
    WARNING = "\uf35c"
    INFO = "\uf1e0"
    CHECK = "\uf0e7"
    CLIPBOARD = "\uf0f7"
    CLOSE = "\uf36d"
    COPY = "\uf114"
    EXPORT = "\uf15a"
    TRASH = "\uf334"
    RETRY = "\uf020"
    UNDO = "\uf021"
    SEARCH = "\uf20a"
    DOWN = "\uf0c2"
    UP = "\uf0c5"
    KEY = "\uf1e4"
    KEYBOARD = "\uf1e5"
    GLOBE = "\uf1af"
    DOWNLOAD = "\uf14c"
    SHOW = "\uf15b"
    HIDE = "\uf15e"
    ADD = "\uf27f"
    QUIT = "\uf2c7"
    OUTSIDE = "\uf058"
    RECORDINGS = "\uf1c8"
    FOLDER = "\uf18c"


@cache
def _family() -> str:
    spec = importlib.util.find_spec("qtawesome")
    if spec is None or not spec.submodule_search_locations:
        return ""
    number = QFontDatabase.addApplicationFont(str(Path(spec.submodule_search_locations[0]) / _FONT))
    families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return families[0] if families else ""


def paint(painter: QPainter, rect: QRectF, symbol: Symbol, colour: QColor) -> None:
    """Draw one symbol, as large as ``rect``."""
    glyphs = QFont(_family())
    glyphs.setPixelSize(max(1, round(rect.height())))
    painter.save()
    painter.setFont(glyphs)
    painter.setPen(colour)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, symbol.value)
    painter.restore()


def icon(symbol: Symbol, *, size: int = 18, token: str | None = None) -> QIcon:
    """An icon in the theme's text colour (or ``token``); ask again after the theme changed."""
    t = theme.tokens()
    result = QIcon()
    for mode, name in ((QIcon.Mode.Normal, token or t.text), (QIcon.Mode.Disabled, t.faint)):
        result.addPixmap(_pixmap(symbol, size, QColor(name)), mode)
    return result


def _pixmap(symbol: Symbol, size: int, colour: QColor) -> QPixmap:
    ratio = max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
    picture = QPixmap(QSize(size, size) * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter, QRectF(0, 0, size, size), symbol, colour)
    painter.end()
    return picture
