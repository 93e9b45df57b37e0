"""Which provider is used: the one the user chose, or the first by the user's strategy that would work."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import msgspec

from debabelizer import registry
from debabelizer.accounts.order import by_strategy
from debabelizer.config import translating
from debabelizer.config.origin import Origin, Source
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


class Step(msgspec.Struct, frozen=True):
    """What was found about one provider, in the order in which they were looked at. ``fits``: it could be taken."""

    provider: str
    fits: bool
    why: str


class Choice(msgspec.Struct, frozen=True):
    """A selection, and how it came about. ``strategy`` empty: the user named the provider."""

    selection: Selection
    strategy: str
    steps: tuple[Step, ...]


def for_recordings(settings: Settings) -> Ability:
    """What of a provider a whole recording is transcribed with, by the user's wish."""
    return Ability.FILES if settings.get("files.method") == "whole" else Ability.STREAM


def choose(settings: Settings, ability: Ability = Ability.STREAM, into: str = "") -> Selection:
    """The provider in force. Raises ConfigurationError where there is none at all."""
    return explain(settings, ability, into).selection


def explain(settings: Settings, ability: Ability = Ability.STREAM, into: str = "") -> Choice:
    """The provider in force, and why it and no other. A recording (``Ability.FILES``) may go live to one that takes
    no files. ``into`` (BCP 47): one that translates recordings into it, unless the user named another. Raises
    ConfigurationError where there is none at all."""
    from debabelizer.accounts.budget import allows, goes_on_locally

    chosen = settings.get("provider")
    if chosen and not goes_on_locally(settings, chosen):
        why = f"chosen by the {_said_by(settings.origin('provider'))}"
        return Choice(Selection(chosen, why), "", (Step(chosen, True, why),))
    strategy = str(settings.get("selection.strategy"))
    wanted = {ability, Ability.STREAM}
    able = [name for name in registry.names() if wanted & registry.describe(name).abilities]
    ranked = by_strategy(settings, able, strategy, ability)
    steps = []
    for name, measured in ranked:
        standing = standing_of(settings, name)
        fault = _fault(settings, standing) or (translating.fault(settings, name, into) if into else "")
        if not fault and settings.get("budget.at_limit") == "local" and not allows(settings, name):
            fault = "the month's budget is used up"
        steps.append(Step(name, not fault, "; ".join(filter(None, (fault or standing.why, measured)))))
    taken = next((step for step in steps if step.fits), None)
    if taken is None and into:
        raise translating.nobody(into)
    if taken is None and not chosen:  # the one that only lacks the language says so best itself
        taken = next((s for s in steps if _could(settings, s.provider)), None)
    if taken is None and chosen:
        return Choice(Selection(chosen, "no engine on this computer is ready"), "", tuple(steps))
    if taken is None:
        raise ConfigurationError(
            "No provider is ready: none has a key, a downloaded model or a recogniser of its own.",
            remedy=Remedy.CHOOSE_PROVIDER,
        )
    why = f"the month's budget is used up, instead of {chosen}" if chosen else f"automatic: {taken.why}"
    return Choice(Selection(taken.provider, why), strategy, tuple(steps))


def _fault(settings: Settings, standing: Standing) -> str:
    """Why the automatic choice leaves it out; empty: it does not."""
    description = registry.describe(standing.provider)
    if standing.readiness is not Readiness.READY:
        return standing.why
    if not _at_hand(settings, description):
        return f"{description.title} is not on this computer"
    if not _speaks(description, settings.get("languages")):
        return f"{description.title} does not know {', '.join(settings.get('languages'))}"
    return ""


def _at_hand(settings: Settings, description: ProviderDescription) -> bool:
    return description.place is Place.LOCAL or not settings.get("selection.offline")


def _could(settings: Settings, name: str) -> bool:
    """It is ready, whatever the language."""
    return is_ready(settings, name) and _at_hand(settings, registry.describe(name))


def is_ready(settings: Settings, name: str) -> bool:
    return standing_of(settings, name).readiness is Readiness.READY


def standing_of(settings: Settings, name: str) -> Standing:
    """What is known about a provider without a network: its key, its model."""
    description = registry.describe(name)
    if description.library is not None and not description.library.present():
        return Standing(name, Readiness.BROKEN, description.library.advice)
    if description.place is Place.CLOUD and description.credentials:
        own = settings.provider_settings(name)
        if any(own.get(secret.key) for secret in description.credentials):
            return Standing(name, Readiness.READY, f"{description.title} has a key")
        if any(own.get(key) for key in description.keyless):
            return Standing(name, Readiness.READY, f"{description.title} is used without a key")
        return Standing(name, Readiness.NEEDS_KEY, f"{description.title} has no key")
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


def _said_by(origin: Origin) -> str:
    return "settings file" if origin.source is Source.FILE else str(origin)
