"""The engine's providers as the library's: files and live sessions, behind the same names as a program's own."""

from __future__ import annotations

import asyncio
import io
import time
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any, BinaryIO

from debabelizer.contract.description import Ability
from debabelizer.errors import ConfigurationError, ProviderError, StreamingError
from debabelizer.events import Committed, Corrected, ErrorOccurred, Partial, Word
from debabelizer.library.audio import RAW_FORMS, existing, with_header
from debabelizer.library.bases import STTProvider
from debabelizer.library.feed import Feed, open_feed
from debabelizer.library.results import StreamingResult, TranscriptionResult, WordTiming
from debabelizer.library.wishes import engine_of, wanted_languages, with_options

if TYPE_CHECKING:
    from debabelizer.accounts import Entry
    from debabelizer.config import Settings
    from debabelizer.contract import ProviderDescription
    from debabelizer.library.config import DebabelizerConfig
    from debabelizer.streaming import Session
    from debabelizer.transcriber import Transcript


class EngineSTT(STTProvider):
    """A provider of the engine, by its name, with what the configuration says."""

    def __init__(self, name: str, config: DebabelizerConfig, settings: Settings) -> None:
        from debabelizer import registry

        super().__init__()
        self._name, self._said, self._settings = name, config, settings
        self._description: ProviderDescription = registry.describe(engine_of(name))
        self._streams: dict[str, _Stream] = {}
        self.on_live: Callable[[float], None] = lambda _: None
        """Hears of the seconds of each live session that has ended."""

    @property
    def name(self) -> str:
        return self._name

    @property
    def supported_languages(self) -> list[str]:
        """BCP 47; empty where the provider names none."""
        return [language.tag for language in self._description.languages]

    @property
    def supports_streaming(self) -> bool:
        return "stream" in self._description.abilities

    @property
    def supports_language_detection(self) -> bool:
        return self._description.detects_language

    # -------------------------------------------------------------------------------------------- recordings

    async def transcribe_file(
        self,
        file_path: str | Path,
        language: str | None = None,
        language_hints: list[str] | None = None,
        **options: Any,
    ) -> TranscriptionResult:
        path = await asyncio.to_thread(existing, file_path)
        options.pop("audio_format", None)  # it is known by its content
        return await self._transcribe(path, language, language_hints, options)

    async def transcribe_audio(
        self,
        audio_data: bytes,
        audio_format: str = "wav",
        sample_rate: int = 16000,
        language: str | None = None,
        language_hints: list[str] | None = None,
        **options: Any,
    ) -> TranscriptionResult:
        form = audio_format.lower()
        data = with_header(audio_data, form, sample_rate) if form in RAW_FORMS else audio_data
        return await self._transcribe(io.BytesIO(data), language, language_hints, options)

    async def _transcribe(
        self, source: Path | BinaryIO, language: str | None, hints: list[str] | None, options: dict[str, Any]
    ) -> TranscriptionResult:
        from debabelizer.transcriber import Transcriber

        into, both = str(options.pop("translate_to", None) or ""), bool(options.pop("with_original", False))
        settings, notices = self._asked(language, hints, options)
        heard = await Transcriber(settings).transcribe(
            source, engine_of(self._name), translate_to=into, with_original=both
        )
        if heard.error is not None:
            raise heard.error
        return _result(self._name, heard, notices)

    def _asked(
        self, language: str | None, hints: list[str] | None, options: dict[str, Any]
    ) -> tuple[Settings, tuple[str, ...]]:
        languages = wanted_languages(self._said, self._name, language, hints)
        return with_options(self._settings, engine_of(self._name), languages, options)

    # ------------------------------------------------------------------------------------------------- live

    async def start_streaming(
        self,
        audio_format: str = "wav",
        sample_rate: int = 16000,
        language: str | None = None,
        language_hints: list[str] | None = None,
        **options: Any,
    ) -> str:
        from debabelizer.accounts import Entry, book
        from debabelizer.accounts.budget import require
        from debabelizer.dictation.assembly import open_session
        from debabelizer.store import Work

        settings, _ = self._asked(language, language_hints, options)
        settings = settings.with_code({"dictation.commit": "pause"})
        provider = engine_of(self._name)
        await asyncio.to_thread(require, settings, provider)
        session = open_session(settings, provider)
        entry = Entry(book(), settings, provider, Work.DICTATION)
        try:
            with entry.failing():
                await session.connect()
        except BaseException:
            await session.abort()
            raise
        name = str(uuid.uuid4())
        self._streams[name] = _Stream(name, session, open_feed(audio_format, sample_rate), entry, self.on_live)
        return name

    async def stream_audio(self, session_id: str, audio_chunk: bytes) -> None:
        await self._stream(session_id).send(audio_chunk)

    async def get_streaming_results(self, session_id: str) -> AsyncIterator[StreamingResult]:
        stream = self._stream(session_id)
        async for result in stream.results():
            yield result
        self._streams.pop(session_id, None)

    async def stop_streaming(self, session_id: str) -> None:
        stream = self._streams.get(session_id)
        if stream is not None:
            await stream.stop()

    def _stream(self, session_id: str) -> _Stream:
        if (stream := self._streams.get(session_id)) is None:
            raise StreamingError(f"There is no streaming session {session_id!r}.", self._name)
        return stream

    # ------------------------------------------------------------------------------------------------ others

    async def test_connection(self) -> bool:
        return await self.problem() is None

    async def problem(self) -> ProviderError | None:
        """Why it would not work now; None: it would."""
        from debabelizer import registry
        from debabelizer.contract import HealthState
        from debabelizer.streaming import default_transports
        from debabelizer.streaming.health import health

        provider = registry.load(engine_of(self._name))
        found = await health(provider, self._settings.stream_options, default_transports().http)
        if found.state is HealthState.OK:
            return None
        return found.error or ConfigurationError(found.detail, self._name)

    async def cleanup(self) -> None:
        streams, self._streams = self._streams, {}
        for stream in streams.values():
            await stream.abort()

    def get_cost_estimate(self, duration_seconds: float) -> float:
        """By the list price of recordings; 0.0 where it is not known."""
        price = self._description.price_of(Ability.FILES)
        return price.usd * duration_seconds / 3600 if price is not None else 0.0


