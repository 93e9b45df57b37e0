"""All settings, for the dialog, the file, the environment, the command line and the reference page: the core's own,
and those of the providers, added under ``providers.NAME.`` from their descriptions."""

from __future__ import annotations

from functools import cache

import msgspec

from debabelizer.config.core_settings import CORE
from debabelizer.contract.description import ProviderDescription
from debabelizer.contract.settings import Needs, Setting


def provider_prefix(name: str) -> str:
    return f"providers.{name}."


@cache
def full_table() -> tuple[Setting, ...]:
    """The core settings and those of every provider that could be loaded, keys unique."""
    from debabelizer import registry

    settings = list(CORE)
    for name in registry.names(registry.ALL):
        if (description := registry.find(name)) is None:
            continue
        settings.extend(_of_provider(name, description))
    return tuple(settings)


def _of_provider(name: str, description: ProviderDescription) -> list[Setting]:
    """Its settings with their full keys, under its title; what it puts under one heading stays together."""
    prefix = provider_prefix(name)
    sections = list(dict.fromkeys(s.group for s in description.settings))

    def full(key: str) -> str:
        return key if "." in key else prefix + key

    def whole(setting: Setting) -> Setting:
        def named(need: Needs) -> Needs:
            unless = tuple(msgspec.structs.replace(u, key=full(u.key)) for u in need.unless)
            return msgspec.structs.replace(need, key=full(need.key), unless=unless)

        needs = tuple(map(named, setting.needs))
        return msgspec.structs.replace(
            setting, key=prefix + setting.key, group=description.title, section=setting.group, needs=needs
        )

    return sorted(map(whole, description.settings), key=lambda s: sections.index(s.section))


def environment_name(key: str) -> str:
    """``dictation.tail_ms`` -> ``DEBABELIZER_DICTATION_TAIL_MS``."""
    return "DEBABELIZER_" + key.upper().replace(".", "_").replace("-", "_")
