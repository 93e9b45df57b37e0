"""The budget of a month: what is left of it, when to warn, and who gets nothing more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from debabelizer.accounts.book import book
from debabelizer.accounts.free import seconds_left
from debabelizer.accounts.prices import Prices, model_of
from debabelizer.contract.description import Ability
from debabelizer.errors import QuotaExceededError, Remedy

if TYPE_CHECKING:
    from debabelizer.config import Settings

CODE = "budget"
"""Of errors and notices."""


class Budget(msgspec.Struct, frozen=True):
    """US dollars. ``limit`` 0: there is none. ``spent``: in this calendar month."""

    limit: float
    spent: float
    warn_percent: int
    at_limit: str

    @property
    def used_up(self) -> bool:
        return self.limit > 0 and self.spent >= self.limit


def budget(settings: Settings) -> Budget:
    """As it stands now."""
    limit = float(settings.get("budget.usd"))
    spent = book().spent() if limit else 0.0
    return Budget(limit, spent, int(settings.get("budget.warn_percent")), str(settings.get("budget.at_limit")))


def costs(settings: Settings, provider: str) -> bool:
    """Whether a budget may stop it. Engines on this computer go on, and so do those that cost the user nothing."""
    price = Prices(settings).price(provider, Ability.STREAM, model_of(settings, provider, Ability.STREAM))
    return (price is None or price.usd > 0) and not seconds_left(settings, provider)


def allows(settings: Settings, provider: str) -> bool:
    return not (settings.get("budget.usd") and budget(settings).used_up and costs(settings, provider))


def goes_on_locally(settings: Settings, provider: str) -> bool:
    """Whether an engine on this computer is to take the place of this provider."""
    return settings.get("budget.at_limit") == "local" and not allows(settings, provider)


def require(settings: Settings, provider: str) -> None:
    """Raises QuotaExceededError where the budget is used up and this provider costs money."""
    if allows(settings, provider):
        return
    from debabelizer import registry

    now = budget(settings)
    described = registry.find(provider)
    title = described.title if described is not None else provider
    onward = "" if now.at_limit == "local" else ", or go on with this computer alone"
    raise QuotaExceededError(
        f"This month's budget of ${now.limit:.2f} is used up (${now.spent:.2f}): {title} gets nothing more to hear. "
        f"Raise it under Settings, Costs (budget.usd){onward}.",
        provider,
        CODE,
        remedy=Remedy.OPEN_SETTINGS,
    )


def warning(settings: Settings, before: float, after: float) -> str:
    """What is to be said when the month's dollars grew from ``before`` to ``after``; empty: nothing."""
    limit = float(settings.get("budget.usd"))
    percent = int(settings.get("budget.warn_percent"))
    if not limit:
        return ""
    if before < limit <= after:
        onward = "An engine on this computer goes on" if settings.get("budget.at_limit") == "local" else "It stops here"
        return f"This month's budget of ${limit:.2f} is used up (${after:.2f}). {onward} with the next take."
    if percent and before < limit * percent / 100 <= after:
        return f"{100 * after / limit:.0f} % of this month's budget of ${limit:.2f} are used (${after:.2f})."
    return ""
