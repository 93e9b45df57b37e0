"""``debabelizer takes``: recordings kept because something failed, or because the program was ended."""

from __future__ import annotations

import asyncio
import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from debabelizer.cli import complete, failure
from debabelizer.cli.context import Run, json_option, note, pass_run, print_json
from debabelizer.cli.failure import Exit

if TYPE_CHECKING:
    from debabelizer.audio.capture import Capture
    from debabelizer.dictation import TakeRecord, TakeShelf
    from debabelizer.errors import ProviderError
    from debabelizer.events import TakeFailed, TakeFinished


@click.group()
def takes() -> None:
    """Recordings kept because something failed. TAKE is a name from the list, or "last"."""


_take = click.argument("take", shell_complete=complete.takes)


@takes.command("list")
@json_option
@pass_run
def list_(run: Run, as_json: bool) -> None:
    """The kept recordings, oldest first, and why each was kept."""
    kept = _shelf(run).kept()
    if as_json:
        print_json(kept)
        return
    for record in kept:
        when = datetime.fromtimestamp(record.created).astimezone()
        why = record.error or "the program ended"
        click.echo(f"{record.take}  {when:%Y-%m-%d %H:%M}  {record.seconds:.1f} s  {why}")
    if not kept:
        note("No recording is waiting.")


@takes.command()
@_take
@click.option("--provider", "-p", shell_complete=complete.providers, help="Recognise with this one instead.")
@json_option
@pass_run
def retry(run: Run, take: str, provider: str | None, as_json: bool) -> None:
    """Recognise a kept recording again and print its text."""
    run.override("provider", provider)

    event = asyncio.run(_retry(run, _find(_shelf(run).kept(), take).take, provider))
    error: ProviderError | None = getattr(event, "error", None)
    if as_json:
        failed = error and {"message": error.message, "category": error.category}
        said = {name: getattr(event, name) for name in ("text", "take", "provider", "seconds")}
        print_json(said | {"error": failed})
    elif event.text:
        click.echo(event.text)
    if error is not None:
        note(failure.describe(error))
        note("The recording is still kept.")
    elif not event.text:
        note("No speech was understood.")
    click.get_current_context().exit(Exit.OK if error is None else failure.status_of(error))


@takes.command()
@_take
@click.option("--yes", "-y", is_flag=True, help="Don't ask.")
@pass_run
def discard(run: Run, take: str, yes: bool) -> None:
    """Delete a kept recording for good ("all" for all of them)."""

    shelf = _shelf(run)
    kept = shelf.kept()
    chosen = kept if take == "all" else [_find(kept, take)]
    if chosen and not yes:
        click.confirm(f"Delete {len(chosen)} recording(s) for good?", abort=True, err=True)
    for record in chosen:
        shelf.discard(record.take)
    note(f"{len(chosen)} recording(s) deleted.")


@takes.command()
@_take
@click.argument("path", type=click.Path(path_type=Path))
@pass_run
def export(run: Run, take: str, path: Path) -> None:
    """Copy a kept recording as a WAV file to PATH ("-" for standard output)."""
    from debabelizer.errors import StorageError

    found = Path(_find(_shelf(run).kept(), take).audio)
    try:
        if str(path) == "-":
            sys.stdout.buffer.write(found.read_bytes())
        else:
            target = path / found.name if path.is_dir() else path
            shutil.copyfile(found, target)
            note(f"Written to {target}.")
    except OSError as error:
        raise StorageError(f"{error.filename} can't be written or read: {error.strerror}.") from error


def _find(kept: list[TakeRecord], take: str) -> TakeRecord:
    if not kept:
        raise click.UsageError("No recording is waiting.")
    if take == "last":
        return kept[-1]
    found = [record for record in kept if record.take.startswith(take)]
    if len(found) != 1:
        raise click.UsageError(f"{'No' if not found else 'More than one'} recording is called {take!r}.")
    return found[0]


def _shelf(run: Run) -> TakeShelf:
    """The kept takes, those of a program that died included."""
    from debabelizer.config import folders
    from debabelizer.dictation import TakeShelf

    _ = run.settings  # the log is open and the settings' problems are told
    shelf = TakeShelf(folders.takes_dir())
    shelf.recover()
    return shelf


async def _retry(run: Run, take: str, provider: str | None) -> TakeFinished | TakeFailed:
    """The event with which the retry ended."""
    from debabelizer.dictation.assembly import make_dictation
    from debabelizer.events import ErrorOccurred, TakeFailed, TakeFinished

    ended: asyncio.Future[TakeFinished | TakeFailed] = asyncio.get_running_loop().create_future()

    def heard(event: object) -> None:
        if ended.done():
            return
        if isinstance(event, TakeFinished | TakeFailed) and event.take == take:
            ended.set_result(event)
        elif isinstance(event, ErrorOccurred) and event.fatal:
            ended.set_exception(event.error)

    dictation = make_dictation(run.settings, capture=_no_capture, inserter=None)
    unsubscribe = dictation.subscribe(heard)
    try:
        await dictation.retry(take, provider)
        return await ended
    finally:
        unsubscribe()
        await dictation.close()


def _no_capture(microphone: str) -> Capture:
    raise RuntimeError(f"nothing is recorded here (microphone {microphone!r})")
