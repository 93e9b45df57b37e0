"""What a release says of itself: its part of CHANGELOG.md.

    python packaging/release_notes.py v2.0.0 [FILE]

The tag must be the version in app/debabelizer/__init__.py, and the part must carry a date instead of "not yet
released".
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from program import ROOT, version


class NotReleasedError(Exception):
    """Why there are no notes; the message names the remedy."""


def notes(changelog: str, tag: str, version: str) -> str:
    """The part of ``changelog`` for ``version``, its lines unwrapped: a release's page breaks where they do."""
    if tag != f"v{version}":
        raise NotReleasedError(f"The tag is {tag}, but the program says {version}: it must be v{version}.")
    found = re.search(rf"^## {re.escape(version)}(?: +(.*))?\n((?:(?!## ).*\n?)*)", changelog, re.MULTILINE)
    if found is None:
        raise NotReleasedError(f"CHANGELOG.md has no part '## {version}'.")
    heading, body = found[1] or "", found[2]
    if not re.fullmatch(r"\(\d{4}-\d{2}-\d{2}\)", heading):
        raise NotReleasedError(f"CHANGELOG.md says '## {version} {heading}': put the date there, as (2026-12-31).")
    if not body.strip():
        raise NotReleasedError(f"CHANGELOG.md says nothing about {version}.")
    return _unwrapped(body.strip()) + "\n"


def _unwrapped(text: str) -> str:
    lines: list[str] = []
    for line in text.splitlines():
        goes_on = line and lines and lines[-1] and not re.match(r"\s*(?:[-*#>|]|\d+\.)", line)
        if goes_on:
            lines[-1] += f" {line.strip()}"
        else:
            lines.append(line)
    return "\n".join(lines)


def main() -> int:
    tag, *to = sys.argv[1:]
    try:
        text = notes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), tag, version())
    except NotReleasedError as error:
        print(error, file=sys.stderr)
        return 1
    if to:
        Path(to[0]).write_text(text, encoding="utf-8")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
