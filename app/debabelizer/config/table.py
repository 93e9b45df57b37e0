"""All settings, for the dialog, the file, the environment, the command line and the reference page: the core's own,
and those of the providers, added under ``providers.NAME.`` from their descriptions."""

from __future__ import annotations

from functools import cache

import msgspec

from debabelizer.config.core_settings import CORE
from debabelizer.contract.settings import Setting


def provider_prefix(name: str) -> str:
    return f"providers.{name}."


@cache
def full_table() -> tuple[Setting, ...]:
    """The core settings and those of every provider that could be loaded, keys unique."""
    from debabelizer import registry

    settings = list(CORE)
    for name in registry.names():
        if (description := registry.find(name)) is None:
            continue
        settings.extend(
            msgspec.structs.replace(s, key=provider_prefix(name) + s.key, group=description.title)
            for s in description.settings
        )
    return tuple(settings)


def environment_name(key: str) -> str:
    """``dictation.tail_ms`` -> ``DEBABELIZER_DICTATION_TAIL_MS``."""
    return "DEBABELIZER_" + key.upper().replace(".", "_").replace("-", "_")
