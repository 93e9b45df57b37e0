"""Another program's window that gets words: a Qt text field in a process of its own that tells what it holds.

Run as a script it *is* that program: ``targets.py TITLE``; each change of the text comes out as a line of JSON, and
lines on its standard input tell it to ``clear``, ``freeze SECONDS``, ``text JSON``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fakes.rig_display import Display


class TextWindow:
    """What the field in that process holds, as of its last word."""

    def __init__(self, title: str, process: subprocess.Popen[bytes]) -> None:
        self.title = title
        self.text = ""
        self.process = process
        self._news = threading.Condition()
        self._rest = b""

    def take(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        with self._news:
            for line in lines:
                self.text = json.loads(line)
            self._news.notify_all()

    def tell(self, command: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(command.encode() + b"\n")
        self.process.stdin.flush()

    def clear(self) -> None:
        self.tell('text ""')
        self.wait_for("")

    def wait_for(self, text: str, timeout: float = 10.0) -> None:
        """Until the field holds exactly ``text``."""
        with self._news:
            if not self._news.wait_for(lambda: self.text == text, timeout):
                raise AssertionError(f"waited {timeout:g} s in vain for {text!r} in the window; it holds {self.text!r}")


@contextmanager
def text_window(on: Display, title: str = "field") -> Iterator[TextWindow]:
    """Such a window with the focus, listening when the block begins."""
    from fakes.rig_processes import Reader, started

    command = [sys.executable, str(Path(__file__).resolve()), title]
    with started(command, on.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        window = TextWindow(title, process)
        assert process.stdout is not None
        reader = Reader(process.stdout, window.take)
        on.focus(title, 20)
        yield window
    reader.join()


def _program(title: str) -> int:
    import time

    from PySide6.QtCore import QSocketNotifier
    from PySide6.QtWidgets import QApplication, QPlainTextEdit

    app = QApplication(["field"])
    field = QPlainTextEdit()

    def say() -> None:
        sys.stdout.write(json.dumps(field.toPlainText()) + "\n")
        sys.stdout.flush()

    field.setWindowTitle(title)
    field.textChanged.connect(say)

    def obey() -> None:
        command, _, rest = sys.stdin.readline().strip().partition(" ")
        if command == "freeze":
            time.sleep(float(rest))
        elif command == "text":
            field.setPlainText(json.loads(rest))
        elif not command:
            app.quit()

    notifier = QSocketNotifier(0, QSocketNotifier.Type.Read)
    notifier.activated.connect(obey)
    field.resize(600, 300)
    field.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(_program(sys.argv[1]))
