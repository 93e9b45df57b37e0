"""Which provider is used: the one the user chose, or the first of the table that would work."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import msgspec

from debabelizer import registry
from debabelizer.config.settings import Settings
from debabelizer.contract.description import Ability, Place, ProviderDescription
from debabelizer.errors import ConfigurationError, Remedy


class Readiness(StrEnum):
    READY = "ready"
    NEEDS_KEY = "needs_key"
    NEEDS_MODEL = "needs_model"
    BROKEN = "broken"


class Standing(msgspec.Struct, frozen=True):
    """Whether a provider could be used, as far as can be told without asking it. ``why`` is a sentence."""

    provider: str
    readiness: Readiness
    why: str


class Selection(msgspec.Struct, frozen=True):
    """The provider's name and, as a sentence, why it is this one."""

    provider: str
    reason: str


def choose(settings: Settings, ability: Ability = Ability.STREAM) -> Selection:
    """The provider in force. Raises ConfigurationError where there is none at all."""
    if chosen := settings.get("provider"):
        return Selection(chosen, f"chosen by the {_said_by(settings.origin('provider'))}")
    able = [name for name in registry.names() if ability in registry.describe(name).abilities]
    ready = [s for s in (standing_of(settings, name) for name in able) if s.readiness is Readiness.READY]
    for standing in ready:
        if _speaks(registry.describe(standing.provider), settings.get("languages")):
            return Selection(standing.provider, f"automatic: {standing.why}")
    if ready:  # none knows the language; the provider itself says so best
        return Selection(ready[0].provider, f"automatic: {ready[0].why}")
    raise ConfigurationError(
        "No provider is ready: none has a key, a downloaded model or a recogniser of its own.",
        remedy=Remedy.CHOOSE_PROVIDER,
    )


def standing_of(settings: Settings, name: str) -> Standing:
    """What is known about a provider without a network: its key, its model."""
    description = registry.describe(name)
    missing = [s for s in description.credentials if not settings.get(f"providers.{name}.{s.key}")]
    if description.place is Place.CLOUD and description.credentials:
        if len(missing) == len(description.credentials):
            return Standing(name, Readiness.NEEDS_KEY, f"{description.title} has no key")
        return Standing(name, Readiness.READY, f"{description.title} has a key")
    if any(model.files for model in description.models):
        return _model_standing(settings, description)
    return Standing(name, Readiness.READY, f"{description.title} needs neither key nor download")


def _speaks(description: ProviderDescription, languages: tuple[str, ...]) -> bool:
    """Whether it knows one of the languages, or may (it names none)."""
    known = {language.tag.partition("-")[0].lower() for language in description.languages}
    return not known or not languages or any(tag.partition("-")[0].lower() in known for tag in languages)


def _model_standing(settings: Settings, description: ProviderDescription) -> Standing:
    """By convention a local provider's ``model`` names one of its models, and ``folder`` a model of the user's own."""
    from debabelizer.models import ModelStore

    name, title = description.name, description.title
    own = settings.provider_settings(name)
    if folder := own.get("folder"):
        if Path(folder).expanduser().is_dir():
            return Standing(name, Readiness.READY, f"{title} has the model in {folder}")
        return Standing(name, Readiness.NEEDS_MODEL, f"the folder {folder} of {title} does not exist")
    wanted = own.get("model") or description.default_model
    model = next((m for m in description.models if m.name == wanted), None)
    if model is None:
        return Standing(name, Readiness.NEEDS_MODEL, f"{title} has no model {wanted!r}")
    if ModelStore().is_present(name, model):
        return Standing(name, Readiness.READY, f"{title} has its model {model.name}")
    return Standing(name, Readiness.NEEDS_MODEL, f"the model {model.name} of {title} is not downloaded")


def _said_by(origin: str) -> str:
    return "settings file" if origin == "file" else origin
