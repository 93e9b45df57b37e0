"""All checks and tests, in the order in which they fail fastest. Started by ``./run test``.

``--long`` adds the full fault, soak and fuzz runs; any other argument goes to pytest.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
ENGINE_PYTHON = ROOT / ".venv-engine" / "bin" / "python"
"""Has no Qt, so that an import of it in the engine fails; on Windows the one environment serves for both."""
WINDOW_FOLDERS = ("desktop", "packaging", "rig")
"""Tests that need the Qt packages."""


def main() -> int:
    # A shell starts background jobs with interrupts ignored, and children inherit that; tests send some.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    arguments = sys.argv[1:]
    long = "--long" in arguments
    arguments = [a for a in arguments if a != "--long"]
    marks = ["--hypothesis-profile=long"] if long else ["-m", "not long"]
    folders = [str(p) for p in sorted((ROOT / "tests").iterdir()) if _has_tests(p) and p.name not in WINDOW_FOLDERS]
    window = [str(ROOT / "tests" / name) for name in WINDOW_FOLDERS if _has_tests(ROOT / "tests" / name)]
    engine_python = ENGINE_PYTHON if ENGINE_PYTHON.exists() else Path(sys.executable)
    steps: list[tuple[str, list[str]]] = [
        ("style", [str(BIN / "ruff"), "check", "."]),
        ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
        ("types", [str(BIN / "mypy")]),
        ("import contracts", [str(BIN / "lint-imports"), "--no-cache"]),
    ]
    suites = [
        Suite("engine, without Qt", [str(engine_python), *_pytest("engine"), *marks, *arguments, *folders]),
        Suite("window", [sys.executable, *_pytest("window"), *marks, *arguments, *window]),
    ]
    failed = [name for name, command in steps if not _passes(name, command)]
    failed += [suite.name for suite in suites if not suite.passes()]
    print(f"\n{'all passed' if not failed else 'failed: ' + ', '.join(failed)}")
    return 1 if failed else 0


def _pytest(cache: str) -> list[str]:
    return ["-m", "pytest", "-q", "-o", f"cache_dir={ROOT / '.cache' / 'pytest' / cache}"]


class Suite:
    """Tests, three at a time: with real sound, windows and programs they wait half of their time, so that two would
    leave the two processors of a small machine half idle. They disturb one another there; so the few that fail are run
    once more, alone, and are named even if they pass then."""

    FEW = 5
    PARALLEL = ("-n", "3", "--dist", "loadgroup")

    def __init__(self, name: str, command: list[str]) -> None:
        self.name, self._command = name, command
        cache = next(Path(part.removeprefix("cache_dir=")) for part in command if part.startswith("cache_dir="))
        self._failures = cache / "v" / "cache" / "lastfailed"

    def passes(self) -> bool:
        self._failures.unlink(missing_ok=True)
        if _passes(self.name, [*self._command, *self.PARALLEL]):
            return True
        names = self._failed()
        if not 0 < len(names) <= self.FEW:
            return False
        print(f"\nonce more, alone: {', '.join(names)}")
        alone = _passes(f"{self.name}, what failed", [*self._command, "--last-failed"])
        if alone:
            print(f"=== UNSTABLE, passed only alone: {', '.join(names)}")
        return alone

    def _failed(self) -> list[str]:
        return list(json.loads(self._failures.read_text())) if self._failures.exists() else []


def _has_tests(folder: Path) -> bool:
    return folder.is_dir() and any(folder.rglob("test_*.py"))


def _passes(name: str, command: list[str]) -> bool:
    print(f"\n=== {name}", flush=True)
    began = time.monotonic()
    passed = subprocess.run(command, cwd=ROOT, env=_environment()).returncode == 0
    print(f"=== {name}: {'passed' if passed else 'FAILED'} in {time.monotonic() - began:.0f} s", flush=True)
    return passed


def _environment() -> dict[str, str]:
    """The tests' own world: no display, bus or sound server of the person who runs them, and compiled modules kept
    beside the sources' tree, for the many programs that tests start."""
    strangers = (
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "PULSE_SERVER",
        "DBUS_SESSION_BUS_ADDRESS",
        "ELEVENLABS_API_KEY",
        "PYTHONDONTWRITEBYTECODE",
    )
    kept = {k: v for k, v in os.environ.items() if k not in strangers and not k.startswith("DEBABELIZER_")}
    sources = os.pathsep.join(str(ROOT / root) for root in ("app", "providers"))
    return {**kept, "PYTHONPATH": sources, "LC_ALL": "C.UTF-8", "PYTHONPYCACHEPREFIX": str(ROOT / ".cache" / "pyc")}


if __name__ == "__main__":
    sys.exit(main())
