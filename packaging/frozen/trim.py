"""Which of the files that PyInstaller gathers stay: plug-ins by a list, libraries by who still needs them.

An entry is PyInstaller's ``(name inside the program, source file, kind)``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from fnmatch import fnmatch
from pathlib import PurePath

Entry = tuple[str, str, str]


def qt_plugin(name: str) -> str | None:
    """The part of a file's name below Qt's plug-in folder, with slashes; None for anything else."""
    path = PurePath(name).as_posix()
    for folder in ("PySide6/Qt/plugins/", "PySide6/plugins/"):
        if path.startswith(folder):
            return path.removeprefix(folder)
    return None


def stays(name: str, plugins: Collection[str], translations: str, languages: Collection[str]) -> bool:
    """Whether a file may stay. ``plugins``: patterns below Qt's plug-in folder; ``translations``: the stem of those of
    Qt's own catalogues that are used, in ``languages``."""
    plugin = qt_plugin(name)
    if plugin is not None:
        return any(fnmatch(plugin, pattern) for pattern in plugins)
    path = PurePath(name)
    if "PySide6" in path.parts and path.suffix == ".qm":
        return path.stem in {f"{translations}_{language}" for language in languages}
    return not ("PySide6" in path.parts and path.parts[-2:-1] == ("qml",)) and "/qml/" not in path.as_posix()


def is_library(name: str) -> bool:
    """A shared library that is there for others only, and not a Python module or a plug-in."""
    base = PurePath(name).name
    if qt_plugin(name) is not None or ".cpython-" in base or base.endswith((".abi3.so", ".pyd")):
        return False
    return base.startswith("lib") or base.endswith((".dll", ".dylib"))


def needed(binaries: Iterable[Entry], imports: Callable[[str], Iterable[str]], always: Collection[str]) -> list[Entry]:
    """``binaries`` without the libraries that nobody needs any more. ``imports`` gives the file names of the libraries
    that a file asks the loader for; ``always``: patterns of base names that stay whoever needs them."""
    entries = list(binaries)
    by_base: dict[str, list[Entry]] = {}
    for entry in entries:
        by_base.setdefault(PurePath(entry[0]).name.lower(), []).append(entry)
    kept: set[str] = set()
    waiting = [e for e in entries if not is_library(e[0]) or any(fnmatch(PurePath(e[0]).name, p) for p in always)]
    while waiting:
        entry = waiting.pop()
        if entry[0] in kept:
            continue
        kept.add(entry[0])
        if entry[2] == "SYMLINK":  # the library itself lies elsewhere, under the name that the link points to
            waiting += by_base.get(PurePath(entry[1]).name.lower(), [])
            continue
        for library in imports(entry[1]):
            waiting += by_base.get(library.lower(), [])  # Windows' files ask in whatever letters they like
    return [entry for entry in entries if entry[0] in kept]
