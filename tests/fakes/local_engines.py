"""The worker processes of this process's sessions."""

from __future__ import annotations

import psutil


def workers() -> list[psutil.Process]:
    return [p for p in psutil.Process().children(recursive=True) if "worker_main" in " ".join(_command(p))]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
