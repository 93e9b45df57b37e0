"""Many recordings, several at a time: what became of each, and what is told of it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from debabelizer.cli import failure
from debabelizer.cli.context import note
from debabelizer.cli.failure import Exit
from debabelizer.cli.transcribe_files import Item, Outputs, Writing, partial_of
from debabelizer.cli.transcribe_view import View, clock
from debabelizer.errors import Category, ProviderError
from debabelizer.recordings.choices import HOPELESS

if TYPE_CHECKING:
    from debabelizer.export import Rules
    from debabelizer.transcriber import Transcriber, Transcript


class Became(StrEnum):
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    STOPPED = "stopped"
    NOT_BEGUN = "not begun"


class Outcome(msgspec.Struct, frozen=True):
    """``data``: for ``--json``."""

    became: Became
    status: Exit
    data: dict[str, Any]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """``translate_to``: BCP 47, empty for what was said; ``both``: that, too."""

    translate_to: str = ""
    both: bool = False

    def of(self, result: Transcript) -> list[tuple[str, Transcript]]:
        """What to show, each with its language; empty: that of the recording."""
        if not self.translate_to:
            return [("", result)]
        translated = (self.translate_to, result.translated)
        return [("", result), translated] if self.both else [translated]


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """``text``: print what was understood, under the file's name where ``named``. ``data``: keep it for ``--json``.
    ``lines``: a line for each file that was written or skipped."""

    text: bool
    named: bool
    data: bool
    lines: bool


class Ending:
    """``over``: no further file is begun. ``stop``: those under way end, and what is understood by then is kept."""

    def __init__(self) -> None:
        self.over, self.stop = asyncio.Event(), asyncio.Event()

    def interrupt(self) -> None:
        self.over.set()
        self.stop.set()


class Batch:
    """``outputs``: None prints the text."""

    def __init__(
        self,
        transcriber: Transcriber,
        wish: Wish,
        outputs: Outputs | None,
        rules: Rules,
        view: View,
        telling: Telling,
        ending: Ending,
    ) -> None:
        self._transcriber, self._wish, self._outputs, self._rules = transcriber, wish, outputs, rules
        self._view, self._telling, self._ending = view, telling, ending
        self._hopeless: Category | None = None

    async def run(self, items: AsyncIterator[Item], jobs: int) -> list[Outcome]:
        """In the order of ``items``. Further ones are not asked for while ``jobs`` are under way."""
        free = asyncio.Semaphore(jobs)
        tasks: list[asyncio.Task[Outcome]] = []
        try:
            async for item in items:
                await free.acquire()
                tasks.append(asyncio.create_task(self._one(item, free)))
            return [await task for task in tasks]
        finally:
            for task in tasks:
                task.cancel()

    async def _one(self, item: Item, free: asyncio.Semaphore) -> Outcome:
        try:
            if self._ending.over.is_set():
                return Outcome(Became.NOT_BEGUN, Exit.CANCELLED, {"file": item.name, "error": "not begun"})
            try:
                return await self._transcribed(item)
            except ProviderError as error:
                return self._failed(item, error)
        except BaseException:
            self._ending.over.set()
            raise
        finally:
            self._view.end(item.name)
            free.release()

    async def _transcribed(self, item: Item) -> Outcome:
        missing = await asyncio.to_thread(self._outputs.missing, item) if self._outputs else {}
        if self._outputs and not missing:
            self._line(f"{item.name}: skipped, its text is newer.")
            return Outcome(Became.SKIPPED, Exit.OK, {"file": item.name, "skipped": True})
        self._view.begin(item.name)
        keeping: list[asyncio.Future[Any]] = []

        def keep(found: Transcript) -> None:
            """A part beside, for the case that the program comes down."""
            keeping.append(asyncio.ensure_future(asyncio.to_thread(self._write, item, found, missing)))

        try:
            result = await self._transcriber.transcribe(
                item.path or sys.stdin.buffer,
                translate_to=self._wish.translate_to,
                with_original=self._wish.both,
                on_progress=lambda p: self._view.update(item.name, p),
                on_settled=keep,
                stop=self._ending.stop,
            )
        finally:
            await asyncio.gather(*keeping, return_exceptions=True)
        written = await asyncio.to_thread(self._write, item, result, missing)
        with self._view.aside():
            self._tell(item.name, result)
        if written:
            self._line(f"{item.name}: {', '.join(map(str, written))}")
        return Outcome(*_became(result), _data(item.name, result) if self._telling.data else {})

    def _failed(self, item: Item, error: ProviderError) -> Outcome:
        if self._hopeless is None or error.category is not self._hopeless:  # else it was said already
            with self._view.aside():
                note(f"{item.name}: {failure.describe(error)}")
        if error.category in HOPELESS:
            self._hopeless = error.category
            self._ending.over.set()
        data = {"file": item.name, "error": str(error), "category": error.category}
        return Outcome(Became.FAILED, failure.status_of(error), data)

    def _write(self, item: Item, result: Transcript, missing: dict[Writing, Path]) -> list[Path]:
        """The files. What was not understood to its end goes beside, so that the next run does it again."""
        from debabelizer.export.documents import write
        from debabelizer.export.saving import save

        title = item.path.stem if item.path else "Transcript"
        whole = result.complete and result.error is None
        if not whole and not any(one.text for _, one in self._wish.of(result)):
            return []
        targets = {writing: path if whole else partial_of(path) for writing, path in missing.items()}
        for writing, path in targets.items():
            said = result.translated if writing.language and writing.form != "json" else result
            save(path, write(said, writing.form, title, self._rules))
        if whole:
            for path in missing.values():
                partial_of(path).unlink(missing_ok=True)
        return list(targets.values())

    def _line(self, text: str) -> None:
        if self._telling.lines:
            with self._view.aside():
                note(text)

    def _tell(self, name: str, result: Transcript) -> None:
        for text in result.notices:
            note(f"{name}: {text}")
        if result.error is not None:
            note(f"{name}: stopped after {clock(result.duration)}. {failure.describe(result.error)}")
        elif not result.complete:
            note(f"{name}: stopped after {clock(result.duration)}; this is what had been understood.")
        elif not any(one.text for _, one in self._wish.of(result)):
            note(f"{name}: no speech was understood in {clock(result.duration)}.")
        if not self._telling.text:
            return
        for language, said in self._wish.of(result):
            heading = [*([name] if self._telling.named else []), *([language] if language and self._wish.both else [])]
            if heading:
                click.echo(f"== {', '.join(heading)} ==")
            if said.text:
                click.echo(with_speakers(said))


def status_of(outcomes: list[Outcome]) -> Exit:
    """That of the first which is not done."""
    return next((one.status for one in outcomes if one.status is not Exit.OK), Exit.OK)


def summary(outcomes: list[Outcome]) -> str:
    counts = {became: sum(one.became is became for one in outcomes) for became in Became}
    always = (Became.DONE, Became.SKIPPED, Became.FAILED)
    return ", ".join(f"{count} {became}" for became, count in counts.items() if count or became in always) + "."


def with_speakers(result: Transcript) -> str:
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


def _became(result: Transcript) -> tuple[Became, Exit]:
    if result.error is not None:
        return Became.FAILED, failure.status_of(result.error)
    return (Became.DONE, Exit.OK) if result.complete else (Became.STOPPED, Exit.CANCELLED)


def _data(name: str, result: Transcript) -> dict[str, Any]:
    from debabelizer.export.documents import data

    return {"file": name, **data(result)}
