"""``config`` and ``keys``: seen, changed, kept, never told."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

import pytest

if sys.platform != "win32":
    import pty

KEY = "not-a-real-key-0123456789"


def test_a_setting_is_kept_shown_with_its_origin_and_reset(program):
    assert program("config", "get", "dictation.tail_ms").out == "300\n"
    assert program("config", "set", "dictation.tail_ms", "450").status == 0
    assert program("config", "get", "dictation.tail_ms").out == "450\n"
    shown = program("config", "show", "--origin", env={"DEBABELIZER_WINDOW_THEME": "dark"}).out.splitlines()
    path = Path(program("config", "path").out.strip())
    assert shown == [
        f"dictation.tail_ms = 450  ({path}:5)",
        "window.theme = dark  (environment DEBABELIZER_WINDOW_THEME)",
    ]
    told = program("config", "show", "--json").json()["dictation.tail_ms"]
    assert told == {"value": 450, "origin": "file", "file": str(path), "line": 5}
    on_the_spot = program("--set", "dictation.tail_ms=7", "config", "show", "--json").json()
    assert on_the_spot["dictation.tail_ms"] == {"value": 7, "origin": "command line"}
    assert program("config", "reset", "dictation.tail_ms").status == 0
    assert program("config", "get", "dictation.tail_ms", "--json").json() == 300
    assert path == program.home / "config" / "settings.toml"
    assert path.is_file()


def test_another_file_in_another_form(program, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("# mine\nwindow:\n  theme: ${THEME:-dark}\n")
    assert program("--config", str(path), "config", "set", "dictation.tail_ms", "450").status == 0
    assert path.read_text() == "# mine\nwindow:\n  theme: ${THEME:-dark}\ndictation:\n  tail_ms: 450\n"
    program.env["DEBABELIZER_CONFIG"] = str(path)
    assert program("config", "path").out.strip() == str(path)
    shown = program("config", "show", "--origin").out.splitlines()
    assert shown == [f"dictation.tail_ms = 450  ({path}:5)", f"window.theme = dark  ({path}:3)"]
    program.env["DEBABELIZER_CONFIG"] = str(tmp_path / "gone.json")
    assert "There is no such settings file" in program("config", "show").err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["config", "set", "dictation.tail", "5"], "Did you mean dictation.tail_ms?"),
        (["config", "set", "dictation.tail_ms", "lots"], "'lots' is not a whole number"),
        (["config", "get", "nonsense"], "There is no setting nonsense."),
        (["--set", "dictation.mode=shout", "config", "show"], "none of hold, toggle, tap_or_hold"),
        (["--set", "nonsense", "config", "show"], "not KEY=VALUE"),
        (["config", "set", "providers.elevenlabs.api_key", KEY], "keys set elevenlabs"),
        (["--set", f"providers.elevenlabs.api_key={KEY}", "config", "show"], "keys set"),
        (["transcrib"], "Did you mean 'transcribe'?"),
        (["keys", "set", "sphinx"], "sphinx needs no key"),
        (["keys", "set", "nobody"], "There is no provider 'nobody'"),
        (["models", "download", "whisper", "gigantic"], "has no model 'gigantic'"),
    ],
)
def test_a_mistake_is_named_with_the_way_out(program, arguments, words):
    ran = program(*arguments)
    assert ran.status == 2
    assert words in " ".join(ran.err.split())
    assert ran.out == ""
    assert KEY not in ran.err


@pytest.mark.parametrize(
    ("provider", "variable"), [("deepgram", "DEEPGRAM_API_KEY"), ("elevenlabs", "ELEVENLABS_API_KEY")]
)
def test_without_a_key_store_the_providers_own_variable_is_named(program, provider, variable):
    program.env["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={program.home}/no-bus"
    ran = program("keys", "set", provider, stdin=f"{KEY}\n")
    assert ran.status == 2
    assert f"Set the environment variable {variable}. Or: " in ran.err
    assert ran.err.count("_API_KEY") == 1


def test_a_damaged_file_is_told_once_per_run_and_what_it_still_says_counts(program):
    path = program.home / "config" / "settings.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[dictation]\ntail_ms = 123\nmode = "hold\n[window]\nthem = "dark"\n')
    ran = program("config", "get", "dictation.tail_ms")
    assert (ran.status, ran.out) == (0, "123\n")
    assert f"{path}, line 3" in ran.err
    assert "Did you mean window.theme?" in ran.err
    assert len(ran.err.splitlines()) == 2
    assert list(path.parent.glob("settings.bad-*.toml"))


def test_a_key_is_kept_in_the_file_only_by_choice_and_shown_nowhere(program):
    refused = program("keys", "set", "elevenlabs", stdin=KEY + "\n")
    assert refused.status == 2
    assert "secrets.store file" in refused.err
    assert program("config", "set", "secrets.store", "file").status == 0
    kept = program("keys", "set", "elevenlabs", stdin=KEY + "\n")
    assert kept.status == 0
    assert "readable by you alone" in kept.err
    file = program.home / "config" / "keys.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    seen = program("config", "show", "--all", "--origin").out
    assert "providers.elevenlabs.api_key = (set)  (secret store)" in seen
    outputs = [
        kept,
        program("config", "show", "--all", "--json"),
        program("providers", "--json"),
        program("config", "reference"),
    ]
    assert not any(KEY in ran.out + ran.err for ran in outputs)
    assert KEY not in program.log
    assert KEY not in (file.parent / "settings.toml").read_text()
    assert "elevenlabs" in program("providers").out.split("* in use: ")[1].lower()
    assert program("keys", "remove", "elevenlabs").status == 0
    assert KEY not in file.read_text()
    assert "(not set)" in program("config", "get", "providers.elevenlabs.api_key").out


def test_all_keys_are_forgotten_at_once_and_those_given_elsewhere_named(program):
    given = {"DEBABELIZER_SECRETS_STORE": "file"}
    for name in ("elevenlabs", "deepgram"):
        assert program("keys", "set", name, stdin=KEY + "\n", env=given).status == 0
    assert program("keys", "remove", env=given).status == 2
    assert program("keys", "remove", "deepgram", "--all", env=given).status == 2
    file = program.home / "config" / "keys.json"
    assert file.read_text().count(KEY) == 2
    ran = program("keys", "remove", "--all", env=given | {"SONIOX_API_KEY": KEY})
    assert ran.status == 0
    assert ran.err == "debabelizer: No key is kept now. Still given by: environment SONIOX_API_KEY.\n"
    assert KEY not in file.read_text()


def test_no_key_given_changes_nothing(program):
    ran = program("keys", "set", "elevenlabs", stdin="\n", env={"DEBABELIZER_SECRETS_STORE": "file"})
    assert ran.status == 2
    assert "nothing has changed" in ran.err
    assert not (program.home / "config" / "keys.json").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
def test_a_key_typed_at_the_prompt_is_not_echoed(program):
    master, terminal = pty.openpty()
    program.env["DEBABELIZER_SECRETS_STORE"] = "file"
    ends = dict.fromkeys(("stdin", "stdout", "stderr"), terminal)
    seen = b""
    with program.started("keys", "set", "elevenlabs", **ends) as process:
        os.close(terminal)
        while b"API key" not in seen:
            seen += os.read(master, 1024)
        os.write(master, KEY.encode() + b"\n")
        with suppress(OSError):  # the other side is closed
            while more := os.read(master, 1024):
                seen += more
        assert process.wait(timeout=30) == 0
    os.close(master)
    assert KEY.encode() not in seen
    assert KEY in (program.home / "config" / "keys.json").read_text()


def test_the_reference_page_is_up_to_date(program):
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
    ran = program("config", "reference")
    assert ran.out == page, "run: debabelizer config reference > docs/settings.md"
