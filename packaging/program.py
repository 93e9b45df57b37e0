"""The facts about the program that every installer states: each stands here, or is read from the one place where it
stands, and nowhere else."""

from __future__ import annotations

import ast
import os
import re
import sys
import tomllib
from fnmatch import fnmatch
from functools import cache
from pathlib import Path, PurePath
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

TITLE = "Debabelizer"
COMMAND = "debabelizer"
"""The console program, the Debian package, the folder under ``/opt`` or ``Program Files``."""
WINDOW_COMMAND = "debabelizer-desktop"
REPOSITORY = os.environ.get("DEBABELIZER_REPOSITORY", "https://github.com/debabelizer/debabelizer-desktop")
"""Where sources, screenshots and releases are. The release workflow sets the variable to where it runs."""
PUBLISHER = "The Debabelizer team"
CONTACT = os.environ.get("DEBABELIZER_CONTACT", "debabelizer@users.noreply.github.com")
"""Debian wants an address of the maintainer; releases set the variable."""
LICENCE = "MIT"
CATEGORIES = ("Utility", "Accessibility", "Qt")
"""Of the desktop menu specification, main category first."""

ICON = ROOT / "resources" / "icons" / "debabelizer.svg"
"""The program's picture; every other size and format is made from it (icons.py)."""
ICON_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
SCREENSHOTS = ("main-light.png", "recordings-light.png", "settings-light.png", "first-run-light.png")
"""Files under ``docs/screenshots``; the first is the one that stores show in lists."""


# ---------------------------------------------------------------------------------------------- what it says of itself


@cache
def project() -> dict[str, Any]:
    """The table ``project`` of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


def version() -> str:
    """As Python writes it, such as ``2.0.0.dev0``. The wheel takes it from the same line (pyproject.toml)."""
    source = (ROOT / "app" / "debabelizer" / "__init__.py").read_text(encoding="utf-8")
    return re.search(r'^__version__ = "(.+)"$', source, re.MULTILINE)[1]  # type: ignore[index]


def debian_version() -> str:
    """As Debian sorts it: what comes before a release gets a tilde."""
    return re.sub(r"\.?(a|b|rc|dev)(\d+)", r"~\1\2", version())


def numeric_version() -> tuple[int, int, int, int]:
    """For systems that know only numbers (Windows' version resource, macOS' build)."""
    numbers = [int(n) for n in re.match(r"\d+(\.\d+)*", version())[0].split(".")]  # type: ignore[index]
    major, minor, patch, build = (*numbers, 0, 0, 0, 0)[:4]
    return major, minor, patch, build


def copyright_line() -> str:
    """Of the licence."""
    found = re.search(r"^Copyright.*$", (ROOT / "LICENSE").read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return found[0]


def description() -> str:
    """One sentence."""
    return str(project()["description"])


@cache
def texts() -> dict[str, dict[str, Any]]:
    """What menus, stores and permission questions say: language code to texts (texts.toml)."""
    return tomllib.loads((HERE / "texts.toml").read_text(encoding="utf-8"))


def languages() -> tuple[str, ...]:
    """The interface's languages, English first, as the program itself lists them."""
    return tuple(_constant(ROOT / "app" / "debabelizer_desktop" / "text.py", "LANGUAGES"))


def providers() -> tuple[str, ...]:
    """Those that come with the program."""
    return tuple(_constant(ROOT / "providers" / "debabelizer_providers" / "__init__.py", "PROVIDERS"))


def worker_flag() -> str:
    """The first argument that makes any of the programs a worker."""
    return str(_constant(ROOT / "app" / "debabelizer" / "workers" / "launch.py", "WORKER_FLAG"))


def left_out() -> tuple[str, str]:
    """The file in the frozen engine's folder that names parts it lacks, and the name there of the code for graphics
    cards."""
    parts = ROOT / "app" / "debabelizer" / "contract" / "parts.py"
    return _constant(parts, "FILE_NAME"), _constant(parts, "GRAPHICS_CARDS")


