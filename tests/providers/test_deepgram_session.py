"""Deepgram under the real session supervisor, against the local server, over real sockets."""

from __future__ import annotations

import asyncio
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
    Partial,
    Retracted,
    SessionStarted,
    SessionState,
    SpeechEnded,
    SpeechStarted,
)
from debabelizer.streaming import Session, SessionPolicy
from debabelizer_providers.deepgram import Deepgram
from fakes.deepgram_server import Behaviour, DeepgramServer
from fakes.recognisers import RATE, numbered, numbered_audio, scripted
from fakes.talk import Talk, words

QUICK = SessionPolicy(connect_s=20.0, backoff_first_s=0.02, backoff_cap_s=0.1, instant_s=0.05)
PAUSE = bytes(RATE * 2)
FLUX = "flux-general-en"
BOTH = pytest.mark.parametrize("model", ["nova-3", FLUX])


@asynccontextmanager
async def talk(
    server: DeepgramServer,
    *,
    policy: SessionPolicy = QUICK,
    commit: CommitMode = CommitMode.MANUAL,
    pause_s: float = 0.5,
    languages: tuple[str, ...] = ("en",),
    **settings: Any,
) -> AsyncIterator[Talk]:
    given = {"api_key": server.key, "base_url": server.url, "replay_speed": 20.0, **settings}
    options = StreamOptions(settings=given, commit=commit, pause_s=pause_s, languages=languages)
    it = Talk(Session(lambda context: Deepgram().stream(options, context), "deepgram", policy=policy))
    try:
        yield it
    finally:
        await it.end()
        assert not server.problems


@BOTH
async def test_an_utterance(model: str) -> None:
    async with (
        DeepgramServer(recognise=scripted(["Please move the meeting."])) as server,
        talk(server, model=model) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(1, 10))
        await it.until(lambda t: t.of(Partial))
        assert await it.commit() == "Please move the meeting."
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.of(Closed)[0].error is None
        assert it.text == "Please move the meeting."
        assert len(server.connections) == 1
        assert server.connections[0].kinds[-1] == "CloseStream"
        assert server.connections[0].headers["authorization"] == f"Token {server.key}"


@BOTH
async def test_many_utterances_on_one_connection_with_words_and_times(model: str) -> None:
    async with DeepgramServer(recognise=numbered) as server, talk(server, model=model) as it:
        await it.session.connect()
        for turn in range(5):
            await it.say(numbered_audio(turn * 4, 4))
            assert await it.commit() == words(turn * 4, 4)
        await it.session.disconnect()
        segments = list(it.map.segments())
        assert [segment.text for segment in segments] == [words(turn * 4, 4) for turn in range(5)]
        assert [word.text for segment in segments for word in segment.words] == words(0, 20).split()
        assert segments[0].words[0].start == pytest.approx(0.025, abs=0.02)
        assert segments[-1].words[0].start == pytest.approx(16 * 0.2 + 0.025, abs=0.02)
        assert len(server.connections) == 1


async def test_a_long_utterance_comes_in_windows_and_joins() -> None:
    async with DeepgramServer(recognise=numbered, behaviours=[Behaviour(cut_s=3.0)]) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 50))
        assert await it.commit() == words(0, 50)
        assert it.text == words(0, 50)
        assert len(it.of(Committed)) >= 3


@BOTH
async def test_a_drop_in_mid_utterance_loses_and_doubles_nothing(model: str) -> None:
    drops = [Behaviour(drop_after_s=2.0), Behaviour(drop_after_s=3.1), Behaviour()]
    async with DeepgramServer(recognise=numbered, behaviours=drops) as server, talk(server, model=model) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        await it.say(numbered_audio(5, 30))
        assert await it.commit() == words(5, 30)
        assert it.text == words(0, 35)
        assert len(server.connections) == 3
        assert [event.epoch for event in it.of(SessionStarted)] == [0, 1, 2]


async def test_a_drop_after_a_cut_replays_only_what_it_left() -> None:
    behaviours = [Behaviour(cut_s=2.0, drop_after_s=5.0), Behaviour()]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 40))
        assert await it.commit() == words(0, 40)
        assert it.text == words(0, 40)
        assert server.connections[1].audio_s < 8.0


@pytest.mark.parametrize(
    ("status", "words_", "error"),
    [
        (400, "No such model/language/tier combination found.", ConfigurationError),
        (401, "Invalid credentials.", AuthenticationError),
        (402, "Project does not have enough credits.", QuotaExceededError),
        (403, "Project does not have access to the requested model.", AuthenticationError),
    ],
)
async def test_hopeless_refusals_end_the_first_connect_with_the_vendors_words(
    status: int, words_: str, error: type[ProviderError]
) -> None:
    behaviours = [Behaviour(refuse_status=status, refuse_words=words_)]
    async with DeepgramServer(behaviours=behaviours) as server, talk(server) as it:
        with pytest.raises(error) as caught:
            await it.session.connect()
        assert caught.value.vendor_message == words_
        assert it.session.state is SessionState.FAILED
        assert len(server.connections) == 1


