"""One connection of a local server that speaks vLLM's dialect."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from fakes.openai_connection import Behaviour
from fakes.openai_rules import Refused, checked_audio, checked_event
from fakes.recognisers import RATE, Samples
from fakes.vendor_socket import Refusal, VendorConnection

if TYPE_CHECKING:
    from fakes.openai_server import OpenAIServer


@dataclass
class VllmConnection(VendorConnection):
    server: OpenAIServer
    behaviour: Behaviour = field(default_factory=Behaviour)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.samples = 0
        self._validated = False
        self._generates = False
        self._queue: list[Samples] = []
        self._shown: list[str] = []

    def refuses(self) -> Refusal | None:
        status = self.behaviour.refuse_status or (0 if self.server.admits(self.headers) else 401)
        return Refusal(status) if status else None

    def begin(self) -> None:
        self.put({"type": "session.created", "id": f"sess-{secrets.token_hex(4)}", "created": 1})

    def message(self, message: str | bytes) -> None:
        try:
            event = checked_event(message)
            match event["type"]:
                case "session.update":
                    self._configure(event)
                case "input_audio_buffer.append":
                    self._hear(np.frombuffer(checked_audio(event, mulaw=False), dtype="<i2"))
                case _:
                    self._commit(final=event.get("final") is True)
        except Refused as refusal:
            self.problems.append(str(refusal))
            self._error(refusal.words, refusal.code)

    def _configure(self, event: dict[str, Any]) -> None:
        if event.get("model") not in self.server.models:
            self._error(f"The model `{event.get('model')}` does not exist.", "model_not_found")
        else:
            self._validated = True

    def _commit(self, *, final: bool) -> None:
        if not self._validated:
            raise Refused("model_not_validated", "Model not validated.")
        if not final:
            self._generates = True
            return
        words = self._words(final=True)
        self._grow(words)
        self.server.spoken_segments += bool(words)
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        if self.behaviour.unanswered_commit != "ignore":
            self.put(
                {"type": "transcription.done", "text": " ".join(words), "usage": usage}, self.behaviour.answer_delay_s
            )
        self._generates, self._queue, self._shown = False, [], []

    def _hear(self, samples: Samples) -> None:
        if not self._generates:
            self.problems.append("audio before the start of a generation")
        before, self.samples = self.samples, self.samples + len(samples)
        self._queue.append(samples)
        limit = self.behaviour.drop_after_s
        if limit is not None and before < limit * RATE <= self.samples:
            self.put(None)
        elif self.behaviour.error_after_s is not None and self.samples >= self.behaviour.error_after_s * RATE:
            self._error("boom", self.behaviour.error)
        else:
            self._grow(self._words(final=False))

    def _words(self, *, final: bool) -> list[str]:
        audio = np.concatenate(self._queue) if self._queue else np.zeros(0, dtype=np.int16)
        return [word.text for word in self.server.recognise(self.server.spoken_segments, audio, final)]

    def _grow(self, words: list[str]) -> None:
        if new := words[len(self._shown) :]:
            space = " " if self._shown else ""
            self.put({"type": "transcription.delta", "delta": space + " ".join(new)})
            self._shown = words

    def _error(self, words: str, code: str) -> None:
        self.put({"type": "error", "error": words, "code": code})
