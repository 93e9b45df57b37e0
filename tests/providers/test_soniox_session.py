"""Soniox under the real session supervisor, against the local server, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from debabelizer.contract import CommitMode, CommitOutcome, EpochContext, StreamOptions
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
)
from debabelizer.streaming import Session, SessionPolicy
from debabelizer_providers.soniox import Soniox
from fakes.recognisers import RATE, numbered, numbered_audio, scripted
from fakes.soniox_server import Behaviour, SonioxServer
from fakes.talk import Talk, words

QUICK = SessionPolicy(connect_s=5.0, backoff_first_s=0.02, backoff_cap_s=0.1, instant_s=0.05)
PAUSE = bytes(RATE * 2)


@asynccontextmanager
async def talk(
    server: SonioxServer,
    *,
    policy: SessionPolicy = QUICK,
    commit: CommitMode = CommitMode.MANUAL,
    pause_s: float = 0.5,
    languages: tuple[str, ...] = ("en",),
    keep_alive_s: float | None = None,
    **settings: Any,
) -> AsyncIterator[Talk]:
    """``keep_alive_s``: in place of the provider's own, to save time."""
    given = {"api_key": server.key, "base_url": server.url, "replay_speed": 50.0, **settings}
    options = StreamOptions(settings=given, commit=commit, pause_s=pause_s, languages=languages)

    def stream(context: EpochContext) -> Any:
        made: Any = Soniox().stream(options, context)
        if keep_alive_s is not None:
            made.limits = msgspec.structs.replace(made.limits, keep_alive_every_s=keep_alive_s)
        return made

    it = Talk(Session(stream, "soniox", policy=policy))
    try:
        yield it
    finally:
        await it.end()
        assert not server.problems


async def test_an_utterance() -> None:
    async with SonioxServer(recognise=scripted(["Please move the meeting."])) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(1, 10))
        await it.until(lambda t: t.of(Partial))
        assert await it.commit() == "Please move the meeting."
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.of(Closed)[0].error is None
        assert it.text == "Please move the meeting."
        (connection,) = server.connections
        assert connection.controls == ["finalize", ""]
        assert connection.code == 1000
        assert connection.headers["authorization"] == f"Bearer {server.key}"
        assert connection.start is not None
        assert "api_key" not in connection.start


async def test_many_utterances_on_one_connection_with_words_and_times() -> None:
    async with SonioxServer(recognise=numbered) as server, talk(server, diarize=True) as it:
        await it.session.connect()
        for turn in range(5):
            await it.say(numbered_audio(turn * 4, 4))
            assert await it.commit() == words(turn * 4, 4)
        await it.session.disconnect()
        segments = list(it.map.segments())
        assert [segment.text for segment in segments] == [words(turn * 4, 4) for turn in range(5)]
        heard = [word for segment in segments for word in segment.words]
        assert [word.text for word in heard] == words(0, 20).split()
        assert {(word.speaker, word.confidence) for word in heard} == {("1", 0.97)}
        assert heard[0].start == pytest.approx(0.025, abs=0.02)
        assert heard[16].start == pytest.approx(16 * 0.2 + 0.025, abs=0.02)
        assert {segment.language for segment in segments} == {"en"}
        assert len(server.connections) == 1


async def test_a_long_utterance_is_final_as_it_goes_and_joins() -> None:
    behaviours = [Behaviour(cut_s=1.0, guesses=True)]
    async with SonioxServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 180))
        assert await it.commit() == words(0, 180)
        assert it.text == words(0, 180)
        assert len(it.of(Committed)) >= 3
        assert len(server.connections) == 1


async def test_unicode_and_a_language_without_spaces() -> None:
    async with (
        SonioxServer(recognise=scripted(["今日 は 良い", "天気 です 。"])) as server,
        talk(server, languages=("ja",)) as it,
    ):
        await it.session.connect()
        for _ in range(2):
            await it.say(numbered_audio(1, 5))
            assert await it.commit() in ("今日は良い", "天気です。")
        assert it.text == "今日は良い天気です。"
    async with SonioxServer(recognise=scripted(["Größe 👩‍💻 naïve — Ёлка"])) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(1, 10))
        assert await it.commit() == "Größe 👩‍💻 naïve — Ёлка"


