"""What went wrong, at the place where it happened, with the way out as a button. One at a time: the newest counts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from debabelizer.errors import ProviderError, Remedy
from debabelizer_desktop import text, theme
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.common import Retranslated, button, label
from debabelizer_desktop.widgets.icons import Symbol, icon

Offer = tuple[Callable[[], str], Callable[[], object]]
"""The button's words in the window's language, and what it does."""


class ErrorStrip(Retranslated):
    remedy_chosen = Signal(object)
    """The Remedy whose button was pressed."""
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._error: ProviderError | None = None
        self._notice: str | Callable[[], str] = ""
        self._offer: Offer | None = None
        self.take: str | None = None
        """The take it is about, where it is about one."""
        self._meanwhile = False
        frame = QFrame(self)
        frame.setObjectName("Strip")
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        inside = QHBoxLayout(frame)
        inside.setContentsMargins(theme.SPACE_3, theme.SPACE_2, theme.SPACE_2, theme.SPACE_2)
        inside.setSpacing(theme.SPACE_3)
        self._sign = QLabel()
        self._words = label(wrap=True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._way_out = button(self._choose, primary=True)
        self._close = button(self.dismiss, symbol=Symbol.CLOSE, quiet=True)
        self._close.setFixedWidth(34)
        self._close.setStyleSheet("padding: 0;")
        inside.addWidget(self._sign)
        inside.addWidget(self._words, 1)
        inside.addWidget(self._way_out)
        inside.addWidget(self._close)
        theme.theme().changed.connect(self._restyle)
        self.retranslate()
        self._restyle()
        self.hide()

    @property
    def error(self) -> ProviderError | None:
        return self._error

    @property
    def message(self) -> str:
        return self._words.text()

    def shown(self) -> dict[str, str]:
        """What stands here, in the window's language: ``message``, and the ``remedy`` on the button."""
        if self.isHidden():
            return {"message": "", "remedy": ""}
        remedy = self._remedy()
        offered = self._offer[0]() if self._offer is not None else ""
        return {"message": self.message, "remedy": text.remedy(remedy) if remedy is not None else offered}

    def show_error(self, error: ProviderError, take: str | None = None, *, meanwhile: bool = False) -> None:
        """``meanwhile``: somebody speaks, and it may be over before they have done."""
        self._error, self._notice, self._offer, self.take = error, "", None, take
        self._meanwhile = meanwhile
        self._appear()

    def show_notice(self, sentence: str | Callable[[], str], offer: Offer | None = None) -> None:
        """Worth knowing, nothing failed. ``sentence`` is the engine's, in English, or gives it in the window's own
        language; ``offer``: what can be done about it."""
        self._error, self._notice, self._offer, self.take = None, sentence, offer, None
        self._appear()

    def connected(self, provider: str) -> None:
        """What it said goes; what is wrong with a take, a disk or a key stays wrong."""
        if self._error is not None and self._error.provider == provider and self.take is None:
            self.dismiss()

    def dismiss(self) -> None:
        self._error, self._notice, self._offer, self.take = None, "", None, None
        self.hide()
        self.dismissed.emit()

    def _appear(self) -> None:
        self.retranslate()
        self._restyle()
        self.show()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.message))

    def retranslate(self) -> None:
        self._words.setText(self._error_words(self._error) if self._error else self._notice_words())
        self._words.setToolTip(self._error.vendor_message or "" if self._error else "")
        remedy = self._remedy()
        self._way_out.setVisible(remedy is not None or self._offer is not None)
        if remedy is not None:
            self._way_out.setText(text.remedy(remedy))
        elif self._offer is not None:
            self._way_out.setText(self._offer[0]())
        self._close.setAccessibleName(translate("Errors", "Dismiss"))
        self._close.setToolTip(translate("Errors", "Dismiss"))
        self.setAccessibleName(translate("Errors", "Message"))
        self.setAccessibleDescription(self._words.text())

    def _error_words(self, error: ProviderError) -> str:
        words = text.error(error)
        if not self._meanwhile:
            return words
        return translate("Errors", "{cause} What you say meanwhile is kept.").format(cause=text.sentence(words))

    def _notice_words(self) -> str:
        return text.engine(self._notice) if isinstance(self._notice, str) else self._notice()

    def _remedy(self) -> Remedy | None:
        return self._error.remedy if self._error is not None else None

    def _choose(self) -> None:
        remedy = self._remedy()
        if remedy is not None:
            self.remedy_chosen.emit(remedy)
        elif self._offer is not None:
            _, accepted = self._offer
            self.dismiss()
            accepted()

    def _restyle(self) -> None:
        t = theme.tokens()
        symbol, token = (Symbol.WARNING, t.warning) if self._error else (Symbol.INFO, t.accent)
        self._sign.setPixmap(icon(symbol, size=20, token=token).pixmap(QSize(20, 20)))
