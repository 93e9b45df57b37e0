"""The processes that read files for this one."""

from __future__ import annotations

import psutil


def reading_processes() -> list[psutil.Process]:
    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            if any(part.endswith((":serve", "bad_readers:run")) for part in process.cmdline()[-1:]):
                found.append(process)
        except psutil.Error:
            continue
    return found
