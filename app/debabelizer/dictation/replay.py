"""A recorded take understood once more: by a new session, of the same provider or of another one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import msgspec

from debabelizer.contract.stream import CommitOutcome
from debabelizer.dictation.delivery import Delivery, Understood
from debabelizer.dictation.insertion import Target
from debabelizer.dictation.line import Claim
from debabelizer.errors import ProviderError
from debabelizer.events import DictationState, SegmentId, TakeStamps

if TYPE_CHECKING:
    from debabelizer.dictation.desk import Desk

_SPARE_S = 2.0
"""Patience per second of sound, beside the usual: a local engine may be slower than speech."""


async def understand_again(
    desk: Desk, take: str, provider: str, offset: float, claimed: Callable[[Claim], None]
) -> Understood:
    """The text of a recorded take. Its words stand at ``offset`` on the transcript's axis; ``claimed`` is told whose
    segments they are. Errors are in the answer; the segments of a failed attempt are taken back."""
    try:
        line = desk.switchboard.open(provider, offset)
    except ProviderError as error:
        return Understood(text="", provider=provider, error=error)
    line.aside = True
    claim = line.claim()
    claimed(claim)
    understood = None
    try:
        line.connect()
        for pcm in await asyncio.to_thread(lambda: list(desk.shelf.pcm(take))):
            await line.session.send(pcm)
        deadline = desk.final_s + _SPARE_S * line.session.position
        result = await line.commit(deadline)
        if result.outcome in (CommitOutcome.FINAL, CommitOutcome.EMPTY) and result.error is None:
            text = desk.text_of(claim.segments) or result.text
            segments = tuple(claim.segments)
            understood = Understood(text=text, provider=line.session.provider, segments=segments, start=offset)
            return understood
        text = desk.text_of(claim.segments, committed_only=False)
        reason = result.error or line.timed_out(deadline)
        return Understood(text=text, provider=line.session.provider, error=reason)
    except ProviderError as error:
        return Understood(text="", provider=provider, error=error)
    finally:
        line.settle(claim)
        if understood is None:
            claim.dropped = True
            desk.take_back(claim.segments)
        await line.close(drain=False)


class Past(msgspec.Struct, frozen=True):
    """What this run knows of a take that failed: where it stood on the transcript's axis, where it was to go, and
    what is in the transcript of it."""

    offset: float
    target: Target | None
    insert: bool
    segments: tuple[SegmentId, ...]


class Retry:
    """A kept take on its second way to its text."""

    def __init__(self, desk: Desk, take: str, provider: str, past: Past) -> None:
        self._desk = desk
        self.take = take
        self.state = DictationState.FINISHING
        self._provider = provider
        self._offset = past.offset
        self._target = past.target
        self._insert = past.insert and desk.inserter is not None
        self._claim: Claim | None = None
        self._delivery = Delivery(desk, take)
        self.stamps = TakeStamps(key_down=desk.clock())

    @property
    def segments(self) -> Iterable[SegmentId]:
        return self._claim.segments if self._claim is not None else ()

    @property
    def over(self) -> bool:
        """Its end has been told."""
        return self._delivery.told

    def first_partial(self, claim: Claim) -> None:
        if claim is self._claim and self.stamps.first_partial is None:
            self.stamps = _with(self.stamps, first_partial=self._desk.clock())

    async def run(self) -> None:
        """Never raises but for cancellation; the take then stays kept as it was."""
        understood = await understand_again(self._desk, self.take, self._provider, self._offset, self._claimed)
        self.stamps = _with(self.stamps, final=self._desk.clock())
        delivery = self._delivery
        try:
            if understood.error is not None:
                delivery.failed(understood.error, provider=understood.provider, text=understood.text)
            elif not understood.text:
                delivery.nothing_said(understood.provider, self.stamps, heard=True)
            else:
                await self._deliver(understood)
        except ProviderError as error:
            delivery.failed(error, provider=understood.provider, text=understood.text)
        except Exception as fault:  # noqa: BLE001 - ours or an inserter's: whatever it is, the sound is kept
            delivery.broken(fault, provider=understood.provider, text=understood.text)

    async def _deliver(self, understood: Understood) -> None:
        if self._insert:
            self.state = DictationState.INSERTING
            self._desk.show()
            await self._delivery.insert(understood.text, self._target)
            self.stamps = _with(self.stamps, inserted=self._desk.clock())
        self._delivery.finished(understood, self._target, self.stamps)

    def _claimed(self, claim: Claim) -> None:
        self._claim = claim


def _with(stamps: TakeStamps, **changes: float) -> TakeStamps:
    return msgspec.structs.replace(stamps, **changes)
