"""Whole recordings to Cartesia over real HTTP, and what its answers become."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.contract import Ability, CommitMode, Container, FilesToText, FileTranscript, StreamOptions
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    StreamingError,
    UnsupportedLanguageError,
)
from debabelizer.files.recording import Sound
from debabelizer_providers.cartesia import Cartesia
from debabelizer_providers.cartesia.files import read
from fakes.cartesia_server import CartesiaServer
from fakes.file_desk import Told, file_desk, sound
from fakes.recognisers import RATE, numbered, numbered_audio, scripted
from fakes.talk import words
from fakes.vendor_socket import Answer, HttpRequest

VOICE = numbered_audio(0, 20)


async def ask(
    server: CartesiaServer,
    recording: Sound | None = None,
    *,
    languages: tuple[str, ...] = ("en",),
    vocabulary: tuple[str, ...] = (),
    **settings: Any,
) -> FileTranscript:
    options = StreamOptions(
        languages=languages,
        vocabulary=vocabulary,
        commit=CommitMode.PAUSE,
        settings={"api_key": server.key, "base_url": server.url} | settings,
    )
    async with file_desk("cartesia") as desk:
        return await Cartesia().transcribe_file(recording or sound(VOICE), options, desk, Told())


def test_it_says_that_it_takes_files() -> None:
    assert isinstance(Cartesia(), FilesToText)
    assert Ability.FILES in Cartesia.description.abilities
    assert [s.key for s in Cartesia.description.settings if s.group == "Files"] == ["file_model"]
    assert Container.WAV in Cartesia().file_limits(StreamOptions()).accepts


async def test_every_word_with_its_time() -> None:
    async with CartesiaServer(recognise=numbered) as server:
        heard = await ask(server)
    (segment,) = heard.segments
    assert segment.text == words(0, 20)
    assert [word.text for word in segment.words] == segment.text.split()
    assert segment.words[3].start == pytest.approx(0.625, abs=0.01)
    assert segment.language == heard.language == "en"
    assert (segment.start, segment.end) == (segment.words[0].start, segment.words[-1].end)
    assert (heard.vendor_id or "").startswith("req_")
    assert heard.notices == ()


async def test_what_is_asked_for() -> None:
    async with CartesiaServer(recognise=numbered) as server:
        heard = await ask(server, languages=("de-AT",), file_model="ink-whisper-2025-06-04")
        (request,) = server.requests
        *fields, file = request.form()
        assert {part.name: part.text for part in fields} == {
            "model": "ink-whisper-2025-06-04",
            "language": "de",
            "timestamp_granularities[]": "word",
        }
        assert (file.name, file.filename, file.content_type) == ("file", "recording.wav", "audio/wav")
        assert file.content.endswith(VOICE)
        assert request.headers["authorization"] == f"Bearer {server.key}"
        assert request.headers["cartesia-version"] == "2026-08-14"
        assert heard.language == "de"


async def test_a_silence_and_the_end_of_a_long_sentence_begin_a_new_segment() -> None:
    pause = bytes(RATE * 2 * 2)
    async with CartesiaServer(recognise=numbered) as server:
        heard = await ask(server, sound(numbered_audio(0, 5) + pause + numbered_audio(5, 5)))
    assert [segment.text for segment in heard.segments] == [words(0, 5), words(5, 5)]
    assert [len(segment.words) for segment in heard.segments] == [5, 5]
    assert heard.segments[1].start == pytest.approx(3.025, abs=0.01)
    sentence = "One two three, four. Five six."
    times = [0.0, 3.0, 6.0, 12.0, 12.9, 14.0]
    parts = [
        {"word": text, "start": start, "end": start + (2.9 if start < 12 else 0.8)}
        for text, start in zip(["One", "two", "three,", "four.", "Five", "six."], times, strict=True)
    ]
    body = json.dumps({"type": "transcript", "text": sentence, "words": parts}).encode()
    assert [segment.text for segment in read(body, "en").segments] == ["One two three,", "four. Five six."]
    parts[3]["start"] = 9.0
    body = json.dumps({"type": "transcript", "text": sentence, "words": parts}).encode()
    assert [segment.text for segment in read(body, "en").segments] == ["One two three, four.", "Five six."]


def test_words_that_are_not_those_of_the_text_do_not_cut_it() -> None:
    parts = [{"word": "une", "start": 1.0, "end": 2.0}, {"word": "autre", "start": 9.0, "end": 9.5}]
    body = json.dumps({"text": " Something else. ", "words": parts, "language": "fr"}).encode()
    (segment,) = read(body, "en").segments
    assert (segment.text, segment.start, segment.end, segment.language) == ("Something else.", 1.0, 9.5, "fr")
    (bare,) = read(b'{"text":"Hello."}', "en").segments
    assert (bare.text, bare.start, bare.words) == ("Hello.", None, ())


async def test_silence_gives_no_segment() -> None:
    async with CartesiaServer() as server:
        assert (await ask(server, sound(bytes(32_000)))).segments == ()


async def test_what_does_not_apply_is_told() -> None:
    async with CartesiaServer(recognise=scripted(["hello"])) as server:
        heard = await ask(server, languages=(), vocabulary=("Okafor",))
        assert len(heard.notices) == 2
        assert "English" in heard.notices[0]
        assert "word list" in heard.notices[1]


async def test_with_a_token_the_key_stays_away_from_the_recording() -> None:
    async with CartesiaServer(recognise=numbered) as server:
        assert (await ask(server, short_lived_token=True)).segments
        granted, file = server.requests
        assert granted.path == "/access-token"
        assert file.headers["authorization"].removeprefix("Bearer ") in server.tokens


REFUSALS = [
    (Answer(401, {"title": "Unauthorized", "message": "Invalid API key"}), AuthenticationError),
    (Answer(402, "out of credits"), QuotaExceededError),
    (Answer(429, "slow down"), RateLimitError),
    (Answer(400, {"message": "bad"}), ConfigurationError),
    (Answer(500, "<html>"), StreamingError),
    (Answer(200, "<html>a proxy's page</html>"), StreamingError),
]


@pytest.mark.parametrize(("answer", "kind"), REFUSALS)
async def test_refusals_are_told_apart(answer: Answer, kind: type[ProviderError]) -> None:
    async with CartesiaServer() as server:
        server.scripted.append(answer)
        with pytest.raises(kind) as caught:
            await ask(server)
        assert caught.value.provider == "cartesia"
        assert server.key not in str(caught.value) + repr(caught.value)
        assert len(server.requests) == 1


async def test_how_long_to_wait_is_read_from_the_answer() -> None:
    async with CartesiaServer() as server:
        server.scripted.append(Answer(429, "", {"Retry-After": "7"}))
        with pytest.raises(RateLimitError) as caught:
            await ask(server)
    assert caught.value.retry_after == 7


async def test_what_cannot_be_had_is_refused_before_anything_is_sent() -> None:
    async with CartesiaServer() as server:
        with pytest.raises(UnsupportedLanguageError):
            await ask(server, languages=("tlh",))
        with pytest.raises(ConfigurationError):
            await ask(server, api_key="")
        assert server.requests == []


async def test_a_file_that_is_none_is_refused_in_the_vendors_words() -> None:
    async with CartesiaServer() as server:
        with pytest.raises(ConfigurationError) as caught:
            await ask(server, sound(b"no sound", Container.MP3, seconds=1.0))
        assert caught.value.vendor_message == "Invalid file: The audio could not be decoded"


async def test_a_cancelled_request_is_gone() -> None:
    arrived = asyncio.Event()

    class Silent(CartesiaServer):
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
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["word", "start", "end"]), inner),
    max_leaves=6,
)
names = st.sampled_from(["text", "words", "language", "request_id"])


@given(st.binary(max_size=60) | st.dictionaries(names, values).map(lambda d: json.dumps(d).encode()))
def test_garbage_is_a_typed_error(body: bytes) -> None:
    with contextlib.suppress(StreamingError):
        assert isinstance(read(body, "en"), FileTranscript)


timed_words = st.lists(
    st.tuples(st.text("ab.日", min_size=1, max_size=4), st.floats(0, 3), st.floats(0, 3)), min_size=1, max_size=20
)


@given(timed_words)
def test_cut_into_segments_the_text_is_all_there_and_times_are_in_order(given_: list[tuple[str, float, float]]) -> None:
    at, parts = 0.0, []
    for text, gap, length in given_:
        parts.append({"word": text, "start": at + gap, "end": at + gap + length})
        at += gap + length
    text = " ".join(str(part["word"]) for part in parts)
    segments = read(json.dumps({"text": text, "words": parts}).encode(), "en").segments
    assert " ".join(segment.text for segment in segments) == text
    assert [word.text for segment in segments for word in segment.words] == text.split(" ")
    times = [time for segment in segments for time in (segment.start, segment.end)]
    assert times == sorted(times, key=lambda time: time or 0.0)
