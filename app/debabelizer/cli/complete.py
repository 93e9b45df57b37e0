"""What may stand at a place of the command line, for the shell's completion. Nothing here ever raises: no answer is an
answer, too."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Offers = Iterable[tuple[str, str]]
"""Words, each with what it means."""
Completer = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]


def _completer(offers: Callable[[click.Context], Offers]) -> Completer:
    @functools.wraps(offers)
    def complete(context: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        try:
            return [CompletionItem(word, help=help_) for word, help_ in offers(context) if word.startswith(begun)]
        except Exception:  # noqa: BLE001 - whoever presses Tab wants words, not errors
            return []

    return complete


@_completer
def providers(_: click.Context) -> Offers:
    from debabelizer import registry

    return [(name, registry.describe(name).title) for name in registry.names()]


@_completer
def keyed_providers(_: click.Context) -> Offers:
    from debabelizer import registry

    described = map(registry.describe, registry.names(registry.ALL))
    return [(one.name, one.title) for one in described if one.credentials]


@_completer
def model_providers(_: click.Context) -> Offers:
    from debabelizer import registry

    described = map(registry.describe, registry.names())
    return [(one.name, one.title) for one in described if any(model.files for model in one.models)]


@_completer
def models(context: click.Context) -> Offers:
    """Those of the provider that is named before."""
    from debabelizer import registry

    described = registry.describe(context.params["provider"])
    return [(model.name, model.help) for model in described.models if model.files]


@_completer
def settings(_: click.Context) -> Offers:
    from debabelizer.config.table import full_table
    from debabelizer.contract.settings import Kind

    return [(setting.key, setting.title) for setting in full_table() if setting.kind is not Kind.SECRET]


@_completer
def values(context: click.Context) -> Offers:
    """Of the setting that is named before."""
    from debabelizer import registry
    from debabelizer.config.table import full_table
    from debabelizer.contract.settings import Kind

    setting = next(setting for setting in full_table() if setting.key == context.params["key"])
    if setting.kind is Kind.BOOL:
        return [("true", ""), ("false", "")]
    if setting.kind is Kind.PROVIDER:
        return [(name, registry.describe(name).title) for name in registry.names()]
    return [(choice.value, choice.title) for choice in setting.choices]


@_completer
def takes(_: click.Context) -> Offers:
    from debabelizer.config import folders
    from debabelizer.dictation import TakeShelf

    kept = TakeShelf(folders.takes_dir()).kept()
    return [*((record.take, f"{record.seconds:.0f} s") for record in kept), *([("last", "")] if kept else [])]
