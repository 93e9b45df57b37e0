"""Makes the pictures of the documentation: ``python docs/make_screenshots.py``.

The real windows on a virtual display, fed with the events an engine would send; light and dark.
"""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE / "screenshots"
sys.path[:0] = [str(HERE.parent / "app"), str(HERE.parent / "providers")]

from debabelizer.audio.capture import Microphone  # noqa: E402 - found by the line above
from debabelizer.events import (  # noqa: E402
    DictationChanged,
    DictationState,
    Freeze,
    InsertResult,
    LevelChanged,
    Replace,
    SegmentId,
    SessionState,
    StateChanged,
    TakeFinished,
    TakeStamps,
)

SETTLE_MS = 1500


def levels(count: int) -> list[float]:
    """Loudness that looks like speech, in dB."""
    return [-42 + 26 * abs(math.sin(i * 1.7) * math.cos(i * 0.6)) for i in range(count)]


def fill_main(program: object) -> None:
    from debabelizer_desktop.lifecycle import Program

    assert isinstance(program, Program)
    model, bridge = program.model, program.bridge
    model._now = lambda: datetime(2026, 11, 21, 9, 41)  # noqa: DTZ001 - a picture's own time

    def say(number: int, text: str) -> None:
        model.apply(Freeze(segment=SegmentId(0, number), text=text))

    model.begin_take()
    say(0, "Let’s move the review to Thursday. I’ll send the agenda tonight, and Maria will bring the numbers.")
    model._now = lambda: datetime(2026, 11, 21, 9, 42)  # noqa: DTZ001
    model.begin_take()
    say(1, "Please ask the vendor about their essay,")
    say(2, "and copy legal.")
    say(1, "Please ask the vendor about their SLA,")
    bridge.state_changed.emit(StateChanged(provider="elevenlabs", state=SessionState.CONNECTED))
    bridge.dictation_changed.emit(DictationChanged(state=DictationState.OPENING))
    bridge.dictation_changed.emit(DictationChanged(state=DictationState.LISTENING))
    model.apply(Replace(segment=SegmentId(0, 3), text="and if they can’t confirm by Friday then we"))
    for rms in levels(28):
        bridge.level_changed.emit(LevelChanged(rms=rms, peak=rms + 6, elapsed=7.4))
    stamps = TakeStamps(key_down=0, key_up=1, inserted=1.184)
    bridge.take_finished.emit(
        TakeFinished(take="", text="", provider="", result=InsertResult.INSERTED, target="", stamps=stamps)
    )
    program.window.dictate.top.set_microphones([Microphone("", "Built-in microphone", True)])


def fill_recordings(program: object) -> None:
    from debabelizer.errors import UnsupportedFormatError
    from debabelizer.recordings.item import RecordingChanged, RecordingItem
    from debabelizer.recordings.item import RecordingState as State
    from debabelizer.transcriber import Progress
    from debabelizer_desktop.lifecycle import Program
    from debabelizer_desktop.widgets.rail import PageName

    assert isinstance(program, Program)
    text = (
        "Welcome, everybody. There are three points today: the move to the new building, the budget for spring, and "
        "what we do about the delivery dates. Maria has brought the numbers, so let us begin with the budget.\n\n"
        "The first quarter looks better than we thought. Travel is below plan, and the two positions that were open "
        "since autumn are filled. What worries me a little is the"
    )
    said = Progress(1_274.0, 2_891.0, text, stage="sent")
    broken = UnsupportedFormatError("notes.mp3 is not an audio or video file, or it is damaged from its start.")
    items = (
        RecordingItem(
            path="/talks/Board meeting, 19 November.mp4",
            state=State.RUNNING,
            added=2,
            provider="elevenlabs",
            seconds=2_891,
            progress=said,
            left=245,
        ),
        RecordingItem(
            path="/talks/interview-2.m4a", state=State.DONE, added=1, provider="whisper", seconds=1_562, has_text=True
        ),
        RecordingItem(path="/talks/notes.mp3", state=State.FAILED, added=1, provider="elevenlabs", error=broken),
    )
    for item in items:
        program.bridge.recording_changed.emit(RecordingChanged(item=item))
    program.window.open_page(PageName.RECORDINGS)


def overlay_picture(path: Path) -> None:
    """Every state of the pill, one below the other, as it looks over another window."""
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QPainter, QPixmap

    from debabelizer_desktop import theme
    from debabelizer_desktop.memory import Memory
    from debabelizer_desktop.windows.overlay import PILL, Overlay, OverlayState

    shown = [
        (OverlayState.OPENING, "Opening the microphone…"),
        (OverlayState.LISTENING, "and if they can’t confirm by Friday then we"),
        (OverlayState.FINISHING, "and if they can’t confirm by Friday then we"),
        (OverlayState.DONE, "Inserted in thunderbird"),
        (OverlayState.CLIPBOARD, "On the clipboard — press Ctrl+V"),
        (OverlayState.FAILED, "No answer. Recording kept."),
    ]
    picture = QPixmap(PILL.width() + 80, len(shown) * 65 + 40)
    picture.fill(theme.colour(theme.tokens().line))
    painter = QPainter(picture)
    for row, (state, words) in enumerate(shown):
        overlay = Overlay(Memory(path.with_suffix(".none")))
        overlay.present(state, words)
        for rms in levels(16):
            overlay.hear(rms, 7.4)
        overlay.clearMask()
        painter.drawPixmap(QPoint(40, 27 + row * 65), overlay.grab())
        overlay.close()
    painter.end()
    picture.save(str(path))


def in_theme(theme_name: str) -> None:
    """All pictures of one theme, in a process of its own."""
    from PySide6.QtCore import QTimer

    from debabelizer.config import Settings
    from debabelizer_desktop.lifecycle import Application, Program
    from debabelizer_desktop.widgets.rail import PageName

    app = Application([])
    app.setQuitOnLastWindowClosed(False)
    overrides = {"window.theme": theme_name, "window.language": "en", "languages": "en,de"}
    kept = Settings.load(overrides=overrides)
    kept.set("dictation.mode", "hold")
    program = Program(app, kept)
    window = program.window
    program.start()

    def picture(name: str) -> None:
        window.grab().save(str(TARGET / f"{name}-{theme_name}.png"))

    def main() -> None:
        fill_main(program)

    def recordings() -> None:
        picture("main")
        fill_recordings(program)

    def settings() -> None:
        picture("recordings")
        window.open_page(PageName.SETTINGS)
        assert program.parts is not None
        program.parts.open_settings("dictation.key")

    def welcomed() -> None:
        assert program.parts is not None
        picture("first-run")
        program.parts._welcomed()
        main()

    def overlay() -> None:
        picture("settings")
        overlay_picture(TARGET / f"overlay-{theme_name}.png")
        app.quit()

    steps: list[Callable[[], None]] = [welcomed, recordings, settings, overlay]
    for number, step in enumerate(steps, start=1):
        QTimer.singleShot(SETTLE_MS * number + 800, app, step)
    app.exec()
    program.stop()


def everything() -> None:
    TARGET.mkdir(exist_ok=True)
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as answer:
        display = f":{answer.readline().strip()}"
    try:
        for theme_name in ("light", "dark"):
            with tempfile.TemporaryDirectory() as home:
                environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "DEBABELIZER_HOME": home}
                subprocess.run([sys.executable, __file__, theme_name], env=environment, check=True)
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        in_theme(sys.argv[1])
    else:
        everything()
