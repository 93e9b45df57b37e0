"""What one processor has used so far."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

_NOTHING = {
    "stt_requests": 0,
    "tts_requests": 0,
    "stt_duration": 0.0,
    "tts_characters": 0,
    "cost_estimate": 0.0,
    "sessions_created": 0,
}


class Counts:
    """Requests, seconds of audio, characters, and US dollars by list prices."""

    def __init__(self) -> None:
        self.total: dict[str, Any] = dict(_NOTHING)
        self._by_provider: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))

    def heard(self, provider: str, seconds: float, usd: float) -> None:
        self._add(provider, stt_requests=1, stt_duration=seconds, cost_estimate=usd)

    def spoken(self, provider: str, characters: int, usd: float) -> None:
        self._add(provider, tts_requests=1, tts_characters=characters, cost_estimate=usd)

    def session(self) -> None:
        self.total["sessions_created"] += 1

    def all(self) -> dict[str, Any]:
        return {**self.total, "by_provider": {name: dict(used) for name, used in self._by_provider.items()}}

    def reset(self) -> None:
        self.total.update(_NOTHING)
        self._by_provider.clear()

    def _add(self, provider: str, **amounts: float) -> None:
        for name, amount in amounts.items():
            self.total[name] += amount
            self._by_provider[provider][name] += amount
