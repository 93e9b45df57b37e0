"""CPU time per 100 ms of audio: our session with the ElevenLabs protocol against the vendor's own SDK.

Both talk to the same local server, take turns, get the same audio in the same chunks at the same pace, read what comes
back, and commit now and then. Ours also keeps the audio for replay, watches the connection and maps times. What the
pace alone costs is measured, too, and taken off both.
"""

from __future__ import annotations

import sys
from pathlib import Path

from figures import Figure, report

sys.path.insert(0, str(Path(__file__).parent / "parts"))
from candidates import PARTS, ROOT, in_turns, server

ROUNDS = 9


def main() -> None:
    with server(str(ROOT / "tests" / "fakes" / "elevenlabs_server.py"), "--port", "0") as url:
        clients = str(PARTS / "elevenlabs_clients.py")
        commands = {who: [sys.executable, clients, who, url] for who in ("ours", "sdk", "nobody")}
        measured = in_turns(commands, ["chunks"], ROUNDS)
    ours, sdk, nobody = (measured[who, "chunks"] * 1e6 for who in ("ours", "sdk", "nobody"))
    text = f"SDK {sdk - nobody:.0f} µs; ours {ours - nobody:.0f} µs"
    report(Figure("audio chunk, CPU against ElevenLabs' SDK", (ours - nobody) / (sdk - nobody), "x", 1 / 1.7, text))
    text = f"SDK {sdk:.0f} µs; ours {ours:.0f} µs; the pace alone {nobody:.0f} µs"
    report(Figure("the same with the caller's own cost", ours / sdk, "x", None, text))


if __name__ == "__main__":
    main()
