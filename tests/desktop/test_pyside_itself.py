"""What this program relies on in PySide6, told apart from its own faults."""

from __future__ import annotations

import subprocess
import sys

from PySide6.QtCore import QObject, Signal


class Emitter(QObject):
    fired = Signal()


def test_emitting_a_signal_costs_no_reference_to_true() -> None:
    """PySide6 6.12.0 on Python 3.11 loses one at every emit and aborts after some hundreds (docs/decisions.md)."""
    emitter = Emitter()
    before = sys.getrefcount(True)
    for _ in range(50):
        emitter.fired.emit()
    assert sys.getrefcount(True) > before - 25


def test_modules_imported_after_qt_are_not_read_as_text() -> None:
    """Without ``qt_imports`` PySide6 would keep the source of each (docs/decisions.md)."""
    program = (
        "import linecache\n"
        "from debabelizer_desktop import qt_imports\n"
        "import csv, colorsys\n"
        "print(*[name for name in linecache.cache if name.endswith(('csv.py', 'colorsys.py'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
