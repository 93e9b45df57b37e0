"""``VoiceProcessor``: speech to text and text to speech through whichever provider there is."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import aclosing, asynccontextmanager
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

from debabelizer.errors import ConfigurationError, StreamingError
from debabelizer.library.bases import STTProvider, TTSProvider
from debabelizer.library.choice import Needs, Providers
from debabelizer.library.config import DebabelizerConfig
from debabelizer.library.counts import Counts
from debabelizer.library.live import Live, Speech, Stream
from debabelizer.library.results import StreamingResult, SynthesisResult, TranscriptionResult, Voice
from debabelizer.library.sessions import SessionManager
from debabelizer.library.wishes import languages_of

if TYPE_CHECKING:
    from debabelizer.config.selection import Choice
    from debabelizer.library.audio import AudioConverter


class VoiceProcessor:
    """Cheap to make: providers are imported and connected at their first use.

    ``stt_provider``, ``tts_provider``: a name, or an object of the program's own. Raises ConfigurationError for a
    name that is unknown or lacks what it needs.
    """

    def __init__(
        self,
        stt_provider: str | STTProvider | None = None,
        tts_provider: str | TTSProvider | None = None,
        config: Mapping[str, Any] | DebabelizerConfig | None = None,
    ) -> None:
        self.config = config if isinstance(config, DebabelizerConfig) else DebabelizerConfig(config)
        self.session_manager = SessionManager()
        self._counts = Counts()
        self._providers = Providers(self.config, stt_provider, tts_provider, self._heard_live)
        self._streams: dict[str, Stream] = {}
        self._speeches: dict[str, Speech] = {}

    async def __aenter__(self) -> VoiceProcessor:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.cleanup()

    # ------------------------------------------------------------------------------------------- who it is

    @property
    def stt_provider(self) -> STTProvider | None:
        """None until its first use."""
        return self._providers.stt

    @property
    def tts_provider(self) -> TTSProvider | None:
        return self._providers.tts

    @property
    def stt_provider_name(self) -> str | None:
        """None: chosen at the first use."""
        used = self._providers.stt
        return used.name if used is not None else self._providers.stt_name

    @property
    def tts_provider_name(self) -> str | None:
        used = self._providers.tts
        return used.name if used is not None else self._providers.tts_name

    @property
    def audio_converter(self) -> AudioConverter:
        from debabelizer.library.audio import AudioConverter

        return AudioConverter()

    async def set_stt_provider(self, provider: str | STTProvider) -> None:
        """Another one from now on; the one before gives back what it holds."""
        before = self._providers.stt
        self._providers.take_stt(provider)
        if before is not None:
            await before.cleanup()
        await self._listener(None)

    async def set_tts_provider(self, provider: str | TTSProvider) -> None:
        before = self._providers.tts
        self._providers.take_tts(provider)
        if before is not None:
            await before.cleanup()
        await self._providers.speaker()

    async def explain_choice(self, language: str | None = None, *, live: bool = False) -> Choice:
        """Whom the automatic choice falls on, for ``live`` speech or for recordings, with everybody who was looked at
        and the reason (``choice.selection.reason``), as ``debabelizer providers --why`` tells it."""
        return await self._providers.explain(Needs(live=live, languages=languages_of(language, None)))

    async def _listener(
        self, language: str | None, hints: Iterable[str] | None = None, *, live: bool = False, into: str | None = None
    ) -> STTProvider:
        needs = Needs(live=live, languages=languages_of(language, hints), into=into or "")
        return await self._providers.listener(needs)

    # -------------------------------------------------------------------------------------- speech to text

    async def transcribe_file(
        self,
        file_path: str | Path,
        language: str | None = None,
        language_hints: list[str] | None = None,
        **options: Any,
    ) -> TranscriptionResult:
        """``language``: BCP 47, None for automatic. ``options``: the provider's settings by name, and ``translate_to``
        (BCP 47; see ``metadata["translation"]``). Raises FileNotFoundError, UnsupportedFormatError, provider errors."""
        from debabelizer.library.audio import existing

        path = await asyncio.to_thread(existing, file_path)
        provider = await self._listener(language, language_hints, into=options.get("translate_to"))
        return self._heard(provider, await provider.transcribe_file(str(path), language, language_hints, **options))

    async def transcribe_audio(
        self,
        audio_data: bytes,
        audio_format: str = "wav",
        sample_rate: int = 16000,
        language: str | None = None,
        language_hints: list[str] | None = None,
        **options: Any,
    ) -> TranscriptionResult:
        """A recording in memory. ``sample_rate`` (Hz) counts where ``audio_format`` has no header (``pcm``, ``mulaw``,
        ``alaw``)."""
        provider = await self._listener(language, language_hints, into=options.get("translate_to"))
        result = await provider.transcribe_audio(
            audio_data, audio_format, sample_rate, language, language_hints, **options
        )
        return self._heard(provider, result)

    async def transcribe_chunk(
        self,
        audio_data: bytes,
        audio_format: str = "webm",
        sample_rate: int = 48000,
        language: str | None = None,
        **options: Any,
    ) -> TranscriptionResult:
        """One short utterance, as a browser's recorder makes it."""
        return await self.transcribe_audio(audio_data, audio_format, sample_rate, language, **options)

    def _heard(self, provider: STTProvider, result: TranscriptionResult) -> TranscriptionResult:
        self._counts.heard(provider.name, result.duration, provider.get_cost_estimate(result.duration))
        return result

    def _heard_live(self, provider: STTProvider, seconds: float) -> None:
        self._counts.heard(provider.name, seconds, provider.get_cost_estimate(seconds))

    # ------------------------------------------------------------------------------------------------ live

    async def start_streaming_transcription(
        self,
        audio_format: str = "wav",
        sample_rate: int = 16000,
        language: str | None = None,
        language_hints: list[str] | None = None,
        **options: Any,
    ) -> str:
        """Opens a live session; the answer is its id."""
        provider = await self._listener(language, language_hints, live=True)
        if not provider.supports_streaming:
            raise ConfigurationError(f"{provider.name} does not take live speech.", provider.name)
        session = await provider.start_streaming(audio_format, sample_rate, language, language_hints, **options)
        self._streams[session] = Stream(provider)
        self.session_manager.create_session(
            session, "stt", provider.name, ending=lambda: provider.stop_streaming(session)
        )
        await self.session_manager.start_cleanup_if_needed()
        self._counts.session()
        return session

    async def stream_audio(self, session_id: str, audio_chunk: bytes) -> None:
        self.session_manager.update_session_activity(session_id)
        await self._stream(session_id).provider.stream_audio(session_id, audio_chunk)

    async def get_streaming_results(self, session_id: str) -> AsyncIterator[StreamingResult]:
        """What is heard, as it is heard; ends after the last final of a session that was stopped."""
        stream = self._stream(session_id)
        self.session_manager.hold(session_id)
        try:
            async with aclosing(stream.provider.get_streaming_results(session_id)) as results:  # type: ignore[type-var]
                async for result in results:
                    yield result
            stream.read = True
            self._forget(session_id)
        finally:
            self.session_manager.release(session_id)

    async def stop_streaming_transcription(self, session_id: str) -> None:
        """Returns when the provider has said its last word; what waits in :meth:`get_streaming_results` is kept."""
        try:
            if (stream := self._streams.get(session_id)) is not None:
                stream.stopped = True
                await stream.provider.stop_streaming(session_id)
        finally:
            self.session_manager.end_session(session_id)
            self._forget(session_id)

    def _stream(self, session_id: str) -> Stream:
        if (stream := self._streams.get(session_id)) is None:
            raise StreamingError(f"There is no streaming session {session_id!r}.")
        return stream

    def _forget(self, session_id: str) -> None:
        """A session that was stopped and of which everything was read."""
        stream = self._streams.get(session_id)
        if stream is not None and stream.stopped and stream.read:
            del self._streams[session_id]

    @asynccontextmanager
    async def streaming(
        self, audio_format: str = "pcm", sample_rate: int = 16000, **options: Any
    ) -> AsyncIterator[Live]:
        """A live session for the length of a block: ``async with processor.streaming() as live``."""
        session = await self.start_streaming_transcription(audio_format, sample_rate, **options)
        try:
            yield Live(self, session)
        finally:
            await self.stop_streaming_transcription(session)

    # -------------------------------------------------------------------------------------- text to speech

    async def synthesize(
        self,
        text: str,
        voice: Voice | str | None = None,
        audio_format: str | None = None,
        sample_rate: int = 22050,
        **options: Any,
    ) -> SynthesisResult:
        """Raises ValueError for text without a word."""
        _require_text(text)
        provider = await self._providers.speaker()
        options |= {**_voice(provider.synthesize, voice), "audio_format": audio_format, "sample_rate": sample_rate}
        result = await provider.synthesize(text, **options)
        self._counts.spoken(provider.name, len(text), provider.get_cost_estimate(text))
        return result

    async def synthesize_text(
        self,
        text: str,
        output_file: str | Path | None = None,
        voice_id: str | None = None,
        language: str | None = None,
        audio_format: str | None = None,
        sample_rate: int = 22050,
        **options: Any,
    ) -> SynthesisResult:
        """``output_file`` is written whole or not at all."""
        if language is not None:
            options["language"] = language
        result = await self.synthesize(text, voice_id, audio_format, sample_rate, **options)
        if output_file is not None:
            from debabelizer.export.saving import save

            await asyncio.to_thread(save, Path(output_file), result.audio_data)
        return result

    async def synthesize_streaming(
        self,
        text: str,
        voice: Voice | str | None = None,
        audio_format: str | None = None,
        sample_rate: int = 22050,
        **options: Any,
    ) -> AsyncIterator[bytes]:
        """The sound, piece by piece."""
        _require_text(text)
        provider = await self._providers.speaker()
        speak = provider.synthesize_streaming
        options |= {**_voice(speak, voice), "audio_format": audio_format, "sample_rate": sample_rate}
        async with aclosing(speak(text, **options)) as pieces:  # type: ignore[type-var]
            async for piece in pieces:
                yield piece
        self._counts.spoken(provider.name, len(text), provider.get_cost_estimate(text))

    async def start_streaming_tts(
        self,
        text: str,
        voice_id: str | None = None,
        audio_format: str | None = None,
        sample_rate: int = 22050,
        **options: Any,
    ) -> str:
        """The id of a session of which :meth:`get_streaming_audio` gives the sound. Raises ValueError for text without
        a word, ConfigurationError where nobody can speak."""
        _require_text(text)
        provider = await self._providers.speaker()
        session = str(uuid.uuid4())
        speech = Speech(self.synthesize_streaming(text, voice_id, audio_format, sample_rate, **options))
        self._speeches[session] = speech
        self.session_manager.create_session(session, "tts", provider.name, ending=speech.end)
        await self.session_manager.start_cleanup_if_needed()
        self._counts.session()
        return session

    async def get_streaming_audio(self, session_id: str) -> bytes:
        """The next piece of sound; ``b""`` when all has been given. Raises StreamingError for an unknown session."""
        if (speech := self._speeches.get(session_id)) is None:
            raise StreamingError(f"There is no speech session {session_id!r}.")
        self.session_manager.update_session_activity(session_id)
        return await speech.next()

    async def end_streaming_synthesis(self, session_id: str) -> bool:
        """Whether there was such a session; what it has not said by now is not said."""
        speech = self._speeches.pop(session_id, None)
        self.session_manager.end_session(session_id)
        if speech is not None:
            await speech.end()
        return speech is not None

    async def get_available_voices(self, language: str | None = None) -> list[Voice]:
        return await (await self._providers.speaker()).get_available_voices(language)

    # ---------------------------------------------------------------------------------------------- others

    async def test_providers(self) -> dict[str, bool]:
        """Whether each provider that is configured would work now."""
        found = await self._providers.configured()
        works = await asyncio.gather(*(provider.test_connection() for provider in found))
        return {provider.name: ok for provider, ok in zip(found, works, strict=True)}

    async def cleanup(self) -> None:
        """Ends every session and gives back what providers hold."""
        await self.session_manager.cleanup_all_sessions()
        self._streams.clear()
        self._speeches.clear()
        await self._providers.cleanup()

    @property
    def usage_stats(self) -> dict[str, Any]:
        return self._counts.total

    def get_usage_stats(self) -> dict[str, Any]:
        """Requests, seconds of audio, characters and the estimated cost (US dollars) of this processor, in all and
        ``by_provider``."""
        return self._counts.all()

    def reset_usage_stats(self) -> None:
        self._counts.reset()


def create_processor(
    stt_provider: str | STTProvider | None = None, tts_provider: str | TTSProvider | None = None, **config: Any
) -> VoiceProcessor:
    """``config``: sections by name, as :class:`DebabelizerConfig` takes them."""
    return VoiceProcessor(stt_provider, tts_provider, config)


def _voice(speak: Callable[..., object], voice: Voice | str | None) -> dict[str, Any]:
    """As the provider's method takes it."""
    apart = isinstance(voice, str) and "voice_id" in signature(speak).parameters
    return {"voice_id" if apart else "voice": voice}


def _require_text(text: str) -> None:
    if not text.strip():
        raise ValueError("There is no text to speak.")
