"""Scribe realtime without I/O: verbs into JSON frames, frames into signals."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from pybase64 import b64encode

from debabelizer.contract import (
    EpochContext,
    Failure,
    Finished,
    KeepAlive,
    Opening,
    Ready,
    StreamLimits,
    StreamOptions,
    StreamSignal,
    VendorNotice,
    WireMessage,
)
from debabelizer.errors import ProviderError
from debabelizer_providers.elevenlabs import wire
from debabelizer_providers.elevenlabs.connect import Plan, opening, plan, setting
from debabelizer_providers.elevenlabs.segments import Segments
from debabelizer_providers.elevenlabs.trouble import IDLE, close_error, frame_error

_CONTEXT_CHARACTERS = 50
_TWIN_S = 0.5
"""How long a timed frame may come after its plain one; about 0.3 s were seen."""
_EDIT_ANSWER_S = 10.0


class Realtime:
    """One connection. Segment keys count the commits in the order in which they arrive."""

    def __init__(self, options: StreamOptions, context: EpochContext) -> None:
        self._plan: Plan = plan(options)
        self._segments = Segments(self._plan)
        self._limits = _limits(self._plan, options)
        self._previous = _tail(context.previous_text) if setting(options, "context") else ""
        # Once the first text is there, a reconnect has nothing new to tell about the word list.
        self._notices = () if context.previous_text else self._plan.notices
        self._finishing = False
        self._idle = False
        head = '{"message_type":"input_audio_chunk","audio_base_64":"'
        rate = f',"sample_rate":{self._plan.form.rate}'
        self._before, self._after = head.encode(), f'","commit":false{rate}}}'.encode()
        self._commit = f'{head}","commit":true{rate}}}'

    def __repr__(self) -> str:
        return f"Realtime({self._plan!r})"

    # ------------------------------------------------------------------------------------------------ going out

    @property
    def limits(self) -> StreamLimits:
        """``answers_finish`` only while the timed frame of the last commit is still to come."""
        return self._limits[self._segments.awaits_twin]

    def opening(self) -> Opening:
        return opening(self._plan)

    def audio(self, pcm: bytes) -> Sequence[WireMessage]:
        self._segments.gave(pcm)
        encoded, after = b64encode(pcm), self._after
        if self._previous and pcm:
            after = b'%b,"previous_text":%b}' % (after[:-1], _quoted(self._previous))
            self._previous = ""
        return (b"".join((self._before, encoded, after)),)

    def commit(self) -> Sequence[WireMessage]:
        self._segments.asked()
        return (self._commit,)

    def keep_alive(self) -> Sequence[WireMessage]:
        """There is no such message: silence through :meth:`audio` does it."""
        return ()

    def finish(self) -> Sequence[WireMessage]:
        """There is no such message: the close follows the last commit's answer."""
        self._finishing = True
        return ()

    # ------------------------------------------------------------------------------------------------ coming in

    def receive(self, message: WireMessage) -> Sequence[StreamSignal]:
        frame = wire.decode(message)
        if isinstance(frame, ProviderError):
            return self._failed(frame)
        if frame.error is not None:
            return self._error(frame)
        signals = self._dispatch(frame)
        if self._finishing and isinstance(frame, wire.TimedTranscript) and not self._segments.awaits_twin:
            return (*signals, Finished())
        return signals

    def _dispatch(self, frame: wire.Known | wire.ErrorFrame) -> Sequence[StreamSignal]:
        match frame:
            case wire.PartialTranscript():
                return self._segments.partial(frame.text)
            case wire.CommittedTranscript():
                return self._segments.committed(frame.text)
            case wire.TimedTranscript():
                return self._segments.timed(frame.text, frame.language_code, frame.words)
            case wire.SessionStarted():
                notices = [VendorNotice(notice, "vocabulary") for notice in self._notices]
                return (Ready(frame.session_id), *notices)
            case wire.FinalTranscript() | wire.TimedFinalTranscript():
                return self._segments.settled(frame.text)
            case _:
                return self._afterwards(frame)

    def _afterwards(self, frame: wire.Known | wire.ErrorFrame) -> Sequence[StreamSignal]:
        """Frames about a segment that is already committed; anything unknown is skipped."""
        match frame:
            case wire.RedactedTranscript():
                return self._segments.rewritten(frame.text, _either(frame.redacted_text, frame.text))
            case wire.EditedTranscript():
                return self._segments.rewritten(frame.text, _either(frame.edited_text, frame.text))
            case wire.DiarizedTranscript():
                return self._segments.diarized(frame.text, frame.words)
            case wire.SpeakersMerged():
                return self._segments.merged(frame.from_speaker_id, frame.to_speaker_id)
            case wire.Entities():
                kinds = ", ".join(sorted({entity.entity_type for entity in frame.entities}))
                return (VendorNotice(f"ElevenLabs found: {kinds}.", "entities"),) if kinds else ()
            case wire.Warned():
                return (VendorNotice(f"ElevenLabs warns: {frame.warning}", "warning"),)
            case _:
                return ()

    def _error(self, frame: wire.Known | wire.ErrorFrame) -> Sequence[StreamSignal]:
        kind = frame.message_type if isinstance(frame, wire.ErrorFrame) else str(frame.__struct_config__.tag)
        words = frame.error or ""
        if kind in IDLE:
            self._idle = True  # the socket may stay open or close now: then that close is no failure
            if kind == "commit_throttled":
                return self._segments.throttled()
            return (VendorNotice("ElevenLabs heard no speech for long and may close the connection.", kind),)
        return self._failed(frame_error(kind, words))

    def _failed(self, error: ProviderError) -> Sequence[StreamSignal]:
        """Once the last commit is answered and the end was asked for, any error is just the end."""
        return (Finished(),) if self._finishing else (Failure(error),)

    def closed(self, code: int | None, reason: str) -> ProviderError | None:
        error = close_error(code, reason)
        if self._finishing or (self._idle and code is not None and code != 1006):
            return None
        return error


def _limits(plan: Plan, options: StreamOptions) -> dict[bool, StreamLimits]:
    """By whether a timed frame is still to come."""
    closes = setting(options, "keep_alive") == "close"

    def limits(awaits_twin: bool) -> StreamLimits:
        return StreamLimits(
            audio=plan.form,
            longest_chunk_s=setting(options, "longest_chunk_ms") / 1000,
            idle_s=10.0,
            idle_costs=not closes,
            keep_alive=KeepAlive.REOPEN if closes else KeepAlive.SILENCE,
            least_commit_s=0.3,
            replay_speed=setting(options, "replay_speed"),
            commit_answer_s=_EDIT_ANSWER_S if plan.rewritten else 5.0,
            finish_answer_s=_TWIN_S,
            answers_finish=awaits_twin,
        )

    return {False: limits(False), True: limits(True)}


def _tail(text: str) -> str:
    """The last whole words that fit the vendor's advice for context."""
    text = " ".join(text.split())
    if len(text) <= _CONTEXT_CHARACTERS:
        return text
    return text[-_CONTEXT_CHARACTERS:].partition(" ")[2]


def _quoted(text: str) -> bytes:
    return msgspec.json.encode(text)


def _either(text: str | None, otherwise: str) -> str:
    return otherwise if text is None else text
