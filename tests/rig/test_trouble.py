"""What a person sees when something goes wrong: one clear message with the way out, in the window and in the log;
the recording is kept; and when the trouble is over the words arrive."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fakes import rig
from fakes.rig_app import app, elevenlabs
from fakes.rig_dictating import MODEL, SENTENCE, cloud, dictate, key, local, retry, serving, words

pytestmark = pytest.mark.rig
RECORDINGS = Path(__file__).parents[1] / "data" / "speech"


# ---------------------------------------------------------------------------------------------------- microphone


def test_without_a_microphone_it_says_so_and_takes_one_that_comes(
    desk: rig.Display, target: rig.Terminal, home: Path
) -> None:
    server = serving("heard at last")
    with (
        rig.sound(plugged=False) as sound,
        elevenlabs(server),
        app(desk, sound, home, cloud(server), key(server)) as program,
    ):
        desk.focus(target.title)
        with desk.held("F9"):
            program.wait_until_shown("microphone", "[Choose a microphone]")
        program.wait_for("idle")
        assert "microphone" in program.log.lower()
        assert target.text == ""
        sound.plug()
        dictate(desk, sound, program, SENTENCE)
        target.wait_for("Heard at last")


def test_a_microphone_pulled_out_and_put_back_is_one_recording(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = serving("before and after")
    with elevenlabs(server), app(desk, microphone, home, cloud(server), key(server)) as program:
        desk.focus(target.title)
        with desk.held("F9"):
            program.wait_for("listening")
            microphone.speak(SENTENCE)
            microphone.unplug()
            program.wait_until_shown("microphone", "[Choose a microphone]")
            microphone.plug()
            program.wait_until_shown("Listening again", "VirtualMic", "[]")
            assert "Listening again" in program.log
            microphone.speak(SENTENCE)
        target.wait_for("Before and after")
        program.wait_for("idle")
        assert program.takes == []
        spoken = len(rig.samples(rig.speech(SENTENCE))) // 2
        assert sum(one.samples for one in server.connections) >= 1.8 * spoken


def test_silence_and_noise_give_no_text_but_a_hint(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    with app(desk, microphone, home, local(**{"dictation.silence_hint_s": 1.0})) as program:
        desk.focus(target.title)
        microphone.mute()
        with desk.held("F9"):
            program.wait_until_shown("no sound at all")
        program.wait_for("idle")
        microphone.mute(False)
        for recording in ("10_no_speech.wav",) * 2:
            dictate(desk, microphone, program, RECORDINGS / recording)
        assert target.text == ""
        dictate(desk, microphone, program, SENTENCE, voice="slt")
        assert words(target.wait_for_any()) == words(SENTENCE)


# --------------------------------------------------------------------------------------------------- the provider


def test_a_wrong_key_keeps_the_take_until_the_key_is_right(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = serving("by the right key")
    with elevenlabs(server), app(desk, microphone, home, cloud(server), {"ELEVENLABS_API_KEY": "sk_wrong"}) as program:
        desk.focus(target.title)
        dictate(desk, microphone, program, SENTENCE)
        program.wait_until_shown("key", "[Enter the key]")
        assert len(program.takes) == 1
        assert "[auth, elevenlabs" in program.log
        assert "sk_wrong" not in program.log
        told = next(line for line in program.log.splitlines() if "[auth, elevenlabs" in line)
        assert told.count("You must be authenticated") == 1  # the vendor's words, once
        server.key = "sk_wrong"
        desk.focus(target.title)
        retry(program, "By the right key.")
        target.wait_for("By the right key.")


def test_without_a_network_the_take_is_told_and_arrives_when_it_is_back(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = serving("over the wire at last")
    with elevenlabs(server):
        pass  # the port is known, and nobody listens there
    with app(desk, microphone, home, cloud(server), key(server)) as program:
        desk.focus(target.title)
        with desk.held("F9"):
            program.wait_for("listening")
            microphone.speak(SENTENCE)
            program.wait_until_shown("[Try again]")
        assert "[network, elevenlabs" in program.log or "ConnectionError" in program.log
        with elevenlabs(server):
            rig.wait_until(lambda: "wire" in target.text or bool(program.takes), 60, "an end of the take")
            if program.takes:
                retry(program, "Over the wire at last.")
            target.wait_for("Over the wire at last.")


@pytest.mark.parametrize("code", [1000, 1011])
def test_a_provider_that_hangs_up_in_mid_take_costs_no_word(
    code: int, desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = serving("said only once", close_after_s=1.2, close_code=code)
    with elevenlabs(server), app(desk, microphone, home, cloud(server), key(server)) as program:
        desk.focus(target.title)
        dictate(desk, microphone, program, SENTENCE)
        assert target.wait_for("Said only once.").count("Said") == 1
        assert program.takes == []
        assert len(server.connections) == 2
        assert "reconnecting" in program.log
        spoken = len(rig.samples(rig.speech(SENTENCE))) // 2
        assert server.connections[1].samples >= 0.9 * spoken


def test_a_missing_model_keeps_the_take_until_it_is_there(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    folder = home / "model"
    with app(desk, microphone, home, local(**{"providers.whisper.folder": str(folder)})) as program:
        desk.focus(target.title)
        dictate(desk, microphone, program, SENTENCE, voice="slt")
        program.wait_until_shown("model", "[Download the model]")
        assert len(program.takes) == 1
        assert "download_model" in program.log
        shutil.copytree(MODEL, folder)
        desk.focus(target.title)
        program.call("retry")
        assert words(target.wait_for_any()) == words(SENTENCE)
        rig.wait_until(lambda: not program.takes, what="nothing waiting any more")
