"""Libraries that the frozen Linux program brings in builds of our own, because as their makers build them they are many
times what it uses of them. Where one can't be built, the makers' build stays, and the output says so."""

from __future__ import annotations

import sys
from importlib.metadata import distribution, version
from pathlib import Path

from context import Context
from program import ROOT

from natives import building, eigen, ffmpeg

ALL = (*ffmpeg.NATIVES, *eigen.NATIVES)


def install(context: Context) -> None:
    """Puts the builds of our own into this environment, in the place of their makers'."""
    if sys.platform != "linux":
        return
    for name in sorted({native.distribution for native in ALL}):
        native = next((it for it in ALL if (it.distribution, it.version) == (name, version(name))), None)
        why = f"there is no recipe for {version(name)}" if native is None else building.why_not(native)
        if native is not None and why is None:
            _install(context, name, str(building.wheel(context, native)), "--no-deps")
            continue
        print(f"  {name}: its makers' build, because {why}", flush=True)
        if distribution(name).read_text("direct_url.json") is not None:  # ours, from another day
            _install(context, name, name, "--constraint", str(ROOT / "requirements.lock"))


def _install(context: Context, name: str, what: str, *options: str) -> None:
    uv = Path(sys.executable).with_name("uv")
    again = ("--reinstall-package", name)
    context.run([uv, "pip", "install", "--python", sys.executable, *again, *options, what])
