"""What a take sounds like, from its sound alone."""

from __future__ import annotations

from array import array

from debabelizer.dictation.meter import Meter
from debabelizer.events import SilenceHint


def hints(meter: Meter, amplitude: int, seconds: int) -> list[SilenceHint]:
    """Those while a tone of 500 Hz is heard."""
    told: list[SilenceHint] = []
    for _ in range(20 * seconds):
        said = meter.feed(array("h", ([amplitude] * 16 + [-amplitude] * 16) * 25).tobytes())
        told += [event for event in said if isinstance(event, SilenceHint)]
    return told


def test_whoever_has_spoken_may_think_and_whoever_is_muted_is_told() -> None:
    meter = Meter(silence_hint_s=2.0, pause_s=0.5)
    assert hints(meter, 8_000, 1) == []
    assert hints(meter, 20, 5) == [], "a quiet room, after speech"
    assert hints(meter, 0, 5) == [], "it was not muted all the time"
    assert hints(meter, 8_000, 1) == []
    (told,) = hints(meter, 0, 5)
    assert told.muted


def test_a_room_without_speech_is_told_once() -> None:
    meter = Meter(silence_hint_s=2.0, pause_s=0.5)
    (told,) = hints(meter, 20, 10)
    assert not told.muted
    assert 2.0 <= told.seconds < 2.2
    assert not meter.heard
