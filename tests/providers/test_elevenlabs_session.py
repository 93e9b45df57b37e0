"""ElevenLabs under the real session supervisor, against the local server, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from debabelizer.contract import CommitMode, CommitOutcome, StreamOptions
from debabelizer.errors import AuthenticationError, ConfigurationError, ProviderError, QuotaExceededError
from debabelizer.events import (
    Closed,
    Committed,
    Corrected,
    Notice,
    Partial,
    Retracted,
    SessionEvent,
    SessionStarted,
    SessionState,
)
from debabelizer.streaming import Session, SessionPolicy
from debabelizer.transcript import SegmentMap
from debabelizer_providers.elevenlabs import ElevenLabs
from fakes.elevenlabs_server import Behaviour, ElevenLabsServer
from fakes.recognisers import RATE, numbered, numbered_audio, scripted

QUICK = SessionPolicy(connect_s=5.0, backoff_first_s=0.02, backoff_cap_s=0.1, instant_s=0.05)
PAUSE = bytes(RATE * 2)


class Talk:
    """A session, what it told, and the transcript that makes."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.events: list[SessionEvent] = []
        self.map = SegmentMap()
        self._changed = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for event in self.session.events():
            async with self._changed:
                self.events.append(event)
                if isinstance(event, Partial | Committed | Corrected | Retracted):
                    self.map.apply(event.change)
                self._changed.notify_all()

    async def until(self, right: Callable[[Talk], object], timeout_s: float = 10.0) -> None:
        async with asyncio.timeout(timeout_s), self._changed:
            await self._changed.wait_for(lambda: bool(right(self)))

    async def end(self) -> None:
        await self.session.abort()
        await self._reader

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def text(self) -> str:
        return self.map.text

    async def say(self, pcm: bytes) -> None:
        for at in range(0, len(pcm), 3200):
            await self.session.send(pcm[at : at + 3200])

    async def commit(self, outcome: CommitOutcome = CommitOutcome.FINAL) -> str:
        async with asyncio.timeout(15):
            result = await self.session.commit()
        assert result.outcome is outcome, result
        return result.text


@asynccontextmanager
async def talk(
    server: ElevenLabsServer,
    *,
    policy: SessionPolicy = QUICK,
    commit: CommitMode = CommitMode.MANUAL,
    pause_s: float = 0.5,
    **settings: Any,
) -> AsyncIterator[Talk]:
    given = {"api_key": server.key, "base_url": server.url, "replay_speed": 20.0, **settings}
    options = StreamOptions(settings=given, commit=commit, pause_s=pause_s)
    session = Session(lambda context: ElevenLabs().stream(options, context), "elevenlabs", policy=policy)
    it = Talk(session)
    try:
        yield it
    finally:
        await it.end()
        assert not server.problems


def words(first: int, count: int) -> str:
    return " ".join(f"w{number}" for number in range(first, first + count))


async def test_an_utterance() -> None:
    async with ElevenLabsServer(recognise=scripted(["please move the meeting"])) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(1, 10))
        await it.until(lambda t: t.of(Partial))
        assert await it.commit() == "Please move the meeting."
        await it.session.disconnect()
        await it.until(lambda t: t.of(Closed))
        assert it.of(Closed)[0].error is None
        assert it.text == "Please move the meeting."
        assert server.connections[0].code == 1000


async def test_many_utterances_on_one_connection_with_words_and_context() -> None:
    async with ElevenLabsServer(recognise=numbered) as server, talk(server) as it:
        await it.session.connect()
        for turn in range(5):
            await it.say(numbered_audio(turn * 4, 4))
            assert await it.commit() == words(turn * 4, 4)
        await it.session.disconnect()
        segments = list(it.map.segments())
        assert [segment.text for segment in segments] == [words(turn * 4, 4) for turn in range(5)]
        assert [word.text for segment in segments for word in segment.words] == words(0, 20).split()
        assert segments[-1].words[0].start == pytest.approx(16 * 0.2, abs=0.05)
        assert {segment.language for segment in segments} == {"en"}
        assert len(server.connections) == 1


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(twin="before"),
        Behaviour(twin_delay_s=0.2),
        Behaviour(twin="missing"),
        Behaviour(echo=True, strangers=True, shrink=True),
        Behaviour(ready_delay_s=0.3, answer_delay_s=0.2),
    ],
    ids=["twin first", "twin late", "no twin", "echo and strangers", "slow"],
)
@pytest.mark.parametrize("speak", ["live", "at once"])
async def test_no_word_twice_whatever_the_frames_do(behaviour: Behaviour, speak: str) -> None:
    async with ElevenLabsServer(recognise=numbered, behaviours=[behaviour]) as server, talk(server) as it:
        if speak == "live":
            await it.session.connect()
        else:
            await it.say(numbered_audio(0, 5))
            handle = it.session.commit()
            await it.session.connect()
            assert (await handle).text == words(0, 5)
        first = 0 if speak == "live" else 5
        await it.say(numbered_audio(first, 5))
        assert await it.commit() == words(first, 5)
        await it.say(numbered_audio(first + 5, 5))
        await it.session.disconnect()
        assert it.text == words(0, first + 10)


