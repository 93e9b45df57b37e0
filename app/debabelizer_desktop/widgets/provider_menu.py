"""Providers as a menu to choose one from, each with what it still needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from debabelizer.config import Settings
from debabelizer_desktop import text
from debabelizer_desktop.text import translate


def fill_providers(
    menu: QMenu, settings: Settings, chosen: str, choose: Callable[[str], object], otherwise: str = ""
) -> None:
    """``choose`` gets the provider's name, empty for the first entry: ``otherwise``, or the automatic choice."""
    from debabelizer import registry
    from debabelizer.config.selection import Readiness, standing_of

    menu.clear()
    group = QActionGroup(menu)
    offered = [(menu.addAction(otherwise or translate("Main", "Automatic"), partial(choose, "")), "")]
    for name in registry.names():
        words = text.provider_title(name)
        match standing_of(settings, name).readiness:
            case Readiness.NEEDS_KEY:
                words = translate("Main", "{provider} — needs a key").format(provider=words)
            case Readiness.NEEDS_MODEL:
                words = translate("Main", "{provider} — needs a download").format(provider=words)
        offered.append((menu.addAction(words, partial(choose, name)), name))
    for action, name in offered:
        action.setCheckable(True)
        action.setChecked(name == chosen)
        group.addAction(action)
