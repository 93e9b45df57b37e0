"""Events as English sentences, for front ends without translations."""

from __future__ import annotations

from debabelizer.errors import sentence
from debabelizer.events import ProviderChanged


def provider_changed(event: ProviderChanged) -> str:
    """Who listens from now on, and why."""
    from debabelizer import registry

    described = registry.find(event.provider)
    title = described.title if described is not None else event.provider
    if event.error is None:
        return f"{title} works again: it gets what you say next."
    return f"{sentence(event.error.message)} {title} listens now."
