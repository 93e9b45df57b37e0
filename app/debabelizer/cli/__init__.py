"""The command line: everything the engine can do without a window."""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """The ``debabelizer`` command; returns its exit status (see ``cli.failure.Exit``)."""
    from debabelizer.workers.launch import serve_if_asked

    serve_if_asked()
    from debabelizer.cli.program import run

    return run(arguments)
