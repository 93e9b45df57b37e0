"""Which provider a processor takes, and why one can't be taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from debabelizer.contract.description import Ability
from debabelizer.errors import ConfigurationError, Remedy
from debabelizer.library.config import DebabelizerConfig
from debabelizer.library.environment import NEEDS_NO_KEY, STT_PROVIDERS, TTS_PROVIDERS, VARIABLES
from debabelizer.library.wishes import engine_of

if TYPE_CHECKING:
    from debabelizer.config import Settings


def require(config: DebabelizerConfig, name: str, kind: str) -> str:
    """A name that the program gave. Raises ConfigurationError that says what is missing."""
    if config.is_provider_configured(name):
        return name
    known = STT_PROVIDERS if kind == "STT" else TTS_PROVIDERS
    if name not in known and not _installed(name):
        raise ConfigurationError(
            f"The {kind} provider {name!r} is not configured: there is none of that name, but {', '.join(known)}.",
            name,
            remedy=Remedy.CHOOSE_PROVIDER,
        )
    if _ready(name):
        return name
    keys = VARIABLES.get(name, {})
    variables = keys.get("api_key") or keys.get("credentials_path") or ()
    hint = f", or set {variables[0]}" if variables else ""
    raise ConfigurationError(
        f"The {kind} provider {name!r} is not configured: it has no key. "
        f"Pass config={{{name!r}: {{'api_key': ...}}}}{hint}.",
        name,
        remedy=Remedy.SET_KEY,
    )


def choose_stt(config: DebabelizerConfig, settings: Settings) -> str:
    """By strategy if the configuration wants that, else the first one that is configured. A local engine whose model is
    not there comes last. Raises ConfigurationError where there is none at all."""
    from debabelizer import registry

    configured = config.get_configured_providers()["stt"]
    if config.should_auto_select():
        order = registry.ranking(config.get_optimization_strategy())
        configured.sort(key=lambda name: order.index(engine_of(name)))
    if not configured:
        raise ConfigurationError("No STT provider is configured.", remedy=Remedy.SET_KEY)
    return min(configured, key=lambda name: name in NEEDS_NO_KEY and not _is_ready(settings, name))


def choose_tts(config: DebabelizerConfig, name: str | None) -> str:
    """The one asked for, or the first that needs nothing. Raises ConfigurationError for a vendor whose voices this
    version does not bring yet."""
    from debabelizer import registry

    speaking = registry.names(frozenset({Ability.SPEECH}))
    if name is None:
        return speaking[0]
    if name not in speaking:
        raise ConfigurationError(
            f"The voices of {name!r} are not part of this version; {', '.join(speaking)} can speak.",
            name,
            remedy=Remedy.CHOOSE_PROVIDER,
        )
    return name


def _installed(name: str) -> bool:
    from debabelizer import registry

    return registry.find(name) is not None


def _ready(name: str) -> bool:
    """Whether this installation has what the provider needs: a key in the app's store, a model, or nothing at all."""
    from debabelizer.config import Settings

    return _installed(engine_of(name)) and _is_ready(Settings.load(), name)


def _is_ready(settings: Settings, name: str) -> bool:
    from debabelizer.config.selection import Readiness, standing_of

    return standing_of(settings, engine_of(name)).readiness is Readiness.READY