@pytest.mark.parametrize("timestamps", [True, False])
async def test_a_drop_in_mid_utterance_loses_and_doubles_nothing(timestamps: bool) -> None:
    drops = [Behaviour(drop_after_s=2.0), Behaviour(drop_after_s=3.1), Behaviour()]
    async with (
        ElevenLabsServer(recognise=numbered, behaviours=drops) as server,
        talk(server, timestamps=timestamps) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        await it.say(numbered_audio(5, 30))
        assert await it.commit() == words(5, 30)
        assert it.text == words(0, 35)
        assert len(server.connections) == 3
        assert server.connections[1].messages[0].previous_text == words(0, 5)
        assert [event.epoch for event in it.of(SessionStarted)] == [0, 1, 2]


async def test_a_drop_after_a_commit_of_the_servers_own_replays_only_what_it_left() -> None:
    behaviours = [Behaviour(auto_commit_s=4.0, drop_after_s=5.0), Behaviour()]
    async with (
        ElevenLabsServer(recognise=numbered, behaviours=behaviours) as server,
        talk(server, replay_speed=3.0) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 40))
        assert await it.commit() == words(0, 40)
        assert it.text == words(0, 40)
        assert len(server.connections) == 2


async def test_two_minutes_replayed_at_once_meet_the_servers_own_commit() -> None:
    async with ElevenLabsServer(recognise=numbered) as server, talk(server) as it:
        await it.say(numbered_audio(0, 600))
        handle = it.session.commit()
        await it.session.connect()
        async with asyncio.timeout(30):
            assert (await handle).text == words(0, 600)
        assert (
            len([frame for frame in server.connections[0].frames if frame["message_type"] == "committed_transcript"])
            == 2
        )


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("auth_error", AuthenticationError),
        ("quota_exceeded", QuotaExceededError),
        ("invalid_request", ConfigurationError),
    ],
)
async def test_hopeless_errors_end_the_first_connect(kind: str, error: type[ProviderError]) -> None:
    async with ElevenLabsServer(behaviours=[Behaviour(error=kind)]) as server, talk(server) as it:
        with pytest.raises(error):
            await it.session.connect()
        assert it.session.state is SessionState.FAILED
        assert len(server.connections) == 1


async def test_a_wrong_key_and_then_the_right_one_keeps_the_audio() -> None:
    async with ElevenLabsServer(recognise=numbered, key="sk_right") as server:
        keys = {"api_key": "sk_wrong", "base_url": server.url}

        def stream(context: Any) -> Any:
            return ElevenLabs().stream(StreamOptions(settings=keys), context)

        it = Talk(Session(stream, "elevenlabs", policy=QUICK))
        try:
            await it.say(numbered_audio(0, 5))
            with pytest.raises(AuthenticationError):
                await it.session.connect()
            keys["api_key"] = "sk_right"
            await it.session.connect()
            assert await it.commit() == words(0, 5)
        finally:
            await it.end()


@pytest.mark.parametrize("status", [401, 403, 503])
async def test_a_refused_handshake_is_an_error_with_a_cause(status: int) -> None:
    hurried = msgspec.structs.replace(QUICK, connect_s=1.0)
    async with (
        ElevenLabsServer(behaviours=[Behaviour(refuse_status=status)]) as server,
        talk(server, policy=hurried) as it,
    ):
        with pytest.raises(ProviderError) as caught:
            await it.session.connect()
        assert isinstance(caught.value, AuthenticationError) == (status in (401, 403))


