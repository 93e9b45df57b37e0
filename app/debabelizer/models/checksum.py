"""Which checksum a server names for a file, and whether what arrived has it.

Hugging Face names the SHA-256 of a large file in ``X-Linked-ETag`` (on the redirect) and the Git blob's SHA-1 of a
small one in ``ETag``: https://huggingface.co/docs/huggingface_hub/package_reference/file_download
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

_BLOCK = 1 << 20


class Checksum(msgspec.Struct, frozen=True):
    kind: str
    """``sha256`` or ``git`` (the SHA-1 of a Git blob)."""
    value: str

    def matches(self, path: Path) -> bool:
        """Reads the whole file; call it in a thread."""
        if self.kind == "sha256":
            digest = hashlib.sha256()
        else:
            # Git's own naming of contents, no protection against forgery.
            digest = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest() == self.value


def named_by(headers: Mapping[str, str]) -> Checksum | None:
    """The checksum in ``X-Linked-ETag`` or ``ETag``, where it looks like one."""
    for name in ("x-linked-etag", "etag"):
        value = headers.get(name, "").removeprefix("W/").strip('"').lower()
        if re.fullmatch(r"[0-9a-f]{64}", value):
            return Checksum("sha256", value)
        if re.fullmatch(r"[0-9a-f]{40}", value):
            return Checksum("git", value)
    return None
