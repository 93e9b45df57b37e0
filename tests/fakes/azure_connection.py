"""A connection of the local Azure: turns with hypotheses and phrases, and their possible misbehaviour."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from fakes.azure_rules import ID, PATHS, Config, Framed, Refused, checked_context, checked_query, framed, unframed
from fakes.recognisers import LOUD, RATE, Heard, Samples, to_16k
from fakes.vendor_socket import Close, Refusal, VendorConnection

if TYPE_CHECKING:
    from fakes.azure_server import AzureServer
from fakes.azure_behaviour import TICKS, Behaviour, Turn


@dataclass
class Listener(VendorConnection):
    """``turns``: all so far; ``texts``: the client's text messages by path."""

    server: AzureServer
    behaviour: Behaviour = field(default_factory=Behaviour)
    turns: list[Turn] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    samples: int = 0
    config: Config = field(default_factory=Config)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.idle_s = self.behaviour.idle_s
        self._query: dict[str, str] = {}
        self._configured = False
        self._contexts: dict[str, Config] = {}
        self._turn: Turn | None = None
        self._tag = ""
        self._acknowledged = 0.0
        """Seconds of the vendor's own axis, which does not count what is said again."""
        self._owed = False
        """The service ended the last turn: the client has to go on from where that was."""
        self._dropped_voice = False
        """There was more than silence in what the ended turn was given and did not recognise."""

    @property
    def audio_s(self) -> float:
        return self.samples / RATE

    # ---------------------------------------------------------------------------------------------- handshake

    def refuses(self) -> Refusal | None:
        if not PATHS.fullmatch(self.path):
            return Refusal(404, words="Resource not found")
        if self.behaviour.refuse_status:
            return Refusal(self.behaviour.refuse_status, words=self.behaviour.refuse_words)
        if not self.server.free_hours_left:
            return Refusal(403, words="Out of call volume quota. Quota will be replenished in 12 days.")
        given = {**{key.lower(): value for key, value in self.query}, **self.headers}
        if (status := self.server.admits(given)) != 200:
            return Refusal(status, words="Access denied due to invalid subscription key." if status == 401 else "")
        if not ID.fullmatch(given.get("x-connectionid", "")):
            self.problems.append("no X-ConnectionId")
            return Refusal(400, words="X-ConnectionId")
        try:
            self._query = checked_query(self.query)
        except Refused as refusal:
            self.problems.append(str(refusal))
            return Refusal(400, words=str(refusal))
        return None

    def idle(self) -> None:
        self.put(Close(1000))

    # ----------------------------------------------------------------------------------------------- messages

    def message(self, message: str | bytes) -> None:
        try:
            self._take(unframed(message))
        except Refused as refusal:
            self.problems.append(str(refusal))
            self.put(Close(1007, str(refusal)))

    def _take(self, said: Framed) -> None:
        if isinstance(said.body, str):
            self.texts.append((said.path, said.body))
        if said.path == "speech.config":
            self._configured = True
        elif said.path == "speech.context":
            self._contexts[said.request_id] = self.config = checked_context(str(said.body), self._query)
        elif said.path == "audio" and isinstance(said.body, bytes):
            self._audio(said, said.body)
        elif said.path not in ("telemetry", "speech.agent"):
            raise Refused(f"unknown path {said.path}")

    def _audio(self, said: Framed, body: bytes) -> None:
        if not self._configured:
            raise Refused("speech.config must come before audio")
        if not ID.fullmatch(said.request_id):
            raise Refused("X-RequestId is not 32 hexadecimal digits")
        over = next((turn for turn in self.turns if turn.id == said.request_id and turn.over), None)
        if over is not None:
            self._dropped_voice |= bool(body) and _loud(to_16k(body, over.rate, over.mulaw))
            return
        turn = self._turn
        if turn is None:
            if not body:
                self._empty_turn(said.request_id)
                return
            turn = self._begin(said)
            body = self._header(turn, body)
        elif turn.id != said.request_id:
            raise Refused("a turn began before the last one was over")
        if body:
            self._hear(turn, body)
        elif said.body == b"":
            self._end_of_audio(turn)

    def _begin(self, said: Framed) -> Turn:
        config = self._contexts.get(said.request_id)
        if config is None:
            raise Refused("no speech.context before the turn's audio")
        turn = self._turn = Turn(said.request_id, len(self.turns), config)
        self.turns.append(turn)
        self._check_continuation(config)
        if not self.behaviour.late_start:
            self._start(turn)
        return turn

    def _start(self, turn: Turn) -> None:
        if turn.started:
            return
        turn.started = True
        self._tag = secrets.token_hex(16)
        self._say(turn, "turn.start", {"context": {"serviceTag": self._tag}})

    def _check_continuation(self, config: Config) -> None:
        if not self._owed:
            return
        self._owed = False
        said = config.continuation or {}
        offset = said.get("audio", {}).get("streams", {}).get("1", {}).get("offset", "0")
        if said.get("previousservicetag") != self._tag:
            self.problems.append("the next turn does not name the one before")
        ahead = float(offset) / TICKS - self._acknowledged
        if ahead < -0.001 or (ahead > 0.001 and self._dropped_voice):
            self.problems.append(f"goes on at {offset}, where {self._acknowledged} s were acknowledged")
        self._acknowledged += ahead

    def _header(self, turn: Turn, body: bytes) -> bytes:
        if body[:4] != b"RIFF" or body[8:16] != b"WAVEfmt " or len(body) < 44:
            raise Refused("a turn's audio does not begin with a RIFF header")
        tag, rate = int.from_bytes(body[20:22], "little"), int.from_bytes(body[24:28], "little")
        if tag not in (1, 7) or rate not in (8000, 16_000, 24_000, 48_000):
            raise Refused("audio of a form that is not known")
        turn.rate, turn.mulaw = rate, tag == 7
        return body[44:]

    def _empty_turn(self, request_id: str) -> None:
        """The vendor's own program begins one more turn without audio before it goes."""
        turn = Turn(request_id, -1, Config())
        self._say(turn, "turn.start", {"context": {"serviceTag": secrets.token_hex(16)}})
        self._say(turn, "turn.end", {})

    # ------------------------------------------------------------------------------------------------- audio

    def _hear(self, turn: Turn, body: bytes) -> None:
        if len(body) % (1 if turn.mulaw else 2):
            self.problems.append("half a sample")
        samples = to_16k(body, turn.rate, turn.mulaw)
        turn.open.hear(samples)
        turn.samples += len(samples)
        self.samples += len(samples)
        loud = _loud(samples)
        turn.silence_s = 0.0 if loud else turn.silence_s + len(samples) / RATE
        if loud and not turn.spoke:
            turn.spoke = True
            self._say(turn, "speech.startDetected", {"Offset": int(turn.open.begin * TICKS / RATE)})
        if not self._misfortune(turn):
            self._heard(turn)

    def _heard(self, turn: Turn) -> None:
        behaviour = self.behaviour
        muted = turn.number < behaviour.mute_turns
        if behaviour.turn_s is not None and turn.seconds >= behaviour.turn_s:
            self._end_by_service(turn, said=not muted)
        elif not turn.spoke and not turn.reach and turn.seconds >= behaviour.initial_silence_s:
            self._phrase_of(turn, "InitialSilenceTimeout", 0.0, turn.seconds)
            turn.open.next()
            self._over(turn, turn.seconds)
        elif turn.open.seconds >= behaviour.cut_s:
            self._phrase(turn, turn.open.cut_after_a_word())
        elif turn.spoke and turn.silence_s * 1000 >= turn.config.silence_ms:
            self._phrase(turn)
        elif not muted and turn.open.grown_by(behaviour.interim_every_s):
            self._hypothesis(turn, self.server.recognise(self.server.spoken, turn.open.audio, False))

    def _misfortune(self, turn: Turn) -> bool:
        behaviour = self.behaviour
        if behaviour.status and self.audio_s >= behaviour.status_after_s:
            self._phrase_of(turn, behaviour.status, 0.0, 0.0)
        elif behaviour.drop_after_s is not None and self.audio_s >= behaviour.drop_after_s:
            self.put(None)
        elif behaviour.close_after_s is not None and self.audio_s >= behaviour.close_after_s:
            self.put(Close(behaviour.close_code, behaviour.close_reason))
        else:
            return False
        return True

    def _end_of_audio(self, turn: Turn) -> None:
        if turn.number == self.behaviour.unanswered_turn:
            turn.over = True
            return
        if turn.open.seconds > 0 and not self.behaviour.lost_phrase:
            self._phrase(turn)
        self._over(turn, max(0.0, turn.seconds - self.behaviour.short_end_s), by_client=True)

    def _end_by_service(self, turn: Turn, *, said: bool) -> None:
        end = turn.reach
        if said:
            rest = turn.open.cut_after_a_word()
            end = turn.seconds - len(rest) / RATE
            self._phrase(turn, rest)
        self._over(turn, end)

    def _over(self, turn: Turn, end: float, *, by_client: bool = False) -> None:
        behaviour = self.behaviour
        if turn.over:
            return
        self._start(turn)
        self._say(turn, "speech.endDetected", {"Offset": int(end * TICKS)} if turn.number % 2 else "")
        if not behaviour.unsaid_end:
            self._phrase_of(turn, "EndOfDictation", end, 0.0)
        self._say(turn, "turn.end", {} if turn.number % 2 else "")
        turn.over = True
        self._turn = None
        self._dropped_voice = not by_client and _loud(turn.open.audio)
        self._acknowledged += turn.seconds if by_client else end
        self._owed = not by_client and not behaviour.unsaid_end

    # -------------------------------------------------------------------------------------------------- words

    def _hypothesis(self, turn: Turn, words: Sequence[Heard]) -> None:
        if words and turn.config.interim:
            base = turn.open.begin / RATE
            text = " ".join(word.text.lower() for word in words)
            offset, end = base + words[0].start, base + words[-1].end
            self._say(turn, "speech.hypothesis", {**_span(offset, end - offset), "Text": text, **self._about(turn)})
            self._start(turn)
        if self.behaviour.strangers:
            self._say(turn, "speech.weather", {"Sky": "blue"})
            other = Turn(secrets.token_hex(16), -1, turn.config)
            self._say(other, "speech.phrase", {"RecognitionStatus": "Success", "DisplayText": "not for you"})

    def _phrase(self, turn: Turn, rest: Samples | None = None) -> None:
        words = self.server.recognise(self.server.spoken, turn.open.audio, True)
        base = turn.open.begin / RATE
        length = len(turn.open.audio) / RATE
        turn.open.next(rest)
        turn.spoke, turn.silence_s = False, 0.0
        if not words:
            self._phrase_of(turn, "NoMatch", base, length)
            return
        self.server.spoken += 1
        start, end = base + words[0].start, base + words[-1].end
        self._phrase_of(turn, "Success", start, end - start, self._listed(turn, words, base))
        if "/interactive/" in self.path and not turn.over:  # one phrase, and the turn is over
            self._over(turn, end, by_client=True)
        elif self.behaviour.late_hypothesis:
            text = " ".join(word.text.lower() for word in words)
            self._say(turn, "speech.hypothesis", {**_span(start, end - start), "Text": text})

    def _listed(self, turn: Turn, words: Sequence[Heard], base: float) -> dict[str, Any]:
        text = " ".join(word.text for word in words)
        if not turn.config.detailed:
            return {"DisplayText": text}
        timed = [
            {"Word": word.text.lower().strip(".,"), **_span(base + word.start, word.end - word.start, bare=True)}
            for word in words
        ]
        lexical = " ".join(str(word["Word"]) for word in timed)
        best = {"Confidence": 0.93, "Lexical": lexical, "ITN": lexical, "MaskedITN": lexical, "Display": text}
        if self._query.get("wordleveltimestamps") == "true":
            best["Words"] = [{**word, "Confidence": 0.95} for word in timed]
        return {"DisplayText": text, "NBest": [best]}

    def _phrase_of(self, turn: Turn, status: str, start: float, duration: float, more: Any = None) -> None:
        self._start(turn)
        turn.reach = max(turn.reach, start + duration)
        body = {"RecognitionStatus": status, **_span(start, duration), **self._about(turn), **(more or {})}
        for _ in range(2 if self.behaviour.twins else 1):
            self.put(framed("speech.phrase", turn.id, body), self.behaviour.answer_delay_s)

    def _about(self, turn: Turn) -> dict[str, Any]:
        said: dict[str, Any] = {}
        if len(turn.config.languages) > 1:
            said["PrimaryLanguage"] = {"Language": turn.config.languages[0], "Confidence": "High"}
        if turn.config.diarize:
            said["SpeakerId"] = "Guest-1"
        return said

    def _say(self, turn: Turn, path: str, body: Any) -> None:
        self.put(framed(path, turn.id, body))


def _loud(samples: Samples) -> bool:
    return int(np.abs(samples.astype(np.int32)).max(initial=0)) > LOUD


def _span(start: float, duration: float, *, bare: bool = False) -> dict[str, Any]:
    span: dict[str, Any] = {"Offset": round(start * TICKS), "Duration": round(duration * TICKS)}
    return span if bare else {"Id": secrets.token_hex(16), **span, "Channel": 0}
