"""The local server speaks to the vendor's own SDK: what passes here is not our reading of a sheet alone."""

from __future__ import annotations

import asyncio
import ctypes
import importlib
import json
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from fakes.azure_server import AzureServer, Behaviour, Listener
from fakes.recognisers import RATE, numbered, numbered_audio, scripted
from fakes.talk import words

_PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def sdk() -> Any:
    """Native; on Linux it loads OpenSSL when it connects, also where the address is plain ``ws://``."""
    if sys.platform == "linux" and not any(map(_loads, ("libssl.so.3", "libssl.so.1.1"))):
        pytest.skip("the vendor's native library needs libssl.so.3, which this system does not have")
    try:
        return importlib.import_module("azure.cognitiveservices.speech")
    except (ImportError, OSError) as problem:
        pytest.skip(f"the vendor's native library cannot be used on this system: {problem}")


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


class Heard:
    """What the SDK told: ``texts`` of finals, ``partials``, and how it was cancelled."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.partials: list[str] = []
        self.offsets: list[int] = []
        self.results: list[Any] = []
        self.reason: str = ""
        self.code: str = ""
        self.over = threading.Event()

    @property
    def text(self) -> str:
        return " ".join(self.texts)

    def recognised(self, event: Any) -> None:
        if event.result.text:
            self.texts.append(event.result.text)
            self.offsets.append(event.result.offset)
            self.results.append(event.result)

    def cancelled(self, event: Any) -> None:
        details = event.cancellation_details if hasattr(event, "cancellation_details") else event.result
        self.reason, self.code = details.reason.name, details.code.name
        if details.reason.name == "Error":
            self.over.set()


async def listen(
    sdk: Any,
    server: AzureServer,
    pcm: bytes,
    *,
    prepare: Callable[[Any], None] = lambda config: None,
    make: Callable[[Any, Any], Any] | None = None,
    key: str | None = None,
    once: bool = False,
) -> Heard:
    """Recognition of ``pcm`` to its end, or of its first phrase. All of the SDK's objects live and die in a thread of
    their own: their end waits for the server."""
    heard = Heard()

    def run() -> None:
        config = sdk.SpeechConfig(host=f"ws://{server.host}:{server.port}", subscription=key or server.key)
        prepare(config)
        stream = sdk.audio.PushAudioInputStream()
        audio = sdk.audio.AudioConfig(stream=stream)
        recogniser = make(config, audio) if make else sdk.SpeechRecognizer(config, audio)
        stream.write(pcm)
        stream.close()
        recogniser.canceled.connect(heard.cancelled)
        recogniser.session_stopped.connect(lambda _: heard.over.set())
        if hasattr(recogniser, "transcribed"):
            recogniser.transcribed.connect(heard.recognised)
            recogniser.start_transcribing_async().get()
        else:
            recogniser.recognized.connect(heard.recognised)
            recogniser.recognizing.connect(lambda event: heard.partials.append(event.result.text))
            start = recogniser.recognize_once_async if once else recogniser.start_continuous_recognition_async
            start().get()
        assert heard.over.wait(_PATIENCE_S), "the SDK came to no end"

    await asyncio.to_thread(run)
    return heard


async def test_partials_and_phrases_in_detail(sdk: Any) -> None:
    def in_detail(config: Any) -> None:
        config.output_format = sdk.OutputFormat.Detailed
        config.request_word_level_timestamps()

    async with AzureServer(recognise=numbered) as server:
        pcm = numbered_audio(0, 5) + bytes(RATE * 2) + numbered_audio(5, 5)
        heard = await listen(sdk, server, pcm, prepare=in_detail)
        assert heard.texts == [words(0, 5), words(5, 5)]
        assert heard.partials
        assert heard.offsets == [pytest.approx(0.025e7, abs=1e5), pytest.approx(2.025e7, abs=1e5)]
        best = json.loads(heard.results[0].json)["NBest"][0]
        assert [word["Word"] for word in best["Words"]] == words(0, 5).split()
        assert (heard.reason, heard.code) == ("EndOfStream", "NoError")
        assert server.problems == []


async def test_a_turn_ended_by_the_service_is_gone_on_with(sdk: Any) -> None:
    async with AzureServer(recognise=numbered, behaviours=[Behaviour(turn_s=1.5)]) as server:
        heard = await listen(sdk, server, numbered_audio(0, 30))
        assert heard.text == words(0, 30)
        assert heard.offsets == sorted(heard.offsets)
        assert len([turn for turn in server.connections[0].turns if turn.samples]) >= 4
        assert server.problems == []


async def test_a_dropped_connection_is_gone_on_with(sdk: Any) -> None:
    behaviours = [Behaviour(cut_s=1.0, drop_after_s=3.0), Behaviour()]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server:
        heard = await listen(sdk, server, numbered_audio(0, 30))
        assert heard.text == words(0, 30)
        assert len(server.connections) == 2


async def test_one_phrase(sdk: Any) -> None:
    async with AzureServer(recognise=numbered) as server:
        pcm = numbered_audio(0, 5) + bytes(RATE * 2) + numbered_audio(5, 5)
        heard = await listen(sdk, server, pcm, once=True)
        assert heard.texts == [words(0, 5)]
        assert "/interactive/" in server.connections[0].path
        assert server.problems == []


async def test_word_list_languages_and_speakers(sdk: Any) -> None:
    def with_terms(config: Any, audio: Any) -> Any:
        candidates = sdk.languageconfig.AutoDetectSourceLanguageConfig(languages=["de-DE", "en-US"])
        recogniser = sdk.SpeechRecognizer(config, audio_config=audio, auto_detect_source_language_config=candidates)
        sdk.PhraseListGrammar.from_recognizer(recogniser).addPhrase("Okafor")
        return recogniser

    async with AzureServer(recognise=scripted(["hello there"])) as server:
        heard = await listen(sdk, server, numbered_audio(0, 10), make=with_terms)
        assert heard.text == "hello there"
        assert sdk.AutoDetectSourceLanguageResult(heard.results[0]).language == "de-DE"
        assert server.connections[0].config.phrases == ["Okafor"]
        heard = await listen(sdk, server, numbered_audio(0, 10), make=sdk.transcription.ConversationTranscriber)
        assert heard.results[0].speaker_id == "Guest-1"
        assert server.connections[1].path == "/speech/universal/v2"
        assert server.problems == []


@pytest.mark.parametrize(
    ("behaviour", "key", "code"),
    [
        (Behaviour(), "wrong", "AuthenticationFailure"),
        (Behaviour(refuse_status=400), None, "BadRequest"),
        (Behaviour(close_after_s=0.3, close_code=1007, close_reason="Quota exceeded."), None, "BadRequest"),
        (Behaviour(status="Forbidden"), None, "Forbidden"),
    ],
)
async def test_refusals(sdk: Any, behaviour: Behaviour, key: str | None, code: str) -> None:
    async with AzureServer(behaviours=[behaviour]) as server:
        heard = await listen(sdk, server, numbered_audio(0, 10), key=key)
        assert (heard.reason, heard.code) == ("Error", code)
        assert heard.texts == []


async def test_a_server_that_acknowledges_too_much_is_found_out(sdk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """That every word came above means something: the SDK goes on where the server says, and here words are lost."""
    over = Listener._over

    def beyond(self: Listener, turn: Any, end: float, **more: Any) -> None:
        over(self, turn, end if more else end + 0.6, **more)

    monkeypatch.setattr(Listener, "_over", beyond)
    async with AzureServer(recognise=numbered, behaviours=[Behaviour(turn_s=1.5)]) as server:
        heard = await listen(sdk, server, numbered_audio(0, 30))
        assert heard.texts
        assert set(heard.text.split()) < set(words(0, 30).split())
