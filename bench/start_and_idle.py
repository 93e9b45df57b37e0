"""Start to shown window, idle memory and idle CPU of the app, against a bare PySide6 window on the same display.

Both start as new processes, turn by turn; "shown" is the X server's own MapNotify of a window of at least
400 x 300. Idle figures are read from the kernel after the window has been left alone for a while.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from Xlib import X, display

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from fakes.rig import sound
from figures import Figure, report

BARE = """
import sys
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication(sys.argv); w = QMainWindow(); w.resize(1000, 660); w.show(); sys.exit(app.exec())
"""
RUNS = 7
SETTLE_S = 12.0
IDLE_S = 20.0


@contextmanager
def virtual_display() -> Iterator[str]:
    """A display without a window manager, so that a window is mapped the moment its program asks for it."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as answer:
        name = f":{answer.readline().strip()}"
    try:
        yield name
    finally:
        server.terminate()
        server.wait()


class Watcher:
    """Tells when a new top-level window of a real size appears."""

    def __init__(self, name: str) -> None:
        self.display = display.Display(name)
        self.display.screen().root.change_attributes(event_mask=X.SubstructureNotifyMask)
        self.display.sync()

    def wait(self) -> float:
        while True:
            event = self.display.next_event()
            if event.type == X.MapNotify:
                size = event.window.get_geometry()
                if size.width >= 400 and size.height >= 300:
                    return time.monotonic()


def start(command: list[str], environment: dict[str, str], watcher: Watcher) -> tuple[subprocess.Popen[bytes], float]:
    began = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return process, watcher.wait() - began


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(timeout=10)


def family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    root = psutil.Process(process.pid)
    return [root, *root.children(recursive=True)]


def memory(process: subprocess.Popen[bytes]) -> float:
    """Resident memory of the program and its children, MB."""
    return sum(p.memory_info().rss for p in family(process)) / 1e6


def cpu_seconds(process: subprocess.Popen[bytes]) -> float:
    return sum(sum(p.cpu_times()[:2]) for p in family(process))


def main() -> None:
    home = tempfile.mkdtemp(prefix="debabelizer-bench-")
    state = Path(home, "state")
    state.mkdir()
    (state / "window.json").write_text('{"welcomed":true}')  # every start but the first
    with virtual_display() as name, sound() as microphone:
        environment = {
            **os.environ,
            **microphone.env,
            "DISPLAY": name,
            "QT_QPA_PLATFORM": "xcb",
            "DEBABELIZER_HOME": home,
        }
        # Both with compiled modules, as installed programs have them, whatever this shell says.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = f"{home}/pyc"
        commands = {
            "app": [sys.executable, "-m", "debabelizer_desktop"],
            "bare": [sys.executable, "-c", BARE],
        }
        watcher = Watcher(name)
        starts: dict[str, list[float]] = {"app": [], "bare": []}
        for _ in range(RUNS + 1):  # the first round warms the file cache and does not count
            for which, command in commands.items():
                process, seconds = start(command, environment, watcher)
                starts[which].append(seconds)
                stop(process)
        app_start, bare_start = (statistics.median(starts[which][1:]) for which in ("app", "bare"))
        report(
            Figure(
                "start to shown window",
                app_start / bare_start,
                "x",
                3,
                f"bare PySide6 window ({bare_start:.2f} s; ours {app_start:.2f} s)",
            )
        )
        measured = {}
        for which, command in commands.items():
            process, _ = start(command, environment, watcher)
            time.sleep(SETTLE_S)
            before = cpu_seconds(process)
            time.sleep(IDLE_S)
            measured[which] = (memory(process), (cpu_seconds(process) - before) / IDLE_S * 100)
            stop(process)
    shutil.rmtree(home)
    app_memory, bare_memory = measured["app"][0], measured["bare"][0]
    report(
        Figure(
            "idle memory",
            app_memory / bare_memory,
            "x",
            1.8,
            f"bare window ({bare_memory:.0f} MB; ours {app_memory:.0f} MB)",
        )
    )
    report(Figure("idle CPU", measured["app"][1], "% of a core", 0.2, f"bare window {measured['bare'][1]:.2f} %"))


if __name__ == "__main__":
    assert Path("pyproject.toml").exists()
    main()
