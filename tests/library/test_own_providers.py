"""Speaking through ``VoiceProcessor``, and providers of the program's own, which are used like ours."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

import psutil
import pytest

import debabelizer
from debabelizer import (
    AudioConverter,
    ConfigurationError,
    STTProvider,
    SynthesisResult,
    TranscriptionResult,
    TTSProvider,
    Voice,
    VoiceProcessor,
)
from fakes.recordings import recording


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key and no settings of whoever runs this."""
    monkeypatch.setenv("DEBABELIZER_HOME", str(tmp_path / "home"))


class Echo(STTProvider):
    name = "echo"
    supported_languages: ClassVar = ["en"]
    supports_streaming = False
    supports_language_detection = False
    gone = False

    async def transcribe_file(self, file_path, language=None, language_hints=None, **options):
        return TranscriptionResult(text=Path(file_path).name, duration=60.0)

    async def transcribe_audio(self, audio_data, audio_format="wav", sample_rate=16000, *languages, **options):
        return TranscriptionResult(text=f"{len(audio_data)} bytes of {audio_format}")

    async def start_streaming(self, *_, **__):
        raise NotImplementedError

    async def stream_audio(self, session_id, audio_chunk): ...

    async def get_streaming_results(self, session_id):
        yield

    async def stop_streaming(self, session_id): ...

    async def cleanup(self):
        self.gone = True

    def get_cost_estimate(self, duration_seconds):
        return duration_seconds / 6000


class Bell(TTSProvider):
    name = "bell"
    supported_languages: ClassVar = ["en"]
    supports_streaming = True

    async def get_available_voices(self, language=None):
        return [Voice("ding", "Ding", language or "en")]

    async def synthesize(self, text, voice=None, **options):
        sound = f"{voice}:{text}".encode()
        return SynthesisResult(sound, "wav", options["sample_rate"], 1.0, len(sound))

    async def synthesize_streaming(self, text, voice=None, **options):
        for word in text.split():
            yield word.encode()


async def test_a_programs_own_providers_are_used_like_ours(tmp_path: Path) -> None:
    ear, voice = Echo(), Bell()
    processor = VoiceProcessor(ear, voice)
    assert (processor.stt_provider_name, processor.tts_provider_name) == ("echo", "bell")
    assert processor.stt_provider is ear
    sound = recording("hello_test").path
    assert (await processor.transcribe_file(sound)).text == sound.name
    assert (await processor.transcribe_chunk(b"123")).text == "3 bytes of webm"
    with pytest.raises(ConfigurationError, match="does not take live speech"):
        await processor.start_streaming_transcription()

    assert [v.voice_id for v in await processor.get_available_voices("de")] == ["ding"]
    assert (await processor.synthesize("hi", "ding")).audio_data == b"ding:hi"
    result = await processor.synthesize_text("hello", tmp_path / "out.wav", voice_id="dong")
    assert (tmp_path / "out.wav").read_bytes() == result.audio_data == b"dong:hello"
    assert [piece async for piece in processor.synthesize_streaming("one two")] == [b"one", b"two"]
    with pytest.raises(ValueError, match="no text"):
        await processor.synthesize("  \n")
    with pytest.raises(debabelizer.ProviderError, match="can't be written"):
        await processor.synthesize_text("hello", tmp_path / "out.wav" / "folder.wav")
    assert [file.name for file in tmp_path.iterdir()] == ["out.wav"]

    stats = processor.get_usage_stats()
    assert (stats["tts_requests"], stats["tts_characters"]) == (4, 19)
    assert stats["cost_estimate"] == pytest.approx(0.01)
    assert await processor.test_providers() == {"whisper": False, "sphinx": True, "echo": True}
    await processor.set_stt_provider(Echo())
    assert ear.gone
    await processor.cleanup()


class OldBell(Bell):
    """As programs for 1.x wrote them: a voice, or the id of one."""

    async def synthesize(self, text, voice=None, voice_id=None, audio_format=None, sample_rate=22050, **options):
        sound = f"{voice.name if voice else voice_id}".encode()
        return SynthesisResult(sound, "wav", sample_rate, 1.0, len(sound))


