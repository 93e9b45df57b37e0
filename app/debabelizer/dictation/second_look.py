"""A take's sound understood once more after its text has arrived, and the transcript corrected where that was wrong.

It stands aside: the next take never waits for it, it is cancelled without a trace, and where it fails a notice is all.
Text that is in another program by now is left alone; that it could be replaced is told.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec

from debabelizer.audio.wav import header
from debabelizer.dictation.dealing import Spoken, deal
from debabelizer.dictation.delivery import Understood
from debabelizer.dictation.insertion import Insertion
from debabelizer.errors import ProviderError
from debabelizer.events import (
    Corrected,
    Freeze,
    InsertResult,
    Joining,
    Notice,
    SegmentId,
    TakeCorrected,
    Word,
)

if TYPE_CHECKING:
    from typing import BinaryIO

    from debabelizer.dictation.desk import Desk
    from debabelizer.files import FileOutcome
    from debabelizer.files.scratch import Scratch
    from debabelizer.transcript import Segment

_log = logging.getLogger(__name__)

Ask = Callable[[str, "BinaryIO"], Awaitable["FileOutcome"]]
"""Provider's name and a WAV recording to its text. Raises ProviderError."""
CODE = "second_look"
"""Of notices."""
_LEAST_SHARE = 1 / 3
"""A second text with fewer of the words than that has lost some."""
_IN_A_PROGRAM = frozenset({InsertResult.INSERTED, InsertResult.PROBABLY})


class Revision(msgspec.Struct, frozen=True):
    """What a second look made of a take's text that is in another program."""

    insertion: Insertion
    text: str


class SecondLooks:
    """One at a time, in the order of the takes. Lives on one asyncio loop."""

    def __init__(self, desk: Desk, ask: Ask | None) -> None:
        self._desk = desk
        self._ask = ask
        self._tasks: dict[asyncio.Task[None], str] = {}
        self._held: set[str] = set()
        """Takes whose sound is not copied yet."""
        self._turn = asyncio.Lock()
        self.revisions: dict[str, Revision] = {}
        """Of the newest such take: what could be replaced in another program."""

    def provider_for(self, provider: str) -> str:
        """Who looks at a take that ``provider`` understood; empty: nobody. Sound goes to nobody the user did not
        pick."""
        if self._ask is None:
            return ""
        match self._desk.settings.get("second_look.by"):
            case "same":
                return provider
            case "other":
                return str(self._desk.settings.get("second_look.provider"))
            case _:
                return ""

    def begin(self, take: str, understood: Understood, insertion: Insertion | None) -> bool:
        """Whether there is one. The take then stays on the shelf until its sound is copied; it is finished here."""
        provider = self.provider_for(understood.provider)
        if not provider:
            return False
        look = self._look(take, provider, understood, insertion)
        self._held.add(take)
        task = asyncio.create_task(look, name=f"second look at {take}")
        self._tasks[task] = take
        task.add_done_callback(self._over)
        return True

    def cancel(self, take: str | None = None) -> None:
        """That of one take, or all."""
        for task, its in list(self._tasks.items()):
            if take in (None, its):
                task.cancel()

    async def settle(self) -> None:
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _over(self, task: asyncio.Task[None]) -> None:
        """Even one that was cancelled before it had begun."""
        self._let_go(self._tasks.pop(task))

    def _let_go(self, take: str) -> None:
        """The shelf may do with its sound what the settings say."""
        if take in self._held:
            self._held.discard(take)
            self._desk.finish_take(take)
            self._desk.prune()

    # -------------------------------------------------------------------------------------------------- one

    async def _look(self, take: str, provider: str, understood: Understood, insertion: Insertion | None) -> None:
        sound: Scratch | None = None
        try:
            sound = await self._copied(take)
            self._let_go(take)
            async with self._turn:
                with sound.open() as recording:
                    assert self._ask is not None
                    outcome = await self._ask(provider, recording)
            if outcome.error is not None:
                raise outcome.error
            await self._apply(take, provider, understood, insertion, outcome)
        except ProviderError as error:
            _log.info("no second look at %s: %s", take, error.message)
            self._note(provider, f"The second look failed, and the text stays as it is: {error.message}")
        except Exception as fault:  # noqa: BLE001 - a mistake of ours; the take has its text
            _log.error("second look at %s: a mistake of the program", take, exc_info=fault)
        finally:
            if sound is not None:
                sound.close()

    async def _copied(self, take: str) -> Scratch:
        from debabelizer.files.scratch import Scratch

        scratch = Scratch(on_disk=not self._desk.keeps_nothing)

        def copy() -> None:
            scratch.write(header(0))
            size = sum(scratch.write(pcm) for pcm in self._desk.shelf.pcm(take))
            scratch.seek(0)
            scratch.write(header(size))

        copying = asyncio.ensure_future(asyncio.to_thread(copy))
        try:
            await asyncio.shield(copying)
        except BaseException:
            await asyncio.gather(copying, return_exceptions=True)
            scratch.close()
            raise
        return scratch

    async def _apply(
        self, take: str, provider: str, understood: Understood, insertion: Insertion | None, outcome: FileOutcome
    ) -> None:
        text = " ".join(outcome.text.split())
        if len(text.split()) < _LEAST_SHARE * len(understood.text.split()):
            self._note(provider, "The second look understood much less, and the text stays as it is.")
            return
        transcript = self._desk.transcript
        there = [transcript.segment(one) for one in understood.segments if one in transcript]
        there.sort(key=lambda segment: transcript.char_range(segment.id))
        words = tuple(_moved(word, understood.start) for segment in outcome.segments for word in segment.words)
        parts = await asyncio.to_thread(deal, list(map(_spoken, there)), Spoken(text, words))
        corrected = [self._correct(segment, part) for segment, part in zip(there, parts, strict=True)]
        if text != understood.text:
            self._tell(take, provider, understood, insertion, text)
        _log.info("second look at %s by %s: %s", take, provider, "corrected" if any(corrected) else "as it was")

    def _correct(self, segment: Segment, part: Spoken) -> bool:
        if segment.id not in self._desk.transcript or part.text == segment.text.strip():
            return False
        # a text of its own brings no space along, as a verbatim one may have done
        change = Freeze[SegmentId](
            segment=segment.id,
            text=part.text,
            joining=Joining.SPACE,
            words=part.words,
            language=segment.language,
            start=segment.start,
            end=segment.end,
        )
        self._desk.transcript.apply(change)
        self._desk.tell(Corrected(change=change))
        return True

    def _tell(self, take: str, provider: str, understood: Understood, insertion: Insertion | None, text: str) -> None:
        self._desk.revise(take, text)
        program, replaceable = None, False
        if insertion is not None and insertion.result in _IN_A_PROGRAM:
            self.revisions = {take: Revision(insertion, text)}
            program = insertion.target.program if insertion.target is not None else None
            replaceable = insertion is self._desk.last_insertion and insertion.undo is not None
        self._desk.tell(
            TakeCorrected(
                take=take,
                text=text,
                previous=understood.text,
                provider=provider,
                target=program,
                replaceable=replaceable,
            )
        )

    def _note(self, provider: str, text: str) -> None:
        self._desk.tell(Notice(provider=provider, text=text, code=CODE))


def _spoken(segment: Segment) -> Spoken:
    return Spoken(segment.text, segment.words, segment.start)


def _moved(word: Word, seconds: float) -> Word:
    return msgspec.structs.replace(word, start=word.start + seconds, end=word.end + seconds)


__all__ = ["CODE", "Ask", "Revision", "SecondLooks"]
