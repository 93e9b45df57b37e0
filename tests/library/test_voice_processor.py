"""``from debabelizer import VoiceProcessor``, as a program uses it: files, live speech, its own providers."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

import psutil
import pytest

import debabelizer
from debabelizer import (
    AudioConverter,
    AuthenticationError,
    ConfigurationError,
    DebabelizerConfig,
    ProviderError,
    StreamingError,
    StreamingResult,
    STTProvider,
    SynthesisResult,
    TranscriptionResult,
    TTSProvider,
    Voice,
    VoiceProcessor,
    create_processor,
)
from fakes.deepgram_server import DeepgramServer
from fakes.recognisers import scripted
from fakes.recordings import TINY_WHISPER, plain, recording

WHISPER = {"whisper": {"folder": str(TINY_WHISPER)}}
SAID = "hello world this is a test of dictation"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key and no settings of whoever runs this."""
    monkeypatch.setenv("DEBABELIZER_HOME", str(tmp_path / "home"))
    for name in ("DEEPGRAM_API_KEY", "SONIOX_API_KEY", "ELEVENLABS_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def whisper() -> AsyncIterator[VoiceProcessor]:
    async with VoiceProcessor("whisper", config=WHISPER) as processor:
        yield processor


# ----------------------------------------------------------------------------------------------- the names


def test_every_name_of_1x_is_there() -> None:
    wanted = """VoiceProcessor DebabelizerConfig AudioFormat WordTiming TranscriptionResult StreamingResult Voice
        SynthesisResult ProviderError AuthenticationError ConfigurationError RateLimitError QuotaExceededError
        UnsupportedFormatError UnsupportedLanguageError ConnectionError StreamingError VoiceNotFoundError
        TextTooLongError STTProvider TTSProvider AudioConverter detect_audio_format get_sample_rate_from_wav
        format_duration estimate_audio_duration validate_audio_file SessionManager SessionInfo create_processor"""
    for name in wanted.split():
        assert name in debabelizer.__all__
        assert getattr(debabelizer, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'VoiceProcesor'"):
        _ = debabelizer.VoiceProcesor  # type: ignore[attr-defined]


def test_making_one_loads_nothing() -> None:
    code = (
        "import sys; from debabelizer import VoiceProcessor; VoiceProcessor(config={'deepgram': {'api_key': 'k'}});"
        "print([m for m in ('numpy', 'av', 'httpx', 'websockets', 'debabelizer_providers') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_who_is_taken() -> None:
    config = {"soniox": {"api_key": "a"}, "deepgram": {"api_key": "b"}}
    assert VoiceProcessor(config=config).stt_provider_name is None
    processor = VoiceProcessor("soniox", config=config)
    assert (processor.stt_provider_name, processor.stt_provider) == ("soniox", None)
    preferring = VoiceProcessor(config={**config, "preferences": {"stt_provider": "deepgram"}})
    assert preferring.stt_provider_name == "deepgram"
    assert processor.config.config["soniox"] == {"api_key": "a"}
    made = DebabelizerConfig(config)
    assert VoiceProcessor(config=made).config is made
    assert create_processor(stt_provider="deepgram", deepgram={"api_key": "k"}).stt_provider_name == "deepgram"


@pytest.mark.parametrize("name", ["nobody", "deepgram"])
def test_who_can_not_be_taken_is_told(name: str) -> None:
    with pytest.raises(ConfigurationError, match="not configured") as caught:
        VoiceProcessor(stt_provider=name)
    assert isinstance(caught.value, ProviderError)
    assert caught.value.provider == name
    assert ("DEEPGRAM_API_KEY" in str(caught.value)) == (name == "deepgram")


@pytest.mark.parametrize(
    ("strategy", "first"),
    [("quality", "deepgram"), ("cost", "whisper"), ("latency", "deepgram"), ("balanced", "deepgram")],
)
async def test_the_strategy_chooses(strategy: str, first: str) -> None:
    config = {"deepgram": {"api_key": "k"}, "azure": {"api_key": "k"}, "google": {"credentials_path": "k.json"}}
    config |= WHISPER
    preferences = {"auto_select": True, "optimize_for": strategy}
    async with VoiceProcessor(config={**config, "preferences": preferences}) as processor:
        choice = await processor.explain_choice()
        assert (choice.selection.provider, choice.strategy) == (first, strategy)


async def test_the_apps_settings_and_what_a_call_needs_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "config"
    folder.mkdir(parents=True)
    (folder / "settings.yaml").write_text("providers: {deepgram: {api_key: '${MINE}'}}\n")
    monkeypatch.setenv("MINE", "a-key-of-mine")
    async with VoiceProcessor(config=WHISPER) as processor:
        chosen = (await processor.explain_choice()).selection
        assert (chosen.provider, chosen.reason) == ("deepgram", "automatic: Deepgram has a key")
        assert (await processor.explain_choice("cy")).selection.provider == "whisper"
    (folder / "settings.yaml").write_text("selection: {offline: true}\n")
    async with VoiceProcessor(config={**WHISPER, "soniox": {"api_key": "k"}}) as processor:
        choice = await processor.explain_choice(live=True)
        assert choice.selection.provider == "whisper"
        assert next(s.why for s in choice.steps if s.provider == "soniox") == "Soniox is not on this computer"
    (folder / "settings.yaml").write_text("provider: whisper\n")
    async with VoiceProcessor(config={**WHISPER, "soniox": {"api_key": "k"}}) as processor:
        assert (await processor.explain_choice()).selection.reason == "chosen by the settings file"
        result = await processor.transcribe_file(recording("hello_test").path)
        assert (processor.stt_provider_name, result.metadata["provider"]) == ("whisper", "whisper")
    async with VoiceProcessor(config={"preferences": {"stt_provider": "soniox"}, "soniox": {"api_key": "k"}}) as other:
        assert (await other.explain_choice()).selection.reason == "chosen by the code"


async def test_with_nothing_at_all_the_built_in_recogniser_listens() -> None:
    async with VoiceProcessor() as processor:
        result = await processor.transcribe_file(recording("hello_test").path)
        assert processor.stt_provider_name == "sphinx"
        assert len(result.text.split()) > 3


# ------------------------------------------------------------------------------------------------ recordings


async def test_a_file(whisper: VoiceProcessor) -> None:
    sound = recording("hello_test")
    result = await whisper.transcribe_file(sound.path, language="en")
    assert plain(result.text) == SAID
    assert result.duration == pytest.approx(sound.seconds, abs=0.1)
    assert 0.5 < result.confidence <= 1
    assert [plain(word.word) for word in result.words] == SAID.split()
    assert all(word.start_time < word.end_time for word in result.words)
    assert result.metadata is not None
    assert result.metadata["provider"] == "whisper"
    stats = whisper.get_usage_stats()
    assert (stats["stt_requests"], stats["cost_estimate"]) == (1, 0.0)
    assert stats["stt_duration"] == stats["by_provider"]["whisper"]["stt_duration"] == result.duration
    whisper.reset_usage_stats()
    assert whisper.get_usage_stats()["stt_requests"] == 0
    with pytest.raises(FileNotFoundError, match=r"nothing\.wav"):
        await whisper.transcribe_file("nothing.wav")


async def test_sound_in_memory_in_any_form(whisper: VoiceProcessor) -> None:
    pcm = recording("hello_test").pcm
    mulaw = await AudioConverter().convert_audio(pcm, "pcm", "mulaw", 16_000)
    webm = await AudioConverter().convert_audio(pcm, "pcm", "webm")
    results = [
        await whisper.transcribe_audio(pcm, "pcm", 16_000, "en"),
        await whisper.transcribe_audio(mulaw, "mulaw", 16_000, "en"),
        await whisper.transcribe_chunk(webm, language="en"),
    ]
    assert [plain(result.text) for result in results] == [SAID] * 3
    with pytest.raises(debabelizer.UnsupportedFormatError):
        await whisper.transcribe_audio(b"words, not sound" * 99)


async def test_an_option_that_is_none_is_told_and_left_out(whisper: VoiceProcessor) -> None:
    result = await whisper.transcribe_file(recording("hello_test").path, language="en", beem=3, beam=2)
    assert result.metadata is not None
    (notice,) = result.metadata["notices"]
    assert "beem" in notice
    assert "Did you mean beam?" in notice


# ------------------------------------------------------------------------------------------------------ live


async def _talk(processor: VoiceProcessor, form: str, data: bytes, rate: int = 16_000) -> list[StreamingResult]:
    session = await processor.start_streaming_transcription(form, rate, language="en")
    assert [info.session_id for info in processor.session_manager.get_active_sessions()] == [session]

    async def feed() -> None:
        for at in range(0, len(data), 3200):
            await processor.stream_audio(session, data[at : at + 3200])
        await processor.stop_streaming_transcription(session)

    feeding = asyncio.create_task(feed())
    results = [result async for result in processor.get_streaming_results(session)]
    await feeding
    assert processor.session_manager.get_active_sessions() == []
    assert {result.session_id for result in results} == {session}
    return results


@pytest.mark.parametrize("form", ["pcm", "wav", "webm"])
async def test_live_speech(whisper: VoiceProcessor, form: str) -> None:
    pcm = recording("hello_test").pcm
    data = pcm if form == "pcm" else await AudioConverter().convert_audio(pcm, "pcm", form, 16_000)
    results = await _talk(whisper, form, data)
    finals = [result.text for result in results if result.is_final]
    assert plain(" ".join(finals)) == SAID
    assert results[-1].is_final, "stopping drains the last final"
    assert results[-1].timestamp is not None


async def test_a_vendor_hears_it_live_and_its_refusal_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    async with DeepgramServer(recognise=scripted(["good morning"])) as server:
        monkeypatch.setenv("DEEPGRAM_API_KEY", server.key)
        async with VoiceProcessor(config={"deepgram": {"base_url": server.url}}) as processor:
            results = await _talk(processor, "pcm", recording("hello_test").pcm)
            assert [r.text for r in results if r.is_final] == ["good morning"]
            assert processor.stt_provider_name == "deepgram"
            assert processor.stt_provider is not None
            assert processor.stt_provider.get_cost_estimate(3600) > 0
        wrong = VoiceProcessor("deepgram", config={"deepgram": {"base_url": server.url, "api_key": "wrong"}})
        with pytest.raises(AuthenticationError):
            await wrong.start_streaming_transcription("pcm")
        assert wrong.session_manager.get_active_sessions() == []
        await wrong.cleanup()


async def test_the_modern_way(whisper: VoiceProcessor) -> None:
    async with whisper.streaming("pcm", 16_000, language="en") as live:
        await live.send(recording("hello_test").pcm)
        await live.stop()
        finals = [result.text async for result in live.results() if result.is_final]
    assert plain(" ".join(finals)) == SAID
    with pytest.raises(StreamingError, match="no streaming session"):
        await whisper.stream_audio(live.session_id, b"")


async def test_what_was_not_stopped_is_ended_by_the_clean_up() -> None:
    processor = VoiceProcessor("whisper", config=WHISPER)
    session = await processor.start_streaming_transcription("webm", 48_000)
    assert processor.get_usage_stats()["sessions_created"] == 1
    await processor.cleanup()
    assert processor.session_manager.get_session(session) is None
    assert "stream decoder" not in {thread.name for thread in threading.enumerate()}


# ------------------------------------------------------------------------------------- a program's own providers


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


async def test_the_computers_own_voice_speaks(whisper: VoiceProcessor, tmp_path: Path) -> None:
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
