"""``debabelizer history``: what was dictated, and finding it again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from debabelizer.cli.context import Run, json_option, note, pass_run, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from debabelizer.store import History


@click.command()
@click.argument("words", nargs=-1)
@click.option("--limit", "-n", type=click.IntRange(1, 100_000), default=20, show_default=True, help="At most so many.")
@click.option("--clear", is_flag=True, help="Delete all of it for good.")
@click.option("--yes", "-y", is_flag=True, help="Don't ask.")
@json_option
@pass_run
def history(run: Run, words: tuple[str, ...], limit: int, clear: bool, yes: bool, as_json: bool) -> None:
    """What was dictated, newest last; with WORDS only takes that contain all of them."""
    with _opened(run) as kept:
        if clear:
            if words:
                raise click.UsageError("--clear deletes everything; it takes no WORDS.")
            if not yes:
                click.confirm("Delete the whole history for good?", abort=True, err=True)
            kept.clear()
            note("The history is empty.")
            return
        found = kept.search(" ".join(words), limit=limit)[::-1]
    if as_json:
        print_json(found)
        return
    for entry in found:
        when = datetime.fromtimestamp(entry.finished).astimezone()
        click.echo(f"{when:%Y-%m-%d %H:%M}  {' '.join(entry.text.split())}")
    if not found:
        note("Nothing was found." if words else "The history is empty.")


def _opened(run: Run) -> AbstractContextManager[History]:
    from contextlib import contextmanager

    from debabelizer.config import folders
    from debabelizer.store import History

    _ = run.settings

    @contextmanager
    def opened() -> Iterator[History]:
        kept = History(folders.data_dir())
        try:
            yield kept
        finally:
            kept.close()

    return opened()
