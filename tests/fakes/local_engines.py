"""The worker processes of this process's sessions, not those that decode files."""

from __future__ import annotations

import psutil


def workers() -> list[psutil.Process]:
    return [p for p in psutil.Process().children(recursive=True) if _is_engine(" ".join(_command(p)))]


def _is_engine(command: str) -> bool:
    return "debabelizer.workers.main" in command and "debabelizer.audio" not in command


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
