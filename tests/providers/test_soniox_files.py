"""Whole recordings through the vendor's async interface: over real HTTP, with the engine's own desk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from debabelizer.contract import Container, FilesToText, FileTranscript, StreamOptions
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
    StreamingError,
    UnsupportedFormatError,
    UnsupportedLanguageError,
)
from debabelizer.files import FileTranscription
from debabelizer.files.recording import Sound
from debabelizer_providers.soniox import Soniox, files
from debabelizer_providers.soniox.translation import of_recording
from debabelizer_providers.soniox.wire import Token
from fakes.file_desk import Told, file_desk, sound
from fakes.recognisers import Heard, numbered, numbered_audio, scripted
from fakes.soniox_server import SonioxServer
from fakes.talk import words
from fakes.vendor_socket import GONE, Answer


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The local server is done sooner than the vendor."""
    monkeypatch.setattr(files, "_ASK_FIRST_S", 0.02)


async def transcribe(
    server: SonioxServer,
    recording: Sound | None = None,
    *,
    languages: tuple[str, ...] = ("en",),
    vocabulary: tuple[str, ...] = (),
    told: Told | None = None,
    into: str = "",
    **settings: Any,
) -> FileTranscript:
    given = {"api_key": server.key, "base_url": server.url, **settings}
    options = StreamOptions(settings=given, languages=languages, vocabulary=vocabulary, translate_to=into)
    async with file_desk("soniox") as desk:
        recording = recording or sound(numbered_audio(0, 5))
        return await Soniox().transcribe_file(recording, options, desk, told if told is not None else Told())


def nothing_left(server: SonioxServer) -> bool:
    return not server.jobs.files and not server.jobs.jobs


async def test_a_recording() -> None:
    async with SonioxServer(recognise=numbered) as server:
        told = Told()
        got = await transcribe(server, told=told, diarize=True)
        (segment,) = got.segments
        assert segment.text == words(0, 5)
        assert [word.text for word in segment.words] == words(0, 5).split()
        assert segment.words[1].start == pytest.approx(0.225, abs=0.01)
        assert (segment.language, segment.speaker, got.language) == ("en", "1", "en")
        assert {word.confidence for word in segment.words} == {0.97}
        assert got.vendor_id
        assert got.notices == ()
        assert told
        assert nothing_left(server)
        assert server.problems == []


async def test_what_is_ordered() -> None:
    settings = {"diarize": True, "background": "Ward round.", "label": "desk", "file_other_model": "stt-async-v4"}
    async with SonioxServer(recognise=numbered) as server:
        await transcribe(server, languages=("de", "en"), vocabulary=("Okafor",), **settings)
        (order,) = server.jobs.orders
        assert order.pop("file_id")
        assert order == {
            "model": "stt-async-v4",
            "language_hints": ["de", "en"],
            "language_hints_strict": True,
            "enable_language_identification": True,
            "enable_speaker_diarization": True,
            "context": {"terms": ["Okafor"], "text": "Ward round."},
            "client_reference_id": "desk",
        }
        (upload,) = server.jobs.uploads
        assert (upload.name, upload.reference) == ("recording.wav", "desk")
        assert server.problems == []


async def test_sentences_are_segments() -> None:
    said = "Good morning. Who is there? It is Dr Okafor"
    async with SonioxServer(recognise=scripted([said])) as server:
        got = await transcribe(server, sound(numbered_audio(1, 20)))
        assert [segment.text for segment in got.segments] == ["Good morning.", "Who is there?", "It is Dr Okafor"]
        starts = [segment.start or 0.0 for segment in got.segments]
        assert starts == sorted(starts)


async def test_speakers_part_segments() -> None:
    async with SonioxServer() as server:
        tokens = [
            {"text": "Yes", "start_ms": 0, "end_ms": 300, "speaker": "1"},
            {"text": " no", "start_ms": 400, "end_ms": 600, "speaker": "2"},
            {"text": " oui", "translation_status": "translation", "language": "fr"},
            {"text": "pe<end>", "start_ms": 600, "end_ms": 800, "speaker": "2"},
        ]
        server.scripted += _until_the_transcript({"id": "j", "text": "Yes nope", "tokens": tokens})
        got = await transcribe(server, diarize=True)
        assert [(s.text, s.speaker, s.start, s.end) for s in got.segments] == [
            ("Yes", "1", 0.0, 0.3),
            ("nope", "2", 0.4, 0.8),
        ]


