"""What Windows gets, as far as it can be read elsewhere: the installer's script, version, manifest, icon, signing."""

from __future__ import annotations

import re
import struct
import sys
from pathlib import Path
from xml.etree import ElementTree

import program
import pytest
from context import Context
from PySide6.QtGui import QImage
from systems import module
from targets import windows

setup_script = module("windows", "setup_script")
freezing = module("windows", "freezing")


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The installer's sections with their entries, as Inno Setup sees them once the preprocessor is through."""
    folder = tmp_path_factory.mktemp("windows")
    facts = setup_script.facts(folder / "frozen", folder / "icon.ico", folder / "setup")
    defined = dict(re.findall(r'^#define (\w+) "(.*)"$', facts, re.MULTILINE))
    text = setup_script.SCRIPT.read_text(encoding="utf-8").replace("#include Facts\n", facts)
    text = re.sub(r"^#define .*$|^#(?:ifndef|ifdef|error|endif).*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^\s*#error.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\{#(\w+)\}", lambda found: defined[found[1]], text)
    sections: dict[str, list[str]] = {}
    name = ""
    for line in text.splitlines():
        if header := re.fullmatch(r"\[(\w+)\]", line):
            name = header[1]
        elif line.strip() and not line.startswith(";"):
            sections.setdefault(name, []).append(line)
    return sections


def _settings(script: dict[str, list[str]]) -> dict[str, str]:
    return dict(line.split("=", 1) for line in script["Setup"])


def _entry(line: str) -> dict[str, str]:
    """``Name: x; Value: "a "" b"`` as Inno Setup takes it apart."""
    found = re.findall(r'(\w+): ("(?:[^"]|"")*"|[^;]*)', line)
    return {key: value[1:-1].replace('""', '"') if value.startswith('"') else value for key, value in found}


def test_the_setup_states_the_program_s_own_facts(script: dict[str, list[str]]) -> None:
    settings = _settings(script)
    assert settings["AppName"] == "Debabelizer"
    assert settings["AppVersion"] == program.version()
    assert re.fullmatch(r"\d+\.\d+\.\d+\.\d+", settings["VersionInfoVersion"])
    assert settings["UninstallDisplayIcon"] == r"{app}\debabelizer-desktop.exe"
    assert "{#" not in "\n".join(line for lines in script.values() for line in lines)


def test_its_id_never_changes_or_upgrades_would_be_second_installations(script: dict[str, list[str]]) -> None:
    assert _settings(script)["AppId"] == "{{9DB72849-D015-5561-A262-F43D21345F5C}"


def test_for_one_user_or_for_all_on_64_bits_from_the_windows_that_qt_needs(script: dict[str, list[str]]) -> None:
    settings = _settings(script)
    assert settings["PrivilegesRequired"] == "lowest"
    assert settings["PrivilegesRequiredOverridesAllowed"] == "dialog commandline"
    assert settings["DefaultDirName"].startswith("{autopf}")
    assert settings["MinVersion"] == "10.0.17763"
    assert settings["ArchitecturesAllowed"] == settings["ArchitecturesInstallIn64BitMode"] == "x64compatible"


def test_every_file_it_takes_is_there_once_frozen(script: dict[str, list[str]], tmp_path: Path) -> None:
    sources = [_entry(line)["Source"] for line in script["Files"]]
    assert sources[0].endswith("frozen\\*")
    assert [Path(source) for source in sources[1:]] == [program.ROOT / "LICENSE"]


def test_each_language_of_the_interface_has_every_text_the_script_asks_for(script: dict[str, list[str]]) -> None:
    assert [_entry(line)["Name"] for line in script["Languages"]] == list(program.languages())
    own = {"CreateDesktopIcon", "LaunchProgram"}  # Inno Setup's
    wanted = set(re.findall(r"\{cm:(\w+)", "\n".join(script["Tasks"] + script["Icons"] + script["Run"]))) - own
    wanted |= set(re.findall(r"CustomMessage\('(\w+)'\)", "\n".join(script["Code"])))
    assert len(wanted) == 5
    said = dict(line.split("=", 1) for line in script["CustomMessages"])
    for language in program.languages():
        for name in wanted:
            assert said[f"{language}.{name}"], name
    assert said["ru.Autostart"] != said["en.Autostart"]


def test_tasks_are_the_ones_that_entries_belong_to(script: dict[str, list[str]]) -> None:
    tasks = {_entry(line)["Name"] for line in script["Tasks"]}
    used = {_entry(line).get("Tasks", "") for section in ("Registry", "Run", "Icons") for line in script[section]}
    used |= set(re.findall(r"WizardIsTaskSelected\('(\w+)'\)", "\n".join(script["Code"])))
    assert used - {""} == tasks


def test_kinds_of_files_are_offered_and_go_with_the_program(script: dict[str, list[str]]) -> None:
    entries = [_entry(line) for line in script["Registry"]]
    by_key = {entry["Subkey"]: entry for entry in entries}
    for kind in program.FILE_KINDS:
        for ending in kind.endings:
            offered = by_key[rf"Software\Classes\.{ending}\OpenWithProgids"]
            assert "uninsdeletevalue" in offered["Flags"]
            command = by_key[rf"Software\Classes\{offered['ValueName']}\shell\open\command"]
            assert command["ValueData"] == r'"{app}\debabelizer-desktop.exe" open "%1"'
    assert all("uninsdelete" in entry["Flags"] for entry in entries)
    assert all(entry["Root"] in ("HKA", "HKCU") for entry in entries)


