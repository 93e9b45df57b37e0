"""What a Deepgram result costs, and how fast it comes: our session against the vendor's SDK and LiveKit's plug-in.

All talk to the same local server, which answers at once with results made in advance; see
``parts/deepgram_clients.py``. LiveKit's plug-in stands in an environment of its own (``./run bench`` makes it).
"""

from __future__ import annotations

import sys
from pathlib import Path

from figures import Figure, report

sys.path.insert(0, str(Path(__file__).parent / "parts"))
from candidates import PARTS, ROOT, in_turns, server

ROUNDS = 3
MANY = 50


def main() -> None:
    quick = str(PARTS / "quick_deepgram.py")
    with server(quick, str(MANY), "80") as many, server(quick, "1", "400") as one:

        def client(python: str | Path, who: str) -> list[str]:
            return [str(python), str(PARTS / "deepgram_clients.py"), who, many, one]

        commands = {"ours": client(sys.executable, "ours"), "sdk": client(sys.executable, "sdk")}
        if livekit := _livekit_python():
            commands["livekit"] = client(livekit, "livekit")
        measured = in_turns(commands, ["results", "round_trip"], ROUNDS)
    for what, name, goal in (
        ("results", "a Deepgram result, CPU", 0.1),
        ("round_trip", "audio sent to Deepgram's result, round trip", 0.5),
    ):
        us = {who: measured[who, what] * 1e6 for who in commands}
        text = f"deepgram-sdk {us['sdk']:.0f} µs; ours {us['ours']:.0f} µs"
        report(Figure(f"{name} against deepgram-sdk", us["ours"] / us["sdk"], "x", goal, text))
        if "livekit" in us:
            text = f"livekit-plugins-deepgram {us['livekit']:.0f} µs"
            report(Figure(f"{name} against LiveKit's plug-in", us["ours"] / us["livekit"], "x", None, text))


def _livekit_python() -> Path | None:
    folder = ROOT / ".venv-bench"
    found = [path for path in (folder / "bin" / "python", folder / "Scripts" / "python.exe") if path.exists()]
    return found[0] if found else None


if __name__ == "__main__":
    main()
