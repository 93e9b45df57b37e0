"""The checks of a frozen program notice what they are for. The program here is a few lines of shell."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import check_frozen
import check_installers
import program
import pytest
import wanted_modules
from check_frozen import Frozen, WrongError, check

from debabelizer.export import documents

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")


@pytest.fixture
def frozen(tmp_path: Path) -> Frozen:
    folder, home = tmp_path / "program", tmp_path / "home"
    (folder / "_internal" / "i18n").mkdir(parents=True)
    home.mkdir()
    for name in ("debabelizer_ru.qm", "qtbase_ru.qm"):
        (folder / "_internal" / "i18n" / name).touch()
    made = Frozen(folder, home, program.FULL)
    _write(made, f"debabelizer {program.version()}", program.providers())
    return made


def _write(frozen: Frozen, version: str, providers: tuple[str, ...], besides: str = ":") -> None:
    known = json.dumps({"providers": [{"description": {"name": name}} for name in providers]})
    frozen.console.write_text(
        f"#!/bin/sh\n{besides}\ncase $1 in --version) echo '{version}';; *) echo '{known}';; esac\n"
    )
    frozen.console.chmod(0o755)


def _check(frozen: Frozen, monkeypatch: pytest.MonkeyPatch, *names: str) -> list[str]:
    monkeypatch.setattr(check_frozen, "CHECKS", [getattr(check_frozen, name) for name in names])
    return check(frozen)


ALL = (
    "it_says_its_version",
    "every_provider_is_in_it",
    "every_language_is_in_it",
    "nothing_of_tests_and_builds_is_in_it",
)


def test_a_whole_program_passes(frozen: Frozen, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _check(frozen, monkeypatch, *ALL) == []


def test_each_fault_is_found(
    frozen: Frozen, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(frozen, "debabelizer 0.0.1", program.providers()[1:])
    next(frozen.folder.rglob("qtbase_ru.qm")).unlink()
    (frozen.folder / "_internal" / "numpy" / "tests").mkdir(parents=True)
    assert _check(frozen, monkeypatch, *ALL) == [name.replace("_", " ") for name in ALL]
    told = capsys.readouterr().out
    for word in ("0.0.1", program.providers()[0], "qtbase_ru.qm", "numpy/tests"):
        assert word in told


def test_a_module_that_is_imported_late_and_left_out_is_found(
    frozen: Frozen, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = 'yaml*) echo "ModuleNotFoundError: No module named \'yaml\'" >&2;; *) echo "AttributeError: $2" >&2;;'
    frozen.console.write_text(f'#!/bin/sh\n[ "$1" = --debabelizer-worker ] && case $2 in {answers} esac\n')
    monkeypatch.setattr(wanted_modules, "wanted", lambda variant: ["av", "yaml.nodes", "docx"])
    assert _check(frozen, monkeypatch, "every_module_it_imports_is_in_it") == ["every module it imports is in it"]
    told = capsys.readouterr().out.splitlines()[0]
    assert "yaml.nodes: ModuleNotFoundError" in told
    assert told.count(": ") == 3, "no other module is complained about"


def test_what_the_program_imports_is_read_from_its_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(source.is_dir() for source in wanted_modules.SOURCES)
    monkeypatch.setattr(wanted_modules, "SOURCES", (tmp_path,))
    (tmp_path / "one.py").write_text(
        "import os, av.audio\nimport av\nfrom . import two\nfrom debabelizer import errors\n"
        "if TYPE_CHECKING:\n    from _typeshed import X\n"
        "def late():\n    from faster_whisper.audio import decode\n    import Xlib.display\n    import pynput\n"
    )
    monkeypatch.setattr(wanted_modules, "BEHIND", {"store.windows": ("win32",), "store.bus": ("linux",)})
    own = ["Xlib.display", "av.audio", "faster_whisper.audio"]
    assert wanted_modules.wanted(program.FULL, "linux") == [*own, "store.bus"]
    assert wanted_modules.wanted(program.LIGHT, "win32") == ["av.audio", "pynput", "store.windows"]


def test_every_kind_of_file_that_the_program_opens_is_tried() -> None:
    tried = {path.suffix[1:] for path in (check_frozen.SPEECH, *check_frozen.KINDS.iterdir())}
    assert tried == {ending for kind in program.FILE_KINDS for ending in kind.endings} - {"oga"}  # Ogg by another name
    assert check_frozen.FORMS == documents.FORMS


@pytest.mark.parametrize(
    ("says", "forms", "complaint"),
    [
        ("hello world", "txt", "of 12 files in 7 forms it wrote"),
        ("hello world", "txt md srt vtt json tsv docx", r"\.docx is no document"),
        ("yellow word", "txt md srt vtt json tsv", "says 'yellow word'"),
    ],
)
def test_a_form_that_is_not_written_and_a_word_that_is_not_heard_are_told(
    frozen: Frozen, monkeypatch: pytest.MonkeyPatch, says: str, forms: str, complaint: str
) -> None:
    if says == "yellow word":
        monkeypatch.setattr(check_frozen, "FORMS", check_frozen.FORMS[:-1])
    frozen.console.write_text(
        f'#!/bin/sh\nmkdir -p "{frozen.home}/written"\n'
        f'for file in "$@"; do case $file in */written) ;; /*) for form in {forms}; do\n'
        f'echo "{says}" > "{frozen.home}/written/$(basename "$file").$form"; done;; esac; done\n'
    )
    with pytest.raises(WrongError, match=complaint):
        check_frozen.whisper_hears_every_kind_of_file_and_writes_every_form(frozen)


@pytest.mark.skipif(sys.platform != "linux" or shutil.which("openssl") is None, reason="the system can't be told")
def test_a_service_is_talked_to_if_the_system_trusts_it_and_not_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program as it is installed here, in the place of the frozen one."""
    here = Frozen(Path(sys.executable).parent, tmp_path, program.FULL)
    check_frozen.a_service_is_reached_by_certificates_that_the_system_trusts(here)
    monkeypatch.setattr(check_frozen.tls_service, "TEXT", "Somebody else.")
    frozen = Frozen(tmp_path, tmp_path, program.FULL)
    frozen.console.write_text("#!/bin/sh\necho 'Somebody else.'\n")
    frozen.console.chmod(0o755)
    with pytest.raises(WrongError, match="nobody vouches"):
        check_frozen.a_service_is_reached_by_certificates_that_the_system_trusts(frozen)


