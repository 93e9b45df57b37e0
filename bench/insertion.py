"""From having the text to the text in another program, on a virtual display of its own: a Qt field and an xterm.

Measured from outside: the clock stops when the target program itself says that the text has arrived (the Qt field
writes a line, the xterm's child writes to a pipe), so a reader's own time is in it. Every text is different.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from figures import Figure, percentile, report

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "app"), str(HERE.parent / "tests")]

from debabelizer.events import InsertResult  # noqa: E402
from debabelizer_desktop.platform.insert_rules import rule_for  # noqa: E402
from debabelizer_desktop.platform.insert_x11 import X11Inserter  # noqa: E402
from fakes.rig import Display, display, terminal  # noqa: E402
from fakes.targets import text_window  # noqa: E402

TIMES = 200
GOAL_P50_MS = 25.0
GOAL_P99_MS = 60.0


def measure(inserter: X11Inserter, arrived: Callable[[str], object]) -> tuple[list[float], list[float]]:
    """Milliseconds until the verb returned, and until the text was there, for each insertion."""
    target = inserter.submit(inserter.target).result(5)
    assert target is not None
    rule = rule_for(target.program, ())
    returned, there = [], []
    for number in range(TIMES):
        text = f"Фраза №{number}, 漢字 and plain words. "
        inserter.submit(inserter.target).result(5)  # the key goes down; the clipboard is saved meanwhile
        inserter.submit(lambda: None).result(5)
        began = time.perf_counter()
        done = inserter.submit(lambda text=text: inserter.insert(text, target, rule)).result(10)
        returned.append((time.perf_counter() - began) * 1000)
        arrived(text)
        there.append((time.perf_counter() - began) * 1000)
        assert done.result is InsertResult.INSERTED, done
    return returned, there


def run(desk: Display) -> None:
    inserter = X11Inserter(desk.name)
    try:
        with desk.clipboard({"UTF8_STRING": b"old", "text/html": b"<b>old</b>"}):
            with text_window(desk) as field:
                whole = ""

                def in_field(text: str) -> None:
                    nonlocal whole
                    whole += text
                    field.wait_for(whole)

                tell("Qt field", *measure(inserter, in_field))
            with terminal(desk) as xterm:
                desk.focus(xterm.title)
                tell("xterm", *measure(inserter, xterm.wait_for))
    finally:
        inserter.close()


def tell(where: str, returned: list[float], there: list[float]) -> None:
    against = f"{TIMES} insertions, the old clipboard saved and restored"
    report(Figure(f"insertion, {where}: text to text there, P50", percentile(there, 0.5), "ms", GOAL_P50_MS, against))
    report(Figure(f"insertion, {where}: text to text there, P99", percentile(there, 0.99), "ms", GOAL_P99_MS, against))
    report(Figure(f"insertion, {where}: text to known result, P50", percentile(returned, 0.5), "ms", None, against))


if __name__ == "__main__":
    with display() as desk:
        run(desk)
