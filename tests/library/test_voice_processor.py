"""``from debabelizer import VoiceProcessor``, as a program uses it: files and live speech."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

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
    assert whisper.get_usage_stats()["stt_duration"] == pytest.approx(len(pcm) / 32_000, abs=0.1)


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
