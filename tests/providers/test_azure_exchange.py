"""An exchange in full: two turns of which the service ends the first in mid-speech, and one of noise."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import Any

from debabelizer.contract import CommitAnswer, Covered, EpochContext, Rewind, StreamOptions, StreamSignal
from debabelizer.events import Freeze, Replace
from debabelizer_providers.azure import Azure
from fakes.azure_rules import framed, unframed

RATE = 16_000
EXCHANGE = Path(__file__).parents[1] / "data" / "azure" / "exchange.jsonl"
VOICE = (3000).to_bytes(2, "little")


def test_the_recorded_exchange() -> None:
    stream = Azure().stream(StreamOptions(settings={"api_key": "k"}, languages=("en",)), EpochContext())
    request_id = ""
    for line in EXCHANGE.read_text(encoding="utf-8").splitlines():
        step = json.loads(line)
        if "got" in step:
            given = stream.receive(framed(step["got"], request_id, step["body"]))
            assert [_short(signal) for signal in given] == step["gives"], line
            continue
        said = stream.audio(VOICE * round(step["audio"] * RATE)) if "audio" in step else getattr(stream, step["say"])()
        messages = [unframed(message) for message in said]
        assert [path for path, _ in groupby(message.path for message in messages)] == step["sends"], line
        request_id = messages[-1].request_id if messages else request_id


def _short(signal: StreamSignal) -> list[Any]:
    match signal:
        case Freeze():
            return ["Freeze", signal.segment, signal.text, round(signal.end or 0.0, 3)]
        case Replace():
            return ["Replace", signal.segment, signal.text]
        case Covered() | Rewind():
            return [type(signal).__name__, round(signal.samples / RATE, 3)]
        case CommitAnswer():
            return ["CommitAnswer", signal.outcome.value]
        case _:
            return [type(signal).__name__]
