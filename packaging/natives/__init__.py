"""Libraries that the frozen Linux program brings in builds of our own, because as their makers build them they are many
times what it uses of them. Where one can't be built, the makers' build stays, and the output says so."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from context import Context
from program import ROOT

from natives import building, ffmpeg

ALL = (ffmpeg.NATIVE,)


def install(context: Context) -> None:
    """Puts the builds of our own into this environment, in the place of their makers'."""
    if sys.platform != "linux":
        return
    for native in ALL:
        why = building.why_not(native)
        if why is None:
            _install(context, native, str(building.wheel(context, native)), "--no-deps")
            continue
        print(f"  {native.distribution}: its makers' build, because {why}", flush=True)
        if _is_ours(native):
            _install(context, native, native.distribution, "--constraint", str(ROOT / "requirements.lock"))


def _install(context: Context, native: building.Native, what: str, *options: str) -> None:
    uv = Path(sys.executable).with_name("uv")
    again = ("--reinstall-package", native.distribution)
    context.run([uv, "pip", "install", "--python", sys.executable, *again, *options, what])


def _is_ours(native: building.Native) -> bool:
    """Whether what is installed came from a file, not from a registry."""
    try:
        return distribution(native.distribution).read_text("direct_url.json") is not None
    except PackageNotFoundError:
        return False