async def test_a_drop_in_mid_utterance_loses_and_doubles_nothing() -> None:
    drops = [Behaviour(drop_after_s=2.0), Behaviour(drop_after_s=3.1), Behaviour()]
    async with SonioxServer(recognise=numbered, behaviours=drops) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        await it.say(numbered_audio(5, 30))
        assert await it.commit() == words(5, 30)
        assert it.text == words(0, 35)
        assert len(server.connections) == 3
        assert [event.epoch for event in it.of(SessionStarted)] == [0, 1, 2]


async def test_a_drop_late_in_a_long_utterance_replays_only_its_end() -> None:
    behaviours = [Behaviour(cut_s=1.0, drop_after_s=39.0), Behaviour(cut_s=1.0)]
    async with SonioxServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 200))
        assert await it.commit() == words(0, 200)
        assert it.text == words(0, 200)
        assert len(server.connections) == 2
        assert server.connections[1].audio_s < 20.0


@pytest.mark.parametrize("by_frame", [False, True])
@pytest.mark.parametrize(
    ("status", "kind", "error"),
    [
        (400, "invalid_request", ConfigurationError),
        (400, "model_not_available", ConfigurationError),
        (401, "unauthenticated", AuthenticationError),
        (402, "organization_balance_exhausted", QuotaExceededError),
        (403, "permission_denied", AuthenticationError),
    ],
)
async def test_hopeless_refusals_are_tried_once_and_keep_the_vendors_words(
    status: int, kind: str, error: type[ProviderError], by_frame: bool
) -> None:
    behaviours = [Behaviour(refuse_status=status, refuse_kind=kind, refuse_by_frame=by_frame)]
    async with SonioxServer(behaviours=behaviours) as server, talk(server) as it:
        if by_frame:  # the connection is open, and then it is refused
            await it.say(numbered_audio(0, 5))
            await it.session.connect()
        else:
            with pytest.raises(error):
                await it.session.connect()
        await it.until(lambda t: t.session.state is SessionState.FAILED)
        (told,) = it.of(ErrorOccurred)
        assert told.fatal
        assert isinstance(told.error, error)
        assert (told.error.code, told.error.vendor_message) == (kind, "scripted refusal")
        assert len(server.connections) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        {"refuse_status": 429},
        {"refuse_status": 503},
        {"refuse_status": 429, "refuse_kind": "limit_exceeded", "refuse_by_frame": True},
        {"refuse_status": 503, "refuse_by_frame": True},
    ],
)
async def test_passing_refusals_are_tried_again(trouble: dict[str, Any]) -> None:
    behaviours = [Behaviour(**trouble), Behaviour()]
    async with SonioxServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        assert len(server.connections) == 2


async def test_too_many_connections_for_good() -> None:
    hurried = msgspec.structs.replace(QUICK, connect_s=0.5)
    async with (
        SonioxServer(behaviours=[Behaviour(refuse_status=429)]) as server,
        talk(server, policy=hurried) as it,
    ):
        with pytest.raises(RateLimitError):
            await it.session.connect()


@pytest.mark.parametrize("by_frame", [False, True])
async def test_a_wrong_key_and_then_the_right_one_keeps_the_audio(by_frame: bool) -> None:
    behaviours = [Behaviour(refuse_by_frame=by_frame)]
    async with SonioxServer(recognise=numbered, behaviours=behaviours, key="right") as server:
        settings = {"api_key": "wrong", "base_url": server.url, "replay_speed": 50.0}

        def stream(context: Any) -> Any:
            return Soniox().stream(StreamOptions(settings=settings, languages=("en",)), context)

        it = Talk(Session(stream, "soniox", policy=QUICK))
        try:
            await it.say(numbered_audio(0, 5))
            if by_frame:
                await it.session.connect()
            else:
                with pytest.raises(AuthenticationError):
                    await it.session.connect()
            await it.until(lambda t: t.session.state is SessionState.FAILED)
            settings["api_key"] = "right"
            await it.session.connect()
            assert await it.commit() == words(0, 5)
        finally:
            await it.end()


