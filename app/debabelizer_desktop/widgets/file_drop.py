"""Files that are dragged onto the window: a veil says what becomes of them, wherever they are let go."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QFont,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from debabelizer_desktop import theme
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.icons import Symbol, paint


class FileDrop(QObject):
    """Watches one window."""

    dropped = Signal(list)
    """Paths of files and folders."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.veil = Veil(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event.type():
            case QEvent.Type.DragEnter if isinstance(event, QDragEnterEvent):
                if local_files(event.mimeData()):
                    event.setDropAction(Qt.DropAction.CopyAction)
                    event.accept()
                    self.veil.cover()
                    return True
            case QEvent.Type.DragLeave:
                self.veil.hide()
            case QEvent.Type.Drop if isinstance(event, QDropEvent):
                self.veil.hide()
                if paths := local_files(event.mimeData()):
                    event.setDropAction(Qt.DropAction.CopyAction)  # nobody is to delete the files
                    event.accept()
                    self.dropped.emit(paths)
                    return True
        return False


def local_files(mime: QMimeData) -> list[str]:
    return [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]


class Veil(QWidget):
    """Over the whole window while something is dragged across it; the mouse goes through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour(t.background, 0.92))
        frame = QRectF(self.rect()).adjusted(24, 24, -24, -24)
        painter.setPen(QPen(theme.colour(t.accent), 2, Qt.PenStyle.DashLine))
        painter.setBrush(theme.colour(t.accent_soft, 0.5))
        painter.drawRoundedRect(frame, theme.RADIUS_CARD, theme.RADIUS_CARD)
        centre = frame.center()
        paint(painter, QRectF(centre.x() - 24, centre.y() - 56, 48, 48), Symbol.RECORDINGS, theme.colour(t.accent))
        painter.setPen(theme.colour(t.text))
        painter.setFont(theme.font(18, weight=QFont.Weight.DemiBold))
        words = translate("Recordings", "Let go to turn these recordings into text")
        painter.drawText(
            frame.adjusted(24, frame.height() / 2 + 4, -24, 0),
            int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap),
            words,
        )
