"""What a take sounds like: levels to show, silence to hint at, pauses to commit at."""

from __future__ import annotations

from debabelizer.audio.levels import SILENCE_DB, level
from debabelizer.audio.speech import SpeechDetector, SpeechKind
from debabelizer.dictation.journal import BYTES_PER_S
from debabelizer.events import LevelChanged, SilenceHint

LEVELS_PER_S = 30
HEARD_DB = -55.0
"""An RMS below this is silence, however sensitive the microphone is."""


class Meter:
    """Feed it the take's sound; ``heard`` says whether there was anything but silence."""

    def __init__(self, silence_hint_s: float, pause_s: float) -> None:
        self._hint_s = silence_hint_s
        self._detector = SpeechDetector(pause_s)
        self._window = bytearray()
        self._quiet_since = 0.0
        self._muted = True
        self._hinted = False
        self.elapsed = 0.0
        self.heard = False
        self.paused = False
        """Speech has ended and not begun again."""

    def feed(self, pcm: bytes) -> list[LevelChanged | SilenceHint]:
        self.elapsed += len(pcm) / BYTES_PER_S
        for mark in self._detector.feed(pcm):
            self.heard = True
            self.paused = mark.kind is SpeechKind.ENDED
        self._window += pcm
        if len(self._window) * LEVELS_PER_S < BYTES_PER_S:
            return []
        rms, peak = level(bytes(self._window))
        self._window.clear()
        told: list[LevelChanged | SilenceHint] = [LevelChanged(rms=rms, peak=peak, elapsed=self.elapsed)]
        return told + self._silence(rms, peak)

    def _silence(self, rms: float, peak: float) -> list[SilenceHint]:
        """Once for each silence. A thoughtful pause is none: after speech only a muted microphone is worth a hint."""
        if rms > HEARD_DB:
            self.heard = True
            self._quiet_since, self._muted, self._hinted = self.elapsed, True, False
            return []
        self._muted = self._muted and peak <= SILENCE_DB
        seconds = self.elapsed - self._quiet_since
        if self._hinted or not self._hint_s or seconds < self._hint_s or (self.heard and not self._muted):
            return []
        self._hinted = True
        return [SilenceHint(seconds=seconds, muted=self._muted)]
