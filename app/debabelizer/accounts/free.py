"""Hours that providers give away each month, and how many are left by this computer's own record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from debabelizer import registry
from debabelizer.accounts.book import book

if TYPE_CHECKING:
    from debabelizer.config import Settings


def hours(settings: Settings, provider: str) -> float:
    """Of speech, a month. The user's own word counts before the published hours, and those only where the user wants
    them used: who pays for an account of another kind has none."""
    own = dict(_own(text) for text in settings.get("usage.free_hours"))
    if provider in own:
        return own[provider]
    described = registry.find(provider)
    published = described.free if described is not None else None
    return published.hours if published is not None and settings.get("selection.free_first") else 0.0


def seconds_left(settings: Settings, provider: str) -> float:
    """Of speech that still costs nothing this month."""
    given = hours(settings, provider) * 3600
    return max(0.0, given - book().seconds().get(provider, 0.0)) if given else 0.0


def said(settings: Settings, provider: str) -> str:
    """For the user; empty where nothing is left."""
    left = seconds_left(settings, provider) / 3600
    return f"{left:.2g} of {hours(settings, provider):g} free hours are left this month" if left else ""


def _own(text: str) -> tuple[str, float]:
    """The pattern of the setting has been checked."""
    name, _, number = text.rpartition("=")
    return name.strip(), float(number)
