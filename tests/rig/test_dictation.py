"""A person's path through the real program: hold a key, speak, let go, and read what the other program got."""

from __future__ import annotations

from pathlib import Path

from fakes import rig
from fakes.elevenlabs_server import Behaviour, ElevenLabsServer, scripted
from fakes.rig_app import app, elevenlabs
from fakes.rig_dictating import SENTENCE, cloud, dictate, key, local, words


def test_whisper_on_this_machine_writes_what_was_said(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    with app(desk, microphone, home, local()) as program:
        desk.focus(target.title)
        with desk.clipboard({"UTF8_STRING": b"kept by the user", "text/html": b"<b>kept</b>"}):
            dictate(desk, microphone, program, SENTENCE, voice="slt")
            assert words(target.wait_for_any()) == words(SENTENCE)
            rig.wait_until(lambda: desk.paste() == b"kept by the user", what="the clipboard being restored")
            assert desk.paste("text/html") == b"<b>kept</b>"
        assert "\x1b" not in target.text  # the key itself did not leak


def test_the_built_in_recogniser_needs_nothing(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    with app(desk, microphone, home, {"provider": "sphinx"}) as program:
        desk.focus(target.title)
        dictate(desk, microphone, program, SENTENCE)
        heard = words(target.wait_for_any())
    right = sum(1 for word in words(SENTENCE) if word in heard)
    assert right >= 0.7 * len(words(SENTENCE)), heard


def test_elevenlabs_writes_every_utterance_over_one_connection(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = ElevenLabsServer(recognise=scripted(["Привет, мир.", "Second sentence."]))
    with elevenlabs(server), app(desk, microphone, home, cloud(server), key(server)) as program:
        desk.focus(target.title)
        dictate(desk, microphone, program, SENTENCE)
        target.wait_for("Привет, мир.")
        dictate(desk, microphone, program, SENTENCE)
        target.wait_for("Second sentence.")
        assert len(server.connections) == 1
        assert server.problems == []


def test_a_press_starts_and_the_next_one_ends(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = ElevenLabsServer(recognise=scripted(["by toggle"]))
    more = {"dictation.mode": "toggle"}
    with elevenlabs(server), app(desk, microphone, home, cloud(server, **more), key(server)) as program:
        desk.focus(target.title)
        desk.press("F9")
        program.wait_for("listening")
        microphone.speak(SENTENCE)
        assert program.state == "listening"
        desk.press("F9")
        assert words(target.wait_for_any()) == ["by", "toggle"]


def test_escape_cancels_and_nothing_arrives(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = ElevenLabsServer(recognise=scripted(["first try", "second try"]))
    with elevenlabs(server), app(desk, microphone, home, cloud(server), key(server)) as program:
        desk.focus(target.title)
        with desk.held("F9"):
            program.wait_for("listening")
            microphone.speak(SENTENCE)
            desk.press("Escape")
        program.wait_for("idle")
        dictate(desk, microphone, program, SENTENCE)
        target.wait_for("try")
        assert len(words(target.text)) == 2
        assert "\x1b" not in target.text


def test_undo_takes_back_exactly_what_was_put_in(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = ElevenLabsServer(recognise=scripted(["taken back"]))
    more = {"dictation.undo_key": "F10"}
    with elevenlabs(server), app(desk, microphone, home, cloud(server, **more), key(server)) as program:
        desk.focus(target.title)
        desk.type("before ")
        target.wait_for("before ")
        dictate(desk, microphone, program, SENTENCE)
        inserted = target.wait_for("Taken back.").removeprefix("before ")
        target.clear()
        desk.press("F10")
        rig.wait_until(lambda: len(target.text) >= len(inserted), what="as many deletions as characters")
        assert set(target.text) <= {"\x7f", "\x08"}
        assert len(target.text) == len(inserted)
        desk.press("F10")
        desk.type("z")
        target.wait_for("z")
        assert len(target.text) == len(inserted) + 1  # the second press had nothing to take back


def test_a_correction_is_marked_for_a_moment(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = ElevenLabsServer(recognise=scripted(["ask about their essay"]))
    more = {"providers.elevenlabs.transcript_edit": "Mend it.", "window.theme": "light"}
    with elevenlabs(server), app(desk, microphone, home, cloud(server, **more), key(server)) as program:
        desk.focus(target.title)
        plain = accent_soft(desk, home)
        dictate(desk, microphone, program, SENTENCE)
        rig.wait_until(lambda: accent_soft(desk, home) > plain + 500, what="the corrected words being marked")
        rig.wait_until(lambda: accent_soft(desk, home) <= plain, what="the mark going away again")


def accent_soft(desk: rig.Display, folder: Path) -> int:
    """Pixels of the colour that stands behind corrected words."""
    from PySide6.QtGui import QImage

    picture = QImage(str(desk.screenshot(folder / "look.png"))).convertToFormat(QImage.Format.Format_RGB32)
    return bytes(picture.constBits()).count(bytes([0xEE, 0xF2, 0xD9, 0xFF]))


def test_a_dropped_connection_in_mid_sentence_loses_nothing(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = ElevenLabsServer(
        recognise=scripted(["one whole sentence in spite of it"]), behaviours=[Behaviour(drop_after_s=1.5), Behaviour()]
    )
    with elevenlabs(server) as until, app(desk, microphone, home, cloud(server), key(server)) as program:
        desk.focus(target.title)
        with desk.held("F9"):
            program.wait_for("listening")
            microphone.speak(SENTENCE)
            until(lambda it: len(it.connections) == 2)
        assert words(target.wait_for_any()) == words("one whole sentence in spite of it")
        assert "reconnecting" in program.log
        assert server.key not in program.log
        spoken = len(rig.samples(rig.speech(SENTENCE))) // 2
        assert server.connections[1].samples >= 0.9 * spoken  # all of it was said again, from the start


def test_a_killed_program_offers_the_take_again(
    desk: rig.Display, microphone: rig.Sound, target: rig.Terminal, home: Path
) -> None:
    server = ElevenLabsServer(recognise=scripted(["from the grave"]))
    with elevenlabs(server):
        with app(desk, microphone, home, cloud(server), key(server)) as program:
            desk.focus(target.title)
            desk.key_down("F9")
            program.wait_for("listening")
            microphone.speak(SENTENCE)
            program.process.kill()
            program.process.wait()
            desk.key_up("F9")
        desk.wait_until_gone("Debabelizer")
        with app(desk, microphone, home, env=key(server)) as program:
            takes = program.call("status")["takes"]
            assert len(takes) == 1
