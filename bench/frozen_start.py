"""Start to shown window of the frozen program, against the same program run by Python, on the same display.

Measures what `./run package --only frozen` left in dist; without that there is nothing to say.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

from figures import Figure, report
from start_and_idle import RUNS, Watcher, sound, start, stop, virtual_display

DIST = Path(os.environ.get("DEBABELIZER_DIST", Path(__file__).parents[1] / "dist"))
FROZEN = DIST / "frozen" / "debabelizer" / "debabelizer-desktop"
COMMANDS = {"frozen": [str(FROZEN)], "unfrozen": [sys.executable, "-m", "debabelizer_desktop"]}


def main() -> None:
    if not FROZEN.exists():
        print(f"{FROZEN} is not there: ./run package --only frozen")
        return
    with tempfile.TemporaryDirectory() as home, virtual_display() as name, sound() as microphone:
        state = Path(home, "state")
        state.mkdir()
        (state / "window.json").write_text('{"welcomed":true}')
        environment = {**os.environ, **microphone.env, "DISPLAY": name, "QT_QPA_PLATFORM": "xcb"}
        environment |= {"DEBABELIZER_HOME": home, "PYTHONPYCACHEPREFIX": f"{home}/pyc"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        watcher = Watcher(name)
        seconds: dict[str, list[float]] = {which: [] for which in COMMANDS}
        for _ in range(RUNS + 1):  # the first round warms the file cache and does not count
            for which, command in COMMANDS.items():
                process, took = start(command, environment, watcher)
                seconds[which].append(took)
                stop(process)
    frozen, unfrozen = (statistics.median(seconds[which][1:]) for which in COMMANDS)
    against = f"unfrozen ({unfrozen:.2f} s; frozen {frozen:.2f} s)"
    report(Figure("start of the frozen program", frozen / unfrozen, "x", 1.5, against))


if __name__ == "__main__":
    main()
