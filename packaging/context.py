"""What every target is given, and what a target is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from program import ROOT


class BuildError(Exception):
    """A target can't be made; the message names cause and remedy."""


@dataclass(kw_only=True)
class Context:
    """``out``: where artefacts go; ``work``: scratch, kept between runs; ``made``: target to artefacts, so far."""

    out: Path
    work: Path
    made: dict[str, list[Path]] = field(default_factory=dict)

    def result(self, target: str) -> Path:
        """The first artefact of a target that this one needs."""
        return self.made[target][0]

    def fresh(self, *parts: str) -> Path:
        """An empty folder under ``work``."""
        folder = self.work.joinpath(*parts)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def run(self, command: Sequence[str | Path], *, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> str:
        """Runs a program, its output in the log ``work/log``; gives that output. Raises BuildError where it fails."""
        words = [str(word) for word in command]
        done = subprocess.run(
            words,
            check=False,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            errors="replace",
        )
        self.work.mkdir(parents=True, exist_ok=True)
        with (self.work / "log").open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(words)}\n{done.stdout}{done.stderr}\n")
        if done.returncode:
            last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
            raise BuildError(f"{words[0]} failed with {done.returncode}:\n{last}\n(all of it: {self.work / 'log'})")
        return done.stdout


@dataclass(frozen=True, kw_only=True)
class Target:
    """``needs``: targets that come first. ``why_not``: why it can't be built on this system (with what would change
    that), or None. ``build``: makes it, and gives its artefacts, all under ``context.out``."""

    name: str
    about: str
    needs: tuple[str, ...] = ()
    why_not: Callable[[], str | None]
    build: Callable[[Context], list[Path]]


def only_on(*platforms: str) -> str | None:
    """Why not, on any system but these (``linux``, ``win32``, ``darwin``)."""
    names = {"linux": "Linux", "win32": "Windows", "darwin": "macOS"}
    if sys.platform in platforms:
        return None
    return f"it is built on {' or '.join(names[p] for p in platforms)}"


def lacking(*tools: str) -> str | None:
    """Why not, where a program is missing; each tool is ``command`` or ``command (package)``."""
    gone = [tool for tool in tools if shutil.which(tool.split()[0]) is None]
    return f"it needs {', '.join(gone)}" if gone else None
