"""Azure under the real session supervisor, against the local server, over real sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from debabelizer.contract import CommitMode, CommitOutcome, StreamOptions
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ProviderError,
    QuotaExceededError,
    RateLimitError,
)
from debabelizer.events import (
    Closed,
    Committed,
    ErrorOccurred,
    Notice,
    Partial,
    Retracted,
    SessionStarted,
    SessionState,
    SpeechEnded,
    SpeechStarted,
)
from debabelizer.streaming import Session, SessionPolicy
from debabelizer_providers.azure import Azure
from fakes.azure_server import AzureServer, Behaviour
from fakes.recognisers import RATE, numbered, numbered_audio, scripted
from fakes.talk import Talk, words

QUICK = SessionPolicy(connect_s=5.0, backoff_first_s=0.02, backoff_cap_s=0.1, instant_s=0.05)
PAUSE = bytes(RATE * 2)


@asynccontextmanager
async def talk(
    server: AzureServer,
    *,
    policy: SessionPolicy = QUICK,
    commit: CommitMode = CommitMode.MANUAL,
    languages: tuple[str, ...] = ("en",),
    vocabulary: tuple[str, ...] = (),
    **settings: Any,
) -> AsyncIterator[Talk]:
    given = {"api_key": server.key, "base_url": server.url, "replay_speed": 20.0, **settings}
    options = StreamOptions(settings=given, commit=commit, pause_s=0.5, languages=languages, vocabulary=vocabulary)
    it = Talk(Session(lambda context: Azure().stream(options, context), "azure", policy=policy))
    try:
        yield it
    finally:
        await it.end()
        assert not server.problems


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


async def test_many_turns_on_one_connection_with_words_and_times() -> None:
    async with AzureServer(recognise=numbered) as server, talk(server) as it:
        await it.session.connect()
        for turn in range(5):
            await it.say(numbered_audio(turn * 4, 4))
            assert await it.commit() == words(turn * 4, 4)
        await it.session.disconnect()
        segments = list(it.map.segments())
        assert [segment.text for segment in segments] == [words(turn * 4, 4) for turn in range(5)]
        said = [word for segment in segments for word in segment.words]
        assert [word.text for word in said] == words(0, 20).split()
        assert said[0].start == pytest.approx(0.025, abs=0.02)
        assert said[16].start == pytest.approx(16 * 0.2 + 0.025, abs=0.02)
        assert {word.confidence for word in said} == {0.95}
        assert {segment.language for segment in segments} == {"en-US"}
        (connection,) = server.connections
        assert len({turn.id for turn in connection.turns}) == 5


async def test_what_is_said_while_a_commit_is_answered_waits_for_its_turn() -> None:
    behaviours = [Behaviour(answer_delay_s=0.1)]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        handles = []
        for turn in range(3):
            await it.say(numbered_audio(turn * 5, 5))
            handles.append(it.session.commit())
        async with asyncio.timeout(20):
            assert [(await handle).text for handle in handles] == [words(turn * 5, 5) for turn in range(3)]
        assert it.text == words(0, 15)
        assert len(server.connections[0].turns) == 3


async def test_turns_that_the_service_ends_lose_and_double_nothing() -> None:
    behaviours = [Behaviour(turn_s=1.5)]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 40))
        assert await it.commit() == words(0, 40)
        assert it.text == words(0, 40)
        starts = [word.start for segment in it.map.segments() for word in segment.words]
        assert starts == pytest.approx([n * 0.2 + 0.025 for n in range(40)], abs=0.02)
        (connection,) = server.connections
        assert len(connection.turns) >= 5
        assert json.loads(connection.texts[-1][1])["continuation"]["previousServiceTag"]


async def test_a_commit_that_crosses_an_end_by_the_service_is_said_again() -> None:
    behaviours = [Behaviour(turn_s=1.0, answer_delay_s=0.05)]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 9))  # all of it is on the way before the service says anything
        assert await it.commit() == words(0, 9)
        await it.say(numbered_audio(9, 2))
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.of(Closed)[0].error is None
        assert it.text == words(0, 11)
        assert len(server.connections) == 1


async def test_turns_that_end_without_a_result_are_said_again() -> None:
    behaviours = [Behaviour(turn_s=1.0, mute_turns=2)]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 12))
        assert await it.commit() == words(0, 12)
        assert it.text == words(0, 12)
        assert len(server.connections) == 1


async def test_a_service_that_never_says_a_result_is_left() -> None:
    behaviours = [Behaviour(turn_s=1.0, mute_turns=99), Behaviour()]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 12))
        assert await it.commit() == words(0, 12)
        assert [event.error.code for event in it.of(ErrorOccurred)] == ["fruitless"]
        assert len(server.connections[0].turns) == 3
        assert len(server.connections) == 2


async def test_a_turn_without_an_end_of_dictation_goes_on_after_its_last_phrase() -> None:
    behaviours = [Behaviour(turn_s=1.5, unsaid_end=True)]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        for turn in range(2):
            await it.say(numbered_audio(turn * 20, 20))
            assert await it.commit() == words(turn * 20, 20)
        assert it.text == words(0, 40)
        assert len(server.connections) == 1


async def test_a_turn_that_ends_early_over_silence_is_settled_at_once() -> None:
    behaviours = [Behaviour(short_end_s=0.9)]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE)
        assert await it.commit() == words(0, 5)
        assert len(server.connections[0].turns) == 1


async def test_the_last_words_that_were_only_ever_a_hypothesis_stay() -> None:
    behaviours = [Behaviour(lost_phrase=True)]
    async with (
        AzureServer(recognise=scripted(["move the meeting"]), behaviours=behaviours) as server,
        talk(server) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == "move the meeting"
        assert it.text == "move the meeting"


async def test_a_long_utterance_comes_in_phrases() -> None:
    async with AzureServer(recognise=numbered, behaviours=[Behaviour(cut_s=3.0)]) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 50))
        assert await it.commit() == words(0, 50)
        assert it.text == words(0, 50)
        assert len(it.of(Committed)) >= 3


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


async def test_pauses_commit_by_themselves_and_speech_is_reported() -> None:
    async with AzureServer(recognise=numbered) as server, talk(server, commit=CommitMode.PAUSE) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE + numbered_audio(5, 5) + PAUSE)
        await it.until(lambda t: len(t.of(Committed)) == 2)
        assert [segment.text for segment in it.map.segments()] == [words(0, 5), words(5, 5)]
        assert it.of(SpeechStarted)[0].at == pytest.approx(0.0, abs=0.1)
        await it.say(numbered_audio(10, 5))
        await it.session.disconnect()
        assert it.text == words(0, 15)
        assert it.of(SpeechEnded)
        assert len(server.connections[0].turns) == 1


async def test_long_silence_ends_turns_and_nothing_else() -> None:
    behaviours = [Behaviour(initial_silence_s=1.0)]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(PAUSE * 4)
        await server.until(lambda s: len(s.connections[0].turns) >= 2)
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        (segment,) = it.map.segments()
        assert segment.words[0].start == pytest.approx(4.025, abs=0.02)
        assert not it.of(ErrorOccurred)


async def test_silence_is_answered_as_empty() -> None:
    behaviours = [Behaviour(initial_silence_s=0.5)]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        for _ in range(3):
            await it.say(PAUSE)
            assert await it.commit(CommitOutcome.EMPTY) == ""
        assert not it.of(ErrorOccurred)
        assert len(server.connections) == 1


async def test_an_unanswered_turn_times_out_and_the_next_commit_works() -> None:
    behaviours = [Behaviour(unanswered_turn=0), Behaviour()]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server:
        settings = {"api_key": server.key, "base_url": server.url, "replay_speed": 20.0}

        def stream(context: Any) -> Any:
            protocol = Azure().stream(StreamOptions(settings=settings, languages=("en",)), context)
            protocol.limits = msgspec.structs.replace(protocol.limits, commit_answer_s=0.5)  # type: ignore[misc]
            return protocol

        it = Talk(Session(stream, "azure", policy=QUICK))
        try:
            await it.session.connect()
            await it.say(numbered_audio(0, 5))
            await it.commit(CommitOutcome.TIMED_OUT)
            await it.say(numbered_audio(5, 5))
            assert await it.commit() == words(0, 10), "what had no answer is said again"
            assert it.text == words(0, 10)
        finally:
            await it.end()


async def test_a_hand_over_in_mid_speech() -> None:
    async with AzureServer(recognise=numbered, behaviours=[Behaviour(turn_s=1.5)]) as server:
        settings = {"api_key": server.key, "base_url": server.url, "replay_speed": 20.0}

        def stream(context: Any) -> Any:
            protocol = Azure().stream(StreamOptions(settings=settings, languages=("en",)), context)
            protocol.limits = msgspec.structs.replace(protocol.limits, longest_connection_s=0.6)  # type: ignore[misc]
            return protocol

        it = Talk(Session(stream, "azure", policy=QUICK))
        try:
            await it.session.connect()
            said = 0
            while len(server.connections) < 4:
                await it.say(numbered_audio(said, 2))
                said += 2
                await asyncio.sleep(0.02)
            await it.session.disconnect()
            assert it.text == words(0, said)
            assert not server.problems
        finally:
            await it.end()


async def test_bad_habits_together() -> None:
    habits = Behaviour(
        twins=True, late_hypothesis=True, late_start=True, strangers=True, cut_s=2.0, turn_s=5.0, answer_delay_s=0.02
    )
    async with AzureServer(recognise=numbered, behaviours=[habits]) as server, talk(server) as it:
        await it.session.connect()
        for turn in range(3):
            await it.say(numbered_audio(turn * 30, 30))
            assert await it.commit() == words(turn * 30, 30)
        assert it.text == words(0, 90)
        assert not it.of(ErrorOccurred)


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


@pytest.mark.parametrize("wait", [False, True])
async def test_discarded_words_never_come_back(wait: bool) -> None:
    behaviours = [Behaviour(turn_s=1.5, answer_delay_s=0.02)]
    async with AzureServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 13))
        if wait:
            await it.until(lambda t: t.of(Partial))
        while it.session.unread_events:
            await asyncio.sleep(0)
        kept = " ".join(event.change.text for event in it.of(Committed))
        it.session.discard_unfinished()
        await it.say(numbered_audio(20, 5))
        assert await it.commit() == words(20, 5)
        assert it.text == f"{kept} {words(20, 5)}".strip()


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


async def test_cancelling_leaves_nothing_and_retracts_what_was_shown() -> None:
    async with AzureServer(recognise=numbered) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        await it.until(lambda t: t.of(Partial))
        it.session.discard_unfinished()
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.text == ""
        assert len(it.of(Retracted)) == 1


async def test_any_script_comes_through() -> None:
    text = "naïve 日本語 🎙️ Ω «да»"
    async with AzureServer(recognise=scripted([text])) as server, talk(server, vocabulary=("東京", "Ærø")) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == text
        assert server.connections[0].config.phrases == ["東京", "Ærø"]
