"""``debabelizer dictate``: speak, and the words appear in the terminal."""

from __future__ import annotations

import asyncio
import signal
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from debabelizer.cli import failure
from debabelizer.cli.context import Run, ignored_words, json_option, note, pass_run, print_json, provider_option
from debabelizer.cli.failure import Exit
from debabelizer.cli.terminal_keys import END, key_presses
from debabelizer.errors import ProviderError, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from debabelizer.audio.capture import Capture, CaptureFactory
    from debabelizer.cli.dictate_view import DictationView
    from debabelizer.dictation import Dictation
    from debabelizer.events import Event, SessionState


@click.command()
@click.option("--file", "-f", "file", type=click.Path(path_type=Path), help="Take this recording as if it were spoken.")
@provider_option
@click.option("--language", "-l", help="What you speak: en, or several as en,ru.")
@click.option("--microphone", "-m", help="Which microphone (debabelizer devices).")
@click.option("--seconds", type=click.FloatRange(min=0.1), help="End after this long.")
@click.option("--copy", is_flag=True, help="Also put the text on the clipboard.")
@click.option("--raw", is_flag=True, help="Print nothing but the text, not even hints.")
@json_option
@pass_run
def dictate(
    run: Run,
    file: Path | None,
    provider: str | None,
    language: str | None,
    microphone: str | None,
    seconds: float | None,
    copy: bool,
    raw: bool,
    as_json: bool,
) -> None:
    """Speak; the words appear here. Enter ends, Space ends a segment, Ctrl-C cancels and keeps the recording.

    Without a microphone it takes the bundled recording and says so.
    """
    run.override("provider", provider)
    run.override("languages", language)
    run.override("microphone", microphone)
    tell = (lambda _: None) if raw else note
    outcome = asyncio.run(_Dictating(run, _Source(run, file, tell), seconds, tell).run())
    if as_json:
        print_json(outcome.data)
    elif outcome.text:
        click.echo(outcome.text)
    if copy and outcome.text:
        from debabelizer.cli.clipboard import copy as to_clipboard

        tell(to_clipboard(outcome.text) + ".")
    click.get_current_context().exit(outcome.status)


_MUTED = "The microphone gives no sound at all. Is it muted?"


class Outcome(msgspec.Struct):
    text: str = ""
    status: int = Exit.OK
    take: str | None = None
    provider: str | None = None
    seconds: float = 0.0
    """Of audio."""
    error: ProviderError | None = None

    @property
    def data(self) -> dict[str, object]:
        """For ``--json``."""
        said = {name: getattr(self, name) for name in ("text", "take", "provider", "seconds")}
        failed = self.error and {"message": self.error.message, "category": self.error.category}
        return said | {"cancelled": self.status == Exit.CANCELLED, "error": failed}


class _Source:
    """Where the sound comes from: the microphone, a file, or the bundled recording."""

    def __init__(self, run: Run, file: Path | None, tell: Callable[[str], None]) -> None:
        self._settings = run.settings
        self._file = file or self._without_microphone(run, tell)
        self.on_end: Callable[[], None] = lambda: None

    @property
    def is_file(self) -> bool:
        return self._file is not None

    def factory(self) -> CaptureFactory:
        return self._capture

    def _capture(self, microphone: str) -> Capture:
        if self._file is not None:
            from debabelizer.audio.bounded.limits import limits_of
            from debabelizer.audio.file_capture import FileCapture

            return FileCapture(self._file, on_end=self.on_end, limits=limits_of(self._settings))
        from debabelizer.audio.sounddevice_capture import SoundDeviceCapture

        return SoundDeviceCapture(microphone)

    @staticmethod
    def _without_microphone(run: Run, tell: Callable[[str], None]) -> Path | None:
        from debabelizer.audio.devices import microphones
        from debabelizer.audio.file_capture import sample_speech

        try:
            found = microphones()
            why = "No microphone is connected."
        except ProviderError as error:
            found, why = [], error.message
        if found:  # one that was chosen and is not among them is told of when recording begins
            return None
        tell(f"{why} Taking the bundled recording instead.")
        return sample_speech()


