"""The manual socket of the local Cartesia."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fakes.cartesia_connections import Listener
from fakes.recognisers import RATE, Heard, Samples
from fakes.vendor_socket import Close


@dataclass
class ManualListener(Listener):
    def __post_init__(self) -> None:
        super().__post_init__()
        self._spoke = False
        self._since_flush = ""

    def command(self, command: str) -> None:
        closing = "done" if self.headers["cartesia-version"].startswith("2025") else "close"
        if self._closing:
            return
        if command == "finalize":
            self._finalize()
        elif command == closing:
            self._closing = True
            self._final()
            if self.behaviour.done:
                self.say("done")
            self.put(Close(1000))
        else:
            self.problems.append(f"unknown command {command}")
            self.put(self.server.error(400, "Invalid command", f"{command} is no command", "invalid_command"))

    def _finalize(self) -> None:
        if self.behaviour.acknowledge_first and self.behaviour.acknowledge:
            self.say("flush_done")
        self._final()
        self._since_flush = ""
        if self.behaviour.acknowledge and not self.behaviour.acknowledge_first:
            self.say("flush_done")

    def heard(self) -> None:
        pause_s = self._config.number("max_silence_duration_secs", self.behaviour.pause_s)
        if self._spoke and self._silence_s >= pause_s:
            self._final()
        elif self.behaviour.piece_s is not None and self._open.seconds >= self.behaviour.piece_s:
            self._final(rest=self._open.cut_after_a_word())
        elif self._open.grown_by(self.behaviour.interim_every_s):
            words = self._recognised(False)
            self._spoke = bool(words)
            if words and not self.behaviour.silent_until_final:
                self.say("transcript", text=self._joined(words), is_final=False, duration=round(self._open.seconds, 3))

    def _final(self, rest: Samples | None = None) -> None:
        """Silence gives no final, and its audio counts as that of the next piece."""
        words = self._recognised(True)
        self._spoke = False
        if not words:
            self._open.pieces = [self._open.audio, *([] if rest is None else [rest])]
            return
        self.server.spoken += 1
        text = self._joined(words)
        self._said_before = True
        seconds = len(self._open.audio) / RATE
        for said, listed, duration in self._pieces(text, words, seconds):
            self._since_flush += said
            whole = self._since_flush if self.behaviour.cumulative else said
            more = {**self._details(listed), **({"duration": round(duration, 3)} if self.behaviour.durations else {})}
            for number in range(2 if self.behaviour.twice else 1):
                delay_s = 0.0 if number else self.behaviour.answer_delay_s
                self.say("transcript", delay_s, text=whole, is_final=True, language=self._language, **more)
        self._open.next(rest)

    @property
    def _language(self) -> str:
        return self._config.values.get("language", "en")

    def _pieces(self, text: str, words: Sequence[Heard], seconds: float) -> list[tuple[str, Sequence[Heard], float]]:
        if not self.behaviour.cut_words or len(text) < 2:
            return [(text, words, seconds)]
        return [(text[:-1], words[:-1], words[-1].start), (text[-1:], words[-1:], seconds - words[-1].start)]

    def _details(self, words: Sequence[Heard]) -> dict[str, Any]:
        kind = self.behaviour.word_times
        if not kind or not words:
            return {}
        base = 0.0 if kind == "piece" else self._open.begin / RATE
        texts = [word.text for word in words]
        starts = [round(base + word.start, 6) for word in words]
        ends = [round(base + word.end, 6) for word in words]
        if kind == "arrays":
            return {"words": [{"words": texts, "start": starts, "end": ends}]}
        times = zip(texts, starts, ends, strict=True)
        return {"words": [{"word": text, "start": start, "end": end} for text, start, end in times]}
