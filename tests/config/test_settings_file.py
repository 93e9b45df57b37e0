"""The file: comments kept, damage survived, everything wrong named with its line."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.config import Settings
from debabelizer.config.forms.toml import read as read_toml
from debabelizer.errors import ConfigurationError, StorageError

GOOD = """\
# my settings
languages = ["en",  # the office
             "ru"]
provider = ""

[dictation]      # the key
key = "F8"   # not F9
tail_ms = 450
mode = "hold"

[session]
idle_close = "5"

[[insert.rules]]
program = "xterm"
keys = "Shift+Insert"

[[insert.rules]]
program = "gedit"
method = "type"

[window]
theme = "dark"
"""

EXPECTED = {
    "languages": ("en", "ru"),
    "dictation.key": "F8",
    "dictation.tail_ms": 450,
    "dictation.mode": "hold",
    "session.idle_close": "5",
    "insert.rules": ({"program": "xterm", "keys": "Shift+Insert"}, {"program": "gedit", "method": "type"}),
    "window.theme": "dark",
}


def load(path, environ=None):
    return Settings.load(path, environ=environ or {})


def test_one_change_leaves_the_rest_of_the_file_as_it_was(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text(GOOD)
    load(path).set("dictation.tail_ms", 300)
    assert path.read_text() == GOOD.replace("tail_ms = 450", "tail_ms = 300")
    load(path).reset("window.theme")
    assert path.read_text() == GOOD.replace("450", "300").replace('theme = "dark"\n', "")
    assert load(path).origin("window.theme").source == "default"
    assert [p.name for p in tmp_path.iterdir()] == ["settings.toml"]


@pytest.mark.parametrize("way", ["dictation.tail_ms = 1\n", "dictation = { tail_ms = 1 }\n", '"dictation".tail_ms=1'])
def test_any_way_of_writing_a_key_can_be_changed(tmp_path, way):
    path = tmp_path / "settings.toml"
    path.write_text(way)
    load(path).set("dictation.tail_ms", 2)
    load(path).set("dictation.mode", "hold")
    settings = load(path)
    assert (settings.get("dictation.tail_ms"), settings.get("dictation.mode")) == (2, "hold")
    assert settings.problems == ()


def test_wrong_values_fall_back_one_by_one_and_are_named_with_their_line(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text('[dictation]\ntail_ms = "long"\nmode = "hold"\npause_s = 99.0\ntail = 3\n\n[mars]\nkey = 1\n')
    settings = load(path)
    assert settings.get("dictation.mode") == "hold"
    assert settings.get("dictation.tail_ms") == 300
    assert settings.get("dictation.pause_s") == 1.0
    told = [(p.source, p.line, p.key, p.nearest) for p in settings.problems]
    assert told == [
        (str(path), 2, "dictation.tail_ms", "dictation.tail_ms"),
        (str(path), 4, "dictation.pause_s", "dictation.pause_s"),
        (str(path), 5, "dictation.tail", "dictation.tail_ms"),
        (str(path), 8, "mars.key", "dictation.key"),
    ]
    assert "99.0 is more than 10 s" in str(settings.problems[1])
    assert "Did you mean dictation.tail_ms?" in str(settings.problems[2])
    assert all(p.remedy for p in settings.problems)
    assert [p.name for p in tmp_path.iterdir()] == ["settings.toml"], "nothing was damaged: no copy"


DAMAGES = {
    "an unclosed text": ('key = "F8"   # not F9', 'key = "F8', {"dictation.key"}, 7),
    "a missing equals sign": ("tail_ms = 450", "tail_ms 450", {"dictation.tail_ms"}, 8),
    "an unclosed list": ('"ru"]', '"ru"', {"languages"}, 2),
    "a broken table name": ("[session]", "[session", set(), 11),
    "a doubled key": ('mode = "hold"', 'mode = "hold"\nmode = "toggle"', set(), 10),
    "merge marks": ("[window]", "<<<<<<< mine\n[window]", set(), 22),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_costs_only_the_damaged_line(tmp_path, name):
    good, bad, lost, line = DAMAGES[name]
    path = tmp_path / "settings.toml"
    damaged = GOOD.replace(good, bad)
    path.write_text(damaged)
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(damaged)
    settings = load(path)
    assert {k: settings.get(k) for k in EXPECTED if k not in lost} == {
        k: v for k, v in EXPECTED.items() if k not in lost
    }
    assert all(settings.origin(key).source == "default" for key in lost)
    assert settings.problems[0].line == line
    (copy,) = [p for p in tmp_path.iterdir() if p != path]
    assert copy.read_text() == damaged
    assert copy.name in settings.problems[0].remedy
    load(path)
    assert len(list(tmp_path.iterdir())) == 2, "one copy, however often it is read"

    settings.set("window.sounds", value=False)  # now the file is written anew from what could be read
    again = load(path)
    assert again.problems == ()
    assert {k: again.get(k) for k in EXPECTED if k not in lost} == {k: v for k, v in EXPECTED.items() if k not in lost}


@given(st.integers(0, len(GOOD.encode())), st.integers(0, 40), st.binary(max_size=20))
def test_no_damage_makes_reading_fail_or_harms_what_lies_after_the_next_table(at, removed, inserted):
    data = GOOD.encode()
    damaged = data[:at] + inserted + data[at + removed :]
    reading = read_toml(damaged)
    try:
        whole = tomllib.loads(damaged.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        assert reading.broken
        tables_after = data.count(b"\n[", min(at + removed, len(data)))
        quiet = not any(mark in inserted for mark in (b"'", b'"', b"[", b"\n", b"\r"))
        if tables_after >= 2 and quiet:
            assert reading.tree["window"]["theme"] == "dark"
    else:
        assert reading.tree == whole
        assert reading.broken == ()


@given(st.binary(max_size=300))
def test_any_bytes_can_be_read(data):
    reading = read_toml(data)
    assert isinstance(reading.tree, dict)


@given(
    st.lists(st.sampled_from(['a = """', "b = [", "c = 1", "[t]", "]", "'''", "{", "x = {", '"', "= 1"]), max_size=12)
)
def test_statements_that_never_end_can_be_read(lines):
    assert isinstance(read_toml("\n".join(lines).encode()).tree, dict)


def test_values_from_the_environment_inside_the_file(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text(
        'vocabulary = ["${TEAM}", "plain", "$${literal}"]\n'
        '[dictation]\nkey = "${KEY:-F7}"\ntail_ms = "${TAIL:-120}"\nundo_key = "${GONE}"\n'
    )
    settings = load(path, {"TEAM": "Babel"})
    assert settings.get("vocabulary") == ("Babel", "plain", "${literal}")
    assert settings.get("dictation.key") == "F7"
    assert settings.get("dictation.tail_ms") == 120
    assert settings.get("dictation.undo_key") == ""
    (problem,) = settings.problems
    assert (problem.line, problem.key) == (5, "dictation.undo_key")
    assert "GONE is not set" in str(problem)
    settings.set("dictation.mode", "hold")
    assert "${KEY:-F7}" in path.read_text(), "a reference stays a reference"


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30))
def test_what_looks_like_a_reference_is_written_so_that_it_reads_back(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("s") / "settings.toml"
    wanted = (text + "${HOME}", "$${A}")
    load(path).set("vocabulary", wanted)
    assert load(path, {"HOME": "/root", "A": "a"}).get("vocabulary") == wanted


def test_a_folder_that_can_not_be_written_is_an_error_that_changes_nothing(tmp_path):
    (tmp_path / "blocked").write_text("a file where the folder should be")
    settings = load(tmp_path / "blocked" / "settings.toml")
    with pytest.raises(StorageError, match="not saved"):
        settings.set("window.theme", "dark")
    assert settings.get("window.theme") == "system"


def test_a_file_that_can_not_be_read_is_reported(tmp_path):
    (tmp_path / "settings.toml").mkdir()
    settings = load(tmp_path / "settings.toml")
    assert settings.get("window.theme") == "system"
    assert "can't be read" in str(settings.problems[0])


def test_a_byte_order_mark_and_windows_line_ends_are_no_damage(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    settings = load(path)
    assert settings.problems == ()
    assert {key: settings.get(key) for key in EXPECTED} == EXPECTED


def test_setting_a_wrong_value_says_why_and_leaves_the_file_alone(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text(GOOD)
    with pytest.raises(ConfigurationError, match="5000 is more than 2000 ms"):
        load(path).set("dictation.tail_ms", 5000)
    with pytest.raises(ConfigurationError, match=r"Did you mean window\.theme"):
        load(path).set("window.them", "dark")
    assert path.read_text() == GOOD
