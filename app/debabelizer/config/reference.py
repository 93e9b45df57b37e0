"""The reference page of all settings (``docs/settings.md``), written from the table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from debabelizer.config import values
from debabelizer.config.table import environment_name, full_table
from debabelizer.contract.settings import Kind, Setting

_HEAD = """\
# Settings

Written from the settings table by `debabelizer config reference`; change the table, not this page.

Each value comes from the command line (`--set key=value`), else from the environment, else from the settings file,
else it is the default; `debabelizer config show --origin` tells which, with the file's line. Keys of providers stand in
the system's key store or in the environment, never in the file: `debabelizer keys set PROVIDER`.

The file is the first of `settings.toml`, `settings.yaml`, `settings.yml` and `settings.json` in the folder of settings,
or the one that `--config FILE` or the variable `DEBABELIZER_CONFIG` names (`debabelizer config path` tells). In TOML
the part of a key before its last dot is the table; in YAML and JSON tables are nested. A text may take its value from
the environment, `"${NAME}"` or `"${NAME:-default}"`; `"$${"` stands for a plain `${`. Of YAML it is the core of version
1.2: `on`, `no` and `12:30` are texts, and tags other than `!!str`, `!!int`, `!!float` and `!!bool` are refused.

A change by the window or by `debabelizer config set` touches its own line only, so that comments stay. Where the way
the file is written does not allow that, or where it is damaged, it is written anew from what could be read, and the old
one is kept beside it (`settings.old-DATE.yaml`, `settings.bad-DATE.toml`).
"""

_KINDS = {
    Kind.BOOL: "true or false",
    Kind.INT: "whole number",
    Kind.FLOAT: "number",
    Kind.TEXT: "text",
    Kind.CHOICE: "one of",
    Kind.LIST: "list of texts",
    Kind.HOTKEY: "key",
    Kind.SECRET: "secret",
    Kind.PATH: "path",
    Kind.URL: "address",
    Kind.LANGUAGES: "list of language tags",
    Kind.MICROPHONE: "microphone",
    Kind.PROVIDER: "provider",
    Kind.PROVIDERS: "list of providers",
    Kind.RULES: "list of tables",
}


def settings_reference(table: Sequence[Setting] | None = None) -> str:
    """The page, as Markdown."""
    parts = [_HEAD]
    for group, settings in groupby(full_table() if table is None else table, key=lambda s: s.group):
        parts.append(f"## {group}\n")
        for section, members in groupby(settings, key=lambda s: s.section):
            if section:
                parts.append(f"### {section}\n")
            parts += [_entry(setting) for setting in members]
    return "\n".join(parts).rstrip() + "\n"


def _entry(setting: Setting) -> str:
    level = "####" if setting.section else "###"
    lines = [f"{level} `{setting.key}`", "", f"**{setting.title}.** {setting.help}", "", f"* Value: {_value(setting)}"]
    lines += [f"  * `{c.value}`: {c.title}" + (f" — {c.help}" if c.help else "") for c in setting.choices]
    if setting.kind is not Kind.SECRET:
        shown = values.show(setting, values.default(setting))
        lines.append(f"* Default: {f'`{shown}`' if shown else 'none'}")
    names = (environment_name(setting.key), *setting.env)
    lines.append("* Environment: " + ", ".join(f"`{name}`" for name in names))
    lines += [f"* {need.reason}" for need in setting.needs]
    if setting.reconnects:
        lines.append("* A change opens a new connection.")
    return "\n".join(lines) + "\n"


def _value(setting: Setting) -> str:
    text = _KINDS[setting.kind]
    low, high = setting.minimum, setting.maximum
    if low is not None and high is not None:
        text += f", {low:g} to {high:g}"
    elif low is not None:
        text += f", at least {low:g}"
    elif high is not None:
        text += f", at most {high:g}"
    return text + (f" {setting.unit}" if setting.unit else "")
