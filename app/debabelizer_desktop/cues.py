"""The sounds at a take's start, end and failure (setting ``window.sounds``)."""

from __future__ import annotations

import logging
import threading
from queue import SimpleQueue

from PySide6.QtCore import QObject, QTimer

from debabelizer.audio import wav
from debabelizer.config import Settings
from debabelizer.errors import ProviderError
from debabelizer.events import DictationChanged, DictationState, TakeFailed
from debabelizer_desktop.bridge import Bridge
from debabelizer_desktop.resources import resource

log = logging.getLogger(__name__)

_AFTER_TAIL_MS = 100


class Cues(QObject):
    """The start sounds at the first buffer from the microphone: what is said after it is recorded. The end sounds
    after the tail, which it would be heard in."""

    def __init__(self, bridge: Bridge, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._queue: SimpleQueue[str | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        bridge.dictation_changed.connect(self._dictation_changed)
        bridge.take_failed.connect(self._take_failed)

    def close(self) -> None:
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join(1.0)

    def _dictation_changed(self, event: DictationChanged) -> None:
        if event.state is DictationState.LISTENING:
            self._play("start")
        elif event.state is DictationState.FINISHING:
            tail_ms = self._settings.get("dictation.tail_ms")
            QTimer.singleShot(tail_ms + _AFTER_TAIL_MS, self, lambda: self._play("stop"))

    def _take_failed(self, _event: TakeFailed) -> None:
        self._play("error")

    def _play(self, cue: str) -> None:
        if not self._settings.get("window.sounds"):
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="cues", daemon=True)
            self._thread.start()
        self._queue.put(cue)

    def _run(self) -> None:
        from debabelizer.audio.playback import play

        while (cue := self._queue.get()) is not None:
            try:
                play(*wav.read(resource("sounds", f"{cue}.wav")))
            except (ProviderError, OSError) as error:
                log.info("the sound %s was not played: %s", cue, error)
