"""Counts over many faults: what is lost, doubled, leaked or taken too long when lines, servers and processes fail.

``./run bench reliability`` takes five minutes on a machine that does nothing else, up to half an hour on a busy one,
and writes ``docs/reliability.md``. Whoever changes the supervisor, a transport or a protocol runs it; the same trials
run in small numbers as tests. Everything is real but the vendor: sockets, gRPC calls and processes on this machine,
through a proxy that cuts, stalls and half-opens connections.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import platform
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from figures import Figure, report

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reliability.md"
sys.path[:0] = [str(ROOT / "app"), str(ROOT / "providers"), str(ROOT / "tests")]
os.environ.setdefault("GRPC_VERBOSITY", "NONE")
os.environ["PYTHONPATH"] = os.pathsep.join(sys.path[:3])  # for worker processes

FAULTS = 1_000
HAND_OVERS = 200
CYCLES = 1_000
FRAMES = 100_000
AT_ONCE = 4
"""Sessions; much of a trial is waiting."""
_HEAD = """# Reliability, counted

Written by `./run bench reliability`; the trials are in `tests/fakes/trials.py` and `tests/fakes/measured_trials.py`,
and run in small numbers with the tests. Audio whose every sample says which one it is goes through real sockets, gRPC
calls and worker processes, over lines that are at random cut in mid-frame, stalled and half-opened. A sample is *lost*
when no final holds it, and *doubled* when two do. Mutated frames are what each provider's server really sends, changed
at random.
"""


async def measure() -> list[Figure]:
    """Times first, while nothing else runs."""
    figures = []
    for part in (noticing, coming_back, hopeless, drops, hand_overs, left_behind, pressure, frames):
        began = time.monotonic()
        for figure in await part():
            report(figure)
            figures.append(figure)
        sys.stderr.write(f"{part.__name__}: {time.monotonic() - began:.0f} s\n")
    return figures


async def noticing() -> list[Figure]:
    from fakes.measured_trials import half_open_noticed

    found = []
    for transport, title in (("ws", "WebSocket"), ("grpc", "gRPC")):
        took = await asyncio.gather(*(half_open_noticed(transport, 0.1 * number) for number in range(8)))
        found.append(Figure(f"half-open {title} noticed while speaking, worst of 8", max(took), "s", 3.0))
    return found


async def coming_back() -> list[Figure]:
    from fakes.measured_trials import first_retry, text_after_outage

    retries = [retry for _ in range(5) for retry in await asyncio.gather(*map(first_retry, (0.0, 0.03, 0.06, 0.09)))]
    found = [Figure("first retry after a reset, worst of 20", 1000 * max(retries), "ms", 250.0)]
    outages = (0.5, 2.0, 5.0, 10.0, 20.0)
    for told, title in ((True, "announced"), (False, "noticed by trying")):
        took = await asyncio.gather(*(text_after_outage(outage, told=told) for outage in outages))
        name = f"text after the way returns, {title}, worst of outages up to {outages[-1]:.0f} s"
        found.append(Figure(name, max(took), "s", 1.0))
    return found


async def hopeless() -> list[Figure]:
    """Attempts at every vendor of the table with a wrong key, and without quota."""
    from debabelizer.errors import ProviderError
    from debabelizer.events import SessionState
    from fakes.harnesses import HARNESSES

    attempts = {}
    for name, harness in HARNESSES.items():
        for quota in (True, False) if harness.in_the_cloud else ():
            async with harness.running(quota=quota) as vendor:
                settings = vendor.wrong if quota else vendor.settings
                async with harness.talk(vendor, settings=settings) as it:
                    await it.speak()
                    with suppress(ProviderError):
                        await it.session.connect()
                    await it.until(lambda t: t.session.state is SessionState.FAILED)
                    attempts[name, quota] = len(it.protocols)
    return [Figure(f"attempts at a hopeless error, most of {len(attempts)} kinds", max(attempts.values()), "", 1.0)]


# ----------------------------------------------------------------------------------------------------- counts


async def drops() -> list[Figure]:
    from fakes.trials import through_a_failing_line, with_killed_workers

    found = []
    for transport, title in (("ws", "WebSocket"), ("grpc", "gRPC")):
        found += await _until_enough(title, lambda seed, t=transport: through_a_failing_line(seed, t, most=20_000))
    return found + await _until_enough("worker process", lambda seed: with_killed_workers(seed, FAULTS // 20))


async def _until_enough(title: str, trial: Callable[[int], Awaitable[Any]]) -> list[Figure]:
    """Trial after trial, with seeds of their own, until the line has failed often enough."""
    seeds, faults, lost, doubled = itertools.count(1), 0, 0, 0

    async def keep_going() -> None:
        nonlocal faults, lost, doubled
        while faults < FAULTS:
            seed = next(seeds)
            outcome = await trial(seed)
            if not outcome.whole:
                sys.stderr.write(f"{title}, seed {seed}: {outcome}\n")
            faults, lost, doubled = faults + outcome.faults, lost + outcome.lost, doubled + outcome.doubled

    await asyncio.gather(*(keep_going() for _ in range(AT_ONCE)))
    what = f"over {faults:,} drops, {title}"
    return [Figure(f"samples lost {what}", lost, "", 0.0), Figure(f"samples doubled {what}", doubled, "", 0.0)]


async def hand_overs() -> list[Figure]:
    from fakes.trials import handed_over

    outcome = await handed_over(HAND_OVERS)
    title = f"over {outcome.connections - 1} hand-overs while speaking"
    return [
        Figure(f"samples lost {title}", outcome.lost, "", 0.0),
        Figure(f"samples doubled {title}", outcome.doubled, "", 0.0),
    ]


async def left_behind() -> list[Figure]:
    from fakes.measured_trials import cycles

    found = []
    for transport, title in (("ws", "WebSocket"), ("grpc", "gRPC")):
        left = await cycles(CYCLES, transport)
        for name, count in (("tasks", left.tasks), ("threads", left.threads), ("files", left.files)):
            found.append(Figure(f"{name} left by {CYCLES:,} sessions, {title}", max(0, count), "", 0.0))
    return found


async def pressure() -> list[Figure]:
    from fakes.measured_trials import flooded, stalled

    trials = [await flooded(kind, 20_000, read=True) for kind in ("one segment", "many segments", "finals")]
    trials += [await flooded(kind, 20_000, read=False) for kind in ("one segment", "many segments", "finals")]
    stall = await stalled(3600.0)
    passed = sum(trial.passed_mb for trial in trials)
    return [
        Figure(f"memory grown under floods of {passed:.0f} MB", max(t.grown_mb for t in trials), "MB", 64.0),
        Figure("close under a flood", max(trial.close_s for trial in trials), "s", 20.0),
        Figure(
            f"memory grown by an hour said ({stall.passed_mb:.0f} MB) to a stalled server", stall.grown_mb, "MB", 16.0
        ),
        Figure("close of a stalled session", stall.close_s, "s", 20.0),
    ]


async def frames() -> list[Figure]:
    from fakes.harnesses import HARNESSES
    from fakes.mutation import bombard

    found = []
    for name, harness in HARNESSES.items():
        recorded = await harness.recorded()
        async with harness.running() as vendor:
            protocol = harness.protocol
            done = await asyncio.to_thread(bombard, lambda p=protocol, v=vendor: p(v), recorded, FRAMES, 1)
        if done.untyped:
            sys.stderr.write(f"{name}: {done.example}\n")
        found.append(Figure(f"untyped errors of {FRAMES:,} mutated frames, {name}", done.untyped, "", 0.0))
    return found


# ------------------------------------------------------------------------------------------------------- page


def page(figures: Iterable[Figure], seconds: float) -> str:
    rows = [f"| {one.name} | {one.value:.3g} {one.unit} | ≤ {one.goal:g} | {_verdict(one)} |" for one in figures]
    system = f"{platform.system()}, {os.cpu_count()} processor cores, Python {platform.python_version()}"
    measured = f"Measured on {time.strftime('%Y-%m-%d')} ({system}) in {seconds / 60:.0f} minutes."
    return "\n".join([_HEAD, measured, "", "| figure | value | goal | |", "| --- | --- | --- | --- |", *rows, ""])


def _verdict(figure: Figure) -> str:
    return "met" if figure.met else "**not met**"


async def main() -> None:
    from debabelizer.streaming import default_transports

    began = time.monotonic()
    try:
        figures = await measure()
    finally:
        await default_transports().close()
    PAGE.write_text(page(figures, time.monotonic() - began), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
