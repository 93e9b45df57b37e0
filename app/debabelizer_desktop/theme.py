"""Colours, measures and the one style sheet of the window, all from one table of tokens.

No colour literal stands anywhere else: widgets that paint themselves ask :func:`tokens`.
"""

from __future__ import annotations

import platform
from enum import StrEnum
from string import Template

import msgspec
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyle

from debabelizer_desktop.resources import resource

SPACE_1, SPACE_2, SPACE_3, SPACE_4, SPACE_6 = 4, 8, 12, 16, 24
RADIUS_CONTROL, RADIUS_CARD = 8, 12
LEAST_CONTRAST = 4.5


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """One theme: colours by what they are for, as ``#RRGGBB``."""

    dark: bool
    background: str
    rail: str
    card: str
    line: str
    chip: str
    text: str
    secondary: str
    faint: str
    """For times only: too pale for anything one has to read."""
    accent: str
    accent_soft: str
    on_accent: str
    recording: str
    on_recording: str
    warning: str


LIGHT = Tokens(
    dark=False,
    background="#F6F7F9",
    rail="#EEF1F4",
    card="#FFFFFF",
    line="#E2E6EC",
    chip="#F0F3F6",
    text="#14181F",
    secondary="#5B6472",
    faint="#8A93A1",
    accent="#0B7A70",
    accent_soft="#D9F2EE",
    on_accent="#FFFFFF",
    recording="#D92D20",
    on_recording="#FFFFFF",
    warning="#B54708",
)
DARK = Tokens(
    dark=True,
    background="#14171C",
    rail="#101318",
    card="#1B1F26",
    line="#2C333D",
    chip="#242A33",
    text="#E9ECF1",
    secondary="#A3ADBA",
    faint="#76808E",
    accent="#2CC7B5",
    accent_soft="#12403B",
    on_accent="#10231F",
    recording="#F97066",
    on_recording="#FFFFFF",
    warning="#FDB022",
)