def test_the_data_it_offers_to_remove_is_where_the_program_keeps_it(
    script: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    import platformdirs.windows

    from debabelizer.config import folders

    monkeypatch.setattr("platformdirs.PlatformDirs", platformdirs.windows.Windows)
    monkeypatch.setattr("platformdirs.windows.get_win_folder", lambda name: f"/{name}")
    removed = re.search(r"Data := ExpandConstant\('\{localappdata\}\\(\w+)'\)", "\n".join(script["Code"]))
    assert removed is not None
    for folder in (folders.config_dir({}), folders.data_dir({}), folders.state_dir({}), folders.cache_dir({})):
        assert folder.is_relative_to(f"/CSIDL_LOCAL_APPDATA/{removed[1]}"), folder


def test_a_silent_removal_keeps_the_user_s_data(script: dict[str, list[str]]) -> None:
    code = "\n".join(script["Code"])
    asked = re.search(
        r"if not UninstallSilent.*?then\s+if MsgBox\(.*?MB_DEFBUTTON2\) = IDYES then begin(.*?)end;", code, re.DOTALL
    )
    assert asked is not None
    assert code.count("DelTree") == asked[1].count("DelTree") == 1


def test_the_verbs_it_calls_the_program_with_exist(script: dict[str, list[str]]) -> None:
    import click

    from debabelizer.cli.program import program as command

    calls = re.findall(r"(?:Console|ConsoleExe\}'\)|debabelizer\.exe'\)), '([\w .-]+)'", "\n".join(script["Code"]))
    calls += [_entry(line)["Parameters"] for line in script["Run"] if "Parameters:" in line]
    assert {call.split()[0] for call in calls} == {"remote", "keys", "config"}
    for call in calls:
        words = call.split()
        found: click.Command = command
        with click.Context(command) as context:
            while isinstance(found, click.Group):
                found = found.get_command(context, words.pop(0)) or pytest.fail(f"there is no {call!r}")
            found.make_context("x", words)


def test_the_version_resource_is_an_expression_of_pyinstaller_s_classes() -> None:
    def made(kind: str) -> object:
        return lambda *values, **named: (kind, values, named)

    kinds = (
        "VSVersionInfo",
        "FixedFileInfo",
        "StringFileInfo",
        "StringTable",
        "StringStruct",
        "VarFileInfo",
        "VarStruct",
    )
    _, _, parts = eval(freezing.version_resource("debabelizer"), {kind: made(kind) for kind in kinds})
    assert parts["ffi"][2]["filevers"] == program.numeric_version()
    _, ([table],), _ = parts["kids"][0]
    strings = dict(values for _, values, _ in table[1][1])
    assert strings["OriginalFilename"] == "debabelizer.exe"
    assert strings["ProductVersion"] == program.version()
    assert strings["LegalCopyright"].startswith("Copyright")


def test_the_manifest_asks_for_long_paths_utf_8_sharp_windows_and_no_administrator() -> None:
    root = ElementTree.parse(freezing.MANIFEST).getroot()
    assert root.tag == "{urn:schemas-microsoft-com:asm.v1}assembly"
    values = {element.tag.rpartition("}")[2]: (element.text or "").strip() for element in root.iter()}
    assert values["longPathAware"] == "true"
    assert values["activeCodePage"] == "UTF-8"
    assert values["dpiAwareness"].startswith("PerMonitorV2")
    level = root.find(".//{urn:schemas-microsoft-com:asm.v3}requestedExecutionLevel")
    assert level is not None
    assert level.attrib == {"level": "asInvoker", "uiAccess": "false"}


def test_the_icon_has_the_sizes_windows_asks_for(tmp_path: Path) -> None:
    data = freezing.write_icon(tmp_path).read_bytes()
    _, kind, count = struct.unpack_from("<HHH", data)
    assert kind == 1
    sizes = []
    for number in range(count):
        width, height, *_, length, offset = struct.unpack_from("<BBBBHHII", data, 6 + 16 * number)
        picture = QImage.fromData(data[offset : offset + length])
        assert (picture.width() % 256, picture.height() % 256) == (width, height)
        assert picture.pixelColor(picture.width() // 2, picture.height() // 8).green() > 80, "it is drawn"
        sizes.append(picture.width())
    assert {16, 24, 32, 48, 256} <= set(sizes)


def test_signing_is_a_command_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = Context(out=tmp_path, work=tmp_path / "work")
    file = tmp_path / "with space.exe"
    file.write_bytes(b"program")
    windows.sign(context, file)
    assert file.read_bytes() == b"program", "no command, no signature"
    signer = tmp_path / "signer.py"
    signer.write_text("import sys; open(sys.argv[1], 'ab').write(b' signed')")
    monkeypatch.setenv(windows.SIGN_COMMAND, f"{sys.executable} {signer} {{file}}")
    windows.sign(context, file)
    assert file.read_bytes() == b"program signed"
