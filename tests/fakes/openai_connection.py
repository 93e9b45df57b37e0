"""One realtime transcription connection of the local OpenAI server, with its possible misbehaviour."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from fakes.openai_rules import (
    FORMATS,
    LIVE,
    Refused,
    checked_audio,
    checked_beta_session,
    checked_event,
    checked_session,
)
from fakes.recognisers import LOUD, RATE, Samples, to_16k
from fakes.vendor_socket import Close, Refusal, VendorConnection

if TYPE_CHECKING:
    from fakes.openai_server import OpenAIServer

TRANSCRIPTION = "conversation.item.input_audio_transcription."
_LEAST_COMMIT_S = 0.1
_BLOCK = RATE // 50
"""Samples the voice detector looks at."""


@dataclass(frozen=True)
class Behaviour:
    """Of one connection. Times in seconds; those of audio are counted in audio received on the connection."""

    refuse_status: int = 0
    """Answers the handshake with this HTTP status."""
    late_key_check: bool = False
    """A wrong key is let in and then closed with 3000, as was seen in 2024."""
    ready_delay_s: float = 0.0
    answer_delay_s: float = 0.0
    """From a commit to the completed transcript."""
    out_of_order: bool = False
    """Of two items committed within ``out_of_order_s`` the later one completes first."""
    out_of_order_s: float = 0.2
    polish: bool = True
    """The transcript differs from the deltas: a capital and a full stop."""
    empty: bool = False
    bare_deltas: bool = False
    """An event without its ``delta`` and ``content_index`` comes before each."""
    silent: bool = False
    """No deltas."""
    fail_items: int = 0
    """So many items fail first."""
    error: str = ""
    """An error event of this code..."""
    error_after_s: float | None = None
    """... after this much audio; None: in answer to the configuration."""
    error_at_commit: bool = False
    error_closes: bool = False
    expire_after_s: float | None = None
    """``session_expired`` and a close with 1001 after this much audio."""
    drop_after_s: float | None = None
    """The socket just goes away after this much audio."""
    unanswered_commit: str = ""
    """``close``: closes with 1000 in place of an answer; ``ignore``: says nothing."""
    idle_s: float | None = None
    """Closes with 1000 after this long (of real time) without anything from the client."""
    strangers: bool = False
    """Events of unknown types and unknown fields in between."""


@dataclass
class Item:
    id: str = field(default_factory=lambda: f"item_{secrets.token_hex(4)}")
    words: list[str] = field(default_factory=list)


@dataclass
class Connection(VendorConnection):
    """``session``: the configuration in force; ``commits``: their event ids."""

    server: OpenAIServer
    behaviour: Behaviour = field(default_factory=Behaviour)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.idle_s = self.behaviour.idle_s
        self.session: dict[str, Any] = {}
        self.updates: list[dict[str, Any]] = []
        self.commits: list[str | None] = []
        self.samples = 0
        """Received so far, as 16 kHz."""
        self._admitted = False
        self._buffer: list[Samples] = []
        self._item: Item | None = None
        self._last: str | None = None
        self._failed = 0
        self._speaking = False
        self._silence_s = 0.0
        self._held: list[dict[str, Any]] = []
        self._release: asyncio.TimerHandle | None = None

    # ---------------------------------------------------------------------------------------------- admission

    def refuses(self) -> Refusal | None:
        if self.behaviour.refuse_status:
            return Refusal(self.behaviour.refuse_status)
        if self.path != self.server.base_path + "/realtime":
            return Refusal(404)
        if not self.server.admits(self.headers) and not self.behaviour.late_key_check:
            return Refusal(401)
        return None

    def begin(self) -> None:
        if not self.server.admits(self.headers):
            self._error("invalid_api_key", "Incorrect API key provided.")
            self.put(Close(3000, "invalid_request_error.invalid_api_key"))
        elif not self.server.credits_left:
            self._error("insufficient_quota", "You exceeded your current quota.")
            self.put(Close(4000, "invalid_request_error.insufficient_quota"))
        elif "openai-beta" in self.headers:
            self._fatal("beta_api_shape_disabled", "The Realtime Beta API is no longer supported.")
        else:
            self._admitted = True
            created = {
                "type": "transcription",
                "id": f"sess_{secrets.token_hex(4)}",
                "expires_at": int(time.time()) + 3600,
            }
            self._say("session.created", session=created)

    def _configure(self, event: dict[str, Any]) -> None:
        self.updates.append(event)
        event_id = event.get("event_id")
        by_url = self.server.model_in_url
        if by_url != ("model" in dict(self.query)):
            need = "provide" if by_url else "not provide"
            self._fatal("invalid_model", f"You must {need} a model parameter.", event_id)
            return
        if self.behaviour.error and self.behaviour.error_after_s is None and not self.behaviour.error_at_commit:
            self._scripted(event_id)
            return
        check = checked_beta_session if self.server.beta else checked_session
        try:
            self.session |= check(event.get("session"))
        except Refused as refusal:
            if refusal.code == "invalid_model":
                self._fatal(refusal.code, refusal.words, event_id)
                return
            raise
        if self.behaviour.strangers:
            self._say("rate_limits.updated", rate_limits=[])
        self.put(self._event("session.updated", session={"type": "transcription"}), self.behaviour.ready_delay_s)

    # ------------------------------------------------------------------------------------------------- events

    def idle(self) -> None:
        self.put(Close(1000))

    def message(self, message: str | bytes) -> None:
        if not self._admitted:
            return
        event: dict[str, Any] = {}
        try:
            event = checked_event(message)
            match event["type"]:
                case "session.update":
                    self._configure(event)
                case "input_audio_buffer.append":
                    mulaw = self._form != "audio/pcm"
                    self._hear(to_16k(checked_audio(event, mulaw=mulaw), FORMATS[self._form], mulaw))
                case "input_audio_buffer.commit":
                    self._asked(event.get("event_id"))
                case _:
                    self._buffer, self._item = [], None
                    self._say("input_audio_buffer.cleared")
        except Refused as refusal:
            self.problems.append(str(refusal))
            self._error(refusal.code, refusal.words, event.get("event_id"))

    @property
    def _form(self) -> str:
        return str(self.session.get("format", {"type": "audio/pcm"})["type"])

    def _say(self, kind: str, **content: Any) -> None:
        self.put(self._event(kind, **content))

    def _event(self, kind: str, **content: Any) -> dict[str, Any]:
        more = {"weather": "fine"} if self.behaviour.strangers else {}
        return {"type": kind, "event_id": f"event_{secrets.token_hex(4)}", **content, **more}

    def _error(self, code: str, words: str, event_id: str | None = None) -> None:
        error: dict[str, Any] = {"type": "invalid_request_error", "code": code, "message": words, "param": None}
        if code == "server_error":
            error["type"] = "server_error"
        if self.server.beta:
            error = {"type": error["type"], "message": words}
        elif event_id is not None:
            error["event_id"] = event_id
        self._say("error", error=error)

    def _fatal(self, code: str, words: str, event_id: str | None = None) -> None:
        self._error(code, words, event_id)
        self.put(Close(4000, f"invalid_request_error.{code}"))

    def _scripted(self, event_id: str | None = None) -> None:
        self._error(self.behaviour.error, f"scripted {self.behaviour.error}", event_id)
        if self.behaviour.error_closes:
            self.put(Close(4000, f"invalid_request_error.{self.behaviour.error}"))

    # -------------------------------------------------------------------------------------------------- audio

    def _hear(self, samples: Samples) -> None:
        if not self.session:
            self.problems.append("audio before session.update")
            return
        if self.session.get("turn_detection"):
            for at in range(0, len(samples), _BLOCK):
                self._take(samples[at : at + _BLOCK])
        else:
            self._take(samples)

    def _take(self, samples: Samples) -> None:
        before, self.samples = self.audio_s, self.samples + len(samples)
        self._buffer.append(samples)
        behaviour = self.behaviour

        def reached(limit: float | None) -> bool:
            return limit is not None and before < limit <= self.audio_s

        if reached(behaviour.error_after_s):
            self._scripted()
        elif reached(behaviour.expire_after_s):
            self._error("session_expired", "Your session hit the maximum duration of 60 minutes.")
            self.put(Close(1001))
        elif reached(behaviour.drop_after_s):
            self.put(None)
        elif self.session.get("turn_detection"):
            self._detect(samples)
        elif self.session["transcription"]["model"] in LIVE and not behaviour.silent:
            self._deltas(self._heard(final=False))

    @property
    def audio_s(self) -> float:
        return self.samples / RATE

    def _heard(self, *, final: bool) -> list[str]:
        audio = np.concatenate(self._buffer) if self._buffer else np.zeros(0, dtype=np.int16)
        return [word.text for word in self.server.recognise(self.server.spoken_segments, audio, final)]

    def _detect(self, samples: Samples) -> None:
        detection = self.session["turn_detection"]
        loud = int(np.abs(samples.astype(np.int32)).max(initial=0)) > LOUD
        self._silence_s = 0.0 if loud else self._silence_s + len(samples) / RATE
        if loud and not self._speaking:
            self._speaking = True
            self._item = self._item or Item()
            start = max(0.0, self.audio_s - len(samples) / RATE - detection.get("prefix_padding_ms", 300) / 1000)
            self._say("input_audio_buffer.speech_started", audio_start_ms=round(start * 1000), item_id=self._item.id)
        elif self._speaking and self._silence_s >= detection.get("silence_duration_ms", 500) / 1000:
            assert self._item is not None
            end = round(self.audio_s * 1000)
            self._say("input_audio_buffer.speech_stopped", audio_end_ms=end, item_id=self._item.id)
            self._commit()

    def _deltas(self, words: list[str]) -> None:
        """New words only: deltas are never taken back."""
        shown = len(self._item.words) if self._item else 0
        if len(words) <= shown:
            return
        self._item = self._item or Item()
        text = " ".join(words[shown:])
        if self.server.beta:
            whole = " ".join(words)
            self._say("input_audio_buffer.partial_transcription", item_id=self._item.id, transcript=whole)
        else:
            if self.behaviour.bare_deltas:
                self._say(TRANSCRIPTION + "delta", item_id=self._item.id)
            delta = text if not shown else f" {text}"
            self._say(TRANSCRIPTION + "delta", item_id=self._item.id, content_index=0, delta=delta)
        self._item.words = words

    # ------------------------------------------------------------------------------------------------ commits

    def _asked(self, event_id: str | None) -> None:
        self.commits.append(event_id)
        held_s = sum(map(len, self._buffer)) / RATE
        behaviour = self.behaviour
        if behaviour.error and behaviour.error_at_commit:
            self._scripted(event_id)
        elif held_s < _LEAST_COMMIT_S - 0.001:
            words = (
                "Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer "
            )
            self._error("input_audio_buffer_commit_empty", f"{words}only has {held_s * 1000:.2f}ms of audio.", event_id)
        elif behaviour.unanswered_commit == "close":
            self.put(Close(1000))
        elif behaviour.unanswered_commit != "ignore":
            self._commit()

    def _commit(self) -> None:
        heard = [] if self.behaviour.empty else self._heard(final=True)
        item = self._item or Item()
        self._buffer, self._item = [], None
        self._speaking, self._silence_s = False, 0.0
        self._say("input_audio_buffer.committed", item_id=item.id, previous_item_id=self._last)
        content = [{"type": "input_audio", "transcript": None}]
        added = {"id": item.id, "type": "message", "status": "completed", "role": "user", "content": content}
        self._say("conversation.item.added", previous_item_id=self._last, item=added)
        self._last = item.id
        if self._failed < self.behaviour.fail_items:
            self._failed += 1
            error = {
                "type": "server_error",
                "code": "transcription_failed",
                "message": "Audio could not be transcribed",
            }
            self._say(TRANSCRIPTION + "failed", item_id=item.id, content_index=0, error=error)
            return
        self.server.spoken_segments += bool(heard)
        text = " ".join(heard)
        if self.session["transcription"]["model"] == "whisper-1" and text:
            self._say(TRANSCRIPTION + "delta", item_id=item.id, content_index=0, delta=text)
        if self.behaviour.polish and text and not text.startswith("w"):
            text = f"{text[:1].upper()}{text[1:]}."
        usage = {"type": "duration", "seconds": 2.7}
        self._complete(
            self._event(TRANSCRIPTION + "completed", item_id=item.id, content_index=0, transcript=text, usage=usage)
        )

    def _complete(self, event: dict[str, Any]) -> None:
        if not self.behaviour.out_of_order:
            self.put(event, self.behaviour.answer_delay_s)
            return
        self._held.insert(0, event)
        if self._release is None:
            loop = asyncio.get_running_loop()
            self._release = loop.call_later(self.behaviour.out_of_order_s, self._let_go)

    def release(self, count: int) -> None:
        """Sends the newest ``count`` of the transcripts held back, newest first."""
        for _ in range(count):
            self.put(self._held.pop(0))

    def _let_go(self) -> None:
        self._release = None
        self.release(len(self._held))
