"""A freshly installed Debian in a folder, in which a package is installed, used and removed as a person would.

Needs root and debootstrap. The base system is made once and kept as an archive in ``.cache``; every test run unpacks a
copy and throws it away. It shares network, display and sound sockets with this machine, and nothing else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
RELEASE = "bookworm"
PERSON = "person"
_CACHE = ROOT / ".cache" / f"clean-{RELEASE}.tar"
_PLAIN = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
_SPEAKS_OF_ITSELF = ("/proc/", "/sys/", "/dev/", "/run/", "/tmp/", "/var/log/", "/var/cache/", "/var/lib/apt/")
"""Folders in which any use of the package manager leaves something."""


class CleanRoot:
    """``folder``: where its file system begins."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(
        self, command: Sequence[str], *, user: str = "root", env: Mapping[str, str] | None = None, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """A program in there, to its end."""
        done = subprocess.run(
            [*self._enter(user), *command],
            env=self.environ(user, env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=900,
        )
        if check and done.returncode:
            raise AssertionError(
                f"{' '.join(command)}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
            )
        return done

    def start(self, command: Sequence[str], *, user: str, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """A program in there that goes on."""
        log = (self.folder / "tmp" / "output.log").open("wb")
        with log:
            return subprocess.Popen([*self._enter(user), *command], env=self.environ(user, env), stdout=log, stderr=log)

    def environ(self, user: str, more: Mapping[str, str] | None = None) -> dict[str, str]:
        home = "/root" if user == "root" else f"/home/{user}"
        return {**_PLAIN, "HOME": home, "USER": user, "DEBIAN_FRONTEND": "noninteractive", **(more or {})}

    def _enter(self, user: str) -> list[str]:
        return ["chroot", *([] if user == "root" else [f"--userspec={user}"]), str(self.folder)]

    def files(self) -> set[str]:
        """Everything in there but what the system keeps for itself; folders end with a slash."""
        found: set[str] = set()
        for folder, folders, names in os.walk(self.folder):
            here = f"/{Path(folder).relative_to(self.folder)}/".replace("/./", "/").replace("//", "/")
            if here.startswith(_SPEAKS_OF_ITSELF):
                folders.clear()
                continue
            found |= {f"{here}{name}" for name in names} | {f"{here}{name}/" for name in folders}
        return {path for path in found if not path.startswith((*_SPEAKS_OF_ITSELF, "/var/lib/dpkg/info/"))}

    def path(self, inside: str) -> Path:
        return self.folder / inside.lstrip("/")

    def lend(self, socket: Path, inside: str) -> None:
        """A socket of this machine can be used in there, by everybody. A second name for it does: nothing is mounted
        that could be deleted with the rest."""
        place = self.path(inside)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        place.hardlink_to(socket)
        place.chmod(0o777)

    def open(self) -> None:
        subprocess.run(["mount", "-t", "proc", "proc", str(self.path("proc"))], check=True)
        shutil.copy("/etc/resolv.conf", self.path("etc/resolv.conf"))
        self.run(["useradd", "--create-home", "--shell", "/bin/bash", PERSON])

    def close(self) -> None:
        subprocess.run(["umount", "--lazy", str(self.path("proc"))], check=True)


@contextmanager
def clean_root() -> Iterator[CleanRoot]:
    """Unpacked, with a person in it who has a home; nothing of it is left afterwards."""
    if not _CACHE.exists():
        _make(_CACHE)
    with tempfile.TemporaryDirectory(prefix="debabelizer-root-") as name:
        folder = Path(name)
        subprocess.run(["tar", "--numeric-owner", "-xpf", str(_CACHE), "-C", name], check=True)
        folder.chmod(0o755)
        it = CleanRoot(folder)
        it.open()
        try:
            yield it
        finally:
            it.close()


def _make(archive: Path) -> None:
    archive.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="debabelizer-bootstrap-") as name:
        command = ["debootstrap", "--variant=minbase", "--include=ca-certificates", RELEASE, name, _mirror()]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        made = archive.with_suffix(".part")
        subprocess.run(["tar", "--numeric-owner", "-cpf", str(made), "-C", name, "."], check=True)
        made.rename(archive)


def _mirror() -> str:
    """The one that this machine's own packages come from."""
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN)", "Created-By: Packages"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return next(line.split()[0] for line in told if line.endswith("Debian"))
