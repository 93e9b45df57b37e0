"""Short sounds out of the loudspeaker."""

from __future__ import annotations

from debabelizer.audio import portaudio
from debabelizer.errors import AudioError


class PlaybackError(AudioError):
    remedy = None


def play(pcm: bytes, rate: int) -> None:
    """Play 16-bit mono PCM on the system's default output; returns when it has been heard. For a thread of its own.

    Raises PlaybackError where there is nothing to play it on.
    """
    with portaudio.lock:
        sd = portaudio.library()
        try:
            stream = sd.RawOutputStream(samplerate=rate, channels=1, dtype="int16")
        except (sd.PortAudioError, ValueError) as error:
            raise PlaybackError(
                "No sound can be played: there is no loudspeaker, or it is in use.", vendor_message=str(error)
            ) from error
        portaudio.opened(stream)
    try:
        stream.start()
        stream.write(pcm)
        stream.stop()
    except sd.PortAudioError as error:
        raise PlaybackError("The loudspeaker went away.", vendor_message=str(error)) from error
    finally:
        with portaudio.lock:
            stream.close(ignore_errors=True)
            portaudio.closed(stream)
