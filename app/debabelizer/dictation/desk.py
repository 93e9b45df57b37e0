"""What all takes of one dictation share: the doors to the outside, the transcript, and who is told."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from debabelizer.dictation.insertion import Inserter, Insertion
from debabelizer.dictation.line import Claim, Line
from debabelizer.dictation.microphone import SharedMicrophone
from debabelizer.dictation.second_look import Ask, SecondLooks
from debabelizer.dictation.shelf import TakeShelf
from debabelizer.dictation.switchboard import Switchboard
from debabelizer.errors import ProviderError, StorageError
from debabelizer.events import (
    Closed,
    Committed,
    Corrected,
    DictationChanged,
    DictationState,
    ErrorOccurred,
    Event,
    Partial,
    ProviderChanged,
    Retract,
    Retracted,
    SegmentId,
    SessionEvent,
    SessionStarted,
    StateChanged,
)
from debabelizer.store import History, HistoryEntry
from debabelizer.transcript import SegmentMap, joined

if TYPE_CHECKING:
    from debabelizer.config import Settings

_log = logging.getLogger(__name__)
_OF_THE_CONNECTION = StateChanged | SessionStarted | ProviderChanged | Closed | ErrorOccurred
Listener = Callable[[Event], None]


class Job(Protocol):
    """A take on its way: recorded now, or understood once more."""

    take: str
    state: DictationState

    @property
    def over(self) -> bool:
        """Its end has been told."""
        ...

    @property
    def segments(self) -> Iterable[SegmentId]:
        """What of the transcript is its."""
        ...

    def first_partial(self, claim: Claim) -> None:
        """Text for this claim has appeared."""
        ...


class Desk:
    """Lives on one asyncio loop."""

    def __init__(
        self,
        *,
        settings: Settings,
        microphone: SharedMicrophone,
        inserter: Inserter | None,
        shelf: TakeShelf,
        history: History,
        clock: Callable[[], float],
        final_s: float,
        ask: Ask | None = None,
    ) -> None:
        self.settings = settings
        self.microphone = microphone
        self.inserter = inserter
        self.shelf = shelf
        self.history = history
        self.clock = clock
        self.final_s = final_s
        self.transcript = SegmentMap()
        self.switchboard: Switchboard
        self.jobs: list[Job] = []
        """Oldest first."""
        self.last_insertion: Insertion | None = None
        self.looks = SecondLooks(self, ask)
        self._listeners: list[Listener] = []
        self._shown = (DictationState.IDLE, "")
        self._chores: set[asyncio.Task[None]] = set()

    # ---------------------------------------------------------------------------------------------- telling

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def tell(self, event: Event) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:  # noqa: BLE001 - a front end's mistake must not cost anybody a take
                _log.exception("a listener failed over %s", type(event).__name__)

    @property
    def state(self) -> DictationState:
        """That of the newest take."""
        return self.jobs[-1].state if self.jobs else DictationState.IDLE

    def show(self) -> None:
        """Tell the state if it is another one."""
        take = self.jobs[-1].take if self.jobs else ""
        if (self.state, take) != self._shown and not (self.state is self._shown[0] is DictationState.IDLE):
            self._shown = (self.state, take)
            self.tell(DictationChanged(state=self.state, take=take or None))

    # ------------------------------------------------------------------------------------------------ text

    def on_session_event(self, line: Line, event: SessionEvent) -> None:
        """Text goes into the transcript before anybody hears of it."""
        if isinstance(event, Partial | Committed | Corrected | Retracted):
            claim = line.owner(event)
            if claim is not None and claim.dropped:
                return
            self.transcript.apply(event.change)
            if claim is not None and not isinstance(event, Retracted):
                for job in self.jobs:
                    job.first_partial(claim)
        if isinstance(event, ProviderChanged):
            self.switchboard.changed_over(line, event)
        if not self._is_aside(line, event):
            self.tell(event)

    def _is_aside(self, line: Line, event: SessionEvent) -> bool:
        """Whether this is about a connection that is none of the user's business: one of a second pass, whose outcome
        is told with its take, or one that another has already replaced."""
        present = self.switchboard.line
        if line is present or not isinstance(
            event, StateChanged | SessionStarted | ProviderChanged | Closed | ErrorOccurred
        ):
            return False
        return line.aside or present is not None

    def text_of(self, segments: Iterable[SegmentId], *, committed_only: bool = True) -> str:
        """The text of these segments in their order, joined as in the transcript."""
        known = [self.transcript.segment(one) for one in segments if one in self.transcript]
        wanted = [one for one in known if one.text and (one.committed or not committed_only)]
        wanted.sort(key=lambda one: self.transcript.char_range(one.id))
        return joined((one.text, one.joining) for one in wanted).strip()

    def language_of(self, segments: Iterable[SegmentId]) -> str | None:
        found = (self.transcript.segment(one).language for one in segments if one in self.transcript)
        return next((language for language in found if language), None)

    def take_back(self, segments: Iterable[SegmentId]) -> None:
        """These segments were not meant to be: gone from the transcript, and everybody is told."""
        for segment in segments:
            if segment in self.transcript:
                change = Retract(segment=segment)
                self.transcript.apply(change)
                self.tell(Retracted(change=change))

    def clear(self) -> None:
        """Empty the transcript, but for the words of takes that are still on their way."""
        wanted = {segment for job in self.jobs if not job.over for segment in job.segments}
        if wanted:
            self.take_back([one.id for one in self.transcript.segments() if one.id not in wanted])
        else:
            self.transcript.clear()

    # --------------------------------------------------------------------------------------------- the disk

    @property
    def keeps_nothing(self) -> bool:
        return bool(self.settings.get("storage.keep_nothing"))

    @property
    def keeps_text(self) -> bool:
        return not self.keeps_nothing and self.settings.get("storage.keep_text_days") > 0

    def finish_take(self, take: str) -> None:
        """Its text has arrived; the sound is kept as long as the user wants."""
        days = 0 if self.keeps_nothing else self.settings.get("storage.keep_audio_days")
        self._storage(lambda: self.shelf.finish(take, days))

    def discard_take(self, take: str) -> None:
        self._storage(lambda: self.shelf.discard(take))

    def prune(self) -> None:
        """Delete what is older than the user wants, in a thread."""
        audio_days = 0 if self.keeps_nothing else self.settings.get("storage.keep_audio_days")
        text_days = 0 if self.keeps_nothing else self.settings.get("storage.keep_text_days")

        def work() -> None:
            self.shelf.prune(audio_days)
            if self.history.path.exists():
                self.history.delete_older(text_days)

        self._chore(work)

    def remember(self, entry: HistoryEntry) -> None:
        """Into the history, in a thread, if the user wants one."""
        if self.keeps_text and entry.text:
            self._chore(lambda: self.history.add(entry))

    def revise(self, take: str, text: str) -> None:
        """Another text for a take in the history, in a thread, behind the one that puts it there."""
        if self.keeps_text:
            self._chore(lambda: self.history.revise(take, text), after=tuple(self._chores))

    def _chore(self, work: Callable[[], object], after: Iterable[asyncio.Task[None]] = ()) -> None:
        task = asyncio.create_task(self._in_thread(work, after))
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)

    async def _in_thread(self, work: Callable[[], object], after: Iterable[asyncio.Task[None]]) -> None:
        await asyncio.gather(*after, return_exceptions=True)
        started = time.monotonic()
        try:
            await asyncio.to_thread(work)
        except StorageError as error:
            self.tell(ErrorOccurred(error=error))
        _log.debug("disk work took %.0f ms", (time.monotonic() - started) * 1000)

    def _storage(self, work: Callable[[], object]) -> None:
        try:
            work()
        except ProviderError as error:
            self.tell(ErrorOccurred(error=error))

    async def chores_done(self) -> None:
        await asyncio.gather(*self._chores)
