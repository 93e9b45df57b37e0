"""One measured figure, as every script in this folder reports it: a line of JSON on standard output."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """``goal`` is the largest value that is good enough; None where nothing was promised."""

    name: str
    value: float
    unit: str
    goal: float | None = None
    against: str = ""
    """The peer or floor measured in the same run, in words."""

    @property
    def met(self) -> bool | None:
        return None if self.goal is None else self.value <= self.goal


def report(figure: Figure) -> None:
    sys.stdout.write(json.dumps(asdict(figure)) + "\n")
    sys.stdout.flush()


def percentile(values: list[float], share: float) -> float:
    """Nearest-rank percentile; ``share`` between 0 and 1."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]