@pytest.mark.parametrize("status", [429, 503])
async def test_passing_refusals_are_tried_again(status: int) -> None:
    behaviours = [Behaviour(refuse_status=status), Behaviour()]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)


async def test_too_many_connections_for_good() -> None:
    hurried = msgspec.structs.replace(QUICK, connect_s=2.0)
    async with (
        DeepgramServer(behaviours=[Behaviour(refuse_status=429)]) as server,
        talk(server, policy=hurried) as it,
    ):
        with pytest.raises(RateLimitError):
            await it.session.connect()


@BOTH
async def test_a_wrong_key_and_then_the_right_one_keeps_the_audio(model: str) -> None:
    async with DeepgramServer(recognise=numbered, key="dg_right") as server:
        settings = {"api_key": "dg_wrong", "base_url": server.url, "model": model, "replay_speed": 20.0}

        def stream(context: Any) -> Any:
            return Deepgram().stream(StreamOptions(settings=settings, languages=("en",)), context)

        it = Talk(Session(stream, "deepgram", policy=QUICK))
        try:
            await it.say(numbered_audio(0, 5))
            with pytest.raises(AuthenticationError):
                await it.session.connect()
            settings["api_key"] = "dg_right"
            await it.session.connect()
            assert await it.commit() == words(0, 5)
        finally:
            await it.end()


@BOTH
@pytest.mark.parametrize(
    "misfortune",
    [
        {"error": "SomethingNew", "error_after_s": 1.0},
        {"close_after_s": 1.0, "close_code": 1011, "close_reason": "... See https://dpgr.am/net0000"},
        {"close_after_s": 1.0, "close_code": 1000},
        {"close_after_s": 1.0, "close_code": 1005},
        {"close_after_s": 1.0, "close_code": 1001},
    ],
)
async def test_passing_errors_in_mid_utterance_are_survived(misfortune: dict[str, Any], model: str) -> None:
    behaviours = [Behaviour(**misfortune), Behaviour()]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server, model=model) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == words(0, 10)
        assert it.text == words(0, 10)
        assert len(server.connections) == 2


async def test_undecodable_audio_ends_the_session_and_keeps_the_audio() -> None:
    reason = "Deepgram could not decode. See https://dpgr.am/data0000"
    behaviours = [Behaviour(close_after_s=1.0, close_code=1008, close_reason=reason), Behaviour()]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        async with asyncio.timeout(10):
            result = await it.session.commit()
        assert result.outcome is CommitOutcome.FAILED
        assert isinstance(result.error, ConfigurationError)
        await it.session.connect()
        assert await it.commit() == words(0, 10)


@BOTH
async def test_an_idle_close_is_no_failure_and_the_next_words_reopen(model: str) -> None:
    behaviours = [Behaviour(idle_s=0.4 if model == FLUX else 1.5), Behaviour()]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server, model=model) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        await it.until(lambda t: t.session.state is SessionState.IDLE)
        assert server.connections[0].code == (1005 if model == FLUX else 1011)
        await it.say(numbered_audio(5, 5))
        assert await it.commit() == words(5, 5)
        assert it.text == words(0, 10)
        assert not it.of(ErrorOccurred)
        assert len(server.connections) == 2


@BOTH
async def test_an_idle_connection_is_kept_alive_as_the_vendor_wants(model: str) -> None:
    idle_s = 1.6 if model == FLUX else 3.6
    async with (
        DeepgramServer(recognise=numbered, behaviours=[Behaviour(idle_s=idle_s)]) as server,
        talk(server, model=model) as it,
    ):
        await it.session.connect()
        if model == FLUX:
            await server.until(lambda s: len(s.connections[0].audio_frames) >= 4)
        else:
            await server.until(lambda s: s.connections[0].kinds == ["KeepAlive"] * 2)
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        (segment,) = it.map.segments()
        assert segment.words[0].start == pytest.approx(0.025, abs=0.02), "the silence is not on the user's clock"
        assert len(server.connections) == 1


async def test_pauses_commit_by_themselves() -> None:
    async with DeepgramServer(recognise=numbered) as server, talk(server, commit=CommitMode.PAUSE) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE + numbered_audio(5, 5) + PAUSE)
        await it.until(lambda t: len(t.of(Committed)) == 2)
        assert [segment.text for segment in it.map.segments()] == [words(0, 5), words(5, 5)]
        await it.say(numbered_audio(10, 5))
        await it.session.disconnect()
        assert it.text == words(0, 15)


