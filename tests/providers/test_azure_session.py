"""Azure under the real session supervisor, against the local server, over real sockets."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from debabelizer.contract import CommitOutcome, StreamOptions
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
)
from debabelizer.events import (
    Closed,
    ErrorOccurred,
    Notice,
    Partial,
    SessionStarted,
    SessionState,
)
from debabelizer.streaming import Session
from debabelizer_providers.azure import Azure
from fakes.azure_server import AzureServer, Behaviour
from fakes.azure_talk import QUICK, talk
from fakes.recognisers import numbered, numbered_audio, scripted
from fakes.talk import Talk, words


async def test_an_utterance() -> None:
    async with AzureServer(recognise=scripted(["Please move the meeting."])) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(1, 10))
        await it.until(lambda t: t.of(Partial))
        assert await it.commit() == "Please move the meeting."
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.of(Closed)[0].error is None
        assert it.text == "Please move the meeting."
        (connection,) = server.connections
        assert connection.path == "/speech/recognition/conversation/cognitiveservices/v1"
        assert connection.headers["ocp-apim-subscription-key"] == server.key
        assert [path for path, _ in connection.texts] == ["speech.config", "speech.context"]


async def test_a_drop_in_mid_utterance_loses_and_doubles_nothing() -> None:
    drops = [Behaviour(drop_after_s=2.0), Behaviour(drop_after_s=3.1, turn_s=1.5), Behaviour()]
    async with AzureServer(recognise=numbered, behaviours=drops) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        await it.say(numbered_audio(5, 30))
        assert await it.commit() == words(5, 30)
        assert it.text == words(0, 35)
        assert len(server.connections) == 3
        assert [event.epoch for event in it.of(SessionStarted)] == [0, 1, 2]


async def test_a_drop_after_a_phrase_replays_only_what_it_left() -> None:
    behaviours = [Behaviour(cut_s=2.0, drop_after_s=5.0), Behaviour()]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 40))
        assert await it.commit() == words(0, 40)
        assert it.text == words(0, 40)
        assert server.connections[1].audio_s < 8.0


@pytest.mark.parametrize(
    ("status", "words_", "error"),
    [
        (400, "Unsupported language", ConfigurationError),
        (401, "Access denied due to invalid subscription key.", AuthenticationError),
        (403, "Out of call volume quota.", QuotaExceededError),
        (403, "Virtual network rules forbid this.", AuthenticationError),
        (404, "Resource not found", ConfigurationError),
    ],
)
async def test_hopeless_refusals_end_the_first_connect_with_the_vendors_words(
    status: int, words_: str, error: type[ProviderError]
) -> None:
    behaviours = [Behaviour(refuse_status=status, refuse_words=words_)]
    async with AzureServer(behaviours=behaviours) as server, talk(server) as it:
        with pytest.raises(error) as caught:
            await it.session.connect()
        assert caught.value.vendor_message == words_
        assert it.session.state is SessionState.FAILED
        assert len(server.connections) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_passing_refusals_are_tried_again(status: int) -> None:
    behaviours = [Behaviour(refuse_status=status), Behaviour()]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)


async def test_too_many_connections_for_good() -> None:
    hurried = msgspec.structs.replace(QUICK, connect_s=0.5)
    async with AzureServer(behaviours=[Behaviour(refuse_status=429)]) as server, talk(server, policy=hurried) as it:
        with pytest.raises(RateLimitError):
            await it.session.connect()


async def test_a_wrong_key_and_then_the_right_one_keeps_the_audio() -> None:
    async with AzureServer(recognise=numbered, key="right") as server:
        settings = {"api_key": "wrong", "base_url": server.url, "replay_speed": 20.0}

        def stream(context: Any) -> Any:
            return Azure().stream(StreamOptions(settings=settings, languages=("en",)), context)

        it = Talk(Session(stream, "azure", policy=QUICK))
        try:
            await it.say(numbered_audio(0, 5))
            with pytest.raises(AuthenticationError):
                await it.session.connect()
            settings["api_key"] = "right"
            await it.session.connect()
            assert await it.commit() == words(0, 5)
        finally:
            await it.end()


@pytest.mark.parametrize(
    "misfortune",
    [
        {"status": "Error", "status_after_s": 1.0},
        {"status": "TooManyRequests", "status_after_s": 1.0},
        {"status": "SomethingNew", "status_after_s": 1.0},
        {"close_after_s": 1.0, "close_code": 1007, "close_reason": "Throttled due to too many requests"},
        *({"close_after_s": 1.0, "close_code": code} for code in (1000, 1001, 1005, 1008, 1011)),
    ],
)
async def test_passing_errors_in_mid_utterance_are_survived(misfortune: dict[str, Any]) -> None:
    behaviours = [Behaviour(**misfortune), Behaviour()]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == words(0, 10)
        assert it.text == words(0, 10)
        assert len(server.connections) == 2


@pytest.mark.parametrize(
    ("misfortune", "error"),
    [
        ({"status": "Forbidden"}, QuotaExceededError),
        ({"status": "BadRequest"}, ConfigurationError),
        ({"close_after_s": 0.5, "close_code": 1007, "close_reason": "Quota exceeded. Cid: "}, QuotaExceededError),
        ({"close_after_s": 0.5, "close_code": 1007, "close_reason": "Bad audio"}, ConfigurationError),
    ],
)
async def test_hopeless_errors_in_mid_utterance_end_the_session_and_keep_the_audio(
    misfortune: dict[str, Any], error: type[ProviderError]
) -> None:
    behaviours = [Behaviour(**misfortune), Behaviour()]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        async with asyncio.timeout(10):
            result = await it.session.commit()
        assert result.outcome is CommitOutcome.FAILED
        assert isinstance(result.error, error)
        await it.session.connect()
        assert await it.commit() == words(0, 10)


async def test_an_idle_close_is_no_failure_and_the_next_words_reopen() -> None:
    behaviours = [Behaviour(idle_s=0.3), Behaviour()]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        await it.until(lambda t: t.session.state is SessionState.IDLE)
        assert server.connections[0].code == 1000
        await it.say(numbered_audio(5, 5))
        assert await it.commit() == words(5, 5)
        assert it.text == words(0, 10)
        assert not it.of(ErrorOccurred)
        assert len(server.connections) == 2


async def test_by_token_and_a_new_token_for_each_connection() -> None:
    behaviours = [Behaviour(drop_after_s=1.0), Behaviour()]
    async with (
        AzureServer(recognise=numbered, behaviours=behaviours) as server,
        talk(server, short_lived_token=True) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 8))
        assert await it.commit() == words(0, 8)
        sent = [connection.headers["authorization"] for connection in server.connections]
        assert len(set(sent)) == 2
        assert all(header.startswith("Bearer ") and server.key not in header for header in sent)


@pytest.mark.parametrize("form", ["pcm_8000", "mulaw_8000"])
async def test_thin_lines(form: str) -> None:
    behaviours = [Behaviour(turn_s=1.2)]
    recognise = scripted(["hello there", "once more", "and again"])
    async with AzureServer(recognise=recognise, behaviours=behaviours) as server, talk(server, audio_format=form) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == "hello there"
        assert server.connections[0].turns[0].rate == 8000
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == "once more and again", "the rest of a turn that the service ended"


async def test_speakers_languages_and_notices() -> None:
    async with (
        AzureServer(recognise=numbered) as server,
        talk(
            server,
            languages=("de", "en-GB", "fr", "es", "it"),
            identification="start",
            diarize=True,
            vocabulary=tuple(f"term{n}" for n in range(600)),
        ) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        (segment,) = it.map.segments()
        assert segment.language == "de-DE"
        assert {word.speaker for word in segment.words} == {"Guest-1"}
        assert server.connections[0].path == "/speech/universal/v2"
        assert server.connections[0].config.languages == ["de-DE", "en-GB", "fr-FR", "es-ES", "it-IT"]
        assert len(server.connections[0].config.phrases) == 500
        assert ["(92)" in notice.text for notice in it.of(Notice)] == [False, True]


async def test_without_partial_results() -> None:
    async with AzureServer(recognise=numbered) as server, talk(server, interim_results=False) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == words(0, 10)
        assert not it.of(Partial)


async def test_any_script_comes_through() -> None:
    text = "naïve 日本語 🎙️ Ω «да»"
    async with AzureServer(recognise=scripted([text])) as server, talk(server, vocabulary=("東京", "Ærø")) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == text
        assert server.connections[0].config.phrases == ["東京", "Ærø"]
