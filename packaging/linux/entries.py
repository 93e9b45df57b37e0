"""Desktop entries: the program in menus, "Open with" in file managers, and the start with the desktop session."""

from __future__ import annotations

import program

TRANSCRIBE_ID = f"{program.APP_ID}.Transcribe"


def menu_entry() -> str:
    """The program itself."""
    lines = [
        *_head(program.TITLE),
        *_translated("GenericName", "generic_name"),
        *_translated("Comment", "summary"),
        *_keywords(),
        f"Exec={program.WINDOW_COMMAND}",
        f"Icon={program.APP_ID}",
        "Terminal=false",
        f"Categories={';'.join(program.CATEGORIES)};",
        "StartupNotify=true",
        f"StartupWMClass={program.TITLE}",
        "Actions=toggle;",
        "",
        "[Desktop Action toggle]",
        *_translated("Name", "toggle"),
        f"Exec={program.COMMAND} remote toggle",
    ]
    return "\n".join(lines) + "\n"


def transcribe_entry() -> str:
    """Offered for recordings and films, not shown in menus."""
    lines = [
        *_head(),
        *_translated("Name", "transcribe"),
        f"Exec={' '.join(program.OPEN_WITH)} %F",
        f"Icon={program.APP_ID}",
        "Terminal=false",
        "NoDisplay=true",
        f"MimeType={';'.join(kind.mime for kind in program.FILE_KINDS)};",
    ]
    return "\n".join(lines) + "\n"


def _head(name: str | None = None) -> list[str]:
    return ["[Desktop Entry]", "Type=Application", "Version=1.0", *([f"Name={name}"] if name else [])]


def _translated(key: str, text: str) -> list[str]:
    english, *others = program.languages()
    texts = program.texts()
    return [f"{key}={texts[english][text]}", *(f"{key}[{other}]={texts[other][text]}" for other in others)]


def _keywords() -> list[str]:
    english, *others = program.languages()
    words = {language: ";".join(program.texts()[language]["keywords"]) + ";" for language in (english, *others)}
    return [f"Keywords={words[english]}", *(f"Keywords[{other}]={words[other]}" for other in others)]
