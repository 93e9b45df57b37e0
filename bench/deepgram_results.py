"""What a Deepgram result costs, and how fast it comes: our session against the vendor's SDK and LiveKit's plug-in.

All talk to the same local server, which answers at once with results made in advance; see
``parts/deepgram_clients.py``. What the pace alone costs (the caller's timer, turns of the loop, waiting) is measured,
too, and taken off all. LiveKit's plug-in stands in an environment of its own (``./run bench`` makes it).
"""

from __future__ import annotations

import sys
from pathlib import Path

from figures import Figure, report

sys.path.insert(0, str(Path(__file__).parent / "parts"))
from candidates import PARTS, in_turns, peer_python, server

ROUNDS = 9
MANY = 50


def main() -> None:
    quick = str(PARTS / "quick_deepgram.py")
    with server(quick, str(MANY), "80") as many, server(quick, "1", "400") as one:

        def client(python: str | Path, who: str) -> list[str]:
            return [str(python), str(PARTS / "deepgram_clients.py"), who, many, one]

        commands = {who: client(sys.executable, who) for who in ("ours", "sdk", "nobody")}
        if livekit := peer_python():
            commands["livekit"] = client(livekit, "livekit")
        measured = in_turns(commands, ["results", "round_trip"], ROUNDS)
    peers = {"sdk": "deepgram-sdk", "livekit": "livekit-plugins-deepgram"} if livekit else {"sdk": "deepgram-sdk"}
    us = {which: seconds * 1e6 for which, seconds in measured.items()}
    pace = us["nobody", "results"]
    for peer, name in peers.items():
        theirs, ours = us[peer, "results"] - pace, us["ours", "results"] - pace
        text = f"{name} {theirs:.0f} µs; ours {ours:.0f} µs; the pace, taken off both, {pace:.1f} µs"
        goal = 0.1 if peer == "sdk" else None
        report(Figure(f"a Deepgram result, CPU against {name}", ours / theirs, "x", goal, text))
    for peer, name in peers.items():
        theirs, ours = us[peer, "round_trip"], us["ours", "round_trip"]
        text = f"{name} {theirs:.0f} µs; ours {ours:.0f} µs"
        goal = 0.5 if peer == "sdk" else None
        report(Figure(f"audio sent to Deepgram's result, against {name}", ours / theirs, "x", goal, text))


if __name__ == "__main__":
    main()
