"""The turn-based protocol of the Flux models without I/O: verbs into frames, frames into signals.

Each turn has a number, its text is replaced until the turn ends. Audio must never stop, so silence fills the gaps.
What Flux says to a forced end where nobody spoke is not known; when silence has gone by without an answer, a change
of nothing is asked for, which is always acknowledged, and the acknowledgement stands for the answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from debabelizer.contract import (
    CommitAnswer,
    CommitOutcome,
    Covered,
    EpochContext,
    Failure,
    Finished,
    KeepAlive,
    Opening,
    Ready,
    StreamLimits,
    StreamSignal,
    VendorNotice,
    VendorSpeech,
    WireMessage,
)
from debabelizer.errors import ProviderError
from debabelizer.events import Freeze, Joining, Replace
from debabelizer_providers.deepgram import wire
from debabelizer_providers.deepgram.commits import Commits
from debabelizer_providers.deepgram.connect import Plan, opening
from debabelizer_providers.deepgram.languages import spaceless
from debabelizer_providers.deepgram.trouble import INACTIVE, close_error, frame_error

_FORCE_END = '{"type":"ForceEndTurn"}'
_CLOSE_STREAM = '{"type":"CloseStream"}'
_FILLER_S = 0.5
"""Silence that is sent after as much time without audio."""
_PATIENCE_S = 1.0
"""Audio after a forced end before its answer is asked about."""
_END_OF_TURN = "EndOfTurn"
_NO_TURN = -1


class Flux:
    """One connection. Segments are the turns, by their number."""

    def __init__(self, plan: Plan, context: EpochContext) -> None:
        self._plan = plan
        self._rate = plan.form.rate
        # Once the first text is there, a reconnect has nothing new to tell about the word list.
        self._notices = () if context.previous_text else plan.notices
        self._commits = Commits(self._rate)
        self._probe = msgspec.json.encode(
            {"type": "Configure", "thresholds": {"eot_timeout_ms": plan.turn_timeout_ms}}
        ).decode()
        self._probed_at: int | None = None
        """Where the acknowledgement that is under way was asked for."""
        self._sent = 0
        self._open = _NO_TURN
        """The turn whose text is shown."""
        self._ended = _NO_TURN
        """The last turn that ended."""
        self._covered = 0
        self._new_text = False
        """A turn with text ended since the last commit's answer."""
        self._finishing = False
        self._idle = False
        self.limits = StreamLimits(
            audio=plan.form,
            chunk_s=0.08,
            longest_chunk_s=0.25,
            idle_costs=True,
            keep_alive=KeepAlive.SILENCE,
            keep_alive_every_s=_FILLER_S,
            keep_alive_silence_s=_FILLER_S,
            replay_speed=plan.replay_speed,
            commit_answer_s=8.0,
            answers_finish=False,
            joining=Joining.VERBATIM if plan.spaceless else Joining.SPACE,
        )

    def __repr__(self) -> str:
        return f"Flux({self._plan!r})"

    # ------------------------------------------------------------------------------------------------ going out

    def opening(self) -> Opening:
        return opening(self._plan)

    def audio(self, pcm: bytes) -> Sequence[WireMessage]:
        if not pcm:
            return ()
        self._sent += len(pcm) // self._plan.form.sample_bytes
        oldest = self._commits.oldest
        if oldest is None or self._probed_at is not None or self._sent < oldest + _PATIENCE_S * self._rate:
            return (pcm,)
        self._probed_at = self._sent
        return (pcm, self._probe)

    def commit(self) -> Sequence[WireMessage]:
        self._commits.asked(self._sent)
        return (_FORCE_END,)

    def keep_alive(self) -> Sequence[WireMessage]:
        """There is no such message: silence through :meth:`audio` does it, and any text would end the connection."""
        return ()

    def finish(self) -> Sequence[WireMessage]:
        self._finishing = True
        return (_CLOSE_STREAM,)

    # ------------------------------------------------------------------------------------------------ coming in

    def receive(self, message: WireMessage) -> Sequence[StreamSignal]:
        frame = wire.decode(message)
        match frame:
            case wire.TurnInfo():
                return self._turn(frame)
            case wire.Connected():
                notices, self._notices = self._notices, ()
                return (Ready(frame.request_id), *(VendorNotice(notice, "vocabulary") for notice in notices))
            case wire.ConfigureSuccess() | wire.ConfigureFailure():
                return self._acknowledged()
            case wire.Warned():
                return (VendorNotice(f"Deepgram warns: {frame.description or frame.code}", "warning"),)
            case wire.Error():
                code = str(frame.code or frame.variant or "")
                self._idle = code == INACTIVE
                return self._failed(frame_error(code, frame.description or ""))
            case ProviderError():
                return self._failed(frame)
            case _:
                return ()

    def _failed(self, error: ProviderError) -> Sequence[StreamSignal]:
        """The close that follows says it was idleness; the session then opens again when there is audio."""
        if self._idle:
            return ()
        return (Finished(),) if self._finishing else (Failure(error),)

    def _turn(self, frame: wire.TurnInfo) -> Sequence[StreamSignal]:
        if frame.turn_index <= self._ended:
            return ()
        if frame.event == _END_OF_TURN:
            return self._end(frame)
        text = frame.transcript.strip()
        signals: list[StreamSignal] = []
        if frame.event == "StartOfTurn":
            signals.append(VendorSpeech(True, self._seconds(frame.audio_window_start)))
        if not text and frame.turn_index != self._open:
            return signals
        self._open = frame.turn_index
        start = self._seconds(frame.audio_window_start)
        joining = self._joining(frame)
        return [*signals, Replace(segment=frame.turn_index, text=text, joining=joining, start=start)]

    def _end(self, frame: wire.TurnInfo) -> Sequence[StreamSignal]:
        text = frame.transcript.strip()
        start, end = self._seconds(frame.audio_window_start), self._seconds(frame.audio_window_end)
        freeze = Freeze[str | int](
            segment=frame.turn_index,
            text=text,
            joining=self._joining(frame),
            words=wire.timed_words(frame.words, 0.0, self._sent / self._rate),
            language=self._language(frame),
            start=start,
            end=max(start, end),
        )
        shown = self._open != _NO_TURN or bool(text)
        self._ended, self._open = frame.turn_index, _NO_TURN
        self._new_text = self._new_text or bool(text)
        position = round(end * self._rate)
        if frame.trigger == "manual":
            settled = self._commits.answered(position)
            position = max([position, *settled])
        else:
            settled = self._commits.reached(position)
        self._forget_probe()
        return [*((freeze,) if shown else ()), *self._cover(position), *self._answers(settled)]

    def _acknowledged(self) -> Sequence[StreamSignal]:
        """By now the answer would have come. While a turn is open it may still, or the commit's deadline passes."""
        position, self._probed_at = self._probed_at, None
        if position is None or self._open != _NO_TURN:
            return ()
        settled = self._commits.reached(position - round(_PATIENCE_S * self._rate))
        return [*self._cover(max(settled, default=0)), *self._answers(settled)]

    def _forget_probe(self) -> None:
        if not self._commits.waiting:
            self._probed_at = None

    def _answers(self, settled: list[int]) -> Sequence[StreamSignal]:
        """Of these commits, the first has the text."""
        answers = []
        for _ in settled:
            answers.append(CommitAnswer(CommitOutcome.FINAL if self._new_text else CommitOutcome.EMPTY))
            self._new_text = False
        return answers

    def _cover(self, position: int) -> Sequence[StreamSignal]:
        position = min(position, self._sent)
        if position <= self._covered:
            return ()
        self._covered = position
        return (Covered(position),)

    def _joining(self, frame: wire.TurnInfo) -> Joining:
        return Joining.VERBATIM if spaceless(self._language(frame) or "") else Joining.SPACE

    def _language(self, frame: wire.TurnInfo) -> str | None:
        heard = frame.languages[0] if frame.languages else None
        return heard or (self._plan.language if self._plan.language not in ("", "multi") else None)

    def _seconds(self, vendor: float) -> float:
        return min(max(vendor, 0.0), self._sent / self._rate)

    def closed(self, code: int | None, reason: str) -> ProviderError | None:
        ours = (self._finishing or self._idle) and code is not None and code != 1006
        return None if ours else close_error(code, reason)
