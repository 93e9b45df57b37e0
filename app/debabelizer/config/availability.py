"""What of the settings has no effect just now, and why: the provider lacks it, or another setting rules it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from debabelizer.config.origin import Source
from debabelizer.config.table import provider_prefix

if TYPE_CHECKING:
    from debabelizer.config.settings import Settings
    from debabelizer.contract.description import ProviderDescription
    from debabelizer.contract.settings import Needs, Unless


class Ignored(msgspec.Struct, frozen=True):
    """``title`` of the setting, and the sentence that says why it has no effect, or what part of it has one."""

    key: str
    title: str
    why: str
    in_part: bool = False


def why_not(settings: Settings, key: str, provider: ProviderDescription | None) -> str:
    """The sentence why ``key`` has no effect now; empty where it has. ``provider``: the one in force, if that is
    known."""
    message = ""
    for need in settings.setting(key).needs:
        if not _holds(settings, need) and not any(_holds(settings, other) for other in need.unless):
            return need.reason
    if provider is not None and key == "vocabulary" and provider.word_list is None:
        message = f"{provider.title} takes no word list."
    return message


def _holds(settings: Settings, condition: Needs | Unless) -> bool:
    value = settings.get(condition.key)
    return str(value) in condition.values if condition.values else bool(value)


def hint(settings: Settings, key: str, provider: ProviderDescription | None) -> str:
    """A sentence on what becomes of the value of ``key`` where that is not plain; empty where it is."""
    message = ""
    for need in settings.setting(key).needs:
        if not _holds(settings, need):
            message = message or next((other.reason for other in need.unless if _holds(settings, other)), "")
    if key != "languages" or provider is None:
        return message
    chosen, most = settings.get("languages"), provider.most_languages
    if most is not None and len(chosen) > most:
        message = f"{provider.title} listens for fewer languages at a time: {', '.join(chosen[:most])}."
    elif not chosen and not provider.detects_language and len(provider.languages) > 1:
        message = f"{provider.title} does not find out the language by itself: choose one."
    return message


def ignored(settings: Settings, provider: ProviderDescription) -> tuple[Ignored, ...]:
    """What the user has set and this provider does not heed."""
    prefix = provider_prefix(provider.name)
    found = []
    for setting in settings.table:
        key = setting.key
        if key.startswith("providers.") and not key.startswith(prefix):
            continue
        if settings.origin(key).source is Source.DEFAULT:
            continue
        if why := why_not(settings, key, provider):
            found.append(Ignored(key, setting.title, why))
        elif why := hint(settings, key, provider):
            found.append(Ignored(key, setting.title, why, in_part=True))
    return tuple(found)
