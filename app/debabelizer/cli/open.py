"""``debabelizer open``: recordings in the window, which may be running already."""

from __future__ import annotations

from pathlib import Path

import click

from debabelizer.cli.context import Run, pass_run


@click.command("open")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="FILE...")
@pass_run
def open_(run: Run, files: tuple[Path, ...]) -> None:
    """Recordings, films and folders of them to text, in the window."""
    from debabelizer.cli.start import window
    from debabelizer.errors import UnsupportedError

    opened = window()
    if isinstance(opened, str):
        raise UnsupportedError(f"{opened} Without a window `debabelizer transcribe` does it.", remedy=None)
    status: int = opened.main(run.overrides, files=[str(file) for file in files], verbose=run.verbose)
    click.get_current_context().exit(status)