async def test_flux_ends_turns_by_itself_and_takes_an_eager_end_back() -> None:
    async with (
        DeepgramServer(recognise=numbered, behaviours=[Behaviour(eager=True)]) as server,
        talk(server, commit=CommitMode.PAUSE, pause_s=1.0, model=FLUX) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE[: RATE // 2 * 2] + numbered_audio(5, 5) + PAUSE + PAUSE)
        await it.until(lambda t: t.of(Committed))
        assert it.text == words(0, 10)
        events = [frame.get("event") for frame in server.connections[0].frames]
        assert {"StartOfTurn", "EagerEndOfTurn", "TurnResumed", "EndOfTurn"} <= set(events)


async def test_speech_events() -> None:
    async with (
        DeepgramServer(recognise=numbered) as server,
        talk(server, commit=CommitMode.PAUSE, pause_s=3.0, speech_events=True) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE * 4)
        await it.until(lambda t: t.of(SpeechStarted))
        assert it.of(SpeechStarted)[0].at == pytest.approx(0.0, abs=0.1)
        await it.until(lambda t: t.of(Committed))
        assert not it.of(SpeechEnded), "a final by a pause says it already"


@pytest.mark.parametrize("drains", [False, True])
async def test_a_finalize_without_an_answer_is_settled_by_ending_the_stream(drains: bool) -> None:
    behaviours = [Behaviour(least_finalize_s=60.0), Behaviour()]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        if drains:
            await it.session.disconnect()
            await it.until(lambda t: t.of(Closed))
            assert it.of(Closed)[0].error is None
        else:
            assert await it.commit() == words(0, 5)
            assert server.connections[0].kinds == ["Finalize", "CloseStream"]
            await it.say(numbered_audio(5, 5))
            await it.session.disconnect()
        assert it.text == words(0, 5 if drains else 10)


async def test_silence_that_nobody_answers_is_empty_and_not_sent_again() -> None:
    behaviours = [Behaviour(least_finalize_s=60.0), Behaviour()]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(PAUSE)
        assert await it.commit(CommitOutcome.EMPTY) == ""
        assert len(server.connections) == 1


async def test_a_final_that_does_not_say_whose_it_is_counts() -> None:
    behaviours = [Behaviour(unmarked_finalize=True)]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        for turn in range(3):
            await it.say(numbered_audio(turn * 5, 5))
            assert await it.commit() == words(turn * 5, 5)
        assert server.connections[0].kinds == ["Finalize"] * 3


async def test_a_late_answer_is_not_taken_for_the_next_commits() -> None:
    behaviours = [Behaviour(late_finalize=True, cut_s=1.0, answer_delay_s=0.1)]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        for turn in range(4):
            await it.say(numbered_audio(turn * 10, 10))
            assert await it.commit() == words(turn * 10, 10)
        assert it.text == words(0, 40)


@pytest.mark.parametrize("forced_silence", ["ignore", "answer"])
async def test_flux_and_silence(forced_silence: str) -> None:
    behaviours = [Behaviour(forced_silence=forced_silence)]
    async with DeepgramServer(recognise=numbered, behaviours=behaviours) as server, talk(server, model=FLUX) as it:
        await it.session.connect()
        await it.say(PAUSE)
        assert await it.commit(CommitOutcome.EMPTY) == ""
        await it.say(numbered_audio(0, 3))
        assert await it.commit() == words(0, 3)
        await it.say(PAUSE)
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.of(Closed)[0].error is None
        assert it.text == words(0, 3)
        assert len(server.connections) == 1


async def test_by_token_and_a_new_token_for_each_connection() -> None:
    behaviours = [Behaviour(drop_after_s=1.0), Behaviour()]
    async with (
        DeepgramServer(recognise=numbered, behaviours=behaviours) as server,
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
    async with DeepgramServer(recognise=scripted(["hello there"])) as server, talk(server, audio_format=form) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == "hello there"
        assert server.connections[0].audio_s == pytest.approx(2.1, abs=0.05)


@BOTH
async def test_discarded_words_never_come_back(model: str) -> None:
    async with DeepgramServer(recognise=numbered) as server, talk(server, model=model) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        await it.until(lambda t: t.of(Partial))
        it.session.discard_unfinished()
        await it.say(numbered_audio(10, 5))
        assert await it.commit() == words(10, 5)
        assert it.text == words(10, 5)
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert len(it.of(Retracted)) == 1


@BOTH
async def test_frames_of_unknown_types_are_skipped(model: str) -> None:
    async with (
        DeepgramServer(recognise=numbered, behaviours=[Behaviour(strangers=True)]) as server,
        talk(server, model=model) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        assert not it.of(ErrorOccurred)