class _Dictating:
    """One take, from its start to its text."""

    def __init__(self, run: Run, source: _Source, seconds: float | None, tell: Callable[[str], None]) -> None:
        self._run = run
        self._source = source
        self._seconds = seconds
        self._tell = tell
        self._outcome = Outcome()
        self._finished = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ending = False
        self._silence = ""
        """What was told last of a microphone that gives none; it is over when something is heard."""
        self._trouble = ""
        """What was told last of a failing provider: each new attempt may fail in the same way."""
        self._view: DictationView

    async def run(self) -> Outcome:
        from debabelizer.accounts.budget import require
        from debabelizer.cli.dictate_view import DictationView
        from debabelizer.config.selection import choose
        from debabelizer.dictation.assembly import make_dictation

        settings = self._run.settings
        chosen = choose(settings)
        require(settings, chosen.provider)
        self._tell(f"Recognised by {chosen.provider} ({chosen.reason}).")
        for words in ignored_words(settings, chosen.provider):
            self._tell(words)
        dictation = make_dictation(settings, capture=self._source.factory(), inserter=None)
        watched = sys.stderr.isatty()
        typed = sys.stdin is not None and sys.stdin.isatty()
        hint = "Enter: done  Space: next segment  Ctrl-C: cancel" if typed else "Ctrl-C: cancel"
        self._view = DictationView(dictation.transcript, wanted=watched, hint=hint)
        self._view.provider = chosen.provider
        unsubscribe = dictation.subscribe(self._on_event)
        try:
            with self._view, key_presses(partial(self._on_key, dictation)):
                self._arrange_end(dictation)
                await dictation.start(insert=False)
                await self._finished.wait()
        finally:
            unsubscribe()
            await self._close(dictation)
        if self._outcome.status == Exit.CANCELLED:
            lost = settings.get("storage.keep_nothing")
            self._tell("Cancelled." + ("" if lost else " The recording is kept: debabelizer takes retry last"))
        return self._outcome

    def _arrange_end(self, dictation: Dictation) -> None:
        loop = asyncio.get_running_loop()
        end = partial(self._end, dictation)

        def ended() -> None:  # called in the recording's thread
            loop.call_soon_threadsafe(end)

        self._source.on_end = ended
        if self._seconds is not None:
            loop.call_later(self._seconds, end)
        for number, verb in ((signal.SIGINT, self._cancel), (signal.SIGTERM, end)):
            signal.signal(number, lambda *_, verb=verb: loop.call_soon_threadsafe(verb))

    async def _close(self, dictation: Dictation) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await dictation.close()

    # ---------------------------------------------------------------------------------------------- verbs

    def _on_key(self, dictation: Dictation, key: str) -> None:
        if key in ("\n", END):
            self._end(dictation)
        elif key == " " and not self._ending:
            self._run_verb(dictation.commit())

    def _end(self, dictation: Dictation) -> None:
        if not self._ending:
            self._ending = True
            self._run_verb(dictation.stop())

    def _cancel(self) -> None:
        """What was said stays on disk: whoever presses Ctrl-C in a hurry has lost nothing. Another one ends at once."""
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._outcome.status = Exit.CANCELLED
        self._finished.set()

    def _run_verb(self, verb: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(verb)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --------------------------------------------------------------------------------------------- events

    def _on_event(self, event: Event) -> None:
        from debabelizer import events as e
        from debabelizer.dictation.wording import provider_changed

        match event:
            case e.LevelChanged():
                self._view.level, self._view.elapsed = event.rms, event.elapsed
                if event.rms > -50 and self._view.warning == self._silence:
                    self._view.warning = ""
            case e.DictationChanged():
                self._view.state = event.state
            case e.StateChanged():
                self._on_session(event.state)
            case e.SilenceHint():
                self._silence = _MUTED if event.muted else "Nothing can be heard. Is this the right microphone?"
                self._warn(self._silence)
            case e.Notice():
                self._warn(event.text)
            case e.ProviderChanged():
                self._view.provider = event.provider
                self._warn(provider_changed(event), self._trouble)
                self._trouble = ""
            case e.ErrorOccurred():
                self._on_trouble(sentence(event.error.message), fatal=event.fatal)
            case e.TakeFinished() | e.TakeFailed() | e.TakeCancelled():
                self._on_finished(event)
            case _:  # text: the view reads the transcript itself
                return

    def _on_session(self, state: SessionState) -> None:
        from debabelizer.events import SessionState

        self._view.session = state
        if state is SessionState.CONNECTED and self._view.warning == self._trouble:
            self._view.warning = self._trouble = ""

    def _on_trouble(self, words: str, *, fatal: bool) -> None:
        if fatal:  # the end tells it, with the way out; who still speaks should know now
            lost = self._run.settings.get("storage.keep_nothing")
            self._view.warning = words + ("" if lost else " What you say is kept.")
            return
        told, self._trouble = self._trouble, words
        self._warn(words, told)

    def _warn(self, text: str, told: str = "") -> None:
        """``told``: how it begins, where that stands in a line above already."""
        self._view.warning = text
        new = text.removeprefix(told).strip()
        if new and not sys.stderr.isatty():
            self._tell(new)

    def _on_finished(self, event: Event) -> None:
        from debabelizer import events as e

        self._outcome.take = getattr(event, "take", None)
        if isinstance(event, e.TakeFinished | e.TakeFailed):
            self._outcome.text, self._outcome.provider = event.text, event.provider or None
            self._outcome.seconds = event.seconds
        if isinstance(event, e.TakeFinished):
            if not event.text:
                self._tell("No speech was understood.")
        elif isinstance(event, e.TakeFailed):
            self._outcome.error, self._outcome.status = event.error, failure.status_of(event.error)
            note(failure.describe(event.error))
            if event.kept:
                note(f"The recording is kept: debabelizer takes retry {event.take}")
        self._finished.set()
