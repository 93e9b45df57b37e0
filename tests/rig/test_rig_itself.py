"""The rig keeps its own promises: what a test stands on is tested first."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from fakes import rig
from fakes.rig_processes import Reader


def test_keys_reach_the_focused_terminal_and_only_it(desk: rig.Display) -> None:
    with rig.terminal(desk, "first one") as first, rig.terminal(desk, "second one") as second:
        desk.focus("first one")
        assert desk.focused() == "first one"
        desk.type("Hello, World!")
        first.wait_for("Hello, World!")
        desk.focus("second one")
        desk.press("ctrl+v")
        second.wait_for("\x16")
        assert first.text == "Hello, World!"


def test_a_held_key_is_down_until_the_block_ends(desk: rig.Display) -> None:
    with desk.held("ctrl+F9"):
        assert desk.is_down("F9")
        assert desk.is_down("ctrl")
    assert not desk.is_down("F9")
    assert not desk.is_down("ctrl")


def test_the_clipboard_holds_several_formats_and_counts_its_readers(desk: rig.Display) -> None:
    formats = {"UTF8_STRING": "Grüße, мир".encode(), "text/html": b"<b>bold</b>", "image/png": bytes(range(256))}
    with desk.clipboard(formats) as owner:
        assert desk.clipboard_formats() == {"TARGETS", *formats}
        assert {name: desk.paste(name) for name in formats} == formats
        assert desk.paste("text/rtf") == b""
        assert owner.reads == dict.fromkeys(formats, 1)
        with desk.clipboard({"UTF8_STRING": b"newer"}):
            assert owner.lost.wait(5)
            assert desk.paste() == b"newer"


def test_a_screenshot_shows_the_screen(desk: rig.Display, tmp_path: Path) -> None:
    picture = desk.screenshot(tmp_path / "screen.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert picture[16:24] == (1280).to_bytes(4, "big") + (800).to_bytes(4, "big")


def test_what_is_spoken_is_heard_sample_for_sample() -> None:
    spoken = rig.samples(rig.speech("hello world"))
    with rig.sound() as sound:
        heard = bytearray()
        enough = threading.Event()
        command = ["parec", "--raw", "--rate=16000", "--channels=1", "--latency-msec=10", "-d", "vmic"]
        recorder = subprocess.Popen(command, env={**os.environ, **sound.env}, stdout=subprocess.PIPE)
        assert recorder.stdout is not None

        def listen(data: bytes) -> None:
            heard.extend(data)
            if spoken.strip(b"\0") in heard:
                enough.set()

        reader = Reader(recorder.stdout, listen)
        sound.speak("hello world")
        assert enough.wait(5)
        recorder.terminate()
        reader.join()
        recorder.wait()
        recorder.stdout.close()


def test_microphones_come_and_go() -> None:
    with rig.sound(plugged=False) as sound:
        assert sound.sources() == []
        sound.plug()
        sound.second()
        assert sound.sources() == ["vmic", "mic2"]
        sound.unplug()
        assert sound.sources() == ["mic2"]
        sound.kill_server()
        sound.start_server()
        assert sound.sources() == []


@pytest.mark.parametrize("part", ["display", "sound", "bus"])
def test_nothing_is_left_behind(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {p.pid for p in psutil.Process().children(recursive=True)}
    # A folder of its own (short, for the paths of sockets): rigs of other tests come and go in the common one.
    with TemporaryDirectory(prefix="left-") as own:
        monkeypatch.setattr(tempfile, "tempdir", own)
        with getattr(rig, part)():
            assert {p.pid for p in psutil.Process().children(recursive=True)} > before
            assert list(Path(own).iterdir())
        assert {p.pid for p in psutil.Process().children(recursive=True)} == before
        assert not list(Path(own).iterdir())


def test_the_secret_store_keeps_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.backends.SecretService import Keyring

    with rig.bus() as bus, rig.keyring(bus):
        for name, value in bus.env.items():
            monkeypatch.setenv(name, value)
        store = Keyring()
        store.set_password("debabelizer-test", "key", "s3cret")
        assert store.get_password("debabelizer-test", "key") == "s3cret"


def test_a_missing_tool_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(rig.MissingToolError, match="xvfb"), rig.display():
        raise AssertionError("a display without Xvfb")