def test_writing_beside_itself_is_found(frozen: Frozen, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(frozen, f"debabelizer {program.version()}", (), besides='echo x > "$(dirname "$0")/settings.toml"')
    assert _check(frozen, monkeypatch, "it_says_its_version") == ["it writes beside itself"]


def test_a_traceback_and_another_status_are_wrong(frozen: Frozen) -> None:
    frozen.console.write_text("#!/bin/sh\necho 'Traceback (most recent call last)' >&2\n")
    with pytest.raises(WrongError, match="Traceback"):
        frozen.run("--version")
    frozen.console.write_text("#!/bin/sh\nexit 7\n")
    with pytest.raises(WrongError, match="ended with 7"):
        frozen.run("--version")


def test_a_window_that_does_not_come_up_is_told(frozen: Frozen) -> None:
    frozen.window.write_text("#!/bin/sh\nexit 3\n")
    frozen.window.chmod(0o755)
    frozen.console.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(WrongError, match="ended with 3 before its window was there"):
        check_frozen.the_window_opens_and_ends_when_told(frozen)


def test_an_app_of_macos_is_looked_at_as_a_whole(tmp_path: Path) -> None:
    programs = tmp_path / "Debabelizer.app" / "Contents" / "MacOS"
    assert Frozen(programs, tmp_path, program.FULL).root == tmp_path / "Debabelizer.app"


def test_the_installer_of_a_variant_is_found_among_the_others(tmp_path: Path) -> None:
    names = ["debabelizer_2.0_amd64.deb", "debabelizer-light_2.0_amd64.deb", "debabelizer-2.0-windows-x64.exe"]
    for name in names:
        (tmp_path / name).touch()
    assert check_installers.installer(tmp_path, program.FULL, ".deb").name == names[0]
    assert check_installers.installer(tmp_path, program.LIGHT, ".deb").name == names[1]
    assert check_installers.installer(tmp_path, program.FULL, "-windows-x64.exe").name == names[2]
    with pytest.raises(SystemExit, match="has 0 installers debabelizer-light…-windows-x64"):
        check_installers.installer(tmp_path, program.LIGHT, "-windows-x64.exe")