async def test_a_voice_or_the_id_of_one() -> None:
    bell = OldBell("key", volume=3)
    assert (bell.api_key, bell.config) == ("key", {"volume": 3})
    processor = VoiceProcessor(tts_provider=bell)
    assert (await processor.synthesize("hi", "dong")).audio_data == b"dong"
    assert (await processor.synthesize("hi", Voice("x", "Ding", "en"))).audio_data == b"Ding"


async def test_the_computers_own_voice_speaks(tmp_path: Path) -> None:
    async with VoiceProcessor() as processor:
        spoken = await processor.synthesize_text("Hello world.", tmp_path / "hello.flac", audio_format="flac")
        assert (spoken.format, spoken.sample_rate, processor.tts_provider_name) == ("flac", 22_050, "system")
        assert spoken.size_bytes == (tmp_path / "hello.flac").stat().st_size > 1000
        assert debabelizer.detect_audio_format(tmp_path / "hello.flac") == "flac"
        assert debabelizer.estimate_audio_duration(tmp_path / "hello.flac") == pytest.approx(spoken.duration, abs=0.01)
        voices = await processor.get_available_voices("de")
        assert {voice.language.partition("-")[0] for voice in voices} == {"de"}
        german = await processor.synthesize("Guten Morgen", voices[0], "wav", 16_000, rate=2.0)
        slow = await processor.synthesize("Guten Morgen", language="de", rate=1.0)
        assert 0.2 < german.duration < slow.duration
        assert [gap for gap in AudioConverter().detect_silence(german.audio_data) if gap[1] - gap[0] > 1] == []
        pieces = [piece async for piece in processor.synthesize_streaming("Hello. " * 20, sample_rate=8_000)]
        assert len(pieces) > 3
        with pytest.raises(debabelizer.VoiceNotFoundError, match="nobody"):
            await processor.synthesize("hello", "nobody")
        with pytest.raises(debabelizer.VoiceNotFoundError, match="tlh-x"):
            await processor.synthesize("hello", language="tlh-x")
        with pytest.raises(debabelizer.UnsupportedFormatError, match="gramophone"):
            await processor.synthesize("hello", audio_format="gramophone")


async def test_speech_piece_by_piece_through_a_session() -> None:
    bell = Bell()
    async with VoiceProcessor(tts_provider=bell) as processor:
        session = await processor.start_streaming_tts("one two three", voice_id="dong")
        assert [info.session_type for info in processor.session_manager.get_active_sessions()] == ["tts"]
        pieces = [await processor.get_streaming_audio(session) for _ in range(4)]
        assert pieces == [b"one", b"two", b"three", b""]
        assert processor.get_usage_stats()["tts_characters"] == 13
        assert await processor.end_streaming_synthesis(session)
        assert not await processor.end_streaming_synthesis(session)
        with pytest.raises(debabelizer.StreamingError, match="no speech session"):
            await processor.get_streaming_audio(session)
        begun = await processor.start_streaming_tts("one two")
        assert await processor.get_streaming_audio(begun) == b"one"
        assert await processor.end_streaming_synthesis(begun)
        with pytest.raises(ValueError, match="no text"):
            await processor.start_streaming_tts(" ")
    assert processor.session_manager.get_active_sessions() == []
    with pytest.raises(ConfigurationError, match="voices"):
        await VoiceProcessor(tts_provider="openai", config={"openai": {"api_key": "k"}}).start_streaming_tts("hi")


async def test_a_reader_who_stops_early_leaves_nothing_behind() -> None:
    before = psutil.Process().children()
    async with VoiceProcessor() as processor:
        pieces = processor.synthesize_streaming("Hello world. " * 200)
        async for _ in pieces:
            break
        await pieces.aclose()  # type: ignore[attr-defined]
    assert set(psutil.Process().children()) <= set(before)
    assert len(asyncio.all_tasks()) == 1


async def test_a_vendors_voice_that_is_not_there_yet_says_so() -> None:
    processor = VoiceProcessor(tts_provider="elevenlabs", config={"elevenlabs": {"api_key": "k"}})
    assert processor.tts_provider_name == "elevenlabs"
    with pytest.raises(ConfigurationError, match="'elevenlabs' are not part of this version; system can speak"):
        await processor.synthesize("hello")
