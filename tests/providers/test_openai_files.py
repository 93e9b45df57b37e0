"""Whole recordings to OpenAI and to servers like it over real HTTP, and what their answers become."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.audio.wav import header
from debabelizer.contract import Ability, FilesToText, FileTranscript, StreamOptions
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    StreamingError,
    UnsupportedFormatError,
)
from debabelizer_providers.openai import OpenAI
from debabelizer_providers.openai.file_answers import read, read_events
from debabelizer_providers.openai.files import limits
from fakes.file_desk import Told, file_desk, sound
from fakes.openai_server import OpenAIServer
from fakes.recognisers import numbered, numbered_audio, scripted
from fakes.vendor_socket import Answer, HttpRequest, event_stream

VOICE = numbered_audio(0, 20)
TEXT = " ".join(f"w{n}" for n in range(20))
# the SDK's own warnings are not ours to mend
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


async def ask(
    server: OpenAIServer,
    told: Told | None = None,
    *,
    pcm: bytes = VOICE,
    languages: tuple[str, ...] = (),
    vocabulary: tuple[str, ...] = (),
    into: str = "",
    **settings: Any,
) -> FileTranscript:
    options = StreamOptions(
        languages=languages,
        translate_to=into,
        vocabulary=vocabulary,
        settings={"api_key": server.key, "base_url": server.url} | settings,
    )
    async with file_desk("openai") as desk:
        return await OpenAI().transcribe_file(sound(pcm), options, desk, told if told is not None else Told())


def fields(server: OpenAIServer, number: int = -1) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in server.requests[number].form():
        if part.name != "file":
            found.setdefault(part.name, []).append(part.text)
    return found


def test_it_says_that_it_takes_files() -> None:
    assert isinstance(OpenAI(), FilesToText)
    assert Ability.FILES in OpenAI.description.abilities
    keys = [s.key for s in OpenAI.description.settings if s.group == "Files"]
    assert keys
    assert all(key.startswith("file_") for key in keys)


def test_limits_are_the_models() -> None:
    assert limits(StreamOptions()).seconds is None
    assert limits(StreamOptions(settings={"file_model": "gpt-4o-transcribe"})).seconds == 1400


async def test_text_appears_while_the_file_is_recognised() -> None:
    told = Told()
    async with OpenAIServer(recognise=numbered) as server:
        heard = await ask(server, told)
        assert fields(server) == {"model": ["gpt-transcribe"], "response_format": ["json"], "stream": ["true"]}
        request = server.requests[0]
        assert request.headers["authorization"] == f"Bearer {server.key}"
        (file,) = [part for part in request.form() if part.name == "file"]
        assert (file.filename, file.content_type) == ("recording.wav", "audio/wav")
        assert file.content.endswith(VOICE)
    assert [segment.text for segment in heard.segments] == [TEXT]
    assert told.texts[:2] == ["w0", "w0 w1"]
    assert told.texts[-1] == TEXT


async def test_whisper_gives_the_time_of_each_word() -> None:
    async with OpenAIServer(recognise=numbered) as server:
        heard = await ask(server, file_model="whisper-1")
        assert fields(server)["timestamp_granularities[]"] == ["word", "segment"]
        assert "stream" not in fields(server)
    assert [len(segment.words) for segment in heard.segments] == [8, 8, 4]
    assert " ".join(segment.text for segment in heard.segments) == TEXT
    words = [word for segment in heard.segments for word in segment.words]
    assert " ".join(word.text for word in words) == TEXT
    assert words[3].start == pytest.approx(0.625, abs=0.01)
    assert heard.language == heard.segments[0].language == "en"
    assert heard.vendor_id == "req_files"


@pytest.mark.parametrize("stream", [True, False])
async def test_speakers_are_told_apart(stream: bool) -> None:
    async with OpenAIServer(recognise=numbered) as server:
        heard = await ask(server, file_model="gpt-4o-transcribe-diarize", file_stream=stream, vocabulary=("Okafor",))
        assert fields(server)["chunking_strategy"] == ["auto"]
        assert fields(server)["response_format"] == ["diarized_json"]
        assert "prompt" not in fields(server)
    assert [(s.speaker, s.start) for s in heard.segments] == [
        ("A", pytest.approx(0.025)),
        ("B", pytest.approx(2.025)),
    ]
    assert any("no word list" in notice for notice in heard.notices)


async def test_one_language_goes_as_a_list_too_but_not_to_a_server_that_knows_the_simplest_form_only() -> None:
    async with OpenAIServer(recognise=numbered) as server:
        await ask(server, languages=("ru",))
        assert fields(server)["languages[]"] == ["ru"]
        simple = Answer(400, {"error": {"message": "Unknown field languages[]."}}), Answer(200, {"text": "Hello."})
        server.scripted.extend(simple)
        await ask(server, languages=("ru",))
        assert "languages[]" not in fields(server)
        assert fields(server)["language"] == ["ru"]


async def test_languages_words_and_prompt_go_the_way_the_model_takes_them() -> None:
    wanted: dict[str, Any] = {"vocabulary": ("Okafor", "Ana"), "languages": ("en-GB", "ru"), "prompt": "A letter."}
    async with OpenAIServer() as server:
        await ask(server, **wanted)
        assert fields(server)["languages[]"] == ["en", "ru"]
        assert fields(server)["keywords[]"] == ["Okafor", "Ana"]
        assert fields(server)["prompt"] == ["A letter."]
        heard = await ask(server, file_model="gpt-4o-transcribe", **wanted)
        assert fields(server)["prompt"] == ["A letter. Okafor, Ana"]
        assert "language" not in fields(server)
        assert any("one language" in notice for notice in heard.notices)
        await ask(server, languages=("ru",), file_model="whisper-1")
        assert fields(server)["language"] == ["ru"]
        assert all(request.method == "POST" for request in server.requests)
        assert len(server.requests) == 3


@pytest.mark.parametrize("dialect", ["speaches", "vllm"])
async def test_a_server_that_knows_only_the_simplest_form_gets_that(dialect: str) -> None:
    async with OpenAIServer(recognise=numbered, dialect=dialect) as server:
        heard = await ask(server, dialect=dialect, other_model="local-model", languages=("en",))
        assert heard.segments[0].text == TEXT
        assert len(server.requests) == 2
        assert fields(server) == {"model": ["local-model"], "response_format": ["json"], "language": ["en"]}


async def test_azure_takes_the_key_in_its_own_header() -> None:
    async with OpenAIServer(recognise=numbered, dialect="azure") as server:
        heard = await ask(server, dialect="azure", file_other_model="whisper-1")
        assert server.requests[0].path == "/openai/v1/audio/transcriptions"
    assert len(heard.segments) == 3


async def test_a_stream_may_end_in_several_ways() -> None:
    delta = {"type": "transcript.text.delta", "delta": "Good "}
    rest = {"type": "transcript.text.delta", "delta": "morning."}
    done = {"type": "transcript.text.done", "text": "Good morning!"}
    cases: list[tuple[list[object], str]] = [
        ([delta, rest, done, {"type": "error"}], "Good morning!"),
        ([delta, rest, "[DONE]", done], "Good morning."),
        ([delta, rest], "Good morning."),
        ([{"type": "something.new"}, done], "Good morning!"),
    ]
    async with OpenAIServer() as server:
        for events, text in cases:
            server.scripted.append(event_stream(events))
            assert [s.text for s in (await ask(server)).segments] == [text]
        server.scripted.append(Answer(200, {"text": "Good day."}))
        assert (await ask(server)).segments[0].text == "Good day."
        server.scripted.append(Answer(200, "Good evening.\n"))
        assert (await ask(server)).segments[0].text == "Good evening."


async def test_a_stream_that_breaks_off_is_no_answer() -> None:
    async with OpenAIServer() as server:
        server.scripted.append(event_stream([{"type": "transcript.text.delta", "delta": "Good "}], cut=True))
        with pytest.raises(ConnectionError):
            await asked_by_engine(server)
        server.scripted.append(event_stream([{"type": "error", "error": {"code": "server_error", "message": "m"}}]))
        with pytest.raises(StreamingError):
            await ask(server)


async def asked_by_engine(server: OpenAIServer) -> None:
    """Where the engine makes errors of ours of httpx's."""
    async with file_desk("openai") as desk:
        options = StreamOptions(settings={"api_key": server.key, "base_url": server.url})
        await OpenAI().transcribe_file(sound(VOICE), options, desk, Told())


