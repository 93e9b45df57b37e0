"""The command's root: its options, its commands (imported when used), and the one place where errors end."""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
import sys
from collections.abc import Sequence

import click

from debabelizer import __version__
from debabelizer.cli.context import Run
from debabelizer.cli.failure import Exit

_COMMANDS = {
    "dictate": ("debabelizer.cli.dictate:dictate", "Speak; the words appear here."),
    "transcribe": ("debabelizer.cli.transcribe:transcribe", "Audio and video files to text."),
    "open": ("debabelizer.cli.open:open_", "The same in the window."),
    "speak": ("debabelizer.cli.speak:speak", "Text to speech, with the computer's own voice."),
    "history": ("debabelizer.cli.history:history", "What was dictated, and finding it again."),
    "providers": ("debabelizer.cli.providers:providers", "Who can turn speech into text, and what each needs."),
    "usage": ("debabelizer.cli.usage:usage", "What was used, and what it cost."),
    "devices": ("debabelizer.cli.devices:devices", "The microphones of this computer."),
    "doctor": ("debabelizer.cli.doctor:doctor", "Check everything dictation needs, one by one."),
    "takes": ("debabelizer.cli.takes:takes", "Recordings kept because something failed."),
    "models": ("debabelizer.cli.models:models", "Download and remove recognition models."),
    "keys": ("debabelizer.cli.keys:keys", "Set, check and remove the keys of providers."),
    "config": ("debabelizer.cli.config:config", "Show and change settings."),
    "remote": ("debabelizer.cli.remote:remote", "Control the running program."),
    "completion": ("debabelizer.cli.completion:completion", "Complete command lines in your shell."),
}


_DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_ERROR_BOX = 0x10
"""MB_ICONERROR of Windows' MessageBox."""


class Commands(click.Group):
    """Knows each command by name and one line; imports it only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and os.path.exists(args[0]):  # noqa: PTH110 - a name of any kind
            args = ["open", *args]  # what file managers do with a program
        if args and args[0] not in _COMMANDS:
            import difflib

            close = difflib.get_close_matches(args[0], _COMMANDS, n=1)
            ctx.fail(f"There is no command {args[0]!r}." + (f" Did you mean {close[0]!r}?" if close else ""))
        return super().resolve_command(ctx, args)


@click.command(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--set", "assignments", multiple=True, metavar="KEY=VALUE", help="A setting for this run only.")
@click.option("--config", "path", type=click.Path(dir_okay=False), help="Another settings file (TOML, YAML or JSON).")
@click.option("--verbose", "-v", is_flag=True, help="Show the log on standard error.")
@click.version_option(__version__, "--version", message="debabelizer %(version)s")
@click.pass_context
def program(context: click.Context, assignments: tuple[str, ...], path: str | None, verbose: bool) -> None:
    """Hold a key, speak, and the words land at the cursor.

    Without a command it opens the window; where there is no display, it dictates in the terminal.
    """
    if path is not None:  # as a variable, so that every part of the program reads the same file
        os.environ["DEBABELIZER_CONFIG"] = path
    context.obj = Run(assignments, verbose)
    if context.invoked_subcommand is None:
        from debabelizer.cli.start import start

        context.exit(start(context))


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line to its exit status. Nothing escapes from here but SystemExit of the interpreter itself."""
    _speak_utf8()
    try:
        status = program.main(
            args=None if arguments is None else list(arguments),
            prog_name="debabelizer",
            standalone_mode=False,
        )
    except click.exceptions.Exit as error:
        status = error.exit_code
    except click.Abort:
        _tell("Cancelled.")
        status = Exit.CANCELLED
    except click.ClickException as error:
        error.show() if sys.stderr is not None else _tell(error.format_message())
        status = Exit.USAGE
    except KeyboardInterrupt:
        status = Exit.CANCELLED
    except SystemExit:  # click's and rich's way out when the reader of our output has stopped (``| head``): no failure
        status = Exit.OK
    except Exception as error:  # noqa: BLE001 - the one place where errors end: reported, logged, exit status
        status = _report(error)
    finally:
        _flush()
    return int(status or 0)


def _report(error: Exception) -> int:
    from debabelizer.cli import failure
    from debabelizer.errors import ProviderError

    if isinstance(error, ProviderError):
        _tell(f"debabelizer: {failure.describe(error)}")
        return failure.status_of(error)
    if isinstance(error, OSError) and error.errno in _DISK_FULL:
        with contextlib.suppress(OSError):
            _tell(f"debabelizer: The output can't be written: {error.strerror}.")
        return Exit.CANNOT_WRITE
    import logging

    from debabelizer.config import logs
    from debabelizer.config.redaction import redact

    if not logging.getLogger().handlers:  # it failed before there was a log
        logs.set_up()
    logging.getLogger(__name__).critical("unexpected error", exc_info=error)
    told = redact(f"{type(error).__name__}: {error}".splitlines()[0])
    _tell(f"debabelizer: an unexpected error ({told}). The log has the details: {logs.log_path()}")
    return Exit.INTERNAL


def _tell(sentence: str) -> None:
    """On standard error; a program without a console has none on Windows, and opens a box of the system's."""
    if sys.stderr is not None:
        click.echo(sentence, err=True)
        return
    import ctypes

    windows = getattr(ctypes, "windll", None)
    if windows is not None:
        windows.user32.MessageBoxW(None, sentence, "Debabelizer", _ERROR_BOX)


def _speak_utf8() -> None:
    """Text of any language goes out even where the locale is C or a Windows code page."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def _flush() -> None:
    """Whoever reads our output may stop at any time (``| head``): nothing more can be written, nothing is said."""
    if sys.stdout is None:  # a program without a console, on Windows
        return
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