@pytest.mark.parametrize(
    "misfortune",
    [
        {"error": 503, "error_kind": "service_unavailable", "error_after_s": 1.0},
        {"error": 500, "error_kind": "internal_error", "error_after_s": 1.0},
        {"error": 408, "error_kind": "request_timeout", "error_after_s": 1.0},
        {"longest_s": 1.0},
        {"close_after_s": 1.0, "close_code": 1011},
        {"close_after_s": 1.0, "close_code": 1000},
        {"close_after_s": 1.0, "close_code": 1005},
        {"close_after_s": 1.0, "close_code": 1001},
    ],
)
async def test_passing_errors_in_mid_utterance_are_survived(misfortune: dict[str, Any]) -> None:
    behaviours = [Behaviour(**misfortune), Behaviour()]
    async with SonioxServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == words(0, 10)
        assert it.text == words(0, 10)
        assert len(server.connections) == 2


async def test_refused_audio_ends_the_session_and_keeps_the_audio() -> None:
    behaviours = [Behaviour(error=400, error_kind="invalid_request", error_after_s=1.0), Behaviour()]
    async with SonioxServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        async with asyncio.timeout(10):
            result = await it.session.commit()
        assert result.outcome is CommitOutcome.FAILED
        assert isinstance(result.error, ConfigurationError)
        await it.session.connect()
        assert await it.commit() == words(0, 10)


@pytest.mark.parametrize("with_error", [False, True])
@pytest.mark.parametrize("spoke", [False, True])
async def test_an_idle_close_is_no_failure_and_the_next_words_reopen(spoke: bool, with_error: bool) -> None:
    behaviours = [Behaviour(idle_s=0.3, idle_error=with_error), Behaviour()]
    async with SonioxServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        if spoke:
            await it.say(numbered_audio(0, 5))
            assert await it.commit() == words(0, 5)
        await it.until(lambda t: t.session.state is SessionState.IDLE)
        await it.say(numbered_audio(5, 5))
        assert await it.commit() == words(5, 5)
        assert it.text == words(0 if spoke else 5, 10 if spoke else 5)
        assert not it.of(ErrorOccurred)
        assert len(server.connections) == 2


async def test_an_idle_connection_is_kept_alive_as_the_vendor_wants() -> None:
    async with (
        SonioxServer(recognise=numbered, behaviours=[Behaviour(idle_s=2.0)]) as server,
        talk(server, keep_alive_s=0.25) as it,
    ):
        await it.session.connect()
        await server.until(lambda s: s.connections[0].controls == ["keepalive"] * 10)
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        assert len(server.connections) == 1


async def test_pauses_commit_by_themselves() -> None:
    async with SonioxServer(recognise=numbered) as server, talk(server, commit=CommitMode.PAUSE) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE + numbered_audio(5, 5) + PAUSE)
        await it.until(lambda t: len(t.of(Committed)) == 2)
        assert [segment.text for segment in it.map.segments()] == [words(0, 5), words(5, 5)]
        await it.say(numbered_audio(10, 5))
        await it.session.disconnect()
        assert it.text == words(0, 15)


async def test_an_end_and_an_answer_in_one_message() -> None:
    async with SonioxServer(recognise=numbered) as server, talk(server, endpointing=True) as it:
        await it.session.connect()
        for turn in range(3):
            await it.say(numbered_audio(turn * 5, 5))
            assert await it.commit() == words(turn * 5, 5)
        await it.say(PAUSE * 3)
        assert await it.commit(CommitOutcome.EMPTY) == ""
        assert it.text == words(0, 15)
        assert ["<end>", "<fin>"] in [
            [token["text"] for token in frame.get("tokens", [])][-2:] for frame in server.connections[0].frames
        ]


