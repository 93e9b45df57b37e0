"""What a frozen program carries on Windows: version, icon, manifest. The spec file asks for it there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import program
from icons import ico

MANIFEST = Path(__file__).resolve().with_name("debabelizer.manifest")


def executable_options(*, name: str, work: str) -> dict[str, Any]:
    """Keywords for PyInstaller's EXE, for the program of that name; files are written into ``work``."""
    folder = Path(work)
    resource = folder / f"{name}.version"
    resource.write_text(version_resource(name), encoding="utf-8")
    return {"version": str(resource), "icon": str(write_icon(folder)), "manifest": str(MANIFEST)}


def write_icon(folder: Path) -> Path:
    made = folder / f"{program.COMMAND}.ico"
    made.write_bytes(ico())
    return made


def version_resource(name: str) -> str:
    """What Explorer shows under "Details", in the form that PyInstaller reads: an expression of its own classes.
    Language 0409 is American English, 04b0 Unicode."""
    numbers = program.numeric_version()
    details = {
        "CompanyName": program.PUBLISHER,
        "FileDescription": program.TITLE,
        "FileVersion": program.version(),
        "InternalName": name,
        "LegalCopyright": program.copyright_line(),
        "OriginalFilename": f"{name}.exe",
        "ProductName": program.TITLE,
        "ProductVersion": program.version(),
    }
    strings = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in details.items())
    return (
        f"VSVersionInfo(\n"
        f"  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}),\n"
        f"  kids=[\n"
        f"    StringFileInfo([StringTable('040904B0', [{strings}])]),\n"
        f"    VarFileInfo([VarStruct('Translation', [0x0409, 0x04B0])]),\n"
        f"  ],\n"
        f")\n"
    )
