"""What the two kinds of connection of the local Cartesia have in common, with their possible misbehaviour."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from fakes.cartesia_rules import RAW, VERSIONS, Config, Refused, checked_query
from fakes.recognisers import LOUD, RATE, Heard, to_16k
from fakes.vendor_socket import Close, Refusal, VendorConnection
from fakes.window import Window

if TYPE_CHECKING:
    from fakes.cartesia_server import CartesiaServer


@dataclass(frozen=True)
class Behaviour:
    """Of one connection. Times in seconds; those of audio are counted in audio received on the connection."""

    refuse_status: int = 0
    refuse_words: str = "scripted refusal"
    answer_delay_s: float = 0.0
    """Before each final and each end of a turn."""
    interim_every_s: float = 0.2
    pause_s: float = 1.0
    """Silence at which the manual socket finalises by itself."""
    piece_s: float | None = None
    """A final piece comes as soon as so much is heard, in mid-speech, after the last whole word."""
    cut_words: bool = False
    """Final text comes in two pieces, cut in the middle of a word."""
    cumulative: bool = False
    """A final piece says all again since the last acknowledgement."""
    acknowledge_first: bool = False
    """``flush_done`` stands before the final text."""
    acknowledge: bool = True
    silent_until_final: bool = False
    """No interim text."""
    twice: bool = False
    """Finals (and ends of turns) come twice."""
    new_ids: bool = False
    """``request_id`` changes inside the connection."""
    word_times: str = ""
    """``stream``, ``piece`` (they count from its start) or ``arrays`` (the other shape); empty: none, as Ink-2."""
    durations: bool = True
    done: bool = True
    """The end of the manual stream is said before the close."""
    open_at_close: bool = False
    """The turn that is open when the stream ends gets no end, as its audio has none."""
    eager: bool = False
    """Turns seem to end, and go on."""
    idle_s: float = 180.0
    error: int = 0
    """An error frame with this status and close 1011 ..."""
    error_after_s: float = 0.0
    """... after this much audio."""
    drop_after_s: float | None = None
    close_after_s: float | None = None
    close_code: int = 1011
    strangers: bool = False
    """Frames of unknown types in between."""


@dataclass
class Listener(VendorConnection):
    """``commands``: the text messages of the client; ``audio_frames``: the sizes of the binary ones."""

    server: CartesiaServer
    behaviour: Behaviour = field(default_factory=Behaviour)
    commands: list[str] = field(default_factory=list)
    audio_frames: list[int] = field(default_factory=list)
    samples: int = 0
    """Received so far, as 16 kHz."""

    turns = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self.idle_s = self.behaviour.idle_s
        self.request_id = secrets.token_hex(8)
        self._config = Config()
        self._open = Window()
        self._silence_s = 0.0
        self._closing = False
        self._said_before = False
        """Text became final on this connection: what follows begins with a space."""

    @property
    def audio_s(self) -> float:
        return self.samples / RATE

    # ---------------------------------------------------------------------------------------------- handshake

    def refuses(self) -> Refusal | None:
        behaviour = self.behaviour
        if self.path not in ("/stt/websocket", "/stt/turns/websocket"):
            return self._refusal(404, "Not found", "")
        if behaviour.refuse_status:
            return self._refusal(behaviour.refuse_status, "Refused", behaviour.refuse_words)
        if not self.server.admits(self.headers):
            return self._refusal(401, "Unauthorized", "Invalid API key")
        if not self.server.credits_left:
            return self._refusal(402, "Payment required", "You are out of credits")
        if self.headers.get("cartesia-version") not in VERSIONS:
            self.problems.append("no known Cartesia-Version")
            return self._refusal(400, "Invalid version", "Cartesia-Version is required")
        try:
            self._config = checked_query(self.query, turns=self.turns)
        except Refused as refusal:
            self.problems.append(str(refusal))
            return self._refusal(400, refusal.title, refusal.words)
        return None

    def _refusal(self, status: int, title: str, words: str) -> Refusal:
        body = self.server.error(status, title, words)
        return Refusal(status, {"X-Request-ID": self.request_id, "Content-Type": "application/json"}, body)

    # ------------------------------------------------------------------------------------------------- audio

    def say(self, type_: str, delay_s: float = 0.0, **more: Any) -> None:
        if self.behaviour.new_ids:
            self.request_id = secrets.token_hex(8)
        self.put({"type": type_, "request_id": self.request_id, **more}, delay_s)

    def idle(self) -> None:
        self.put(Close(1000))

    def message(self, message: str | bytes) -> None:
        if isinstance(message, str):
            self.commands.append(message)
            self.command(message)
        elif not self._closing:
            self.audio_frames.append(len(message))
            self._hear(message)

    def command(self, command: str) -> None:
        raise NotImplementedError

    def heard(self) -> None:
        """After each audio frame."""
        raise NotImplementedError

    def _hear(self, audio: bytes) -> None:
        if not audio or len(audio) % RAW[self._config.values["encoding"]]:
            self.problems.append("no whole samples")
        samples = to_16k(audio, self._config.rate, self._config.mulaw)
        self._open.hear(samples)
        self.samples += len(samples)
        loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > LOUD)
        quiet = len(samples) - 1 - int(loud[-1]) if len(loud) else self._silence_s * RATE + len(samples)
        self._silence_s = quiet / RATE
        if not self._misfortune():
            if self.behaviour.strangers:
                self.put({"type": "weather.report", "sky": "blue"})
            self.heard()

    def _misfortune(self) -> bool:
        behaviour = self.behaviour
        if behaviour.error and self.audio_s >= behaviour.error_after_s:
            self.put(self.server.error(behaviour.error, "Scripted", "scripted error", "scripted_error"))
            self.put(Close(1011))
        elif behaviour.drop_after_s is not None and self.audio_s >= behaviour.drop_after_s:
            self.put(None)
        elif behaviour.close_after_s is not None and self.audio_s >= behaviour.close_after_s:
            self.put(Close(behaviour.close_code))
        else:
            return False
        return True

    def _recognised(self, final: bool) -> Sequence[Heard]:
        return self.server.recognise(self.server.spoken, self._open.audio, final)

    def _joined(self, words: Sequence[Heard]) -> str:
        """With the spaces that join it to what was final before."""
        text = " ".join(word.text for word in words)
        return f" {text}" if text and self._said_before else text
