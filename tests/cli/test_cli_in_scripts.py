"""The command among other commands: pipes, a full disk, JSON, completion, exit codes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from fakes.recordings import SPEECH, plain

HELLO = SPEECH / "01_hello_test.wav"


def completed(program, line):
    """What the shell would offer for the last word of ``line``."""
    env = {
        "_DEBABELIZER_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split(" ")) - 1),
    }
    ran = program(env=env)
    assert ran.err == ""
    return [answer.partition(",")[2] for answer in ran.out.split()]


def test_the_shell_completes_what_may_stand_there(program):
    assert completed(program, "debabelizer pro") == ["providers"]
    assert completed(program, "debabelizer config set selection.s") == ["selection.strategy"]
    assert "latency" in completed(program, "debabelizer config set selection.strategy ")
    assert completed(program, "debabelizer config set selection.offline t") == ["true"]
    assert completed(program, "debabelizer transcribe --provider deep") == ["deepgram"]
    assert "sphinx" not in completed(program, "debabelizer keys set ")
    assert completed(program, "debabelizer models download ") == ["whisper"]
    assert "tiny" in completed(program, "debabelizer models download whisper ti")
    assert completed(program, "debabelizer models download nobody ") == []


@pytest.mark.parametrize("arguments", [["config", "show", "--all"], ["config", "reference"], ["providers", "--json"]])
def test_a_reader_that_stops_is_no_failure(program, arguments):
    with program.started(*arguments) as process:
        process.stdout.close()
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/dev/full")
@pytest.mark.skipif(sys.platform == "win32", reason="no such name there")
def test_the_name_of_a_file_does_not_steer_the_terminal(program, tmp_path):
    (tmp_path / "\x1b[2Jgone.wav").write_bytes(b"")
    ran = program("transcribe", "--provider", "sphinx", tmp_path)  # looks for control codes by itself
    assert ran.status == 66
    assert "\N{REPLACEMENT CHARACTER}[2Jgone.wav is empty" in ran.err


def test_a_full_disk_is_named(program):
    with open("/dev/full", "wb") as full, program.started("providers", stdout=full, stderr=subprocess.PIPE) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 73
    assert err.decode() == "debabelizer: The output can't be written: No space left on device.\n"


def test_a_dictation_as_data(program):
    failed = program("dictate", "--file", HELLO, "--seconds", "1.5", "--provider", "deepgram", "--json")
    assert failed.status == 2
    told = failed.json()
    assert (told["text"], told["provider"], told["error"]["category"]) == ("", "deepgram", "config")
    again = program("takes", "retry", "last", "--provider", "sphinx", "--json").json()
    assert (again["take"], again["provider"], again["error"]) == (told["take"], "sphinx", None)
    assert again["seconds"] > 1
    assert plain(again["text"]).startswith("hello")


def test_exit_codes_tell_what_went_wrong(program):
    program.env["DEEPGRAM_API_KEY"] = "a-key-of-mine"
    nowhere = ["--set", "providers.deepgram.base_url=http://127.0.0.1:9"]
    assert program("remote", "status").status == 69
    assert program(*nowhere, "keys", "check", "deepgram").status == 69
    assert program("transcribe", program.home / "gone.wav").status == 66
    assert program("models", "download", "whisper", "gigantic").status == 2
    program.home.mkdir(exist_ok=True)
    (program.home / "config").write_text("a file where the folder should be")
    assert program("config", "set", "window.theme", "dark").status == 73


def test_nothing_is_cut_or_wrapped_where_nobody_watches(program):
    lines = program("models", "list").out.splitlines()
    rows = program("models", "list", "--json").json()
    assert len(lines) == len(rows) + 1
    assert program("config", "path", "--json").json()["exists"] is False
