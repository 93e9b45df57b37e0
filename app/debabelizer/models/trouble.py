"""What can go wrong with a download, as errors that know their way out."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING

from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionError,
    ProviderError,
    RateLimitError,
    Remedy,
    StorageError,
)

if TYPE_CHECKING:
    import httpx


def refused(response: httpx.Response, provider: str, what: str) -> ProviderError:
    """``response``: any status that is no success."""
    host, status = response.url.host, response.status_code
    if status in (401, 403):
        return AuthenticationError(
            f"{host} does not let {what} be downloaded.", provider, str(status), remedy=Remedy.RETRY
        )
    if status in (404, 410):
        return ConfigurationError(f"{what} is not at {host} any more.", provider, str(status), remedy=Remedy.RETRY)
    if status == 429:
        after = response.headers.get("retry-after", "")
        return RateLimitError(
            f"{host} wants a pause before {what} is downloaded.",
            provider,
            "429",
            retry_after=float(after) if after.isdecimal() else None,
        )
    return ConnectionError(f"{host} could not send {what} (status {status}).", provider, str(status))


def dropped(error: httpx.HTTPError, host: str, provider: str, what: str) -> ConnectionError:
    return ConnectionError(
        f"The download of {what} from {host} broke off: {str(error) or type(error).__name__}. "
        "What has arrived is kept; it will be continued.",
        provider,
    )


def damaged(provider: str, what: str, detail: str) -> ConnectionError:
    return ConnectionError(f"{what} arrived damaged ({detail}).", provider, "checksum", remedy=Remedy.RETRY)


def unwritable(error: OSError, folder: Path, provider: str) -> StorageError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(f"The disk of {folder} is full.", provider)
    return StorageError(f"Cannot write into {folder}: {error.strerror or error}.", provider)


def too_small(folder: Path, needed: int, free: int, provider: str) -> StorageError:
    return StorageError(
        f"The model needs {_megabytes(needed)} on the disk of {folder}; only {_megabytes(free)} are free.", provider
    )


def _megabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(1, round(count / 1e6))} MB"
