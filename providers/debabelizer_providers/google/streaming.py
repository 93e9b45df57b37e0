"""One streaming call without I/O: verbs into requests, responses into signals.

The vendor has no message that ends a segment: the end of the call does, and brings the last finals. So a commit is the
end of its call, and what is said next goes into a new one. Segments are the runs between finals, counted.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left, insort
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from debabelizer.contract import (
    HALF_CLOSE,
    Covered,
    DirectOpening,
    Encoding,
    EpochContext,
    Failure,
    Finished,
    GrpcCode,
    GrpcOpening,
    GrpcStatus,
    KeepAlive,
    Opening,
    Preparation,
    StreamLimits,
    StreamSignal,
    VendorNotice,
    VendorSpeech,
    WireMessage,
)
from debabelizer.errors import ConfigurationError, ConnectionError, ProviderError
from debabelizer.events import Freeze, Joining, Replace, Tail, Word
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
_SLACK_S = 0.02
"""Rounding of the vendor's times; no word is that short."""


class Stream:
    """One call."""

    def __init__(self, plan: Plan, context: EpochContext) -> None:
        self._plan = plan
        self._rate = plan.form.rate
        # Once the first text is there, a reconnect has nothing new to tell about the settings.
        self._notices = () if context.previous_text else plan.notices
        self._sent = 0
        self._ordinal = 0
        self._open = ""
        """Text shown of the open segment."""
        self._ends: list[float] = []
        """Of finals, the vendor's seconds, in order."""
        self._last_final = ("", 0.0)
        self._covered = 0
        self._finishing = False
        self._deaf = False
        """The vendor listens to one utterance only, and it is over."""
        self.limits = StreamLimits(
            audio=plan.form,
            longest_chunk_s=_LONGEST_AUDIO_S,
            idle_s=_WITHOUT_AUDIO_S,
            keep_alive=KeepAlive.REOPEN,
            longest_connection_s=_LONGEST_CALL_S,
            replay_speed=plan.replay_speed,
            ready_when_open=True,
            finish_answer_s=_END_ANSWER_S,
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
        return GrpcOpening(
            target=address,
            secure=secure,
            method=f"/google.cloud.speech.{self._plan.version}.Speech/StreamingRecognize",
            metadata=who.headers,
            first=(first_request(self._plan, who.project),),
        )

    def audio(self, pcm: bytes) -> Sequence[WireMessage]:
        """Nothing after the end: it comes again on the next call."""
        self._sent += len(pcm) // self._plan.form.sample_bytes
        if not pcm or self._finishing:
            return ()
        kind = library.messages(self._plan.version)
        return (kind.request(**{kind.audio: pcm}).SerializeToString(),)

    def commit(self) -> Sequence[WireMessage]:
        return ()

    def keep_alive(self) -> Sequence[WireMessage]:
        return ()

    def finish(self) -> Sequence[WireMessage]:
        if self._finishing:
            return ()
        self._finishing = True
        return (HALF_CLOSE,)

    # ------------------------------------------------------------------------------------------------ coming in

    def receive(self, message: WireMessage) -> Sequence[StreamSignal]:
        if isinstance(message, str):
            try:
                return self._ended(GrpcStatus.decode(message))
            except ValueError:
                return self._failed(garbage("a status that is none"))
        heard = wire.decode(self._plan.version, message)
        if isinstance(heard, ProviderError):
            return self._failed(heard)
        if heard.error is not None:
            return self._failed(call_error(GrpcStatus(*heard.error)))
        return [*self._told(), *self._event(heard), *self._text(heard.pieces)]

    def _told(self) -> Sequence[StreamSignal]:
        notices, self._notices = self._notices, ()
        return [VendorNotice(notice, "settings") for notice in notices]

    def _failed(self, error: ProviderError) -> Sequence[StreamSignal]:
        """After the last final of an ending call no error matters."""
        return (Finished(),) if self._finishing and self._covered >= self._sent else (Failure(error),)

    def _event(self, heard: wire.Heard) -> Sequence[StreamSignal]:
        match heard.event:
            case wire.SPEECH_BEGIN | wire.SPEECH_END:
                at = None if heard.event_at is None else self._clamped(heard.event_at)
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
        start, joining = self._clamped(self._frozen_s), self._joining(pieces[0])
        firm = pieces[0].text.strip() if pieces[0].firm else ""
        if firm:
            rest = text[len(firm) :]
            return (Tail(segment=self._ordinal, frozen=firm, volatile=rest, joining=joining, start=start),)
        return (Replace(segment=self._ordinal, text=text, joining=joining, start=start),)

    def _final(self, piece: wire.Piece) -> Sequence[StreamSignal]:
        text = piece.text.strip()
        end = piece.end or (piece.words[-1].end if piece.words else 0.0)
        if end and (text, end) == self._last_final:
            return ()  # said twice
        self._last_final = (text, end)
        after = self._before(end)
        end = self._clamped(end)
        position = round(end * self._rate)
        signals: list[StreamSignal] = []
        if text or self._open:
            words = self._words(piece.words, after)
            start = words[0].start if words else self._clamped(after)
            signals.append(
                Freeze(
                    segment=self._ordinal,
                    text=text,
                    joining=self._joining(piece),
                    words=words,
                    language=self._language(piece),
                    start=start,
                    end=max(start, end) if end else None,
                )
            )
            self._ordinal += 1
            self._open = ""
        if end:
            insort(self._ends, end)
        return [*signals, *self._cover(position)]

    def _ended(self, status: GrpcStatus) -> Sequence[StreamSignal]:
        """The call is over. Where it ended well at our wish, everything said in it is final."""
        if status.code != GrpcCode.OK:
            return () if ends_well(status.code, status.message) else self._failed(call_error(status))
        if not self._finishing or (self._deaf and self._covered < self._sent):
            return ()  # the rest is for the next call
        signals = self._told()
        if self._open:  # its final never came; what was shown has to do
            start = self._clamped(self._frozen_s)
            frozen = Freeze(
                segment=self._ordinal,
                text=self._open,
                joining=self.limits.joining,
                start=start,
                end=self._sent / self._rate,
            )
            notice = VendorNotice("Google ended without confirming the last words.", "unconfirmed")
            signals = [*signals, frozen, notice]
            self._open = ""
        return [*signals, *self._cover(self._sent), Finished()]

    def closed(self, code: int | None, reason: str) -> ProviderError | None:
        if code is None:
            return ConnectionError("The connection to Google broke.", NAME, "broken")
        return None if ends_well(code, reason) else call_error(GrpcStatus(code, reason))

    # --------------------------------------------------------------------------------------------------- places

    @property
    def _frozen_s(self) -> float:
        return self._ends[-1] if self._ends else 0.0

    def _before(self, end: float) -> float:
        """Where the final that ends there began: at the end of the one before it, even if that came later."""
        if not end:
            return self._frozen_s
        index = bisect_left(self._ends, end)
        return self._ends[index - 1] if index else 0.0

    def _words(self, words: tuple[Word, ...], after: float) -> tuple[Word, ...]:
        """With speakers told apart the vendor repeats all words of the call; the segment's own are the newest."""
        placed = []
        for word in words:
            if word.end <= after + _SLACK_S and after:
                continue
            start = self._clamped(word.start)
            placed.append(msgspec.structs.replace(word, start=start, end=max(start, self._clamped(word.end))))
        return tuple(placed)

    def _cover(self, position: int) -> Sequence[StreamSignal]:
        position = min(position, self._sent)
        if position <= self._covered:
            return ()
        self._covered = position
        return (Covered(position),)

    def _clamped(self, vendor: float) -> float:
        return min(vendor, self._sent / self._rate)

    def _joining(self, piece: wire.Piece) -> Joining:
        return Joining.VERBATIM if spaceless(piece.language or self._plan.languages[0]) else Joining.SPACE

    def _language(self, piece: wire.Piece) -> str | None:
        known = self._plan.languages[0] if self._plan.languages != ("auto",) else ""
        return tag_of(piece.language or known)


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
