"""Insertion through Qt's clipboard. The program that reads is this test; on the systems it is made for it can't be run
here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData
from pytestqt.qtbot import QtBot

from debabelizer.dictation.insertion import Insertion
from debabelizer.errors import InternalError
from debabelizer.events import InsertResult
from debabelizer_desktop.platform.clipboard import clipboard
from debabelizer_desktop.platform.insert_qt import QtClipboardInserter
from debabelizer_desktop.platform.insert_rules import Method, rule_for
from debabelizer_desktop.platform.inserter import QtInserter
from debabelizer_desktop.platform.system import System

pytestmark = pytest.mark.desktop


@pytest.fixture(autouse=True)
def old_clipboard(qapp: object) -> Iterator[None]:
    old = QMimeData()
    old.setText("старое")
    old.setHtml("<b>old</b>")
    old.setData("application/x-own", b"\x00\x01")
    clipboard().setMimeData(old)
    yield
    clipboard().clear()


def insert(qtbot: QtBot, inserter: QtClipboardInserter, text: str, method: Method = Method.PASTE) -> Insertion:
    future = inserter.insert(text, None, rule_for("", (), method), enter_after=False)
    qtbot.waitUntil(future.done, timeout=5000)
    return future.result()


def test_every_format_comes_back_after_the_text_was_read(qtbot: QtBot) -> None:
    read: list[str] = []
    inserter = QtClipboardInserter(System.WINDOWS, press=lambda keys: read.append(f"{keys}: {clipboard().text()}"))
    done = insert(qtbot, inserter, "Привет 😀")
    assert read == ["Ctrl+V: Привет 😀"]
    assert done.result is InsertResult.PROBABLY  # nobody can tell who read it
    qtbot.waitUntil(lambda: clipboard().text() == "старое", timeout=3000)
    assert clipboard().mimeData().html() == "<b>old</b>"
    assert bytes(clipboard().mimeData().data("application/x-own").data()) == b"\x00\x01"


def test_a_newer_copy_wins(qtbot: QtBot) -> None:
    def press(_: str) -> None:
        assert clipboard().text() == "words"
        newer = QMimeData()
        newer.setText("newer")
        clipboard().setMimeData(newer)

    insert(qtbot, QtClipboardInserter(System.WINDOWS, press=press), "words")
    qtbot.wait(300)  # longer than the clipboard would take to come back
    assert clipboard().text() == "newer"


def test_a_text_nobody_reads_stays_on_the_clipboard(qtbot: QtBot) -> None:
    done = insert(qtbot, QtClipboardInserter(System.MACOS, press=lambda _: None), "words")
    assert (done.result, done.paste_keys) == (InsertResult.CLIPBOARD, "Meta+V")
    assert clipboard().text() == "words"


async def on_wayland(qtbot: QtBot, text: str) -> Insertion:
    import asyncio

    inserter = QtInserter({"insert.space": False, "insert.rules": (), "insert.method": "paste"}, System.WAYLAND)
    pending = asyncio.ensure_future(inserter.insert(text, await inserter.target()))
    while not pending.done():
        await asyncio.sleep(0.001)
        qtbot.wait(1)
    assert not await inserter.undo(pending.result())
    inserter.close()
    return pending.result()


async def test_wayland_copies_by_wl_copy_and_says_so(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "wl-copy"
    program.write_text(f"#!/bin/sh\ncat > '{tmp_path}/copied'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    done = await on_wayland(qtbot, "слова 😀")
    assert (done.result, done.paste_keys) == (InsertResult.CLIPBOARD, "Ctrl+V")
    assert "Wayland" in done.detail
    assert (tmp_path / "copied").read_text() == "слова 😀"


async def test_wayland_without_wl_copy_claims_nothing(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = await on_wayland(qtbot, "words")
    assert done.result is InsertResult.NOT_WANTED
    assert "wl-copy" in done.detail


def test_a_fault_of_the_system_ends_the_insertion_with_an_error(qtbot: QtBot) -> None:
    def press(_: str) -> None:
        raise RuntimeError("no permission")

    inserter = QtClipboardInserter(System.MACOS, press=press)
    future = inserter.insert("words", None, rule_for("", ()), enter_after=False)
    qtbot.waitUntil(future.done, timeout=5000)
    with pytest.raises(InternalError, match="no permission"):
        future.result()
