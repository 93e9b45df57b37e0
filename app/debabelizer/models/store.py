"""The folder of models: ``PROVIDER/MODEL/`` with a model's files, put there by us or by hand."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import msgspec

from debabelizer.contract import Model
from debabelizer.errors import ConfigurationError
from debabelizer.models import trouble

if TYPE_CHECKING:
    import httpx

HOST_VARIABLE = "DEBABELIZER_MODEL_HOST"
"""A mirror of the model hub: scheme and host (and a path before the usual one) that take the place of its own."""
_SPARE_BYTES = 64 << 20
"""Must stay free on the disk."""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a download is. ``total`` is None where the server does not say."""

    file: str
    done: int
    """Bytes of the whole model."""
    total: int | None

    @property
    def share(self) -> float | None:
        """0 to 1."""
        return min(1.0, self.done / self.total) if self.total else None


def default_folder() -> Path:
    from debabelizer.config import folders

    return folders.models_dir()


class ModelStore:
    """``folder``: where models lie; None: the usual place."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = default_folder() if folder is None else folder

    def folder_of(self, provider: str, model: Model) -> Path:
        return self._folder / provider / model.name

    def is_present(self, provider: str, model: Model) -> bool:
        """Whether every file is there. Files put there by hand count as well as downloaded ones."""
        folder = self.folder_of(provider, model)
        return bool(model.files) and all(_filled(folder / file.name) for file in model.files)

    def present(self, provider: str, models: Sequence[Model]) -> tuple[Model, ...]:
        return tuple(model for model in models if self.is_present(provider, model))

    def size_of(self, provider: str, model: Model) -> int:
        """Bytes on the disk, unfinished downloads included."""
        folders = (self.folder_of(provider, model), self._unfinished(provider, model))
        return sum(p.stat().st_size for f in folders if f.is_dir() for p in f.iterdir() if p.is_file())

    def remove(self, provider: str, model: Model) -> None:
        """Removes the model and what an unfinished download left. Raises StorageError."""
        try:
            for folder in (self.folder_of(provider, model), self._unfinished(provider, model)):
                if folder.exists():
                    shutil.rmtree(folder)
        except OSError as error:
            raise trouble.unwritable(error, self._folder, provider) from error

    async def download(
        self,
        provider: str,
        model: Model,
        *,
        on_progress: Callable[[Progress], None] | None = None,
        http: httpx.AsyncClient | None = None,
    ) -> Path:
        """Fetches what is missing and returns the model's folder, which appears only when it is complete.

        Cancel the task to stop; what has arrived is kept and the next call goes on from there. ``http``: a client of
        the caller's, otherwise one that takes proxies from the environment and trusts what the system trusts.
        Raises ConnectionError, AuthenticationError, ConfigurationError, RateLimitError, StorageError."""
        if not model.files:
            raise ConfigurationError(f"The model {model.name} is nothing to download.", provider)
        if self.is_present(provider, model):
            return self.folder_of(provider, model)
        if http is not None:
            return await self._download(http, provider, model, on_progress)
        async with _client() as own:
            return await self._download(own, provider, model, on_progress)

    async def _download(
        self,
        http: httpx.AsyncClient,
        provider: str,
        model: Model,
        on_progress: Callable[[Progress], None] | None,
    ) -> Path:
        from debabelizer.models.download import FileDownload

        folder = self._unfinished(provider, model)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise trouble.unwritable(error, folder, provider) from error
        total = await self._total(http, model)
        self._require_space(provider, folder, total)
        finished = 0
        for file in model.files:

            def tell(count: int, name: str = file.name, before: int = finished) -> None:
                if on_progress is not None:
                    on_progress(Progress(file=name, done=before + count, total=total))

            if not _filled(folder / file.name):
                await FileDownload(http, provider, file, address(file.url), folder, tell).run()
            finished += (folder / file.name).stat().st_size
            tell(0, before=finished)
        return self._complete(provider, model)

    async def _total(self, http: httpx.AsyncClient, model: Model) -> int | None:
        """Bytes of all files, as far as the server tells without sending them; None: it does not."""
        import httpx

        total = 0
        for file in model.files:
            size = file.size
            if size is None:
                try:
                    answer = await http.head(address(file.url), follow_redirects=True)
                except httpx.HTTPError:
                    return None  # the real request will say what is wrong
                size = _length(answer) if answer.is_success else None
            if size is None:
                return None
            total += size
        return total

    def _require_space(self, provider: str, folder: Path, total: int | None) -> None:
        if total is None:
            return
        needed = total - sum(p.stat().st_size for p in folder.iterdir()) + _SPARE_BYTES
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise trouble.too_small(folder, needed, free, provider)

    def _complete(self, provider: str, model: Model) -> Path:
        """Puts the finished files where the model is looked for."""
        source, target = self._unfinished(provider, model), self.folder_of(provider, model)
        try:
            if target.exists():  # incomplete, placed by hand
                for file in model.files:
                    (source / file.name).replace(target / file.name)
                source.rmdir()
            else:
                source.replace(target)
        except OSError as error:
            raise trouble.unwritable(error, target, provider) from error
        return target

    def _unfinished(self, provider: str, model: Model) -> Path:
        return self._folder / provider / f"{model.name}.download"


def address(url: str) -> str:
    """``url``, at the mirror where one is set."""
    mirror = os.environ.get(HOST_VARIABLE, "").strip()
    if not mirror:
        return url
    base, parts = urlsplit(mirror), urlsplit(url)
    return urlunsplit((base.scheme, base.netloc, base.path.rstrip("/") + parts.path, parts.query, ""))


def _filled(path: Path) -> bool:
    try:
        return path.is_file() and path.stat().st_size > 0
    except OSError:
        return False


def _length(answer: httpx.Response) -> int | None:
    for response in (answer, *answer.history):
        linked = response.headers.get("x-linked-size", "")
        if linked.isdecimal():
            return int(linked)
    length = answer.headers.get("content-length", "")
    return int(length) if length.isdecimal() else None


def _client() -> httpx.AsyncClient:
    import ssl

    import httpx
    import truststore

    return httpx.AsyncClient(
        verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
        timeout=httpx.Timeout(30.0, connect=15.0),
        headers={"User-Agent": "debabelizer"},
    )
