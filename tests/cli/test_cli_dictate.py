"""Dictation in a terminal and in a pipe; takes that are kept and tried again."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import wave

import pytest

from fakes import rig
from fakes.recordings import SPEECH, plain, recording, silence, words_wrong
from fakes.soniox_server import Behaviour, SonioxServer

HELLO = SPEECH / "01_hello_test.wav"
SAID = "hello world this is a test of dictation"


def recording_of(program):
    """Waits until the sound of a take is on disk (its folder is watched through the program's own list)."""
    folder = program.home / "state" / "takes"

    def growing():
        return any(path.stat().st_size > 32_000 for path in folder.glob("*.wav"))

    rig.wait_until(growing, 20.0, "a take of a second")


def watch(master, until=b""):
    """What comes out of a pseudo-terminal, up to some words or to its end."""
    seen = b""
    while not (until and until in seen.lower()):
        try:
            more = os.read(master, 4096)
        except OSError:  # the other side is closed
            break
        if not more:
            break
        seen += more
    return seen


def test_a_recording_is_dictated_as_if_it_were_spoken(whisper):
    ran = whisper("dictate", "--file", HELLO)
    assert (ran.status, plain(ran.out)) == (0, SAID)
    assert ran.out.count("\n") == 1
    assert "Recognised by whisper" in ran.err
    assert list((whisper.home / "state" / "takes").glob("*.wav")) == [], "its text arrived: nothing is kept"


def test_without_a_microphone_or_anything_else_it_takes_the_bundled_sample_and_says_so(program):
    ran = program()
    assert ran.status == 0
    assert words_wrong(SAID, ran.out) <= 0.3
    assert "There is no display" in ran.err
    assert "No microphone is connected. Taking the bundled recording" in ran.err
    quiet = program("dictate", "--raw")
    assert (quiet.status, quiet.out, quiet.err) == (0, ran.out, "")


def test_the_microphone_is_heard_until_a_line_comes_through_the_pipe(whisper):
    with rig.sound() as sound:
        whisper.env |= sound.env
        with whisper.started("dictate") as process:
            recording_of(whisper)
            sound.speak(HELLO)
            out, err = process.communicate(b"\n", timeout=60)
    assert process.returncode == 0, err
    assert plain(out.decode()) == SAID
    assert b"bundled" not in err


def test_it_ends_by_itself_after_the_seconds_it_was_given(whisper):
    ran = whisper("dictate", "--file", SPEECH / "08_long_silences.wav", "--seconds", "2.5")
    assert ran.status == 0
    assert plain(ran.out) == "hello world"


def test_ctrl_c_cancels_and_keeps_the_take_for_another_try(whisper):
    with whisper.started("dictate", "--file", HELLO) as process:
        recording_of(whisper)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b"")
    assert b"debabelizer takes retry last" in err
    (take,) = whisper("takes", "list", "--json").json()
    assert take["seconds"] >= 1.0
    again = whisper("takes", "retry", "last")
    assert again.status == 0
    assert plain(again.out).startswith("hello world")
    assert whisper("takes", "list", "--json").json() == []


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_a_killed_program_leaves_its_take(whisper, tmp_path):
    with whisper.started("dictate", "--file", SPEECH / "08_long_silences.wav") as process:
        recording_of(whisper)
        process.kill()
        process.communicate(timeout=30)
    (take,) = whisper("takes", "list", "--json").json()
    assert take["take"] in whisper("takes", "list").out
    target = tmp_path / "out.wav"
    assert whisper("takes", "export", take["take"], target).status == 0
    with wave.open(str(target)) as exported:
        assert exported.getframerate() == 16_000
        seconds = exported.getnframes() / 16_000
        start = exported.readframes(16_000)
    assert seconds == pytest.approx(take["seconds"], abs=0.1)
    assert start == recording("long_silences").pcm[: len(start)]
    refused = whisper("takes", "discard", "last", stdin="n\n")
    assert refused.status == 130
    assert whisper("takes", "discard", "last", "--yes").status == 0
    assert whisper("takes", "list", "--json").json() == []


def test_a_failure_keeps_the_take_and_another_provider_understands_it(program):
    ran = program("dictate", "--file", HELLO, "--provider", "elevenlabs")
    assert ran.status in (2, 77)
    assert ran.out == ""
    assert "API key, and none is set. Set the key: debabelizer keys set elevenlabs\n" in ran.err
    assert "debabelizer: The recording is kept: debabelizer takes retry" in ran.err
    assert len(program("takes", "list").out.splitlines()) == 1
    again = program("takes", "retry", "last", "--provider", "sphinx")
    assert again.status == 0
    assert words_wrong(SAID, again.out) <= 0.3


def test_cause_and_remedy_are_two_sentences(program):
    ran = program(
        *("--set", "providers.deepgram.base_url=http://127.0.0.1:9"),
        *("dictate", "--file", SPEECH / "10_no_speech.wav", "--provider", "deepgram"),
        env={"DEEPGRAM_API_KEY": "any"},
    )
    assert ran.status == 69
    assert "127.0.0.1 refuses connections. Check the network" in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
def test_who_still_speaks_sees_that_nobody_listens(program):
    import pty

    master, terminal = pty.openpty()
    ends = dict.fromkeys(("stdin", "stdout", "stderr"), terminal)
    spoken = SPEECH / "08_long_silences.wav"
    with program.started("dictate", "--provider", "deepgram", "--file", spoken, **ends) as process:
        os.close(terminal)
        seen = watch(master, until=b"what you say is kept.")
        assert b"needs an API key" in seen
        os.write(master, b"\n")
        seen = watch(master)
        assert process.wait(timeout=30) == 2
    os.close(master)
    assert b"debabelizer takes retry" in seen


