"""``debabelizer config``: settings shown with where they come from, and changed."""

from __future__ import annotations

import click

from debabelizer.cli import complete
from debabelizer.cli.context import Run, console, json_option, note, pass_run, print_json
from debabelizer.config.origin import Origin, Source
from debabelizer.contract.settings import Kind, Setting


@click.group()
def config() -> None:
    """Show and change settings."""


@config.command()
@click.option("--origin", is_flag=True, help="Also tell where each value comes from.")
@click.option("--all", "everything", is_flag=True, help="Also what still has its default.")
@json_option
@pass_run
def show(run: Run, origin: bool, everything: bool, as_json: bool) -> None:
    """The settings that are not the default (all with --all)."""
    settings = run.settings
    rows = [(s, _shown(run, s), settings.origin(s.key)) for s in settings.table]
    if not everything:
        rows = [row for row in rows if row[2].source is not Source.DEFAULT]
    if as_json:
        print_json({s.key: {"value": _plain(run, s), **_told(where)} for s, _, where in rows})
        return
    if not rows:
        note("Every setting has its default (--all shows them).")
    for setting, shown, where in rows:
        console().print(f"{setting.key} = {shown}" + (f"  ({where})" if origin else ""))


@config.command()
@click.argument("key", shell_complete=complete.settings)
@json_option
@pass_run
def get(run: Run, key: str, as_json: bool) -> None:
    """One value."""
    setting = run.settings.setting(key)
    if as_json:
        print_json(_plain(run, setting))
    else:
        click.echo(_shown(run, setting))


@config.command("set")
@click.argument("key", shell_complete=complete.settings)
@click.argument("value", shell_complete=complete.values)
@pass_run
def set_(run: Run, key: str, value: str) -> None:
    """Keep a value in the settings file."""
    settings = run.settings
    setting = settings.setting(key)
    if setting.kind is Kind.SECRET:
        raise click.UsageError(f"Other programs can see a command line. Use: debabelizer keys set {key.split('.')[1]}")
    settings.set(key, value)
    if (where := settings.origin(key)).source not in (Source.FILE, Source.DEFAULT):
        note(f"{key} is saved, but the {where} wins over the file.")


@config.command()
@click.argument("keys", nargs=-1, required=True, shell_complete=complete.settings)
@pass_run
def reset(run: Run, keys: tuple[str, ...]) -> None:
    """Back to the default."""
    for key in keys:
        run.settings.reset(key)


@config.command()
@json_option
@pass_run
def path(run: Run, as_json: bool) -> None:
    """Where the settings file is."""
    if as_json:
        print_json({"path": str(run.settings.path), "exists": run.settings.path.exists()})
    else:
        click.echo(run.settings.path)


@config.command()
@pass_run
def reference(run: Run) -> None:
    """All settings with their help, as Markdown (docs/settings.md)."""
    from debabelizer.config.reference import settings_reference

    click.echo(settings_reference(run.settings.table), nl=False)


def _told(origin: Origin) -> dict[str, object]:
    named = "file" if origin.source is Source.FILE else "variable"
    return {"origin": origin.source, **({named: origin.name} if origin.name else {})} | (
        {"line": origin.line} if origin.line else {}
    )


def _shown(run: Run, setting: Setting) -> str:
    from debabelizer.config import values

    if setting.kind is Kind.SECRET:
        return "(set)" if run.settings.get(setting.key) else "(not set)"
    return values.show(setting, run.settings.get(setting.key))


def _plain(run: Run, setting: Setting) -> object:
    value = run.settings.get(setting.key)
    return bool(value) if setting.kind is Kind.SECRET else value
