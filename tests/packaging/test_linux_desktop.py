"""What a Linux desktop reads: judged by the desktop's own tools."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as Xml

import click
import program
import pytest
import yaml
from flatpak import manifest
from linux import entries, man, metainfo

from debabelizer.cli.program import program as command

NOW = datetime(2026, 5, 4, tzinfo=UTC)


def judged(*words: str) -> None:
    """By a tool of the system; without it there is nothing to say."""
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is missing")
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in done.stderr, done.stderr


def entry(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return parser


def test_the_menu_entry_starts_the_window_in_every_language(tmp_path: Path) -> None:
    path = tmp_path / f"{program.APP_ID}.desktop"
    path.write_text(entries.menu_entry(), encoding="utf-8")
    main = entry(entries.menu_entry())["Desktop Entry"]
    assert main["Exec"] == program.WINDOW_COMMAND
    assert main["Icon"] == program.APP_ID
    for language in program.languages()[1:]:
        assert main[f"Comment[{language}]"] == program.texts()[language]["summary"]
    judged("desktop-file-validate", str(path))


def test_recordings_can_be_opened_with_it(tmp_path: Path) -> None:
    path = tmp_path / f"{entries.TRANSCRIBE_ID}.desktop"
    path.write_text(entries.transcribe_entry(), encoding="utf-8")
    it = entry(entries.transcribe_entry())["Desktop Entry"]
    assert it["Exec"] == "debabelizer-desktop open %F"
    assert it["Terminal"] == "false"
    assert it["MimeType"].split(";")[:-1] == [kind.mime for kind in program.FILE_KINDS]
    judged("desktop-file-validate", str(path))


def test_software_centres_get_metadata_with_pictures(tmp_path: Path) -> None:
    path = tmp_path / f"{program.APP_ID}.metainfo.xml"
    path.write_text(metainfo.metainfo(NOW), encoding="utf-8")
    root = Xml.parse(path).getroot()
    assert root.findtext("id") == program.APP_ID
    for image in root.iterfind("screenshots/screenshot/image"):
        name = str(image.text).rpartition("/")[2]
        picture = (program.ROOT / "docs" / "screenshots" / name).read_bytes()
        size = tuple(int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
        assert size == (int(image.attrib["width"]), int(image.attrib["height"]))
    newest = root.find("releases/release")
    assert newest is not None
    assert program.version().startswith(newest.attrib["version"])
    judged("appstreamcli", "validate", "--no-net", str(path))


def commands(it: click.Command, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(it, click.Group):
        context = click.Context(it)
        for name in it.list_commands(context):
            child = it.get_command(context, name)
            assert child is not None
            if not child.hidden:
                yield " ".join((*path, name))
                yield from commands(child, (*path, name))


def test_the_manual_has_every_command_and_is_good_roff(tmp_path: Path) -> None:
    text = man.page(command, NOW)
    sections = {row.removeprefix(".SS ").replace("\\-", "-") for row in text.splitlines() if row.startswith(".SS ")}
    for name in commands(command, ("debabelizer",)):
        assert any(section == name or section.startswith(f"{name} ") for section in sections), name
    assert not [row for row in text.splitlines() if row.startswith("'") or re.match(r"\.(?![A-Z]{1,2}\b)", row)]
    path = tmp_path / "debabelizer.1"
    path.write_text(text, encoding="utf-8")
    judged("man", "-l", "--warnings", str(path))


def test_each_permission_of_the_flatpak_has_its_reason() -> None:
    text = manifest.text("debabelizer.tar.xz")
    read = yaml.safe_load(text)
    assert read == manifest.manifest("debabelizer.tar.xz")
    assert read["id"] == program.APP_ID
    for permission in read["finish-args"]:
        assert re.search(rf"- {re.escape(permission)} # \w", text)
    assert not [p for p in read["finish-args"] if p in dict(manifest.NOT_ASKED) or "filesystem" in p]