@pytest.mark.parametrize(
    "kind",
    [
        "rate_limited",
        "queue_overflow",
        "resource_exhausted",
        "session_time_limit_exceeded",
        "transcriber_error",
        "error",
        "brand_new_error",
        "insufficient_audio_activity",
    ],
)
async def test_passing_errors_in_mid_utterance_are_survived(kind: str) -> None:
    behaviours = [Behaviour(error=kind, error_after_s=1.0), Behaviour()]
    async with ElevenLabsServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == words(0, 10)
        assert it.text == words(0, 10)
        assert len(server.connections) == 2


@pytest.mark.parametrize("kind", ["input_error", "chunk_size_exceeded", "quota_exceeded"])
async def test_lasting_errors_in_mid_utterance_end_the_session_and_keep_the_audio(kind: str) -> None:
    behaviours = [Behaviour(error=kind, error_after_s=1.0), Behaviour()]
    async with ElevenLabsServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        async with asyncio.timeout(10):
            result = await it.session.commit()
        assert result.outcome is CommitOutcome.FAILED
        assert result.error is not None
        assert not result.error.retryable
        await it.session.connect()
        assert await it.commit() == words(0, 10)


async def test_an_idle_close_is_no_failure_and_the_next_words_reopen() -> None:
    behaviours = [Behaviour(idle_s=0.3), Behaviour()]
    async with ElevenLabsServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        await it.until(lambda t: t.session.state is SessionState.IDLE)
        assert server.connections[0].code == 1000
        await it.say(numbered_audio(5, 5))
        assert await it.commit() == words(5, 5)
        assert it.text == words(0, 10)
        assert len(server.connections) == 2


async def test_silence_keeps_the_connection_and_is_not_heard() -> None:
    class Hasty(ElevenLabs):
        """Keeps alive every 0.1 s: as the vendor needs, but sooner."""

        def stream(self, options: StreamOptions, context: Any) -> Any:
            stream = super().stream(options, context)
            stream._limits = {  # type: ignore[attr-defined]
                key: msgspec.structs.replace(limits, keep_alive_every_s=0.1)
                for key, limits in stream._limits.items()  # type: ignore[attr-defined]
            }
            return stream

    async with ElevenLabsServer(recognise=numbered, behaviours=[Behaviour(idle_s=0.5)]) as server:
        options = StreamOptions(settings={"api_key": server.key, "base_url": server.url})
        it = Talk(Session(lambda context: Hasty().stream(options, context), "elevenlabs", policy=QUICK))
        try:
            await it.session.connect()
            await server.until(lambda s: len(s.connections[0].messages) >= 12)
            assert all(not any(chunk.audio) and len(chunk.audio) == 3200 for chunk in server.connections[0].messages)
            await it.say(numbered_audio(0, 5))
            assert await it.commit() == words(0, 5)
            (segment,) = it.map.segments()
            await it.until(lambda t: any(segment.words for segment in t.map.segments()))
            (segment,) = it.map.segments()
            assert segment.words[0].start == pytest.approx(0.025, abs=0.01), "the silence is not on the user's clock"
            assert len(server.connections) == 1
        finally:
            await it.end()


async def test_pauses_commit_by_themselves() -> None:
    async with ElevenLabsServer(recognise=numbered) as server, talk(server, commit=CommitMode.PAUSE) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + PAUSE + numbered_audio(5, 5) + PAUSE)
        await it.until(lambda t: len(t.of(Committed)) == 2)
        assert [segment.text for segment in it.map.segments()] == [words(0, 5), words(5, 5)]
        await it.say(numbered_audio(10, 5))
        await it.session.disconnect()
        assert it.text == words(0, 15)


