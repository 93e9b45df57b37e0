"""``debabelizer keys``: set, check and remove the keys of providers. A key is never shown."""

from __future__ import annotations

import sys

import click

from debabelizer.cli import complete, failure
from debabelizer.cli.context import Run, json_option, note, pass_run, print_json
from debabelizer.cli.failure import Exit
from debabelizer.config.origin import Source
from debabelizer.contract.settings import Setting


@click.group()
def keys() -> None:
    """Set, check and remove the keys of providers. A key is never shown."""


@keys.command("set")
@click.argument("provider", shell_complete=complete.keyed_providers)
@click.option("--name", help="Which key, where a provider has several.")
@pass_run
def set_(run: Run, provider: str, name: str | None) -> None:
    """Keep a provider's key. It is asked for, or read from standard input."""
    setting = _secret(run, provider, name)
    if sys.stdin.isatty():
        value = click.prompt(f"{setting.title} of {provider}", hide_input=True, err=True)
    else:
        value = sys.stdin.readline()
    if not value.strip():
        raise click.UsageError("No key was given; nothing has changed.")
    run.settings.set(setting.key, value.strip())
    note(run.settings.secrets.status().detail)
    if (origin := run.settings.origin(setting.key)).source is Source.ENVIRONMENT:
        note(f"The {origin} is set and wins over it.")


@keys.command()
@click.argument("provider", required=False, shell_complete=complete.keyed_providers)
@click.option("--name", help="Which key, where a provider has several.")
@click.option("--all", "everything", is_flag=True, help="The keys of all providers.")
@pass_run
def remove(run: Run, provider: str | None, name: str | None, everything: bool) -> None:
    """Forget a provider's key, or all keys."""
    if everything == (provider is not None):
        raise click.UsageError("Name a provider, or say --all.")
    if provider is None:
        _remove_all(run)
        return
    setting = _secret(run, provider, name)
    run.settings.reset(setting.key)
    origin = run.settings.origin(setting.key)
    still = origin.source in (Source.ENVIRONMENT, Source.FILE)
    note(f"The {origin} still gives one." if still else f"{provider} has no key now.")


def _remove_all(run: Run) -> None:
    from debabelizer import registry

    credentials = {name: registry.describe(name).credentials for name in registry.names(registry.ALL)}
    found = [f"providers.{name}.{one.key}" for name, needed in credentials.items() for one in needed]
    for key in found:
        run.settings.reset(key)
    given = [str(run.settings.origin(key)) for key in found if run.settings.origin(key).source is not Source.DEFAULT]
    note(f"No key is kept now. Still given by: {', '.join(given)}." if given else "No key is kept now.")


@keys.command()
@click.argument("provider", required=False, shell_complete=complete.keyed_providers)
@json_option
@click.pass_context
def check(context: click.Context, provider: str | None, as_json: bool) -> None:
    """Ask each provider that needs a key whether it accepts the one it has."""
    from debabelizer import registry
    from debabelizer.cli.health import health_of
    from debabelizer.contract.provider import HealthState

    run: Run = context.obj
    names = [provider] if provider else [n for n in registry.names(registry.ALL) if registry.describe(n).credentials]
    status = Exit.OK
    answers = {}
    for name in names:
        health = health_of(run.settings, name)
        failed = health.state is HealthState.FAILED or (provider is not None and health.state is not HealthState.OK)
        if failed and status is Exit.OK:
            status = failure.status_of(health.error) if health.error is not None else Exit.FAILED
        answers[name] = {"state": health.state, "detail": health.detail, "origins": _origins(run, name)}
        if not as_json:
            click.echo(f"{name}: {health.state.replace('_', ' ')}: {health.detail}")
    if as_json:
        print_json(answers)
    context.exit(status)


def _origins(run: Run, provider: str) -> dict[str, str]:
    from debabelizer import registry

    credentials = registry.describe(provider).credentials
    return {s.key: str(run.settings.origin(f"providers.{provider}.{s.key}")) for s in credentials}


def _secret(run: Run, provider: str, name: str | None) -> Setting:
    from debabelizer import registry

    credentials = registry.describe(provider).credentials
    if not credentials:
        raise click.UsageError(f"{provider} needs no key.")
    found = [s for s in credentials if name in (None, s.key)]
    if not found:
        raise click.UsageError(f"{provider} has no key {name!r}, but {', '.join(s.key for s in credentials)}.")
    return run.settings.setting(f"providers.{provider}.{found[0].key}")
