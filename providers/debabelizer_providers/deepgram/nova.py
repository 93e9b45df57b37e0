"""The live protocol of the Nova models without I/O: verbs into frames, frames into signals.

Text comes in windows of audio. The open window is replaced until it is final; the next begins where it ended. No
answer to ``Finalize`` is sure to come; when none has come by the time of the next keep-alive, the stream is ended
instead, which is always answered, and the next audio opens a new one.
"""

from __future__ import annotations

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
    VendorSpeech,
    WireMessage,
)
from debabelizer.errors import ProviderError
from debabelizer.events import Freeze, Joining, Replace
from debabelizer_providers.deepgram import wire
from debabelizer_providers.deepgram.commits import SLACK_S, Commits
from debabelizer_providers.deepgram.connect import Plan, opening
from debabelizer_providers.deepgram.languages import spaceless
from debabelizer_providers.deepgram.trouble import close_error, frame_error

_KEEP_ALIVE = '{"type":"KeepAlive"}'
_FINALIZE = '{"type":"Finalize"}'
_CLOSE_STREAM = '{"type":"CloseStream"}'
_LEAD_S = 0.1
"""Silence said first: whether a connection that never had audio is kept open is not certain."""
_PATIENCE_S = 2.0
"""Between keep-alives, and so for the answer to a Finalize."""
_MOST_AHEAD_S = 1.0
"""Further ahead of the audio sent no time of the vendor's is believed."""


