"""The Flatpak manifest, with each permission and why it is asked for. Source: the manuals of Flatpak."""

from __future__ import annotations

from typing import Any

import program

RUNTIME, RUNTIME_VERSION = "org.kde.Platform", "6.9"
"""It has the X libraries that Qt's own build of Qt asks for; Qt itself comes with the program."""
PERMISSIONS = (
    ("--socket=wayland", "the window, on Wayland"),
    ("--socket=x11", "the window on X11, and there the global key and the text put into other programs"),
    ("--share=ipc", "X11's shared memory, without which it draws slowly"),
    ("--device=dri", "drawing by the graphics card"),
    ("--socket=pulseaudio", "the microphone, and the short sounds at start and end"),
    ("--share=network", "recognition in the cloud, and the download of models"),
    ("--talk-name=org.freedesktop.secrets", "keys lie in the desktop's store for secrets, never in a file"),
    ("--talk-name=org.kde.StatusNotifierWatcher", "the icon in the tray"),
)
NOT_ASKED = (
    ("--filesystem=home", "files to transcribe come through the file dialog, which hands over just those"),
    ("--socket=session-bus", "two names on it are enough"),
    ("--device=all", "the microphone comes through the sound server"),
)
"""Permissions that it does well without, and why."""


def manifest(archive: str) -> dict[str, Any]:
    """``archive``: the relocatable tar archive, beside the manifest."""
    return {
        "id": program.APP_ID,
        "runtime": RUNTIME,
        "runtime-version": RUNTIME_VERSION,
        "sdk": "org.kde.Sdk",
        "command": program.WINDOW_COMMAND,
        "finish-args": [permission for permission, _ in PERMISSIONS],
        "modules": [
            {
                "name": program.COMMAND,
                "buildsystem": "simple",
                "build-commands": ["sh install.sh --prefix /app", _plain_commands()],
                "build-options": {"strip": False, "no-debuginfo": True},
                "sources": [{"type": "archive", "path": archive}],
            }
        ],
    }


def text(archive: str) -> str:
    """As YAML, with the reasons beside the permissions."""
    import yaml

    plain: str = yaml.safe_dump(manifest(archive), sort_keys=False, allow_unicode=True, width=1000)
    for permission, reason in PERMISSIONS:
        plain = plain.replace(f"- {permission}\n", f"- {permission} # {reason}\n")
    denied = "".join(f"#   {permission}: {reason}\n" for permission, reason in NOT_ASKED)
    return f"# Made by packaging/flatpak/manifest.py. Not asked for, and why:\n{denied}{plain}"


def _plain_commands() -> str:
    """Flatpak itself turns the commands of desktop entries into its own."""
    return f'sed -i \'s|^Exec="/app/bin/\\([^"]*\\)"|Exec=\\1|\' /app/share/applications/{program.APP_ID}*.desktop'
