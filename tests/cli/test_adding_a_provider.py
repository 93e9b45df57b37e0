"""The page docs/adding-a-provider.md, taken at its word: its files, installed beside the program, are a provider."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from debabelizer.audio.file_capture import sample_speech
from fakes.program import ROOT, Program

PAGE = ROOT / "docs" / "adding-a-provider.md"
SETTINGS = "providers.parrot"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The folder that a reader has when the page is done."""
    files = re.findall(
        r"^`parrot-speech/([^`]+)`\n\n```\w+\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    for name, text in files:
        file = tmp_path / "parrot-speech" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return tmp_path / "parrot-speech"


@pytest.fixture
def installed(program: Program, package: Path) -> Program:
    """What an installer leaves behind, made from the page's pyproject without fetching a build tool."""
    project = tomllib.loads((package / "pyproject.toml").read_text("utf-8"))["project"]
    info = package / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    groups = project["entry-points"]
    second = re.search(r"^```toml\n(cricket = .*)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    groups["debabelizer.providers"] |= tomllib.loads(second[1]) if second else {}
    lines = [f"[{group}]\n" + "\n".join(f"{k} = {v}" for k, v in points.items()) for group, points in groups.items()]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
    program.env["PYTHONPATH"] += f":{package}"
    return program


@contextmanager
def vendor(package: Path) -> Iterator[str]:
    """The page's server, on a port of its own."""
    command = [sys.executable, "-u", str(package / "parrot_server.py"), "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"ws://127.0.0.1:{server.stdout.readline().split()[-1]}"
        finally:
            server.terminate()


def test_the_page_gives_a_provider_that_works(installed: Program, package: Path) -> None:
    assert "API key" in installed("keys", "check", "parrot").out
    with vendor(package) as address:
        installed.env |= {"DEBABELIZER_PROVIDERS_PARROT_BASE_URL": address, "PARROT_API_KEY": "polly"}
        assert "The key works at" in installed("keys", "check", "parrot").out
        ran = installed("transcribe", "--provider", "parrot", sample_speech())
        assert (ran.status, ran.err) == (0, "")
        assert re.search(r"Heard \d\.\d seconds\.", ran.out), ran.out
        ran = installed("--set", "languages=de", "transcribe", "--provider", "parrot", sample_speech())
        assert re.search(r"Gehört: \d\.\d Sekunden\.", ran.out), ran.out
        installed.env["PARROT_API_KEY"] = "wrong"
        assert "refused the key" in installed("keys", "check", "parrot").out
        installed.env["PARROT_API_KEY"] = "broke"
        assert "credits at Parrot are used up" in installed("keys", "check", "parrot").out
        installed.env["PARROT_API_KEY"] = "pol\nly"
        ran = installed("keys", "check", "parrot")
        assert "characters no key has" in ran.out
        assert "pol" not in ran.out + ran.err
        installed.env["PARROT_API_KEY"] = "polly"
    assert "cannot be reached" in installed("keys", "check", "parrot").out


def test_the_pages_local_engine_works_without_a_server(installed: Program) -> None:
    ran = installed("transcribe", "--provider", "cricket", sample_speech())
    assert (ran.status, ran.err) == (0, "")
    assert re.search(r"Heard \d\.\d seconds\.", ran.out), ran.out


def pytest_says(installed: Program, folder: Path, *arguments: object) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, arguments)]
    ran = subprocess.run(command, cwd=folder, env=installed.env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    return ran.stdout


def test_the_pages_own_test_passes(installed: Program, package: Path) -> None:
    assert "3 passed" in pytest_says(installed, package, package / "test_parrot.py")


def test_the_pages_provider_passes_the_suite_of_the_built_in_ones(installed: Program, package: Path) -> None:
    """All of it takes longer and is not needed to see that a stranger can be put through it, and is alone in it."""
    suite = ("tests/contract/test_trouble.py", "tests/contract/test_word_list.py")
    said = pytest_says(installed, ROOT, *suite, "--harness", package / "parrot_harness.py")
    (passed,) = re.findall(r"(\d+) passed", said)
    assert 5 < int(passed) < 20, said