class Nova:
    """One connection. Segments are the windows, counted."""

    def __init__(self, plan: Plan, context: EpochContext) -> None:
        self._plan = plan
        self._rate = plan.form.rate
        self._sample_bytes = plan.form.sample_bytes
        self._lead = round(_LEAD_S * self._rate)
        # Once the first text is there, a reconnect has nothing new to tell about the word list.
        self._notices = () if context.previous_text else plan.notices
        self._commits = Commits(self._rate)
        self._sent = 0
        self._ordinal = 0
        self._shown = False
        self._frozen_s = 0.0
        """End of the last final window, vendor's seconds."""
        self._covered = 0
        self._new_text = False
        """Text became final since the last commit's answer."""
        self._closing_at: int | None = None
        self._finishing = False
        self._ended_by_pause = False
        self.limits = StreamLimits(
            audio=plan.form,
            longest_chunk_s=0.25,
            idle_s=10.0,
            idle_costs=True,  # seen in the field: the time of the connection counts, not only speech
            keep_alive=KeepAlive.MESSAGE,
            keep_alive_every_s=_PATIENCE_S,
            replay_speed=plan.replay_speed,
            ready_when_open=True,
            commit_answer_s=10.0,
            joining=Joining.VERBATIM if plan.spaceless else Joining.SPACE,
        )

    def __repr__(self) -> str:
        return f"Nova({self._plan!r})"

    # ------------------------------------------------------------------------------------------------ going out

    def opening(self) -> Opening:
        silence = b"\xff" if self._sample_bytes == 1 else b"\0\0"
        return opening(self._plan, (silence * self._lead,))

    def audio(self, pcm: bytes) -> Sequence[WireMessage]:
        """Nothing for no audio: an empty frame would end the stream. Nothing after the end: it comes again later."""
        self._sent += len(pcm) // self._sample_bytes
        return (pcm,) if pcm and self._closing_at is None else ()

    def commit(self) -> Sequence[WireMessage]:
        """After the end of the stream it is not heard any more; the next connection says it again."""
        self._commits.asked(self._sent)
        return (_FINALIZE,)

    def keep_alive(self) -> Sequence[WireMessage]:
        """An answer that is still missing will not come: the end of the stream brings what there is."""
        return self._close_stream() if self._commits.waiting else (_KEEP_ALIVE,)

    def finish(self) -> Sequence[WireMessage]:
        self._finishing = True
        return self._close_stream()

    def _close_stream(self) -> Sequence[WireMessage]:
        if self._closing_at is not None:
            return ()
        self._closing_at = self._sent
        return (_CLOSE_STREAM,)

    # ------------------------------------------------------------------------------------------------ coming in

    def receive(self, message: WireMessage) -> Sequence[StreamSignal]:
        frame = wire.decode(message)
        match frame:
            case wire.Results():
                signals = self._results(frame) if frame.of_our_channel else ()
                return [*self._told(), *signals] if self._notices else signals
            case wire.Metadata():
                return self._ended()
            case wire.SpeechStarted():
                return (VendorSpeech(True, self._seconds(frame.timestamp)),)
            case wire.UtteranceEnd():
                if self._ended_by_pause:  # the same pause
                    return ()
                return (VendorSpeech(False, self._seconds(frame.last_word_end)),)
            case wire.Error():
                return self._failed(frame_error(frame.variant or str(frame.code or ""), frame.description or ""))
            case wire.Warned():
                return (VendorNotice(f"Deepgram warns: {frame.description or frame.code}", "warning"),)
            case ProviderError():
                return self._failed(frame)
            case _:
                return ()

    def _told(self) -> Sequence[StreamSignal]:
        notices, self._notices = self._notices, ()
        return [VendorNotice(notice, "vocabulary") for notice in notices]

    def _failed(self, error: ProviderError) -> Sequence[StreamSignal]:
        return (Finished(),) if self._finishing and not self._commits.waiting else (Failure(error),)

    def _results(self, frame: wire.Results) -> Sequence[StreamSignal]:
        before: Sequence[StreamSignal] = ()
        if self._commits.waiting:
            before = self._answers(self._commits.reached(self._samples(frame.start)))
        signals = self._final(frame) if frame.is_final else self._interim(frame)
        return [*before, *signals] if before else signals

    def _interim(self, frame: wire.Results) -> Sequence[StreamSignal]:
        said = frame.said
        text = said.transcript.strip()
        stale = frame.start + frame.duration <= self._frozen_s + SLACK_S
        if stale or (not text and not self._shown):
            return ()
        if not self._shown:
            self._ended_by_pause = False
        self._shown = True
        start = self._seconds(frame.start)
        return (Replace(segment=self._ordinal, text=text, joining=self._joining(said), start=start),)

    def _final(self, frame: wire.Results) -> Sequence[StreamSignal]:
        end_s = min(frame.start + frame.duration, (self._lead + self._sent) / self._rate + _MOST_AHEAD_S)
        repeated = frame.start < self._frozen_s - SLACK_S and end_s <= self._frozen_s + SLACK_S
        signals: list[StreamSignal] = []
        position = self._samples(end_s)
        if not repeated:
            self._frozen_s = max(self._frozen_s, end_s)
            self._ended_by_pause = frame.speech_final
            signals += self._freeze(frame)
        if frame.from_finalize:
            settled = self._commits.answered(position)
            return [*signals, *self._cover(max([position, *settled])), *self._answers(settled)]
        return [*signals, *self._cover(position), *self._answers(self._commits.reached(position))]

    def _freeze(self, frame: wire.Results) -> Sequence[StreamSignal]:
        said = frame.said
        text = said.transcript.strip()
        if not text and not self._shown:
            return ()
        ordinal, self._ordinal, self._shown = self._ordinal, self._ordinal + 1, False
        self._new_text = self._new_text or bool(text)
        heard_s = self._sent / self._rate
        words = wire.timed_words(said.words, -self._lead / self._rate, heard_s)
        start = self._seconds(frame.start)
        return (
            Freeze(
                segment=ordinal,
                text=text,
                joining=self._joining(said),
                words=words,
                language=self._language(said),
                start=start,
                end=min(max(start or 0.0, self._seconds(frame.start + frame.duration) or 0.0), heard_s),
            ),
        )

    def _ended(self) -> Sequence[StreamSignal]:
        """The answer to ``CloseStream``: all that was sent before it is in finals."""
        if self._closing_at is None:
            return ()
        covered = () if self._shown else self._cover(self._closing_at)
        answers = () if self._shown else self._answers(self._commits.reached(self._closing_at))
        return (*covered, *answers, Finished())

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

    def _joining(self, said: wire.Said) -> Joining:
        if not said.languages:
            return self.limits.joining
        return Joining.VERBATIM if spaceless(self._language(said) or "") else Joining.SPACE

    def _language(self, said: wire.Said) -> str | None:
        heard = said.languages[0] if said.languages else None
        return heard or (self._plan.language if self._plan.language not in ("", "multi") else None)

    def _seconds(self, vendor: float | None) -> float | None:
        """On the axis of the audio given to this connection."""
        if vendor is None:
            return None
        return min(max(vendor - self._lead / self._rate, 0.0), self._sent / self._rate)

    def _samples(self, vendor: float) -> int:
        return round((self._seconds(vendor) or 0.0) * self._rate)

    def closed(self, code: int | None, reason: str) -> ProviderError | None:
        error = close_error(code, reason)
        ended = self._closing_at is not None and not self._commits.waiting
        return None if ended and code is not None and code != 1006 else error