async def test_times_that_are_all_zero_are_none() -> None:
    segments = [{"text": " a", "start": 0, "end": 0}, {"text": " b", "start": 0, "end": 0}]
    words = [{"word": "a", "start": 0, "end": 0}, {"word": "b", "start": 0, "end": 0}]
    heard = read(json.dumps({"text": "a b", "segments": segments, "words": words}).encode(), "application/json")
    assert [(s.text, s.start, s.end, s.words) for s in heard.segments] == [("a", None, None, ()), ("b", None, None, ())]


REFUSALS = [
    (Answer(401, {"error": {"code": "invalid_api_key", "message": "no"}}), AuthenticationError),
    (Answer(429, {"error": {"code": "insufficient_quota", "message": "no"}}), QuotaExceededError),
    (Answer(429, {"error": {"code": "rate_limit_exceeded", "message": "slow"}}), RateLimitError),
    (Answer(404, {"error": {"code": "model_not_found", "message": "no"}}), ConfigurationError),
    (Answer(413, {"error": {"message": "too large"}}), ConfigurationError),
    (Answer(400, {"error": {"message": "Audio file might be corrupted or unsupported"}}), UnsupportedFormatError),
    (Answer(500, "<html>"), StreamingError),
    (Answer(200, "<html>", {"Content-Type": "text/html"}), StreamingError),
]


