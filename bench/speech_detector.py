"""Where speech starts and ends: Silero's network run by us, against onnxruntime in the same run.

CPU time of one thread, turn by turn, so that a busy moment of the machine hits both; of many turns the quickest counts.
What a first use costs is measured in fresh processes: from NumPy loaded to the first frame judged, and the memory that
takes; the median of nine.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as in our workers
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np
import psutil
from numpy.typing import NDArray

from figures import Figure, report

FRAME = 512
ROUNDS = 60
Feed = Callable[[NDArray[np.float32]], object]


def ours() -> Feed:
    from debabelizer_providers._local.speech import SpeechProbe

    return SpeechProbe().feed


def onnxruntime() -> Feed:
    """As our probe ran it before: one thread, no arena of memory, the state carried from call to call."""
    import onnxruntime

    spec = find_spec("faster_whisper")
    (path,) = Path(spec.submodule_search_locations[0]).glob("assets/*.onnx")
    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    network = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    state = [np.zeros(64, np.float32), *np.zeros((2, 1, 1, 128), np.float32)]

    def feed(audio: NDArray[np.float32]) -> object:
        frames = audio.reshape(-1, FRAME)
        before = np.concatenate((state[0][None], frames[:-1, -64:]))
        inputs = np.concatenate((before, frames), axis=1)
        answer, *state[1:] = network.run(None, {"input": inputs, "h": state[1], "c": state[2]})
        state[0] = frames[-1, -64:]
        return answer.reshape(-1).tolist()

    return feed


def cost(feed: Feed, audio: NDArray[np.float32], frames: int) -> float:
    """CPU seconds per frame, in feeds of so many."""
    size = frames * FRAME
    began = time.process_time()
    for at in range(0, len(audio), size):
        feed(audio[at : at + size])
    return (time.process_time() - began) / (len(audio) / FRAME)


def compare(name: str, frames: int, goal: float) -> None:
    audio = (np.random.default_rng(1).standard_normal(600 * FRAME) * 0.1).astype(np.float32)
    feeds, times = (ours(), onnxruntime()), ([], [])
    for _ in range(ROUNDS):
        for feed, spent in zip(feeds, times, strict=True):
            spent.append(cost(feed, audio, frames))
    our_us, their_us = (min(spent) * 1e6 for spent in times)
    text = f"onnxruntime {their_us:.0f} µs for 32 ms; ours {our_us:.0f} µs"
    report(Figure(name, our_us / their_us, "x", goal, text))


def first_use(make: Callable[[], Feed]) -> tuple[float, float]:
    """Seconds of CPU time and bytes."""
    process = psutil.Process()
    before, began = process.memory_info().rss, time.process_time()
    make()(np.zeros(FRAME, np.float32))
    return time.process_time() - began, process.memory_info().rss - before


def first_uses() -> None:
    answers: dict[str, list[list[float]]] = {"ours": [], "onnxruntime": []}
    for _ in range(9):
        for name, found in answers.items():
            ran = subprocess.run([sys.executable, __file__, name], capture_output=True, text=True, check=True)
            found.append([float(part) for part in ran.stdout.split()])
    (our_s, our_bytes), (their_s, their_bytes) = (
        [statistics.median(part) for part in zip(*found, strict=True)] for found in answers.values()
    )
    text = f"onnxruntime {their_s * 1e3:.0f} ms; ours {our_s * 1e3:.0f} ms"
    report(Figure("speech detector, first use, CPU", our_s / their_s, "x", 1.0, text))
    text = f"onnxruntime {their_bytes / 1e6:.1f} MB; ours {our_bytes / 1e6:.1f} MB"
    report(Figure("speech detector, memory", our_bytes / their_bytes, "x", 1.0, text))


def main() -> None:
    if len(sys.argv) > 1:
        print(*first_use({"ours": ours, "onnxruntime": onnxruntime}[sys.argv[1]]))
        return
    compare("speech detector, live, a frame at a time", 1, 1.0)
    compare("speech detector, live, three frames at a time", 3, 1.0)
    compare("speech detector, a file, 30 frames at a time", 30, 1.3)
    first_uses()


if __name__ == "__main__":
    main()
