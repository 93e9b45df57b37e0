"""A recording through ``debabelizer transcribe`` against plain faster-whisper: the same model, file, threads and beam,
each a program of its own from start to end, in turns.

The model is the tests' tiny one, which leaves everything around the model as much weight as it can have: with a real
one, twenty times as slow, the same extra time is a twentieth of the share.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from fakes.recordings import TINY_WHISPER, recording, silence
from figures import Figure, report

SENTENCES = ("hello_test", "send_message", "digits", "save_and_close")
PAUSES_S = (0.3, 0.9, 2.5)
ROUNDS = 3
LONG_S, SHORT_S = 600, 30
PLAIN = """
import sys
from faster_whisper import WhisperModel
model = WhisperModel(sys.argv[2], device="cpu", compute_type="int8", cpu_threads=2)
segments, _ = model.transcribe(sys.argv[1], language="en", beam_size=5, vad_filter=True, word_timestamps=True)
print(" ".join(segment.text.strip() for segment in segments))
"""


def talk(path: Path, seconds: float) -> None:
    pcm, number = b"", 0
    while len(pcm) < seconds * 32_000:
        pcm += recording(SENTENCES[number % len(SENTENCES)]).pcm + silence(PAUSES_S[number % len(PAUSES_S)])
        number += 1
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(pcm)


def run(command: list[str], home: str) -> tuple[float, float, int]:
    """Seconds of the clock and of the processor (workers included), and how many words were understood."""
    environment = {**os.environ, "DEBABELIZER_HOME": home}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, len(done.stdout.split())


def main() -> None:
    ours = [sys.executable, "-m", "debabelizer.cli", "--set", f"providers.whisper.folder={TINY_WHISPER}"]
    ours += ["--set", "providers.whisper.cpu_threads=2", "transcribe", "-p", "whisper", "-l", "en", "-q"]
    with tempfile.TemporaryDirectory() as home:
        for what, seconds in (("ten minutes", LONG_S), ("half a minute", SHORT_S)):
            path = Path(home, f"{seconds}.wav")
            talk(path, seconds)
            commands = {
                "ours": [*ours, str(path)],
                "plain": [sys.executable, "-c", PLAIN, str(path), str(TINY_WHISPER)],
            }
            runs: dict[str, list[tuple[float, float, int]]] = {name: [] for name in commands}
            for _ in range(ROUNDS):  # turn by turn, so that a busy moment of the machine hits both
                for name, command in commands.items():
                    runs[name].append(run(command, home))
            (wall, cpu, words), (their_wall, their_cpu, their_words) = (
                tuple(min(values) for values in zip(*runs[name], strict=True)) for name in ("ours", "plain")
            )
            text = f"plain {their_wall:.1f} s, CPU {their_cpu:.1f} s; ours {wall:.1f} s, CPU {cpu:.1f} s; "
            text += f"words heard: ours {words}, plain {their_words}"
            goal = 1.03 if seconds == LONG_S else None
            report(Figure(f"transcribe, {what}, against plain faster-whisper", wall / their_wall, "x", goal, text))


if __name__ == "__main__":
    main()
