"""The one place of facts agrees with the program, and what is frozen covers what the program loads by name."""

from __future__ import annotations

import re
import sys

import licences
import program
import pytest
from PySide6.QtGui import QGuiApplication
from trim import needed, stays

from debabelizer import __version__
from debabelizer.contract.files import Container
from debabelizer_desktop.text import LANGUAGES
from debabelizer_providers import PROVIDERS


def test_every_language_of_the_interface_has_every_text() -> None:
    assert tuple(program.texts()) == program.languages() == LANGUAGES
    shapes = {language: shape(texts) for language, texts in program.texts().items()}
    assert len(set(shapes.values())) == 1, shapes


def shape(texts: object) -> str:
    """The keys of nested tables and the lengths of lists: what must be the same in all languages."""
    if isinstance(texts, dict):
        return (
            "{" + ",".join(f"{key}:{shape(value)}" for key, value in sorted(texts.items()) if key != "keywords") + "}"
        )
    return str(len(texts)) if isinstance(texts, list) else "text"


def test_the_version_stands_in_one_place() -> None:
    assert program.version() == __version__
    assert "version" in program.project()["dynamic"], "the wheel takes it from there, too"


def test_versions_as_each_system_writes_them(monkeypatch) -> None:
    for version, debian, numeric in (
        ("2.0.0.dev0", "2.0.0~dev0", (2, 0, 0, 0)),
        ("2.1.0rc2", "2.1.0~rc2", (2, 1, 0, 0)),
        ("2.1.3", "2.1.3", (2, 1, 3, 0)),
    ):
        monkeypatch.setattr(program, "version", lambda version=version: version)
        assert program.debian_version() == debian
        assert program.numeric_version() == numeric


def test_the_window_belongs_to_the_desktop_entry() -> None:
    source = (program.ROOT / "app" / "debabelizer_desktop" / "lifecycle.py").read_text()
    assert "setDesktopFileName(APP_ID)" in source
    assert re.fullmatch(r"[a-z]+(\.[A-Za-z]+){3}", program.APP_ID)
    assert QGuiApplication.desktopFileName() in ("", program.APP_ID)


def test_whatever_is_loaded_by_name_lies_in_a_package_that_is_frozen_whole() -> None:
    for target in PROVIDERS.values():
        assert target.partition(".")[0].partition(":")[0] in program.PACKAGES
    sources = [path for folder in ("app", "providers") for path in (program.ROOT / folder).rglob("*.py")]
    target = re.compile(r'(?<!")"([a-z_]+(?:\.[a-z_]+)+):[a-z_]+"')
    named = {match for path in sources for match in target.findall(path.read_text(encoding="utf-8"))}
    assert any(name.endswith(".worker") for name in named)
    examples = {"package.module"}
    assert {name.partition(".")[0] for name in named - examples} <= set(program.PACKAGES)


def test_files_that_are_read_while_running_are_inside() -> None:
    readers = {"faster_whisper": "silero", "qtawesome": "font"}
    assert readers.keys() <= {*program.DATA_PACKAGES, *program.DATA_FILES}
    assert {package.partition(".")[0] for package in ("debabelizer", "debabelizer_desktop")} <= set(
        program.DATA_PACKAGES
    )


def test_files_to_open_are_what_the_program_reads() -> None:
    endings = [ending for kind in program.FILE_KINDS for ending in kind.endings]
    assert len(endings) == len(set(endings))
    assert {str(container) for container in Container} <= set(endings)


def test_nothing_that_builds_or_tests_is_taken_for_a_part() -> None:
    inside = {it.name.lower() for it in licences.inside(program.FULL)}
    assert {"pyside6", "av", "faster-whisper", "pocketsphinx", "google-cloud-speech"} <= inside
    assert not inside & {"onnxruntime", "flatbuffers"}  # only faster-whisper's own detector would run them
    assert not inside & {"pytest", "ruff", "mypy", "hypothesis", "pyinstaller", "pip", "setuptools"}
    light = {it.name.lower() for it in licences.inside(program.LIGHT)}
    assert light < inside
    assert not light & {"ctranslate2", "faster-whisper", "pocketsphinx", "tokenizers", "huggingface-hub"}
    assert {"pytest", "_pytest", "ruff", "mypy"} <= set(licences.strangers(program.FULL))


def test_the_work_of_others_is_named_with_its_terms() -> None:
    text = licences.third_party(program.FULL)
    for name in ("PySide6", "av", "numpy", "ctranslate2", "websockets"):
        assert re.search(rf"^{name} \S+: \S", text, re.MULTILINE)
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text.upper()


def test_only_the_qt_that_is_used_stays() -> None:
    def kept(name: str) -> bool:
        return stays(name, program.QT_PLUGINS, program.QT_TRANSLATIONS, LANGUAGES)

    for name in (
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        "PySide6/Qt/plugins/wayland-shell-integration/libxdg-shell.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "PySide6/Qt/translations/qtbase_ru.qm",
        "debabelizer_desktop/resources/i18n/debabelizer_ru.qm",
        "PySide6/Qt/lib/libQt6Core.so.6",
    ):
        assert kept(name), name
    for name in (
        "PySide6/Qt/plugins/platforms/libqlinuxfb.so",
        "PySide6/Qt/plugins/xcbglintegrations/libqxcb-glx-integration.so",
        "PySide6/Qt/plugins/imageformats/libqpdf.so",
        "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
        "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
        "PySide6/Qt/plugins/multimedia/libffmpegmediaplugin.so",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/Qt/translations/qtwebengine_ru.qm",
        "PySide6/Qt/qml/QtQuick/qmldir",
    ):
        assert not kept(name), name


def test_a_library_goes_with_the_last_one_that_needs_it() -> None:
    wants = {"/window": ["libQt6Core.so.6"], "/libQt6Core.so.6": ["libicu.so"], "/libQt6Pdf.so.6": ["libQt6Core.so.6"]}
    entries = [
        ("PySide6/QtCore.abi3.so", "/window", "EXTENSION"),
        ("PySide6/Qt/lib/libQt6Core.so.6", "/libQt6Core.so.6", "BINARY"),
        ("libicu.so", "PySide6/Qt/lib/libicu.so", "SYMLINK"),
        ("PySide6/Qt/lib/libicu.so", "/libicu.so", "BINARY"),
        ("PySide6/Qt/lib/libQt6Pdf.so.6", "/libQt6Pdf.so.6", "BINARY"),
        ("libpython3.11.so.1.0", "/libpython3.11.so.1.0", "BINARY"),
    ]
    left = {name for name, _, _ in needed(entries, lambda source: wants.get(source, []), ("libpython*",))}
    assert left == {name for name, _, _ in entries} - {"PySide6/Qt/lib/libQt6Pdf.so.6"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere everything is brought along")
def test_what_must_fit_the_rest_of_the_system_is_never_brought_along() -> None:
    for name in (
        "libmvec.so.1",
        "libstdc++.so.6",
        "libX11.so.6",
        "libasound.so.2",
        "libportaudio.so.2",
        "libEGL.so.1",
        "libgssapi_krb5.so.2",
    ):
        assert program.is_unused_file(name), name
    for name in (
        "av.libs/libasound-c7818c60.so.2",
        "libssl.so.3",
        "libpython3.11.so.1.0",
        "PySide6/Qt/lib/libQt6Gui.so.6",
    ):
        assert not program.is_unused_file(name), name
