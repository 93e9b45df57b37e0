"""How a worker is started: by this interpreter, or by the frozen program itself, which has no other executable."""

from __future__ import annotations

import contextlib
import os
import sys

_NICENESS = 10
_BELOW_NORMAL, _MAY_BE_SET = 0x4000, 0x200
"""Windows' BELOW_NORMAL_PRIORITY_CLASS and PROCESS_SET_INFORMATION."""

WORKER_FLAG = "--debabelizer-worker"
"""A program that is started with this as its first argument is a worker, and nothing else."""


def command_line(target: str) -> list[str]:
    """For ``target`` (``package.module:function``, called with a :class:`~debabelizer.workers.main.Pipe`)."""
    if getattr(sys, "frozen", False):
        return [sys.executable, WORKER_FLAG, target]
    return [sys.executable, "-P", "-m", "debabelizer.workers.main", target]


_LINEAR_ALGEBRA = {"OPENBLAS_NUM_THREADS": "1"}
"""NumPy's matrices in a worker are small: sharing one out among threads, which wait for each other busily, took two to
nine times as long as doing it in one. Recognisers have threads of their own."""


def environment() -> dict[str, str]:
    """The worker imports from where this process does; a frozen program carries what it imports."""
    environ = {**_LINEAR_ALGEBRA, **os.environ}
    if not getattr(sys, "frozen", False):
        environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    return environ


def yield_to_others(pid: int) -> None:
    """A process that has just been started gets the processor when nobody else wants it. One that can't be told so
    works on as others do."""
    if hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, pid) + _NICENESS)
        return
    import ctypes

    kernel = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined]
    handle = kernel.OpenProcess(_MAY_BE_SET, False, pid)
    kernel.SetPriorityClass(handle, _BELOW_NORMAL)
    kernel.CloseHandle(handle)


def serve_if_asked() -> None:
    """First in every program's ``main``: where it was started as a worker it is one, and this does not return."""
    if sys.argv[1:2] == [WORKER_FLAG]:
        from debabelizer.workers.main import run

        run(sys.argv[2])
