"""What a Linux desktop reads beside the program: entries, icons, metadata, manual, completion, licences."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import icons
import program
from context import Context
from linux import entries, man, metainfo


def lay(context: Context, share: Path, frozen: Path) -> None:
    """Fills ``share`` (``/usr/share``, ``~/.local/share``, …) for the program in ``frozen``."""
    _write(share / "applications" / f"{program.APP_ID}.desktop", entries.menu_entry())
    _write(share / "applications" / f"{entries.TRANSCRIBE_ID}.desktop", entries.transcribe_entry())
    _write(share / "metainfo" / f"{program.APP_ID}.metainfo.xml", metainfo.metainfo())
    _icons(share / "icons" / "hicolor")
    _manual(share / "man" / "man1")
    completion = context.run([frozen / program.COMMAND, "completion", "bash"])
    _write(share / "bash-completion" / "completions" / program.COMMAND, completion)
    doc = share / "doc" / program.COMMAND
    doc.mkdir(parents=True, exist_ok=True)
    shutil.copy2(program.ROOT / "LICENSE", doc / "LICENSE")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _icons(theme: Path) -> None:
    for size in program.ICON_SIZES:
        picture = theme / f"{size}x{size}" / "apps" / f"{program.APP_ID}.png"
        picture.parent.mkdir(parents=True, exist_ok=True)
        picture.write_bytes(icons.png(size))
    scalable = theme / "scalable" / "apps" / f"{program.APP_ID}.svg"
    scalable.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(program.ICON, scalable)


def _manual(folder: Path) -> None:
    from debabelizer.cli.program import program as command

    folder.mkdir(parents=True, exist_ok=True)
    compress(folder / f"{program.COMMAND}.1.gz", man.page(command))
    compress(folder / f"{program.WINDOW_COMMAND}.1.gz", f".so man1/{program.COMMAND}.1\n")


def compress(path: Path, text: str) -> None:
    """Without name and time, so that the same text gives the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
