"""What the frozen program becomes on macOS: an app with its properties, texts in every language, and permissions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import program
from icons import icns
from targets.macos import IDENTITY

ENTITLEMENTS = Path(__file__).resolve().with_name("entitlements.plist")
OLDEST_SYSTEM = "14.0"
"""What Qt 6.12 and PyAV are built for (the names of their wheels)."""

USAGE = {
    "NSMicrophoneUsageDescription": "microphone",
    "NSAccessibilityUsageDescription": "accessibility",
    "NSInputMonitoringUsageDescription": "input_monitoring",
}
"""Property to text (texts.toml). Of these macOS 14 shows the first; it asks for the others in words of its own."""


def executable_options(*, name: str, work: str) -> dict[str, Any]:
    """Keywords for PyInstaller's EXE. Everything else inside the app is signed by the same identity."""
    signing = os.environ.get(IDENTITY) or None
    return {"codesign_identity": signing, "entitlements_file": str(ENTITLEMENTS) if signing else None}


def bundle_options(*, work: str) -> dict[str, Any]:
    """Keywords for PyInstaller's BUNDLE."""
    icon = Path(work) / f"{program.COMMAND}.icns"
    icon.write_bytes(icns())
    return {
        "name": f"{program.TITLE}.app",
        "icon": str(icon),
        "bundle_identifier": program.APP_ID,
        "version": short_version(),
        "info_plist": info_plist(),
    }


def short_version() -> str:
    """Three numbers: macOS takes no other form."""
    return ".".join(map(str, program.numeric_version()[:3]))


def info_plist() -> dict[str, Any]:
    """The app's properties, beside those that PyInstaller states."""
    texts = program.texts()["en"]
    return {
        "CFBundleName": program.TITLE,
        "CFBundleDisplayName": program.TITLE,
        "CFBundleExecutable": program.WINDOW_COMMAND,
        "CFBundleVersion": short_version(),
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": list(program.languages()),
        "LSApplicationCategoryType": "public.app-category.productivity",
        "LSMinimumSystemVersion": OLDEST_SYSTEM,
        # It has a window, a menu and a place in the Dock: its icon in the menu bar alone is easily lost among others.
        "LSUIElement": False,
        "LSBackgroundOnly": False,  # PyInstaller infers it from the program for terminals, which lies in the app, too
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": program.copyright_line(),
        "CFBundleDocumentTypes": document_types(),
        **{name: texts[key] for name, key in USAGE.items()},
    }


def document_types() -> list[dict[str, Any]]:
    """Offered under "Open With"; whatever opens them by default stays. macOS hands them over by events."""
    return [
        {
            "CFBundleTypeName": kind.title,
            "CFBundleTypeExtensions": list(kind.endings),
            "CFBundleTypeRole": "Viewer",
            "LSHandlerRank": "Alternate",
        }
        for kind in program.FILE_KINDS
    ]


def localised(*, work: str) -> list[tuple[str, str, str]]:
    """For each language of the interface the texts with which macOS asks, as PyInstaller's data files."""
    entries = []
    for language in program.languages():
        texts = program.texts()[language]
        name = f"{language}.lproj/InfoPlist.strings"
        file = Path(work, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = [f'{name} = "{_escaped(texts[key])}";' for name, key in USAGE.items()]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        entries.append((name, str(file), "DATA"))
    return entries


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
