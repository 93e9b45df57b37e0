"""Installs what ``dist`` holds for this system, tries it (check_frozen.py), removes it, and looks whether it is gone.

    python packaging/check_installers.py [--light] [DIST]

Meant for a machine that is thrown away afterwards: on Linux it installs a package (as root), on Windows and macOS it
stays within the user's own folders.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from check_frozen import Frozen, check
from program import COMMAND, FULL, LIGHT, ROOT, TITLE, Variant, version


@contextmanager
def windows(installer: Path, scratch: Path) -> Iterator[Path]:
    """For this user, silently; the uninstaller goes on by itself after it has returned."""
    folder = scratch / TITLE
    _run(installer, "/VERYSILENT", "/SUPPRESSMSGBOXES", "/CURRENTUSER", f"/DIR={folder}", f"/LOG={scratch / 'log'}")
    yield folder
    _run(folder / "unins000.exe", "/VERYSILENT")
    _wait_until_gone(folder / f"{COMMAND}.exe")


@contextmanager
def macos(image: Path, scratch: Path) -> Iterator[Path]:
    """The app is copied out of the image, as one drags it into the folder of apps."""
    mounted = scratch / "image"
    _run("hdiutil", "attach", "-nobrowse", "-readonly", "-mountpoint", mounted, image)
    try:
        if not (mounted / "Applications").is_symlink():
            raise SystemExit("the image has no link to the folder where apps live")
        app = scratch / f"{TITLE}.app"
        _run("ditto", mounted / app.name, app)
    finally:
        _run("hdiutil", "detach", mounted)
    _run("codesign", "--verify", "--deep", "--strict", app)
    yield app / "Contents" / "MacOS"


@contextmanager
def debian(package: Path, scratch: Path) -> Iterator[Path]:
    _run("apt-get", "install", "-y", "--no-install-recommends", package)
    name = package.name.partition("_")[0]
    yield Path("/usr/lib") / COMMAND
    _run("apt-get", "purge", "-y", name)
    if Path("/usr/lib", COMMAND).exists():
        raise SystemExit("the package leaves files behind")


@contextmanager
def archive(packed: Path, scratch: Path) -> Iterator[Path]:
    """By its own script, into a folder where somebody else has something already."""
    prefix = scratch / "prefix"
    prefix.mkdir()
    (prefix / "theirs").touch()
    _run("tar", "-xf", packed, "-C", scratch)
    script = scratch / packed.name.removesuffix(".tar.xz") / "install.sh"
    _run("sh", script, "--prefix", prefix)
    yield prefix / "lib" / COMMAND
    _run("sh", script, "--remove", "--prefix", prefix)
    if left := [path for path in prefix.rglob("*") if path.name != "theirs"]:
        raise SystemExit(f"the script leaves behind {left[:10]}")


WAYS = {
    "win32": ((windows, "-windows-x64.exe"),),
    "darwin": ((macos, ".dmg"),),
    "linux": ((debian, ".deb"), (archive, ".tar.xz")),
}
"""Per system each way to install, and how the file's name ends."""


def installer(folder: Path, variant: Variant, ending: str) -> Path:
    """The one of this version and variant. Raises SystemExit where there is none, or more than one."""
    found = [
        path
        for path in folder.glob(f"{variant.name}[-_]*{ending}")
        if variant is LIGHT or not path.name.startswith(LIGHT.name)
    ]
    if len(found) != 1:
        raise SystemExit(f"{folder} has {len(found)} installers {variant.name}…{ending}, not one: {found}")
    return found[0]


def _run(*words: object) -> None:
    subprocess.run([str(word) for word in words], check=True)


def _wait_until_gone(file: Path, patience_s: float = 60.0) -> None:
    import time

    began = time.monotonic()
    while file.exists():
        if time.monotonic() - began > patience_s:
            raise SystemExit(f"{file} is still there")
        time.sleep(0.2)


def trial(way: Callable[[Path, Path], AbstractContextManager[Path]], file: Path, variant: Variant) -> list[str]:
    """Installs it, tries it, removes it; what is wrong."""
    print(f"{file.name}, {TITLE} {version()}", flush=True)
    with tempfile.TemporaryDirectory(prefix="installed-", ignore_cleanup_errors=True) as folder:
        scratch = Path(folder).resolve()
        home = scratch / "home"
        home.mkdir()
        with way(file, scratch) as programs:
            wrong = check(Frozen(programs, home, variant))
        if not any(home.iterdir()):
            wrong.append("removing it took what is the user's own")
    return [f"{file.name}: {what}" for what in wrong]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("dist", type=Path, nargs="?", default=ROOT / "dist")
    parser.add_argument("--light", action="store_true", help="the variant without local engines")
    options = parser.parse_args()
    variant = LIGHT if options.light else FULL
    files = [(way, installer(options.dist, variant, ending)) for way, ending in WAYS[sys.platform]]
    wrong = [what for way, file in files for what in trial(way, file, variant)]
    print("\n".join(f"WRONG  {what}" for what in wrong) or "ok     installed, tried and removed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
