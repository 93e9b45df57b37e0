"""Insertion for the window: implements :class:`debabelizer.dictation.insertion.Inserter` on every system.

On X11 everything happens in a thread of its own with its own connection (measured: a busy window would otherwise add
its whole lag to each insertion); elsewhere Qt's clipboard is used, in the GUI thread.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodQueryEvent

from debabelizer.dictation.insertion import Insertion, Target
from debabelizer.errors import ConfigurationError, InternalError, Remedy
from debabelizer.events import InsertResult
from debabelizer_desktop.platform import system as systems
from debabelizer_desktop.platform.insert_rules import Method, Rule, rule_for, rules_from
from debabelizer_desktop.platform.system import Capabilities, System

log = logging.getLogger(__name__)


class SettingsLike(Protocol):
    """What is needed of :class:`debabelizer.config.Settings`."""

    def get(self, key: str) -> Any: ...


class QtInserter:
    """Make it in the GUI thread; its verbs are coroutines for the engine's loop.

    Settings used, each read anew for every insertion: ``insert.method``, ``insert.rules``, ``insert.space``,
    ``insert.enter_after``.
    """

    def __init__(self, settings: SettingsLike, system: System | None = None) -> None:
        self._settings = settings
        self.system = systems.current() if system is None else system
        self.capabilities: Capabilities = systems.insertion_capabilities(self.system)
        self._own_field = False
        """Whether the focus is in a field of our own that takes text (a search field, the try-out of the first run)."""
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusObjectChanged.connect(self._focus_moved)
            self._focus_moved(app.focusObject())
        self._x11: Any = None
        self._qt: Any = None
        if self.system is System.X11:
            from debabelizer_desktop.platform.insert_x11 import X11Inserter

            self._x11 = X11Inserter()
        elif self.system is not System.NONE:
            from debabelizer_desktop.platform.insert_qt import QtClipboardInserter

            self._qt = QtClipboardInserter(self.system)

    async def target(self) -> Target | None:
        """The window with the focus now; None where there is none or the system does not tell."""
        if self._x11 is not None:
            found: Target | None = await self._on_x11(self._x11.target, urgent=True)
            return found
        return self._qt.target() if self._qt is not None else None

    async def insert(self, text: str, target: Target | None) -> Insertion:
        """Put ``text`` (and the space the settings ask for) into ``target``."""
        if not text:
            return Insertion(InsertResult.NOTHING_SAID, target, text)
        if self._settings.get("insert.space") and not text[-1].isspace():
            text += " "
        rule = self._rule(target)
        enter = bool(self._settings.get("insert.enter_after"))
        if self._x11 is not None:
            x11 = self._x11
            done: Insertion = await self._on_x11(
                lambda: x11.insert(text, target, rule, enter_after=enter, own_field=self._own_field)
            )
            return done
        if self.system is System.WAYLAND:
            from debabelizer_desktop.platform.insert_qt import wayland_left, wl_copy

            if await wl_copy(text):
                return wayland_left(text, target, rule.keys)
        if self._qt is not None:
            future: Future[Insertion] = self._qt.insert(text, target, rule, enter_after=enter)
            return await asyncio.wrap_future(future)
        return Insertion(InsertResult.NOT_WANTED, target, text, detail=self.capabilities.reason)

    async def undo(self, insertion: Insertion) -> bool:
        """Remove exactly what was inserted, if it is still there; a second time does nothing."""
        if self._x11 is None or insertion.undo is None:
            return False
        x11, name = self._x11, insertion.undo
        removed: bool = await self._on_x11(lambda: x11.take_back(name))
        return removed

    def close(self) -> None:
        """Put back what was saved of the clipboard and end the thread."""
        if self._x11 is not None:
            self._x11.close()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusObjectChanged.disconnect(self._focus_moved)

    async def _on_x11(self, job: Callable[[], Any], *, urgent: bool = False) -> Any:
        """Have the thread do it; what X itself refuses becomes an error of ours."""
        from Xlib import error

        try:
            return await asyncio.wrap_future(self._x11.submit(job, urgent=urgent))
        except (error.XError, error.ConnectionClosedError) as cause:
            raise InternalError(f"The display refused: {cause}", remedy=Remedy.PASTE) from cause

    def _focus_moved(self, field: QObject | None) -> None:
        """In the GUI thread."""
        question = QInputMethodQueryEvent(Qt.InputMethodQuery.ImEnabled | Qt.InputMethodQuery.ImReadOnly)
        if field is not None:
            QCoreApplication.sendEvent(field, question)
        enabled = bool(question.value(Qt.InputMethodQuery.ImEnabled))
        self._own_field = enabled and not question.value(Qt.InputMethodQuery.ImReadOnly)

    def _rule(self, target: Target | None) -> Rule:
        try:
            own = rules_from(self._settings.get("insert.rules") or ())
        except ConfigurationError as problem:
            log.warning("%s", problem)
            own = ()
        method = Method(self._settings.get("insert.method") or Method.PASTE)
        return rule_for(target.program if target is not None else "", own, method)


def make_inserter(settings: SettingsLike) -> QtInserter:
    """The inserter of this system."""
    return QtInserter(settings)
