"""What a person sees when something goes wrong: one clear message with the way out, in the window and in the log;
the recording is kept; and when the trouble is over the words arrive."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import time
import wave
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from Xlib import X
from Xlib import display as xdisplay

from fakes import rig
from fakes.elevenlabs_server import Behaviour, ElevenLabsServer, scripted
from fakes.rig_app import App, app, elevenlabs
from fakes.rig_dictating import MODEL, SENTENCE, cloud, dictate, key, local, words

pytestmark = pytest.mark.rig
RECORDINGS = Path(__file__).parents[1] / "data" / "speech"


def serving(*sentences: str, **behaviour: object) -> ElevenLabsServer:
    """A local ElevenLabs that understands these; ``behaviour``: of its first connection."""
    first = [Behaviour(**behaviour)] if behaviour else []  # type: ignore[arg-type]
    return ElevenLabsServer(recognise=scripted(list(sentences)), behaviours=[*first, Behaviour()])


def retry(program: App, text: str) -> None:
    """The kept take becomes text at last, and nothing waits any more."""
    assert len(program.takes) == 1
    program.call("retry")
    rig.wait_until(lambda: not program.takes, 30, "the take becoming text")
    rig.wait_until(lambda: text in remembered(program), what=f"{text!r} in the history")


def remembered(program: App) -> list[str]:
    """All texts of the program's history."""
    path = next(program.home.rglob("history.sqlite3"), None)
    if path is None:
        return []
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        made = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'takes'").fetchone()
        return [row[0] for row in database.execute("SELECT text FROM takes")] if made else []


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


# --------------------------------------------------------------------------------------------------- this machine


def test_a_full_disk_is_told_and_the_take_goes_on_in_memory(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    resource = pytest.importorskip("resource")
    server = serving("from memory alone", error="transcriber_error", error_at_commit=True)
    with elevenlabs(server), app(desk, microphone, home, cloud(server), key(server)) as program:
        desk.focus(target.title)
        unlimited = resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE, (40_000, unlimited[1]))
        with desk.held("F9"):
            program.wait_for("listening")
            microphone.speak(SENTENCE)
            program.wait_until_shown("disk", "[Open the folder]")
        program.wait_for("idle")
        resource.prlimit(program.process.pid, resource.RLIMIT_FSIZE, unlimited)
        assert "can't be written to disk" in program.log
        if program.takes:
            retry(program, "From memory alone.")
        target.wait_for("From memory alone.")
        spoken = len(rig.samples(rig.speech(SENTENCE))) // 2
        assert server.connections[-1].samples >= 0.9 * spoken


@contextmanager
def grabbed(desk: rig.Display, name: str) -> Iterator[None]:
    """Another program owns this key."""
    other = xdisplay.Display(desk.name)
    root = other.screen().root
    code = desk.x.keycodes(name)[0][0]
    try:
        root.grab_key(code, X.AnyModifier, False, X.GrabModeAsync, X.GrabModeAsync)
        other.sync()
        yield
    finally:
        other.close()


