"""The Windows installer: Inno Setup's, one file that installs for one user or for all, also silently."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

from context import Context, Target, only_on
from program import COMMAND, HERE, VARIANTS, WINDOW_COMMAND, Variant, version

from targets import frozen

_USUAL_PLACE = Path("C:/Program Files (x86)/Inno Setup 6/ISCC.exe")
SIGN_COMMAND = "DEBABELIZER_SIGN_COMMAND"
"""A command that signs one file, ``{file}`` in it; unset: nothing is signed. No key or password stands in it: it names
a certificate of the machine's store, or a signing service whose access the environment holds."""


def why_not() -> str | None:
    return only_on("win32") or (None if _compiler() else "Inno Setup 6.3 or newer is missing (jrsoftware.org)")


def _compiler() -> str | None:
    return os.environ.get("ISCC") or shutil.which("iscc") or (str(_USUAL_PLACE) if _USUAL_PLACE.exists() else None)


def build(context: Context, variant: Variant) -> list[Path]:
    sys.path.insert(0, str(HERE / "windows"))
    import setup_script
    from freezing import write_icon

    source = context.result(frozen.target(variant))
    for name in (COMMAND, WINDOW_COMMAND):
        sign(context, source / f"{name}.exe")
    work = context.fresh(target(variant))
    output = context.out / f"{variant.name}-{version()}-windows-x64"
    facts = work / "facts.iss"
    facts.write_text(setup_script.facts(source, write_icon(work), output), encoding="utf-8-sig")
    compiler = _compiler()
    assert compiler is not None
    context.run([compiler, "/Qp", f"/DFacts={facts}", *_signing(), setup_script.SCRIPT])
    return [output.with_name(f"{output.name}.exe")]


def sign(context: Context, file: Path) -> None:
    """By the command of the environment, where there is one."""
    command = os.environ.get(SIGN_COMMAND)
    if command:
        context.run([word.replace("{file}", str(file)) for word in shlex.split(command, posix=os.name != "nt")])


def _signing() -> list[str]:
    """Inno Setup signs installer and uninstaller itself: it has the latter only in its hands."""
    command = os.environ.get(SIGN_COMMAND)
    return [] if not command else ["/DSign", "/Ssign=" + command.replace('"', "$q").replace("{file}", "$q$f$q")]


def target(variant: Variant) -> str:
    return f"windows{variant.name.removeprefix(COMMAND)}"


TARGETS = tuple(
    Target(
        name=target(variant),
        about=f"{variant.title} as an installer for Windows",
        needs=(frozen.target(variant),),
        why_not=why_not,
        build=lambda context, variant=variant: build(context, variant),  # type: ignore[misc]
    )
    for variant in VARIANTS
)
