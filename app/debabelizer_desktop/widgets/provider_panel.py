"""What one provider is, at the head of its settings: what it is good for, where the sound goes, what it costs, whether
it works now, and its models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout

from debabelizer.config import Settings
from debabelizer.contract.description import Model, Place, ProviderDescription
from debabelizer.contract.provider import Health, HealthState
from debabelizer.errors import ProviderError
from debabelizer_desktop import text, theme
from debabelizer_desktop.bridge import Bridge
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.common import Retranslated, button, label, line
from debabelizer_desktop.widgets.icons import Symbol

if TYPE_CHECKING:
    from concurrent.futures import Future
    from pathlib import Path

    from debabelizer.models import Progress


class ProviderPanel(Retranslated):
    failed = Signal(object)

    def __init__(self, description: ProviderDescription, settings: Settings, bridge: Bridge) -> None:
        super().__init__()
        self.description = description
        self._settings, self._bridge = settings, bridge
        self._health: Health | None = None
        self._checking = False
        self._summary = label("Secondary", wrap=True)
        self._privacy = label("Help", wrap=True)
        self._price = label("Help", wrap=True)
        self._answer = label(wrap=True)
        self.check = button(self._check)
        self.key = button(self._get_key, symbol=Symbol.OUTSIDE)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE_2, 0, theme.SPACE_2)
        column.setSpacing(theme.SPACE_2)
        for words in (self._summary, self._privacy, self._price):
            column.addWidget(words)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_2)
        row.addWidget(self.check)
        row.addWidget(self.key)
        row.addWidget(self._answer, 1)
        column.addLayout(row)
        self.key.setVisible(bool(description.key_url))
        self.models = [ModelRow(description.name, model, bridge) for model in description.models if model.files]
        for model in self.models:
            model.failed.connect(self.failed)
            column.addWidget(line())
            column.addWidget(model)
        self.retranslate()

    def retranslate(self) -> None:
        d = self.description
        self._summary.setText(text.engine(d.summary))
        self._privacy.setText(text.engine(d.privacy))
        self._privacy.setVisible(bool(d.privacy))
        self._price.setText(price_words(d))
        self._price.setVisible(bool(d.prices) or d.place is Place.LOCAL)
        self.key.setText(translate("Providers", "Get a key"))
        self.check.setText(translate("Providers", "Check now"))
        self._answer.setText(self._answer_words())

    def _answer_words(self) -> str:
        if self._checking:
            return translate("Providers", "Checking…")
        if self._health is None:
            return ""
        if self._health.state is HealthState.OK:
            return "✓ " + text.engine(self._health.detail)
        return "⚠ " + text.engine(self._health.detail)

    def _get_key(self) -> None:
        QDesktopServices.openUrl(QUrl(self.description.key_url))

    def _check(self) -> None:
        name, settings = self.description.name, self._settings

        async def ask() -> Health:
            from debabelizer import registry
            from debabelizer.streaming import default_transports
            from debabelizer.streaming.health import health

            return await health(registry.load(name), settings.stream_options, default_transports().http)

        self._checking = True
        self.check.setEnabled(False)
        self.retranslate()
        self._bridge.call(ask, self, self._checked, self._check_failed)

    def _checked(self, health: Health) -> None:
        self._health, self._checking = health, False
        self.check.setEnabled(True)
        self.retranslate()

    def _check_failed(self, error: ProviderError) -> None:
        self._checked(Health(HealthState.FAILED, error.message, error))


def price_words(description: ProviderDescription) -> str:
    if description.place is Place.LOCAL:
        return translate("Providers", "Runs on this computer, free of charge.")
    if not description.prices:
        return ""
    price = description.prices[0]
    if price.unit == "hour":
        words = translate("Providers", "About ${usd} per hour of sound (price list read on {date}).")
    else:
        words = translate("Providers", "About ${usd} per million characters (price list read on {date}).")
    return words.format(usd=f"{price.usd:g}", date=price.read_on)


class ModelRow(Retranslated):
    """One downloadable model: get it, stop (what has come is kept), go on, remove."""

    failed = Signal(object)
    done = Signal()

    def __init__(self, provider: str, model: Model, bridge: Bridge) -> None:
        super().__init__()
        self._provider, self.model, self._bridge = provider, model, bridge
        self._download: Future[Path] | None = None
        self._progress: Progress | None = None
        self._title = label("Heading", wrap=True)
        self._help = label("Help", wrap=True)
        self._state = label("Help")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self.get = button(self.start, symbol=Symbol.DOWNLOAD)
        self.cancel = button(self._cancel)
        self.remove = button(self._remove, symbol=Symbol.TRASH, quiet=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        for each in (self._title, self._help, self._bar, self._state):
            words.addWidget(each)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.SPACE_2, 0, theme.SPACE_2)
        row.setSpacing(theme.SPACE_3)
        row.addLayout(words, 1)
        for made in (self.get, self.cancel, self.remove):
            row.addWidget(made)
        self.retranslate()

    @property
    def present(self) -> bool:
        from debabelizer.models import ModelStore

        return ModelStore().is_present(self._provider, self.model)

    @property
    def running(self) -> bool:
        return self._download is not None

    def start(self) -> None:
        """Fetch it, or go on where it was stopped."""
        if self._download is not None:
            return
        provider, model, post = self._provider, self.model, self._bridge.post

        async def fetch() -> Path:
            from debabelizer.models import ModelStore

            last = -1

            def tell(progress: Progress) -> None:
                nonlocal last
                step = progress.done // 200_000
                if step != last:
                    last = step
                    post(lambda: self._show(progress))

            return await ModelStore().download(provider, model, on_progress=tell)

        self._download = self._bridge.call(fetch, self, lambda _: self._finished(), self._trouble)
        self._swap(self.get, self.cancel)

    def _swap(self, gone: QPushButton, come: QPushButton) -> None:
        """One button takes the other's place, and its focus."""
        focused = gone.hasFocus()
        come.setVisible(True)
        if focused:
            come.setFocus(Qt.FocusReason.OtherFocusReason)
        self.retranslate()

    def _show(self, progress: Progress) -> None:
        self._progress = progress
        self.retranslate()

    def _finished(self) -> None:
        self._download = self._progress = None
        self.retranslate()
        self.done.emit()

    def _trouble(self, error: ProviderError) -> None:
        self._download = None
        self.retranslate()
        self.failed.emit(error)

    def _cancel(self) -> None:
        if self._download is not None:
            self._download.cancel()
            self._download = None
            self._swap(self.cancel, self.get)

    def _remove(self) -> None:
        from debabelizer.models import ModelStore

        try:
            ModelStore().remove(self._provider, self.model)
        except ProviderError as error:
            self.failed.emit(error)
        self.retranslate()

    def retranslate(self) -> None:
        present, running = self.present, self.running
        title = text.engine(self.model.title)
        self._title.setText(title)
        self._help.setText(text.engine(self.model.help))
        self._help.setVisible(bool(self.model.help))
        self._bar.setVisible(running)
        share = self._progress.share if self._progress is not None else None
        unknown = running and self._progress is not None and share is None
        self._bar.setRange(0, 0 if unknown else 1000)
        self._bar.setValue(round((share or 0) * 1000))
        self._state.setText(self._state_words(present))
        resumes = self._progress is not None and not running
        words = translate("Providers", "Resume") if resumes else translate("Providers", "Download")
        self.get.setText(words)
        self.cancel.setText(translate("Providers", "Stop"))
        self.remove.setText("")
        for made, verb in ((self.get, words), (self.cancel, self.cancel.text())):
            made.setAccessibleName(f"{verb}: {title}")
        removal = translate("Providers", "Remove: {model}").format(model=title)
        self.remove.setAccessibleName(removal)
        self.remove.setToolTip(removal)
        self._bar.setAccessibleName(translate("Providers", "Progress of the download"))
        self.get.setVisible(not present and not running)
        self.cancel.setVisible(running)
        self.remove.setVisible(present)

    def _state_words(self, present: bool) -> str:
        if present:
            return translate("Providers", "On this computer")
        if self._progress is not None:
            done = f"{self._progress.done / 1e6:.0f}"
            if not self._progress.total:
                return translate("Providers", "{done} MB so far").format(done=done)
            total = f"{self._progress.total / 1e6:.0f}"
            return translate("Providers", "{done} of {total} MB").format(done=done, total=total)
        sizes = [file.size for file in self.model.files]
        if all(size is not None for size in sizes):
            megabytes = f"{sum(size or 0 for size in sizes) / 1e6:.0f}"
            return translate("Providers", "{megabytes} MB to download").format(megabytes=megabytes)
        return translate("Providers", "Not on this computer")
