"""The order in which providers are looked at: published ranks, put right by prices and by what was measured here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from debabelizer import registry
from debabelizer.accounts.book import book
from debabelizer.accounts.free import said
from debabelizer.accounts.prices import Prices, model_of
from debabelizer.contract.description import Ability, Place
from debabelizer.store.usage import Track

if TYPE_CHECKING:
    from debabelizer.config import Settings

FIRST = "first"
_ENOUGH = 3
"""So many uses, before what was measured counts."""
_UNRELIABLE = 0.5
"""Whoever failed in more of its last uses comes last."""


def by_strategy(
    settings: Settings, names: Sequence[str], strategy: str, ability: Ability = Ability.STREAM
) -> list[tuple[str, str]]:
    """Those names, best first, each with what was measured or asked of it (empty: nothing that counts)."""
    ranked = [(name, "") for name in names] if strategy == FIRST else _by_figures(settings, names, strategy, ability)
    if not settings.get("selection.free_first"):
        return ranked
    free = {name: words for name in names if (words := said(settings, name))}
    told = [(name, "; ".join(filter(None, (why, free.get(name))))) for name, why in ranked]
    return sorted(told, key=lambda one: one[0] not in free)


def _by_figures(settings: Settings, names: Sequence[str], strategy: str, ability: Ability) -> list[tuple[str, str]]:
    tracks = book().tracks()
    seconds = {name: t.answered for name, t in tracks.items() if t.answered is not None and t.measured >= _ENOUGH}
    quick = {name: f"text came after {answered:.2f} s here" for name, answered in seconds.items()}
    ranked, told = _published(strategy, names), dict[str, str]()
    if strategy == "latency":
        ranked, told = _rearranged(ranked, seconds), quick
    elif strategy == "balanced":
        ranked, told = _balanced(ranked, seconds), quick
    elif strategy == "cost":
        prices = _prices(settings, ranked, ability)
        ranked, told = _rearranged(ranked, prices), {name: f"${usd:g} per hour" for name, usd in prices.items()}
    failing = {name: track for name in ranked if (track := tracks.get(name)) is not None and _fails(track)}
    told |= {name: f"failed in {t.errors} of its last {t.uses} uses, so it comes last" for name, t in failing.items()}
    ranked.sort(key=lambda name: name in failing)
    return [(name, told.get(name, "")) for name in ranked]


def _published(strategy: str, names: Sequence[str]) -> list[str]:
    return [name for name in registry.ranking(strategy) if name in names]


def _balanced(ranked: list[str], seconds: dict[str, float]) -> list[str]:
    """Speed is a third of the balance: whoever is so many places quicker or slower here than was published moves by a
    third of them."""
    published = _published("latency", ranked)
    here = _rearranged(published, seconds)
    return sorted(ranked, key=lambda name: ranked.index(name) + (here.index(name) - published.index(name)) / 3)


def _fails(track: Track) -> bool:
    return track.uses >= _ENOUGH and track.errors > _UNRELIABLE * track.uses


def _prices(settings: Settings, names: Sequence[str], ability: Ability) -> dict[str, float]:
    """Per hour, of providers in the network; how good one is that costs nothing, the published ranks say."""
    prices = Prices(settings)
    known: dict[str, float] = {}
    for name in names:
        price = prices.price(name, ability, model_of(settings, name, ability))
        if price is not None and registry.describe(name).place is Place.CLOUD:
            known[name] = price.usd
    return known


def _rearranged(names: Sequence[str], figures: dict[str, float]) -> list[str]:
    """Those with a figure, smallest first, in the places that they hold among the others."""
    figure: Callable[[str], float] = figures.__getitem__
    better = iter(sorted((name for name in names if name in figures), key=figure))
    return [next(better) if name in figures else name for name in names]
