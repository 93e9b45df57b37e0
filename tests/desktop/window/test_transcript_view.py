"""The transcript on screen follows the segment map, whatever history it goes through."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from debabelizer.events import Append, Change, Freeze, Replace, Retract, SegmentId, Tail
from debabelizer_desktop import theme
from debabelizer_desktop.models.transcript import TranscriptModel
from debabelizer_desktop.widgets.paragraph_layout import ParagraphLayout
from debabelizer_desktop.widgets.transcript_view import TranscriptView

WORDS = st.text(alphabet="abcdefgh 。語", min_size=0, max_size=30)
SEGMENTS = st.builds(SegmentId, st.integers(0, 1), st.integers(0, 7))


def changes() -> st.SearchStrategy[Change]:
    starts = st.one_of(st.none(), st.floats(0, 20))
    return st.one_of(
        st.builds(Replace, segment=SEGMENTS, text=WORDS, start=starts),
        st.builds(Append, segment=SEGMENTS, text=WORDS, start=starts),
        st.builds(Tail, segment=SEGMENTS, frozen=WORDS, volatile=WORDS, start=starts),
        st.builds(Freeze, segment=SEGMENTS, text=WORDS, start=starts),
        st.builds(Retract, segment=SEGMENTS),
    )


def squeezed(text: str) -> str:
    return "".join(text.split())


def view_of(qtbot: QtBot, model: TranscriptModel) -> TranscriptView:
    view = TranscriptView(model)
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.show()
    qtbot.waitExposed(view)
    return view


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(st.one_of(changes(), st.just("take")), max_size=40))
def test_paragraphs_hold_the_maps_text_after_every_history(themed: theme.Theme, history: list[Change | str]) -> None:
    model = TranscriptModel()
    view = TranscriptView(model)
    for change in history:
        if isinstance(change, str):
            model.begin_take()
        else:
            model.apply(change)
        assert len(view.heights) == len(model.paragraphs)
    shown = "".join(model.text(paragraph).text for paragraph in model.paragraphs)
    assert squeezed(shown) == squeezed(model.map.text)
    owned = [segment for paragraph in model.paragraphs for segment in paragraph.segments]
    assert owned == [segment.id for segment in model.map.segments() if segment.text]
    view.deleteLater()


def fill(model: TranscriptModel, count: int) -> None:
    for number in range(count):
        model.begin_take()
        model.apply(Freeze(segment=SegmentId(0, number), text=f"paragraph number {number} " * (1 + number % 9)))


def test_it_follows_the_end_until_the_user_scrolls_away(qtbot: QtBot, themed: theme.Theme) -> None:
    model = TranscriptModel()
    view = view_of(qtbot, model)
    fill(model, 80)
    bar = view.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    bar.setValue(bar.maximum() // 2)
    kept = bar.value()
    model.begin_take()
    model.apply(Freeze(segment=SegmentId(1, 0), text="more"))
    qtbot.wait(20)  # a paint may follow; the place must not move
    assert abs(bar.value() - kept) <= 60
    assert bar.value() < bar.maximum()
    qtbot.keyClick(view, Qt.Key.Key_End)
    model.apply(Replace(segment=SegmentId(1, 1), text="and more"))
    qtbot.waitUntil(lambda: bar.value() == bar.maximum())


def test_only_what_is_in_sight_is_laid_out(qtbot: QtBot, themed: theme.Theme) -> None:
    model = TranscriptModel()
    fill(model, 3000)
    view = view_of(qtbot, model)
    qtbot.waitUntil(lambda: len(view._layouts) > 0)
    assert len(view._layouts) <= 40


def test_a_correction_is_marked_then_remembered(qtbot: QtBot, themed: theme.Theme) -> None:
    model = TranscriptModel()
    view = view_of(qtbot, model)
    segment = SegmentId(0, 0)
    model.apply(Freeze(segment=segment, text="ask about their essay"))
    qtbot.waitUntil(lambda: bool(view._layouts))
    plain = view.heights.total
    soft = theme.colour(theme.tokens().accent_soft)

    def marked() -> bool:
        picture = view.viewport().grab().toImage()
        return any(picture.pixelColor(x, 32) == soft for x in range(78, 300))

    assert not marked()
    model.apply(Freeze(segment=segment, text="ask about their SLA"))
    qtbot.waitUntil(lambda: view.heights.total > plain)  # the note takes room
    assert marked()
    qtbot.waitUntil(lambda: not marked(), timeout=4000)
    qtbot.waitUntil(lambda: view.heights.total == plain, timeout=8000)
    span = view.laid_out(0).content.at(0)
    assert span is not None
    assert span.previous == "ask about their essay"


def test_selecting_by_mouse_and_keyboard(qtbot: QtBot, themed: theme.Theme) -> None:
    model = TranscriptModel()
    view = view_of(qtbot, model)
    fill(model, 3)
    qtbot.waitUntil(lambda: len(view._layouts) == 3)
    port = view.viewport()
    qtbot.mouseDClick(port, Qt.MouseButton.LeftButton, pos=QPoint(95, 33))
    assert view.selected_text() == "paragraph"
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=QPoint(81, 33))
    qtbot.mouseMove(port, QPoint(400, 80))
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=QPoint(400, 80))
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == model.whole_text()
    qtbot.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert view.selected_text() == model.whole_text().rstrip()[: len(view.selected_text())]


@pytest.mark.parametrize(
    ("said", "at_the_right"), [("Hello world.", False), ("שלום עולם", True), ("«שלום» world", True), ("12 مرحبا", True)]
)
def test_a_paragraph_begins_where_its_script_does(themed: theme.Theme, said: str, at_the_right: bool) -> None:
    model = TranscriptModel()
    model.apply(Freeze(segment=SegmentId(0, 0), text=said))
    layout = ParagraphLayout(model.text(model.paragraphs[0]), datetime.now(UTC), 600.0, ())
    place = layout.layout.lineAt(0).naturalTextRect()
    assert (place.right() > 590) == at_the_right
    assert (place.left() < 10) == (not at_the_right)


def test_partials_stand_apart_and_minutes_make_paragraphs(themed: theme.Theme) -> None:
    minute = [datetime(2026, 1, 1, 9, 41, tzinfo=UTC)]
    model = TranscriptModel(now=lambda: minute[0])
    model.apply(Freeze(segment=SegmentId(0, 0), text="settled"))
    model.apply(Tail(segment=SegmentId(0, 1), frozen="nearly", volatile=" there"))
    text = model.text(model.paragraphs[0])
    assert text.text == "settled nearly there"
    assert text.open
    assert text.spans[1].settled == len("settled nearly")
    minute[0] = datetime(2026, 1, 1, 9, 42, tzinfo=UTC)
    model.apply(Freeze(segment=SegmentId(0, 2), text="later"))
    assert [p.when.minute for p in model.paragraphs] == [41, 42]
