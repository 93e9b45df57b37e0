"""The library's configuration: a nested dict, filled up from the environment; the dict wins."""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from typing import Any

from debabelizer.library.environment import NEEDS_NO_KEY, STT_PROVIDERS, TTS_PROVIDERS, VARIABLES

STRATEGIES = ("cost", "latency", "quality", "balanced")
_PREFERENCES = "preferences"
_NO_KEY = "NOT_SET"
_HIDDEN = ("key", "secret", "token", "password", "credential")


class DebabelizerConfig:
    """``config`` has a section for each provider (``{"deepgram": {"api_key": ...}}``) and ``preferences``
    (``stt_provider``, ``tts_provider``, ``auto_select``, ``optimize_for``). It is copied, never changed."""

    def __init__(self, config: Mapping[str, Any] | None = None, *, environ: Mapping[str, str] | None = None) -> None:
        self._environ = os.environ if environ is None else environ
        self.config: dict[str, Any] = copy.deepcopy(dict(config or {}))
        self._fill_up()

    def _fill_up(self) -> None:
        for section, keys in VARIABLES.items():
            for key, names in keys.items():
                text = next((self._environ[name] for name in names if self._environ.get(name)), None)
                if text is not None:
                    value: object = text.strip().lower() in {"1", "true", "yes", "on"} if key == "auto_select" else text
                    self.config.setdefault(section, {}).setdefault(key, value)

    # ------------------------------------------------------------------------------------------- providers

    def get_provider_config(self, provider: str, key: str | None = None) -> Any:
        """A provider's section (``{}`` where there is none), or one value of it (or None)."""
        section = self.config.get(provider, {})
        return section if key is None else section.get(key)

    def set_provider_config(self, provider: str, key: str, value: Any) -> None:
        self.config.setdefault(provider, {})[key] = value

    def get_api_key(self, provider: str) -> str | None:
        key = self.get_provider_config(provider, "api_key")
        return None if key is None else str(key)

    def set_api_key(self, provider: str, api_key: str) -> None:
        self.set_provider_config(provider, "api_key", api_key)

    def is_provider_configured(self, provider: str) -> bool:
        """Whether there is what the provider needs: a key, for Google credentials, for a local engine nothing."""
        if provider in NEEDS_NO_KEY:
            return True
        if provider == "google" and self._has_credentials():
            return True
        key = self.get_api_key(provider)
        return bool(key) and key != _NO_KEY

    def _has_credentials(self) -> bool:
        return bool(self.get_provider_config("google", "credentials_path"))

    def get_configured_providers(self) -> dict[str, list[str]]:
        """``{"stt": [...], "tts": [...]}``, in the order in which they would be taken."""
        return {
            "stt": [name for name in STT_PROVIDERS if self.is_provider_configured(name)],
            "tts": [name for name in TTS_PROVIDERS if self.is_provider_configured(name)],
        }

    # ----------------------------------------------------------------------------------------- preferences

    def get_preferred_stt_provider(self) -> str | None:
        return self._preference("stt_provider") or None

    def set_preferred_stt_provider(self, provider: str) -> None:
        self._prefer("stt_provider", provider)

    def get_preferred_tts_provider(self) -> str | None:
        return self._preference("tts_provider") or None

    def set_preferred_tts_provider(self, provider: str) -> None:
        self._prefer("tts_provider", provider)

    def should_auto_select(self) -> bool:
        return bool(self.config.get(_PREFERENCES, {}).get("auto_select"))

    def says_auto_select(self) -> bool:
        """Whether anything was said about it."""
        return self._preference("auto_select") is not None

    def set_auto_select(self, enabled: bool) -> None:
        self._prefer("auto_select", enabled)

    def get_optimization_strategy(self) -> str:
        """``cost``, ``latency``, ``quality`` or ``balanced``."""
        wanted = (self._preference("optimize_for") or "balanced").lower()
        return wanted if wanted in STRATEGIES else "balanced"

    def set_optimization_strategy(self, strategy: str) -> None:
        """Raises ValueError for what is none."""
        if strategy not in STRATEGIES:
            raise ValueError(f"Invalid optimization strategy: {strategy!r}. There are {', '.join(STRATEGIES)}.")
        self._prefer("optimize_for", strategy)

    def _preference(self, key: str) -> str | None:
        """As text, whatever it was given as."""
        value = self.config.get(_PREFERENCES, {}).get(key)
        return None if value is None else str(value)

    def _prefer(self, key: str, value: object) -> None:
        self.config.setdefault(_PREFERENCES, {})[key] = value

    # ------------------------------------------------------------------------------------------------ all

    def to_dict(self) -> dict[str, Any]:
        """A copy, keys and secrets included."""
        return copy.deepcopy(self.config)

    def __repr__(self) -> str:
        return f"DebabelizerConfig({_shown(self.config)})"


def _shown(value: Any) -> Any:
    """As it may be printed: whatever a name calls a secret is hidden, at any depth."""
    if not isinstance(value, Mapping):
        return value
    return {
        name: ("***" if inner else None)
        if any(word in str(name).lower() for word in _HIDDEN) and not isinstance(inner, Mapping)
        else _shown(inner)
        for name, inner in value.items()
    }
