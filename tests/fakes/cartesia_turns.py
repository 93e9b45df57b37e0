"""The socket with turns of the local Cartesia."""

from __future__ import annotations

import json
from dataclasses import dataclass

from fakes.cartesia_connections import Listener
from fakes.recognisers import RATE
from fakes.vendor_socket import Close

END_S = 0.5
"""Silence that ends a turn; less, where the client's time-out is less."""
EAGER_S = 0.3


@dataclass
class TurnsListener(Listener):
    turns = True

    def __post_init__(self) -> None:
        super().__post_init__()
        self._in_turn = False
        self._eager = False

    def begin(self) -> None:
        self.say("connected")

    def command(self, command: str) -> None:
        try:
            kind = json.loads(command)["type"]
        except (ValueError, TypeError, KeyError):
            kind = ""
        if self._closing:
            return
        if kind == "close":
            self._closing = True
            self._last()
            self.put(Close(1000))
        elif kind != "config":
            self.problems.append(f"unknown command {command}")
            self.put(self.server.error(400, "Invalid command", "type must be config or close", "invalid_command"))

    def _last(self) -> None:
        words = self._recognised(True)
        if not words:
            return
        if not self._in_turn:
            self.say("turn.start")
        if self.behaviour.open_at_close:
            self.say("turn.update", transcript=self._joined(words))
        else:
            self._end()

    def heard(self) -> None:
        words = self._recognised(False)
        if not self._in_turn:
            if words:
                self._in_turn = True
                self._open.due_s = self._open.seconds
                self.say("turn.start")
                self.say("turn.update", transcript=self._joined(words))
            elif self._open.seconds >= 2.0:
                self._open.next(self._open.audio[-RATE // 2 :])  # silence between turns belongs to none
            return
        timeout_s = self._config.number("turn_end_timeout_ms", 5600) / 1000
        if self._silence_s >= (timeout_s if self.behaviour.eager else min(END_S, timeout_s)):
            self._end()
        elif self.behaviour.eager and not self._eager and self._silence_s >= EAGER_S:
            self._eager = True
            self.say("turn.eager_end", transcript=self._joined(words))
        elif self._eager and self._silence_s < EAGER_S:
            self._eager = False
            self.say("turn.resume")
        elif self._open.grown_by(self.behaviour.interim_every_s):
            self.say("turn.update", transcript=self._joined(words))

    def _end(self) -> None:
        words = self._recognised(True)
        self.server.spoken += bool(words)
        text = self._joined(words)
        self._said_before = True
        for number in range(2 if self.behaviour.twice else 1):
            self.say("turn.end", 0.0 if number else self.behaviour.answer_delay_s, transcript=text)
        self._in_turn = self._eager = False
        self._open.next()
