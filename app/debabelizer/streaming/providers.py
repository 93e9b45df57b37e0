"""Which provider the next connection goes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from debabelizer.contract.stream import EpochContext, StreamProtocol
from debabelizer.errors import ProviderError

OpenEpoch = Callable[[EpochContext], StreamProtocol]
"""Makes the protocol for one new connection. Raises ProviderError."""


class Providers:
    """In the order of preference. A hopeless one is struck off until ``forgive``; ``reasons`` tells why one was left
    that has not worked since. ``titles``: what users call them, by name; without one it is the name."""

    def __init__(self, choices: Sequence[tuple[str, OpenEpoch]], titles: Mapping[str, str] | None = None) -> None:
        if not choices:
            raise ValueError("a session needs a provider")
        self._choices = list(choices)
        self._titles = titles or {}
        self._struck: set[int] = set()
        self._index = 0
        self.reasons: dict[str, ProviderError] = {}

    @property
    def name(self) -> str:
        return self._choices[self._index][0]

    @property
    def chosen(self) -> str:
        """The first one: that of the user."""
        return self._choices[0][0]

    @property
    def open_epoch(self) -> OpenEpoch:
        return self._choices[self._index][1]

    def title(self, name: str) -> str:
        return self._titles.get(name, name)

    def strike(self, name: str) -> bool:
        """``name`` will not work. Whether there is another one to go on with."""
        self._struck.update(index for index, (its, _) in enumerate(self._choices) if its == name)
        return self.advance(name)

    def others(self, name: str) -> bool:
        """Whether there is one beside ``name`` that is not struck off."""
        return any(index not in self._struck for index, (its, _) in enumerate(self._choices) if its != name)

    def advance(self, name: str) -> bool:
        """Go on to the next one, unless that has happened already. False: there is no other."""
        if self.name != name:
            return True
        for step in range(1, len(self._choices)):
            index = (self._index + step) % len(self._choices)
            if index not in self._struck:
                self._index = index
                return True
        return False

    def works(self, name: str) -> None:
        self.reasons.pop(name, None)

    def forgive(self) -> None:
        self._struck.clear()
        self._index = 0
        self.reasons.clear()
