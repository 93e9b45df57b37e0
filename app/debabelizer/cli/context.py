"""What the commands of one run share: options of the root, settings, log, output."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from debabelizer.cli import complete

if TYPE_CHECKING:
    from rich.console import Console

    from debabelizer.config import Settings


_WIDE = 10_000
"""Columns of what is no terminal: nothing is wrapped there."""


class Run:
    """One run of the command. Settings are loaded, and the log opened, when a command first asks for them."""

    def __init__(self, assignments: Sequence[str] = (), verbose: bool = False) -> None:
        self.overrides = dict(_assignment(text) for text in assignments)
        self.verbose = verbose

    @cached_property
    def settings(self) -> Settings:
        """Raises ConfigurationError for a ``--set`` that can't be used. Problems of the file are told once."""
        from debabelizer.config import Settings, logs, proxy

        logs.set_up("debug" if self.verbose else "info", console=self.verbose)  # loading has something to tell
        settings = Settings.load(overrides=self.overrides)
        logs.set_up("debug" if self.verbose else settings.get("log.level"), console=self.verbose)
        proxy.apply(settings)
        for problem in settings.problems:
            note(str(problem))
        return settings

    def override(self, key: str, value: str | None) -> None:
        """An option that is a setting for this run only (``--provider``); None: it was not given."""
        if value is not None:
            self.overrides[key] = value


def _assignment(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise click.BadParameter(f"{text!r} is not KEY=VALUE", param_hint="--set")
    return key.strip(), value


pass_run = click.make_pass_decorator(Run)

provider_option = click.option(
    "--provider", "-p", shell_complete=complete.providers, help="Who recognises (debabelizer providers)."
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


_CONTROLS = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160)], "\N{REPLACEMENT CHARACTER}")
"""All but tab and line break: names of files and words of vendors must not steer a terminal."""


def note(text: str) -> None:
    """A line for the person, apart from the data."""
    with contextlib.suppress(OSError):  # nobody reads it any more: the terminal was closed
        click.echo(f"debabelizer: {text.translate(_CONTROLS)}", err=True)


def ignored_words(settings: Settings, provider: str) -> list[str]:
    """A sentence for everything in the settings that this provider does not heed, or not wholly: nothing is left out
    in silence."""
    from debabelizer import registry
    from debabelizer.config.availability import ignored

    described = registry.find(provider)
    found = ignored(settings, described) if described is not None else ()
    return [f"{one.title} ({one.key}){'' if one.in_part else ' has no effect'}: {one.why}" for one in found]


def print_json(value: Any) -> None:
    """Plain data or msgspec structs, as one indented JSON document."""
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def console(*, stderr: bool = False) -> Console:
    """Rich's console. In a pipe it writes plain text without wrapping; NO_COLOR is honoured."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _WIDE
    return Console(file=stream, highlight=False, width=width, soft_wrap=width is not None, emoji=False, markup=False)
