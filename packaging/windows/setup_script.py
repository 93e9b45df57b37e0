"""The part of the installer's script that states facts, from program.py and texts.toml; ``debabelizer.iss`` includes
it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import program

SCRIPT = Path(__file__).resolve().with_name("debabelizer.iss")

APP_GUID = str(uuid.uuid5(uuid.NAMESPACE_DNS, program.APP_ID)).upper()
"""Windows knows the installed program by it. It follows from the program's id and is the same for every version and
both variants: each replaces the other."""

WIZARDS = {"en": "compiler:Default.isl", "ru": "compiler:Languages\\Russian.isl"}
"""Inno Setup's own texts, for each language of the interface."""
MESSAGES = {
    "Autostart": "autostart",
    "Associate": "associate",
    "SearchPath": "search_path",
    "RemoveData": "remove_data",
}
"""Message of the script to key of a language's ``setup`` table in texts.toml."""


def facts(source: Path, icon: Path, output: Path) -> str:
    """``source``: the frozen program; ``output``: the installer, its name without ``.exe``."""
    defined = {
        "AppId": f"{{{{{APP_GUID}}}",  # a brace is doubled where it stands for itself
        "Title": program.TITLE,
        "Version": program.version(),
        "NumericVersion": ".".join(map(str, program.numeric_version())),
        "Publisher": program.PUBLISHER,
        "Homepage": program.REPOSITORY,
        "AppUserModelId": program.APP_ID,
        "ConsoleExe": f"{program.COMMAND}.exe",
        "WindowExe": f"{program.WINDOW_COMMAND}.exe",
        "DataFolder": program.COMMAND,
        "License": str(program.ROOT / "LICENSE"),
        "Source": str(source),
        "Icon": str(icon),
        "OutputDir": str(output.parent),
        "OutputName": output.name,
    }
    lines = [f'#define {name} "{value}"' for name, value in defined.items()]
    for section, entries in (
        ("Languages", languages()),
        ("CustomMessages", messages()),
        ("Registry", associations()),
    ):
        lines += ["", f"[{section}]", *entries]
    return "\n".join(lines) + "\n"


def languages() -> list[str]:
    return [f'Name: {code}; MessagesFile: "{WIZARDS[code]}"' for code in program.languages()]


def messages() -> list[str]:
    found = []
    for code in program.languages():
        texts: Mapping[str, Any] = program.texts()[code]
        found += [f"{code}.{message}={texts['setup'][key]}" for message, key in MESSAGES.items()]
        found.append(f"{code}.Summary={texts['summary']}")
    return found


def associations() -> list[str]:
    """For each kind of file an entry of "Open with"; whatever opens them by default stays."""
    found = []
    for kind in program.FILE_KINDS:
        program_id = f"{program.TITLE}.{kind.endings[0]}"
        entries = [
            (f"{program_id}", "", kind.title),
            (f"{program_id}\\DefaultIcon", "", "{app}\\" + f"{program.WINDOW_COMMAND}.exe,0"),
            (f"{program_id}\\shell\\open\\command", "", _open_command()),
        ]
        for key, name, value in entries:
            found.append(_key(key, name, value, "uninsdeletekey"))
        found += [_key(f".{end}\\OpenWithProgids", program_id, "", "uninsdeletevalue") for end in kind.endings]
    return found


def _open_command() -> str:
    """For each file one start, which hands it to the program that runs."""
    command, *words = program.OPEN_WITH
    return f'"{{app}}\\{command}.exe" {" ".join(words)} "%1"'


def _key(key: str, name: str, value: str, flags: str) -> str:
    data = value.replace('"', '""')
    return (
        f'Root: HKA; Subkey: "Software\\Classes\\{key}"; ValueType: string; ValueName: "{name}"; '
        f'ValueData: "{data}"; Flags: {flags}; Tasks: associate'
    )
