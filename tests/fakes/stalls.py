"""A program that does not get on, as on a machine that is too busy."""

from __future__ import annotations

import ctypes


def hold_up(seconds: float) -> None:
    """No thread of this process runs Python until this returns; the system's own threads go on."""
    ctypes.PyDLL(None).usleep(round(seconds * 1_000_000))
