"""How far ``debabelizer transcribe`` is: on a terminal a line for each file that is under way, and a total."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from debabelizer.transcriber import Progress


class View:
    """``wanted``: False shows nothing. ``total``: how many files there are; None: not known, as where a folder is
    watched."""

    def __init__(self, *, wanted: bool, total: int | None) -> None:
        self._wanted, self._total = wanted, total
        self._over = 0
        self._running: dict[str, Progress | None] = {}
        self._live: Any = None

    def begin(self, name: str) -> None:
        self._running[name] = None
        self._show()

    def update(self, name: str, progress: Progress) -> None:
        self._running[name] = progress
        self._show()

    def end(self, name: str) -> None:
        """It is done, skipped or failed, begun or not."""
        self._over += 1
        self._running.pop(name, None)
        if self._live is not None and not self._running:
            self._live.stop()
            self._live = None

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """While something else is printed."""
        live, self._live = self._live, None
        if live is not None:
            live.stop()
        yield
        if live is not None and self._running:
            self._show()

    def _show(self) -> None:
        if not self._wanted:
            return
        from rich.console import Group
        from rich.live import Live

        from debabelizer.cli.context import console

        if self._live is None:
            self._live = Live(console=console(stderr=True), transient=True, refresh_per_second=8)
            self._live.start()
        width = self._live.console.width
        lines = [_line(name, progress, width) for name, progress in self._running.items()]
        if self._total is not None and self._total > 1:
            lines.append(f"{self._over} of {self._total} files")
        self._live.update(Group(*lines))


def _line(name: str, progress: Progress | None, width: int) -> Any:
    from rich.text import Text

    short, state = Path(name).name, how_far(progress) if progress else ""
    room = max(10, width - len(short) - len(state) - 4)
    newest = " ".join(progress.text.split())[-room:] if progress else ""
    line = Text.assemble((short, "bold"), f"  {state}  ", (newest, "dim"))
    line.truncate(width)
    return line


def how_far(progress: Progress) -> str:
    """What happens, and how far it is."""
    total = f" of {clock(progress.total)}" if progress.total else ""
    if progress.stage == "converting":
        return f"reading {clock(progress.converted)}{total}"
    if progress.stage == "waiting" and progress.error is not None:
        return f"{progress.error.message} Trying again in {progress.wait:.0f} s."
    if progress.stage == "sent" and not progress.done:
        return "sent, waiting for the text" if not progress.text else "sent"
    percent = f" {min(100, 100 * progress.done / progress.total):.0f} %" if progress.total else ""
    return f"{clock(progress.done)}{total}{percent}"


def clock(seconds: float) -> str:
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
