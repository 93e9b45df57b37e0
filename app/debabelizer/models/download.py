"""Fetching one file: resumed where it broke off, checked before it counts as there.

Beside ``NAME.part`` lies ``NAME.part.json`` with what the server said about the file, so that a later attempt, also
after a restart, knows whether the rest it gets belongs to what it has.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from debabelizer.contract import ModelFile
from debabelizer.errors import ProviderError
from debabelizer.models import trouble
from debabelizer.models.checksum import Checksum, named_by

if TYPE_CHECKING:
    import httpx

_WRITE = 1 << 20
_ATTEMPTS_WITHOUT_PROGRESS = 3
_FIRST_WAIT_S = 0.5


class Origin(msgspec.Struct, frozen=True):
    """What is known of a file being fetched."""

    url: str
    validator: str = ""
    """A strong ETag for If-Range; empty: the server gives none, and nothing can be resumed."""
    checksum: Checksum | None = None
    size: int | None = None


class FileDownload:
    """``file`` from ``url`` into ``folder``. ``on_bytes`` is told how much of it is there."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        provider: str,
        file: ModelFile,
        url: str,
        folder: Path,
        on_bytes: Callable[[int], None],
    ) -> None:
        self._http = http
        self._provider = provider
        self._file = file
        self._url = url
        self._target = folder / file.name
        self._part = folder / f"{file.name}.part"
        self._record = folder / f"{file.name}.part.json"
        self._on_bytes = on_bytes

    async def run(self) -> None:
        """Returns when the file is there, whole and checked. Cancelling keeps what has arrived.

        Raises ConnectionError, AuthenticationError, ConfigurationError, RateLimitError, StorageError."""
        import httpx

        fruitless = damaged = 0
        while True:
            before = self._size()
            try:
                await self._fetch()
                await self._check()
            except httpx.HTTPError as error:
                fruitless = fruitless + 1 if self._size() <= before else 1
                if fruitless >= _ATTEMPTS_WITHOUT_PROGRESS:
                    host = httpx.URL(self._url).host
                    raise trouble.dropped(error, host, self._provider, self._file.name) from error
                await asyncio.sleep(_FIRST_WAIT_S * fruitless)
            except _DamagedError as error:
                self._discard()
                damaged += 1
                if damaged > 1:
                    raise trouble.damaged(self._provider, self._file.name, str(error)) from error
            except ProviderError:
                raise  # among them ConnectionError, which is an OSError, too
            except OSError as error:
                raise trouble.unwritable(error, self._target.parent, self._provider) from error
            else:
                return

    # --------------------------------------------------------------------------------------------- fetching

    async def _fetch(self) -> None:
        origin = self._known()
        have = self._size() if origin is not None and origin.validator else 0
        if origin is not None and origin.size is not None and have == origin.size and have:
            return
        headers = {"Accept-Encoding": "identity"}
        if origin is not None and have:
            headers |= {"Range": f"bytes={have}-", "If-Range": origin.validator}
        async with self._http.stream("GET", self._url, headers=headers, follow_redirects=True) as response:
            if response.status_code == 416:  # what we have cannot be continued
                self._discard()
                raise _DamagedError("the server knows no such part of it")
            if response.status_code not in (200, 206):
                raise trouble.refused(response, self._provider, self._file.name)
            start = self._continues(response, have)
            self._note(response, start)
            await self._write(response, start)

    def _continues(self, response: httpx.Response, have: int) -> int:
        """Where the answer's bytes belong: behind what we have, or at the beginning (the file has changed, or
        the server resumes nothing)."""
        if response.status_code == 200:
            return 0
        found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("content-range", ""))
        if not have or found is None or int(found[1]) != have:
            raise _DamagedError("the server sent another part than asked for")
        return have

    def _note(self, response: httpx.Response, start: int) -> None:
        headers: dict[str, str] = {}
        for answer in (*response.history, response):
            headers |= {k: v for k, v in answer.headers.items() if k in ("etag", "x-linked-etag", "x-linked-size")}
        etag = response.headers.get("etag", "")
        length = response.headers.get("content-length", "")
        self._record.write_bytes(
            msgspec.json.encode(
                Origin(
                    url=self._url,
                    validator=etag if etag.startswith('"') else "",
                    checksum=named_by(headers),
                    size=start + int(length) if length.isdecimal() else None,
                )
            )
        )

    async def _write(self, response: httpx.Response, start: int) -> None:
        waiting = bytearray()
        with self._part.open("r+b" if start else "wb") as file:
            file.seek(start)
            file.truncate()
            try:
                async for block in response.aiter_raw():
                    waiting += block
                    if len(waiting) >= _WRITE:
                        await asyncio.to_thread(file.write, bytes(waiting))
                        waiting.clear()
                        self._on_bytes(file.tell())
            finally:  # also when it broke off or was cancelled: every byte that arrived need not come again
                file.write(waiting)
            self._on_bytes(file.tell())

    # --------------------------------------------------------------------------------------------- checking

    async def _check(self) -> None:
        origin = self._known()
        size = self._size()
        expected = self._file.size if self._file.size is not None else origin.size if origin else None
        if expected is not None and size != expected:
            raise _DamagedError(f"{size} bytes instead of {expected}")
        if not size:
            raise _DamagedError("it is empty")
        sums = [Checksum("sha256", self._file.sha256.lower())] if self._file.sha256 else []
        if origin is not None and origin.checksum is not None:
            sums.append(origin.checksum)
        for checksum in sums:
            if not await asyncio.to_thread(checksum.matches, self._part):
                raise _DamagedError("its checksum is wrong")
        self._part.replace(self._target)
        self._record.unlink(missing_ok=True)

    def _known(self) -> Origin | None:
        try:
            origin = msgspec.json.decode(self._record.read_bytes(), type=Origin)
        except (FileNotFoundError, msgspec.DecodeError):
            return None
        return origin if origin.url == self._url else None

    def _size(self) -> int:
        try:
            return self._part.stat().st_size
        except FileNotFoundError:
            return 0

    def _discard(self) -> None:
        self._part.unlink(missing_ok=True)
        self._record.unlink(missing_ok=True)


class _DamagedError(Exception):
    """What has arrived is not the file; said why."""
