"""A person's life with the Debian package, on a freshly installed system: install, dictate, upgrade, remove, purge.

Long, and for root only: `./run package --prove` builds the package and runs this.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fakes import rig
from fakes.clean_root import PERSON, CleanRoot, clean_root
from fakes.rig_dictating import MODEL, SENTENCE, WELCOMED, words
from fakes.rig_processes import wait_until

ROOT = Path(__file__).parents[2]
DIST = Path(os.environ.get("DEBABELIZER_DIST", ROOT / "dist"))
PROGRAM = "/usr/lib/debabelizer"
HOME = f"/home/{PERSON}"
SETTINGS = f"{HOME}/.config/debabelizer/settings.toml"
OLD = "1.9.0"

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(3000),
    pytest.mark.xdist_group("clean root"),
    pytest.mark.skipif(os.geteuid() != 0, reason="making a clean system takes root"),
    pytest.mark.skipif(shutil.which("debootstrap") is None, reason="debootstrap is missing"),
    pytest.mark.skipif(not list(DIST.glob("debabelizer_*.deb")), reason="no package yet: ./run package --only deb"),
]


@pytest.fixture(scope="module")
def package() -> Path:
    return max(DIST.glob("debabelizer_*.deb"), key=lambda path: path.stat().st_mtime)


@pytest.fixture(scope="module")
def fresh() -> Iterator[CleanRoot]:
    """One for all tests: what the package depends on is fetched once."""
    with clean_root() as it:
        it.run(["apt-get", "update", "-q"])
        yield it


@pytest.fixture
def system(fresh: CleanRoot) -> CleanRoot:
    """Without the package, and the person has not used it yet."""
    fresh.run(["dpkg", "--purge", "debabelizer"], check=False)
    for folder in (".config", ".local", ".cache"):
        shutil.rmtree(fresh.path(f"{HOME}/{folder}"), ignore_errors=True)
    return fresh


def install(system: CleanRoot, package: Path) -> None:
    """With apt, which brings what the package depends on, and nothing more."""
    shutil.copy(package, system.path("tmp"))
    system.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", f"/tmp/{package.name}"])
    system.path(f"tmp/{package.name}").unlink()


def older(package: Path, folder: Path) -> Path:
    """The same package under an earlier version."""
    content = folder / "content"
    subprocess.run(["dpkg-deb", "-R", str(package), str(content)], check=True)
    control = content / "DEBIAN" / "control"
    lines = [f"Version: {OLD}" if line.startswith("Version:") else line for line in control.read_text().splitlines()]
    control.write_text("\n".join(lines) + "\n")
    made = folder / f"debabelizer_{OLD}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Znone", "-b", str(content), str(made)], check=True)
    shutil.rmtree(content)
    return made


def lend_desk(system: CleanRoot, desk: rig.Display, sound: rig.Sound) -> dict[str, str]:
    """Display and sound server reach into the clean system; the environment that finds them there."""
    number = desk.name.removeprefix(":")
    system.lend(Path(f"/tmp/.X11-unix/X{number}"), f"tmp/.X11-unix/X{number}")
    system.lend(Path(sound.env["PULSE_SERVER"].removeprefix("unix:")), "tmp/sound")
    return {**desk.env, "PULSE_SERVER": "unix:/tmp/sound"}


class Person:
    """Somebody who uses the installed program."""

    def __init__(self, system: CleanRoot, env: dict[str, str]) -> None:
        self.system, self.env = system, env

    def ask(self, *arguments: str, check: bool = True) -> str:
        """The ``debabelizer`` command."""
        return self.system.run(["debabelizer", *arguments], user=PERSON, env=self.env, check=check).stdout

    def state(self) -> str:
        done = self.ask("remote", "status", "--json", check=False)
        return str(json.loads(done)["state"]) if done.startswith("{") else ""

    @contextmanager
    def window(self, desk: rig.Display) -> Iterator[subprocess.Popen[bytes]]:
        """The program with its window, started as the menu does it."""
        process = self.system.start(["debabelizer-desktop"], user=PERSON, env=self.env)
        try:
            desk.wait_for_window("Debabelizer", 60)
            wait_until(lambda: self.state() == "idle", 60, "the program being idle")
            yield process
        finally:
            process.terminate()
            process.wait(20)

    def dictate(self, desk: rig.Display, sound: rig.Sound, target: rig.Terminal) -> str:
        """Hold the key, speak, let go; what arrived in the other program."""
        target.clear()
        desk.focus(target.title)
        with desk.held("F9"):
            wait_until(lambda: self.state() == "listening", 30, "the program listening")
            sound.speak(SENTENCE)
        return target.wait_for_any(60)


def understood(text: str) -> bool:
    right = sum(word in words(text) for word in words(SENTENCE))
    return right >= 0.7 * len(words(SENTENCE))


def test_from_the_first_install_to_the_purge(
    package: Path,
    system: CleanRoot,
    desk: rig.Display,
    microphone: rig.Sound,
    target: rig.Terminal,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    untouched = system.files()
    install(system, older(package, tmp_path))
    person = Person(system, lend_desk(system, desk, microphone))
    person.ask("config", "set", "provider", "sphinx")
    person.ask("config", "set", "window.autostart", "true")
    system.run(
        [
            "sh",
            "-c",
            f"mkdir -p ~/.local/state/debabelizer; echo '{WELCOMED}' > ~/.local/state/debabelizer/window.json",
        ],
        user=PERSON,
    )
    pristine = contents(system)

    assert "Nothing is broken." in person.ask("doctor")
    with person.window(desk):
        assert understood(person.dictate(desk, microphone, target))
    autostart = system.path(f"{HOME}/.config/autostart/debabelizer.desktop").read_text()
    assert f"TryExec={PROGRAM}/debabelizer-desktop\n" in autostart  # so it is passed over once the package is gone
    assert contents(system) == pristine  # nothing is written beside the program

    with person.window(desk) as running:
        install(system, package)
        assert running.wait(20) == 0  # what ran was ended in order, before its files were replaced
    assert OLD not in system.run(["dpkg-query", "-W", "-f", "${Version}", "debabelizer"]).stdout
    assert 'provider = "sphinx"' in system.path(SETTINGS).read_text()
    assert any(understood(row) for row in person.ask("history").splitlines())
    with person.window(desk):
        assert understood(person.dictate(desk, microphone, target))

    mine = {path for path in system.files() if path.startswith(HOME)}
    system.run(["apt-get", "remove", "-y", "-q", "debabelizer"])
    assert not system.path(PROGRAM).exists()
    system.run(["dpkg", "--purge", "debabelizer"])  # apt no longer knows a package that left nothing to purge
    left = {path for path in system.files() if path.startswith(HOME) or "debabelizer" in path.lower()} - untouched
    with capsys.disabled():
        sys.stdout.write("\n  ".join(["\nleft after the purge:", *sorted(left), ""]))
    assert left == mine - untouched  # the person's own, and nothing else
    files = [path for path in left if not path.endswith("/")]
    others = f"{HOME}/.config/pulse/"  # what the sound system keeps for whoever uses it
    assert [path for path in files if "debabelizer" not in path and not path.startswith(others)] == []


def contents(system: CleanRoot) -> dict[str, int]:
    """Every file of the installed program, and when it was last changed."""
    folder = system.path(PROGRAM)
    return {str(path.relative_to(folder)): path.lstat().st_mtime_ns for path in folder.rglob("*")}


def test_every_engine_of_its_own_works_in_it(package: Path, system: CleanRoot) -> None:
    install(system, package)
    person = Person(system, {})
    shutil.copytree(MODEL, system.path("opt/model"))
    sample = system.path("tmp/sample.flac")
    shutil.copy(ROOT / "app" / "debabelizer" / "audio" / "data" / "sample.flac", sample)
    spoken = person.ask("transcribe", "--provider", "sphinx", "/tmp/sample.flac")
    assert len(words(spoken)) >= 4, spoken
    person.ask("config", "set", "providers.whisper.folder", "/opt/model")
    shutil.copy(rig.speech(SENTENCE, voice="slt"), system.path("tmp/speech.wav"))
    assert words(person.ask("transcribe", "--provider", "whisper", "/tmp/speech.wav")) == words(SENTENCE)
    refused = system.run(
        ["debabelizer", "doctor", "provider", "--provider", "google"],
        user=PERSON,
        env={"GOOGLE_APPLICATION_CREDENTIALS": "/tmp/none.json"},
        check=False,
    )
    assert "library" not in refused.stdout, refused.stdout


def test_it_is_installed_in_the_menu_with_its_manual(package: Path, system: CleanRoot) -> None:
    install(system, package)
    files = system.run(["dpkg", "-L", "debabelizer"]).stdout.splitlines()
    for needed in (
        "/usr/bin/debabelizer",
        "/usr/bin/debabelizer-desktop",
        "/usr/share/applications/io.github.debabelizer.Debabelizer.desktop",
        "/usr/share/metainfo/io.github.debabelizer.Debabelizer.metainfo.xml",
        "/usr/share/icons/hicolor/48x48/apps/io.github.debabelizer.Debabelizer.png",
        "/usr/share/icons/hicolor/scalable/apps/io.github.debabelizer.Debabelizer.svg",
        "/usr/share/man/man1/debabelizer.1.gz",
        "/usr/share/doc/debabelizer/copyright",
    ):
        assert needed in files
        assert system.path(needed).is_symlink() or system.path(needed).is_file()
    assert not [path for path in files if "/tests/" in path or path.endswith((".pyc", ".py", ".pyi", ".h"))]