def test_folders_that_cannot_be_written_cost_the_history_and_no_word(program):
    program.home.mkdir()
    for folder in ("state", "data"):
        (program.home / folder).write_text("not a folder")
    ran = program("dictate", "--file", HELLO, "--provider", "sphinx")
    assert ran.status == 0
    assert words_wrong(SAID, ran.out) <= 0.3
    assert all(line.startswith("debabelizer: ") for line in ran.err.splitlines()), ran.err
    told = program("history")
    assert told.status == 73
    assert f"The history can't be used: {program.home / 'data'}: " in told.err


def test_an_unreadable_file_is_named_and_nothing_is_kept(program, tmp_path):
    (tmp_path / "notes.txt").write_text("these are words, but not sound")
    ran = program("dictate", "--file", tmp_path / "notes.txt")
    assert ran.status == 66
    assert "notes.txt is not an audio or video file" in ran.err
    assert program("takes", "list", "--json").json() == []


def test_silence_gives_no_text_and_says_so(whisper):
    ran = whisper("dictate", "--file", SPEECH / "10_no_speech.wav")
    assert (ran.status, ran.out) == (0, "")
    assert "No speech was understood" in ran.err


def test_there_is_nothing_to_retry(program):
    for verb in ("retry", "discard"):
        ran = program("takes", verb, "last")
        assert ran.status == 2
        assert "No recording is waiting" in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
async def test_a_connection_that_is_back_is_no_trouble_any_more(program):
    import pty

    behaviours = [Behaviour(drop_after_s=1.0), Behaviour()]
    async with SonioxServer(behaviours=behaviours) as server:
        program.env |= {"SONIOX_API_KEY": server.key, "DEBABELIZER_PROVIDERS_SONIOX_BASE_URL": server.url}
        master, terminal = pty.openpty()
        ends = dict.fromkeys(("stdin", "stdout", "stderr"), terminal)
        with program.started("dictate", "--provider", "soniox", "--file", HELLO, **ends) as process:
            os.close(terminal)
            seen = await asyncio.to_thread(watch, master)
            assert await asyncio.to_thread(process.wait, 30) == 0
    os.close(master)
    frames = seen.decode(errors="replace").split("●")
    assert not any("broke" in frame for frame in frames[-3:]), frames[-5:]
    assert frames[-1].strip().endswith("this is a test")


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
def test_in_a_terminal_the_text_grows_in_place_and_enter_ends(whisper, tmp_path):
    import pty

    spoken, cut = recording("long_silences").pcm, 2 * 32_000
    with wave.open(str(tmp_path / "pause.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        # whoever reads along has a minute to press Enter before more is said
        file.writeframes(spoken[:cut] + silence(60) + spoken[cut:])
    master, terminal = pty.openpty()
    ends = dict.fromkeys(("stdin", "stdout", "stderr"), terminal)
    with whisper.started("dictate", "--file", tmp_path / "pause.wav", **ends) as process:
        os.close(terminal)
        seen = watch(master, until=b"world")
        os.write(master, b"\n")
        seen += watch(master)
        assert process.wait(timeout=30) == 0
    os.close(master)
    screen = seen.decode(errors="replace")
    assert "listening" in screen
    assert "\x1b[" in screen
    lines = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen).splitlines()
    assert plain(lines[-1]) == "hello world", "the text stays when the live part has gone"
    assert "paragraph" not in screen.lower(), "ended before that was said"


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
@pytest.mark.parametrize("provider", ["whisper", "deepgram"])
def test_who_closes_the_terminal_while_speaking_loses_no_word(provider, whisper, tmp_path):
    import pty

    with wave.open(str(tmp_path / "pause.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(recording("long_silences").pcm[: 2 * 32_000] + silence(60))
    master, terminal = pty.openpty()
    ends = dict.fromkeys(("stdin", "stdout", "stderr"), terminal)
    with whisper.started("dictate", "--provider", provider, "--file", tmp_path / "pause.wav", **ends) as process:
        os.close(terminal)
        watch(master, until=b"world" if provider == "whisper" else b"what you say is kept.")
        os.close(master)
        process.wait(timeout=30)
    kept = [take["error"] for take in whisper("takes", "list", "--json").json()]
    if provider == "whisper":
        assert "hello world" in plain(whisper("history").out)
        assert not kept
    else:
        assert "needs an API key" in kept[0]


def test_the_text_can_go_to_the_clipboard_as_well(whisper):
    with rig.display() as desk:
        whisper.env |= desk.env
        ran = whisper("dictate", "--file", SPEECH / "03_digits.wav", "--copy")
        assert ran.status == 0
        assert "copied with xclip" in ran.err
        pasted = subprocess.run(
            ["xclip", "-selection", "clipboard", "-out"], env=whisper.env, capture_output=True, check=True, timeout=10
        )
    assert pasted.stdout.decode() == ran.out.rstrip("\n")


def test_without_the_windows_library_it_dictates_in_the_terminal(program):
    with rig.display() as desk:
        program.env |= desk.env
        sabotage = program.home / "sabotage" / "PySide6"
        sabotage.mkdir(parents=True)
        (sabotage / "__init__.py").write_text("raise ImportError('libEGL.so.1 is missing')")
        program.env["PYTHONPATH"] = f"{sabotage.parent}{os.pathsep}{program.env['PYTHONPATH']}"
        ran = program()
    assert ran.status == 0
    assert "The window can't be opened (libEGL.so.1 is missing). Dictating in the terminal." in ran.err
    assert words_wrong(SAID, ran.out) <= 0.3
