"""The numbered vendor as a local engine in a worker process; its other functions misbehave."""

from __future__ import annotations

import json
import os
import sys

from debabelizer.contract import WorkerLink
from fakes.numbered_recogniser import Behaviour, NumberedRecogniser

connections = 0
"""Served by this process so far; kept between connections, like a loaded model."""


def _serve(link: WorkerLink, behaviour: Behaviour) -> None:
    recogniser = NumberedRecogniser(behaviour)
    while (message := link.receive()) is not None:
        for answer in recogniser.hears(message):
            link.send(answer)


def run(link: WorkerLink) -> None:
    sys.stdout.write("chatter on standard output must not disturb the frames\n")
    sys.stdout.flush()
    _serve(link, Behaviour(finals_every=20_000, lag=2_000))


def counting(link: WorkerLink) -> None:
    """Says how many connections this process has served, as vendor session."""
    global connections
    connections += 1
    while (message := link.receive()) is not None:
        if isinstance(message, str) and "hello" in message:
            link.send(json.dumps({"is": "ready", "session": f"{connections} in {os.getpid()}"}))


def crash_after_a_second_of_audio(link: WorkerLink) -> None:
    recogniser = NumberedRecogniser(Behaviour())
    while (message := link.receive()) is not None:
        for answer in recogniser.hears(message):
            link.send(answer)
        if recogniser.received >= 16_000:
            sys.stderr.write("the model fell over\n")
            sys.stderr.flush()
            os._exit(7)


def raises(link: WorkerLink) -> None:
    raise ValueError("no such model file")


def hangs_on_commit(link: WorkerLink) -> None:
    """Takes everything, answers nothing but readiness."""
    _serve(link, Behaviour(answers=False))


def waits_in_vain(link: WorkerLink) -> None:
    """Tells whether ``receive`` times out as promised."""
    try:
        while True:
            link.receive(timeout=0)
    except TimeoutError:
        pass
    try:
        link.receive(timeout=0.01)
    except TimeoutError:
        link.send('{"is": "ready", "session": "timed out"}')
    while link.receive() is not None:
        continue
