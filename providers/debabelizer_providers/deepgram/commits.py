"""Whose commit was answered. Deepgram marks an answer as one, but not whose; and may leave it out where there is
nothing left to say."""

from __future__ import annotations

from collections import deque

SLACK_S = 0.02
"""Rounding of the vendor's times; no word is that short."""
_MOST_OWED = 16


class Commits:
    """Positions are samples of this connection's audio. A commit is answered when all before it is final."""

    def __init__(self, rate: int) -> None:
        self._slack = round(SLACK_S * rate)
        self._marks: deque[int] = deque()
        self._owed: deque[int] = deque(maxlen=_MOST_OWED)
        """Commits that count as answered, and whose own answer may still come."""

    @property
    def waiting(self) -> bool:
        return bool(self._marks)

    @property
    def oldest(self) -> int | None:
        return self._marks[0] if self._marks else None

    def asked(self, position: int) -> None:
        self._marks.append(position)

    def reached(self, position: int) -> list[int]:
        """Everything up to ``position`` is final, though not by an answer: the commits that settles."""
        settled = []
        while self._marks and self._marks[0] <= position + self._slack:
            settled.append(self._marks.popleft())
        self._owed.extend(settled)
        return settled

    def answered(self, position: int) -> list[int]:
        """An answer came, and what it says reaches to ``position``: the commits that it answers."""
        while len(self._owed) > 1 and self._owed[1] <= position + self._slack:
            self._owed.popleft()
        if self._owed and position <= self._owed[0] + self._slack and not self._reaches_the_oldest(position):
            self._owed.popleft()  # the late one, to a commit that counts as answered
            return []
        settled = []
        while self._reaches_the_oldest(position):
            settled.append(self._marks.popleft())
        if not settled and self._marks:
            settled.append(self._marks.popleft())
        if settled:
            self._owed.clear()
        return settled

    def _reaches_the_oldest(self, position: int) -> bool:
        return bool(self._marks) and self._marks[0] <= position + self._slack
