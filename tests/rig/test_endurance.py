"""Many dictations, and a long one."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from fakes import rig
from fakes.elevenlabs_server import Behaviour
from fakes.rig_app import app, elevenlabs
from fakes.rig_dictating import SENTENCE, cloud, key, local, serving, words

pytestmark = pytest.mark.rig

QUICK = 30


@pytest.mark.long
def test_thirty_quick_dictations_lose_none(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    said = [f"number{n:02}" for n in range(QUICK)]
    server = serving(*said)
    mode = {"dictation.mode": "hold"}
    with elevenlabs(server) as until, app(desk, microphone, home, cloud(server, **mode), key(server)) as program:
        desk.focus(target.title)
        voice = microphone.begin_speaking(rig.speech(" ".join([SENTENCE] * 40)))
        try:
            for _ in said:
                sent = sum(one.samples for one in server.connections)
                with desk.held("F9"):
                    until(lambda it, sent=sent: sum(one.samples for one in it.connections) > sent + 4800)
                program.wait_for("idle")
        finally:
            voice.hush()
        rig.wait_until(lambda: len(words(target.text)) >= QUICK, what=f"{QUICK} texts")
        assert words(target.text) == said
        assert program.takes == []


@pytest.mark.long
@pytest.mark.timeout(240)
@pytest.mark.parametrize("engine", ["whisper", "elevenlabs"])
def test_a_minute_of_speech_is_one_text(
    engine: str, desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    times = 20
    spoken = home / "long.wav"
    with wave.open(str(spoken), "wb") as file:  # with a breath between the sentences
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(rig.samples(rig.speech(SENTENCE, "slt")) * times)
    parts = [f"part {n} of it." for n in range(20)]
    server = serving(*parts)
    server.behaviours = [Behaviour(auto_commit_s=10.0)]
    with (
        elevenlabs(server),
        app(desk, microphone, home, local() if engine == "whisper" else cloud(server), key(server)) as program,
    ):
        desk.focus(target.title)
        with desk.held("F9"):
            program.wait_for("listening")
            microphone.speak(spoken)
        program.wait_for("idle", 60)
        text = target.wait_for_any(60)
        if engine == "whisper":
            assert words(text) == words(SENTENCE) * times
        else:
            assert words(text) == words(" ".join(parts[: server.spoken_segments]))
            assert server.spoken_segments >= 5
        assert program.takes == []
