"""The engine's voices as the library's text-to-speech provider."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from debabelizer.audio.encode import encode, form
from debabelizer.audio.resample import Resampler
from debabelizer.contract.speech import SpeechOptions, TextToSpeech, VoiceInfo
from debabelizer.errors import ConfigurationError
from debabelizer.files.desk import desk
from debabelizer.library.bases import TTSProvider
from debabelizer.library.results import SynthesisResult, Voice
from debabelizer.streaming import default_transports

if TYPE_CHECKING:
    from debabelizer.config import Settings


class EngineTTS(TTSProvider):
    """A provider of the engine that speaks, by its name."""

    def __init__(self, name: str, settings: Settings) -> None:
        from debabelizer import registry

        super().__init__()
        engine = registry.load(name)
        if not isinstance(engine, TextToSpeech):
            raise ConfigurationError(f"{engine.description.title} does not turn text into speech.", name)
        self._engine, self._settings = engine, settings

    @property
    def name(self) -> str:
        return self._engine.description.name

    @property
    def supported_languages(self) -> list[str]:
        return [language.tag for language in self._engine.description.languages]

    @property
    def supports_streaming(self) -> bool:
        return True

    async def get_available_voices(self, language: str | None = None) -> list[Voice]:
        """``language``: only those that speak it (``en`` finds ``en-GB``)."""
        async with desk(default_transports(), self.name) as lent:
            voices = await self._engine.voices(self._options(None, None, {}), lent)
        wanted = (language or "").lower()
        return [_voice(info) for info in voices if _speaks(info, wanted)]

    async def synthesize(
        self,
        text: str,
        voice: Voice | str | None = None,
        audio_format: str | None = None,
        sample_rate: int = 22050,
        **options: Any,
    ) -> SynthesisResult:
        wanted = audio_format or "wav"
        form(wanted)
        asked = self._options(voice, options.pop("language", None), options)
        pcm = b"".join([piece async for piece in self._spoken(text, asked, sample_rate)])
        data = await asyncio.to_thread(_encoded, pcm, wanted, sample_rate)
        return SynthesisResult(
            audio_data=data,
            format=wanted,
            sample_rate=sample_rate,
            duration=len(pcm) / 2 / sample_rate,
            size_bytes=len(data),
            voice_used=voice if isinstance(voice, Voice) else None,
            text_processed=text,
            language=asked.language,
            metadata={"provider": self.name},
        )

    async def synthesize_streaming(
        self,
        text: str,
        voice: Voice | str | None = None,
        audio_format: str | None = None,
        sample_rate: int = 22050,
        **options: Any,
    ) -> AsyncIterator[bytes]:
        """``pcm`` (the default) comes as it is spoken; other forms when they are whole."""
        if audio_format not in {None, "pcm"}:
            yield (await self.synthesize(text, voice, audio_format, sample_rate, **options)).audio_data
            return
        asked = self._options(voice, options.pop("language", None), options)
        async with aclosing(self._spoken(text, asked, sample_rate)) as pieces:
            async for piece in pieces:
                yield piece

    async def test_connection(self) -> bool:
        return bool(await self.get_available_voices())

    async def _spoken(self, text: str, options: SpeechOptions, rate: int) -> AsyncGenerator[bytes, None]:
        """16-bit mono PCM at ``rate`` Hz."""
        from debabelizer.accounts import Entry, book
        from debabelizer.accounts.budget import require
        from debabelizer.store import Work

        await asyncio.to_thread(require, self._settings, self.name)
        entry, size = Entry(book(), self._settings, self.name, Work.SPEECH), 0
        with entry.failing():
            async with aclosing(self._sounding(text, options, rate)) as pieces:
                async for piece in pieces:
                    size += len(piece)
                    yield piece
        entry.end(seconds=size / 2 / rate, characters=len(text))

    async def _sounding(self, text: str, options: SpeechOptions, rate: int) -> AsyncGenerator[bytes, None]:
        async with desk(default_transports(), self.name) as lent:
            sound = await self._engine.speak(text, options, lent)
            resampler = Resampler(sound.form.rate, rate)
            async with aclosing(aiter(sound)) as pieces:
                async for piece in pieces:
                    if ready := resampler.feed(piece):
                        yield ready
            if rest := resampler.flush():
                yield rest

    def _options(self, voice: Voice | str | None, language: str | None, options: dict[str, Any]) -> SpeechOptions:
        return SpeechOptions(
            voice=voice.voice_id if isinstance(voice, Voice) else voice,
            language=language,
            rate=float(options.get("rate", 1.0)),
            settings={**self._settings.provider_settings(self.name), **options},
        )


def _voice(info: VoiceInfo) -> Voice:
    return Voice(
        voice_id=info.id,
        name=info.name,
        language=info.language,
        gender=info.gender,
        description=info.description,
        age=info.age,
        accent=info.accent,
        style=info.style,
    )


def _speaks(info: VoiceInfo, wanted: str) -> bool:
    tag = info.language.lower()
    return not wanted or tag == wanted or tag.partition("-")[0] == wanted


def _encoded(pcm: bytes, wanted: str, rate: int) -> bytes:
    target = io.BytesIO()
    encode([pcm], wanted, target, rate=rate)
    return target.getvalue()
