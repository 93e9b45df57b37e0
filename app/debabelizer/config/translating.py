"""Who translates recordings into which language."""

from __future__ import annotations

from debabelizer import registry
from debabelizer.config.settings import Settings
from debabelizer.errors import ConfigurationError, ProviderError, Remedy, UnsupportedLanguageError


def fault(settings: Settings, provider: str, into: str) -> str:
    """Why a provider does not translate into a language (BCP 47), as a sentence; empty: it does."""
    description = registry.describe(provider)
    if description.translation(into) is None:
        return f"{description.title} does not translate recordings into {into}"
    own = settings.provider_settings(provider)
    named = "" if own.get("folder") else own.get("model") or description.default_model
    model = next((m for m in description.models if m.name == named), None)
    if model is not None and not model.translates:
        able = ", ".join(m.name for m in description.models if m.translates)
        return f"{description.title} does not translate with the model {model.name}, but with {able}"
    return ""


def require(settings: Settings, provider: str, into: str) -> str:
    """What the provider itself calls that language. Raises UnsupportedLanguageError that names who can."""
    if why := fault(settings, provider, into):
        raise UnsupportedLanguageError(f"{why}. {_able(into)}", provider, remedy=Remedy.CHOOSE_PROVIDER)
    return registry.describe(provider).translation(into) or into


def nobody(into: str) -> ProviderError:
    """For who may choose freely, and finds none that is ready."""
    return ConfigurationError(
        f"No provider that is ready translates recordings into {into}. {_able(into)}", remedy=Remedy.CHOOSE_PROVIDER
    )


def _able(into: str) -> str:
    names = [name for name in registry.names() if registry.describe(name).translation(into) is not None]
    return f"Into {into} can translate: {', '.join(names)}." if names else f"Nobody here translates into {into}."
