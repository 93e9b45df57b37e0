"""``doctor``, ``providers``, ``devices``: what there is, and which link is broken."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager

from debabelizer_providers import PROVIDERS
from fakes import rig
from fakes.elevenlabs_server import ElevenLabsServer, scripted
from fakes.recordings import SPEECH, TINY_WHISPER, plain


@contextmanager
def a_local_elevenlabs(**options):
    """The vendor's protocol on a thread of its own; its address and key as environment variables."""
    ready, stop = threading.Event(), None
    found = {}

    async def serve():
        nonlocal stop
        stop = asyncio.Event()
        async with ElevenLabsServer(**options) as server:
            found["server"] = server
            ready.set()
            await stop.wait()

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    try:
        yield found["server"]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def findings(ran):
    return {finding["link"]: finding for finding in ran.json()["findings"]}


def test_every_link_is_named_and_a_missing_microphone_is_the_broken_one(program):
    ran = program("doctor", "--json")
    found = findings(ran)
    assert list(found) == [
        *("settings", "keys", "disk", "microphone", "provider", "recogniser", "files", "hotkey", "insertion"),
    ]
    assert found["files"]["verdict"] == "ok"
    for bound in ("256 MB", "memory by", "time by", "stalling by"):
        assert bound in found["files"]["detail"]
    assert ran.status == 1
    assert ran.json()["broken"] == ["microphone"]
    assert found["microphone"]["detail"] == "No microphone is connected."
    assert found["recogniser"]["verdict"] == "ok", "the built-in recogniser understood the bundled recording"
    assert "no desktop" in found["hotkey"]["detail"]
    assert all(f["remedy"] for f in found.values() if f["verdict"] != "ok")


def test_the_microphone_is_heard_and_a_muted_one_told_from_it(program):
    with rig.sound() as sound:
        program.env |= sound.env
        listed = program("devices")
        assert listed.status == 0
        assert listed.out.strip()
        silent = program("doctor", "microphone")
        assert silent.status == 0
        assert "digital silence" in silent.out
        assert "muted" in silent.out
        spoken = sound.begin_speaking("hello world this is a test of dictation and this is the rest of the sentence")
        heard = program("doctor", "microphone", "--json")
        spoken()
        assert findings(heard)["microphone"]["verdict"] == "ok", heard.out


def test_a_wrong_key_is_the_broken_link(program):
    with a_local_elevenlabs(key="sk_the_right_one") as server:
        program.env |= {
            "ELEVENLABS_API_KEY": "sk_the_wrong_one_0123",
            "DEBABELIZER_PROVIDERS_ELEVENLABS_BASE_URL": server.url,
        }
        ran = program("doctor", "provider", "recogniser", "--json")
        checked = program("keys", "check", "elevenlabs")
        transcribed = program("transcribe", SPEECH / "03_digits.wav")
    assert ran.status == 1
    assert ran.json()["broken"] == ["provider", "recogniser"]
    assert "keys set elevenlabs" in findings(ran)["provider"]["remedy"]
    assert checked.status == 77
    assert "failed" in checked.out
    assert transcribed.status == 77
    assert "keys set elevenlabs" in transcribed.err
    assert "the_wrong_one" not in "".join((ran.out, ran.err, checked.out, transcribed.err, program.log))


def test_a_right_key_makes_the_provider_the_automatic_choice(program):
    sentence = "hello world this is a test of dictation"
    with a_local_elevenlabs(key="sk_the_right_one", recognise=scripted([sentence])) as server:
        program.env |= {
            "ELEVENLABS_API_KEY": "sk_the_right_one",
            "DEBABELIZER_PROVIDERS_ELEVENLABS_BASE_URL": server.url,
        }
        ran = program("doctor", "provider", "recogniser", "--json")
        problems = server.problems
    assert ran.status == 0, ran.out
    assert sentence in plain(findings(ran)["recogniser"]["detail"])
    assert "elevenlabs (automatic: ElevenLabs has a key)" in findings(ran)["provider"]["detail"]
    assert problems == []


def test_providers_say_what_they_need(program):
    bare = {
        p["standing"]["provider"]: p["standing"]["readiness"]
        for p in program("providers", "--json").json()["providers"]
    }
    others = {"whisper": "needs_model", "sphinx": "ready", "system": "ready"}
    assert bare == dict.fromkeys(PROVIDERS, "needs_key") | others
    program.env["DEBABELIZER_PROVIDERS_WHISPER_FOLDER"] = str(TINY_WHISPER)
    shown = program("providers")
    assert shown.status == 0
    assert "* whisper" in shown.out
    assert "* in use: automatic: Whisper" in shown.out
    assert "English" in shown.out


def test_without_sound_there_is_no_device_and_that_is_said(program):
    ran = program("devices")
    assert (ran.status, ran.out) == (0, "")
    assert "no microphone" in ran.err
    assert program("devices", "--json").json()["microphones"] == []


def test_a_taken_key_and_a_free_one(program):
    with rig.display() as desk:
        program.env |= desk.env
        free = program("doctor", "hotkey", "insertion", "--json")
        assert free.status == 0, free.out
        assert findings(free)["hotkey"]["detail"] == "F9 is free for the program."
        assert "pasted" in findings(free)["insertion"]["detail"]
        nonsense = program("--set", "dictation.key=Blub", "doctor", "hotkey", "--json")
        assert nonsense.json()["broken"] == ["hotkey"]
        assert "Blub" in findings(nonsense)["hotkey"]["detail"]


def test_a_folder_that_can_not_be_written_is_the_broken_link(program):
    program.home.mkdir()
    (program.home / "state").write_text("in the way")
    ran = program("doctor", "disk", "--json")
    assert ran.json()["broken"] == ["disk"]
    assert str(program.home) in findings(ran)["disk"]["detail"]
