"""``debabelizer transcribe``: recordings to text, to the terminal or to files."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from debabelizer.cli.context import Run, ignored_words, json_option, note, pass_run, print_json, provider_option

if TYPE_CHECKING:
    from debabelizer.cli.transcribe_batch import Ending, Outcome
    from debabelizer.cli.transcribe_files import Item
    from debabelizer.config import Settings


class _Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """The options, checked. ``forms``: empty prints the text."""

    files: tuple[str, ...]
    forms: tuple[str, ...]
    output: Path | None
    overwrite: bool
    recursive: bool
    watch: bool
    jobs: int | None
    line: int
    lines: int
    translate_to: str
    both: bool
    quiet: bool
    as_json: bool

    @property
    def languages(self) -> tuple[str, ...]:
        """Those of the texts that are wanted; empty: what was said, whatever that is."""
        return ("", self.translate_to) if self.both else (self.translate_to,)


def _forms(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...]:
    from debabelizer.export.documents import FORMS

    forms = tuple(dict.fromkeys(part.strip().lower().lstrip(".") for part in (value or "").split(",") if part.strip()))
    for form in forms:
        if form not in FORMS:
            raise click.BadParameter(f"{form!r} is none of {', '.join(FORMS)}")
    return forms


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@provider_option
@click.option("--language", "-l", help="What is spoken: en, or several as en,ru.")
@click.option("--live", is_flag=True, help="Send files as live speech, even where the provider takes them whole.")
@click.option("--to", "forms", callback=_forms, metavar="FORM,...", help="Write txt, md, srt, vtt, json, tsv, docx.")
@click.option("--output", "-o", type=click.Path(file_okay=False, path_type=Path), help="Write into this folder.")
@click.option("--translate-to", default="", metavar="LANG", help="Into this language (en), by who can do that.")
@click.option("--both", is_flag=True, help="With --translate-to: what was said, too.")
@click.option("--overwrite", is_flag=True, help="Do again what is there already.")
@click.option("--recursive", "-r", is_flag=True, help="Folders with the folders in them.")
@click.option("--watch", is_flag=True, help="Go on with what comes into the folders, until Ctrl-C.")
@click.option("--jobs", "-j", type=click.IntRange(1, 64), help="Files at a time; else as the provider allows.")
@click.option("--line", type=click.IntRange(10, 200), default=42, show_default=True, help="Subtitles: longest line.")
@click.option("--lines", type=click.IntRange(1, 6), default=2, show_default=True, help="Subtitles: lines of each.")
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
@json_option
@pass_run
def transcribe(run: Run, /, provider: str | None, language: str | None, live: bool, **options: object) -> None:
    """Audio and video files to text. FILE may be a folder, or - for standard input.

    Prints the text, or with --to or --output writes it: talk.mp3 becomes talk.txt beside it or in the folder. What has
    a newer text already is skipped, so that a run that was stopped goes on where it was. A file that can't be read is
    named, and the others go on. Ctrl-C keeps what is done; a second one ends at once. With --json: words, times,
    speakers and channels.

    With --translate-to en: talk.en.txt. JSON holds what was said and its translation, where the provider gives both.
    """
    wanted = _checked(msgspec.convert(options, _Wanted))
    if live and wanted.translate_to:
        raise click.UsageError("Only whole files are translated: leave --live or --translate-to out.")
    run.override("files.method", "stream" if live else None)
    run.override("provider", provider)
    run.override("languages", language)
    from debabelizer.cli.transcribe_batch import status_of

    try:
        outcomes = asyncio.run(_all(run.settings, wanted))
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a late Ctrl-C ends the program without a word
    if wanted.as_json:
        print_json([outcome.data for outcome in outcomes])
    click.get_current_context().exit(status_of(outcomes))


def _checked(wanted: _Wanted) -> _Wanted:
    if wanted.output is not None and not wanted.forms:
        wanted = msgspec.structs.replace(wanted, forms=("txt",))
    if wanted.forms and "-" in wanted.files and wanted.output is None:
        raise click.UsageError("Standard input has no folder of its own: say with --output where its text goes.")
    if wanted.both and not wanted.translate_to:
        raise click.UsageError("--both is what was said and its translation: say --translate-to, too.")
    if wanted.watch and (not wanted.forms or wanted.as_json):
        raise click.UsageError("--watch writes files: say which with --to, and leave --json out (--to json writes it).")
    for name in wanted.files if wanted.watch else ():
        if not Path(name).is_dir():
            raise click.UsageError(f"--watch watches folders, and {name} is none.")
    return wanted


async def _all(settings: Settings, wanted: _Wanted) -> list[Outcome]:
    from debabelizer.cli.transcribe_batch import Batch, Ending, Telling, Wish, summary
    from debabelizer.cli.transcribe_files import Arrivals, Outputs, items_of
    from debabelizer.cli.transcribe_view import View
    from debabelizer.export import Rules
    from debabelizer.transcriber import Transcriber

    ending = Ending()
    _on_interrupt(ending)
    _tell_ignored(settings, wanted.translate_to)
    found = [] if wanted.watch else items_of(wanted.files, recursive=wanted.recursive)
    arrivals = Arrivals(wanted.files, recursive=wanted.recursive)
    writes = bool(wanted.forms)
    batch = Batch(
        Transcriber(settings),
        Wish(translate_to=wanted.translate_to, both=wanted.both),
        Outputs(wanted.forms, wanted.output, wanted.languages, overwrite=wanted.overwrite) if writes else None,
        Rules(line=wanted.line, lines=wanted.lines),
        View(wanted=not wanted.quiet and sys.stderr.isatty(), total=None if wanted.watch else len(found)),
        Telling(
            text=not writes and not wanted.as_json,
            named=len(found) > 1,
            data=wanted.as_json,
            lines=writes and not wanted.quiet,
        ),
        ending,
    )
    if wanted.watch and not wanted.quiet:
        note(f"Watching {', '.join(wanted.files)}; Ctrl-C ends.")
    jobs = wanted.jobs or _jobs(settings, wanted.translate_to)
    outcomes = await batch.run(arrivals.until(ending.over) if wanted.watch else _each(found), jobs)
    if (writes and not wanted.quiet) or not (found or wanted.watch):
        note(summary(outcomes) if outcomes else "There is no recording.")
    return outcomes


async def _each(items: Sequence[Item]) -> AsyncIterator[Item]:
    for item in items:
        yield item


def _jobs(settings: Settings, into: str) -> int:
    from debabelizer.config.selection import choose, for_recordings
    from debabelizer.errors import ProviderError
    from debabelizer.recordings.choices import at_a_time

    with contextlib.suppress(ProviderError):  # then each file says so
        return at_a_time(settings, choose(settings, for_recordings(settings), into).provider)
    return 1


def _tell_ignored(settings: Settings, into: str) -> None:
    from debabelizer.config.selection import choose, for_recordings
    from debabelizer.errors import ProviderError

    with contextlib.suppress(ProviderError):  # then each file says so
        for words in ignored_words(settings, choose(settings, for_recordings(settings), into).provider):
            note(words)


def _on_interrupt(ending: Ending) -> None:
    """The first Ctrl-C keeps what is done, the second ends at once."""
    loop, asked = asyncio.get_running_loop(), False

    def interrupted(*_: object) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        loop.call_soon_threadsafe(ending.interrupt)

    signal.signal(signal.SIGINT, interrupted)