def test_a_key_of_another_program_is_told_and_another_way_leads_to_text(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = serving("by command")
    with grabbed(desk, "F9"), elevenlabs(server), app(desk, microphone, home, cloud(server), key(server)) as program:
        program.wait_until_shown("F9", "[Choose another key]")
        assert "F9" in program.log
        desk.focus(target.title)
        program.call("start")
        program.wait_for("listening")
        microphone.speak(SENTENCE)
        program.call("stop")
        target.wait_for("By command.")


def test_a_second_copy_shows_the_first_and_ends(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = serving("still the first")
    with elevenlabs(server), app(desk, microphone, home, cloud(server), key(server)) as program:
        desk.focus(target.title)
        second = program.another()
        assert second.returncode == 0
        assert "already running" in second.stderr.decode()
        assert "already running" in program.log
        desk.wait_for_focus("Debabelizer")
        desk.focus(target.title)
        with desk.held("F9"):
            program.wait_for("listening")
            microphone.speak(SENTENCE)
            assert program.another().returncode == 0
            assert program.state == "listening"
        target.wait_for("Still the first.")


def test_a_damaged_settings_file_is_salvaged_and_kept(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = serving("in spite of it")
    with elevenlabs(server):
        damaged = (
            f'provider = "elevenlabs"\nlanguages = [ [ "broken\n[dictation]\ntail_ms = "many"\n'
            f'[providers.elevenlabs]\nbase_url = "{server.url}"\n'
        )
        file = home / "config" / "settings.toml"
        file.parent.mkdir(parents=True)
        file.write_text(damaged)
        with app(desk, microphone, home, None, key(server)) as program:
            shown = program.wait_until_shown("settings")
            assert "settings" in program.log
            kept = [path for path in file.parent.iterdir() if path.read_text() == damaged]
            assert kept, f"the damaged file is gone; {shown}"
            desk.focus(target.title)
            dictate(desk, microphone, program, SENTENCE)
            target.wait_for("In spite of it.")


# -------------------------------------------------------------------------------------------------- ends of all kinds


def test_a_killed_program_loses_nothing(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = serving("from the grave")
    with elevenlabs(server) as until:
        with app(desk, microphone, home, cloud(server), key(server)) as program:
            desk.focus(target.title)
            desk.key_down("F9")
            program.wait_for("listening")
            microphone.speak(SENTENCE)
            spoken = len(rig.samples(rig.speech(SENTENCE))) // 2
            until(lambda it: it.connections and it.connections[0].samples >= 0.9 * spoken)
            program.process.kill()
            program.process.wait()
            desk.key_up("F9")
        desk.wait_until_gone("Debabelizer")
        heard = server.connections[0].samples
        with app(desk, microphone, home, env=key(server)) as program:
            program.wait_until_shown("never became text", "[Retry]")
            assert len(program.takes) == 1
            retry(program, "From the grave.")
        assert server.connections[-1].samples >= heard - 1600  # at most 100 ms are lost


@pytest.mark.parametrize("state", ["idle", "opening", "listening", "finishing"])
def test_quitting_is_quick_in_every_state_and_keeps_the_take(
    state: str, desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = serving("finished another day", answer_delay_s=30.0)
    with elevenlabs(server) as until:
        with app(desk, microphone, home, cloud(server), key(server)) as program:
            desk.focus(target.title)
            if state != "idle":
                desk.key_down("F9")
            if state in ("listening", "finishing"):
                program.wait_for("listening")
                microphone.speak(SENTENCE)
            if state == "finishing":
                desk.key_up("F9")
                until(lambda it: any(chunk.commit for chunk in it.connections[0].messages))
            began = time.monotonic()
            program.process.send_signal(signal.SIGTERM)
            program.process.wait(10)
            took = time.monotonic() - began
            desk.key_up("F9")
            assert took < 3.0, program.log[-2000:]
            assert program.process.returncode == 0
        desk.wait_until_gone("Debabelizer")
        if state in ("listening", "finishing"):
            with app(desk, microphone, home, env=key(server)) as program:
                assert len(program.takes) == 1
                retry(program, "Finished another day.")


# ------------------------------------------------------------------------------------------------ the other program


def test_what_the_user_copied_meanwhile_wins(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = serving("in between", answer_delay_s=0.5)
    with elevenlabs(server) as until, app(desk, microphone, home, cloud(server), key(server)) as program:
        desk.focus(target.title)
        with desk.clipboard({"UTF8_STRING": b"older"}):
            with desk.held("F9"):
                program.wait_for("listening")
                microphone.speak(SENTENCE)
            until(lambda it: any(chunk.commit for chunk in it.connections[0].messages))
            with desk.clipboard({"UTF8_STRING": b"newer"}):
                target.wait_for("In between.")
                program.wait_for("idle")
                rig.wait_until(lambda: desk.paste() == b"newer", what="the newer text on the clipboard")
                with desk.clipboard({"UTF8_STRING": b"newest"}) as newest:
                    dictate(desk, microphone, program, SENTENCE)
                    rig.wait_until(lambda: target.text.count("In between.") == 2, what="the second text")
                    rig.wait_until(lambda: desk.paste() == b"newest", what="the newest text on the clipboard")
                    assert newest.reads


def test_a_target_that_closed_leaves_the_words_on_the_clipboard(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = serving("nowhere to go")
    with elevenlabs(server), app(desk, microphone, home, cloud(server), key(server)) as program:
        with rig.terminal(desk, "closing soon") as doomed:
            desk.focus(doomed.title)
            desk.key_down("F9")
            program.wait_for("listening")
            microphone.speak(SENTENCE)
        desk.wait_until_gone("closing soon")
        desk.focus(target.title)
        desk.key_up("F9")
        program.wait_for("idle")
        rig.wait_until(
            lambda: desk.paste().strip() == b"Nowhere to go.", 5, f"the words on the clipboard, not {desk.paste()!r}"
        )
        assert target.text == ""
        assert "clipboard" in program.log


# ------------------------------------------------------------------------------------------------------ endurance

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
