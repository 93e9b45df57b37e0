"""Keys of providers: kept in the system's store, or where the user chose where there is none. Never in the settings
file, a log, a repr or an export."""

from __future__ import annotations

import json
import logging
import os
import tempfile
import threading
import time
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from debabelizer.config import redaction
from debabelizer.errors import ConfigurationError, Remedy, StorageError

SERVICE = "debabelizer"
"""Under this name the system's store shows our entries."""
FILE = "keys.json"
NAMES = "keys.names.json"
"""Which keys lie in the system's store, by name only: a program that has none there need not load and ask it, which
takes a fifth of a second and 20 MB."""
_LEAST_PRIORITY = 1.0
"""Backends of keyring below this store in the open, or nowhere."""

_MISSING_S = 10.0
"""How long a key that was not there is not asked for again; another program may set it meanwhile."""

_log = logging.getLogger(__name__)


class SecretPlace(StrEnum):
    SYSTEM = "system"
    FILE = "file"
    MEMORY = "memory"


class SecretStatus(msgspec.Struct, frozen=True):
    """``usable``: a key can be kept there now. ``detail`` says where, or why not; ``choices`` is what the user can
    do instead, as sentences (empty while usable)."""

    place: SecretPlace
    usable: bool
    detail: str
    choices: tuple[str, ...] = ()


_IN_ENVIRONMENT = "Set the environment variable of the provider's key, such as ELEVENLABS_API_KEY."
CHOICES = (
    _IN_ENVIRONMENT,
    "Keep keys in a file only you can read: `debabelizer config set secrets.store file`.",
    "Keep them in memory until the program ends: `debabelizer config set secrets.store memory`.",
)