async def test_the_commit_after_a_pause_commit_is_answered_with_all_the_text() -> None:
    async with ElevenLabsServer(recognise=numbered) as server, talk(server, commit=CommitMode.PAUSE) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5) + bytes(RATE))
        await it.until(lambda t: t.of(Committed))
        await it.say(bytes(RATE // 5))
        assert await it.commit() == words(0, 5)


async def test_a_drop_between_pause_commits() -> None:
    behaviours = [Behaviour(drop_after_s=4.5), Behaviour()]
    async with (
        ElevenLabsServer(recognise=numbered, behaviours=behaviours) as server,
        talk(server, commit=CommitMode.PAUSE, replay_speed=2.0) as it,
    ):
        await it.session.connect()
        for turn in range(4):
            await it.say(numbered_audio(turn * 5, 5) + PAUSE)
        await it.session.disconnect()
        assert it.text == words(0, 20)
        assert len(server.connections) == 2


async def test_by_token_and_a_new_token_for_each_connection() -> None:
    behaviours = [Behaviour(drop_after_s=1.0), Behaviour()]
    async with (
        ElevenLabsServer(recognise=numbered, behaviours=behaviours) as server,
        talk(server, single_use_token=True) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 8))
        assert await it.commit() == words(0, 8)
        assert len(server.requests) == 2
        assert all("xi-api-key" not in connection.headers for connection in server.connections)
        tokens = [dict(connection.query)["token"] for connection in server.connections]
        assert len(set(tokens)) == 2


async def test_no_credits_at_the_token() -> None:
    async with ElevenLabsServer(credits_left=False) as server, talk(server, single_use_token=True) as it:
        with pytest.raises(QuotaExceededError):
            await it.session.connect()
        assert server.connections == []


@pytest.mark.parametrize("closes", [True, False])
async def test_a_throttled_commit_is_answered(closes: bool) -> None:
    behaviours = [Behaviour(least_commit_s=2.0, throttle_closes=closes), Behaviour()]
    async with ElevenLabsServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        await it.commit(CommitOutcome.THROTTLED)
        await it.say(numbered_audio(5, 5))
        assert await it.commit() == words(0, 10)


async def test_a_short_word_is_filled_up_for_the_vendor() -> None:
    async with ElevenLabsServer(recognise=numbered) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 1))
        assert await it.commit() == "w0"


@pytest.mark.parametrize("way", ["close", "ignore"])
async def test_a_commit_without_an_answer_resolves(way: str) -> None:
    behaviours = [Behaviour(unanswered_commit=way), Behaviour()]
    async with ElevenLabsServer(recognise=numbered, behaviours=behaviours) as server, talk(server) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        async with asyncio.timeout(15):
            result = await it.session.commit()
        if way == "close":
            assert result.text == words(0, 5)
        else:
            assert result.outcome is CommitOutcome.TIMED_OUT
            assert await it.commit() == words(0, 5)
        assert it.text == words(0, 5)


async def test_silence_gives_no_text() -> None:
    async with ElevenLabsServer(recognise=numbered) as server, talk(server) as it:
        await it.session.connect()
        await it.say(PAUSE)
        assert await it.commit(CommitOutcome.EMPTY) == ""
        await it.say(numbered_audio(0, 3))
        assert await it.commit() == words(0, 3)
        assert it.text == words(0, 3)


@pytest.mark.parametrize("form", ["pcm_8000", "ulaw_8000"])
async def test_thin_lines(form: str) -> None:
    async with ElevenLabsServer(recognise=scripted(["hello there"])) as server, talk(server, audio_format=form) as it:
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == "Hello there."
        assert server.connections[0].audio_s == pytest.approx(2.0, abs=0.05)


async def test_the_edited_text_is_what_the_commit_gives() -> None:
    async with (
        ElevenLabsServer(recognise=scripted(["hello there"])) as server,
        talk(server, transcript_edit="Shout") as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        assert await it.commit() == "HELLO THERE."
        assert it.of(Corrected)


async def test_discarded_words_never_come_back() -> None:
    async with ElevenLabsServer(recognise=numbered) as server, talk(server) as it:
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


async def test_the_last_words_times_come_before_the_end() -> None:
    async with (
        ElevenLabsServer(recognise=numbered, behaviours=[Behaviour(twin_delay_s=0.25)]) as server,
        talk(server) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        await it.session.disconnect()
        (segment,) = it.map.segments()
        assert [word.text for word in segment.words] == words(0, 5).split()


async def test_a_word_list_that_is_cut_is_told_once() -> None:
    async with ElevenLabsServer(recognise=numbered, behaviours=[Behaviour(idle_s=0.3), Behaviour()]) as server:
        options = StreamOptions(
            settings={"api_key": server.key, "base_url": server.url}, vocabulary=("a word far too long for it",)
        )
        it = Talk(Session(lambda context: ElevenLabs().stream(options, context), "elevenlabs", policy=QUICK))
        try:
            await it.session.connect()
            for turn in range(2):
                await it.say(numbered_audio(turn, 1))
                await it.commit()
                await it.until(lambda t: t.session.state is SessionState.IDLE or len(server.connections) == 2)
            assert len(server.connections) == 2
            assert len(it.of(Notice)) == 1
        finally:
            await it.end()
