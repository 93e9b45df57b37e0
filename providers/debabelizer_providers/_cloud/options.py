"""What the user chose for a vendor: values with their defaults, the form of the audio, the key, the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

from debabelizer.contract import AudioForm, Encoding, ProviderDescription, StreamOptions
from debabelizer.errors import ConfigurationError, Remedy

FORMS = {
    "pcm_16000": AudioForm(Encoding.PCM_S16LE, 16_000),
    "pcm_8000": AudioForm(Encoding.PCM_S16LE, 8_000),
    "mulaw_8000": AudioForm(Encoding.MULAW, 8_000),
}
"""Of the setting ``audio_format``."""


class Chosen:
    """Reads the options of one vendor. ``called``: its name in messages. Every method raises ConfigurationError for
    what cannot be used."""

    def __init__(self, description: ProviderDescription, called: str) -> None:
        self._name = description.name
        self._called = called
        self.defaults: Mapping[str, Any] = {setting.key: setting.default for setting in description.settings}

    def setting(self, options: StreamOptions, key: str) -> Any:
        """The user's value, or the default. An empty value counts as none."""
        value = options.settings.get(key)
        return self.defaults[key] if value is None or value in ("", [], ()) else value

    def form(self, options: StreamOptions, forms: Mapping[str, AudioForm] = FORMS) -> AudioForm:
        name = str(self.setting(options, "audio_format"))
        if name not in forms:
            raise ConfigurationError(f"{self._called} takes no audio of the form “{name}”.", self._name)
        return forms[name]

    def pause(self, options: StreamOptions, least: float, most: float) -> tuple[float, tuple[str, ...]]:
        """Seconds of silence that end a segment, as many as the vendor allows; and, where that is another pause than
        the user's, what to tell of it."""
        used = min(max(options.pause_s, least), most)
        if used == options.pause_s:
            return used, ()
        words = f"{self._called} ends segments after pauses of {least:g} to {most:g} s: {used:g} s is used."
        return used, (words,)

    def api_key(self, options: StreamOptions, *, needed: bool = True) -> str:
        """Where it is ``needed``, there is one."""
        key = str(options.settings.get("api_key") or "").strip()
        if not key and needed:
            raise ConfigurationError(
                f"{self._called} needs an API key, and none is set.", self._name, remedy=Remedy.SET_KEY
            )
        if not key.isascii() or not key.isprintable() or " " in key:
            raise ConfigurationError(
                f"The {self._called} API key holds characters no key has; it was probably copied with something else.",
                self._name,
                remedy=Remedy.SET_KEY,
            )
        return key

    def address(self, options: StreamOptions) -> SplitResult | None:
        """The user's own ``base_url`` as ``https://host[/path]`` without a slash at the end, or None where there is
        none; http only where it was typed."""
        own = str(self.setting(options, "base_url")).strip()
        if not own:
            return None
        try:
            parts = urlsplit(own)
            scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
            right = scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            right = False
        if not right:
            raise ConfigurationError(
                f"“{own}” is not an address: it must begin with https:// and name a host.", self._name
            )
        return SplitResult(scheme, parts.netloc, parts.path.rstrip("/"), "", "")

    def base_url(self, options: StreamOptions, vendors: str) -> str:
        """The user's own address, or ``vendors``."""
        own = self.address(options)
        return vendors if own is None else urlunsplit(own)
