"""Every setting of the table can be seen, changed and put back in the window, by keyboard and by ear too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTranslator
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from debabelizer.contract.settings import Kind
from debabelizer_desktop import theme
from debabelizer_desktop.lifecycle import Program
from debabelizer_desktop.widgets import editors
from debabelizer_desktop.widgets.hotkey_recorder import HotkeyRecorder
from debabelizer_desktop.widgets.rail import PageName
from debabelizer_desktop.widgets.rules_editor import RulesEditor
from debabelizer_desktop.windows.settings_page import SettingsPage

MakeProgram = Callable[..., Program]


def opened(program: Program) -> SettingsPage:
    page = program.window.open_page(PageName.SETTINGS)
    assert isinstance(page, SettingsPage)
    for setting in program.settings.table:
        page.section(setting.group)
    return page


def test_every_setting_has_a_row_with_a_name(program: Program) -> None:
    page = opened(program)
    assert set(page.rows) == {setting.key for setting in program.settings.table}
    for key, row in page.rows.items():
        assert row.editor.accessibleName(), key


def other_value(editor: editors.Editor, program: Program) -> Any:
    setting = editor.setting
    now = program.settings.get(setting.key)
    match setting.kind:
        case Kind.BOOL:
            return not now
        case Kind.INT | Kind.FLOAT:
            return setting.maximum if now != setting.maximum else setting.minimum
        case Kind.CHOICE:
            return next((choice.value for choice in setting.choices if choice.value != now), None)
        case Kind.LIST:
            return (setting.example,) if setting.pattern else ("Zürich", "Łódź")
        case _:
            return None


def enter(editor: editors.Editor, value: Any) -> None:
    """As a person does it, through the control."""
    if isinstance(editor, editors.BoolEditor):
        editor.box.click()
    elif isinstance(editor, editors.NumberEditor):
        editor.spin.setValue(value)
    elif isinstance(editor, editors.ChoiceEditor):
        editor.combo.setCurrentIndex(editor.combo.findData(value))
        editor.combo.activated.emit(editor.combo.currentIndex())
    elif isinstance(editor, editors.ListEditor):
        editor.edit.setPlainText("\n".join(value))
        editor.edit.left.emit()


def test_values_go_round_and_back_to_the_default(program: Program) -> None:
    page = opened(program)
    skipped = {"window.language", "window.theme", "log.level", "secrets.store"}  # they change the test's own ground
    for key, row in page.rows.items():
        value = other_value(row.editor, program)
        if value is None or key in skipped or row.unavailable:
            continue
        before = program.settings.get(key)
        enter(row.editor, value)
        assert program.settings.get(key) == value, key
        assert program.settings.origin(key).source == "file", key
        row.back.click()
        assert program.settings.origin(key).source == "default", key
        assert before is not None


def test_the_environment_wins_and_says_so(make_program: MakeProgram, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBABELIZER_DICTATION_TAIL_MS", "500")
    program = make_program()
    row = opened(program).rows["dictation.tail_ms"]
    assert not row.editor.isEnabled()
    assert "DEBABELIZER_DICTATION_TAIL_MS" in row._origin.text()


def test_a_hotkey_is_taken_from_the_keyboard(program: Program, qtbot: QtBot) -> None:
    page = opened(program)
    page.show_setting("dictation.undo_key")
    recorder = page.rows["dictation.undo_key"].editor
    assert isinstance(recorder, HotkeyRecorder)
    heard: list[bool] = []
    page.recording_hotkey.connect(heard.append)
    qtbot.mouseClick(recorder.field, Qt.MouseButton.LeftButton)
    qtbot.keyClick(
        recorder.field, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    )
    assert program.settings.get("dictation.undo_key") == "Ctrl+Alt+Space"
    assert heard == [True, False]


def test_rules_keep_what_the_table_does_not_show(program: Program) -> None:
    rule = {"program": "xterm", "method": "paste", "keys": "Shift+Insert", "terminal": True}
    program.settings.set("insert.rules", [rule])
    editor = opened(program).rows["insert.rules"].editor
    assert isinstance(editor, RulesEditor)
    item = editor.table.item(0, 0)
    assert item is not None
    item.setText("uxterm")
    assert [dict(found) for found in program.settings.get("insert.rules")] == [rule | {"program": "uxterm"}]


def test_rules_are_edited_in_a_table(program: Program) -> None:
    editor = opened(program).rows["insert.rules"].editor
    assert isinstance(editor, RulesEditor)
    editor.add.click()
    item = editor.table.item(0, 0)
    assert item is not None
    item.setText("xterm")
    keys = editor.table.item(0, 2)
    assert keys is not None
    keys.setText("Shift+Insert")
    expected = [{"program": "xterm", "method": "paste", "keys": "Shift+Insert"}]
    assert [dict(rule) for rule in program.settings.get("insert.rules")] == expected


def test_a_key_is_kept_and_never_shown(program: Program) -> None:
    editor = opened(program).rows["providers.elevenlabs.api_key"].editor
    assert isinstance(editor, editors.SecretEditor)
    editor.line.setText("sk_very_secret_0123456789")
    editor.keep.click()
    assert program.settings.get("providers.elevenlabs.api_key") == "sk_very_secret_0123456789"
    assert editor.line.text() == ""
    assert "kept" in editor.line.placeholderText()
    editor.forget.click()
    assert not program.settings.get("providers.elevenlabs.api_key")


def test_search_reaches_every_group(program: Program) -> None:
    page = opened(program)
    page.search.setText("clipboard")
    shown = {key for key, row in page.rows.items() if row.isVisibleTo(page)}
    assert "insert.method" in shown or "insert.rules" in shown
    assert "log.level" not in shown
    page.search.setText("dictation.tail_ms")
    assert {key for key, row in page.rows.items() if row.isVisibleTo(page)} == {"dictation.tail_ms"}


def test_a_provider_is_checked_on_request(program: Program, qtbot: QtBot) -> None:
    panel = opened(program).panels["sphinx"]
    qtbot.mouseClick(panel.check, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel._answer.text().startswith("✓"), timeout=20_000)


def test_every_control_has_a_name_for_screen_readers(program: Program) -> None:
    opened(program)
    program.window.open_page(PageName.HISTORY)
    nameless = [
        f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
        for widget in program.window.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not widget.isHidden()
        and isinstance(widget, QAbstractButton | QLineEdit | QComboBox | QAbstractSpinBox)
        and not widget.objectName().startswith("qt_")
        and not isinstance(widget.parent(), QAbstractSpinBox | QComboBox)
        and not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
    ]
    assert nameless == []


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_what_one_reads_has_enough_contrast(qapp: QApplication, choice: str) -> None:
    t = theme.LIGHT if choice == "light" else theme.DARK
    for ink in (t.text, t.secondary, t.accent):
        for paper in (t.card, t.background, t.rail):
            assert theme.contrast(ink, paper) >= theme.LEAST_CONTRAST, (ink, paper)
    assert theme.contrast(t.on_accent, t.accent) >= theme.LEAST_CONTRAST
    assert theme.contrast(t.text, t.accent_soft) >= theme.LEAST_CONTRAST


def test_no_colour_stands_outside_the_theme() -> None:
    import re
    from pathlib import Path

    import debabelizer_desktop

    package = Path(debabelizer_desktop.__file__).parent
    literal = re.compile(r"#[0-9A-Fa-f]{6}\b|QColor\(\s*\d|rgba?\(")
    sheet = package.parent.parent / "resources" / "styles" / "window.qss"
    found = [
        path.name
        for path in [*package.rglob("*.py"), sheet]
        if path.name != "theme.py" and literal.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


class Longer(QTranslator):
    """Every text half as long again, as German would have it."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"{source} {'w' * (len(source) // 2)}" if source else ""


@pytest.fixture
def longer(qapp: QApplication) -> Iterator[Longer]:
    translator = Longer()
    yield translator
    qapp.removeTranslator(translator)


@pytest.mark.parametrize("size", [(720, 480), (1000, 660)])
@pytest.mark.parametrize("language", ["en", "ru", "longer"])
def test_nothing_is_cut_off(
    make_program: MakeProgram, qapp: QApplication, longer: Longer, size: tuple[int, int], language: str
) -> None:
    program = make_program(window__language="ru" if language == "ru" else "en")
    if language == "longer":
        qapp.installTranslator(longer)
    program.window.resize(*size)
    QApplication.processEvents()
    bar = program.window.dictate.bar
    for button in bar.findChildren(QPushButton):
        if button.isVisible():
            assert button.width() >= button.minimumSizeHint().width(), button.text()
            assert bar.rect().contains(QRect(button.mapTo(bar, QPoint()), button.size())), button.text()
    for label in program.window.dictate.empty.findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width()), label.text()
    right = program.window.dictate.top.connection.geometry().right()
    assert right <= program.window.dictate.top.rect().right()


@pytest.mark.parametrize("language", ["en", "ru", "longer"])
def test_no_settings_page_is_wider_than_its_place(
    make_program: MakeProgram, qapp: QApplication, longer: Longer, qtbot: QtBot, language: str
) -> None:
    program = make_program(window__language="ru" if language == "ru" else "en")
    if language == "longer":
        qapp.installTranslator(longer)
    program.window.resize(1000, 560)
    page = opened(program)
    qtbot.wait(50)  # the key store answers from its thread
    for row in range(page.list.count()):
        page.list.setCurrentRow(row)
        QApplication.processEvents()
        inner = page._scroll.widget()
        assert inner.minimumSizeHint().width() <= page._scroll.viewport().width(), page.list.item(row).text()
        for label in inner.findChildren(QLabel):
            if label.isVisible() and label.wordWrap():
                assert label.height() >= label.heightForWidth(label.width()), label.text()


@pytest.mark.parametrize("language", ["en", "ru", "longer"])
def test_a_long_name_of_a_group_goes_on_in_a_second_line(
    make_program: MakeProgram, qapp: QApplication, longer: Longer, language: str
) -> None:
    program = make_program(window__language="ru" if language == "ru" else "en")
    if language == "longer":
        qapp.installTranslator(longer)
    program.window.resize(720, 480)
    page = program.window.open_page(PageName.SETTINGS)
    assert isinstance(page, SettingsPage)
    groups = page.list
    QApplication.processEvents()
    words, width = QFontMetrics(groups.font()), groups.viewport().width() - 2 * 10
    for item in (groups.item(row) for row in range(groups.count())):
        needed = words.boundingRect(QRect(0, 0, width, 1000), Qt.TextFlag.TextWordWrap, item.text()).height()
        assert groups.visualItemRect(item).height() >= needed + 2 * 8, item.text()  # and the style sheet's padding


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_page_fits_a_small_window_and_gets_its_two_columns_back(
    make_program: MakeProgram, qtbot: QtBot, language: str
) -> None:
    program = make_program(window__language=language)
    page = opened(program)
    program.window.resize(720, 480)
    viewport = page._scroll.viewport()
    for index in range(page.list.count()):
        page.list.setCurrentRow(index)
        qtbot.waitUntil(lambda: page._scroll.widget().minimumSizeHint().width() <= viewport.width(), timeout=3_000)
    row = page.rows["dictation.mode"]
    page.show_setting("dictation.mode")
    assert row.editor.y() > row._help.y()
    program.window.resize(1000, 660)
    qtbot.waitUntil(lambda: row.editor.x() > row._help.geometry().right())


@pytest.mark.usefixtures("no_graphics_cards")
def test_a_choice_whose_part_the_package_lacks_is_grey_with_the_reason(program: Program) -> None:
    combo = opened(program).rows["providers.whisper.device"].editor.combo
    greyed = {
        combo.itemData(n): combo.itemData(n, Qt.ItemDataRole.ToolTipRole)
        for n in range(combo.count())
        if not combo.model().flags(combo.model().index(n, 0)) & Qt.ItemFlag.ItemIsEnabled
    }
    assert list(greyed) == ["cuda"]
    assert "install Debabelizer with pipx" in greyed["cuda"]
