"""Which copy runs: a lock that dies with its process, and the place where that process listens."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import msgspec

from debabelizer.errors import StorageError
from debabelizer.store.file_lock import try_lock

_LONGEST_SOCKET_PATH = 100
"""The system's limit is 108 bytes on Linux and 104 on macOS."""


class Address(msgspec.Struct, frozen=True):
    """Where a copy listens: a Unix socket, or a port of this machine's loopback with a token only the user can read."""

    path: str = ""
    port: int = 0
    token: str = ""

    def __repr__(self) -> str:
        return f"Address(path={self.path!r}, port={self.port})"


class Places(msgspec.Struct, frozen=True):
    """The files of one session."""

    folder: Path
    session: str

    @property
    def lock(self) -> Path:
        return self.folder / f"{self.session}.lock"

    @property
    def socket(self) -> Path:
        return self.folder / f"{self.session}.sock"

    @property
    def address(self) -> Path:
        return self.folder / f"{self.session}.address"

    @property
    def by_socket(self) -> bool:
        """Whether a Unix socket can be had here; otherwise it is the loopback."""
        return sys.platform != "win32" and len(os.fsencode(self.socket)) <= _LONGEST_SOCKET_PATH


def places(environ: Mapping[str, str] | None = None) -> Places:
    """Those of the session this process belongs to."""
    environ = os.environ if environ is None else environ
    display = environ.get("WAYLAND_DISPLAY") or environ.get("DISPLAY", "").removesuffix(".0") or "session"
    name = "".join(part if part.isalnum() else "-" for part in display).strip("-")
    return Places(_runtime_folder(environ), name or "session")


def _runtime_folder(environ: Mapping[str, str]) -> Path:
    home = environ.get("DEBABELIZER_HOME", "").strip()
    if home:
        return Path(home).expanduser() / "run"
    platform: str = sys.platform
    if environ.get("XDG_RUNTIME_DIR") and platform == "linux":
        return Path(environ["XDG_RUNTIME_DIR"]) / "debabelizer"
    import platformdirs

    if platform == "linux":  # no login session: a folder of the user's own that outlives nothing
        return Path(platformdirs.user_state_dir("debabelizer", appauthor=False)) / "run"
    return Path(platformdirs.user_runtime_dir("debabelizer", appauthor=False))


class Instance:
    """The claim to be the one running copy. The system takes it away when the process ends, however it ends."""

    def __init__(self, where: Places, descriptor: int) -> None:
        self.places = where
        self._descriptor = descriptor

    @classmethod
    def claim(cls, where: Places | None = None) -> Instance | None:
        """The claim, or None if another copy has it. StorageError if the folder can't be used."""
        where = places() if where is None else where
        try:
            where.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if sys.platform != "win32":
                where.folder.chmod(0o700)
            descriptor = os.open(where.lock, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as cause:
            raise StorageError(f"The folder {where.folder} can't be used: {cause.strerror}.") from cause
        if not try_lock(descriptor):
            os.close(descriptor)
            return None
        for leftover in (where.socket, where.address):  # of a copy that was killed
            leftover.unlink(missing_ok=True)
        return cls(where, descriptor)

    @staticmethod
    def is_claimed(where: Places) -> bool:
        """Whether a copy runs now."""
        try:
            descriptor = os.open(where.lock, os.O_RDWR)
        except OSError:
            return False
        try:
            return not try_lock(descriptor)
        finally:
            os.close(descriptor)

    def release(self) -> None:
        """Give the claim up; nothing happens the second time."""
        if self._descriptor >= 0:
            with contextlib.suppress(OSError):
                self.places.socket.unlink(missing_ok=True)
                self.places.address.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Instance:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
