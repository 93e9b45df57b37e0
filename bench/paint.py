"""One partial in the window's transcript: laying out and painting it with 100,000 segments, against 1,000."""

from __future__ import annotations

import os
import statistics
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication  # after the platform is chosen

from debabelizer.events import Freeze, Replace, SegmentId
from debabelizer_desktop import theme
from debabelizer_desktop.models.transcript import TranscriptModel
from debabelizer_desktop.widgets.transcript_view import TranscriptView
from figures import Figure, report

FEW, MANY = 1_000, 100_000
ROUNDS = 400


def filled(count: int) -> TranscriptView:
    """A view at its end, with ``count`` committed segments, three to a paragraph."""
    model = TranscriptModel()
    for number in range(count):
        if number % 3 == 0:
            model.begin_take()
        model.apply(Freeze(segment=SegmentId(0, number), text=f"segment number {number} of a long day"))
    view = TranscriptView(model)
    view.resize(760, 460)
    view.show()
    QApplication.processEvents()
    return view


def one_partial(view: TranscriptView, number: int) -> float:
    """Seconds from the change to the painted pixels."""
    change = Replace(segment=SegmentId(1, 0), text=f"and the words so far are {number}")
    began = time.perf_counter()
    view.model.apply(change)
    view.settle()
    view.viewport().repaint()
    return time.perf_counter() - began


def main() -> None:
    app = QApplication([])
    theme.install(app).apply(theme.ThemeChoice.LIGHT)
    views = {FEW: filled(FEW), MANY: filled(MANY)}
    spent: dict[int, list[float]] = {FEW: [], MANY: []}
    for number in range(ROUNDS):  # turn by turn, so that a busy moment of the machine hits both
        for count, view in views.items():
            spent[count].append(one_partial(view, number))
    few, many = (statistics.median(spent[count]) for count in (FEW, MANY))
    report(
        Figure(
            f"painting a partial at {MANY:,} segments",
            many / few,
            "x",
            1.5,
            f"at {FEW:,} segments ({few * 1e6:.0f} µs; {MANY:,}: {many * 1e6:.0f} µs)",
        )
    )


if __name__ == "__main__":
    main()
