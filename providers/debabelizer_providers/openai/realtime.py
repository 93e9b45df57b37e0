"""Realtime transcription without I/O, as OpenAI speaks it and as servers with its older messages do."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from debabelizer.contract import (
    EpochContext,
    Failure,
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
from debabelizer_providers.openai import wire
from debabelizer_providers.openai.connect import CONFIGURATION_ID, Plan, append_message, opening
from debabelizer_providers.openai.items import Items
from debabelizer_providers.openai.trouble import WireError, close_error, failed_item, refused, vendor_error

_LEAST_COMMIT_S = 0.1


class Realtime:
    """One connection. Segment keys are the vendor's item ids."""

    def __init__(self, plan: Plan, context: EpochContext) -> None:
        self._plan = plan
        self._items = Items(plan.form.rate, vad=plan.vad)
        self._configuration = plan.configuration(context.previous_text)
        # Once the first text is there, a reconnect has nothing new to tell about the word list.
        self._notices = () if context.previous_text else plan.notices
        self._session: str | None = None
        self._ready = False
        self._finishing = False
        self.limits = StreamLimits(
            audio=plan.form,
            keep_alive=KeepAlive.PING,
            longest_connection_s=plan.longest_connection_s,
            # where the server commits at pauses, too little is just what a pause has left, and needs no filling up
            least_commit_s=0.0 if plan.vad else _LEAST_COMMIT_S,
            replay_speed=plan.replay_speed,
            commit_answer_s=plan.answer_s,
            answers_finish=False,
        )

    def __repr__(self) -> str:
        return f"Realtime({self._plan!r})"

    # ------------------------------------------------------------------------------------------------ going out

    def opening(self) -> Opening:
        update = {"type": "session.update", "event_id": CONFIGURATION_ID, "session": self._configuration}
        return opening(self._plan, (msgspec.json.encode(update).decode(),), self._configuration)

    def audio(self, pcm: bytes) -> Sequence[WireMessage]:
        self._items.gave(len(pcm) // self._plan.form.sample_bytes)
        return (append_message(pcm),)

    def commit(self) -> Sequence[WireMessage]:
        return (f'{{"type":"input_audio_buffer.commit","event_id":"{self._items.asked()}"}}',)

    def keep_alive(self) -> Sequence[WireMessage]:
        """The transport's ping does it."""
        return ()

    def finish(self) -> Sequence[WireMessage]:
        """There is no such message: the close follows the last item."""
        self._finishing = True
        return ()

    # ------------------------------------------------------------------------------------------------ coming in

    def receive(self, message: WireMessage) -> Sequence[StreamSignal]:
        frame = wire.decode(message)
        match frame:
            case ProviderError():
                return (Failure(frame),)
            case wire.Delta():
                return self._items.grown(_key(frame.item_id, frame.content_index), frame.delta or "")
            case wire.Partial():
                return self._items.replaced(frame.item_id, frame.transcript)
            case wire.Completed():
                return self._completed(frame)
            case wire.Committed():
                return self._items.committed(frame.item_id)
            case wire.Failed():
                # The end of this connection: its audio from there on is said again on the next, and no word is lost.
                return (Failure(failed_item(frame.error)),)
            case wire.ErrorFrame():
                return self._error(frame)
            case _:
                return self._about_the_session(frame)

    def _completed(self, frame: wire.Completed) -> Sequence[StreamSignal]:
        known = [language.code for language in frame.languages or () if language.code]
        language = known[0] if len(known) == 1 else None
        part = bool(frame.content_index)
        return self._items.completed(_key(frame.item_id, frame.content_index), frame.transcript, language, part=part)

    def _about_the_session(self, frame: wire.Known | wire.Other) -> Sequence[StreamSignal]:
        """Anything unknown is skipped."""
        match frame:
            case wire.SpeechStarted():
                at = _seconds(frame.audio_start_ms)
                self._items.started(frame.item_id, at)
                return (VendorSpeech(True, at),)
            case wire.SpeechStopped():
                at = _seconds(frame.audio_end_ms)
                self._items.stopped(frame.item_id, at)
                return (VendorSpeech(False, at),)
            case wire.SessionCreated():
                self._session = frame.session.id if frame.session else None
            case wire.SessionUpdated() if not self._ready:
                self._ready = True
                return (Ready(self._session), *(VendorNotice(notice, "vocabulary") for notice in self._notices))
        return ()

    def _error(self, frame: wire.ErrorFrame) -> Sequence[StreamSignal]:
        error = frame.error
        if not isinstance(error, WireError):
            error = WireError(message=error, code=frame.code)
        if error.about_a_short_commit:
            return self._items.refused(error.event_id)
        if not self._ready or error.event_id == CONFIGURATION_ID:
            return (Failure(refused(error)),)
        ends = error.known or self._plan.errors_end or self._items.names(error.event_id)
        return (Failure(vendor_error(error), ends=ends),)

    def closed(self, code: int | None, reason: str) -> ProviderError | None:
        return None if self._finishing else close_error(code, reason)


def _key(item_id: str, content_index: int | None) -> str:
    return f"{item_id}/{content_index}" if content_index else item_id


def _seconds(ms: float | None) -> float | None:
    return None if ms is None else min(max(ms, 0.0), 1e9) / 1000
