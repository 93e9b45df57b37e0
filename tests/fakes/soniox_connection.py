"""One live connection to the local Soniox, with its possible misbehaviour."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from fakes.recognisers import LOUD, RATE, Heard, Samples, to_16k
from fakes.soniox_rules import RAW, Config, Refused, checked_start
from fakes.soniox_tokens import Token, Writer, mark
from fakes.vendor_socket import Close, Refusal, VendorConnection
from fakes.window import Window

if TYPE_CHECKING:
    from fakes.soniox_server import SonioxServer

_WRONG_KEY = "Incorrect API key provided."


@dataclass(frozen=True)
class Behaviour:
    """Of one connection. Times in seconds; those of audio are counted in audio received on the connection."""

    refuse_status: int = 0
    refuse_kind: str = "service_unavailable"
    refuse_by_frame: bool = False
    """A refusal, of a wrong key, too, is an error frame after a handshake that went well."""
    answer_delay_s: float = 0.0
    """Before each frame with final text."""
    tail_every_s: float = 0.2
    cut_s: float = 5.0
    """When so much is open, its whole words become final in mid-speech."""
    splits_words: bool = True
    """... but for the last piece of the last word, which is final in the next frame."""
    idle_s: float = 20.0
    idle_error: bool = True
    """An idle connection is closed with an error frame; else just closed, with 1000."""
    error: int = 0
    """An error frame and a close ..."""
    error_kind: str = ""
    error_after_s: float = 0.0
    """... after this much audio."""
    drop_after_s: float | None = None
    close_after_s: float | None = None
    close_code: int = 1011
    close_reason: str = ""
    longest_s: float | None = None
    mute_finalize: bool = False
    """``finalize`` makes text final, and its mark never comes."""
    deaf_finalize: bool = False
    """``finalize`` is not heard at all."""
    stray_marks: bool = False
    """A mark that nobody asked for, whenever text becomes final in mid-speech."""
    glued_marks: bool = False
    """Marks come inside the text of the last token."""
    guesses: bool = False
    """The tail ends in a word that nobody said."""
    progress: bool = True
    """Frames tell how much audio they are about."""
    strangers: bool = False
    """Frames and fields of unknown kinds in between."""


@dataclass
class Listener(VendorConnection):
    """``controls``: the client's control messages by type, ``""`` for the end of the audio; ``audio_frames``: sizes."""

    server: SonioxServer
    behaviour: Behaviour = field(default_factory=Behaviour)
    start: dict[str, Any] | None = None
    """The client's first message."""
    controls: list[str] = field(default_factory=list)
    audio_frames: list[int] = field(default_factory=list)
    samples: int = 0
    """Received so far, as 16 kHz."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.idle_s = self.behaviour.idle_s
        self._admitted = False
        self._config = Config()
        self._writer = Writer(self._config)
        self._open = Window()
        self._silence_s = 0.0
        self._held: list[Token] = []
        self._settled = ""
        """Final text since the last mark."""
        self._final_s = 0.0
        self._closing = False

    @property
    def audio_s(self) -> float:
        return self.samples / RATE

    # ---------------------------------------------------------------------------------------------- handshake

    def refuses(self) -> Refusal | None:
        behaviour = self.behaviour
        if self.path != "/transcribe-websocket":
            return Refusal(404)
        if behaviour.refuse_status and not behaviour.refuse_by_frame:
            return Refusal(behaviour.refuse_status, words=_words(behaviour.refuse_status, behaviour.refuse_kind))
        self._admitted = self.server.admits(self.headers)
        if "authorization" in self.headers and not self._admitted and not behaviour.refuse_by_frame:
            return Refusal(401, words=_words(401, "unauthenticated", _WRONG_KEY))
        return None

    def message(self, message: str | bytes) -> None:
        if self._closing:
            return
        if self.start is None:
            self._begin(message)
        elif isinstance(message, bytes):
            self.audio_frames.append(len(message))
            self._hear(message)
        elif not message:
            self.controls.append("")
            self._end()
        else:
            self._control(message)

    def _begin(self, message: str | bytes) -> None:
        try:
            self.start = json.loads(message) if isinstance(message, str) else None
        except ValueError:
            self.start = None
        if not isinstance(self.start, dict):
            self.problems.append("the first message is not a start message")
            self._fail(400, "invalid_request", "Start request must be a JSON text message.")
            return
        refusal = self._refusal()
        if refusal is not None:
            self._fail(*refusal)

    def _refusal(self) -> tuple[int, str, str] | None:
        assert self.start is not None
        by_header, by_message = "authorization" in self.headers, "api_key" in self.start
        if by_header and by_message:
            self.problems.append("the key came twice")
            return 400, "invalid_request", "The API key must not be given twice."
        admitted = self._admitted if by_header else self.start.get("api_key") == self.server.key
        if self.behaviour.refuse_status:
            return self.behaviour.refuse_status, self.behaviour.refuse_kind, "scripted refusal"
        if not admitted:
            return 401, "unauthenticated", _WRONG_KEY
        if not self.server.balance_left:
            return 402, "organization_balance_exhausted", "Organization balance exhausted."
        try:
            self._config = checked_start(self.start)
        except Refused as refused:
            self.problems.append(str(refused))
            return 400, refused.kind, str(refused)
        self._writer = Writer(self._config)
        return None

    # -------------------------------------------------------------------------------------------- what is said

    def _control(self, message: str) -> None:
        try:
            kind = json.loads(message)["type"]
        except (ValueError, TypeError, KeyError):
            self.problems.append(f"neither control nor audio: {message[:100]}")
            self._fail(400, "invalid_request", "Audio data decode error.")
            return
        self.controls.append(kind)
        if kind == "finalize":
            if not self.behaviour.deaf_finalize:
                self._finalize()
        elif kind != "keepalive":
            self.problems.append(f"unknown control message {kind}")

    def _hear(self, audio: bytes) -> None:
        if len(audio) % RAW[self._config.values["audio_format"]]:
            self.problems.append("half a sample")
        samples = to_16k(audio, self._config.rate, self._config.mulaw)
        self._open.hear(samples)
        self.samples += len(samples)
        loud = int(np.abs(samples.astype(np.int32)).max(initial=0)) > LOUD
        self._silence_s = 0.0 if loud else self._silence_s + len(samples) / RATE
        if not self._misfortune():
            self._heard()

    def _misfortune(self) -> bool:
        behaviour, now = self.behaviour, self.audio_s
        if behaviour.error and now >= behaviour.error_after_s:
            words = "Cannot continue request (code 4). Please restart the request."
            self._fail(behaviour.error, behaviour.error_kind, words)
        elif behaviour.longest_s is not None and now >= behaviour.longest_s:
            self._fail(413, "max_duration_reached", "Maximum audio duration reached.")
        elif behaviour.drop_after_s is not None and now >= behaviour.drop_after_s:
            self.put(None)
        elif behaviour.close_after_s is not None and now >= behaviour.close_after_s:
            self.put(Close(behaviour.close_code, behaviour.close_reason))
        else:
            return False
        self._closing = True
        return True

    def idle(self) -> None:
        if self.behaviour.idle_error:
            self._fail(408, "request_timeout", "No audio was received in time.")
        else:
            self.put(Close(1000))

    def _fail(self, code: int, kind: str, words: str) -> None:
        self._closing = True
        more = {"more_info": "https://soniox.com/docs", "request_id": secrets.token_hex(8)}
        self.put({"tokens": [], "error_code": code, "error_type": kind, "error_message": words, **more})
        self.put(Close(1000))

    # ------------------------------------------------------------------------------------------- what is heard

    def _recognised(self, audio: Samples, *, final: bool) -> Sequence[Heard]:
        return self.server.recognise(self.server.spoken, audio, final)

    def _heard(self) -> None:
        endpoint_s = self._config.endpoint_s
        if (
            endpoint_s is not None
            and self._silence_s >= endpoint_s
            and (self._settled or self._recognised(self._open.audio, final=False))
        ):
            self._settle(self._open.audio, "<end>")
        elif self._open.seconds >= self.behaviour.cut_s:
            self._settle(self._whole_words(), "<fin>" if self.behaviour.stray_marks else "", hold=True)
        elif self._open.grown_by(self.behaviour.tail_every_s):
            base = self._open.begin / RATE
            tail = self._writer.tokens(self._recognised(self._open.audio, final=False), base, final=False)
            if self.behaviour.guesses:
                tail.append({"text": " um", "is_final": False, "start_ms": round(self.audio_s * 1000)})
            self._say([], tail)

    def _pauses(self) -> bool:
        """Something was said, and nothing since for so long as ends a segment."""
        endpoint_s = self._config.endpoint_s
        if endpoint_s is None or self._silence_s < endpoint_s:
            return False
        return bool(self._settled or self._recognised(self._open.audio, final=False))

    def _whole_words(self) -> Samples:
        """What may become final in mid-speech: it cuts no word in two."""
        audio = self._open.audio
        quiet = np.flatnonzero(np.abs(audio[-RATE:].astype(np.int32)) <= LOUD)
        return audio[: max(0, len(audio) - RATE) + int(quiet[-1])] if len(quiet) else audio

    def _settle(self, audio: Samples, *marks: str, hold: bool = False) -> None:
        """``audio``, from the beginning of what is open, becomes final."""
        words = self._recognised(audio, final=True)
        self.server.spoken += bool(words)
        base = self._open.begin / RATE
        tokens = self._writer.tokens(words, base, final=True)
        rest = self._open.audio[len(audio) :]
        self._open.next(rest)
        held = tokens[-1:] if hold and self.behaviour.splits_words and len(tokens) > 1 and not any(marks) else []
        tokens = tokens[: len(tokens) - len(held)]
        self._final_s = held[0]["start_ms"] / 1000 if held else self._open.begin / RATE
        if tokens or any(marks):
            self._say(tokens, [], *filter(None, marks))
        self._held = held

    def _finalize(self) -> None:
        marks = [] if self.behaviour.mute_finalize else ["<fin>"]
        pending = bool(self._settled or self._held or self._recognised(self._open.audio, final=True))
        if pending and self._config.endpoint_s is not None:
            marks.insert(0, "<end>")
        self._settle(self._open.audio, *marks)

    def _end(self) -> None:
        if not self.samples:
            self._fail(400, "invalid_request", "No audio received.")
            return
        self._closing = True
        self._settle(self._open.audio)
        if self._held:
            self._say([], [])
        self.put(self._progress({"tokens": [], "finished": True}))
        self.put(Close(1000))

    # ------------------------------------------------------------------------------------------------- frames

    def _say(self, final: list[Token], tail: list[Token], *marks: str) -> None:
        held, self._held = self._held, []
        final = [*held, *final]
        if held:
            self._final_s = max(self._final_s, held[-1]["end_ms"] / 1000)
        self._settled += "".join(token["text"] for token in final)
        if final and marks and self.behaviour.glued_marks:
            final[-1] = {**final[-1], "text": final[-1]["text"] + "".join(marks)}
        else:
            final += [mark(text) for text in marks]
        if self.behaviour.strangers:
            self.put({"type": "weather_report", "sky": "blue"})
            final = [{**token, "mood": "good"} for token in final]
        self.put(self._progress({"tokens": [*final, *tail]}), self.behaviour.answer_delay_s if final else 0.0)
        if marks:
            said, self._settled = self._settled, ""
            if said and self._config.translates_into:
                self.put(self._progress({"tokens": self._writer.translation(said)}))

    def _progress(self, frame: dict[str, Any]) -> dict[str, Any]:
        if not self.behaviour.progress:
            return frame
        final_ms, total_ms = round(self._final_s * 1000), round(self.audio_s * 1000)
        return {**frame, "final_audio_proc_ms": final_ms, "total_audio_proc_ms": total_ms}


def _words(status: int, kind: str, message: str = "scripted refusal") -> str:
    error = {"status_code": status, "error_type": kind, "message": message, "validation_errors": []}
    return json.dumps({**error, "request_id": "r"})
