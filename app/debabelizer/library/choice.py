"""Which providers a processor takes: those that the program names or brings, else the app's own choice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from debabelizer.errors import ConfigurationError, Remedy
from debabelizer.library.bases import STTProvider, TTSProvider
from debabelizer.library.config import DebabelizerConfig
from debabelizer.library.environment import STT_PROVIDERS, TTS_PROVIDERS, VARIABLES
from debabelizer.library.wishes import engine_of, settings_of, troubles

if TYPE_CHECKING:
    from debabelizer.config import Settings
    from debabelizer.config.selection import Choice

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a call wants of a provider that nobody has named. ``into`` (BCP 47): a translation."""

    live: bool = False
    languages: tuple[str, ...] = ()
    into: str = ""


class Providers:
    """Those of one processor. A provider is loaded when it is first used."""

    def __init__(
        self,
        config: DebabelizerConfig,
        stt: str | STTProvider | None,
        tts: str | TTSProvider | None,
        on_live: Callable[[STTProvider, float], None],
    ) -> None:
        """``on_live`` hears of the seconds of each live session that has ended. Raises ConfigurationError for a name
        that is unknown or lacks what it needs."""
        self._config = config
        self._on_live = on_live
        self._base: Settings | None = None
        self._choices: dict[Needs, Choice] = {}
        self._listeners: dict[str, STTProvider] = {}
        """The engine's, by name."""
        self.stt: STTProvider | None = None
        """The one that was used last."""
        self.tts: TTSProvider | None = None
        self.stt_name: str | None = None
        """The one that the program has named or prefers; None: chosen by what a call needs."""
        self.tts_name: str | None = None
        self.take_stt(stt)
        self.take_tts(tts)

    def take_stt(self, provider: str | STTProvider | None) -> None:
        self.stt = provider if isinstance(provider, STTProvider) else None
        if isinstance(provider, STTProvider):
            self.stt_name = provider.name
        else:
            self.stt_name = self._named(provider, "STT", self._config.get_preferred_stt_provider())

    def take_tts(self, provider: str | TTSProvider | None) -> None:
        self.tts = provider if isinstance(provider, TTSProvider) else None
        if isinstance(provider, TTSProvider):
            self.tts_name = provider.name
        else:
            self.tts_name = self._named(provider, "TTS", self._config.get_preferred_tts_provider())

    def _named(self, provider: str | None, kind: str, preferred: str | None) -> str | None:
        if provider is not None:
            return require(self._config, provider, kind)
        return preferred if preferred and self._config.is_provider_configured(preferred) else None

    async def listener(self, needs: Needs) -> STTProvider:
        """Raises ConfigurationError where there is none at all."""
        if self.stt is None or self.stt_name is None:
            name = self.stt_name or (await self.explain(needs)).selection.provider
            self.stt = await self._listener(name)
        return self.stt

    async def speaker(self) -> TTSProvider:
        if self.tts is None:
            from debabelizer.library.speaking import EngineTTS

            self.tts = EngineTTS(choose_tts(self._config, self.tts_name), await self.settings())
        return self.tts

    async def explain(self, needs: Needs) -> Choice:
        """Whom the choice falls on where nobody is named, and why; the same until :meth:`cleanup`."""
        if needs not in self._choices:
            self._choices[needs] = await asyncio.to_thread(_explain, await self.settings(), needs)
        return self._choices[needs]

    async def configured(self) -> list[STTProvider]:
        """Everybody who could listen."""
        names = self._config.get_configured_providers()["stt"]
        found = [await self._listener(name) for name in names]
        if self.stt is not None:
            found = [provider for provider in found if provider.name != self.stt.name] + [self.stt]
        return found

    async def settings(self) -> Settings:
        """Those of this installation (the app's file and keys, and the environment), and above them the program's."""
        from debabelizer.config import Settings

        if self._base is None:
            self._base = await asyncio.to_thread(Settings.load)
            for trouble in troubles(self._config, self._base):
                _log.warning("%s", trouble)
        return settings_of(self._config, self._base)

    async def cleanup(self) -> None:
        self._choices.clear()
        for provider in {*self._listeners.values(), self.stt, self.tts} - {None}:
            assert provider is not None
            await provider.cleanup()

    async def _listener(self, name: str) -> STTProvider:
        if name not in self._listeners:
            from debabelizer.library.engine import EngineSTT

            made = EngineSTT(name, self._config, await self.settings())
            made.on_live = partial(self._on_live, made)
            self._listeners[name] = made
        return self._listeners[name]


def _explain(settings: Settings, needs: Needs) -> Choice:
    from debabelizer.config.selection import explain, for_recordings
    from debabelizer.contract.description import Ability

    if needs.languages:
        settings = settings.with_code({"languages": needs.languages})
    return explain(settings, Ability.STREAM if needs.live else for_recordings(settings), needs.into)


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
    if _ready(config, name):
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


def choose_tts(config: DebabelizerConfig, name: str | None) -> str:
    """The one asked for, or the first that needs nothing. Raises ConfigurationError for a vendor whose voices this
    version does not bring yet."""
    from debabelizer import registry
    from debabelizer.contract.description import Ability

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


def _ready(config: DebabelizerConfig, name: str) -> bool:
    """Whether this installation has what the provider needs: a key in the app's store, a model, or nothing at all."""
    from debabelizer.config import Settings
    from debabelizer.config.selection import is_ready

    return _installed(engine_of(name)) and is_ready(settings_of(config, Settings.load()), engine_of(name))
