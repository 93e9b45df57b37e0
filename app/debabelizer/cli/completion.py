"""``debabelizer completion``: the script that completes command lines in a shell."""

from __future__ import annotations

import os
from pathlib import Path

import click

_FILES = {
    "bash": "~/.bashrc",
    "zsh": "~/.zshrc",
    "fish": "~/.config/fish/completions/debabelizer.fish",
}


@click.command()
@click.argument("shell", type=click.Choice(sorted(_FILES)), required=False)
@click.pass_context
def completion(context: click.Context, shell: str | None) -> None:
    """The completion script for SHELL (the one in use, if it is not given).

    For bash and zsh add the line  eval "$(debabelizer completion)"  to ~/.bashrc or ~/.zshrc; for fish write the script
    to ~/.config/fish/completions/debabelizer.fish.
    """
    from click.shell_completion import get_completion_class

    name = shell or Path(os.environ.get("SHELL", "")).name
    if name not in _FILES:
        raise click.UsageError("Which shell? Name it: debabelizer completion bash, zsh or fish.")
    made = get_completion_class(name)
    assert made is not None
    root = context.find_root().command
    click.echo(made(root, {}, "debabelizer", "_DEBABELIZER_COMPLETE").source())
