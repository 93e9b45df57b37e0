"""A lock that lives as long as a file is open in some process, and goes with the process however it dies."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import msvcrt
    import os

    # Windows locks bytes, and locked bytes can't be read by others: one far behind the end of any recording
    _FAR = 0x7FFF_0000_0000

    def try_lock(descriptor: int) -> bool:
        """Whether this open file holds the lock now."""
        here = os.lseek(descriptor, 0, os.SEEK_CUR)
        try:
            os.lseek(descriptor, _FAR, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, here, os.SEEK_SET)
        return True
else:
    import fcntl

    def try_lock(descriptor: int) -> bool:
        """Whether this open file holds the lock now."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