async def test_a_language_without_spaces() -> None:
    async with SonioxServer(recognise=scripted(["今日 は 。 天気 です"])) as server:
        got = await transcribe(server, sound(numbered_audio(1, 10)), languages=("ja",))
        assert [segment.text for segment in got.segments] == ["今日は。", "天気です"]
        assert got.language == "ja"


async def test_text_without_tokens_and_no_text_at_all() -> None:
    async with SonioxServer(recognise=numbered) as server:
        server.scripted += _until_the_transcript({"id": "j", "text": " Only text. ", "tokens": []})
        assert [segment.text for segment in (await transcribe(server)).segments] == ["Only text."]
        assert (await transcribe(server, sound(bytes(32_000)))).segments == ()


def _until_the_transcript(answer: dict[str, Any]) -> list[Answer]:
    return [
        Answer(201, {"id": "f"}),
        Answer(201, {"id": "j"}),
        Answer(200, {"status": "completed"}),
        Answer(200, answer),
    ]


async def test_settings_that_do_not_apply_are_told() -> None:
    async with SonioxServer(recognise=numbered) as server:
        vocabulary = tuple(f"term{number:06}" for number in range(2000))
        got = await transcribe(server, vocabulary=vocabulary, translation=["fr"])
        assert len(got.notices) == 2
        assert "translation" not in server.jobs.orders[0]
        with pytest.raises(UnsupportedLanguageError):
            await transcribe(server, languages=("tlh",))


@pytest.mark.parametrize("word", ["error", "failed"])
@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("invalid_audio_file", UnsupportedFormatError),
        ("internal_error", StreamingError),
        ("service_unavailable", ConnectionError),
        ("organization_balance_exhausted", QuotaExceededError),
    ],
)
async def test_a_transcription_that_fails(kind: str, error: type[ProviderError], word: str) -> None:
    async with SonioxServer() as server:
        server.jobs.fails, server.jobs.failed_word = (kind, "The vendor's words."), word
        with pytest.raises(error) as caught:
            await transcribe(server)
        assert (caught.value.code, caught.value.vendor_message) == (kind, "The vendor's words.")
        assert nothing_left(server)


async def test_troubles_of_the_account() -> None:
    async with SonioxServer() as server:
        with pytest.raises(AuthenticationError):
            await transcribe(server, api_key="wrong")
        server.live_only = True
        with pytest.raises(AuthenticationError, match="permission"):
            await transcribe(server)
        server.live_only, server.balance_left = False, False
        with pytest.raises(QuotaExceededError):
            await transcribe(server)
        assert nothing_left(server), "what was uploaded for nothing is deleted"
        server.scripted.append(Answer(429, {"error_type": "limit_exceeded", "message": "slow"}, {"Retry-After": "9"}))
        with pytest.raises(RateLimitError) as caught:
            await transcribe(server)
        assert caught.value.retry_after == 9.0


async def test_garbage_where_an_answer_should_be() -> None:
    async with SonioxServer() as server:
        server.scripted.append(Answer(200, "<html>"))
        with pytest.raises(StreamingError):
            await transcribe(server)
        server.scripted.append(Answer(404, "<html>"))
        with pytest.raises(ConfigurationError):
            await transcribe(server)


async def test_a_lost_answer_on_the_way_costs_no_second_upload() -> None:
    async with SonioxServer(recognise=numbered) as server:
        loses(server, "GET", lambda path: "/transcriptions/" in path, times=3, answer=[GONE, Answer(503, "busy"), GONE])
        got = await transcribe(server)
        assert [segment.text for segment in got.segments] == [words(0, 5)]
        assert len(server.jobs.uploads) == 1
        assert nothing_left(server)


async def test_a_network_that_stays_away_is_told() -> None:
    async with SonioxServer(recognise=numbered) as server:
        loses(server, "GET", lambda path: "/transcriptions/" in path, times=100, answer=[GONE])
        with pytest.raises(ConnectionError):
            await transcribe(server)
        assert nothing_left(server), "it could be reached again by then"


