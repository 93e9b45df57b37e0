"""All settings of one run: defaults < file < environment < command line < code."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any

from debabelizer.config import expansion, file, folders, values
from debabelizer.config.origin import DEFAULT, SECRET_STORE, Origin
from debabelizer.config.problem import SettingProblem, nearest_key, no_such_file, second_file
from debabelizer.config.secrets import SecretStore
from debabelizer.config.sources import Found, from_code, from_environment, from_file, from_overrides
from debabelizer.config.table import environment_name, full_table, provider_prefix
from debabelizer.contract.settings import Kind, Setting
from debabelizer.contract.stream import CommitMode, StreamOptions
from debabelizer.errors import ConfigurationError

PATH_VARIABLE = "DEBABELIZER_CONFIG"
"""Names the settings file to be read instead of the one in the folder of settings."""

Listener = Callable[[str, Any], None]


class Settings:
    """The values in force and where each comes from. Any thread may call it; listeners run in the thread that set.

    A secret is never among the values: it comes from the environment or from :attr:`secrets`.
    """

    def __init__(
        self,
        files: Sequence[Path],
        keys_folder: Path,
        table: Sequence[Setting],
        environ: Mapping[str, str],
        overrides: Mapping[str, str],
        code: Mapping[str, Any],
    ) -> None:
        self.path = files[0]
        self._files = files
        self._keys_folder = keys_folder
        self.table = tuple(table)
        self._by_key = {setting.key: setting for setting in self.table}
        self._environ = dict(environ)
        self._overrides = dict(overrides)
        self._code = dict(code)
        self._lock = threading.RLock()
        self._listeners: list[Listener] = []
        self._outside = Found()
        self._values: dict[str, tuple[values.Value, Origin]] = {}
        self.problems: tuple[SettingProblem, ...] = ()
        self._read()
        place = self.get("secrets.store") if "secrets.store" in self._by_key else "memory"
        self.secrets = SecretStore(place, folder=keys_folder)

    @classmethod
    def load(
        cls,
        path: Path | None = None,
        *,
        environ: Mapping[str, str] | None = None,
        overrides: Mapping[str, str] | None = None,
        code: Mapping[str, Any] | None = None,
        table: Sequence[Setting] | None = None,
    ) -> Settings:
        """``path``: else the file that ``DEBABELIZER_CONFIG`` names, else the first one of the folder of settings. Its
        suffix says whether it is TOML, YAML or JSON. ``code``: what a program that uses the library says, nested or by
        dotted keys. Never fails for what that, the file or a variable holds; what can't be used stands in
        :attr:`problems`.

        Raises ConfigurationError for an override that can't be used: whoever typed it is there to put it right.
        """
        environ = os.environ if environ is None else environ
        folder = folders.config_dir(environ) if path is None else path.parent
        path = path or _named(environ)
        return cls(
            file.find(folder) if path is None else (path,),
            folder,
            full_table() if table is None else table,
            environ,
            overrides or {},
            code or {},
        )

    def __repr__(self) -> str:
        return f"Settings({str(self.path)!r})"

    def with_code(self, code: Mapping[str, Any]) -> Settings:
        """The same settings, with these dotted keys above them; secrets are shared."""
        derived = copy(self)
        derived._lock, derived._listeners = threading.RLock(), []
        derived._code = {**self._code, **code}
        derived._put_code_above()
        return derived

    # --------------------------------------------------------------------------------------------- reading

    def setting(self, key: str) -> Setting:
        """Raises ConfigurationError for a key that does not exist."""
        if (setting := self._by_key.get(key)) is not None:
            return setting
        nearest = nearest_key(key, self._by_key)
        way = f"Did you mean {nearest}?" if nearest else "See `debabelizer config reference`."
        raise ConfigurationError(f"There is no setting {key}. {way}")

    def get(self, key: str) -> Any:
        """The value in force, in the form of its kind (see ``values.Value``); a secret that is not set is ``""``."""
        setting = self.setting(key)
        with self._lock:
            if key in self._values:
                return self._values[key][0]
        if setting.kind is Kind.SECRET:
            return self.secrets.get(key) or ""
        return values.default(setting)

    def origin(self, key: str) -> Origin:
        """Where the value in force comes from."""
        setting = self.setting(key)
        with self._lock:
            if key in self._values:
                return self._values[key][1]
        return SECRET_STORE if setting.kind is Kind.SECRET and self.secrets.get(key) else DEFAULT

    def provider_settings(self, name: str) -> dict[str, Any]:
        """A provider's own settings by bare key, secrets included: never to be logged or shown."""
        prefix = provider_prefix(name)
        return {key.removeprefix(prefix): self.get(key) for key in self._by_key if key.startswith(prefix)}

    def read_secrets_ahead(self) -> None:
        """For a program that must not wait later: reads all secrets in a thread (see SecretStore.read_ahead)."""
        self.secrets.read_ahead(s.key for s in self.table if s.kind is Kind.SECRET and s.key not in self._values)

    def stream_options(self, provider: str) -> StreamOptions:
        """What a provider's stream is opened with."""
        return StreamOptions(
            languages=self.get("languages"),
            commit=CommitMode(self.get("dictation.commit")),
            pause_s=self.get("dictation.pause_s"),
            vocabulary=self.get("vocabulary"),
            settings=self.provider_settings(provider),
        )

    # --------------------------------------------------------------------------------------------- changing

    def set(self, key: str, value: Any) -> None:
        """Keeps a value in the file (a secret: in the secret store). A text is read as on the command line.

        The environment and the command line still win over it. Raises ConfigurationError for a value that can't be
        used, StorageError where it can't be saved; then nothing has changed.
        """
        setting = self.setting(key)
        try:
            checked = values.parse(setting, value) if isinstance(value, str) else values.check(setting, value)
        except values.BadValue as error:
            raise ConfigurationError(f"{setting.title} ({key}) was not changed: {error}.") from None
        if setting.kind is Kind.SECRET:
            self.secrets.set(key, checked, (*setting.env, environment_name(key))[0])
            self._tell(key, checked)
            return
        self._change(key, expansion.escape(checked))

    def reset(self, key: str) -> None:
        """Back to the default. Raises as :meth:`set`."""
        setting = self.setting(key)
        if setting.kind is Kind.SECRET:
            if self.secrets.delete(key):
                self._tell(key, self.get(key))
            return
        self._change(key, None)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Calls ``listener(key, value)`` after each change of a value in force; returns what ends that."""
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    # ---------------------------------------------------------------------------------------------- within

    def _change(self, key: str, written: Any) -> None:
        with self._lock:
            before = self._snapshot()
            file.write_value(self.path, key, written)
            self._read()
            after = self._snapshot()
        if before.get("secrets.store") != after.get("secrets.store"):
            self.secrets.move_to(after["secrets.store"])
        for name, value in after.items():  # another program may have changed the file as well
            if before[name] != value:
                self._tell(name, value)

    def _snapshot(self) -> dict[str, Any]:
        return {s.key: self.get(s.key) for s in self.table if s.kind is not Kind.SECRET}

    def _tell(self, key: str, value: Any) -> None:
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(key, value)

    def _read(self) -> None:
        found: dict[str, tuple[values.Value, Origin]] = {}
        problems: list[SettingProblem] = []
        if self.path == _named(self._environ) and not self.path.exists():
            problems.append(no_such_file(self.path))
        problems += [second_file(other, self.path) for other in self._files[1:]]
        for source in (
            from_file(self.path, self._by_key, self._environ),
            from_environment(self._by_key, self._environ),
            from_overrides(self._by_key, self._overrides),
        ):
            found |= source.values
            problems += source.problems
        self._outside = Found(found, problems)
        self._put_code_above()

    def _put_code_above(self) -> None:
        inside = from_code(self._code, self._by_key)
        self._values = self._outside.values | inside.values
        self.problems = (*self._outside.problems, *inside.problems)


def _named(environ: Mapping[str, str]) -> Path | None:
    named = environ.get(PATH_VARIABLE, "").strip()
    return Path(named).expanduser() if named else None