class _Stream:
    """One live session of a program."""

    def __init__(self, name: str, session: Session, feed: Feed, entry: Entry, on_end: Callable[[float], None]) -> None:
        self._name, self._session, self._feed, self._entry = name, session, feed, entry
        self._on_end: Callable[[float], None] | None = on_end
        self._characters = 0
        self._fed_at = time.monotonic()
        self._stopping: asyncio.Task[None] | None = None

    async def send(self, data: bytes) -> None:
        if self._stopping is not None:
            raise StreamingError(f"The streaming session {self._name!r} was stopped.", self._session.provider)
        self._fed_at = time.monotonic()
        if pcm := await self._feed.feed(data):
            await self._session.send(pcm)
            self._entry.grow(self._session.position)

    async def results(self) -> AsyncIterator[StreamingResult]:
        """Until the session was stopped and its last word told. Raises what the session failed with."""
        from debabelizer.transcript import SegmentMap

        heard = SegmentMap()
        async for event in self._session.events():
            match event:
                case Partial(change=change):
                    heard.apply(change)
                    if change.segment in heard and (text := heard.segment(change.segment).text.strip()):
                        yield self._result(text, final=False)
                case Committed(change=frozen) | Corrected(change=frozen):
                    heard.apply(frozen)
                    if text := frozen.text.strip():
                        self._characters += len(text)
                        yield self._result(text, final=True, words=frozen.words)
                case ErrorOccurred(error=error, fatal=True):
                    self._book(error)
                    raise error
                case _:
                    continue

    def _result(self, text: str, *, final: bool, words: tuple[Word, ...] = ()) -> StreamingResult:
        waited = round((time.monotonic() - self._fed_at) * 1000)
        return StreamingResult(self._name, final, text, _confidence(words), processing_time_ms=waited)

    async def stop(self) -> None:
        """Sends the rest, and returns when the provider has said its last word."""
        if self._stopping is None:
            self._stopping = asyncio.create_task(self._stop(), name="stop streaming")
        await asyncio.shield(self._stopping)

    async def _stop(self) -> None:
        try:
            async for rest in self._feed.finish():
                await self._session.send(rest)
        finally:
            await self._feed.close()
        await self._session.disconnect()
        self._book()

    def _book(self, error: ProviderError | None = None) -> None:
        self._entry.provider = self._session.provider
        self._entry.end(seconds=self._session.position, characters=self._characters, error=error)
        on_end, self._on_end = self._on_end, None
        if on_end is not None:
            on_end(self._session.position)

    async def abort(self) -> None:
        if self._stopping is None:
            await self._feed.close()
        self._book()
        await self._session.abort()


def _confidence(words: tuple[Word, ...]) -> float:
    said = [word.confidence for word in words if word.confidence is not None]
    return fmean(said) if said else 0.0


def _result(name: str, heard: Transcript, notices: tuple[str, ...]) -> TranscriptionResult:
    words = tuple(word for segment in heard.segments for word in segment.words)
    languages = [segment.language for segment in heard.segments if segment.language]
    return TranscriptionResult(
        text=heard.text,
        confidence=_confidence(words),
        language_detected=max(set(languages), key=languages.count) if languages else "unknown",
        duration=heard.duration,
        words=[WordTiming(word.text, word.start, word.end, word.confidence) for word in words],
        is_final=heard.complete,
        start_time=heard.segments[0].start if heard.segments else None,
        end_time=heard.segments[-1].end if heard.segments else None,
        metadata={
            "provider": name,
            "segments": heard.segments,
            "notices": (*notices, *heard.notices),
            **({"translation": heard.translation} if heard.translation is not None else {}),
        },
    )
