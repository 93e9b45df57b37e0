"""``debabelizer transcribe``: recordings to text, one after the other."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from debabelizer.cli import failure
from debabelizer.cli.context import Run, ignored_words, json_option, note, pass_run, print_json
from debabelizer.cli.failure import Exit

if TYPE_CHECKING:
    from debabelizer.processor import Progress, Transcript


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--provider", "-p", help="Who recognises (debabelizer providers).")
@click.option("--language", "-l", help="What is spoken: en, or several as en,ru.")
@click.option("--live", is_flag=True, help="Send files as live speech, even where the provider takes them whole.")
@click.option("--quiet", "-q", is_flag=True, help="No progress.")
@json_option
@pass_run
def transcribe(
    run: Run, files: tuple[str, ...], provider: str | None, language: str | None, live: bool, quiet: bool, as_json: bool
) -> None:
    """Audio and video files to text. FILE may be - for standard input.

    A file that can't be read is named, and the others go on. Ctrl-C keeps what is done. With --json: words, times,
    speakers and channels.
    """
    run.override("files.method", "stream" if live else None)
    run.override("provider", provider)
    run.override("languages", language)
    shown = _Progress(wanted=not quiet and sys.stderr.isatty())
    outcomes = asyncio.run(_all(run, files, shown, as_json))
    if as_json:
        print_json([_data(name, result) for name, result in outcomes])
    click.get_current_context().exit(_status(outcomes))


_HOPELESS = frozenset({"auth", "quota", "config", "unsupported"})

Outcome = tuple[str, "Transcript | Exception | None"]
"""A file's name and what became of it; None: it was not begun."""


def _tell_ignored(run: Run) -> None:
    from debabelizer.config.selection import choose
    from debabelizer.errors import ProviderError

    with contextlib.suppress(ProviderError):  # then each file says so
        for words in ignored_words(run.settings, choose(run.settings).provider):
            note(words)


async def _all(run: Run, files: tuple[str, ...], shown: _Progress, as_json: bool) -> list[Outcome]:
    from debabelizer.errors import ProviderError
    from debabelizer.processor import VoiceProcessor

    processor = VoiceProcessor(run.settings)
    stop = asyncio.Event()
    _on_interrupt(stop)
    _tell_ignored(run)
    outcomes: list[Outcome] = []
    for name in files:
        if stop.is_set():
            outcomes.append((name, None))
            continue
        shown.begin(name)
        try:
            result = await processor.transcribe(_source(name), on_progress=shown.update, stop=stop)
        except ProviderError as error:
            shown.end()
            outcomes.append((name, error))
            note(f"{name}: {failure.describe(error)}")
            if error.category in _HOPELESS:
                break  # the next file would fail in the same way
            continue
        shown.end()
        outcomes.append((name, result))
        _tell(name, result, as_json=as_json, named=len(files) > 1)
    outcomes += [(name, None) for name in files[len(outcomes) :]]
    return outcomes


def _source(name: str) -> Path | BinaryIO:
    return sys.stdin.buffer if name == "-" else Path(name)


def _on_interrupt(stop: asyncio.Event) -> None:
    """The first Ctrl-C keeps what is done, the second ends at once."""
    loop = asyncio.get_running_loop()

    def interrupted(*_: object) -> None:
        if stop.is_set():
            signal.signal(signal.SIGINT, signal.default_int_handler)
        loop.call_soon_threadsafe(stop.set)

    signal.signal(signal.SIGINT, interrupted)


def _tell(name: str, result: Transcript, *, as_json: bool, named: bool) -> None:
    for text in result.notices:
        note(f"{name}: {text}")
    if result.error is not None:
        note(f"{name}: stopped after {_clock(result.duration)}. {failure.describe(result.error)}")
    elif not result.complete:
        note(f"{name}: stopped after {_clock(result.duration)}; this is what had been understood.")
    elif not result.text:
        note(f"{name}: no speech was understood in {_clock(result.duration)}.")
    if as_json:
        return
    if named:
        click.echo(f"== {name} ==")
    if result.text:
        click.echo(_with_speakers(result))


def _with_speakers(result: Transcript) -> str:
    """The text; where several people or channels are told apart, each line says whose it is."""
    if len({(s.speaker, s.channel) for s in result.segments}) < 2:
        return result.text
    channels = len({s.channel for s in result.segments}) > 1
    labels = [
        ", ".join(filter(None, (f"channel {s.channel}" if channels else "", s.speaker or ""))) for s in result.segments
    ]
    return "\n".join(
        f"{label}: {line}" if label else line
        for label, line in zip(_runs(labels), result.text.splitlines(), strict=False)
    )


def _runs(labels: list[str]) -> list[str]:
    """Without what only repeats the one before."""
    return [label for number, label in enumerate(labels) if not number or label != labels[number - 1]]


def _status(outcomes: list[Outcome]) -> int:
    from debabelizer.errors import ProviderError

    for _, result in outcomes:
        if isinstance(result, ProviderError):
            return failure.status_of(result)
        if result is None:
            return Exit.CANCELLED
        if not isinstance(result, Exception) and result.error is not None:
            return failure.status_of(result.error)
        if not isinstance(result, Exception) and not result.complete:
            return Exit.CANCELLED
    return Exit.OK


def _data(name: str, result: Transcript | Exception | None) -> dict[str, Any]:
    import msgspec

    from debabelizer.errors import ProviderError

    if result is None:
        return {"file": name, "error": "not begun"}
    if isinstance(result, Exception):
        code = result.category if isinstance(result, ProviderError) else "internal"
        return {"file": name, "error": str(result), "category": code}
    data = {field: getattr(result, field) for field in result.__struct_fields__ if field != "error"}
    data["segments"] = [msgspec.to_builtins(segment) for segment in result.segments]
    return {"file": name, **data, "error": result.error.message if result.error else None}


class _Progress:
    """One line on a terminal: how far, and the newest words."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._live: Any = None
        self._name = ""

    def begin(self, name: str) -> None:
        if not self._wanted:
            return
        from rich.live import Live

        from debabelizer.cli.context import console

        self._name = Path(name).name
        self._live = Live(console=console(stderr=True), transient=True, refresh_per_second=8)
        self._live.start()

    def update(self, progress: Progress) -> None:
        if self._live is None:
            return
        from rich.text import Text

        state, width = _state(progress), self._live.console.width
        room = max(10, width - len(self._name) - len(state) - 4)
        newest = " ".join(progress.text.split())[-room:]
        line = Text.assemble((self._name, "bold"), f"  {state}  ", (newest, "dim"))
        line.truncate(self._live.console.width)
        self._live.update(line)

    def end(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None


def _state(progress: Progress) -> str:
    """What happens, and how far it is."""
    total = f" of {_clock(progress.total)}" if progress.total else ""
    if progress.stage == "converting":
        return f"reading {_clock(progress.converted)}{total}"
    if progress.stage == "waiting" and progress.error is not None:
        return f"{progress.error.message} Trying again in {progress.wait:.0f} s."
    if progress.stage == "sent" and not progress.done:
        return "sent, waiting for the text" if not progress.text else "sent"
    percent = f" {min(100, 100 * progress.done / progress.total):.0f} %" if progress.total else ""
    return f"{_clock(progress.done)}{total}{percent}"


def _clock(seconds: float) -> str:
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
