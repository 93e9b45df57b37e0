"""A local vendor's server as a program.

``python tests/fakes/VENDOR_server.py --port 0 --script FILE`` prints its address and serves until stopped. The file is
one sentence per line, or JSON: ``{"sentences": [...], "seconds_per_word": 0.3, "behaviours": [{...}], ...}``, where the
rest are arguments of the server.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from fakes.recognisers import scripted
from fakes.vendor_socket import VendorServer


def serve(server: Callable[..., VendorServer], behaviour: Callable[..., object]) -> None:
    parser = argparse.ArgumentParser(description=server.__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", type=Path, help="sentences, one per line, or JSON")
    parser.add_argument("--key", help="the API key to accept")
    chosen = parser.parse_args()
    text = chosen.script.read_text(encoding="utf-8") if chosen.script else "this is a test"
    plan: dict[str, Any] = (
        json.loads(text) if text.lstrip().startswith("{") else {"sentences": text.strip().splitlines()}
    )
    recognise = scripted(plan.pop("sentences"), plan.pop("seconds_per_word", 0.3))
    behaviours = [behaviour(**given) for given in plan.pop("behaviours", [{}])]
    if chosen.key:
        plan["key"] = chosen.key
    with suppress(KeyboardInterrupt):
        asyncio.run(_forever(lambda: server(recognise=recognise, behaviours=behaviours, port=chosen.port, **plan)))


async def _forever(make: Callable[[], VendorServer]) -> None:
    async with make() as server:  # gRPC's belong to the loop they were made in
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()
