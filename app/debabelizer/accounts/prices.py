"""What a use costs: the user's own price, or else the list price of the provider's description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from debabelizer.contract.description import Ability, Price

if TYPE_CHECKING:
    from debabelizer.config import Settings

_CHARACTERS = "1M characters"


class Prices:
    """As the settings are now."""

    def __init__(self, settings: Settings) -> None:
        self._own = dict(_own(text) for text in settings.get("usage.prices"))

    def price(self, provider: str, ability: Ability, model: str = "") -> Price | None:
        """Without what is added for options; None: not known."""
        from debabelizer import registry

        for key in (f"{provider}/{model}", provider):
            if key in self._own:
                return Price(usd=self._own[key], unit=_CHARACTERS if ability is Ability.SPEECH else "hour")
        described = registry.find(provider)
        return None if described is None else described.price_of(ability, model)

    def usd(self, provider: str, ability: Ability, model: str, seconds: float, characters: int) -> float | None:
        """Of one use; None: no price is known."""
        price = self.price(provider, ability, model)
        if price is None:
            return None
        return price.usd * (characters / 1e6 if price.unit == _CHARACTERS else seconds / 3600)


def model_of(settings: Settings, provider: str, ability: Ability) -> str:
    """The model that is asked. By convention a provider's ``model``, or for whole recordings ``file_model``, names it,
    and ``folder`` one of the user's own."""
    from debabelizer import registry

    keys = {setting.key for setting in settings.table}
    own = {key: f"providers.{provider}.{key}" for key in ("folder", "file_model", "model")}
    said = {key: str(settings.get(name)).strip() for key, name in own.items() if name in keys}
    if folder := said.get("folder"):
        return folder.rstrip("/\\").replace("\\", "/").rpartition("/")[2]
    described = registry.find(provider)
    named = said.get("file_model") if ability is Ability.FILES else None
    return named or said.get("model") or (described.default_model if described is not None else "")


def _own(text: str) -> tuple[str, float]:
    """The pattern of the setting has been checked."""
    key, _, usd = text.rpartition("=")
    return key.strip(), float(usd)
