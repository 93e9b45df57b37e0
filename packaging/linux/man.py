"""The manual page, written from what the command says of itself with ``--help``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import click
import program


def page(command: click.Command, now: datetime | None = None) -> str:
    """``debabelizer.1`` in roff: the command's own text, then one section for each of its commands."""
    date = f"{now or datetime.now(UTC):%Y-%m-%d}"
    lines = [
        f'.TH {program.COMMAND.upper()} 1 "{date}" "{program.TITLE} {program.version()}" "User Commands"',
        ".SH NAME",
        f"{program.COMMAND}, {program.WINDOW_COMMAND} \\- {_text(program.texts()['en']['summary'])}",
        ".SH SYNOPSIS",
        f".B {program.COMMAND}\n[\\fIOPTIONS\\fR] [\\fICOMMAND\\fR [\\fIARGUMENTS\\fR]]",
        ".PP",
        f".B {_text(program.WINDOW_COMMAND)}",
        ".SH DESCRIPTION",
        *_paragraphs(command.help or ""),
        ".SH OPTIONS",
        *_options(command),
        ".SH COMMANDS",
        *_commands(command, (program.COMMAND,)),
        ".SH FILES",
        *_files(),
    ]
    return "\n".join(lines) + "\n"


def _commands(command: click.Command, path: tuple[str, ...]) -> Iterator[str]:
    if not isinstance(command, click.Group):
        return
    context = click.Context(command, info_name=path[-1])
    for name in command.list_commands(context):
        child = command.get_command(context, name)
        if child is None or child.hidden:
            continue
        words = (*path, name)
        usage = " ".join(child.collect_usage_pieces(click.Context(child, info_name=name)))
        yield ".SS " + _text(f"{' '.join(words)} {usage}")
        yield from _paragraphs(child.help or "")
        yield from _options(child)
        yield from _commands(child, words)


def _options(command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=program.COMMAND)
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            yield ".TP"
            yield f"\\fB{_text(record[0])}\\fR"
            yield _text(record[1]) or "\\&"


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(part for part in text.replace("\b", "").split("\n\n") if part.strip()):
        if number:
            yield ".PP"
        yield _text(" ".join(paragraph.split()))


def _files() -> Iterator[str]:
    for place, what in (
        ("~/.config/debabelizer/settings.toml", "Settings."),
        ("~/.local/share/debabelizer", "History, downloaded models, the record of usage."),
        ("~/.local/state/debabelizer", "Recordings until their text has arrived, and the log."),
    ):
        yield ".TP"
        yield f"\\fI{_text(place)}\\fR"
        yield what
    yield ".PP"
    yield "With \\fBDEBABELIZER_HOME\\fR=\\fIFOLDER\\fR all of them lie in that folder."


def _text(text: str) -> str:
    """Plain text for roff: no escape, and no line that looks like a request."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"(?m)^([.'])", r"\\&\1", escaped)
