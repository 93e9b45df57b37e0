"""The socket with turns without I/O: verbs into frames, frames into signals.

The text of a turn is replaced until the turn ends. Nothing says where in the audio that was, only that someone had
stopped speaking: there was a pause in the audio just sent. A turn ends by silence, so that is sent when audio stops
coming. There is no commit; the end of the stream does it, and the close is its answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from debabelizer.contract import (
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
from debabelizer.events import Freeze, Replace
from debabelizer_providers.cartesia import wire
from debabelizer_providers.cartesia.connect import Plan, opening
from debabelizer_providers.cartesia.manual import silence
from debabelizer_providers.cartesia.sound import Recent
from debabelizer_providers.cartesia.trouble import close_error

_CLOSE = '{"type":"close"}'
_TICK_S = 0.5
_MARGIN_S = 1.0
"""Of silence beyond what ends a turn, in case it was longer on its way."""
_LAST_SILENCE_S = 2.0
"""At most, before the end of the stream."""
_IDLE_EVERY = 30
"""Every so many ticks without anything to end, some silence keeps the connection open."""
_FRAME_S = 0.1
_END_S = 0.5
"""What the vendor takes to notice the end of a turn."""
_MOST_REPLAY = 2.0
"""Audio that is far ahead of the vendor would leave unclear where a turn ended."""
_ENDS = (1000, 1005)


class Turns:
    """One connection. Segments are the turns, counted."""

    def __init__(self, plan: Plan, context: EpochContext) -> None:
        self._plan = plan
        self._rate = plan.form.rate
        # Once the first text is there, a reconnect has nothing new to tell.
        self._notices = () if context.previous_text else plan.notices
        self._recent = Recent(plan.form)
        self._ordinal = 0
        self._text = ""
        """Shown of the open turn."""
        self._ended_text = ""
        """Of the last turn that ended."""
        self._speaking = False
        self._covered = 0
        self._idle = 0
        """Ticks since the last audio."""
        self._finishing = False
        self.limits = StreamLimits(
            audio=plan.form,
            longest_chunk_s=0.25,
            idle_s=180.0,
            idle_costs=True,
            keep_alive=KeepAlive.MESSAGE,
            keep_alive_every_s=_TICK_S,
            replay_speed=min(plan.replay_speed, _MOST_REPLAY),
            ready_when_open=True,
            finish_answer_s=8.0,
        )

    def __repr__(self) -> str:
        return f"Turns({self._plan!r})"

    # ------------------------------------------------------------------------------------------------ going out

    def opening(self) -> Opening:
        return opening(self._plan)

    def audio(self, pcm: bytes) -> Sequence[WireMessage]:
        if not pcm:
            return ()
        self._idle = 0
        self._recent.add(pcm)
        return (pcm,)

    def commit(self) -> Sequence[WireMessage]:
        """There is none: the end of the stream does it."""
        return ()

    def keep_alive(self) -> Sequence[WireMessage]:
        """Silence, until all turns have ended; later now and then."""
        if self._finishing:
            return ()
        self._idle += 1
        enough_s = self._plan.turn_timeout_ms / 1000 + _MARGIN_S
        unsettled = self._speaking or self._recent.end > self._covered
        if unsettled and self._idle * _TICK_S <= enough_s:
            return self._silence(_TICK_S)
        return () if self._idle % _IDLE_EVERY else self._silence(_FRAME_S)

    def finish(self) -> Sequence[WireMessage]:
        """After so much silence that an open turn ends as it should."""
        self._finishing = True
        if self._recent.end <= self._covered:
            return (_CLOSE,)
        seconds = min(self._plan.turn_timeout_ms / 1000 + _FRAME_S, _LAST_SILENCE_S)
        return (*self._silence(seconds), _CLOSE)

    def _silence(self, seconds: float) -> Sequence[WireMessage]:
        return (silence(self._plan, _FRAME_S),) * round(seconds / _FRAME_S)

    # ------------------------------------------------------------------------------------------------ coming in

    def receive(self, message: WireMessage) -> Sequence[StreamSignal]:
        frame = wire.decode(message)
        match frame:
            case wire.Connected():
                return (Ready(frame.request_id), *self._told())
            case wire.TurnStart():
                return [*self._abandoned(), *self._speech(started=True)]
            case wire.TurnUpdate() | wire.TurnEagerEnd():
                return self._update(frame.transcript)
            case wire.TurnEnd():
                return self._end(frame.transcript)
            case wire.Error():
                return self._failed(frame.error)
            case ProviderError():
                return self._failed(frame)
            case _:
                return ()

    def _told(self) -> Sequence[StreamSignal]:
        notices, self._notices = self._notices, ()
        return [VendorNotice(text, code) for text, code in notices]

    def _failed(self, error: ProviderError) -> Sequence[StreamSignal]:
        return () if self._finishing and self._recent.end <= self._covered else (Failure(error),)

    def _speech(self, *, started: bool) -> Sequence[StreamSignal]:
        if started == self._speaking:
            return ()
        self._speaking = started
        return (VendorSpeech(started),)

    def _update(self, transcript: str) -> Sequence[StreamSignal]:
        text = transcript.strip()
        if text == self._text or (not self._speaking and text == self._ended_text):
            return ()
        self._text = text
        return (Replace(segment=self._ordinal, text=text, start=self._covered / self._rate),)

    def _abandoned(self) -> Sequence[StreamSignal]:
        """A turn begins while another is open: what is known of that one stays."""
        return self._freeze(self._text, self._ended_at()) if self._text else ()

    def _end(self, transcript: str) -> Sequence[StreamSignal]:
        text = transcript.strip()
        if not self._speaking and not self._text and text == self._ended_text:
            return ()  # once more
        position = self._ended_at()
        ended = self._freeze(text, position)
        return [*ended, *self._cover(position), *self._speech(started=False)]

    def _ended_at(self) -> int:
        """Where in the audio somebody stopped speaking just now, as near as can be told."""
        if self._idle > 1:
            return self._recent.end
        pause = self._recent.pause()
        if pause is not None:
            return pause
        if self._idle or self._finishing:
            return self._recent.end
        return max(self._covered, self._recent.end - round(_END_S * self._rate))

    def _freeze(self, text: str, end: int) -> Sequence[StreamSignal]:
        if not text and not self._text:
            return ()
        ordinal, self._ordinal = self._ordinal, self._ordinal + 1
        self._text, self._ended_text = "", text
        start = self._covered / self._rate
        end_s = max(start, end / self._rate)
        return (Freeze(segment=ordinal, text=text, language=self._plan.language, start=start, end=end_s),)

    def _cover(self, position: int) -> Sequence[StreamSignal]:
        if position <= self._covered:
            return ()
        self._covered = position
        return (Covered(position),)

    def last_words(self, code: int | None) -> Sequence[StreamSignal]:
        """All audio has been heard; a turn that is still open ends with its last update."""
        if code not in _ENDS:
            return ()
        return [*self._freeze(self._text, self._recent.end), *self._cover(self._recent.end), Finished()]

    def closed(self, code: int | None, reason: str) -> ProviderError | None:
        return None if self._finishing and code in _ENDS else close_error(code, reason)
