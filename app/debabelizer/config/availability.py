"""What of the settings has no effect just now, and why: the provider lacks it, or another setting rules it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from debabelizer.config.table import provider_prefix

if TYPE_CHECKING:
    from debabelizer.config.settings import Settings
    from debabelizer.contract.description import ProviderDescription


class Ignored(msgspec.Struct, frozen=True):
    """``title`` of the setting, and the sentence that says why it has no effect."""

    key: str
    title: str
    why: str


def why_not(settings: Settings, key: str, provider: ProviderDescription | None) -> str:
    """The sentence why ``key`` has no effect now; empty where it has. ``provider``: the one in force, if that is
    known."""
    for need in settings.setting(key).needs:
        if str(settings.get(need.key)) not in need.values:
            return need.reason
    if provider is not None and key == "vocabulary" and provider.word_list is None:
        return f"{provider.title} takes no word list."
    return ""


def hint(settings: Settings, key: str, provider: ProviderDescription | None) -> str:
    """A sentence on what becomes of the value of ``key`` where that is not plain; empty where it is."""
    if key != "languages" or provider is None:
        return ""
    chosen = settings.get("languages")
    if provider.most_languages is not None and len(chosen) > provider.most_languages:
        return (
            f"{provider.title} listens for fewer languages at a time: {', '.join(chosen[: provider.most_languages])}."
        )
    if not chosen and not provider.detects_language and len(provider.languages) > 1:
        return f"{provider.title} does not find out the language by itself: choose one."
    return ""


def ignored(settings: Settings, provider: ProviderDescription) -> tuple[Ignored, ...]:
    """What the user has set and this provider does not heed."""
    prefix = provider_prefix(provider.name)
    found = []
    for setting in settings.table:
        key = setting.key
        if key.startswith("providers.") and not key.startswith(prefix):
            continue
        if settings.origin(key) == "default":
            continue
        why = why_not(settings, key, provider) or hint(settings, key, provider)
        if why:
            found.append(Ignored(key, setting.title, why))
    return tuple(found)