def _constant(module: Path, name: str) -> Any:
    """A literal of a module, read without importing it: building needs no Qt."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                return ast.literal_eval(node.value)
    raise LookupError(f"{module} has no {name}")


APP_ID: str = _constant(ROOT / "app" / "debabelizer_desktop" / "__init__.py", "APP_ID")
"""The program's name on D-Bus, in AppStream, Flatpak and macOS; the desktop entry is called so, and the window says it
belongs to that entry."""


class FileKind(NamedTuple):
    """Files that the system offers to transcribe with the program."""

    mime: str
    endings: tuple[str, ...]
    title: str


FILE_KINDS = (
    FileKind("audio/wav", ("wav",), "WAV recording"),
    FileKind("audio/flac", ("flac",), "FLAC recording"),
    FileKind("audio/mpeg", ("mp3",), "MP3 recording"),
    FileKind("audio/mp4", ("m4a",), "MPEG-4 recording"),
    FileKind("audio/aac", ("aac",), "AAC recording"),
    FileKind("audio/ogg", ("ogg", "oga", "opus"), "Ogg recording"),
    FileKind("audio/AMR", ("amr",), "AMR recording"),
    FileKind("video/mp4", ("mp4",), "MPEG-4 film"),
    FileKind("video/webm", ("webm",), "WebM film"),
    FileKind("video/x-matroska", ("mkv",), "Matroska film"),
    FileKind("video/quicktime", ("mov",), "QuickTime film"),
)
OPEN_WITH = (WINDOW_COMMAND, "open")
"""What "Open with" runs, followed by the files: the window, which may be running already, turns them into text."""


# ------------------------------------------------------------------------------------------------------ what is inside


class Variant(NamedTuple):
    """``leaves_out``: distributions that this one does without, with whatever only they need."""

    name: str
    title: str
    leaves_out: tuple[str, ...] = ()


FULL = Variant(COMMAND, TITLE)
LIGHT = Variant(
    f"{COMMAND}-light",
    f"{TITLE} Light",
    ("ctranslate2", "faster_whisper", "pocketsphinx"),
)
"""Without the engines that recognise on this computer, for those who use a service or a server."""
VARIANTS = (FULL, LIGHT)

PACKAGES = ("debabelizer", "debabelizer_desktop", "debabelizer_providers")
"""Whole packages are frozen: providers, commands and workers are imported by names that stand in tables."""
EXTRAS = ("google",)
"""Extras of the wheel that a frozen program holds, because nothing can be installed into it later."""
HIDDEN_PACKAGES = (
    "keyring.backends",
    "google.cloud.speech_v1",
    "google.cloud.speech_v2",
    "google.oauth2",
    "google.auth",
)
"""Others' packages of which modules are imported by name."""
HIDDEN_IMPORTS = ("truststore", "certifi", "hpack", "h2", "_cffi_backend")
DATA_PACKAGES = ("debabelizer", "debabelizer_desktop", "faster_whisper")
"""Packages whose data files are read while running; PocketSphinx's model is packed (frozen/sphinx_model.py)."""
DATA_FILES = {"qtawesome": ("fonts/phosphor-1.3.0.ttf",)}
"""Of these packages only the files named: of QtAwesome's fonts the program draws with one."""
METADATA = ("debabelizer-desktop", "keyring")
"""Distributions whose metadata (entry points) is read while running."""

UNUSED_MODULES = (
    "tkinter", "unittest", "pydoc", "pydoc_data", "lib2to3", "idlelib", "curses", "dbm", "_dbm", "_gdbm",
    "readline", "doctest", "pdb", "pip", "pygments", "hf_xet", "fsspec", "onnxruntime", "huggingface_hub.inference",
    "huggingface_hub.cli", "huggingface_hub._sandbox", "numpy.testing", "numpy.f2py", "numpy.random",
    "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtOpenGL", "PySide6.QtPdf", "PySide6.QtDBus", "PySide6.QtConcurrent",
    "PySide6.QtMultimediaWidgets",
)  # fmt: skip
"""Python modules that a required library mentions and the program never runs; what is not required at all, such as the
tools that build, is left out without being named (licences.strangers)."""
UNUSED_FILES = (
    "*/tests/*", "*/test/*", "*.pyi", "*.pxd", "*.h", "*.hpp", "*.c", "*.pyx", "*/direct_url.json",
    "*/RECORD",
)  # fmt: skip
"""Patterns of files that only builds and tests need."""
QT_PLUGINS = (
    "platforms/*qxcb*", "platforms/*qwayland*", "platforms/*qwindows*", "platforms/*qcocoa*", "platforms/*qoffscreen*",
    "wayland-shell-integration/*xdg-shell*", "wayland-decoration-client/*", "platforminputcontexts/*compose*",
    "platforminputcontexts/*ibus*", "platformthemes/*xdgdesktopportal*", "imageformats/*qsvg*",
    "iconengines/*", "styles/*", "permissions/*microphone*",
)  # fmt: skip
"""Qt plug-ins that are kept, as patterns; libraries that only the others need go with them. The window is drawn without
OpenGL: what only that needs is not here."""
QT_TRANSLATIONS = "qtbase"
"""Of Qt's own translations those of the widgets, in the languages of the interface."""
LIBRARIES_BY_NAME = ("libpython*", "libportaudio*")
"""Libraries that are loaded by name, not because a file asks for them."""
SYSTEM_LIBRARIES = (
    "libmvec.so*", "libstdc++.so*", "libgcc_s.so*", "libX*.so*", "libxcb*.so*", "libxkbcommon*.so*",
    "libSM.so*", "libICE.so*",
    "libwayland-*.so*", "libGL*.so*", "libEGL*.so*", "libdrm.so*", "libgbm.so*", "libvulkan.so*", "libglib-2*.so*",
    "libgthread-2*.so*", "libgobject-2*.so*", "libgio-2*.so*", "libdbus-1.so*", "libfontconfig.so*",
    "libfreetype.so*", "libgssapi_krb5.so*", "libpulse*.so*", "libasound.so*", "libportaudio.so*", "libjack.so*",
)  # fmt: skip
"""Libraries that a Linux desktop has and that must fit the rest of it, such as the drivers of its graphics card
(system-packages.txt): never carried along."""


def is_unused_file(name: str) -> bool:
    """Whether a file of the frozen program would be dead weight there, by its name inside the program."""
    path = PurePath(name)
    if any(fnmatch(path.as_posix(), pattern) for pattern in UNUSED_FILES):
        return True
    if sys.platform != "linux" or path.parent.name.endswith(".libs"):  # a wheel's own, with names of their own
        return False
    return any(fnmatch(path.name, pattern) for pattern in SYSTEM_LIBRARIES)
