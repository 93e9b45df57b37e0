"""Azure's live protocol without I/O: verbs into messages, messages into signals.

A connection carries one turn after the other. A turn begins with its first audio and ends when we say that its audio
is over, which is what a commit does, or when the vendor likes. Where it ended short of what it was given, the rest is
asked for again and goes into the next turn: no word of it was final. Until a turn is over no other may begin.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from debabelizer.contract import (
    CommitAnswer,
    CommitOutcome,
    Covered,
    EpochContext,
    Failure,
    KeepAlive,
    Opening,
    Rewind,
    StreamLimits,
    StreamSignal,
    VendorNotice,
    VendorSpeech,
    WireMessage,
)
from debabelizer.errors import ProviderError
from debabelizer.events import Freeze, Joining, Replace, Retract
from debabelizer_providers.azure import wire
from debabelizer_providers.azure.connect import Plan, opening
from debabelizer_providers.azure.languages import spaceless
from debabelizer_providers.azure.trouble import close_error, fruitless, garbage, status_error
from debabelizer_providers.azure.turn import SLACK_S, Turn, last_loud

_BREATH_S = 0.1
"""Silence in a turn that would have no audio: an empty one may get no answer."""
_TAIL_S = 0.1
"""How far the sound of a word may go on after its end; no word is that short."""
_LEAST_PROGRESS_S = 0.1
_MOST_FRUITLESS = 3
_WITHOUT_WORDS = frozenset({"NoMatch", "InitialSilenceTimeout", "BabbleTimeout", "EndOfDictation"})


class AzureStream:
    """One connection. Segments are its phrases, counted."""

    def __init__(self, plan: Plan, context: EpochContext) -> None:
        self._plan = plan
        self._rate = plan.form.rate
        # Once the first text is there, a reconnect has nothing new to tell about the word list.
        self._notices = () if context.previous_text else plan.notices
        self._connection_id = uuid4().hex
        self._turn: Turn | None = None
        self._turns = 0
        self._service_tag = ""
        self._acknowledged_s = 0.0
        """On the vendor's axis, which does not count what is said again."""
        self._sent = 0
        self._loud = 0
        """After the last sample that may hold a voice."""
        self._ordinal = 0
        self._shown: Replace[str | int] | None = None
        """The open segment as it was last told."""
        self._ghost: Replace[str | int] | None = None
        """A segment that was shown when its turn ended, and comes again in the next."""
        self._covered = 0
        self._asked = False
        self._new_text = False
        """Text became final since the last commit's answer."""
        self._fruitless = 0
        self.limits = StreamLimits(
            audio=plan.form,
            longest_chunk_s=0.25,
            idle_s=170.0,
            keep_alive=KeepAlive.NONE,
            longest_connection_s=600.0,
            commit_holds=True,
            replay_speed=plan.replay_speed,
            ready_when_open=True,
            commit_answer_s=10.0,
            answers_finish=False,
            joining=Joining.VERBATIM if plan.spaceless else Joining.SPACE,
        )

    def __repr__(self) -> str:
        return f"AzureStream({self._plan!r})"

    # ------------------------------------------------------------------------------------------------ going out

    def opening(self) -> Opening:
        form = self._plan.form
        source = {
            "type": "Microphones",
            "samplerate": str(form.rate),
            "bitspersample": str(8 * form.sample_bytes),
            "channelcount": "1",
        }
        system = {"name": "Debabelizer", "version": "2", "build": "Python", "lang": "Python"}
        config = {"context": {"system": system, "audio": {"source": source}}}
        return opening(self._plan, self._connection_id, (wire.text_message("speech.config", "", config),))

    def audio(self, pcm: bytes) -> Sequence[WireMessage]:
        """Nothing for no audio: an empty frame would end the turn."""
        if not pcm:
            return ()
        turn = self._turn
        first: tuple[WireMessage, ...] = ()
        if turn is None:
            turn, first = self._begin()
        if (loud := last_loud(pcm, self._plan.form)) is not None:
            self._loud = self._sent + loud
        self._sent += len(pcm) // self._plan.form.sample_bytes
        # After the end of the turn it is not heard any more; the supervisor holds it back.
        return (*first, self._audio_message(turn, pcm)) if not turn.ended else ()

    def commit(self) -> Sequence[WireMessage]:
        """The end of the turn's audio. Only a turn is answered: where there is none, one of a breath of silence."""
        self._asked = True
        turn = self._turn
        first: tuple[WireMessage, ...] = ()
        if turn is None:
            turn, first = self._begin()
            silence = b"\xff" if self._plan.form.sample_bytes == 1 else b"\0\0"
            first += (self._audio_message(turn, silence * round(_BREATH_S * self._rate)),)
        turn.ended = True
        return (*first, self._audio_message(turn, b""))

    def keep_alive(self) -> Sequence[WireMessage]:
        return ()

    def finish(self) -> Sequence[WireMessage]:
        """There is no such message; a turn that is still open has nothing in it that matters."""
        if self._turn is None or self._turn.ended:
            return ()
        self._turn.ended = True
        return (self._audio_message(self._turn, b""),)

    def _begin(self) -> tuple[Turn, tuple[WireMessage, ...]]:
        self._turns += 1
        turn = self._turn = Turn(self._turns, self._sent)
        header = wire.wav_header(self._plan.form)
        return turn, (
            wire.text_message("speech.context", turn.id, self._context()),
            wire.audio_message(turn.id, turn.number, header, content_type="audio/x-wav"),
        )

    def _audio_message(self, turn: Turn, pcm: bytes) -> bytes:
        return wire.audio_message(turn.id, turn.number, pcm)

    def _context(self) -> dict[str, Any]:
        context: dict[str, Any] = {**self._plan.context, "audio": {"streams": {"1": None}}}
        if self._service_tag:
            offset = str(round(self._acknowledged_s * wire.TICKS_PER_S))
            streams = {"1": {"offset": offset}}
            context["continuation"] = {"previousServiceTag": self._service_tag, "audio": {"streams": streams}}
        if self._plan.diarize:
            speakers = {
                "mode": "Anonymous",
                "audioSessionId": self._connection_id,
                "audioOffsetMs": round(self._acknowledged_s * 1000),
                "diarizeIntermediates": False,
            }
            context["phraseDetection"] = {**self._plan.context["phraseDetection"], "speakerDiarization": speakers}
        return context

    # ------------------------------------------------------------------------------------------------ coming in

    def receive(self, message: WireMessage) -> Sequence[StreamSignal]:
        said = wire.unframed(message)
        if isinstance(said, ProviderError):
            return (Failure(said),)
        turn = self._turn
        if turn is None or said.request_id not in ("", turn.id):
            return ()  # of a turn that is over
        if said.path == "turn.end":
            return [*self._told(), *self._over(turn)]
        match wire.decode(said):
            case wire.TurnStart(context=context):
                self._service_tag = context.service_tag[:200] or self._service_tag
                return self._told()
            case wire.Detected(offset=offset):
                at = None if offset is None else self._seconds(turn, wire.seconds(offset))
                return (VendorSpeech(said.path == "speech.startdetected", at),)
            case wire.Hypothesis() as hypothesis:
                return self._hypothesis(turn, hypothesis)
            case wire.Phrase() as phrase:
                return self._phrase(turn, phrase)
            case ProviderError() as error:
                return (Failure(error),)
        return ()

    def _told(self) -> Sequence[StreamSignal]:
        notices, self._notices = self._notices, ()
        return [VendorNotice(notice, "settings") for notice in notices]

    def _hypothesis(self, turn: Turn, said: wire.Hypothesis) -> Sequence[StreamSignal]:
        text = said.text.strip()
        start = None if said.offset is None else wire.seconds(said.offset)
        late = start is not None and turn.repeats(start)
        if late or (not text and self._shown is None):
            return ()
        joining = self._joining(said.primary_language)
        at = None if start is None else self._seconds(turn, start)
        self._shown = Replace(segment=self._ordinal, text=text, joining=joining, start=at)
        return (*self._exorcised(), self._shown)

    def _phrase(self, turn: Turn, said: wire.Phrase) -> Sequence[StreamSignal]:
        status = said.recognition_status
        if status != "Success" and status not in _WITHOUT_WORDS:
            return (Failure(status_error(status, said.text)),)
        if status == "EndOfDictation":
            turn.reach = max(turn.reach, wire.seconds(said.offset))
            return ()
        spoken = status == "Success" and bool(said.text)
        start, duration = wire.seconds(said.offset), wire.seconds(said.duration)
        if spoken and said.offset is None:
            return (Failure(garbage("a final without a time")),)
        if spoken and turn.repeats(start):
            return ()
        turn.settle(start, duration, words=spoken)
        change = self._freeze(turn, said, start, duration) if spoken else self._wordless()
        return [*self._exorcised(), *change, *self._cover(turn, self._position(turn))]

    def _freeze(self, turn: Turn, said: wire.Phrase, start: float, duration: float) -> Sequence[StreamSignal]:
        speaker = said.speaker_id if said.speaker_id and said.speaker_id != "Unknown" else None
        freeze = Freeze[str | int](
            segment=self._ordinal,
            text=said.text,
            joining=self._joining(said.primary_language),
            words=wire.timed_words(said.best, speaker, turn.base / self._rate, self._sent / self._rate),
            language=self._language(said.primary_language),
            start=self._seconds(turn, start),
            end=self._seconds(turn, start + duration),
        )
        self._next_segment()
        self._new_text = True
        return (freeze,)

    def _wordless(self) -> Sequence[StreamSignal]:
        """What was shown was no speech after all."""
        shown = self._next_segment()
        return () if shown is None else (Retract(segment=shown.segment),)

    def _next_segment(self) -> Replace[str | int] | None:
        """What was shown of the one before."""
        shown, self._shown, self._ordinal = self._shown, None, self._ordinal + 1
        return shown

    def _exorcised(self) -> Sequence[StreamSignal]:
        """The next turn shows again what the last one had shown and not made final."""
        ghost, self._ghost = self._ghost, None
        return () if ghost is None else (Retract(segment=ghost.segment),)

    # ------------------------------------------------------------------------------------------- end of a turn

    def _over(self, turn: Turn) -> Sequence[StreamSignal]:
        self._turn = None
        position = self._position(turn)
        self._fruitless = 0 if turn.reach >= _LEAST_PROGRESS_S else self._fruitless + 1
        silent = self._loud <= position + (SLACK_S + _TAIL_S) * self._rate
        if (silent and (turn.ended or self._fruitless > 1)) or (turn.ended and self._fruitless >= _MOST_FRUITLESS):
            return self._settled(turn)
        if self._fruitless >= _MOST_FRUITLESS:
            return (Failure(fruitless(self._fruitless)),)
        self._acknowledge(turn, position)
        self._ghost = self._next_segment() or self._ghost
        covered = self._cover(turn, position)
        return covered if position >= self._sent and not self._asked else [*covered, self._rewind(position)]

    def _settled(self, turn: Turn) -> Sequence[StreamSignal]:
        """All that the turn was given is final."""
        self._fruitless = 0
        self._acknowledge(turn, self._sent)
        signals = [*self._kept(), *self._cover(turn, self._sent)]
        if self._asked:
            self._asked = False
            signals.append(CommitAnswer(CommitOutcome.FINAL if self._new_text else CommitOutcome.EMPTY))
            self._new_text = False
        return signals

    def _kept(self) -> Sequence[StreamSignal]:
        """Text that was shown and never made final is the vendor's last word, too."""
        shown, self._ghost = self._next_segment() or self._ghost, None
        if shown is None or not shown.text:
            return ()
        self._new_text = True
        start, end = shown.start or 0.0, self._sent / self._rate
        freeze = Freeze[str | int](
            segment=shown.segment,
            text=shown.text,
            joining=shown.joining,
            language=self._plan.locale,
            start=start,
            end=end,
        )
        return (freeze,)

    def _rewind(self, position: int) -> StreamSignal:
        """Commits come again, too."""
        self._asked = False
        return Rewind(position)

    def _acknowledge(self, turn: Turn, position: int) -> None:
        self._acknowledged_s += (position - turn.base) / self._rate

    def _position(self, turn: Turn) -> int:
        """Up to where the vendor has said all it will, in samples of the connection's audio."""
        return min(turn.base + round(turn.reach * self._rate), self._sent)

    def _cover(self, turn: Turn, position: int) -> Sequence[StreamSignal]:
        if position <= max(self._covered, turn.base):
            return ()
        self._covered = position
        return (Covered(position),)

    def _seconds(self, turn: Turn, at: float) -> float:
        return min(turn.base / self._rate + at, self._sent / self._rate)

    def _language(self, heard: wire.SpokenLanguage | None) -> str | None:
        return (heard.language if heard else None) or self._plan.locale

    def _joining(self, heard: wire.SpokenLanguage | None) -> Joining:
        return Joining.VERBATIM if spaceless(self._language(heard) or "") else Joining.SPACE

    def closed(self, code: int | None, reason: str) -> ProviderError | None:
        return close_error(code, reason)
