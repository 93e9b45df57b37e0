"""The live protocol without I/O: verbs into requests, responses into signals.

The vendor has no message that ends a segment: only the end of a call does, and brings the last finals. So a commit
ends the call, and the next audio begins another one on the same connection; between them nothing is open and nothing is
paid. Whether key and settings are right shows only with audio: what this process has not yet seen accepted is tried
first, in a call of its own for a tenth of a second of silence.

Segments are the runs between finals, counted over all calls; the vendor's times count from the start of each.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left, insort
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from debabelizer.contract import (
    BEGIN_CALL,
    HALF_CLOSE,
    CommitAnswer,
    CommitOutcome,
    Covered,
    DirectOpening,
    Encoding,
    EpochContext,
    Failure,
    GrpcCode,
    GrpcOpening,
    GrpcStatus,
    KeepAlive,
    Opening,
    Preparation,
    Ready,
    Rewind,
    StreamLimits,
    StreamSignal,
    VendorNotice,
    VendorSpeech,
    WireMessage,
)
from debabelizer.errors import ConfigurationError, ConnectionError, ProviderError
from debabelizer.events import Freeze, Joining, Replace, Retract, Tail, Word
from debabelizer_providers.google import library, wire
from debabelizer_providers.google.account import access
from debabelizer_providers.google.connect import Plan, target
from debabelizer_providers.google.description import NAME
from debabelizer_providers.google.languages import spaceless, tag_of
from debabelizer_providers.google.trouble import call_error, ends_well, garbage

if TYPE_CHECKING:
    import httpx

_LONGEST_CALL_S = 290.0
"""The vendor ends a call after 305 s."""
_WITHOUT_AUDIO_S = 10.0
_LONGEST_AUDIO_S = 0.25
"""8,000 bytes of one request; the vendor takes 15,000."""
_END_ANSWER_S = 8.0
_PING_S = 30.0
_TRIAL_S = 0.1
_SLACK_S = 0.02
"""Rounding of the vendor's times; no word is that short."""

_accepted: set[int] = set()
"""Fingerprints of the plans that the vendor has accepted."""


