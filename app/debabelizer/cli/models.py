"""``debabelizer models``: recognition models on this computer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from debabelizer.cli import complete
from debabelizer.cli.context import Run, console, json_option, note, pass_run, print_json

if TYPE_CHECKING:
    from debabelizer.contract.description import Model
    from debabelizer.models import ModelStore


@click.group()
def models() -> None:
    """Download and remove recognition models."""


@models.command("list")
@json_option
@pass_run
def list_(run: Run, as_json: bool) -> None:
    """The models of all local providers, and which of them are here."""
    from debabelizer.models import ModelStore

    store = ModelStore()
    rows = [
        {
            "provider": provider,
            "model": model.name,
            "title": model.title,
            "here": store.is_present(provider, model),
            "chosen": run.settings.provider_settings(provider).get("model") == model.name,
            "bytes": store.size_of(provider, model) or sum(f.size or 0 for f in model.files) or None,
            "memory_mb": model.memory_mb,
            "help": model.help,
        }
        for provider, model in _all()
    ]
    if as_json:
        print_json(rows)
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("", "provider", "model", "size", "memory", "state", "what it is"):
        table.add_column(heading, no_wrap=heading != "what it is")
    for row in rows:
        size, memory = row["bytes"], row["memory_mb"]
        table.add_row(
            "*" if row["chosen"] else "",
            str(row["provider"]),
            str(row["model"]),
            f"{size / 1e6:.0f} MB" if isinstance(size, int) else str(row["title"]).partition("(")[2].rstrip(")"),
            f"{memory} MB" if memory else "",
            "here" if row["here"] else "not here",
            str(row["help"]),
        )
    console().print(table)


@models.command()
@click.argument("provider", shell_complete=complete.model_providers)
@click.argument("model", required=False, shell_complete=complete.models)
@pass_run
def download(run: Run, provider: str, model: str | None) -> None:
    """Fetch a model (the chosen one, if none is named). Ctrl-C stops; the next time goes on from there."""
    from debabelizer.models import ModelStore

    found = _find(run, provider, model)
    store = ModelStore()
    if store.is_present(provider, found):
        note(f"{found.name} is already here.")
        return
    folder = asyncio.run(_download(store, provider, found))
    note(f"{found.name} is here: {folder}")


@models.command()
@click.argument("provider", shell_complete=complete.model_providers)
@click.argument("model", shell_complete=complete.models)
@pass_run
def remove(run: Run, provider: str, model: str) -> None:
    """Delete a model from this computer."""
    from debabelizer.models import ModelStore

    found = _find(run, provider, model)
    store = ModelStore()
    freed = store.size_of(provider, found)
    if not freed:
        note(f"{found.name} is not here.")
        return
    store.remove(provider, found)
    note(f"{found.name} is removed; {freed / 1e6:.0f} MB are free again.")


def _all() -> list[tuple[str, Model]]:
    from debabelizer import registry

    return [(name, model) for name in registry.names() for model in registry.describe(name).models if model.files]


def _find(run: Run, provider: str, name: str | None) -> Model:
    from debabelizer import registry

    description = registry.describe(provider)
    known = {model.name: model for model in description.models if model.files}
    if not known:
        raise click.UsageError(f"{provider} has no models to download.")
    wanted = name or str(run.settings.provider_settings(provider).get("model") or description.default_model)
    if wanted not in known:
        raise click.UsageError(f"{provider} has no model {wanted!r}; it has {', '.join(known)}.")
    return known[wanted]


async def _download(store: ModelStore, provider: str, model: Model) -> object:
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from debabelizer.models import Progress as Step

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    out = console(stderr=True)
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task(model.name, total=None)

        def tell(step: Step) -> None:
            bar.update(task, completed=step.done, total=step.total, description=f"{model.name}: {step.file}")

        return await store.download(provider, model, on_progress=tell)
