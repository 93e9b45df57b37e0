"""Keys: in the system's real store, in a file of one's own, in memory; and nowhere else."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys

import pytest

from debabelizer.config import SecretPlace, SecretStore, Settings, logs, redaction
from debabelizer.config.core_settings import CORE
from debabelizer.contract.settings import Kind, Setting
from debabelizer.errors import ConfigurationError, StorageError
from fakes import rig

KEY = "providers.acme.api_key"
VALUE = "not-a-vendor-prefix-4711-Schlüssel"
TABLE = (*CORE, Setting(key=KEY, kind=Kind.SECRET, title="Key", help="", env=("ACME_KEY",)))

IN_ANOTHER_PROCESS = """
import json, sys
from pathlib import Path
from debabelizer.config import SecretStore
from debabelizer.errors import ProviderError
store = SecretStore(sys.argv[1], folder=Path(sys.argv[2]))
status = store.status()
answer = {"usable": status.usable, "detail": status.detail, "choices": status.choices}
for verb, *arguments in json.loads(sys.argv[3]):
    try:
        answer[verb] = getattr(store, verb)(*arguments)
    except ProviderError as error:
        answer[verb] = {"error": error.message, "category": error.category}
print(json.dumps(answer))
"""


def ask(folder, env, *verbs, place="system"):
    """Runs the store in a process of its own (keyring remembers the bus it met first)."""
    bare = {k: v for k, v in os.environ.items() if not k.startswith(("DBUS_", "XDG_", "KDE_", "DISPLAY", "PYTHON_KEY"))}
    root = os.path.join(os.path.dirname(__file__), "..", "..")
    bare["PYTHONPATH"] = os.pathsep.join(os.path.join(root, part) for part in ("app", "providers"))
    run = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS, place, str(folder), json.dumps(verbs)],
        env={**bare, **env},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert VALUE not in run.stderr
    return json.loads(run.stdout)


def test_the_systems_store_keeps_a_key_from_one_run_to_the_next(tmp_path):
    with rig.bus() as bus, rig.keyring(bus):
        first = ask(tmp_path, bus.env, ["get", KEY], ["set", KEY, VALUE])
        assert first["usable"], first["detail"]
        assert first["get"] is None
        assert ask(tmp_path, bus.env, ["get", KEY])["get"] == VALUE
        assert ask(tmp_path, bus.env, ["delete", KEY])["delete"] is True
        gone = ask(tmp_path, bus.env, ["get", KEY], ["delete", KEY])
        assert (gone["get"], gone["delete"]) == (None, False)
    assert all(VALUE not in path.read_text() for path in tmp_path.iterdir())


def test_without_a_system_store_nothing_is_kept_and_the_choices_are_named(tmp_path):
    env = {"HOME": str(tmp_path), "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/no-bus"}
    answer = ask(tmp_path, env, ["get", KEY], ["set", KEY, VALUE])
    assert not answer["usable"]
    assert any("environment variable" in choice for choice in answer["choices"])
    assert any("secrets.store file" in choice for choice in answer["choices"])
    assert any("secrets.store memory" in choice for choice in answer["choices"])
    assert answer["get"] is None
    assert answer["set"]["category"] == "config"
    assert "not kept" in answer["set"]["error"]
    assert not (tmp_path / "keys.json").exists(), "a file is used only by the user's choice"


def test_the_file_is_readable_by_the_user_alone(tmp_path):
    answer = ask(tmp_path, {}, ["set", KEY, VALUE], place="file")
    assert answer["usable"]
    file = tmp_path / "keys.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert ask(tmp_path, {}, ["get", KEY], place="file")["get"] == VALUE
    file.chmod(0o644)
    assert ask(tmp_path, {}, ["get", KEY], place="file")["get"] == VALUE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600, "opened up by someone, closed again"
    assert ask(tmp_path, {}, ["delete", KEY], place="file")["delete"] is True
    assert VALUE not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("content", ["{", "[]", '{"a": 1}', "\x00"])
def test_a_damaged_file_of_keys_is_reported_and_not_overwritten(tmp_path, content):
    (tmp_path / "keys.json").write_text(content)
    store = SecretStore(SecretPlace.FILE, folder=tmp_path)
    assert "damaged" in store.status().detail
    assert store.get(KEY) is None
    with pytest.raises(ConfigurationError, match="damaged"):
        store.set(KEY, VALUE)
    assert (tmp_path / "keys.json").read_text() == content


def test_a_folder_that_can_not_be_written_is_an_error(tmp_path):
    (tmp_path / "blocked").write_text("")
    store = SecretStore(SecretPlace.FILE, folder=tmp_path / "blocked" / "below")
    with pytest.raises((StorageError, ConfigurationError), match="not kept"):
        store.set(KEY, VALUE)
    assert store.get(KEY) is None


def test_memory_forgets_with_the_run(tmp_path):
    store = SecretStore(SecretPlace.MEMORY, folder=tmp_path)
    store.set(KEY, VALUE)
    assert store.get(KEY) == VALUE
    assert SecretStore(SecretPlace.MEMORY, folder=tmp_path).get(KEY) is None
    assert store.delete(KEY)
    assert store.get(KEY) is None
    assert list(tmp_path.iterdir()) == []


def test_choosing_the_file_makes_a_key_last(tmp_path):
    settings = Settings.load(tmp_path / "settings.toml", environ={}, overrides={}, table=TABLE)
    settings.set("secrets.store", "file")
    settings.set(KEY, VALUE)
    assert settings.origin(KEY).source == "secret store"
    assert VALUE not in (tmp_path / "settings.toml").read_text(encoding="utf-8")
    again = Settings.load(tmp_path / "settings.toml", environ={}, table=TABLE)
    assert again.get(KEY) == VALUE
    assert again.provider_settings("acme") == {"api_key": VALUE}
    assert VALUE not in repr(again) + repr(again.secrets) + repr(vars(again))
    again.reset(KEY)
    assert again.get(KEY) == ""


def test_a_key_in_the_settings_file_is_refused_and_a_reference_is_not(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text(f'[secrets]\nstore = "memory"\n[providers.acme]\napi_key = "{VALUE}"\n', encoding="utf-8")
    settings = Settings.load(path, environ={}, table=TABLE)
    (problem,) = settings.problems
    assert (problem.line, problem.key) == (4, KEY)
    assert VALUE not in str(problem)
    assert "keys set acme" in problem.remedy
    assert settings.get(KEY) == ""
    path.write_text(path.read_text(encoding="utf-8").replace(VALUE, "${OTHER}"), encoding="utf-8")
    settings = Settings.load(path, environ={"OTHER": VALUE}, table=TABLE)
    assert settings.problems == ()
    assert (settings.get(KEY), settings.origin(KEY).source) == (VALUE, "file")


def test_a_key_on_the_command_line_is_refused_without_repeating_it(tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        Settings.load(tmp_path / "s.toml", environ={}, overrides={KEY: VALUE}, table=TABLE)
    assert VALUE not in str(caught.value)
    assert "keys set" in str(caught.value)


def test_no_secret_reaches_the_log_by_any_way(tmp_path, monkeypatch):
    monkeypatch.setenv("DEBABELIZER_HOME", str(tmp_path))
    path = logs.set_up("debug")
    try:
        settings = Settings.load(tmp_path / "s.toml", environ={"ACME_KEY": VALUE}, table=TABLE)
        log = logging.getLogger("debabelizer.test")
        log.info("plain %s and %r", settings.get(KEY), {"k": VALUE})
        try:
            raise ValueError(f"refused {VALUE}")
        except ValueError:
            log.exception("with a traceback")
        log.info("headers {'xi-api-key': 'abcdef0123456789', 'Authorization': 'Bearer eyJhbGciOi.x.y'}")
        log.info("wss://host/path?model=x&single_use_token=sutkn_123456789&b=1 and sk_0123456789abcdef")
    finally:
        logs.tear_down()
    text = path.read_text(encoding="utf-8")
    assert "plain" in text
    assert "ValueError: refused" in text
    assert "model=x" in text
    for secret in (VALUE, "abcdef0123456789", "eyJhbGciOi", "sutkn_123456789", "sk_0123456789abcdef"):
        assert secret not in text


def test_ordinary_words_are_not_masked():
    text = "the token of thanks, a key to api design; keyboard=us tokens=12345678 risk-assessment-of-the-whole"
    assert redaction.redact(text) == text


def test_a_locked_store_nobody_can_open_is_told_from_none(tmp_path):
    with rig.bus() as bus, rig.keyring(bus, unlock=False):
        answer = ask(tmp_path, bus.env, ["get", KEY], ["set", KEY, VALUE])
    assert not answer["usable"]
    assert "locked" in answer["detail"]
    assert answer["get"] is None
    assert "locked" in answer["set"]["error"]


def test_keys_are_read_ahead_and_a_broken_store_is_complained_of_once(tmp_path, caplog):
    file = SecretStore(SecretPlace.FILE, folder=tmp_path)
    file.set(KEY, VALUE)
    later = SecretStore(SecretPlace.FILE, folder=tmp_path)
    later.read_ahead([KEY]).join(timeout=10)
    (tmp_path / "keys.json").write_text("{")
    assert later.get(KEY) == VALUE, "it was remembered"
    broken = SecretStore(SecretPlace.FILE, folder=tmp_path)
    assert [broken.get(name) for name in ("a", "b", "a")] == [None, None, None]
    assert len([record for record in caplog.records if "can't be read" in record.getMessage()]) == 1