async def test_a_recording_that_cannot_be_deleted_is_told_and_the_text_kept() -> None:
    async with SonioxServer(recognise=numbered) as server:
        loses(server, "DELETE", lambda path: True, times=100, answer=[Answer(500, "no")])
        got = await transcribe(server)
        assert [segment.text for segment in got.segments] == [words(0, 5)]
        (notice,) = got.notices
        assert "delete" in notice


async def test_cancelling_leaves_nothing_behind() -> None:
    async with SonioxServer(recognise=numbered) as server:
        server.jobs.slow = 1000
        task = asyncio.create_task(transcribe(server))
        await server.until(lambda s: any(request.path.count("/") == 3 for request in s.requests))
        next(iter(server.jobs.jobs.values())).looks = 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await server.until(nothing_left)


def loses(server: SonioxServer, method: str, path: Callable[[str], bool], *, times: int, answer: list[Answer]) -> None:
    """The next requests of that kind get these answers in place of theirs."""
    real, count = server.answer, 0

    def losing(request: Any) -> Answer:
        nonlocal count
        if request.method != method or not path(request.path) or count >= times:
            return real(request)
        count += 1
        return answer[(count - 1) % len(answer)]

    server.answer = losing  # type: ignore[method-assign]


async def test_the_engine_takes_any_recording_to_it() -> None:
    """As ``debabelizer transcribe`` does: prepared, sent, tried again."""
    provider = Soniox()
    assert isinstance(provider, FilesToText)
    assert provider.file_limits(StreamOptions()).seconds == 18_000
    assert Container.FLAC in provider.file_limits(StreamOptions()).accepts

    def recognise(_: int, audio: Any, final: bool) -> list[Heard]:
        return list(numbered(0, audio, final))

    async with SonioxServer(recognise=recognise) as server:
        server.scripted.append(Answer(503, "busy"))
        options = StreamOptions(settings={"api_key": server.key, "base_url": server.url}, languages=("en",))
        with sound(numbered_audio(0, 40)).open() as file:
            outcome = await FileTranscription(provider, options).run(file, asyncio.Event())
        assert outcome.text == words(0, 40)
        assert outcome.complete
        assert nothing_left(server)
        assert server.problems == []


async def test_a_translation_is_a_text_of_its_own_at_the_times_of_what_was_said() -> None:
    async with SonioxServer(recognise=numbered) as server:
        got = await transcribe(server, sound(numbered_audio(0, 25)), into="fr", translation=["de"])
        assert server.jobs.orders[0]["translation"] == {"type": "one_way", "target_language": "fr"}
    assert " ".join(segment.text for segment in got.segments) == words(0, 25)
    assert got.translation is not None
    assert [s.text for s in got.translation.segments] == [
        f"{words(first, min(10, 25 - first)).upper()}." for first in (0, 10, 20)
    ]
    spans = [(s.start, s.end) for s in got.translation.segments]
    assert spans == [pytest.approx(span, abs=0.05) for span in ((0.0, 2.0), (2.0, 4.0), (4.0, 5.0))]
    assert {s.language for s in got.translation.segments} == {"fr"}
    assert got.notices == ()


def test_what_is_said_in_the_wanted_language_is_in_both_texts() -> None:
    def said(text: str, at: float, status: str) -> Token:
        return Token(text, at * 1000, at * 1000 + 500, translation_status=status)

    def written(text: str) -> Token:
        return Token(text, translation_status="translation")

    tokens = [
        said("Guten", 0.0, "original"),
        said(" Tag.", 0.5, "original"),
        written("Good"),
        written(" day. How are you?"),
        said(" Fine,", 2.0, "none"),
        said(" thanks.", 2.5, "none"),
        said(" Auch", 4.0, "original"),
        said(" gut.", 4.5, "original"),
        written(" Well, too."),
    ]
    found = of_recording(tokens, "en").segments
    assert [s.text for s in found] == ["Good day.", "How are you?", "Fine, thanks.", "Well, too."]
    assert (found[0].start, found[1].end) == (0.0, 1.0)
    assert found[0].end is not None
    assert found[1].start is not None
    assert 0 < found[0].end <= found[1].start < 1
    assert [(s.start, s.end) for s in found[2:]] == [(2.0, 3.0), (4.0, 5.0)]
