"""The frozen programs, both of them: the same command, with a console and without. What stands here happens before
anything else."""

from __future__ import annotations

import os
import sys

_FOR_LIBRARIES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def main() -> int:
    _give_back_the_environment()
    if any("multiprocessing" in argument for argument in sys.argv[1:]):
        import multiprocessing

        multiprocessing.freeze_support()  # some library's helper process; returns where it is none
    from debabelizer.cli import main as command

    return command()


def _give_back_the_environment() -> None:
    """The loader has told this process where its libraries lie. What the program starts (a browser, a voice) must not
    find ours; a worker is told again by its own loader."""
    for name in _FOR_LIBRARIES:
        original = os.environ.pop(f"{name}_ORIG", None)
        if original is not None:
            os.environ[name] = original
        else:
            os.environ.pop(name, None)


if __name__ == "__main__":
    sys.exit(main())
