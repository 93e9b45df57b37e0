"""Starts a frozen program as a user would and says what is wrong with it.

    python packaging/check_frozen.py dist/frozen/debabelizer                       a folder, on any system
    python packaging/check_frozen.py Debabelizer.app/Contents/MacOS                an app of macOS
    python packaging/check_frozen.py --light dist/frozen/debabelizer-light         the variant without local engines

It keeps everything in a folder of its own (``--keep`` leaves it there) and needs neither a microphone nor a network; on
Linux a window needs a display, or ``QT_QPA_PLATFORM=offscreen``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tls_service
import wanted_modules
from program import (
    COMMAND,
    FULL,
    LIGHT,
    ROOT,
    WINDOW_COMMAND,
    Variant,
    languages,
    left_out,
    providers,
    version,
    worker_flag,
)

_PATIENCE_S = 120.0
"""What a step may take on a slow machine; a first start on Windows is looked at by the virus scanner."""
_WORDS = ("hello", "world")
SPEECH = ROOT / "tests" / "data" / "speech" / "01_hello_test.wav"
KINDS = SPEECH.parent / "kinds"
"""The same sentence in every kind of file that the program opens."""
FORMS = ("txt", "md", "srt", "vtt", "json", "tsv", "docx")
MODEL = ROOT / "tests" / "data" / "whisper-tiny-words"
LEFTOVERS = ("tests", "conftest.py", "pytest", "hypothesis", "PyInstaller", "*.pyi", "*.ts")


class WrongError(Exception):
    """What does not hold, as a sentence."""


class Frozen:
    """``folder``: where the programs lie; ``home``: where they keep what is theirs during the checks."""

    def __init__(self, folder: Path, home: Path, variant: Variant) -> None:
        suffix = ".exe" if os.name == "nt" else ""
        self.folder, self.home, self.variant = folder, home, variant
        self.console = folder / f"{COMMAND}{suffix}"
        self.window = folder / f"{WINDOW_COMMAND}{suffix}"
        self.root = folder.parents[1] if folder.name == "MacOS" else folder
        strangers = ("PYTHON", "DEBABELIZER_", "VIRTUAL_ENV", "QT_PLUGIN", "QML")
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(strangers)}
        self.env["DEBABELIZER_HOME"] = str(home)

    def run(
        self,
        *arguments: str,
        statuses: tuple[int, ...] = (0,),
        program: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> str:
        """What the program (the console's) prints. Raises WrongError for another status or a traceback."""
        ran = subprocess.run(
            [program or self.console, *arguments],
            env={**self.env, **(env or {})},
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PATIENCE_S,
            check=False,
        )
        said = ran.stderr.decode("utf-8", "replace")
        if ran.returncode not in statuses or "Traceback" in said:
            raise WrongError(f"`{COMMAND} {' '.join(arguments)}` ended with {ran.returncode}: {said.strip()[-2000:]}")
        return ran.stdout.decode("utf-8")

    def json(self, *arguments: str, statuses: tuple[int, ...] = (0,)) -> Any:
        return json.loads(self.run(*arguments, "--json", statuses=statuses))

    def files(self) -> dict[str, tuple[int, int]]:
        """Name to size and time of every file of the program."""
        stats = ((path, path.lstat()) for path in self.root.rglob("*") if not path.is_dir())
        return {path.relative_to(self.root).as_posix(): (stat.st_size, stat.st_mtime_ns) for path, stat in stats}


def it_says_its_version(frozen: Frozen) -> None:
    said = frozen.run("--version").strip()
    if said != f"{COMMAND} {version()}":
        raise WrongError(f"it is {said!r}, not {version()}")


def every_provider_is_in_it(frozen: Frozen) -> None:
    found = frozen.json("providers")
    there = {entry["description"]["name"] for entry in found["providers"]}
    if missing := sorted(set(providers()) - there):
        raise WrongError(f"left out: {', '.join(missing)}")


def every_module_it_imports_is_in_it(frozen: Frozen) -> None:
    """Each is imported by a worker for something that is not in it: that then is the complaint, not the module."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = pool.map(lambda module: _imported(frozen, module), wanted_modules.wanted(frozen.variant))
    if wrong := [complaint for complaint in complaints if complaint]:
        raise WrongError("; ".join(wrong))


def _imported(frozen: Frozen, module: str) -> str:
    """What is wrong with it; empty: nothing."""
    missing = "nothing_of_this_name"
    command = [frozen.console, worker_flag(), f"{module}:{missing}"]
    pipe = subprocess.PIPE  # the input stays open: its end would be the worker's
    with subprocess.Popen(command, env=frozen.env, cwd=frozen.home, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stderr is not None
        said = process.stderr.read().decode("utf-8", "replace").strip()
    last = said.splitlines()[-1] if said else "it says nothing"
    return "" if last.startswith("AttributeError") and missing in last else f"{module}: {last}"


def every_language_is_in_it(frozen: Frozen) -> None:
    names = {name.rpartition("/")[2] for name in frozen.files()}
    wanted = [f"{catalogue}_{code}.qm" for code in languages() if code != "en" for catalogue in (COMMAND, "qtbase")]
    if missing := [name for name in wanted if name not in names]:
        raise WrongError(f"left out: {', '.join(missing)}")


def nothing_of_tests_and_builds_is_in_it(frozen: Frozen) -> None:
    found = [str(path.relative_to(frozen.root)) for name in LEFTOVERS for path in frozen.root.rglob(name)]
    if found:
        raise WrongError(f"leftovers: {', '.join(found[:10])}")


def the_doctor_finds_nothing_broken(frozen: Frozen) -> None:
    """The recogniser's worker is this very program, started with another argument; microphone, key and insertion are
    the machine's business."""
    links = ["settings", "keys", "disk"]
    if frozen.variant is FULL:
        links += ["provider", "recogniser"]
    answer = frozen.json("doctor", *links, "--provider", "sphinx", statuses=(0, 1))
    if answer["broken"] or {finding["link"] for finding in answer["findings"]} != set(links):
        raise WrongError(json.dumps(answer["findings"], ensure_ascii=False))
    frozen.json("doctor", "microphone", "hotkey", "insertion", statuses=(0, 1))


def the_one_without_a_console_starts_workers_as_well(frozen: Frozen) -> None:
    if frozen.variant is FULL:
        frozen.run("doctor", "recogniser", "--provider", "sphinx", program=frozen.window)


def whisper_hears_every_kind_of_file_and_writes_every_form(frozen: Frozen) -> None:
    if frozen.variant is not FULL:
        return
    files, written = [SPEECH, *sorted(KINDS.iterdir())], frozen.home / "written"
    options = ("--set", f"providers.whisper.folder={MODEL}", "--set", "languages=en")
    command = ("transcribe", "--provider", "whisper", "--quiet", "--to", ",".join(FORMS), "--output", str(written))
    frozen.run(*options, *command, *map(str, files))
    found = sorted(written.iterdir())
    if len(found) != len(files) * len(FORMS):
        raise WrongError(f"of {len(files)} files in {len(FORMS)} forms it wrote {', '.join(p.name for p in found)}")
    for path in found:
        text = _text(path).lower()
        if any(word not in text for word in _WORDS):
            raise WrongError(f"{path.name} says {text.strip()!r}")


def _text(path: Path) -> str:
    if path.suffix != ".docx":
        return path.read_text(encoding="utf-8")
    if not zipfile.is_zipfile(path):
        raise WrongError(f"{path.name} is no document")
    with zipfile.ZipFile(path) as document:
        return document.read("word/document.xml").decode()


def a_service_is_reached_by_certificates_that_the_system_trusts(frozen: Frozen) -> None:
    """OpenSSL's system can be told of one more; other systems keep their own, for administrators alone."""
    if sys.platform != "linux" or shutil.which("openssl") is None:
        return
    with tls_service.service(frozen.home) as (address, certificate):
        options = ("--set", f"providers.openai.base_url={address}", "--set", "languages=en")
        transcribe = ("transcribe", "--provider", "openai", "--quiet", str(SPEECH))
        told = frozen.run(*options, *transcribe, env={"SSL_CERT_FILE": str(certificate)})
        if told.strip() != tls_service.TEXT:
            raise WrongError(f"it says {told.strip()!r}")
        told = frozen.run(*options, "doctor", "provider", "--provider", "openai", statuses=(0, 1))
        if "certificate" not in told:
            raise WrongError(f"it talks to a service that nobody vouches for: {told.strip()!r}")


def it_says_where_it_has_no_code_for_graphics_cards(frozen: Frozen) -> None:
    name, _ = left_out()
    if not any(frozen.root.rglob(name)):
        return
    options = ("--set", f"providers.whisper.folder={MODEL}", "doctor", "provider", "--provider", "whisper")
    told = json.loads(frozen.run(*options, "--json"))["findings"]
    if not any("no code for graphics cards" in finding["detail"] for finding in told):
        raise WrongError(json.dumps(told, ensure_ascii=False))


def the_window_opens_and_ends_when_told(frozen: Frozen) -> None:
    with _started(frozen) as window:
        _until_it_answers(frozen, window)
        told = frozen.json("remote", "status")
        if told["state"] != "idle":
            raise WrongError(f"the window says {told}")
        frozen.run("remote", "quit")
        if (status := window.wait(_PATIENCE_S)) != 0:
            raise WrongError(f"it ended with {status}")
    log = (frozen.home / "state" / "logs" / "debabelizer.log").read_text(encoding="utf-8")
    if "CRITICAL" in log or "Traceback" in log:
        raise WrongError(f"the log: {log[-2000:]}")


def _until_it_answers(frozen: Frozen, window: subprocess.Popen[bytes]) -> None:
    """It answers once its window is on the screen and its engine runs."""
    began = time.monotonic()
    ask = [frozen.console, "remote", "status"]
    while subprocess.run(ask, env=frozen.env, capture_output=True, check=False).returncode:
        if window.poll() is not None:
            raise WrongError(f"it ended with {window.returncode} before its window was there")
        if time.monotonic() - began > _PATIENCE_S:
            raise WrongError("its window is not there")
        time.sleep(0.2)


@contextmanager
def _started(frozen: Frozen) -> Iterator[subprocess.Popen[bytes]]:
    command = [frozen.window, "--set", "provider=sphinx", "--set", "window.close_to_tray=false"]
    with subprocess.Popen(command, env=frozen.env, cwd=frozen.home) as process:
        try:
            yield process
        finally:
            process.kill()


CHECKS: tuple[Callable[[Frozen], None], ...] = (
    it_says_its_version,
    every_provider_is_in_it,
    every_module_it_imports_is_in_it,
    every_language_is_in_it,
    nothing_of_tests_and_builds_is_in_it,
    the_doctor_finds_nothing_broken,
    the_one_without_a_console_starts_workers_as_well,
    whisper_hears_every_kind_of_file_and_writes_every_form,
    it_says_where_it_has_no_code_for_graphics_cards,
    a_service_is_reached_by_certificates_that_the_system_trusts,
    the_window_opens_and_ends_when_told,
)


def check(frozen: Frozen) -> list[str]:
    """What is wrong; says each step as it goes."""
    before = frozen.files()
    wrong = []
    for step in CHECKS:
        name = step.__name__.replace("_", " ")
        try:
            step(frozen)
        except (WrongError, OSError, subprocess.TimeoutExpired, ValueError, KeyError) as error:
            print(f"WRONG  {name}: {error}", flush=True)
            wrong.append(name)
        else:
            print(f"ok     {name}", flush=True)
    if changed := sorted(set(before.items()) ^ set(frozen.files().items())):
        print(f"WRONG  it writes beside itself: {', '.join(sorted({name for name, _ in changed})[:10])}")
        wrong.append("it writes beside itself")
    else:
        print("ok     nothing is written beside it")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--light", action="store_true", help="the variant without local engines")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep what the program writes there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="frozen-", ignore_cleanup_errors=True) as folder:
        home = (options.keep or Path(folder)).resolve()
        home.mkdir(parents=True, exist_ok=True)
        wrong = check(Frozen(options.folder.resolve(), home, LIGHT if options.light else FULL))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
