"""What macOS gets, as far as it can be read elsewhere: properties, texts of permissions, entitlements, icon, notary."""

from __future__ import annotations

import plistlib
import re
from pathlib import Path

import program
import pytest
from PySide6.QtGui import QImageReader
from systems import module
from targets import macos

freezing = module("macos", "freezing")


@pytest.fixture
def properties() -> dict[str, object]:
    """Through the form they are kept in."""
    found: dict[str, object] = plistlib.loads(plistlib.dumps(freezing.info_plist()))
    return found


def test_the_app_says_what_it_is(properties: dict[str, object]) -> None:
    assert properties["CFBundleName"] == "Debabelizer"
    assert properties["CFBundleExecutable"] == "debabelizer-desktop", "the one without a console"
    assert re.fullmatch(r"\d+\.\d+\.\d+", str(properties["CFBundleVersion"]))
    assert properties["CFBundleLocalizations"] == list(program.languages())
    assert properties["LSMinimumSystemVersion"] == "14.0"


def test_it_has_a_window_and_a_place_in_the_dock(properties: dict[str, object]) -> None:
    assert properties["LSUIElement"] is False
    assert properties["LSBackgroundOnly"] is False, "PyInstaller says so of apps with a console program inside"


def test_recordings_can_be_opened_with_it_and_by_default_are_not(properties: dict[str, object]) -> None:
    kinds = properties["CFBundleDocumentTypes"]
    assert isinstance(kinds, list)
    assert {ending for kind in kinds for ending in kind["CFBundleTypeExtensions"]} >= {
        "mp3",
        "wav",
        "m4a",
        "mp4",
        "mov",
    }
    assert {kind["LSHandlerRank"] for kind in kinds} == {"Alternate"}


def test_in_every_language_of_the_interface_it_says_what_for(properties: dict[str, object], tmp_path: Path) -> None:
    usages = {"NSMicrophoneUsageDescription", "NSAccessibilityUsageDescription", "NSInputMonitoringUsageDescription"}
    seen = set()
    for name, file, kind in freezing.localised(work=str(tmp_path)):
        assert kind == "DATA"
        language = name.removesuffix(".lproj/InfoPlist.strings")
        lines = Path(file).read_text(encoding="utf-8").splitlines()
        said = dict(re.fullmatch(r'(\w+) = "((?:[^"\\]|\\.)+)";', line).groups() for line in lines)  # type: ignore[union-attr]
        assert set(said) == usages
        assert len(set(said.values())) == 3
        assert bool(re.search("[а-я]", "".join(said.values()))) == (language == "ru")
        seen.add(language)
    assert seen == set(program.languages())
    assert usages <= set(properties)


def test_a_quote_in_a_text_does_not_end_it() -> None:
    assert freezing._escaped('say "yes" \\ no') == 'say \\"yes\\" \\\\ no'


def test_the_hardened_runtime_allows_the_microphone_and_callbacks_and_nothing_else() -> None:
    allowed = plistlib.loads(freezing.ENTITLEMENTS.read_bytes())
    assert allowed == {
        "com.apple.security.device.audio-input": True,
        "com.apple.security.cs.allow-unsigned-executable-memory": True,
    }


def test_it_is_hardened_only_with_an_identity_to_sign_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(macos.IDENTITY, raising=False)
    assert freezing.executable_options(name="x", work="") == {"codesign_identity": None, "entitlements_file": None}
    monkeypatch.setenv(macos.IDENTITY, "Developer ID Application: Somebody")
    signed = freezing.executable_options(name="x", work="")
    assert signed["codesign_identity"] == "Developer ID Application: Somebody"
    assert Path(signed["entitlements_file"]).is_file()


def test_the_bundle_has_the_program_s_icon_in_all_sizes(tmp_path: Path) -> None:
    options = freezing.bundle_options(work=str(tmp_path))
    assert options["bundle_identifier"] == program.APP_ID
    reader = QImageReader(options["icon"])
    sizes = set()
    for number in range(reader.imageCount()):
        reader.jumpToImage(number)
        sizes.add(reader.read().width())
    assert sizes == {16, 32, 64, 128, 256, 512, 1024}


def test_the_notary_is_asked_only_for_a_signed_image(monkeypatch: pytest.MonkeyPatch) -> None:
    image = Path("x.dmg")
    monkeypatch.setenv(macos.NOTARY_PROFILE, "release")
    monkeypatch.delenv(macos.IDENTITY, raising=False)
    assert macos.finishing(image) == []
    monkeypatch.setenv(macos.IDENTITY, "Developer ID Application: Somebody")
    programs = [command[:2] for command in macos.finishing(image)]
    assert programs == [["codesign", "--sign"], ["xcrun", "notarytool"], ["xcrun", "stapler"], ["spctl", "--assess"]]
