"""A model that comes packed with the program: a ZIP archive, unpacked into the folder of models at its first use.

The archive says of each file how long it is and which checksum it has. What lies unpacked is compared with that, so a
copy that is damaged, incomplete or of another version is simply made again.
"""

from __future__ import annotations

import contextlib
import itertools
import shutil
import tempfile
import time
import zipfile
import zlib
from pathlib import Path

from debabelizer.errors import ConfigurationError
from debabelizer.models import trouble

_BLOCK = 1 << 20
_SPARE_BYTES = 16 << 20
"""Must stay free on the disk."""
_ATTEMPTS = 20
"""To take the place of a damaged copy, while others do the same."""
_ABANDONED_S = 3600.0
"""What another process began to unpack that long ago, nobody finishes any more."""


class PackedModel:
    """``provider``: whose it is, for errors."""

    def __init__(self, archive: Path, provider: str) -> None:
        self._archive = archive
        self._provider = provider

    def is_unpacked(self, folder: Path) -> bool:
        """Whether all of it lies there undamaged. Reads everything: 40 MB in some 20 ms, where the disk's cache has
        them. Raises ConfigurationError where the archive itself is of no use."""
        try:
            return all(_is_as_packed(folder / file.filename, file) for file in self._files())
        except OSError:
            return False

    def unpack(self, folder: Path) -> None:
        """Makes ``folder``, which appears only when it is complete, or in place of one that is not. Processes may do
        so at the same time. Raises StorageError, and ConfigurationError where the archive is damaged."""
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            self._tidy(folder)
            self._require_space(folder.parent)
            fresh = Path(tempfile.mkdtemp(prefix=_beginning(folder), dir=folder.parent))
            try:
                self._extract(fresh)
                self._put(fresh, folder)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
        except OSError as error:
            raise trouble.unwritable(error, folder, self._provider) from error

    def _files(self) -> list[zipfile.ZipInfo]:
        try:
            with zipfile.ZipFile(self._archive) as archive:
                return archive.infolist()
        except (OSError, zipfile.BadZipFile) as error:
            raise self._damaged(error) from error

    def _extract(self, target: Path) -> None:
        from lzma import LZMAError

        try:
            with zipfile.ZipFile(self._archive) as archive:
                archive.extractall(target)  # checks the sums
        except (zipfile.BadZipFile, zlib.error, LZMAError, EOFError) as error:
            raise self._damaged(error) from error

    def _put(self, fresh: Path, folder: Path) -> None:
        for attempt in itertools.count():
            try:
                fresh.rename(folder)
            except OSError:
                if self.is_unpacked(folder):
                    return  # by another process, meanwhile
                if attempt == _ATTEMPTS:
                    raise
                _take_away(folder, fresh.with_name(f"{fresh.name}.{attempt}"))
            else:
                return

    def _require_space(self, parent: Path) -> None:
        needed = sum(file.file_size for file in self._files()) + _SPARE_BYTES
        free = shutil.disk_usage(parent).free
        if free < needed:
            raise trouble.too_small(parent, needed, free, self._provider)

    def _tidy(self, folder: Path) -> None:
        for left in folder.parent.glob(f"{_beginning(folder)}*"):
            with contextlib.suppress(FileNotFoundError):  # it was in use, and is now done with
                if time.time() - left.stat().st_mtime > _ABANDONED_S:
                    shutil.rmtree(left, ignore_errors=True)

    def _damaged(self, error: Exception) -> ConfigurationError:
        return ConfigurationError(
            f"The model {self._archive} of this installation is damaged ({error}). Install the program anew.",
            self._provider,
        )


def _beginning(folder: Path) -> str:
    return f"{folder.name}.unpacking-"


def _take_away(folder: Path, aside: Path) -> None:
    """A process that reads from it can go on doing so where the system allows it."""
    with contextlib.suppress(FileNotFoundError):  # another process has just done so
        folder.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def _is_as_packed(path: Path, file: zipfile.ZipInfo) -> bool:
    """Raises OSError where it can't be read."""
    if path.stat().st_size != file.file_size:
        return False
    checksum = 0
    with path.open("rb") as opened:
        while block := opened.read(_BLOCK):
            checksum = zlib.crc32(block, checksum)
    return checksum == file.CRC
