"""Start and stop, in order, in one place.

Start: log, settings, Qt, a look whether a copy already runs, theme and language, the window; only when that is on
screen come engine, keys, tray and overlay. Stop: keys first, then the engine (which keeps a running take), then the
rest; it takes under three seconds in any state, because every step has a deadline.
"""

from __future__ import annotations

import logging
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QLoggingCategory, QObject, QSocketNotifier, QTimer, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from debabelizer.config import Settings, logs, proxy
from debabelizer.remote.instance import Instance
from debabelizer_desktop import APP_ID, text, theme
from debabelizer_desktop.bridge import Bridge
from debabelizer_desktop.memory import Memory
from debabelizer_desktop.models.transcript import TranscriptModel
from debabelizer_desktop.parts import Parts, make_engine
from debabelizer_desktop.windows.main_window import MainWindow

log = logging.getLogger(__name__)

ENGINE_DEADLINE_S = 2.2


class Application(QApplication):
    files_opened = Signal(list)
    """Paths that macOS wants opened: it says so by events, not by arguments."""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():
            self.files_opened.emit([event.file()])
            return True
        return super().event(event)


class Program(QObject):
    """Everything that lives from start to quit."""

    def __init__(self, app: Application, settings: Settings, instance: Instance | None = None) -> None:
        super().__init__(app)
        self.app, self.settings = app, settings
        self.instance = instance
        self.memory = Memory()
        self.theme = theme.install(app)
        self.language = text.Language(app)
        self.apply_look()
        self.model = TranscriptModel(self)
        self.bridge = Bridge(lambda: make_engine(self), self)
        self.window = MainWindow(self.bridge, settings, self.memory, self.model)
        self.parts: Parts | None = None
        self._stopped = False
        self._unsubscribe: Callable[[], None] = settings.subscribe(
            lambda key, value: self.bridge.post(lambda: self._setting_changed(key))
        )
        self.window.closed.connect(self._window_closed)
        self._unopened: list[str] = []
        app.files_opened.connect(self.open_files)
        self.window.drop.dropped.connect(self.open_files)

    def apply_look(self) -> None:
        self.language.apply(self.settings.get("window.language"))
        self.theme.apply(theme.ThemeChoice(self.settings.get("window.theme")))

    def start(self) -> None:
        """Show the window; the rest follows once it is there."""
        if not self.settings.get("window.start_hidden"):
            self.window.show()
        QTimer.singleShot(0, self, self._after_shown)

    def _after_shown(self) -> None:
        self.parts = Parts(self)
        self.parts.start()

    def open_files(self, files: Sequence[str]) -> None:
        """Recordings, and folders of them, to text."""
        if self.parts is not None:
            self.parts.open_files(files)
        else:
            self._unopened += files

    def take_unopened(self) -> list[str]:
        """Files that came before the parts were there."""
        paths, self._unopened = self._unopened, []
        return paths

    def stop(self) -> None:
        """After the event loop has ended; a second call does nothing."""
        if self._stopped:
            return
        self._stopped = True
        began = time.monotonic()
        self._unsubscribe()
        self.window.remember()
        if self.parts is not None:
            self.parts.stop_input()
            self.parts.stop_recordings(ENGINE_DEADLINE_S / 2)
            if not self.bridge.stop(began + ENGINE_DEADLINE_S - time.monotonic()):
                log.warning("the engine's thread was left behind")
            self.parts.stop()
        log.info("stopped in %.2f s", time.monotonic() - began)

    def quit(self) -> None:
        self.app.quit()

    def _window_closed(self) -> None:
        stays = self.settings.get("window.close_to_tray") and self.parts is not None and self.parts.has_tray
        if not stays:
            self.quit()

    def _setting_changed(self, key: str) -> None:
        if key == "window.language":
            self.language.apply(self.settings.get(key))
        elif key == "window.theme":
            self.theme.apply(theme.ThemeChoice(self.settings.get(key)))
        elif key == "log.level":
            logs.set_up(self.settings.get(key))
        elif key == "network.proxy":
            proxy.apply(self.settings)
        self.window.setting_changed(key)
        if self.parts is not None:
            self.parts.setting_changed(key)


class Signals(QObject):
    """SIGINT and SIGTERM end the program in order. Python only sees them between byte codes, so Qt watches a socket."""

    def __init__(self, on_signal: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._ours, self._theirs = socket.socketpair()
        for end in (self._ours, self._theirs):
            end.setblocking(False)
        signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)
        self._on_signal = on_signal
        for which in (signal.SIGINT, signal.SIGTERM):
            signal.signal(which, lambda *_: None)

    def _woken(self) -> None:
        self._ours.recv(64)
        self._on_signal()

    def close(self) -> None:
        signal.set_wakeup_fd(-1)
        self._notifier.setEnabled(False)
        self._ours.close()
        self._theirs.close()


def _second_start(files: Sequence[str]) -> int:
    from debabelizer.remote import hand_over

    sentence = hand_over(files)
    log.info("%s", sentence)
    if sys.stderr is not None:  # Windows gives a program without a console none
        sys.stderr.write(f"{sentence}\n")
    return 0


def run(
    argv: list[str], overrides: Mapping[str, str] | None = None, *, files: Sequence[str] = (), verbose: bool = False
) -> int:
    """``overrides``: settings for this run only, as texts; ``files``: recordings and folders of them to be opened;
    ``verbose``: the log goes to standard error as well.

    Raises ConfigurationError for an override that can't be used."""
    logs.set_up("debug" if verbose else "info", console=verbose)  # loading the settings has something to tell
    settings = Settings.load(overrides=overrides)
    if not verbose:
        logs.set_up(settings.get("log.level"))
    proxy.apply(settings)
    opened = [str(Path(name).absolute()) for name in files]
    instance = Instance.claim()
    if instance is None:
        return _second_start(opened)
    log.info("start, Python %s on %s", sys.version.split()[0], sys.platform)
    QLoggingCategory.setFilterRules("qt.multimedia.symbolsresolver=false")
    app = Application(argv)
    app.setApplicationName("Debabelizer")
    app.setDesktopFileName(APP_ID)
    app.setQuitOnLastWindowClosed(False)
    program = Program(app, settings, instance)
    signals = Signals(program.quit, app)
    program.open_files(opened)
    program.start()
    try:
        return app.exec()
    finally:
        program.stop()
        signals.close()
        instance.release()
        logs.tear_down()
