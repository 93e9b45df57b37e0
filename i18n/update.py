"""Brings the translations up to date with the source: ``python i18n/update.py``.

Collects every translatable text into ``debabelizer_<language>.ts`` (new ones marked unfinished, gone ones dropped), the
templates of the engine's messages into ``resources/i18n/templates.json``, and compiles.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LANGUAGES = ("ru",)
TEMPLATES = ROOT / "resources" / "i18n" / "templates.json"

sys.path[:0] = [str(HERE), str(ROOT / "app"), str(ROOT / "providers")]

from compile import compile_all, tool  # noqa: E402 - our neighbour, found by the line above
from engine_texts import every_text, templates  # noqa: E402


def update(folder: Path = HERE, templates_to: Path = TEMPLATES) -> None:
    """Write the ``.ts`` files into ``folder``; what is translated there stays."""
    texts = every_text()
    templates_to.parent.mkdir(parents=True, exist_ok=True)
    templates_to.write_text(json.dumps(templates(texts), ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    with tempfile.TemporaryDirectory() as temporary:
        marked = Path(temporary) / "engine.py"
        lines = (f"QT_TRANSLATE_NOOP('Engine', {json.dumps(text, ensure_ascii=False)})" for text in texts)
        marked.write_text("from PySide6.QtCore import QT_TRANSLATE_NOOP\n" + "\n".join(lines), encoding="utf-8")
        sources = sorted((ROOT / "app" / "debabelizer_desktop").rglob("*.py"))
        for language in LANGUAGES:
            subprocess.run(
                [
                    *(tool("lupdate"), "-silent", "-no-obsolete", "-locations", "none"),
                    *("-source-language", "en", "-target-language", language),
                    *(map(str, sources)),
                    str(marked),
                    *("-ts", str(folder / f"debabelizer_{language}.ts")),
                ],
                check=True,
            )


if __name__ == "__main__":
    update()
    compile_all()
