"""Trouble with the machine and the other programs on it: a full disk, a taken key, damaged settings, the clipboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from Xlib import X
from Xlib import display as xdisplay

from fakes import rig
from fakes.rig_app import app, elevenlabs
from fakes.rig_dictating import SENTENCE, cloud, dictate, key, retry, serving

pytestmark = pytest.mark.rig


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