@pytest.mark.parametrize(("answer", "kind"), REFUSALS)
async def test_refusals_keep_the_vendors_words(answer: Answer, kind: type[ProviderError]) -> None:
    async with OpenAIServer() as server:
        server.scripted += [answer, answer]
        with pytest.raises(kind) as caught:
            await ask(server, file_stream=False)
        assert caught.value.provider == "openai"
        assert server.key not in str(caught.value) + repr(caught.value)
        assert len(server.requests) == 1


async def test_how_long_to_wait_is_read_from_the_answer() -> None:
    async with OpenAIServer() as server:
        server.scripted.append(Answer(429, {"error": {"code": "rate_limit_exceeded"}}, {"Retry-After": "7"}))
        with pytest.raises(RateLimitError) as caught:
            await ask(server)
    assert caught.value.retry_after == 7


async def test_a_cancelled_request_is_gone() -> None:
    arrived = asyncio.Event()

    class Silent(OpenAIServer):
        def answer(self, request: HttpRequest) -> Answer:
            arrived.set()
            return Answer(200, {}, delay_s=600)

    async with Silent() as server:
        asking = asyncio.create_task(ask(server))
        await arrived.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)
names = st.sampled_from(["text", "words", "start", "end", "type", "segments", "language", "delta", "error", "speaker"])
bodies = st.binary(max_size=60) | st.dictionaries(names, values).map(lambda d: json.dumps(d).encode())


@given(bodies, st.sampled_from(["application/json", "text/plain", ""]))
def test_garbage_is_a_typed_error(body: bytes, kind: str) -> None:
    with contextlib.suppress(StreamingError):
        assert isinstance(read(body, kind), FileTranscript)


@given(
    st.lists(
        st.sampled_from(["data: ", "data:", "event: x", ""]) | bodies.map(lambda b: f"data: {b.decode('latin-1')}")
    )
)
def test_garbled_streams_are_typed_errors(given_lines: list[str]) -> None:
    async def lines() -> AsyncIterator[str]:
        for line in given_lines:
            yield line

    async def run() -> None:
        with contextlib.suppress(ProviderError):
            assert isinstance(await read_events(lines(), Told()), FileTranscript)

    asyncio.run(run())


# ------------------------------------------------------------------------------------------------- the SDK


async def test_the_vendors_sdk_sends_files_and_reads_every_form_of_answer() -> None:
    from openai import AsyncOpenAI, BadRequestError

    speech = ("a.wav", header(len(VOICE)) + VOICE, "audio/wav")
    async with (
        OpenAIServer(recognise=numbered) as server,
        AsyncOpenAI(api_key=server.key, base_url=server.url, max_retries=0) as client,
    ):
        transcribe: Any = client.audio.transcriptions.create
        assert (await transcribe(model="gpt-transcribe", file=speech, keywords=["a"])).text == TEXT
        verbose = await transcribe(
            model="whisper-1", file=speech, response_format="verbose_json", timestamp_granularities=["word", "segment"]
        )
        assert [word.word for word in verbose.words] == TEXT.split()
        diarized = await transcribe(
            model="gpt-4o-transcribe-diarize", file=speech, response_format="diarized_json", chunking_strategy="auto"
        )
        assert [segment.speaker for segment in diarized.segments] == ["A", "B"]
        events = [event.type async for event in await transcribe(model="gpt-4o-transcribe", file=speech, stream=True)]
        assert events[-1] == "transcript.text.done"
        with pytest.raises(BadRequestError):
            await transcribe(model="gpt-4o-transcribe", file=speech, response_format="verbose_json")


async def test_silence_gives_no_segment() -> None:
    async with OpenAIServer(recognise=scripted(["hello"])) as server:
        assert (await ask(server, pcm=bytes(32_000), file_stream=False)).segments == ()


async def test_english_is_asked_of_the_endpoint_that_translates() -> None:
    async with OpenAIServer(recognise=numbered) as server:
        heard = await ask(server, into="en", languages=("de", "fr"), vocabulary=("Okafor",), prompt="Names.")
        assert server.requests[-1].path.endswith("/audio/translations")
        assert fields(server) == {
            "model": ["whisper-1"],
            "response_format": ["verbose_json"],
            "prompt": ["Names. Okafor"],
        }
    assert heard.segments == ()
    assert heard.translation is not None
    assert " ".join(segment.text for segment in heard.translation.segments) == TEXT.upper()
    assert heard.translation.segments[1].start == pytest.approx(1.6, abs=0.1)
    assert heard.vendor_id == "req_files"


async def test_a_server_of_another_kind_translates_with_its_own_model() -> None:
    async with OpenAIServer(recognise=numbered, dialect="speaches") as server:
        heard = await ask(server, into="en", file_other_model="whisper-1", dialect="speaches")
        assert fields(server) == {"model": ["whisper-1"], "response_format": ["json"]}
    assert heard.translation is not None
    assert heard.translation.segments[0].text == TEXT.upper()
