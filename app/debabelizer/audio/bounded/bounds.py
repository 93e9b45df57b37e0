"""What the system is asked to hold a reading process to. Run in that process; plain Python, for a quick start.

Linux holds all of it by itself: no memory beyond the bound, no processor time beyond the allowance, no new descriptor,
so neither file nor connection. macOS does not bound memory, and Windows knows none of the three this way; there a job
object bounds memory, and a thread looks every twentieth of a second at what is left.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from enum import IntEnum


class Exit(IntEnum):
    """How a reading process ends itself."""

    MEMORY = 81
    TIME = 82
    STALLED = 83


_TICK_S = 0.05


class Bounds:
    """Of one process. ``hold`` once, ``begin`` for each recording, ``earn`` as its sound comes."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}
        """Which bounds hold, and what holds them: ``memory``, ``time``, ``stalling``, ``files and network``."""
        self.missing: dict[str, str] = {}
        """Which don't, and why."""
        self._memory: int | None = None
        self._base = self._until = float("inf")
        self._stall = float("inf")
        self._progress = 0
        self._busy = False

    def hold(self, memory: int) -> None:
        """``memory``: bytes on top of what the process has now."""
        if sys.platform == "win32":
            from debabelizer.audio.bounded.windows_job import Job

            self.missing["files and network"] = "Windows has no such bound for a single process"
            try:
                self.held["memory"] = Job().hold(memory)
            except OSError as error:
                self.missing["memory"] = str(error)
        else:
            self._hold_posix(memory)
        threading.Thread(target=self._watch, name="bounds", daemon=True).start()
        self.held["stalling"] = "a watching thread"
        self.held.setdefault("time", "a watching thread")

    def begin(self, patience: float, stall: float) -> None:
        """``patience``: seconds of processor time for the next recording; ``stall``: seconds without a sign of life."""
        self._stall = stall
        self._base = time.process_time() + patience
        self.earn(0.0)

    def earn(self, seconds: float) -> None:
        """The recording gave so much sound by now, and may cost as much time on top."""
        self._until = self._base + seconds
        if sys.platform != "win32":
            import resource

            hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
            soft = int(self._until) + 2
            resource.setrlimit(resource.RLIMIT_CPU, (soft if hard < 0 else min(soft, hard), hard))

    def working(self, busy: bool) -> None:
        """Not busy: it waits for somebody else, however long that takes."""
        self._busy = busy
        self._progress += 1

    if sys.platform != "win32":

        def _hold_posix(self, memory: int) -> None:
            import resource

            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump would hold somebody's voice
            self.held["time"] = "the system"
            if sys.platform == "linux":
                resource.setrlimit(resource.RLIMIT_DATA, (_data() + memory, resource.RLIM_INFINITY))
                self.held["memory"] = "the system"
            else:
                self._memory = _peak() + memory
                self.held["memory"] = "a watching thread"
            free = os.open(os.devnull, os.O_RDONLY)
            os.close(free)
            resource.setrlimit(resource.RLIMIT_NOFILE, (free, free))  # from now on nothing can be opened
            self.held["files and network"] = "the system"

    def _watch(self) -> None:
        """Looks at what the system does not hold, and is first where it does: its words say more than a signal."""
        tick = _TICK_S if self._memory is not None else 4 * _TICK_S
        seen, still = -1, 0.0
        while True:
            time.sleep(tick)
            still = still + tick if self._busy and self._progress == seen else 0.0
            seen = self._progress
            if still >= self._stall:
                os._exit(Exit.STALLED)
            if self._busy and time.process_time() > self._until:
                os._exit(Exit.TIME)
            if self._memory is not None and _peak() > self._memory:
                os._exit(Exit.MEMORY)


def _data() -> int:
    """Bytes of private memory that can be written, as Linux counts them for its limit."""
    with open("/proc/self/status", "rb") as status:  # noqa: PTH123 - pathlib is not imported here
        found = next(line for line in status if line.startswith(b"VmData:"))
    return int(found.split()[1]) * 1024


def _peak() -> int:
    """The most memory this process ever had, in bytes."""
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
