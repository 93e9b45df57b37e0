"""The socket with turns by calling functions: frames in, signals out. No socket, no clock."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debabelizer.contract import (
    AudioForm,
    CommitMode,
    Covered,
    Encoding,
    EpochContext,
    Failure,
    Finished,
    KeepAlive,
    Ready,
    StreamOptions,
    VendorSpeech,
)
from debabelizer.errors import Category
from debabelizer.events import Freeze, Replace
from debabelizer_providers.cartesia import Cartesia
from debabelizer_providers.cartesia.sound import Recent
from debabelizer_providers.cartesia.turns import Turns

RATE = 16_000
CHANCE = np.random.default_rng(1)
CLOSE = '{"type":"close"}'


def turns(pause_s: float = 1.0, **more: Any) -> Turns:
    options = StreamOptions(
        settings={"api_key": "sk_car_test", **more}, languages=("en",), commit=CommitMode.PAUSE, pause_s=pause_s
    )
    made = Cartesia().stream(options, EpochContext())
    assert isinstance(made, Turns)
    return made


def noise(seconds: float, level: int = 9000) -> bytes:
    return CHANCE.integers(-level, level, round(seconds * RATE), dtype=np.int16).tobytes()


def speak(made: Turns, seconds: float, level: int = 9000) -> None:
    pcm = noise(seconds, level)
    for at in range(0, len(pcm), 3200):
        assert made.audio(pcm[at : at + 3200]) == (pcm[at : at + 3200],)


def turn(event: str, transcript: str | None = None) -> str:
    more = {} if transcript is None else {"transcript": transcript}
    return json.dumps({"type": f"turn.{event}", "request_id": "r", **more})


def texts(signals: Any) -> list[tuple[Any, str]]:
    return [(s.segment, s.text) for s in signals if isinstance(s, Replace | Freeze)]


def covered(signals: Any) -> list[float]:
    return [s.samples / RATE for s in signals if isinstance(s, Covered)]


def test_a_turn_is_replaced_until_it_ends() -> None:
    made = turns()
    assert made.receive('{"type":"connected","request_id":"r"}') == (Ready("r"),)
    speak(made, 2.0)
    assert made.receive(turn("start")) == [VendorSpeech(True)]
    for event in ("update", "eager_end"):
        assert texts(made.receive(turn(event, f"Please {event}"))) == [(0, f"Please {event}")]
    assert made.receive(turn("resume")) == ()
    speak(made, 0.6, level=20)
    signals = made.receive(turn("end", "Please move it."))
    assert texts(signals) == [(0, "Please move it.")]
    assert 2.0 <= covered(signals)[0] <= 2.6
    assert signals[-1] == VendorSpeech(False)
    made.receive(turn("start"))
    assert texts(made.receive(turn("update", " Thanks"))) == [(1, "Thanks")]


def test_a_turn_that_has_ended_changes_no_more() -> None:
    made = turns()
    speak(made, 2.0)
    made.receive(turn("start"))
    made.receive(turn("end", "One."))
    assert made.receive(turn("end", "One.")) == ()
    assert made.receive(turn("update", "One.")) == ()


def test_a_turn_that_begins_while_one_is_open_ends_that_one() -> None:
    made = turns()
    speak(made, 2.0)
    made.receive(turn("start"))
    made.receive(turn("update", "One"))
    assert texts(made.receive(turn("start"))) == [(0, "One")]
    assert texts(made.receive(turn("end", " Two."))) == [(1, "Two.")]


def test_only_audio_up_to_the_pause_is_covered() -> None:
    made = turns()
    speak(made, 2.0)
    speak(made, 0.5, level=20)
    speak(made, 0.4)
    made.receive(turn("start"))
    assert 2.0 < covered(made.receive(turn("end", "One.")))[0] < 2.5


def test_where_there_is_no_pause_the_last_half_second_is_said_again() -> None:
    made = turns()
    speak(made, 2.0)
    made.receive(turn("start"))
    assert covered(made.receive(turn("end", "One."))) == [1.5]


def test_silence_ends_a_turn_when_audio_stops_and_then_stops_itself() -> None:
    made = turns()
    assert (made.limits.keep_alive, made.limits.keep_alive_every_s) == (KeepAlive.MESSAGE, 0.5)
    speak(made, 2.0)
    made.receive(turn("start"))
    assert made.keep_alive() == (bytes(3200),) * 5
    assert covered(made.receive(turn("end", "One."))) == [2.0]
    assert [message for _ in range(60) for message in made.keep_alive()] == [bytes(3200)] * 2


def test_the_end_of_the_stream_is_the_commit_and_the_close_its_answer() -> None:
    made = turns()
    speak(made, 2.0)
    made.receive(turn("start"))
    made.receive(turn("update", "One"))
    assert made.commit() == ()
    *filler, last = made.finish()
    assert last == CLOSE
    assert sum(map(len, filler)) / 2 / RATE == pytest.approx(1.1)
    assert made.closed(1000, "") is None
    signals = made.last_words(1000)
    assert (texts(signals), covered(signals)) == ([(0, "One")], [2.0])
    assert signals[-1] == Finished()


def test_a_broken_line_is_no_answer() -> None:
    made = turns()
    speak(made, 2.0)
    made.finish()
    assert made.last_words(None) == ()
    assert made.last_words(1011) == ()
    error = made.closed(None, "")
    assert error is not None
    assert error.category is Category.NETWORK


def test_with_nothing_open_the_end_needs_no_silence() -> None:
    made = turns()
    assert made.finish() == (CLOSE,)
    assert made.keep_alive() == ()
    assert made.receive('{"type":"error","status_code":500}') == ()


def test_catching_up_stays_near_the_vendor() -> None:
    assert turns(replay_speed=100.0).limits.replay_speed == 2.0


def test_errors() -> None:
    for message, category in (
        ('{"type":"error","status_code":402,"message":"no credits"}', Category.QUOTA),
        ("nonsense", Category.PROTOCOL),
    ):
        (failure,) = turns().receive(message)
        assert isinstance(failure, Failure)
        assert failure.error.category is category


# ---------------------------------------------------------------------------------------- where a pause was


def mulaw(pcm: bytes) -> bytes:
    """ITU-T G.711, roughly: the magnitude is what matters here."""
    samples = np.abs(np.frombuffer(pcm, dtype=np.int16).astype(np.int32)) + 132
    exponent = np.floor(np.log2(samples)).astype(np.int32) - 7
    mantissa = (samples >> (exponent + 3)) & 15
    return (~((exponent << 4) | mantissa) & 0xFF).astype(np.uint8).tobytes()


@settings(max_examples=60, deadline=None)
@given(
    before=st.integers(3, 40),
    gap=st.integers(3, 10),
    after=st.integers(0, 15),
    hum=st.integers(0, 300),
    thin=st.booleans(),
)
def test_the_only_pause_is_found_in_either_form(before: int, gap: int, after: int, hum: int, thin: bool) -> None:
    """Tenths of a second of speech, of a pause with some hum, and of speech again."""
    form = AudioForm(Encoding.MULAW if thin else Encoding.PCM_S16LE, RATE)
    recent = Recent(form)
    for tenths, level in ((before, 9000), (gap, hum + 1), (after, 9000)):
        for _ in range(tenths):
            pcm = noise(0.1, level)
            recent.add(mulaw(pcm) if thin else pcm)
    found = recent.pause()
    assert found is not None
    assert before / 10 <= found / RATE <= (before + gap) / 10
    assert recent.ends_quietly() == (after == 0)


def test_speech_without_a_pause_has_none() -> None:
    recent = Recent(AudioForm())
    assert recent.pause() is None
    assert not recent.ends_quietly()
    for _ in range(50):
        recent.add(noise(0.1))
    assert recent.pause() is None
    assert recent.end == 5 * RATE
