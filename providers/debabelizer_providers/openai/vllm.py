"""vLLM's realtime transcription without I/O: a generation is started, fed and ended, one per connection.

Its server throws away audio that comes between the end of one utterance and its last word, so the next utterance gets
a connection of its own; at a server next door that costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from debabelizer.contract import (
    Covered,
    Failure,
    Finished,
    KeepAlive,
    Opening,
    Ready,
    StreamLimits,
    StreamSignal,
    VendorNotice,
    WireMessage,
)
from debabelizer.errors import ProviderError, StreamingError
from debabelizer.events import Append, Freeze
from debabelizer_providers.openai import wire
from debabelizer_providers.openai.connect import Plan, append_message, opening
from debabelizer_providers.openai.description import NAME
from debabelizer_providers.openai.trouble import WireError, close_error, refused, vendor_error

_START = '{"type":"input_audio_buffer.commit","final":false}'
_END = '{"type":"input_audio_buffer.commit","final":true}'
_ONLY = 0
"""Key of the one segment."""


class Vllm:
    """One connection, which is one utterance."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._sent = 0
        self._shown = False
        self._ready = False
        self._finishing = False
        self._done = False
        common = StreamLimits(
            audio=plan.form,
            keep_alive=KeepAlive.PING,
            longest_connection_s=plan.longest_connection_s,
            replay_speed=plan.replay_speed,
            finish_answer_s=plan.answer_s,
        )
        self._limits = {
            False: msgspec.structs.replace(common, answers_finish=False),
            True: common,
        }

    def __repr__(self) -> str:
        return f"Vllm({self._plan!r})"

    @property
    def limits(self) -> StreamLimits:
        """The end is answered once there was audio."""
        return self._limits[self._sent > 0]

    def opening(self) -> Opening:
        update = msgspec.json.encode({"type": "session.update", "model": self._plan.model}).decode()
        return opening(self._plan, (update,), {})

    def audio(self, pcm: bytes) -> Sequence[WireMessage]:
        if not pcm:
            return ()
        start = () if self._sent else (_START,)
        self._sent += len(pcm) // self._plan.form.sample_bytes
        return (*start, append_message(pcm))

    def commit(self) -> Sequence[WireMessage]:
        """None: the end of the connection does it."""
        return ()

    def keep_alive(self) -> Sequence[WireMessage]:
        return ()

    def finish(self) -> Sequence[WireMessage]:
        self._finishing = True
        return (_END,) if self._sent else ()

    def receive(self, message: WireMessage) -> Sequence[StreamSignal]:
        frame = wire.decode(message)
        match frame:
            case ProviderError():
                return (Failure(frame),)
            case wire.VllmDelta():
                return self._grown(frame.delta or "")
            case wire.VllmDone():
                return self._ended(frame.text.strip())
            case wire.SessionCreated() if not self._ready:
                self._ready = True
                notices = (VendorNotice(notice, "vocabulary") for notice in self._plan.notices)
                return (Ready(frame.id or (frame.session.id if frame.session else None)), *notices)
            case wire.ErrorFrame():
                return (Failure(self._meant(frame)),)
            case _:
                return ()

    def _grown(self, text: str) -> Sequence[StreamSignal]:
        if not self._shown:
            text = text.lstrip()
        if not text or self._done:
            return ()
        self._shown = True
        return (Append(segment=_ONLY, text=text),)

    def _ended(self, text: str) -> Sequence[StreamSignal]:
        if self._done or not self._sent:
            return ()
        if not self._finishing:  # it gave up in mid-speech: nobody knows how far it got
            return (Failure(StreamingError("vLLM ended an utterance by itself.", NAME, "unasked_end")),)
        self._done = True
        return (Freeze(segment=_ONLY, text=text), Covered(self._sent), Finished())

    def _meant(self, frame: wire.ErrorFrame) -> ProviderError:
        error = frame.error if isinstance(frame.error, WireError) else WireError(message=frame.error, code=frame.code)
        return vendor_error(error) if self._sent else refused(error)

    def closed(self, code: int | None, reason: str) -> ProviderError | None:
        return None if self._done else close_error(code, reason)
