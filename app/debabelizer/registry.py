"""Which providers there are: name to description, imported late.

The engine knows no provider. The built-in ones stand as strings in the table of the package
``debabelizer_providers``; others announce themselves by an entry point of the group ``debabelizer.providers``::

    [project.entry-points."debabelizer.providers"]
    acme = "acme_speech:Acme"

A provider that can't be imported, or describes itself wrongly, is left out and named in :func:`problems`.
"""

from __future__ import annotations

import importlib
import logging
import re
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

from debabelizer.contract.description import Ability, ProviderDescription
from debabelizer.contract.files import FilesToText
from debabelizer.contract.provider import Provider, SpeechToText
from debabelizer.contract.settings import Kind, Setting
from debabelizer.contract.speech import TextToSpeech
from debabelizer.errors import ConfigurationError, ProviderError, Remedy

BUILT_IN = "debabelizer_providers"
ENTRY_POINTS = "debabelizer.providers"

LISTENING = frozenset({Ability.STREAM, Ability.FILES})
ALL = frozenset(Ability)

_DONE_BY: dict[Ability, tuple[type, str]] = {
    Ability.STREAM: (SpeechToText, "`stream`"),
    Ability.FILES: (FilesToText, "`file_limits` or `transcribe_file`"),
    Ability.SPEECH: (TextToSpeech, "`speech_limits`, `voices` or `speak`"),
}
_KEY = re.compile(r"[a-z][a-z0-9_]*")

_log = logging.getLogger(__name__)


class RegistryProblem(msgspec.Struct, frozen=True):
    """Why a provider is left out."""

    name: str
    target: str
    detail: str


class _Entry(msgspec.Struct, frozen=True):
    target: str
    provider: Provider | None = None
    problem: RegistryProblem | None = None


def names(abilities: frozenset[Ability] = LISTENING) -> tuple[str, ...]:
    """The providers with any of these abilities that can be had, built-in ones first and in the order of their table:
    the order of preference."""
    entries = _entries().items()
    return tuple(n for n, entry in entries if entry.provider and entry.provider.description.abilities & abilities)


def find(name: str) -> ProviderDescription | None:
    """What a provider says about itself, or None where there is none of that name."""
    entry = _entries().get(name)
    return None if entry is None or entry.provider is None else entry.provider.description


def describe(name: str) -> ProviderDescription:
    """What a provider says about itself. Raises ConfigurationError, as :func:`load`."""
    return load(name).description


def load(name: str) -> Provider:
    """The provider itself. Raises ConfigurationError for an unknown name or one that can't be imported."""
    entry = _entries().get(name)
    if entry is not None and entry.provider is not None:
        return entry.provider
    if entry is not None and entry.problem is not None:
        message = f"The provider {name!r} can't be used: {entry.problem.detail}"
    else:
        message = f"There is no provider {name!r}; there are {', '.join(names())}."
    raise ConfigurationError(message, name, remedy=Remedy.CHOOSE_PROVIDER)


def ranking(strategy: str) -> tuple[str, ...]:
    """All providers that can be had, best first by ``strategy``; those that the table of ranks does not know, such as a
    third party's, come last. Raises KeyError for a strategy that is none."""
    table: dict[str, tuple[str, ...]] = importlib.import_module(BUILT_IN + ".ranking").RANKING
    ranked = tuple(name for name in table[strategy] if name in names())
    return (*ranked, *(name for name in names() if name not in ranked))


def problems() -> tuple[RegistryProblem, ...]:
    """Every provider that was left out, and why."""
    return tuple(entry.problem for entry in _entries().values() if entry.problem is not None)


@cache
def _entries() -> dict[str, _Entry]:
    targets = dict(_built_in())
    taken: list[RegistryProblem] = []
    for name, target in _third_party():
        if name in targets:
            taken.append(RegistryProblem(name, target, f"the name is taken by {targets[name]}"))
        else:
            targets[name] = target
    entries = {name: _import(name, target) for name, target in targets.items()}
    entries |= {f"{p.name} ({p.target})": _Entry(p.target, problem=p) for p in taken}
    return entries


def _built_in() -> dict[str, str]:
    table: dict[str, str] = importlib.import_module(BUILT_IN).PROVIDERS
    return table


def _third_party() -> list[tuple[str, str]]:
    if not _announced():
        return []
    from importlib.metadata import entry_points

    return sorted((point.name, point.value) for point in entry_points(group=ENTRY_POINTS))


def _announced() -> bool:
    """Whether any installed package names our group. Nearly always none does, and a look at the files is all that
    every start pays for; ``importlib.metadata`` costs 20 ms and 2 MB. What lies in an archive is left to it."""
    group = f"[{ENTRY_POINTS}]".encode()
    for folder in map(Path, dict.fromkeys(sys.path)):
        if folder.is_file():
            return True
        if any(group in file.read_bytes() for file in folder.glob("*.*-info/entry_points.txt")):
            return True
    return False


def _import(name: str, target: str) -> _Entry:
    try:
        provider = _make(name, target)
    except Exception as error:  # noqa: BLE001 - another's code: whatever it raises, it is named and left out
        detail = error.message if isinstance(error, ProviderError) else f"{type(error).__name__}: {error}"
        _log.warning("provider %s (%s) left out: %s", name, target, detail)
        return _Entry(target, problem=RegistryProblem(name, target, detail))
    return _Entry(target, provider=provider)


def _make(name: str, target: str) -> Provider:
    module, _, attribute = target.partition(":")
    provider = getattr(importlib.import_module(module), attribute)()
    if not isinstance(provider, Provider):
        raise ConfigurationError(f"{target} is no provider: it lacks `description` or `check`", name)
    if not isinstance(provider.description, ProviderDescription):
        raise ConfigurationError(f"{target} has no ProviderDescription", name)
    if provider.description.name != name:
        raise ConfigurationError(f"{target} calls itself {provider.description.name!r}", name)
    if fault := _fault_of_abilities(provider) or _fault_of_settings(provider.description.settings):
        raise ConfigurationError(f"{target} {fault}", name)
    return provider


def _fault_of_abilities(provider: Provider) -> str:
    """What a provider says it does and has no method for; empty: nothing."""
    for ability in sorted(provider.description.abilities):
        kind, methods = _DONE_BY[ability]
        if not isinstance(provider, kind):
            return f"has the ability {ability.value!r} and lacks {methods}"
    return ""


def _fault_of_settings(settings: Sequence[Setting]) -> str:
    keys = [setting.key for setting in settings]
    for setting in settings:
        if not _KEY.fullmatch(setting.key):
            return f"has a setting {setting.key!r}: a key is a bare name of small letters, digits and underscores"
        if keys.count(setting.key) > 1:
            return f"has two settings {setting.key!r}"
        if setting.kind is Kind.CHOICE and setting.default not in [choice.value for choice in setting.choices]:
            return f"has a setting {setting.key!r} with the default {setting.default!r}, which is none of its choices"
        if setting.pattern and not setting.example:
            return f"has a setting {setting.key!r} with a pattern, and no example of what fits it"
    return ""
