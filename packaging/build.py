"""Builds one wheel, and from that wheel every installer that this system can build.

    ./run package                    everything; what is skipped is named, with the reason
    ./run package --only deb,tar     these, and what they need
    ./run package --list             what there is
    ./run package --prove            builds the Debian package and lives with it on a fresh system (as root)

Artefacts go to ``dist/``, scratch and log to ``build/packaging``.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import sizes
from context import BuildError, Context, Target
from program import ROOT
from targets import ALL


def main() -> int:
    options = _options()
    if options.list:
        for target in ALL:
            print(f"{target.name:16} {target.about}{_unavailable(target)}")
        return 0
    context = Context(out=options.out.resolve(), work=ROOT / "build" / "packaging")
    (context.work / "log").unlink(missing_ok=True)
    only = [*options.only, *(["deb"] if options.prove else [])]
    failed = _build(_chosen(only), context, insisted=set(only))
    failed += _tell(context)
    if options.prove and not failed:
        return _prove(context.out)
    return 1 if failed else 0


def _tell(context: Context) -> list[str]:
    """What was made, and what takes the room in it; gives the names of what takes too much."""
    too_large = []
    for target, artefacts in context.made.items():
        for path in artefacts:
            if path.is_dir():
                print(f"\n{sizes.report(path)}\n")
            else:
                print(f"{target:16} {path} {path.stat().st_size / 1e6:.1f} MB")
            if path.is_dir() and (complaint := sizes.above_budget(path, sizes.budget(path.name))):
                print(f"! {target}: {complaint}")
                too_large.append(target)
    return too_large


def _prove(out: Path) -> int:
    """The long tests of what was built, in the environment of the tests."""
    python = ROOT / ".venv" / "bin" / "python"
    command = [str(python), "-m", "pytest", "-v", "-m", "long", "tests/packaging"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "DEBABELIZER_DIST": str(out)}, check=False).returncode


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run package", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--only", type=_names, default=[], metavar="TARGET,…", help="these, and what they need")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR", help="where artefacts go [dist]")
    parser.add_argument(
        "--prove", action="store_true", help="then install, use and remove the Debian package (as root)"
    )
    parser.add_argument("--list", action="store_true", help="name the targets and leave")
    return parser.parse_args()


def _names(text: str) -> list[str]:
    known = {target.name for target in ALL}
    names = [name for name in text.split(",") if name]
    if unknown := sorted(set(names) - known):
        raise argparse.ArgumentTypeError(f"no target {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return names


def _unavailable(target: Target) -> str:
    why = target.why_not()
    return f" (not here: {why})" if why else ""


def _chosen(only: list[str]) -> list[Target]:
    """In the order of the table, with what they need."""
    by_name = {target.name: target for target in ALL}
    wanted: set[str] = set()
    waiting = list(only or by_name)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += by_name[name].needs
    return [target for target in ALL if target.name in wanted]


def _build(targets: list[Target], context: Context, *, insisted: set[str]) -> list[str]:
    """Builds in turn; gives the names of what failed. Skipping is a failure only where a target was asked for."""
    failed = []
    for target in targets:
        absent = [name for name in target.needs if name not in context.made]
        why = target.why_not() or (f"it is made from {', '.join(absent)}" if absent else None)
        if why:
            print(f"- {target.name}: skipped, {why}", flush=True)
            failed += [target.name] if target.name in insisted else []
            continue
        began = time.monotonic()
        try:
            context.made[target.name] = target.build(context)
        except BuildError as error:
            print(f"! {target.name}: {error}", flush=True)
            failed.append(target.name)
        else:
            print(f"+ {target.name}: {time.monotonic() - began:.0f} s", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