class Stream:
    """One connection, with one call after the other."""

    def __init__(self, plan: Plan, context: EpochContext) -> None:
        self._plan = plan
        self._rate = plan.form.rate
        # Once the first text is there, a reconnect has nothing new to tell about the settings.
        self._notices = () if context.previous_text else plan.notices
        self._on_trial = plan.fingerprint not in _accepted
        self._first = b""
        self._sent = 0
        self._ordinal = 0
        self._open = ""
        """Text shown of the open segment."""
        self._calling = False
        self._call_from = 0
        """Where the present call's audio begins, samples."""
        self._commit_at: int | None = None
        self._ends: list[float] = []
        """Of finals, in order, seconds of this connection's audio."""
        self._last_final = ("", 0.0)
        self._covered = 0
        self._new_text = False
        """Text became final since the last commit's answer."""
        self._deaf = False
        """The vendor listens to one utterance of a call only, and it is over."""
        self.limits = StreamLimits(
            audio=plan.form,
            longest_chunk_s=_LONGEST_AUDIO_S,
            idle_s=_WITHOUT_AUDIO_S,
            keep_alive=KeepAlive.PING,
            keep_alive_every_s=_PING_S,
            longest_connection_s=_LONGEST_CALL_S,
            commit_holds=True,
            replay_speed=plan.replay_speed,
            ready_when_open=not self._on_trial,
            commit_answer_s=_END_ANSWER_S,
            answers_finish=False,
            joining=Joining.VERBATIM if plan.spaceless else Joining.SPACE,
        )

    def __repr__(self) -> str:
        return f"Stream({self._plan!r})"

    # ------------------------------------------------------------------------------------------------ going out

    def opening(self) -> Opening:
        return Preparation(prepare=self._prepare)

    async def _prepare(self, http: httpx.AsyncClient) -> DirectOpening:
        await asyncio.to_thread(library.messages, self._plan.version)
        who = await access(self._plan.account, http)
        address, secure = target(self._plan.base_url)
        self._first = first_request(self._plan, who.project)
        silence = self._request((b"\xff" if self._plan.form.sample_bytes == 1 else b"\0\0") * self._samples(_TRIAL_S))
        return GrpcOpening(
            target=address,
            secure=secure,
            method=f"/google.cloud.speech.{self._plan.version}.Speech/StreamingRecognize",
            metadata=who.headers,
            serial=True,
            first=(BEGIN_CALL, self._first, silence, HALF_CLOSE) if self._on_trial else (),
        )

    def audio(self, pcm: bytes) -> Sequence[WireMessage]:
        """Nothing for no audio."""
        if not pcm:
            return ()
        begin = self._begin()
        self._sent += len(pcm) // self._plan.form.sample_bytes
        return (*begin, self._request(pcm))

    def commit(self) -> Sequence[WireMessage]:
        begin = self._begin()
        self._commit_at = self._sent
        return (*begin, HALF_CLOSE)

    def keep_alive(self) -> Sequence[WireMessage]:
        return ()

    def finish(self) -> Sequence[WireMessage]:
        """The last commit has ended the last call."""
        return ()

    def _begin(self) -> Sequence[WireMessage]:
        if self._calling:
            return ()
        self._calling = True
        self._deaf = False
        self._call_from = self._sent
        self._last_final = ("", 0.0)
        return (BEGIN_CALL, self._first)

    def _request(self, pcm: bytes) -> bytes:
        kind = library.messages(self._plan.version)
        return bytes(kind.request(**{kind.audio: pcm}).SerializeToString())

    # ------------------------------------------------------------------------------------------------ coming in

    def receive(self, message: WireMessage) -> Sequence[StreamSignal]:
        if isinstance(message, str):
            try:
                return self._ended(GrpcStatus.decode(message))
            except ValueError:
                return (Failure(garbage("a status that is none")),)
        heard = wire.decode(self._plan.version, message)
        if isinstance(heard, ProviderError):
            return (Failure(heard),)
        if heard.error is not None:
            return (Failure(call_error(GrpcStatus(*heard.error))),)
        if not self._calling:  # of the trial
            return ()
        return [*self._told(), *self._event(heard), *self._text(heard.pieces)]

    def _told(self) -> Sequence[StreamSignal]:
        notices, self._notices = self._notices, ()
        return [VendorNotice(notice, "settings") for notice in notices]

    def _event(self, heard: wire.Heard) -> Sequence[StreamSignal]:
        match heard.event:
            case wire.SPEECH_BEGIN | wire.SPEECH_END:
                at = None if heard.event_at is None else self._placed(heard.event_at)
                return (VendorSpeech(heard.event == wire.SPEECH_BEGIN, at),)
            case wire.END_OF_SINGLE_UTTERANCE:
                self._deaf = True
        return ()

    def _text(self, pieces: Sequence[wire.Piece]) -> Sequence[StreamSignal]:
        """A final ends the open segment; the interims after it are the whole of the next one."""
        signals: list[StreamSignal] = []
        interims: list[wire.Piece] = []
        for piece in pieces:
            if piece.final:
                interims.clear()
                signals += self._final(piece)
            else:
                interims.append(piece)
        return [*signals, *self._interim(interims)]

    def _interim(self, pieces: Sequence[wire.Piece]) -> Sequence[StreamSignal]:
        text = "".join(piece.text for piece in pieces).strip()
        if not pieces or (not text and not self._open):
            return ()
        self._open = text
        start, joining = self._frozen_s, self._joining(pieces[0])
        firm = pieces[0].text.strip() if pieces[0].firm else ""
        if firm:
            rest = text[len(firm) :]
            return (Tail(segment=self._ordinal, frozen=firm, volatile=rest, joining=joining, start=start),)
        return (Replace(segment=self._ordinal, text=text, joining=joining, start=start),)

    def _final(self, piece: wire.Piece) -> Sequence[StreamSignal]:
        text = piece.text.strip()
        vendor_end = piece.end or (piece.words[-1].end if piece.words else 0.0)
        if vendor_end and (text, vendor_end) == self._last_final:
            return ()  # said twice
        self._last_final = (text, vendor_end)
        end = self._placed(vendor_end) if vendor_end else None
        after = self._before(end)
        signals: list[StreamSignal] = []
        if text or self._open:
            words = self._words(piece.words, after)
            start = words[0].start if words else after
            signals.append(self._freeze(text, piece, words, start, None if end is None else max(start, end)))
        if end is None:
            return signals
        insort(self._ends, end)
        return [*signals, *self._cover(self._samples(end))]

    def _freeze(
        self, text: str, piece: wire.Piece | None, words: tuple[Word, ...], start: float, end: float | None
    ) -> StreamSignal:
        ordinal, self._ordinal, self._open = self._ordinal, self._ordinal + 1, ""
        self._new_text = self._new_text or bool(text)
        return Freeze(
            segment=ordinal,
            text=text,
            joining=self._joining(piece),
            words=words,
            language=self._language(piece),
            start=start,
            end=end,
        )

    # ------------------------------------------------------------------------------------------- ends of calls

    def _ended(self, status: GrpcStatus) -> Sequence[StreamSignal]:
        """Where a call ended well at our wish, everything said in it is final."""
        if status.code != GrpcCode.OK:
            return () if ends_well(status.code, status.message) else (Failure(call_error(status)),)
        if not self._calling:
            _accepted.add(self._plan.fingerprint)
            on_trial, self._on_trial = self._on_trial, False
            return (Ready(),) if on_trial else ()
        self._calling = False
        committed, self._commit_at = self._commit_at, None
        if committed is None or (self._deaf and self._covered < committed):
            return self._rewound()
        signals = self._told()
        if self._open:  # its final never came; what was shown has to do
            frozen = self._freeze(self._open, None, (), self._frozen_s, self._sent / self._rate)
            notice = VendorNotice("Google ended without confirming the last words.", "unconfirmed")
            signals = [*signals, frozen, notice]
        insort(self._ends, committed / self._rate)
        outcome, self._new_text = CommitOutcome.FINAL if self._new_text else CommitOutcome.EMPTY, False
        return [*signals, *self._cover(committed), CommitAnswer(outcome)]

    def _rewound(self) -> Sequence[StreamSignal]:
        """The call ended before all of its audio was final: the rest goes into the next one."""
        if self._covered >= self._sent or self._sent == self._call_from:
            return ()
        if self._covered <= self._call_from:
            return (Failure(ConnectionError("Google ended the call and had understood nothing.", NAME, "ended")),)
        retracted = (Retract(segment=self._ordinal),) if self._open else ()
        self._ordinal, self._open = self._ordinal + 1, ""
        return (*retracted, Rewind(self._covered))

    def closed(self, code: int | None, reason: str) -> ProviderError | None:
        if code is None:
            return ConnectionError("The connection to Google broke.", NAME, "broken")
        return None if ends_well(code, reason) else call_error(GrpcStatus(code, reason))

    # --------------------------------------------------------------------------------------------------- places

    @property
    def _frozen_s(self) -> float:
        return max(self._ends[-1] if self._ends else 0.0, self._call_from / self._rate)

    def _before(self, end: float | None) -> float:
        """Where the final that ends there began: at the end of the one before it, even if that came later."""
        if end is None:
            return self._frozen_s
        index = bisect_left(self._ends, end)
        return max(self._ends[index - 1] if index else 0.0, self._call_from / self._rate)

    def _words(self, words: tuple[Word, ...], after: float) -> tuple[Word, ...]:
        """With speakers told apart the vendor repeats all words of the call; the segment's own are the newest."""
        placed = []
        for word in words:
            start, end = self._placed(word.start), self._placed(word.end)
            if after and end <= after + _SLACK_S:
                continue
            placed.append(msgspec.structs.replace(word, start=start, end=max(start, end)))
        return tuple(placed)

    def _cover(self, position: int) -> Sequence[StreamSignal]:
        position = min(position, self._sent)
        if position <= self._covered:
            return ()
        self._covered = position
        return (Covered(position),)

    def _placed(self, vendor: float) -> float:
        """A time of the present call on the axis of this connection's audio."""
        return min(self._call_from / self._rate + vendor, self._sent / self._rate)

    def _samples(self, seconds: float) -> int:
        return round(seconds * self._rate)

    def _joining(self, piece: wire.Piece | None) -> Joining:
        code = piece.language if piece is not None else ""
        return Joining.VERBATIM if spaceless(code or self._plan.languages[0]) else Joining.SPACE

    def _language(self, piece: wire.Piece | None) -> str | None:
        known = self._plan.languages[0] if self._plan.languages != ("auto",) else ""
        return tag_of((piece.language if piece is not None else "") or known)


def first_request(plan: Plan, project: str) -> bytes:
    """Raises ConfigurationError."""
    json = library.load("google.protobuf.json_format")
    form = {
        "encoding": "MULAW" if plan.form.encoding is Encoding.MULAW else "LINEAR16",
        "sampleRateHertz": plan.form.rate,
        "audioChannelCount": 1,
    }
    if plan.version == "v2":
        config = {**plan.config, "explicitDecodingConfig": form}
        whole = {
            "recognizer": plan.name(project),
            "streamingConfig": {"config": config, "streamingFeatures": plan.streaming},
        }
    else:
        whole = {"streamingConfig": {"config": {**plan.config, **form}, **plan.streaming}}
    try:
        request = json.ParseDict(whole, library.messages(plan.version).request())
    except json.ParseError as problem:
        raise ConfigurationError(f"Google's client library does not take the settings: {problem}", NAME) from problem
    return bytes(request.SerializeToString())
