"""Runs every measurement and prints one table. Started by ``./run bench [NAME...]``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from figures import Figure

HERE = Path(__file__).parent
NOT_MEASUREMENTS = {"run_all", "figures"}
ONLY_BY_NAME = {"reliability"}
"""Wants a machine that does nothing else, and time."""


def main(names: list[str]) -> int:
    console = Console()
    scripts = [p for p in sorted(HERE.glob("*.py")) if p.stem not in NOT_MEASUREMENTS]
    chosen = [p for p in scripts if (p.stem in names if names else p.stem not in ONLY_BY_NAME)]
    table = Table("figure", "value", "goal", "against", title="Debabelizer, measured")
    failed = []
    for script in chosen:
        console.print(f"[dim]{script.stem} …[/dim]")
        done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, cwd=HERE.parent)
        if done.returncode:
            failed.append(script.stem)
            console.print(f"[red]{script.stem} failed[/red]\n{done.stderr[-2000:]}")
        for figure in _figures(done.stdout):
            _row(table, figure)
    console.print(table)
    return 1 if failed else 0


def _figures(output: str) -> list[Figure]:
    return [Figure(**json.loads(line)) for line in output.splitlines() if line.startswith('{"name"')]


def _row(table: Table, figure: Figure) -> None:
    colour = {True: "green", False: "red", None: "default"}[figure.met]
    goal = "" if figure.goal is None else f"≤ {figure.goal:g}"
    table.add_row(figure.name, f"[{colour}]{figure.value:.3g} {figure.unit}[/]", goal, figure.against)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
