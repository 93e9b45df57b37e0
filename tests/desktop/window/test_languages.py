"""The interface changes its language while it runs, and nothing is left behind in English."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from debabelizer.errors import Category, ProviderError, Remedy
from debabelizer.events import DictationState, InsertResult, SessionState
from debabelizer_desktop import text
from debabelizer_desktop.lifecycle import Program
from debabelizer_desktop.widgets.chip import Chip
from debabelizer_desktop.widgets.rail import PageName
from debabelizer_desktop.windows.settings_page import SettingsPage
from debabelizer_providers.deepgram import trouble as deepgram
from debabelizer_providers.elevenlabs import trouble as elevenlabs

ROOT = Path(__file__).parents[3]

# names, formats and values that are the same in every language
SAME = re.compile(
    r"deepgram|nova|flux|openai|azure|speech|speaches|vllm|gpt|transcribe|mini|diarize|soniox|async|real-time|"
    r"google|cloud|chirp|cartesia|ink|medical|"
    r"debabelizer|elevenlabs|whisper|hugging face|markdown|json|scribe|realtime|lite|turbo|live|english|deutsch|"
    r"large|medium|small|base|tiny|distil|float|bfloat|int|api|key|vad|cpu|cuda|nvidia|ctrl|alt|space|pause|"
    r"escape|enter|f\d+|en|ru|pt-br|µ-law|http\S*|wss\S*|\{?[A-Z_0-9]+\}?|x11|ms|nothing"
)
ENGLISH = re.compile(r"[A-Za-z]{3,}")


def texts(widget: QWidget) -> Iterator[str]:
    """What one widget shows or says."""
    yield from (widget.accessibleName(), widget.toolTip())
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, Chip):
        yield widget.words
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        yield widget.placeholderText()
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(row) for row in range(widget.count()))
    if isinstance(widget, QListWidget):
        yield from (widget.item(row).text() for row in range(widget.count()))
    if isinstance(widget, QMenu):
        yield from (action.text() for action in widget.actions())


def english_in(words: str) -> list[str]:
    """Words of a text that should have been translated. A text with Cyrillic in it is taken as translated."""
    if re.search("[а-яё]", words, re.IGNORECASE):
        return []
    return [word for word in ENGLISH.findall(words) if not SAME.fullmatch(word.lower()) and not SAME.fullmatch(word)]


def every_page(program: Program) -> list[QWidget]:
    window = program.window
    window.open_page(PageName.HISTORY)
    page = window.open_page(PageName.SETTINGS)
    assert isinstance(page, SettingsPage)
    for setting in program.settings.table:
        page.section(setting.group)
    assert program.parts is not None
    return [window, program.parts.overlay, program.parts.tray._menu]


def test_switching_leaves_no_english(program: Program, qtbot: QtBot) -> None:
    tops = every_page(program)
    shown = program.window.dictate.bar.commit_button.text()
    program.settings.set("window.language", "ru")
    qtbot.waitUntil(lambda: program.window.dictate.bar.commit_button.text() == "Готово")
    QApplication.processEvents()
    left = {
        (type(widget).__name__, words)
        for top in tops
        for widget in [top, *top.findChildren(QWidget)]
        for words in texts(widget)
        if english_in(words)
    }
    assert not left
    program.settings.set("window.language", "en")
    qtbot.waitUntil(lambda: program.window.dictate.bar.commit_button.text() == shown)


def test_the_first_run_page_is_translated(make_program: Callable[..., Program]) -> None:
    program = make_program(welcomed=False, window__language="ru")
    assert program.parts is not None
    page = program.parts._first_run
    assert page is not None
    left = {words for widget in [page, *page.findChildren(QWidget)] for words in texts(widget) if english_in(words)}
    assert not left


@pytest.mark.parametrize(
    ("words", "russian"),
    [
        ("The key F9 is already taken by another program.", "Клавиша F9 уже занята другой программой."),
        ("The microphone gave no sound.", "Микрофон не дал звука."),
        ("No connection to api.example.org: it is empty", "Нет связи с api.example.org: он пуст"),
        (
            "The recogniser's process ended unexpectedly (exit code -9)",
            "Процесс распознавателя неожиданно завершился (код -9)",
        ),
    ],
)
def test_messages_of_the_engine_are_found_by_their_template(program: Program, words: str, russian: str) -> None:
    program.language.apply("ru")
    assert text.error(ProviderError(words)) == russian


@pytest.mark.parametrize(
    ("error", "russian"),
    [
        (elevenlabs.frame_error("quota_exceeded", "0 left"), "Средства на счёте ElevenLabs исчерпаны. (0 left)"),
        (deepgram.http_error(401, b'{"err_msg": "Bad key"}'), "Deepgram не принял ключ API. (Bad key)"),
        (deepgram.http_error(500, b""), "Deepgram ответил с кодом HTTP 500."),
    ],
)
def test_a_vendors_words_stay_behind_the_translated_cause(program: Program, error: ProviderError, russian: str) -> None:
    program.language.apply("ru")
    assert text.error(error) == russian


def test_every_state_and_remedy_has_words(program: Program) -> None:
    program.language.apply("ru")
    said = [
        *(text.category(c) for c in Category),
        *(text.remedy(r) for r in Remedy),
        *(text.session_state(s) for s in SessionState),
        *(text.dictation_state(s) for s in DictationState),
        *(text.insert_result(r, "xterm", "Ctrl+V") for r in InsertResult),
    ]
    assert all(re.search("[а-я]", words) for words in said)


def _script(name: str) -> ModuleType:
    folder = str(ROOT / "i18n")
    sys.path.insert(0, folder)
    try:
        spec = importlib.util.spec_from_file_location(f"i18n_{name}", ROOT / "i18n" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(folder)
    return module


def test_translations_are_complete_and_compiled(tmp_path: Path) -> None:
    listed = ElementTree.parse(ROOT / "i18n" / "debabelizer_ru.ts")
    unfinished = [
        message.findtext("source")
        for message in listed.iter("message")
        if message.find("translation") is None or not (message.findtext("translation") or "").strip()
    ]
    assert unfinished == []
    _script("compile").compile_all(tmp_path)
    made = (tmp_path / "debabelizer_ru.qm").read_bytes()
    assert made == (ROOT / "resources" / "i18n" / "debabelizer_ru.qm").read_bytes(), "run i18n/compile.py"


def test_every_text_of_the_engine_is_in_the_translations() -> None:
    finder = _script("engine_texts")
    listed = ElementTree.parse(ROOT / "i18n" / "debabelizer_ru.ts")
    known = {
        message.findtext("source")
        for context in listed.iter("context")
        if context.findtext("name") == "Engine"
        for message in context.iter("message")
    }
    wanted = finder.every_text()
    assert sorted(set(wanted) - known) == [], "run i18n/update.py and translate"
    templates = json.loads((ROOT / "resources" / "i18n" / "templates.json").read_text(encoding="utf-8"))
    assert templates == finder.templates(wanted)