class SecretStore:
    """One place of the three. Keys read once are remembered, because the system's store may be slow or ask.

    Any thread may call it.
    """

    def __init__(self, place: SecretPlace | str = SecretPlace.SYSTEM, *, folder: Path) -> None:
        self.place = SecretPlace(place)
        self._file = folder / FILE
        self._names = folder / NAMES
        self._lock = threading.RLock()
        self._remembered: dict[str, str] = {}
        self._missing: dict[str, float] = {}
        self._complaint = ""

    def __repr__(self) -> str:
        return f"SecretStore({self.place.value!r})"

    def move_to(self, place: SecretPlace | str) -> None:
        """Use another place from now on. What has been read or set in this run stays known until its end."""
        with self._lock:
            self.place = SecretPlace(place)
            self._missing.clear()

    def status(self) -> SecretStatus:
        """Whether a key could be kept now. May ask the system's store, which takes a moment."""
        match self.place:
            case SecretPlace.SYSTEM:
                return self._system_status()
            case SecretPlace.FILE:
                return self._file_status()
            case SecretPlace.MEMORY:
                return SecretStatus(self.place, True, "Keys are kept in memory until the program ends.")

    def get(self, key: str) -> str | None:
        """The secret, or None where there is none or the store can't be read (:meth:`status` says why)."""
        with self._lock:
            if key in self._remembered:
                return self._remembered[key]
            if time.monotonic() < self._missing.get(key, 0.0):
                return None
            value = self._try_to_read(key)
            if value is None:
                self._missing[key] = time.monotonic() + _MISSING_S
            else:
                redaction.hide(value)
                self._remembered[key] = value
            return value

    def read_ahead(self, keys: Iterable[str]) -> threading.Thread:
        """Reads these in a thread of its own, so that whoever needs one later finds it remembered: the system's store
        takes a fifth of a second at first, and longer where it asks the user."""
        wanted = tuple(keys)

        def read() -> None:
            for key in wanted:
                self.get(key)

        thread = threading.Thread(target=read, name="key store", daemon=True)
        thread.start()
        return thread

    def set(self, key: str, value: str, variable: str = "") -> None:
        """Raises ConfigurationError (with the choices in its message) or StorageError where it can't be kept.
        ``variable``: the environment variable that can give it instead."""
        redaction.hide(value)
        with self._lock:
            try:
                self._write(key, value)
            except _Unusable as error:
                by_variable = f"Set the environment variable {variable}." if variable else _IN_ENVIRONMENT
                choices = " Or: ".join((by_variable, *CHOICES[1:]))
                raise ConfigurationError(
                    f"The key was not kept: {error} {choices}", remedy=Remedy.OPEN_SETTINGS
                ) from error.__cause__
            self._remembered[key] = value
            self._missing.pop(key, None)

    def delete(self, key: str) -> bool:
        """Whether there was one. Raises ConfigurationError, StorageError as :meth:`set`."""
        with self._lock:
            known = self.get(key) is not None
            try:
                removed = self._remove(key)
            except _Unusable as error:
                raise ConfigurationError(f"The key was not removed: {error}") from error.__cause__
            self._remembered.pop(key, None)
            return removed or known

    def _try_to_read(self, key: str) -> str | None:
        try:
            value = self._read(key)
        except _Unusable as error:
            if str(error) != self._complaint:  # said once, however often it is asked
                self._complaint = str(error)
                _log.warning("keys can't be read: %s", error)
            return None
        self._complaint = ""
        return value

    # ------------------------------------------------------------------------------------------ the places

    def _read(self, key: str) -> str | None:
        match self.place:
            case SecretPlace.SYSTEM:
                if key not in _listed(self._names):
                    return None
                found = _ask(lambda backend: backend.get_password(SERVICE, key))
                return None if found is None else str(found)
            case SecretPlace.FILE:
                return self._load().get(key)
            case SecretPlace.MEMORY:
                return None

    def _write(self, key: str, value: str) -> None:
        match self.place:
            case SecretPlace.SYSTEM:
                _ask(lambda backend: backend.set_password(SERVICE, key, value))
                self._replace(self._names, sorted(_listed(self._names) | {key}))
            case SecretPlace.FILE:
                self._save(self._load() | {key: value})
            case SecretPlace.MEMORY:
                return

    def _remove(self, key: str) -> bool:
        match self.place:
            case SecretPlace.SYSTEM:
                removed = _delete_from_system(key)
                self._replace(self._names, sorted(_listed(self._names) - {key}))
                return removed
            case SecretPlace.FILE:
                kept = self._load()
                if key not in kept:
                    return False
                del kept[key]
                self._save(kept)
                return True
            case SecretPlace.MEMORY:
                return False

    def _system_status(self) -> SecretStatus:
        try:
            name = _ask(_probe)
        except _Unusable as error:
            return SecretStatus(self.place, False, str(error), CHOICES)
        return SecretStatus(self.place, True, f"Keys are kept in the system's store ({name}).")

    def _file_status(self) -> SecretStatus:
        try:
            self._load()
        except _Unusable as error:
            return SecretStatus(self.place, False, str(error), CHOICES[:1] + CHOICES[2:])
        return SecretStatus(self.place, True, f"Keys are kept unencrypted in {self._file}, readable by you alone.")

    # -------------------------------------------------------------------------------------------- the file

    def _load(self) -> dict[str, str]:
        try:
            if os.name == "posix" and self._file.stat().st_mode & 0o077:
                self._file.chmod(0o600)
                _log.warning("%s was readable by others; it no longer is", self._file)
            kept = json.loads(self._file.read_bytes())
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise _Unusable(f"{self._file} can't be read ({error.strerror}).") from error
        except ValueError as error:
            raise _Unusable(f"{self._file} is damaged; move it away and set the keys again.") from error
        if not isinstance(kept, dict) or not all(isinstance(v, str) for v in kept.values()):
            raise _Unusable(f"{self._file} is damaged; move it away and set the keys again.")
        return kept

    def _save(self, kept: dict[str, str]) -> None:
        self._replace(self._file, kept)

    def _replace(self, path: Path, content: object) -> None:
        """Whole or not at all, readable by the user alone."""
        temporary = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # mode 0600 from the start
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(content, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except OSError as error:
            if temporary is not None:
                Path(temporary).unlink(missing_ok=True)
            raise StorageError(f"The key was not kept: {path} can't be written ({error.strerror}).") from error


def _listed(names: Path) -> frozenset[str]:
    """The keys in the system's store, by name. A list that is gone or damaged counts as empty: the keys are entered
    once more, and the store replaces them."""
    try:
        return frozenset(msgspec.json.decode(names.read_bytes(), type=list[str]))
    except (OSError, msgspec.DecodeError):
        return frozenset()


class _Unusable(Exception):  # noqa: N818 - a state, told on as a status or a ConfigurationError
    """Why the place can't be used, as a sentence."""


def _ask(question: Any) -> Any:
    """Puts a question to the system's store; every way it can fail becomes :class:`_Unusable`."""
    import keyring
    from keyring.errors import InitError, KeyringLocked, NoKeyringError

    try:
        backend = keyring.get_keyring()
        if backend.priority < _LEAST_PRIORITY:
            raise NoKeyringError
        return question(backend)
    except NoKeyringError as error:
        raise _Unusable("This system has no key store.") from error
    except (InitError, KeyringLocked) as error:
        raise _Unusable("The system's key store is locked and could not be opened.") from error
    except Exception as error:  # backends raise what their system raises (D-Bus, Windows)
        raise _Unusable(f"The system's key store does not answer ({type(error).__name__}).") from error


def _probe(backend: Any) -> str:
    backend.get_password(SERVICE, "probe")
    return str(getattr(backend, "name", type(backend).__name__)).partition(" ")[0]


def _delete_from_system(key: str) -> bool:
    def remove(backend: Any) -> bool:
        if backend.get_password(SERVICE, key) is None:
            return False
        backend.delete_password(SERVICE, key)
        return True

    return bool(_ask(remove))