@pytest.mark.parametrize("habit", ["mute_finalize", "deaf_finalize"])
@pytest.mark.parametrize("drains", [False, True])
async def test_a_finalize_without_an_answer_is_settled_by_the_end_of_the_stream(drains: bool, habit: str) -> None:
    behaviours = [Behaviour(**{habit: True}), Behaviour()]
    async with (
        SonioxServer(recognise=numbered, behaviours=behaviours) as server,
        talk(server, keep_alive_s=0.5) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        if drains:
            await it.session.disconnect()
            await it.until(lambda t: t.of(Closed))
            assert it.of(Closed)[0].error is None
        else:
            assert await it.commit() == words(0, 5)
            assert server.connections[0].controls == ["finalize", ""]
            await it.say(numbered_audio(5, 5))
            await it.session.disconnect()
        assert it.text == words(0, 5 if drains else 10)


async def test_silence_is_empty() -> None:
    async with SonioxServer(recognise=numbered, behaviours=[Behaviour(guesses=True)]) as server, talk(server) as it:
        await it.session.connect()
        await it.say(PAUSE)
        assert await it.commit(CommitOutcome.EMPTY) == ""
        await it.say(numbered_audio(0, 3))
        assert await it.commit() == words(0, 3)
        assert it.text == words(0, 3), "a word that nobody said is gone"
        assert it.of(Retracted)
        assert len(server.connections) == 1


async def test_a_session_without_a_word_ends_well() -> None:
    async with SonioxServer(recognise=numbered) as server, talk(server) as it:
        await it.session.connect()
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.of(Closed)[0].error is None
        assert not it.of(ErrorOccurred)


async def test_a_mark_that_nobody_asked_for_answers_nothing_and_is_no_text() -> None:
    behaviours = [Behaviour(stray_marks=True, glued_marks=True, cut_s=1.0, splits_words=False)]
    async with SonioxServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        for turn in range(3):
            await it.say(numbered_audio(turn * 20, 20))
            assert await it.commit() == words(turn * 20, 20)
        assert it.text == words(0, 60)


async def test_a_translation_is_told_and_never_mixed_in() -> None:
    async with (
        SonioxServer(recognise=scripted(["good morning"])) as server,
        talk(server, translation=["fr"]) as it,
    ):
        await it.session.connect()
        for _ in range(2):
            await it.say(numbered_audio(1, 5))
            assert await it.commit() == "good morning"
        await it.until(lambda t: len(t.of(Notice)) == 2)
        assert [(notice.text, notice.code) for notice in it.of(Notice)] == [("fr: GOOD MORNING.", "translation")] * 2
        assert it.text == "good morning good morning"


async def test_by_temporary_key_and_a_new_one_for_each_connection() -> None:
    behaviours = [Behaviour(drop_after_s=1.0), Behaviour()]
    async with (
        SonioxServer(recognise=numbered, behaviours=behaviours) as server,
        talk(server, short_lived_token=True) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 8))
        assert await it.commit() == words(0, 8)
        sent = [connection.headers["authorization"] for connection in server.connections]
        assert len(set(sent)) == 2
        assert all(header.startswith("Bearer temp:") and server.key not in header for header in sent)


@pytest.mark.parametrize("form", ["pcm_8000", "mulaw_8000"])
async def test_thin_lines(form: str) -> None:
    async with SonioxServer(recognise=scripted(["hello there"])) as server, talk(server, audio_format=form) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == "hello there"
        assert server.connections[0].audio_s == pytest.approx(2.0, abs=0.05)


async def test_discarded_words_never_come_back() -> None:
    async with SonioxServer(recognise=numbered) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        await it.until(lambda t: t.of(Partial))
        it.session.discard_unfinished()
        await it.say(numbered_audio(10, 5))
        assert await it.commit() == words(10, 5)
        assert it.text == words(10, 5)
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))


@pytest.mark.parametrize("habit", [{"strangers": True}, {"progress": False, "cut_s": 1.0}])
async def test_frames_that_say_more_or_less_than_usual(habit: dict[str, Any]) -> None:
    async with SonioxServer(recognise=numbered, behaviours=[Behaviour(**habit)]) as server, talk(server) as it:
        await it.session.connect()
        for turn in range(2):
            await it.say(numbered_audio(turn * 10, 10))
            assert await it.commit() == words(turn * 10, 10)
        assert not it.of(ErrorOccurred)
        assert it.text == words(0, 20)
