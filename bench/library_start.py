"""How soon the library and the command are there: in new processes, turn by turn with the PyPI package ``debabelizer``
(the library of the same name before this one) and with bare Python.

That package has no command, so ``--help`` stands against a bare program of click. It was built for a newer C library
than some systems have; where it can't be loaded, bare Python is all there is to compare with.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

from figures import Figure, report

sys.path.insert(0, str(Path(__file__).parent / "parts"))
from candidates import peer_python

ROUNDS = 15
LIBRARY = "import asyncio; from debabelizer import VoiceProcessor"
BARE = "import asyncio"
CLICK = "import click; click.command(name='bare')(lambda: None).main(['--help'], standalone_mode=False)"


def seconds(command: list[str]) -> float:
    """Of processor time, which on an idle machine is what one waits."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    ours = sys.executable
    commands = {
        "library": [ours, "-c", LIBRARY],
        "bare": [ours, "-c", BARE],
        "help": [ours, "-m", "debabelizer.cli", "--help"],
        "click": [ours, "-c", CLICK],
    }
    peer = peer_python()
    theirs = [str(peer), "-W", "ignore", "-c", LIBRARY]
    if peer is not None and subprocess.run(theirs, capture_output=True).returncode == 0:
        commands["peer"] = theirs
    measured: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(ROUNDS + 1):
        for name, command in commands.items():
            taken = seconds(command)
            if number:  # the first round warms the file cache up
                measured[name].append(taken)
    ms = {name: min(values) * 1000 for name, values in measured.items()}
    if "peer" in ms:
        text = f"PyPI's debabelizer {ms['peer']:.0f} ms; ours {ms['library']:.0f} ms"
        report(Figure("import of the library, CPU", ms["library"] / ms["peer"], "x", None, text))
    text = f"asyncio alone {ms['bare']:.0f} ms; ours {ms['library']:.0f} ms"
    if "peer" not in ms:
        text += "; PyPI's debabelizer can't be loaded here"
    report(Figure("import of the library and asyncio, CPU", ms["library"] / ms["bare"], "x", 2, text))
    report(Figure("debabelizer --help, CPU", ms["help"], "ms", 150, f"a bare program of click {ms['click']:.0f} ms"))


if __name__ == "__main__":
    main()
