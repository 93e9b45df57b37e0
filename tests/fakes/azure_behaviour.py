"""How a connection of the local Azure behaves, and one of its turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fakes.azure_rules import Config
from fakes.recognisers import RATE
from fakes.window import Window

if TYPE_CHECKING:
    pass


TICKS = 10_000_000


@dataclass(frozen=True)
class Behaviour:
    """Of one connection. Times in seconds; those of audio are counted in audio received on the connection, unless they
    are a turn's."""

    refuse_status: int = 0
    refuse_words: str = ""
    answer_delay_s: float = 0.0
    """Before each phrase."""
    interim_every_s: float = 0.2
    cut_s: float = 15.0
    """A window as long as this becomes a phrase in mid-speech, after its last whole word."""
    turn_s: float | None = None
    """A turn as long as this is ended by the service after its last whole word; what it got beyond that is dropped."""
    mute_turns: int = 0
    """So many of the first turns are ended by the service without any result, when they are ``turn_s`` long."""
    unsaid_end: bool = False
    """No ``EndOfDictation`` at the end of a turn."""
    short_end_s: float = 0.0
    """``EndOfDictation`` after the client's end names a time that much before the end of the audio."""
    initial_silence_s: float = 5.0
    unanswered_turn: int = -1
    """The end of this turn's audio gets no answer at all."""
    idle_s: float = 180.0
    status: str = ""
    """A phrase with this status in place of a result ..."""
    status_after_s: float = 0.0
    """... after this much audio."""
    drop_after_s: float | None = None
    close_after_s: float | None = None
    close_code: int = 1011
    close_reason: str = ""
    twins: bool = False
    """Every phrase comes twice."""
    late_hypothesis: bool = False
    """After a phrase comes its hypothesis once more."""
    late_start: bool = False
    """``turn.start`` comes after the first hypothesis."""
    lost_phrase: bool = False
    """A turn's last words are only ever a hypothesis."""
    strangers: bool = False
    """Messages of unknown paths and of other requests in between."""


class Turn:
    def __init__(self, request_id: str, number: int, config: Config) -> None:
        self.id = request_id
        self.number = number
        self.config = config
        self.rate = 0
        self.mulaw = False
        self.samples = 0
        """Received, as 16 kHz."""
        self.open = Window()
        self.silence_s = 0.0
        self.spoke = False
        self.started = False
        self.reach = 0.0
        """Up to here phrases have come."""
        self.over = False

    @property
    def seconds(self) -> float:
        return self.samples / RATE
