"""One streaming call at the local Google, with its possible misbehaviour."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from google.cloud.speech_v1.types import cloud_speech as v1
from google.cloud.speech_v2.types import cloud_speech as v2
from google.protobuf.json_format import MessageToDict, ParseDict
from google.rpc import error_details_pb2, status_pb2
from grpc import StatusCode

from fakes.google_behaviour import Behaviour
from fakes.google_rules import LIMIT, NO_QUOTA, STRICT_LIMIT, Refused, check_v1, check_v2
from fakes.recognisers import LOUD, RATE, Heard, Samples, to_16k
from fakes.window import Window

if TYPE_CHECKING:
    from fakes.google_server import GoogleServer

REQUESTS = {"v1": v1.StreamingRecognizeRequest.pb(), "v2": v2.StreamingRecognizeRequest.pb()}
RESPONSES = {"v1": v1.StreamingRecognizeResponse.pb(), "v2": v2.StreamingRecognizeResponse.pb()}
NO_AUDIO = "Audio Timeout Error: Long duration elapsed without audio. Audio should be sent close to real time."
TOO_LONG = "Exceeded maximum allowed stream duration of 305 seconds."
_QUIET_S = 0.6
"""Silence that ends a segment."""


@dataclass
class Call:
    """``audio_sizes``: bytes of audio of each request; ``code`` and ``words``: how it ended."""

    server: GoogleServer
    version: str
    behaviour: Behaviour
    context: Any
    metadata: dict[str, str] = field(default_factory=dict)
    first: dict[str, Any] = field(default_factory=dict)
    audio_sizes: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    samples: int = 0
    """Received so far, as 16 kHz."""
    half_closed: bool = False
    code: StatusCode | None = None
    words: str = ""
    over: bool = False

    def __post_init__(self) -> None:
        self.metadata = {key.lower(): value for key, value in self.context.invocation_metadata() if value}
        self._outbox: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        self._open = Window()
        self._quiet_s = 0.0
        self._speaking = False
        self._deaf = False
        self._said: list[dict[str, Any]] = []
        self._held: dict[str, Any] | None = None

    # ------------------------------------------------------------------------------------------------ the call

    @property
    def config(self) -> dict[str, Any]:
        return dict(self.first.get("streamingConfig", {}).get("config", {}))

    @property
    def features(self) -> dict[str, Any]:
        """Of the stream."""
        streaming = dict(self.first.get("streamingConfig", {}))
        return dict(streaming.get("streamingFeatures", {})) if self.version == "v2" else streaming

    @property
    def audio_s(self) -> float:
        return self.samples / RATE

    async def run(self) -> None:
        sender = asyncio.create_task(self._send_queued())
        reader = asyncio.create_task(self._read())
        try:
            try:
                await self._converse(reader)
                await self._outbox.join()
                self.code = StatusCode.OK
            except Refused as refusal:
                await self._outbox.join()
                self.code, self.words = refusal.code, str(refusal)
        finally:
            for task in (sender, reader):
                task.cancel()
            await asyncio.gather(sender, reader, return_exceptions=True)
            self.over = True
            await self.server.changed()
        if self.code is not StatusCode.OK:
            await self.context.abort(self.code, self.words, self._trailing())

    def _trailing(self) -> tuple[tuple[str, bytes], ...]:
        status = status_pb2.Status(code=self.code.value[0] if self.code else 2, message=self.words)
        reason = "API_KEY_INVALID" if "API key" in self.words else self.behaviour.reason
        if reason:
            status.details.add().Pack(error_details_pb2.ErrorInfo(reason=reason, domain="googleapis.com"))
        if self.behaviour.retry_s:
            delay = error_details_pb2.RetryInfo()
            delay.retry_delay.FromMilliseconds(round(self.behaviour.retry_s * 1000))
            status.details.add().Pack(delay)
        return (("grpc-status-details-bin", status.SerializeToString()),)

    async def _read(self) -> None:
        """Requests into a queue: a read that is given up would end the call."""
        import grpc.aio

        while (raw := await self.context.read()) is not grpc.aio.EOF:
            self._inbox.put_nowait(raw)
        self._inbox.put_nowait(None)

    async def _converse(self, reader: asyncio.Task[None]) -> None:
        self._inbox: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._admit()
        began = asyncio.get_running_loop().time()
        while True:
            try:
                raw = await asyncio.wait_for(self._inbox.get(), self.behaviour.idle_s)
            except TimeoutError:
                aborted = self.behaviour.idle_code is StatusCode.ABORTED
                words = "Stream timed out after receiving no more client requests." if aborted else NO_AUDIO
                raise Refused(words, self.behaviour.idle_code) from None
            if raw is None:
                self.half_closed = True
                await self.server.changed()
                await self._close_stream()
                return
            if self._request(REQUESTS[self.version].FromString(raw)):
                return
            if max(self.audio_s, asyncio.get_running_loop().time() - began) >= self.behaviour.longest_s:
                raise Refused(TOO_LONG, StatusCode.OUT_OF_RANGE)
            await self.server.changed()

    def _admit(self) -> None:
        if self.behaviour.refuse is not None:
            raise Refused(self.behaviour.refuse_words, self.behaviour.refuse)
        if why := self.server.admits(self.metadata):
            key = "API key" in why
            raise Refused(why, StatusCode.INVALID_ARGUMENT if key else StatusCode.UNAUTHENTICATED)
        if not self.server.billing:
            raise Refused("This API method requires billing to be enabled.", StatusCode.PERMISSION_DENIED)
        if not self.server.quota_left:
            raise Refused(NO_QUOTA, StatusCode.RESOURCE_EXHAUSTED)

    def _request(self, request: Any) -> bool:
        """Whether the call is over."""
        audio = request.audio if self.version == "v2" else request.audio_content
        if request.HasField("streaming_config"):
            if self.first:
                raise Refused("Malformed request: config was already sent.")
            self.first = MessageToDict(request)
            self._check()
            return False
        if not self.first:
            raise Refused("Malformed request: the first message must hold streaming_config.")
        self.audio_sizes.append(len(audio))
        if len(audio) > (STRICT_LIMIT if self.behaviour.strict else LIMIT):
            self.problems.append(f"{len(audio)} bytes of audio in one request")
            raise Refused(f"Request audio can be a maximum of {LIMIT} bytes.")
        return False if self._deaf else self._hear(audio)

    def _check(self) -> None:
        try:
            if self.version == "v2":
                check_v2(self.first.get("recognizer", ""), self.config, self.server.project, streaming=True)
                if "endpointingSensitivity" in self.features and self.config["model"] != "chirp_3":
                    raise Refused("Endpointing sensitivity is not supported by this model.")
            else:
                check_v1(self.config, streaming=True)
        except Refused as refusal:
            self.problems.append(str(refusal))
            raise

    # ------------------------------------------------------------------------------------------------- audio

    def _hear(self, audio: bytes) -> bool:
        form = self.config.get("explicitDecodingConfig", self.config)
        mulaw = form["encoding"] == "MULAW"
        if len(audio) % (1 if mulaw else 2):
            self.problems.append("half a sample")
        samples = to_16k(audio, form["sampleRateHertz"], mulaw)
        self._open.hear(samples)
        self.samples += len(samples)
        loud = int(np.abs(samples.astype(np.int32)).max(initial=0)) > LOUD
        self._quiet_s = 0.0 if loud else self._quiet_s + len(samples) / RATE
        if self._misfortune():
            return True
        self._recognise()
        return False

    def _misfortune(self) -> bool:
        behaviour = self.behaviour
        if behaviour.drop_after_s is not None and self.audio_s >= behaviour.drop_after_s:
            self.server.cut(self.context.peer())
            return True
        if behaviour.fail_after_s is not None and self.audio_s >= behaviour.fail_after_s:
            if behaviour.fail_inside:
                self._put({"error": {"code": behaviour.fail_code.value[0], "message": behaviour.fail_words}})
                return True
            raise Refused(behaviour.fail_words, behaviour.fail_code)
        if behaviour.garbage_after_s is not None and self.audio_s >= behaviour.garbage_after_s:
            self._outbox.put_nowait((0.0, b"\x0a\xff\xff\xff\xff\x0f"))
            return False
        return behaviour.ends_after_s is not None and self.audio_s >= behaviour.ends_after_s

    def _recognise(self) -> None:
        if self._speaking and self._quiet_s >= _QUIET_S:
            self._final()
            self._event("SPEECH_ACTIVITY_END")
        elif self._open.seconds >= self.behaviour.cut_s:
            self._final(rest=self._open.cut_after_a_word())
        elif self.behaviour.flood or self._open.grown_by(self.behaviour.interim_every_s):
            words = self._recognised(False)
            if words and not self._speaking:
                self._speaking = True
                self._event("SPEECH_ACTIVITY_BEGIN")
            if words and self.features.get("interimResults"):
                for _ in range(1 + self.behaviour.flood):
                    self._put({"results": self._interims(words)})

    def _recognised(self, final: bool) -> Sequence[Heard]:
        return self.server.recognise(self.server.spoken, self._open.audio, final)

    async def _close_stream(self) -> None:
        if self.behaviour.hangs:
            await asyncio.Event().wait()
        if not self.behaviour.no_last_final and not self._deaf and self.samples > self._open.begin:
            self._final(only_words=True)
        if self._held is not None:
            self._say_final(self._held)

    # ---------------------------------------------------------------------------------------------- responses

    def _final(self, rest: Samples | None = None, *, only_words: bool = False) -> None:
        words = self._recognised(True)
        base = self._open.begin / RATE
        self._open.next(rest)
        self._speaking = False
        end = self._open.begin / RATE
        if not words and only_words:
            return
        self.server.spoken += bool(words)
        timed = [self._word(word, base) for word in words]
        self._said += timed
        text = " ".join(word.text for word in words)
        result = self._result(text, end, words=self._said if self.behaviour.repeats_words else timed)
        if self.config.get("model") in ("short", "latest_short"):
            self._event("END_OF_SINGLE_UTTERANCE")
            self._deaf = True
        if self.behaviour.swapped and self._held is None:
            self._held = result
            return
        self._say_final(result)
        if self._held is not None:
            held, self._held = self._held, None
            self._say_final(held)

    def _say_final(self, result: dict[str, Any]) -> None:
        behaviour = self.behaviour
        results = [result]
        if behaviour.pieces and (words := self._recognised(False)):
            results += self._interims(words)
        for _ in range(2 if behaviour.doubled else 1):
            self._put({"results": results}, behaviour.answer_delay_s)
        if behaviour.empty_finals:
            self._put({"results": [self._result("", self.audio_s)]})

    def _word(self, word: Heard, base: float) -> dict[str, Any]:
        start, end = ("startTime", "endTime") if self.version == "v1" else ("startOffset", "endOffset")
        features = self.config.get("features", self.config)
        said: dict[str, Any] = {"word": word.text}
        if features.get("enableWordTimeOffsets"):
            said |= {start: _duration(base + word.start), end: _duration(base + word.end)}
        if features.get("enableWordConfidence"):
            said["confidence"] = 0.93
        if "diarizationConfig" in features:
            said["speakerLabel"] = "1"
        return said

    def _result(self, text: str, end: float, words: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        ends = {} if self.behaviour.untimed else {self._end_name: _duration(end)}
        spaced = " " if self.behaviour.spaced and text else ""
        said = {"transcript": spaced + text, "confidence": 0.93, "words": words or []}
        return {"alternatives": [said], "isFinal": True, "languageCode": self._language, **ends}

    def _interims(self, words: Sequence[Heard]) -> list[dict[str, Any]]:
        base = self._open.begin / RATE
        texts = [word.text for word in words]
        if not self.behaviour.pieces or len(texts) < 2:
            parts = [(" ".join(texts), 0.1, words[-1].end)]
        else:
            half = len(texts) // 2
            parts = [
                (" ".join(texts[:half]), 0.9, words[half - 1].end),
                (" " + " ".join(texts[half:]), 0.01, words[-1].end),
            ]
        return [
            {
                "alternatives": [{"transcript": text}],
                "stability": stability,
                self._end_name: _duration(base + end),
                "languageCode": self._language,
            }
            for text, stability, end in parts
        ]

    @property
    def _end_name(self) -> str:
        return "resultEndTime" if self.version == "v1" else "resultEndOffset"

    @property
    def _language(self) -> str:
        codes = self.config.get("languageCodes") or [self.config.get("languageCode", "")]
        return "en-us" if codes == ["auto"] else str(codes[0]).lower()

    def _event(self, name: str) -> None:
        if name == "END_OF_SINGLE_UTTERANCE" or self.features.get("enableVoiceActivityEvents"):
            at = "speechEventTime" if self.version == "v1" else "speechEventOffset"
            self._put({"speechEventType": name, at: _duration(self.audio_s)})

    def _put(self, response: dict[str, Any], delay_s: float = 0.0) -> None:
        message = ParseDict(response, RESPONSES[self.version]())
        self._outbox.put_nowait((delay_s, message.SerializeToString()))

    async def _send_queued(self) -> None:
        while True:
            delay_s, raw = await self._outbox.get()
            if delay_s:
                await asyncio.sleep(delay_s)
            with suppress(Exception):  # the client is gone
                await self.context.write(raw)
            self._outbox.task_done()
            await self.server.changed()


def _duration(seconds: float) -> str:
    return f"{seconds:.6f}s"
