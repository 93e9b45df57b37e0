"""``python -m debabelizer_desktop``: the program with its window."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence


def main(
    overrides: Mapping[str, str] | None = None, *, files: Sequence[str] | None = None, verbose: bool = False
) -> int:
    """The program from start to quit; its exit status. The arguments are those of :func:`lifecycle.run`; ``files``:
    None takes those of the command line."""
    from debabelizer.workers.launch import serve_if_asked

    serve_if_asked()
    from debabelizer_desktop import qt_imports  # noqa: F401 - before anything else that PySide6 would look into
    from debabelizer_desktop.lifecycle import run

    opened = [name for name in sys.argv[1:] if not name.startswith("-")] if files is None else files
    return run(sys.argv[:1], overrides, files=opened, verbose=verbose)


if __name__ == "__main__":
    sys.exit(main())
