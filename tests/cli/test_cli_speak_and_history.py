"""The commands around dictation: speaking, the history, completion."""

from __future__ import annotations

import subprocess
import time

import pytest

from debabelizer import detect_audio_format, estimate_audio_duration
from debabelizer.events import InsertResult
from debabelizer.store import History, HistoryEntry


def test_text_is_spoken_into_a_file(program, tmp_path):
    ran = program("speak", "--output", tmp_path / "a.mp3", "--json", "Hello", "world.")
    assert ran.status == 0
    assert f"Written to {tmp_path / 'a.mp3'}" in ran.err
    assert ran.json()["seconds"] == pytest.approx(estimate_audio_duration(tmp_path / "a.mp3"), abs=0.1)
    assert detect_audio_format(tmp_path / "a.mp3") == "mp3"
    assert program("speak", "-o", tmp_path / "b.wav", "-l", "de", "--rate", "2", stdin="Guten Morgen").status == 0
    assert 0.2 < estimate_audio_duration(tmp_path / "b.wav") < 2


def test_what_can_not_be_spoken_is_told(program, tmp_path):
    assert "no text" in program("speak").err
    nobody = program("speak", "-V", "nobody", "-o", tmp_path / "a.wav", "hi")
    assert (nobody.status, "no voice 'nobody'" in nobody.err) == (2, True)
    assert "gramophone" in program("speak", "-o", tmp_path / "a.gramophone", "hi").err
    silent = program("speak", "hi")
    assert silent.status == 69
    assert "No sound can be played" in silent.err
    program.env["PATH"] = str(tmp_path)
    assert "install espeak-ng" in program("speak", "--voices").err
    assert list(tmp_path.glob("a.*")) == []


def test_voices_are_listed(program):
    german = program("speak", "--voices", "--language", "de", "--json").json()
    assert {voice["language"].partition("-")[0] for voice in german} == {"de"}
    assert german[0]["voice_id"] in program("speak", "--voices").out
    assert "No voice speaks" in program("speak", "--voices", "-l", "xx").err


def test_the_history_is_listed_found_and_cleared(program):
    assert "empty" in program("history").err
    kept = History(program.home / "data")
    for number, text in enumerate(("first thing", "second\nthing", "other")):
        kept.add(
            HistoryEntry(
                take=f"t{number}",
                text=text,
                provider="sphinx",
                result=InsertResult.INSERTED,
                finished=time.time() + number,
            )
        )
    kept.close()
    assert [line[18:] for line in program("history").out.splitlines()] == ["first thing", "second thing", "other"]
    assert [line[18:] for line in program("history", "-n", "1").out.splitlines()] == ["other"]
    assert [entry["take"] for entry in program("history", "thi", "--json").json()] == ["t0", "t1"]
    assert program("history", "--clear", stdin="n\n").status == 130
    assert len(program("history").out.splitlines()) == 3
    assert program("history", "--clear", "--yes").status == 0
    assert program("history").out == ""


def test_a_shell_completes(program):
    script = program("completion", "bash").out
    assert "_DEBABELIZER_COMPLETE=bash_complete" in script
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0
    assert "compdef" in program("completion", "zsh").out
    assert "fish" in program("completion", env={"SHELL": "/usr/bin/fish"}).out
    assert "Which shell" in program("completion", env={"SHELL": ""}).err
    words = {"COMP_WORDS": "debabelizer tr", "COMP_CWORD": "1", "_DEBABELIZER_COMPLETE": "bash_complete"}
    assert program(env=words).out.split() == ["plain,transcribe"]
