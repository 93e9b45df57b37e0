"""Small pieces that many pages use, all named for screen readers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QWidget

from debabelizer_desktop import theme
from debabelizer_desktop.widgets.icons import Symbol, icon


class Retranslated(QWidget):
    """A widget whose texts are set in :meth:`retranslate`, now and whenever the language changes."""

    def retranslate(self) -> None:
        raise NotImplementedError

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


class Button(QPushButton):
    """A push button whose icon follows the theme."""

    def __init__(self, symbol: Symbol | None = None, *, primary: bool = False, quiet: bool = False) -> None:
        super().__init__()
        self._symbol, self._primary = symbol, primary
        self.setProperty("primary", primary)
        self.setProperty("quiet", quiet)
        self.setAutoDefault(False)
        if symbol is not None:
            self.setIconSize(QSize(18, 18))
            self._dress()
            theme.theme().changed.connect(self._dress)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses it as Space does; Qt has that in dialogs only."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def _dress(self) -> None:
        t = theme.tokens()
        if self._symbol is not None:
            self.setIcon(icon(self._symbol, token=t.on_accent if self._primary else t.text))


def button(
    on_click: Callable[[], object],
    *,
    symbol: Symbol | None = None,
    primary: bool = False,
    quiet: bool = False,
    name: str = "",
) -> Button:
    """A push button without text yet."""
    made = Button(symbol, primary=primary, quiet=quiet)
    made.setObjectName(name)
    made.clicked.connect(lambda: on_click())  # noqa: PLW0108 - without clicked's argument
    return made


def card() -> QFrame:
    frame = QFrame()
    frame.setObjectName("Card")
    return frame


def line() -> QFrame:
    frame = QFrame()
    frame.setObjectName("Line")
    return frame


def label(object_name: str = "", *, wrap: bool = False) -> QLabel:
    made = QLabel()
    made.setObjectName(object_name)
    made.setWordWrap(wrap)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


class KeyCap(QWidget):
    """A key, drawn as it lies on a keyboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.theme().changed.connect(self.update)

    def set_text(self, text: str) -> None:
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def _font(self) -> QFont:
        return theme.font(20, weight=QFont.Weight.DemiBold)

    def sizeHint(self) -> QSize:
        width = QFontMetricsF(self._font()).horizontalAdvance(self._text)
        return QSize(max(64, round(width) + 40), 60)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(theme.colour(t.line))
        painter.setBrush(theme.colour(t.line))
        painter.drawRoundedRect(whole, 12, 12)
        painter.setBrush(theme.colour(t.chip if t.dark else t.background))
        top = whole.adjusted(0, 0, 0, -5)
        painter.drawRoundedRect(top, 12, 12)
        painter.setPen(theme.colour(t.text))
        painter.setFont(self._font())
        painter.drawText(top, Qt.AlignmentFlag.AlignCenter, self._text)
