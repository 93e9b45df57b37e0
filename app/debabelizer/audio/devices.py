"""Which microphones there are, for the parts of the program that run without Qt."""

from __future__ import annotations

from debabelizer.audio.capture import Microphone


def microphones() -> list[Microphone]:
    """Those connected now, the system's default first; empty where there is none. Does not open any.

    Raises AudioError where PortAudio is missing. The first call loads it (0.3 s).
    """
    from debabelizer.audio.sounddevice_capture import PortAudioOpener

    opener = PortAudioOpener()
    found = opener.microphones()
    if not found:
        opener.refresh()
        found = opener.microphones()
    return found or []