class ThemeChoice(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours, 1 to 21."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(name: str) -> float:
    colour = QColor(name)
    linear = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
        for c in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast_tokens(palette: QPalette) -> Tokens:
    """High contrast: the system's palette alone, with lines as strong as text."""

    def of(role: QPalette.ColorRole) -> str:
        return palette.color(role).name()

    role = QPalette.ColorRole
    window, base, text = of(role.Window), of(role.Base), of(role.WindowText)
    highlight, on_highlight = of(role.Highlight), of(role.HighlightedText)
    return Tokens(
        dark=_luminance(window) < 0.5,
        background=window,
        rail=window,
        card=base,
        line=text,
        chip=of(role.Button),
        text=text,
        secondary=text,
        faint=text,
        accent=highlight,
        accent_soft=_soft([of(each) for each in (role.AlternateBase, role.Midlight, role.Mid)], text, base),
        on_accent=on_highlight,
        recording=highlight,
        on_recording=on_highlight,
        warning=text,
    )


def _soft(candidates: list[str], text: str, base: str) -> str:
    """What stands out most from ``base`` while ``text`` on it can still be read: chosen rows, corrected words."""
    readable = [colour for colour in candidates if contrast(colour, text) >= LEAST_CONTRAST]
    return max(readable, key=lambda colour: contrast(colour, base), default=base)


def with_system_accent(base: Tokens, palette: QPalette) -> Tokens:
    """The accent the user chose for the whole system, where the system has such a thing and it can be read."""
    if platform.system() not in ("Windows", "Darwin"):  # elsewhere Qt invents one
        return base
    accent = palette.color(QPalette.ColorRole.Accent).name()
    if contrast(accent, base.card) < LEAST_CONTRAST:
        return base
    on_accent = max(("#FFFFFF", base.background, base.text), key=lambda colour: contrast(colour, accent))
    return msgspec.structs.replace(base, accent=accent, on_accent=on_accent)


class Theme(QObject):
    """Keeps the application in the chosen theme and follows the system while the choice is ``system``."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice = ThemeChoice.SYSTEM
        self._system_palette = QPalette(app.palette())
        self.tokens = LIGHT
        app.setStyle("Fusion")
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._system_changed)

    def apply(self, choice: ThemeChoice) -> None:
        self._choice = choice
        self.tokens = self._resolve()
        self._app.setPalette(_palette(self.tokens))
        self._app.setStyleSheet(style_sheet(self.tokens))
        self.changed.emit()

    def _system_changed(self) -> None:
        if self._choice in (ThemeChoice.SYSTEM, ThemeChoice.CONTRAST):
            self.apply(self._choice)

    def _resolve(self) -> Tokens:
        hints = self._app.styleHints()
        system_wants_contrast = (
            hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
            if hasattr(hints, "accessibility")
            else False
        )
        if self._choice is ThemeChoice.CONTRAST or (self._choice is ThemeChoice.SYSTEM and system_wants_contrast):
            return contrast_tokens(self._system_palette)
        dark = (
            hints.colorScheme() == Qt.ColorScheme.Dark
            if self._choice is ThemeChoice.SYSTEM
            else self._choice is ThemeChoice.DARK
        )
        return with_system_accent(DARK if dark else LIGHT, self._system_palette)


_current: list[Theme] = []


def install(app: QApplication) -> Theme:
    """Make the one theme of this application; :func:`tokens` answers from it."""
    _current[:] = [Theme(app)]
    return _current[0]


def theme() -> Theme:
    assert _current, "theme.install() comes first"
    return _current[0]


def tokens() -> Tokens:
    return _current[0].tokens if _current else LIGHT


def colour(name: str, alpha: float = 1.0) -> QColor:
    """A token as a colour to paint with."""
    value = QColor(name)
    value.setAlphaF(alpha)
    return value


def font(pixels: int, *, weight: QFont.Weight = QFont.Weight.Normal, italic: bool = False) -> QFont:
    """The system's font at a size in device-independent pixels."""
    value = QFont(QGuiApplication.font())
    value.setPixelSize(pixels)
    value.setWeight(weight)
    value.setItalic(italic)
    return value


def tabular(base: QFont) -> QFont:
    """The same font with figures of one width, for times that count."""
    value = QFont(base)
    value.setFeature(QFont.Tag("tnum"), 1)
    return value


def reduced_motion() -> bool:
    """Whether the user asked the system to keep things still."""
    return QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0


def _palette(t: Tokens) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, name in (
        (role.Window, t.background),
        (role.Base, t.card),
        (role.AlternateBase, t.chip),
        (role.Button, t.card),
        (role.WindowText, t.text),
        (role.Text, t.text),
        (role.ButtonText, t.text),
        (role.PlaceholderText, t.secondary),
        (role.Highlight, t.accent),
        (role.HighlightedText, t.on_accent),
        (role.Accent, t.accent),
        (role.Link, t.accent),
        (role.ToolTipBase, t.card),
        (role.ToolTipText, t.text),
        (role.Light, t.card),
        (role.Midlight, t.line),
        (role.Mid, t.line),
        (role.Dark, t.secondary),
        (role.Shadow, t.line),
    ):
        palette.setColor(which, QColor(name))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(t.faint))
    return palette


def style_sheet(t: Tokens) -> str:
    """The style sheet of the whole program: ``resources/styles/window.qss`` with the tokens filled in."""
    sheet = Template(resource("styles", "window.qss").read_text(encoding="utf-8"))
    fields = {name: value for name, value in msgspec.structs.asdict(t).items() if isinstance(value, str)}
    return sheet.substitute(
        fields,
        radius=f"{RADIUS_CONTROL}px",
        radius_card=f"{RADIUS_CARD}px",
        caret=resource("icons", "caret-dark.svg" if t.dark else "caret-light.svg").as_posix(),
        check=resource("icons", "check-dark.svg" if t.dark else "check-light.svg").as_posix(),
    )
