"""All checks and tests, in the order in which they fail fastest. Started by ``./run test``.

``--long`` adds the full fault, soak and fuzz runs; any other argument goes to pytest.
"""

from __future__ import annotations

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
WINDOW_FOLDERS = ("desktop", "rig")


def main() -> int:
    # A shell starts background jobs with interrupts ignored, and children inherit that; tests send some.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    arguments = sys.argv[1:]
    long = "--long" in arguments
    arguments = [a for a in arguments if a != "--long"]
    marks = [] if long else ["-m", "not long"]
    parallel = ["-n", "2", "--dist", "loadgroup"]
    folders = [str(p) for p in sorted((ROOT / "tests").iterdir()) if _has_tests(p) and p.name not in WINDOW_FOLDERS]
    window = [str(ROOT / "tests" / name) for name in WINDOW_FOLDERS if _has_tests(ROOT / "tests" / name)]
    engine_python = ENGINE_PYTHON if ENGINE_PYTHON.exists() else Path(sys.executable)
    steps: list[tuple[str, list[str]]] = [
        ("style", [str(BIN / "ruff"), "check", "."]),
        ("format", [str(BIN / "ruff"), "format", "--check", "--quiet", "."]),
        ("types", [str(BIN / "mypy")]),
        ("import contracts", [str(BIN / "lint-imports"), "--no-cache"]),
        ("engine, without Qt", [str(engine_python), "-m", "pytest", "-q", *marks, *parallel, *arguments, *folders]),
        ("window", [sys.executable, "-m", "pytest", "-q", *marks, *parallel, *arguments, *window]),
    ]
    return _run(steps)


def _has_tests(folder: Path) -> bool:
    return folder.is_dir() and any(folder.rglob("test_*.py"))


def _run(steps: list[tuple[str, list[str]]]) -> int:
    failed = []
    for name, command in steps:
        print(f"\n=== {name}", flush=True)
        began = time.monotonic()
        code = subprocess.run(command, cwd=ROOT, env=_environment()).returncode
        print(f"=== {name}: {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s", flush=True)
        if code:
            failed.append(name)
    print(f"\n{'all passed' if not failed else 'failed: ' + ', '.join(failed)}")
    return 1 if failed else 0


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
