"""One realtime connection of the local ElevenLabs server, with its possible misbehaviour."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from fakes.elevenlabs_rules import Chunk, Config, Refused, checked_chunk, checked_query
from fakes.recognisers import LOUD, RATE, Heard, Samples, to_16k
from fakes.vendor_socket import Close, Refusal, VendorConnection

if TYPE_CHECKING:
    from fakes.elevenlabs_server import ElevenLabsServer

REALTIME = "/v1/speech-to-text/realtime"
_CLIENT_FAULTS = {"auth_error", "invalid_request", "input_error", "chunk_size_exceeded", "unaccepted_terms"}


@dataclass(frozen=True)
class Behaviour:
    """Of one connection. Times in seconds; those of audio are counted in audio received on the connection."""

    refuse_status: int = 0
    """Answers the handshake with this HTTP status."""
    ready_delay_s: float = 0.0
    answer_delay_s: float = 0.0
    """From a commit to its committed transcript."""
    partial_every_s: float = 0.2
    """Audio between partials."""
    first_words_s: float = 0.5
    """Audio of a segment before its first partial; about 2 s at the vendor."""
    shrink: bool = False
    """Each partial is followed by one that lacks its last word."""
    twin: str = "after"
    """The timed frame comes ``after`` the plain one, ``before`` it, or is ``missing``."""
    twin_delay_s: float = 0.0
    echo: bool = False
    """After a commit its text comes once more as a partial."""
    auto_commit_s: float = 90.0
    least_commit_s: float = 0.3
    throttle_closes: bool = False
    idle_s: float = 15.0
    """Closes with 1000 after this long (of real time) without audio."""
    longest_chunk_s: float = 5.0
    fastest: float | None = None
    """Audio may come so many times as fast as it is spoken, and two seconds of it at once; else ``queue_overflow``."""
    error: str = ""
    """An error frame of this kind, then a close..."""
    error_after_s: float | None = None
    """... after this much audio; None: in place of ``session_started``."""
    error_at_commit: bool = False
    error_closes: bool = True
    empty_commits: bool = False
    unanswered_commit: str = ""
    """``close``: closes with 1000 in place of the answer; ``ignore``: says nothing."""
    drop_after_s: float | None = None
    """The socket just goes away after this much audio."""
    close_after_s: float | None = None
    """Closes with ``close_code`` and without an error frame after this much audio."""
    close_code: int = 1000
    segment_times: bool = False
    """Word times count from the start of the segment."""
    strangers: bool = False
    """Frames of unknown types and unknown fields in between."""


@dataclass
class Connection(VendorConnection):
    """``messages``: what the client sent."""

    server: ElevenLabsServer
    behaviour: Behaviour = field(default_factory=Behaviour)
    messages: list[Chunk] = field(default_factory=list)
    samples: int = 0
    """Received so far, as 16 kHz."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.idle_s = self.behaviour.idle_s
        self._config = Config()
        self._segment: list[Samples] = []
        self._segment_start = 0
        self._partial_due_s = self.behaviour.first_words_s
        self._last_partial = ""
        self._silence_s = 0.0
        self._speech_s = 0.0
        self._began = 0.0

    # ---------------------------------------------------------------------------------------------- admission

    def refuses(self) -> Refusal | None:
        status = self.behaviour.refuse_status or (404 if self.path != REALTIME else 0)
        return Refusal(status) if status else None

    def _fail(self, kind: str, words: str, *, closes: bool = True) -> None:
        self.put({"message_type": kind, "error": words})
        if closes:
            self.put(Close(1008 if kind in _CLIENT_FAULTS else 1011, kind))

    def begin(self) -> None:
        self._began = asyncio.get_running_loop().time()
        token = dict(self.query).get("token")
        if not self.server.admits(self.headers, token):
            self._fail("auth_error", "You must be authenticated to use this endpoint.")
        elif not self.server.credits_left:
            self._fail("quota_exceeded", "This request exceeds your quota.")
        elif self.behaviour.error and self.behaviour.error_after_s is None and not self.behaviour.error_at_commit:
            self._fail(self.behaviour.error, f"scripted {self.behaviour.error}", closes=self.behaviour.error_closes)
        else:
            self._admit()

    def _admit(self) -> None:
        try:
            self._config = checked_query(self.query)
        except Refused as refusal:
            self.problems.append(str(refusal))
            self._fail(refusal.kind, refusal.words)
            return
        echoed = {"sample_rate": self._config.rate, **self._config.values}
        started = {"message_type": "session_started", "session_id": secrets.token_hex(8), "config": echoed}
        self.put(started, self.behaviour.ready_delay_s)
        if self.behaviour.strangers:
            self.put({"message_type": "weather_report", "sky": "blue"})

    def idle(self) -> None:
        self.put(Close(1000))

    # ----------------------------------------------------------------------------------------------- messages

    def message(self, message: str | bytes) -> None:
        try:
            chunk = checked_chunk(
                message, self._config, first=not self.messages, longest_s=self.behaviour.longest_chunk_s
            )
        except Refused as refusal:
            self.problems.append(str(refusal))
            self._fail(refusal.kind, refusal.words)
            return
        self.messages.append(chunk)
        if not self.frames:
            self.problems.append("sent before session_started")
            return  # such audio is lost at the vendor too
        self._hear(chunk.audio)
        if chunk.commit:
            self._asked()

    def _hear(self, audio: bytes) -> None:
        if not audio:
            return
        samples = to_16k(audio, self._config.rate, self._config.mulaw)
        self._segment.append(samples)
        seconds = len(samples) / RATE
        self.samples += len(samples)
        self._voice(samples, seconds)
        behaviour = self.behaviour
        if self._overflows():
            self._fail("queue_overflow", "Audio arrives faster than it can be processed.")
        elif behaviour.error and behaviour.error_after_s is not None and self.audio_s >= behaviour.error_after_s:
            self._fail(behaviour.error, f"scripted {behaviour.error}", closes=behaviour.error_closes)
        elif behaviour.drop_after_s is not None and self.audio_s >= behaviour.drop_after_s:
            self.put(None)
        elif behaviour.close_after_s is not None and self.audio_s >= behaviour.close_after_s:
            self.put(Close(behaviour.close_code))
        elif self._uncommitted_s >= behaviour.auto_commit_s:
            self._commit(rest=self._after_the_last_word())
        elif self._pause_over():
            self._commit()
        elif self._uncommitted_s >= self._partial_due_s:
            self._partial_due_s = self._uncommitted_s + behaviour.partial_every_s
            self._partial()

    def _overflows(self) -> bool:
        fastest = self.behaviour.fastest
        return fastest is not None and self.audio_s > 2.0 + fastest * (asyncio.get_running_loop().time() - self._began)

    @property
    def audio_s(self) -> float:
        return self.samples / RATE

    @property
    def _uncommitted_s(self) -> float:
        return (self.samples - self._segment_start) / RATE

    def _voice(self, samples: Samples, seconds: float) -> None:
        if int(np.abs(samples.astype(np.int32)).max(initial=0)) > LOUD:
            self._speech_s += seconds
            self._silence_s = 0.0
        else:
            self._silence_s += seconds

    def _pause_over(self) -> bool:
        return (
            self._config["commit_strategy"] != "manual"
            and self._speech_s * 1000 >= self._config["min_speech_duration_ms"]
            and self._silence_s >= self._config["vad_silence_threshold_secs"]
        )

    def _words(self, final: bool) -> Sequence[Heard]:
        audio = np.concatenate(self._segment) if self._segment else np.zeros(0, dtype=np.int16)
        return self.server.recognise(self.server.spoken_segments, audio, final)

    def _partial(self) -> None:
        words = [word.text for word in self._words(False)]
        text = " ".join(words)
        if text == self._last_partial:
            return
        self._last_partial = text
        self.put({"message_type": "partial_transcript", "text": text})
        if self.behaviour.shrink and len(words) > 1:
            self.put({"message_type": "partial_transcript", "text": " ".join(words[:-1])})

    def _asked(self) -> None:
        behaviour = self.behaviour
        if behaviour.error and behaviour.error_at_commit:
            self._fail(behaviour.error, f"scripted {behaviour.error}", closes=behaviour.error_closes)
        elif self._uncommitted_s < behaviour.least_commit_s:
            self._fail(
                "commit_throttled",
                f"Commit request ignored: only {self._uncommitted_s:.2f}s of uncommitted audio. You need at least "
                f"{behaviour.least_commit_s}s of uncommitted audio before committing.",
                closes=behaviour.throttle_closes,
            )
        elif behaviour.unanswered_commit == "close":
            self.put(Close(1000))
        elif behaviour.unanswered_commit != "ignore":
            self._commit()

    def _after_the_last_word(self) -> Samples:
        """What the server's own commit leaves for the next segment: it cuts no word in two."""
        audio = np.concatenate(self._segment)
        quiet = np.flatnonzero(np.abs(audio[-RATE:].astype(np.int32)) <= LOUD)
        keep = max(0, len(audio) - RATE) + int(quiet[-1]) if len(quiet) else len(audio)
        self._segment = [audio[:keep]]
        return audio[keep:]

    def _commit(self, rest: Samples | None = None) -> None:
        words = [] if self.behaviour.empty_commits else list(self._words(True))
        self.server.spoken_segments += bool(words)
        text = " ".join(word.text for word in words)
        text = text[:1].upper() + text[1:] + "." if text and not text.startswith("w") else text
        plain: dict[str, Any] = {"message_type": "committed_transcript", "text": text}
        if self.behaviour.strangers:
            plain["segment_index"] = 7
        frames = [(plain, self.behaviour.answer_delay_s)]
        if self._config.twins and self.behaviour.twin != "missing":
            after = self.behaviour.twin == "after"
            frames.insert(1 if after else 0, (self._timed(text, words), self.behaviour.twin_delay_s))
        for frame, delay_s in frames:
            self.put(frame, delay_s)
        if self.behaviour.echo and text:
            self.put({"message_type": "partial_transcript", "text": text})
        self._later_frames(text)
        self._segment = [] if rest is None else [rest]
        self._segment_start = self.samples - sum(map(len, self._segment))
        self._partial_due_s = self.behaviour.first_words_s
        self._last_partial = ""
        self._speech_s = self._silence_s = 0.0

    def _timed(self, text: str, words: Sequence[Heard]) -> dict[str, Any]:
        frame: dict[str, Any] = {"message_type": "committed_transcript_with_timestamps", "text": text}
        frame["language_code"] = self._config["language_code"] or "en"
        frame["words"] = None
        if self._config["include_timestamps"]:
            offset = 0.0 if self.behaviour.segment_times else self._segment_start / RATE
            frame["words"] = _wire_words(words, offset)
        return frame

    def _later_frames(self, text: str) -> None:
        if self._config["entity_detection"]:
            found = [{"text": text, "entity_type": "name", "start_char": 0, "end_char": len(text)}] if text else []
            self.put({"message_type": "committed_transcript_entities", "text": text, "entities": found})
        if self._config["entity_redaction"] and text:
            redacted = " ".join(["{NAME_1}", *text.split()[1:]])
            self.put({"message_type": "redacted_transcript", "text": text, "redacted_text": redacted})
        if self._config["transcript_edit"] and text:
            self.put({"message_type": "edited_transcript", "text": text, "edited_text": text.upper()})


def _wire_words(words: Sequence[Heard], offset: float) -> list[dict[str, Any]]:
    wire: list[dict[str, Any]] = []
    for word in words:
        start, end = round(offset + word.start, 4), round(offset + word.end, 4)
        if wire:
            wire.append(_wire_word(" ", wire[-1]["end"], start, "spacing"))
        wire.append(_wire_word(word.text, start, end, "word"))
    return wire


def _wire_word(text: str, start: float, end: float, kind: str) -> dict[str, Any]:
    return {
        "text": text,
        "start": start,
        "end": end,
        "type": kind,
        "speaker_id": None,
        "logprob": -0.03,
        "characters": list(text),
    }
