"""AppStream metadata: what software centres show. Source: freedesktop.org's AppStream 1.0 specification."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as Xml

import program

_HEADING = re.compile(r"^## (?P<version>\d\S*)(?: \((?P<date>[^)]*)\))?", re.MULTILINE)
_ACCENTS = {"light": "#D9F2EE", "dark": "#12403B"}
"""The soft accent of the program's own themes."""


def metainfo(now: datetime | None = None) -> str:
    """The file ``APP_ID.metainfo.xml``. ``now``: the date of a version that CHANGELOG.md gives none yet."""
    root = Xml.Element("component", type="desktop-application")
    _add(root, "id", program.APP_ID)
    _add(root, "metadata_license", "CC0-1.0")
    _add(root, "project_license", program.LICENCE)
    _add(root, "name", program.TITLE)
    _translated(root, "summary", lambda texts: [texts["summary"]])
    developer = _add(root, "developer", id=program.APP_ID.rpartition(".")[0])
    _add(developer, "name", program.PUBLISHER)
    about = _add(root, "description")
    _translated(about, "p", lambda texts: texts["description"])
    features = _add(about, "ul")
    _translated(features, "li", lambda texts: texts["features"])
    _add(root, "launchable", f"{program.APP_ID}.desktop", type="desktop-id")
    _add(root, "icon", program.APP_ID, type="stock")
    categories = _add(root, "categories")
    for category in program.CATEGORIES:
        _add(categories, "category", category)
    _screenshots(root)
    for kind, address in (("homepage", ""), ("bugtracker", "/issues"), ("vcs-browser", "")):
        _add(root, "url", program.REPOSITORY + address, type=kind)
    provides = _add(root, "provides")
    for command in (program.COMMAND, program.WINDOW_COMMAND):
        _add(provides, "binary", command)
    branding = _add(root, "branding")
    for scheme, colour in _ACCENTS.items():
        _add(branding, "color", colour, type="primary", scheme_preference=scheme)
    _add(root, "content_rating", type="oars-1.1")
    supports = _add(root, "supports")
    for control in ("keyboard", "pointing"):
        _add(supports, "control", control)
    _releases(root, now or datetime.now(UTC))
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def releases() -> list[tuple[str, str]]:
    """Version and date, newest first, as CHANGELOG.md heads them; the date is empty where it is not out yet."""
    text = (program.ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = [(match["version"], match["date"] or "") for match in _HEADING.finditer(text)]
    return [(version, date if re.fullmatch(r"\d{4}-\d\d-\d\d", date) else "") for version, date in found]


def _releases(root: Xml.Element, now: datetime) -> None:
    parent = _add(root, "releases")
    for version, date in releases():
        kind = "stable" if date else "development"
        _add(parent, "release", version=version, date=date or f"{now:%Y-%m-%d}", type=kind)


def _screenshots(root: Xml.Element) -> None:
    parent = _add(root, "screenshots")
    place = program.REPOSITORY.replace("//github.com/", "//raw.githubusercontent.com/")
    for number, name in enumerate(program.SCREENSHOTS):
        shot = _add(parent, "screenshot", **({"type": "default"} if number == 0 else {}))
        _translated(shot, "caption", lambda texts, name=name: [texts["screenshots"][name]])  # type: ignore[misc]
        _add(shot, "image", f"{place}/HEAD/docs/screenshots/{name}", type="source", width="1000", height="660")


def _translated(parent: Xml.Element, tag: str, texts: Callable[[dict[str, Any]], list[str]]) -> None:
    """One element for each text, and after it the same in the other languages."""
    rows = {language: texts(program.texts()[language]) for language in program.languages()}
    for together in zip(*rows.values(), strict=True):
        for language, text in zip(rows, together, strict=True):
            element = _add(parent, tag, text)
            if language != program.languages()[0]:
                element.set("xml:lang", language)


def _add(parent: Xml.Element, tag: str, text: str = "", **attributes: str) -> Xml.Element:
    element = Xml.SubElement(parent, tag, attributes)
    element.text = text or None
    return element
