"""The frozen programs, both of them: the name by which this was started says which. What stands here happens before
anything else."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

_FOR_LIBRARIES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def main() -> int:
    _give_back_the_environment()
    if sys.argv[1:2] and sys.argv[1].startswith("--debabelizer-"):
        _work(sys.argv[1], sys.argv[2:])
    if any("multiprocessing" in argument for argument in sys.argv[1:]):
        import multiprocessing

        multiprocessing.freeze_support()  # some library's helper process; returns where it is none
    window = Path(sys.argv[0]).stem == "debabelizer-desktop"
    return int(importlib.import_module("debabelizer_desktop.__main__" if window else "debabelizer.cli").main())


def _give_back_the_environment() -> None:
    """The loader has told this process where its libraries lie. What the program starts (a browser, a voice) must not
    find ours; a worker is told again by its own loader."""
    for name in _FOR_LIBRARIES:
        original = os.environ.pop(f"{name}_ORIG", None)
        if original is not None:
            os.environ[name] = original
        else:
            os.environ.pop(name, None)


def _work(flag: str, arguments: list[str]) -> None:
    """Become the worker process of a local engine."""
    from debabelizer.streaming import worker_main
    from debabelizer.streaming.transports.worker import WORKER_FLAG

    if flag == WORKER_FLAG:
        worker_main.run(*arguments)


if __name__ == "__main__":
    sys.exit(main())
