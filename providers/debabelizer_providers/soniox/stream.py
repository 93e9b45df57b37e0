"""The live protocol without I/O: verbs into frames, frames into signals.

Tokens come with a final part, which is told once and stays, and a tail that every frame replaces. Segments end where
Soniox marks a pause or answers ``finalize``; one that grows long without either is cut between its words, so that a
lost connection costs seconds and not minutes. An answer to ``finalize`` that is missing by the next keep-alive is not
waited for: the end of the stream is always answered, and the next audio opens a new one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from debabelizer.contract import (
    CommitAnswer,
    CommitOutcome,
    Covered,
    EpochContext,
    Failure,
    Finished,
    KeepAlive,
    Opening,
    StreamLimits,
    StreamSignal,
    VendorNotice,
    WireMessage,
)
from debabelizer.errors import ProviderError
from debabelizer.events import Freeze, Joining, Retract, Tail
from debabelizer_providers.soniox import tokens as parts
from debabelizer_providers.soniox import wire
from debabelizer_providers.soniox.connect import LONGEST_S, Plan, opening
from debabelizer_providers.soniox.translation import Translation
from debabelizer_providers.soniox.trouble import TIMEOUT, close_error

_KEEP_ALIVE = '{"type":"keepalive"}'
_FINALIZE = '{"type":"finalize"}'
_END_OF_AUDIO = ""
_PATIENCE_S = 3.0
"""Between keep-alives, and so for the answer to ``finalize``."""
_STRAY_S = 1.0
"""A mark that was reached this much before a commit is not its answer."""
_EDGE_S = 1.0
"""Kept for a replay before the end of the final audio, as far as there is a pause: a word may have begun there that no
token tells of yet."""


class Stream:
    """One connection. Segments are counted."""

    def __init__(self, plan: Plan, context: EpochContext) -> None:
        self._plan = plan
        self._rate = plan.form.rate
        # Once the first text is there, a reconnect has nothing new to tell about the settings.
        self._notices = () if context.previous_text else plan.notices
        self._marks: deque[int] = deque()
        """Positions of the commits that are not answered, in samples."""
        self._sent = 0
        self._ordinal = 0
        self._final: list[wire.Token] = []
        self._tail: list[wire.Token] = []
        self._shown = ("", "")
        self._frozen_s = 0.0
        """End of the last frozen token."""
        self._covered = 0
        self._new_text = False
        """Text was frozen since the last commit's answer."""
        self._translation = Translation()
        self._closing_at: int | None = None
        self._finishing = False
        self._idle = False
        self.limits = StreamLimits(
            audio=plan.form,
            longest_chunk_s=0.25,
            idle_s=20.0,
            idle_costs=True,
            keep_alive=KeepAlive.MESSAGE,
            keep_alive_every_s=_PATIENCE_S,
            longest_connection_s=LONGEST_S,
            replay_speed=plan.replay_speed,
            ready_when_open=True,
            commit_answer_s=10.0,
            joining=Joining.VERBATIM if plan.spaceless else Joining.SPACE,
        )

    def __repr__(self) -> str:
        return f"Stream({self._plan!r})"

    # ------------------------------------------------------------------------------------------------ going out

    def opening(self) -> Opening:
        return opening(self._plan)

    def audio(self, pcm: bytes) -> Sequence[WireMessage]:
        """Nothing for no audio: an empty frame would end the stream. Nothing after the end: it comes again later."""
        self._sent += len(pcm) // self._plan.form.sample_bytes
        return (pcm,) if pcm and self._closing_at is None else ()

    def commit(self) -> Sequence[WireMessage]:
        """After the end of the stream it is not heard any more; the next connection says it again."""
        self._marks.append(self._sent)
        return (_FINALIZE,)

    def keep_alive(self) -> Sequence[WireMessage]:
        """An answer that is still missing will not come: the end of the stream brings what there is."""
        if self._closing_at is not None:
            return ()
        return self._end_of_audio() if self._marks else (_KEEP_ALIVE,)

    def finish(self) -> Sequence[WireMessage]:
        self._finishing = True
        return self._end_of_audio()

    def _end_of_audio(self) -> Sequence[WireMessage]:
        if self._closing_at is not None:
            return ()
        self._closing_at = self._sent
        return (_END_OF_AUDIO,)

    # ------------------------------------------------------------------------------------------------ coming in

    def receive(self, message: WireMessage) -> Sequence[StreamSignal]:
        frame = wire.decode(message)
        error = frame if isinstance(frame, ProviderError) else frame.error
        if error is not None:
            return self._failed(error)
        assert isinstance(frame, wire.Frame)
        if frame.tokens is None and not frame.finished:
            return ()
        notices, self._notices = self._notices, ()
        return [*(VendorNotice(notice, "settings") for notice in notices), *self._result(frame)]

    def _failed(self, error: ProviderError) -> Sequence[StreamSignal]:
        """Without audio under way, a time-out is the idle close that follows, and no failure. After the last words, an
        error says that there were none."""
        if self._finishing and not self._marks:
            return (Finished(),)
        self._idle = error.code == TIMEOUT and not self._marks and not any(self._shown)
        return () if self._idle else (Failure(error),)

    def _result(self, frame: wire.Frame) -> Sequence[StreamSignal]:
        signals: list[StreamSignal] = []
        tail: list[wire.Token] = []
        for piece in wire.pieces(frame.tokens or []):
            if isinstance(piece, str):
                signals += self._close()
                signals += self._answered(frame) if piece == wire.FIN else ()
                tail = []
            elif piece.translated:
                signals += self._translation.hear(piece)
            else:
                (self._final if piece.is_final else tail).append(piece)
        self._tail = tail
        if frame.finished:
            return [*signals, *self._ended()]
        return [*signals, *self._cut(), *self._show(), *self._cover_final(frame)]

    def _close(self) -> Sequence[StreamSignal]:
        """The open segment ends: what it has of final text is its text."""
        told = self._translation.told()
        shown, tokens, self._final = any(self._shown), self._final, []
        if parts.text(tokens).strip():
            return [*told, self._freeze(tokens), *self._cover(self._frozen_s)]
        if not shown:
            return told
        ordinal = self._next()
        return [*told, Retract(segment=ordinal)]

    def _next(self) -> int:
        ordinal, self._ordinal, self._shown = self._ordinal, self._ordinal + 1, ("", "")
        return ordinal

    def _freeze(self, tokens: list[wire.Token]) -> StreamSignal:
        self._new_text = True
        start, end = self._seconds(parts.start_of(tokens)), self._seconds(parts.end_of(tokens))
        self._frozen_s = max(self._frozen_s, end or 0.0)
        return Freeze(
            segment=self._next(),
            text=parts.text(tokens).strip(),
            joining=parts.joining(tokens, self._plan.language),
            words=parts.words(tokens, self._plan.language, self._sent / self._rate),
            language=parts.language_of(tokens) or self._plan.language or None,
            start=start,
            end=None if end is None else max(start or 0.0, end),
        )

    def _cut(self) -> Sequence[StreamSignal]:
        place = parts.cut_place(self._final, self._plan.language)
        if place is None:
            return ()
        before, after = self._final[:place], self._final[place:]
        pause = parts.pause_before(self._final, place)
        self._final = after
        frozen = self._freeze(before)
        return [frozen] if pause is None else [frozen, *self._cover(self._frozen_s + pause / 2)]

    def _show(self) -> Sequence[StreamSignal]:
        """The open segment, where it changed."""
        final, tail = parts.text(self._final).lstrip(), parts.text(self._tail)
        shown = (final, tail if final else tail.lstrip())
        if shown == self._shown:
            return ()
        self._shown = shown
        tokens = [*self._final, *self._tail]
        return (
            Tail(
                segment=self._ordinal,
                frozen=shown[0],
                volatile=shown[1],
                joining=parts.joining(tokens, self._plan.language) if tokens else self.limits.joining,
                start=self._seconds(parts.start_of(tokens)),
            ),
        )

    # ------------------------------------------------------------------------------------------ what is settled

    def _answered(self, frame: wire.Frame) -> Sequence[StreamSignal]:
        """A mark answers the oldest commit, unless Soniox made it by itself, before it had heard so far."""
        if not self._marks:
            return ()
        heard_ms = frame.total_audio_proc_ms
        if heard_ms and heard_ms / 1000 + _STRAY_S < self._marks[0] / self._rate:
            return ()
        position = self._marks.popleft()
        return [*self._cover(position / self._rate), self._answer()]

    def _answer(self) -> StreamSignal:
        """Of several commits that one thing answers, the first has the text."""
        outcome = CommitOutcome.FINAL if self._new_text else CommitOutcome.EMPTY
        self._new_text = False
        return CommitAnswer(outcome)

    def _ended(self) -> Sequence[StreamSignal]:
        """The answer to the end of the audio: all that was sent before it is final."""
        signals = list(self._close())
        if self._closing_at is None:
            return signals
        signals += self._cover(self._closing_at / self._rate)
        while self._marks and self._marks[0] <= self._closing_at:
            self._marks.popleft()
            signals.append(self._answer())
        return [*signals, Finished()]

    def _cover_final(self, frame: wire.Frame) -> Sequence[StreamSignal]:
        """How far the final audio reaches, where all its text is frozen."""
        if self._final or not frame.final_audio_proc_ms:
            return ()
        reached = frame.final_audio_proc_ms / 1000
        reached -= min(_EDGE_S, max(0.0, reached - self._frozen_s) / 2)
        open_from = parts.start_of(self._tail)
        return self._cover(reached if open_from is None else min(reached, open_from))

    def _cover(self, seconds: float) -> Sequence[StreamSignal]:
        position = round((self._seconds(seconds) or 0.0) * self._rate)
        if position <= self._covered:
            return ()
        self._covered = position
        return (Covered(position),)

    def _seconds(self, vendor: float | None) -> float | None:
        """Within the audio given to this connection."""
        return None if vendor is None else min(max(vendor, 0.0), self._sent / self._rate)

    def closed(self, code: int | None, reason: str) -> ProviderError | None:
        over = self._idle or (self._closing_at is not None and not self._marks)
        return None if over and code is not None and code != 1006 else close_error(code, reason)
