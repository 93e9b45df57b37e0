"""What is left out of a frozen program on Windows and macOS, whose libraries have other names and habits."""

from __future__ import annotations

from program import LIBRARIES_BY_NAME
from systems import module

trim = module("frozen", "trim")

WINDOWS = [
    ("PySide6/QtCore.pyd", "C:/QtCore.pyd", "EXTENSION"),
    ("PySide6/Qt6Core.dll", "C:/Qt6Core.dll", "BINARY"),
    ("PySide6/pyside6.abi3.dll", "C:/pyside6.abi3.dll", "BINARY"),
    ("VCRUNTIME140.dll", "C:/VCRUNTIME140.dll", "BINARY"),
    ("PySide6/opengl32sw.dll", "C:/opengl32sw.dll", "BINARY"),
    ("_sounddevice_data/portaudio-binaries/libportaudio64bit.dll", "C:/libportaudio64bit.dll", "BINARY"),
]
ASKS = {"C:/QtCore.pyd": ["qt6core.dll", "PYSIDE6.abi3.dll"], "C:/Qt6Core.dll": ["vcruntime140.dll", "kernel32.dll"]}


def test_a_library_that_is_asked_for_in_other_letters_stays_and_one_nobody_asks_for_goes() -> None:
    kept = {name for name, _, _ in trim.needed(WINDOWS, lambda file: ASKS.get(file, []), LIBRARIES_BY_NAME)}
    assert {name for name, _, _ in WINDOWS} - kept == {"PySide6/opengl32sw.dll"}


def test_the_sound_library_is_loaded_by_name_on_macos_as_well() -> None:
    sound = ("_sounddevice_data/portaudio-binaries/libportaudio.dylib", "/libportaudio.dylib", "BINARY")
    assert trim.needed([sound], lambda file: [], LIBRARIES_BY_NAME) == [sound]


def test_qt_s_plug_ins_are_known_by_their_folder_on_every_system() -> None:
    assert trim.qt_plugin("PySide6/plugins/platforms/qwindows.dll") == "platforms/qwindows.dll"
    assert trim.qt_plugin("PySide6/Qt/plugins/platforms/libqcocoa.dylib") == "platforms/libqcocoa.dylib"
