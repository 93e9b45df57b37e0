"""Windows' way to bound a process: a job object, which this process joins and never leaves.

https://learn.microsoft.com/windows/win32/procthread/job-objects (the structures are those of winnt.h).
"""

from __future__ import annotations

import ctypes
from ctypes import c_int64, c_size_t, c_uint32, c_uint64

ACTIVE_PROCESS, PROCESS_MEMORY, DIE_ON_UNHANDLED_EXCEPTION = 0x8, 0x100, 0x400
_EXTENDED_LIMIT_INFORMATION = 9


class _Basic(ctypes.Structure):
    _fields_ = (
        ("process_time", c_int64),
        ("job_time", c_int64),
        ("flags", c_uint32),
        ("least_working_set", c_size_t),
        ("most_working_set", c_size_t),
        ("active_processes", c_uint32),
        ("affinity", c_size_t),
        ("priority", c_uint32),
        ("scheduling", c_uint32),
    )


class Extended(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("basic", _Basic),
        ("io_counters", c_uint64 * 6),
        ("process_memory", c_size_t),
        ("job_memory", c_size_t),
        ("peak_process_memory", c_size_t),
        ("peak_job_memory", c_size_t),
    )


class Job:
    """No other process may be started in it, and memory beyond the bound is refused as if there were none."""

    def hold(self, memory: int) -> str:
        """``memory``: bytes on top of what is there now. What holds it. Raises OSError."""
        windll = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
        windll.CreateJobObjectW.restype = ctypes.c_void_p
        windll.GetCurrentProcess.restype = ctypes.c_void_p
        job = windll.CreateJobObjectW(None, None)
        limits = Extended()
        limits.basic.flags = ACTIVE_PROCESS | PROCESS_MEMORY | DIE_ON_UNHANDLED_EXCEPTION
        limits.basic.active_processes = 1
        limits.process_memory = _USUAL + memory
        self._ask(
            windll.SetInformationJobObject(
                ctypes.c_void_p(job), _EXTENDED_LIMIT_INFORMATION, ctypes.byref(limits), ctypes.sizeof(limits)
            )
        )
        self._ask(windll.AssignProcessToJobObject(ctypes.c_void_p(job), ctypes.c_void_p(windll.GetCurrentProcess())))
        return "a job object"

    @staticmethod
    def _ask(answer: int) -> None:
        if not answer:
            raise ctypes.WinError(ctypes.get_last_error())  # type: ignore[attr-defined,unused-ignore]


_USUAL = 64 << 20
"""Bytes of a process like this before it reads anything; what exactly it has is told by another library only."""
