"""The two kinds of connection of the local Deepgram, with their possible misbehaviour."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from fakes.deepgram_rules import RAW, Config, Refused, checked_query
from fakes.recognisers import LOUD, RATE, Heard, Samples, to_16k
from fakes.vendor_socket import Close, Refusal, VendorConnection
from fakes.window import Window

if TYPE_CHECKING:
    from fakes.deepgram_server import DeepgramServer

IDLE_REASON = (
    "Deepgram did not receive audio data or a text message within the timeout window. See https://dpgr.am/net0001"
)


@dataclass(frozen=True)
class Behaviour:
    """Of one connection. Times in seconds; those of audio are counted in audio received on the connection."""

    refuse_status: int = 0
    refuse_words: str = "scripted refusal"
    answer_delay_s: float = 0.0
    """Before each final and each end of a turn."""
    interim_every_s: float = 0.2
    cut_s: float = 5.0
    """A window as long as this becomes final in mid-speech, after its last whole word."""
    least_finalize_s: float = 0.0
    """With less than this in the open window, ``Finalize`` gets no answer at all."""
    unmarked_finalize: bool = False
    """The answer to ``Finalize`` does not say that it is one."""
    late_finalize: bool = False
    """Once all is final already, ``Finalize`` is answered with an empty window all the same."""
    idle_s: float = 10.0
    error: str = ""
    """An error frame with this variant (Flux: code) and a close ..."""
    error_after_s: float = 0.0
    """... after this much audio."""
    drop_after_s: float | None = None
    close_after_s: float | None = None
    close_code: int = 1011
    close_reason: str = ""
    eager: bool = False
    """Flux says that the end of the turn is near, and takes it back when more is said."""
    forced_silence: str = "ignore"
    """Flux on a forced end where nobody spoke: ``ignore`` it, or ``answer`` with an empty turn."""
    strangers: bool = False
    """Frames of unknown types in between."""


@dataclass
class Listener(VendorConnection):
    """``controls``: the text messages of the client; ``audio_frames``: the sizes of the binary ones."""

    server: DeepgramServer
    behaviour: Behaviour = field(default_factory=Behaviour)
    controls: list[dict[str, Any]] = field(default_factory=list)
    audio_frames: list[int] = field(default_factory=list)
    samples: int = 0
    """Received so far, as 16 kHz."""

    flux = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self.idle_s = self.behaviour.idle_s
        self.request_id = secrets.token_hex(8)
        self._config = Config()
        self._open = Window()
        self._silence_s = 0.0
        self._closing = False

    @property
    def kinds(self) -> list[str]:
        return [str(control.get("type")) for control in self.controls]

    @property
    def audio_s(self) -> float:
        return self.samples / RATE

    # ---------------------------------------------------------------------------------------------- handshake

    def refuses(self) -> Refusal | None:
        if self.path not in ("/v1/listen", "/v2/listen"):
            return Refusal(404)
        if self.behaviour.refuse_status:
            return Refusal(self.behaviour.refuse_status, {"dg-error": self.behaviour.refuse_words})
        if not self.server.admits(self.headers):
            return Refusal(401, {"dg-error": "Invalid credentials."})
        if not self.server.balance_left:
            return Refusal(402, {"dg-error": "Project does not have enough credits."})
        try:
            self._config = checked_query(self.query, flux=self.flux)
        except Refused as refusal:
            self.problems.append(str(refusal))
            return Refusal(400, {"dg-error": str(refusal)})
        return None

    # ------------------------------------------------------------------------------------------------- audio

    def message(self, message: str | bytes) -> None:
        if isinstance(message, str):
            try:
                control = json.loads(message)
                kind = control["type"]
            except (ValueError, TypeError, KeyError):
                self.put({"type": "Error", "variant": "SchemaError", "description": "Could not parse", "code": "X"})
                return
            self.controls.append(control)
            self.control(kind, control)
        elif not message:
            self.problems.append("an empty binary frame")
            self.control("CloseStream", {})
        elif not self._closing:
            self.audio_frames.append(len(message))
            self._hear(message)

    def control(self, kind: str, control: dict[str, Any]) -> None:
        raise NotImplementedError

    def heard(self) -> None:
        """After each audio frame."""
        raise NotImplementedError

    def _hear(self, audio: bytes) -> None:
        if len(audio) % RAW[self._config.values["encoding"]]:
            self.problems.append("half a sample")
        samples = to_16k(audio, self._config.rate, self._config.mulaw)
        self._open.hear(samples)
        self.samples += len(samples)
        loud = int(np.abs(samples.astype(np.int32)).max(initial=0)) > LOUD
        self._silence_s = 0.0 if loud else self._silence_s + len(samples) / RATE
        if not self._misfortune():
            self.heard()

    def _misfortune(self) -> bool:
        behaviour = self.behaviour
        if behaviour.error and self.audio_s >= behaviour.error_after_s:
            self.put({"type": "Error", "variant": behaviour.error, "code": behaviour.error, "description": "scripted"})
            self.put(Close(1011))
        elif behaviour.drop_after_s is not None and self.audio_s >= behaviour.drop_after_s:
            self.put(None)
        elif behaviour.close_after_s is not None and self.audio_s >= behaviour.close_after_s:
            self.put(Close(behaviour.close_code, behaviour.close_reason))
        else:
            return False
        return True

    def _recognised(self, final: bool) -> Sequence[Heard]:
        return self.server.recognise(self.server.spoken, self._open.audio, final)

    def _strange(self) -> None:
        if self.behaviour.strangers:
            self.put({"type": "WeatherReport", "sky": "blue"})


@dataclass
class NovaListener(Listener):
    def __post_init__(self) -> None:
        super().__post_init__()
        self._pending_configure = False
        self._speech_final = True
        self._utterance_end_said = True

    def idle(self) -> None:
        self.put(Close(1011, IDLE_REASON))

    def control(self, kind: str, control: dict[str, Any]) -> None:
        if kind == "Finalize" and not self._closing:
            self._finalize()
        elif kind == "CloseStream" and not self._closing:
            self._closing = True
            if self._open.seconds > 0:
                self._final()
            self.put({"type": "Metadata", "request_id": self.request_id, "duration": self.audio_s, "channels": 1})
            self.put(Close(1000))
        elif kind == "Configure":
            self._configure(control)
        elif kind not in ("KeepAlive", "CloseStream", "Finalize"):
            self.problems.append(f"unknown control message {kind}")
            self.put({"type": "Error", "variant": "SchemaError", "description": f"unknown variant {kind}"})

    def _configure(self, control: dict[str, Any]) -> None:
        request_id = self.request_id
        if self._pending_configure:
            code = "CONFIGURE_ALREADY_PENDING"
            self.put({"type": "ConfigureFailure", "request_id": request_id, "code": code, "description": "pending"})
        else:
            self._pending_configure = True
            self.put({"type": "ConfigureSuccess", "request_id": request_id, "keyterms": control.get("keyterms", [])})

    def _finalize(self) -> None:
        behaviour = self.behaviour
        if self._open.seconds <= 0 and behaviour.late_finalize:
            self._window([], self.audio_s, 0.0, is_final=True, from_finalize=True)
        elif self._open.seconds > 0 and self._open.seconds >= behaviour.least_finalize_s:
            self._final(from_finalize=not behaviour.unmarked_finalize)

    def heard(self) -> None:
        self._strange()
        endpointing = self._config.values.get("endpointing", "10")
        if not self._speech_final and endpointing != "false" and self._silence_s * 1000 >= float(endpointing):
            self._final(speech_final=True)
        elif self._open.seconds >= self.behaviour.cut_s:
            self._final(rest=self._open.cut_after_a_word())
        elif self._config.on("interim_results") and self._open.grown_by(self.behaviour.interim_every_s):
            words = self._recognised(False)
            if words and self._speech_final and self._config.on("vad_events"):
                at = self._open.begin / RATE + words[0].start
                self.put({"type": "SpeechStarted", "channel": [0], "timestamp": at})
            self._speech_final = self._speech_final and not words
            self._utterance_end_said = self._utterance_end_said and not words
            self._window(words, self._open.begin / RATE, self._open.seconds)
        gap_ms = self._config.number("utterance_end_ms", 0)
        if gap_ms and not self._utterance_end_said and self._silence_s * 1000 >= gap_ms:
            self._utterance_end_said = True
            last = self.audio_s - self._silence_s
            self.put({"type": "UtteranceEnd", "channel": [0, 1], "last_word_end": last})

    def _final(self, rest: Samples | None = None, **more: Any) -> None:
        words = self._recognised(True)
        self.server.spoken += bool(words)
        start = self._open.begin / RATE
        length = len(self._open.audio) / RATE
        self._speech_final = self._speech_final or bool(more.get("speech_final"))
        self._window(words, start, length, is_final=True, **more)
        self._open.next(rest)

    def _window(
        self,
        words: Sequence[Heard],
        start: float,
        duration: float,
        *,
        is_final: bool = False,
        speech_final: bool = False,
        from_finalize: bool = False,
    ) -> None:
        base = self._open.begin / RATE
        listed = [
            {
                "word": word.text.lower(),
                "punctuated_word": word.text,
                "start": round(base + word.start, 6),
                "end": round(base + word.end, 6),
                "confidence": 0.98,
                **({"speaker": 0} if "diarize_model" in self._config.values else {}),
            }
            for word in words
        ]
        said = {"transcript": " ".join(word.text for word in words), "confidence": 0.98, "words": listed}
        if self._config.values.get("language") == "multi":
            said["languages"] = ["en"] if words else []
        frame = {
            "type": "Results",
            "channel_index": [0, 1],
            "start": round(start, 6),
            "duration": round(duration, 6),
            "is_final": is_final,
            "speech_final": speech_final,
            "channel": {"alternatives": [said]},
            "metadata": {
                "request_id": self.request_id,
                "model_info": {"name": "general-nova-3", "version": "2025-04-17.21547", "arch": "nova-3"},
                "model_uuid": "b05e2f7d-0000-4f00-8000-1d2c3b4a5968",
            },
            **({"from_finalize": True} if from_finalize else {}),
        }
        self.put(frame, self.behaviour.answer_delay_s if is_final else 0.0)


@dataclass
class FluxListener(Listener):
    flux = True

    def __post_init__(self) -> None:
        super().__post_init__()
        self._sequence = 0
        self._turn = 0
        self._in_turn = False
        self._eager = False

    def begin(self) -> None:
        self._say({"type": "Connected", "request_id": self.request_id})

    def idle(self) -> None:
        self._say({"type": "Error", "code": "INACTIVE_CLIENT", "description": "No audio was received."})
        self.put(Close(1005))

    def _say(self, frame: dict[str, Any], delay_s: float = 0.0) -> None:
        self.put({**frame, "sequence_id": self._sequence}, delay_s)
        self._sequence += 1

    def control(self, kind: str, control: dict[str, Any]) -> None:
        if kind == "ForceEndTurn":
            if self._recognised(False) or self.behaviour.forced_silence == "answer":
                self._end("manual")
        elif kind == "Configure":
            thresholds = control.get("thresholds", {})
            self._say({"type": "ConfigureSuccess", "request_id": self.request_id, "thresholds": thresholds})
        elif kind == "CloseStream":
            self._closing = True
            if self._in_turn:
                self._info("Update", self._recognised(True))
            self.put(Close(1005))
        else:
            self.problems.append(f"{kind} kills a Flux connection")
            self.put(Close(1005))

    def heard(self) -> None:
        self._strange()
        words = self._recognised(False)
        if not self._in_turn:
            if words:
                self._in_turn = True
                self._open.due_s = self._open.seconds
                self._info("StartOfTurn", words)
            elif self._open.seconds >= 2.0:
                self._open.next(self._open.audio[-RATE // 2 :])  # silence between turns belongs to none
            return
        timeout_ms = min(self._config.number("eot_timeout_ms", 5000), 1000)
        if self._silence_s * 1000 >= timeout_ms:
            self._end("model")
        elif self.behaviour.eager and not self._eager and self._silence_s >= 0.3:
            self._eager = True
            self._info("EagerEndOfTurn", words)
        elif self._eager and self._silence_s == 0.0:
            self._eager = False
            self._info("TurnResumed", words)
        elif self._open.grown_by(0.25):
            self._info("Update", words)

    def _end(self, trigger: str) -> None:
        words = self._recognised(True)
        self.server.spoken += bool(words)
        self._info("EndOfTurn", words, trigger=trigger)
        self._turn += 1
        self._in_turn = self._eager = False
        self._open.next()

    def _info(self, event: str, words: Sequence[Heard], **more: Any) -> None:
        start = self._open.begin / RATE
        frame = {
            "type": "TurnInfo",
            "request_id": self.request_id,
            "event": event,
            "turn_index": self._turn,
            "audio_window_start": round(start, 6),
            "audio_window_end": round(self.audio_s, 6),
            "transcript": " ".join(word.text for word in words),
            "words": [
                {"word": word.text, "confidence": 0.98, "start": start + word.start, "end": start + word.end}
                for word in words
            ],
            "end_of_turn_confidence": 0.8,
            **more,
        }
        self._say(frame, self.behaviour.answer_delay_s if event == "EndOfTurn" else 0.0)
