"""The system's own voice: speaks without a network, a key or a download.

Linux has espeak-ng, macOS ``say``, Windows the voices of its speech interface. ``programs`` says what is started on
which system, ``speech`` starts it and hands on what it says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from debabelizer.contract import (
    Ability,
    FileDesk,
    Health,
    HealthState,
    Place,
    ProviderDescription,
    Sound,
    SpeechLimits,
    SpeechOptions,
    StreamOptions,
    VoiceInfo,
)
from debabelizer.errors import ProviderError

if TYPE_CHECKING:
    import httpx

__all__ = ["SystemVoice"]


class SystemVoice:
    description = ProviderDescription(
        name="system",
        title="System voice",
        summary="Speaks with the voices of this computer: free and offline, plain in tone.",
        place=Place.LOCAL,
        abilities=frozenset({Ability.SPEECH}),
        privacy="Text stays on this computer.",
        facts_date="2026-11-21",
    )

    def speech_limits(self, options: SpeechOptions) -> SpeechLimits:
        return SpeechLimits()

    async def voices(self, options: SpeechOptions, desk: FileDesk) -> tuple[VoiceInfo, ...]:
        """Raises UnsupportedError where this system has nothing that speaks."""
        from debabelizer_providers.system.programs import program
        from debabelizer_providers.system.speech import ask

        found = program()
        return found.voices(await ask(found.list_voices()))

    async def speak(self, text: str, options: SpeechOptions, desk: FileDesk) -> Sound:
        """Raises UnsupportedError, VoiceNotFoundError."""
        from debabelizer_providers.system.programs import program
        from debabelizer_providers.system.speech import ask, begin, chosen

        found = program()
        voice = None
        if options.voice or options.language:
            voice = chosen(found.voices(await ask(found.list_voices())), options)
        return await begin(found.speak(voice, options.rate), text)

    async def check(self, options: StreamOptions, http: httpx.AsyncClient) -> Health:
        from debabelizer_providers.system.programs import program
        from debabelizer_providers.system.speech import ask

        try:
            found = program()
            count = len(found.voices(await ask(found.list_voices())))
        except ProviderError as error:
            return Health(HealthState.FAILED, error.message, error)
        return Health(HealthState.OK, f"{count} voices are installed.")
