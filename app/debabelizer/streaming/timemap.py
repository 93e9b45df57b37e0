"""From one connection's audio to the session's time axis, by counting samples.

A connection's audio is the session's from some position on, possibly resampled, with silence of ours in between
(keep-alive, or filling up before a commit). A vendor's times count all of it.
"""

from __future__ import annotations

from bisect import bisect_right

SESSION_RATE = 16_000


class TimeMap:
    """Runs of session audio and of filler, in wire samples (``rate`` per second)."""

    def __init__(self, rate: int = SESSION_RATE) -> None:
        self.rate = rate
        self.wire = 0
        """Wire samples so far, filler included."""
        self._starts: list[int] = []
        self._sessions: list[int] = []
        self._speech: list[bool] = []
        self._next: int | None = None
        """Where the session's audio goes on, counted without rounding."""

    def audio(self, session: int, samples: int) -> None:
        """``samples`` on the wire carry the session's audio from ``session`` on (a session sample)."""
        if samples <= 0:
            return
        if session != self._next and not (self._speech and self._speech[-1] and self._goes_on(session)):
            self._run(session, speech=True)
        self.wire += samples
        self._next = session + samples if self.rate == SESSION_RATE else None

    def silence(self, session: int, samples: int) -> None:
        """``samples`` of filler on the wire, while the session stood at ``session``."""
        if samples <= 0:
            return
        if not (self._speech and not self._speech[-1] and self._sessions[-1] == session):
            self._run(session, speech=False)
        self.wire += samples
        self._next = None

    def session(self, wire: int) -> int:
        """The session sample up to which ``wire`` samples reach; never rounds up beyond it."""
        if not self._starts:
            return 0
        wire = max(0, min(wire, self.wire))
        run = max(0, bisect_right(self._starts, wire) - 1)
        after = self._sessions[run + 1] if run + 1 < len(self._sessions) else None
        if not self._speech[run]:
            # Filler stands where the audio after it begins: the session may have moved on meanwhile.
            return self._sessions[run] if after is None else after
        here = self._sessions[run] + (wire - self._starts[run]) * SESSION_RATE // self.rate
        # A run's resampled length may round past the position at which the next one begins.
        return here if after is None else min(here, after)

    def seconds(self, at: float) -> float:
        """A vendor's time on this connection as a time of the session."""
        return self.session(round(at * self.rate)) / SESSION_RATE

    def _run(self, session: int, *, speech: bool) -> None:
        self._starts.append(self.wire)
        self._sessions.append(session)
        self._speech.append(speech)

    def _goes_on(self, session: int) -> bool:
        """Whether the last run stands there. Positions of resampled audio are rounded; a jump is more than that."""
        wire = self.wire - self._starts[-1]
        if self.rate == SESSION_RATE:
            return self._sessions[-1] + wire == session
        return abs(self._sessions[-1] + wire * SESSION_RATE / self.rate - session) <= 2
