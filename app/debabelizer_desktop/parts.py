"""What the program gets once its window is on screen: engine, keys, microphones, tray, overlay, the other pages."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from debabelizer.config import folders
from debabelizer.errors import LimitExceededError, ProviderError, Remedy
from debabelizer.events import ErrorOccurred
from debabelizer_desktop.text import translate
from debabelizer_desktop.widgets.rail import PageName

if TYPE_CHECKING:
    from debabelizer.dictation import Dictation
    from debabelizer.recordings.item import RecordingItem
    from debabelizer.remote import RemoteServer
    from debabelizer_desktop.lifecycle import Program
    from debabelizer_desktop.platform.inserter import QtInserter
    from debabelizer_desktop.platform.qt_capture import QtMicrophones
    from debabelizer_desktop.recordings import Recordings
    from debabelizer_desktop.windows.first_run import FirstRunPage
    from debabelizer_desktop.windows.recordings_page import RecordingsPage
    from debabelizer_desktop.windows.settings_page import SettingsPage

log = logging.getLogger(__name__)


def make_engine(program: Program) -> Dictation:
    """On the engine's loop: the dictation with this system's microphone and insertion."""
    from debabelizer.dictation.assembly import make_dictation

    parts = program.parts
    assert parts is not None
    return make_dictation(program.settings, capture=parts.capture, inserter=parts.inserter)


class Parts(QObject):
    """Made after the window was shown; :meth:`start` once, then :meth:`stop_input` and :meth:`stop` in that order."""

    inserter: QtInserter
    recordings: Recordings

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._program = program
        self._first_run: FirstRunPage | None = None
        self._remote: RemoteServer | None = None
        self.microphones: QtMicrophones | None = None
        self.has_tray = False

    def start(self) -> None:
        from debabelizer_desktop.cues import Cues
        from debabelizer_desktop.keys import KeyControl
        from debabelizer_desktop.platform.hotkeys import make_hotkeys
        from debabelizer_desktop.platform.inserter import make_inserter
        from debabelizer_desktop.platform.qt_capture import choose_capture_factory
        from debabelizer_desktop.recordings import Recordings

        program = self._program
        self.capture = choose_capture_factory()
        self.inserter = make_inserter(program.settings)
        program.bridge.ready.connect(self._engine_ready)
        program.bridge.start()
        self.hotkeys = make_hotkeys(self)
        self.keys = KeyControl(self.hotkeys, program.bridge, program.settings, self)
        self.keys.failed.connect(self._tell)
        self.cues = Cues(program.bridge, program.settings, self)
        self.recordings = Recordings(program.bridge, program.settings, self)
        self.recordings.all_over.connect(self._recordings_over)
        self._start_overlay()
        self._start_tray()
        self._fill_window()
        self.keys.start()  # the last one: by now a key that is taken can be told everywhere

    def stop_input(self) -> None:
        """No key and no other process starts anything any more."""
        self.hotkeys.close()
        self.overlay.hide()
        if self._remote is not None:
            server, self._remote = self._remote, None
            try:
                self._program.bridge.call(server.close, self).result(0.5)
            except TimeoutError:
                log.warning("the door for other processes did not close in time")

    def stop_recordings(self, timeout: float) -> None:
        """What is under way is kept for the next start."""
        try:
            self.recordings.close().result(timeout)
        except TimeoutError:
            log.warning("the recordings were left as they were")

    def stop(self) -> None:
        self.inserter.close()
        self.cues.close()
        if self.microphones is not None:
            self.microphones.close()
        self.tray.hide()
        self.overlay.close()

    # ------------------------------------------------------------------------------------------------ making

    def _start_overlay(self) -> None:
        from debabelizer_desktop.windows.overlay import Overlay
        from debabelizer_desktop.windows.overlay_control import OverlayControl

        program = self._program
        self.overlay = Overlay(program.memory)
        self.overlay_control = OverlayControl(self.overlay, program.bridge, program.model, program.settings)

    def _start_tray(self) -> None:
        from debabelizer_desktop.windows.tray import Tray

        program = self._program
        self.tray = Tray(program.bridge, self)
        self.tray.show_window.connect(program.window.come_forward)
        self.tray.show_settings.connect(lambda: self.open_settings(""))
        self.tray.retry_last.connect(program.window.dictate.retry_last)
        self.tray.quit.connect(program.quit)
        self.overlay_control.unseen_failure.connect(lambda failed: self.tray.tell(failed.error))
        program.bridge.error.connect(self._tell_beside_the_tray)
        self.has_tray = self.tray.exists()
        if self.has_tray:
            self.tray.show()
        elif self._program.settings.get("window.start_hidden"):
            program.window.show()  # nothing else would lead to it

    def _fill_window(self) -> None:
        window = self._program.window
        window.add_page(PageName.RECORDINGS, self._make_recordings)
        window.add_page(PageName.HISTORY, self._make_history)
        window.add_page(PageName.SETTINGS, self._make_settings)
        window.dictate.remedy_wanted.connect(self.remedy)
        window.dictate.top.provider_settings_wanted.connect(self.open_provider)
        window.dictate.top.microphones_wanted.connect(self._list_microphones)
        if not self._program.memory.welcomed:
            self._welcome()

    def _make_recordings(self) -> QWidget:
        from debabelizer_desktop.windows.recordings_page import RecordingsPage

        program = self._program
        page = RecordingsPage(self.recordings, program.settings, program.memory, program.bridge)
        page.remedy_wanted.connect(self.remedy)
        return page

    def _make_history(self) -> QWidget:
        from debabelizer_desktop.takes import TakeSource
        from debabelizer_desktop.windows.history_page import HistoryPage

        return HistoryPage(self._program.bridge, TakeSource(self._program.bridge))

    def _make_settings(self) -> QWidget:
        from debabelizer_desktop.windows.settings_page import SettingsPage

        page = SettingsPage(self._program.settings, self._program.bridge, [])
        page.recording_hotkey.connect(self.keys.pause)
        QTimer.singleShot(0, self, self._list_microphones)
        return page

    def _welcome(self) -> None:
        from debabelizer_desktop.windows.first_run import FirstRunPage

        program = self._program
        page = FirstRunPage(program.settings, program.bridge, program.model)
        page.recording_hotkey.connect(self.keys.pause)
        page.done.connect(self._welcomed)
        page.key_wanted.connect(self._key_from_welcome)
        page.microphone.opened.connect(self._list_microphones)
        self._first_run = page
        program.window.cover(page)

    def _welcomed(self) -> None:
        self._program.memory.set_welcomed()
        self._put_welcome_aside()

    def _put_welcome_aside(self) -> None:
        if self._first_run is not None:
            page, self._first_run = self._first_run, None
            self._program.window.uncover(page)

    def _key_from_welcome(self, provider: str) -> None:
        self._welcomed()
        self.open_provider(provider)

    # ------------------------------------------------------------------------------------------------ events

    def _engine_ready(self) -> None:
        program = self._program
        self._open_door()
        self._arrange_autostart(at_start=True)
        self._ask_for_sound_server()
        self._read_keys_ahead()
        program.bridge.recover()
        self.recordings.restore(self._recordings_restored)
        if files := program.take_unopened():
            self.open_files(files)
        for problem in program.settings.problems:
            log.warning("%s", problem)
        if program.settings.problems:
            first = program.settings.problems[0]
            program.window.dictate.strip.show_notice(f"{first.message} {first.remedy}")

    def _read_keys_ahead(self) -> None:
        """The key store may be slow, or want a password: better now than in the first take. Only where a key will be
        needed: it costs 15 MB."""
        from debabelizer import registry

        settings = self._program.settings
        described = (registry.find(name) for name in (settings.get("provider"), *settings.get("session.failover")))
        if any(one is not None and one.credentials for one in described):
            settings.read_secrets_ahead()

    def _open_door(self) -> None:
        """Let other processes of this user control the program."""
        from debabelizer.remote import RemoteServer
        from debabelizer_desktop.remote_control import handlers

        program = self._program
        window = program.window
        verbs = handlers(
            program.bridge, window.come_forward, window.dictate.strip.shown, program.open_files, program.quit
        )
        self._remote = server = RemoteServer(verbs, program.instance)
        program.bridge.call(server.start, self)

    def _recordings_restored(self, unfinished: list[RecordingItem]) -> None:
        strip = self._program.window.dictate.strip
        if unfinished and strip.error is None:
            words = translate("Recordings", "Recordings from last time that are not text yet: {count}")
            strip.show_notice(
                lambda: words.format(count=len(unfinished)),
                (
                    lambda: translate("Recordings", "Show them"),
                    lambda: self._program.window.open_page(PageName.RECORDINGS),
                ),
            )

    def _recordings_over(self, done: int, failed: int) -> None:
        """For whoever does something else meanwhile."""
        if not self._program.window.isActiveWindow():
            words = translate("Recordings", "Recordings that are text now: {done}; that failed: {failed}")
            self.tray.inform(words.format(done=done, failed=failed))

    def open_files(self, paths: Sequence[str]) -> None:
        """Recordings, and folders of them, to text. Whoever brings some has no eye for the welcome; it comes again."""
        window = self._program.window
        window.come_forward()
        self._put_welcome_aside()
        window.open_page(PageName.RECORDINGS)
        page = self._recordings_page()
        assert page is not None
        page.add(paths)

    def _arrange_autostart(self, *, at_start: bool = False) -> None:
        """As the setting says, also where it was changed while the program did not run, or where that has moved."""
        from debabelizer_desktop.platform import autostart

        if at_start and autostart.why_not() is not None:
            return
        try:
            autostart.apply(self._program.settings.get("window.autostart"))
        except ProviderError as error:
            self._tell(error)

    def _ask_for_sound_server(self) -> None:
        """With one, the list of microphones costs nothing. Without, looking loads PortAudio (15 MB), so that waits
        until someone opens the list."""

        async def ask() -> bool:
            import asyncio

            from debabelizer.audio import pulse

            return await asyncio.to_thread(pulse.running)

        self._program.bridge.call(ask, self, lambda there: self._list_microphones() if there else None)

    def _list_microphones(self) -> None:
        """Show them, and follow them from now on as they come and go."""
        if self.microphones is None:
            from debabelizer_desktop.platform.qt_capture import QtMicrophones

            self.microphones = QtMicrophones(self)
            self.microphones.changed.connect(self._list_microphones)
        known = self.microphones.list()
        self._program.window.dictate.top.set_microphones(known)
        page = self._settings_page()
        if page is not None:
            page.set_microphones(known)
        if self._first_run is not None:
            self._first_run.set_microphones(known)

    def setting_changed(self, key: str) -> None:
        self.keys.setting_changed(key)
        if key == "window.overlay":
            self.overlay_control.apply_style()
        elif key == "window.language":
            self.tray.retranslate()
        elif key == "window.autostart":
            self._arrange_autostart()
        for page in (self._settings_page(), self._recordings_page()):
            if page is not None:
                page.setting_changed(key)
        if self._first_run is not None:
            self._first_run.setting_changed(key)

    def _tell(self, error: ProviderError) -> None:
        """An error of the desktop's own; those of the engine come and are logged there."""
        from debabelizer.dictation import logbook

        event = ErrorOccurred(error=error, fatal=True)
        logbook.write(event)
        self._program.bridge.error.emit(event)

    def _tell_beside_the_tray(self, event: ErrorOccurred) -> None:
        window = self._program.window
        if not window.isVisible() or window.isMinimized():
            self.tray.tell(event.error)

    # ---------------------------------------------------------------------------------------------- ways out

    def _settings_page(self) -> SettingsPage | None:
        from debabelizer_desktop.windows.settings_page import SettingsPage

        page = self._program.window.page(PageName.SETTINGS)
        return page if isinstance(page, SettingsPage) else None

    def _recordings_page(self) -> RecordingsPage | None:
        page = self._program.window.page(PageName.RECORDINGS)
        return None if page is None else cast("RecordingsPage", page)

    def open_settings(self, key: str) -> None:
        """The settings page, at a setting where one is named."""
        self._program.window.come_forward()
        self._program.window.open_page(PageName.SETTINGS)
        page = self._settings_page()
        if page is not None and key:
            page.show_setting(key)

    def open_provider(self, name: str) -> None:
        self.open_settings("provider")
        page = self._settings_page()
        if page is not None and name:
            page.show_provider(name)

    def remedy(self, remedy: Remedy, error: ProviderError | None) -> None:
        """Lead to where an error can be put right."""
        provider = error.provider if error is not None and error.provider != "unknown" else ""
        match remedy:
            case Remedy.SET_KEY | Remedy.DOWNLOAD_MODEL:
                self.open_provider(provider)
            case Remedy.CHOOSE_PROVIDER:
                self.open_settings("provider")
            case Remedy.CHOOSE_MICROPHONE | Remedy.ALLOW_MICROPHONE:
                self.open_settings("microphone")
            case Remedy.CHANGE_HOTKEY:
                self.open_settings("dictation.key")
            case Remedy.FREE_DISK_SPACE:
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(folders.state_dir())))
            case _:
                self.open_settings(error.setting or "" if isinstance(error, LimitExceededError) else "")
