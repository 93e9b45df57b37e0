"""The move to another provider in mid-utterance."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from debabelizer.contract import EpochContext, StreamProtocol
from debabelizer.errors import AuthenticationError, ConfigurationError, ConnectionError, QuotaExceededError
from debabelizer.events import ErrorOccurred, ProviderChanged, SessionStarted, SessionState
from debabelizer.streaming.providers import OpenEpoch, Providers
from fakes.flaky_proxy import FlakyProxy
from fakes.numbered_protocol import NumberedProtocol, numbered, unrolled
from fakes.numbered_server import NumberedServer
from fakes.numbered_session import QUICK, QUICK_LIMITS


def provider(server: NumberedServer) -> OpenEpoch:
    return lambda context: NumberedProtocol(server.url, context, limits=QUICK_LIMITS)


async def test_failover_in_mid_utterance_gives_the_next_provider_the_same_audio(open_session):
    async with NumberedServer() as first, NumberedServer() as second:
        session, listener = open_session([("first", provider(first)), ("second", provider(second))])
        await session.connect()
        assert session.provider == "first"
        await session.send(numbered(0, 8_000))
        await session.commit()
        await session.send(numbered(8_000, 8_000))
        await first.until(lambda: first.connections[0].received == 16_000)
        first.refuse = (401, {})
        first.live[0].transport.abort()
        result = await session.commit()
        changed = await listener.event(ProviderChanged)
        assert (changed.provider, changed.before) == ("second", "first")
        assert isinstance(changed.error, AuthenticationError)
        assert unrolled([result.text], 8_000) == 16_000
        assert session.provider == "second"
        await session.disconnect()
        await listener.end()
        assert listener.recognised() == 16_000
        assert [event.provider for event in listener.of(SessionStarted)] == ["first", "second"]


async def test_a_provider_that_keeps_failing_is_left_for_the_next(open_session):
    async with NumberedServer() as first, NumberedServer() as second:
        first.refuse = (503, {})

        policy = msgspec.structs.replace(QUICK, failover_after=2)
        session, _ = open_session([("first", provider(first)), ("second", provider(second))], policy=policy)
        await session.connect()
        assert (session.provider, first.attempts) == ("second", 2)


async def test_when_all_are_hopeless_the_session_fails(open_session):
    async with NumberedServer() as first, NumberedServer() as second:
        first.refuse = second.refuse = (401, {})

        session, _ = open_session([("first", provider(first)), ("second", provider(second))])
        with pytest.raises(AuthenticationError):
            await session.connect()
        assert (first.attempts, second.attempts) == (1, 1)
        assert session.state is SessionState.FAILED


async def test_a_provider_that_does_not_answer_is_left_after_a_while_whatever_the_patience(open_session):
    async with NumberedServer() as first, NumberedServer() as second, FlakyProxy(first.port) as proxy:
        proxy.half_open()
        policy = msgspec.structs.replace(QUICK, connect_s=3600.0, failover_after=1000, failover_after_s=0.2)

        def unreachable(context: EpochContext) -> StreamProtocol:
            return NumberedProtocol(proxy.url, context, limits=QUICK_LIMITS)

        session, listener = open_session([("first", unreachable), ("second", provider(second))], policy=policy)
        await session.send(numbered(0, 8_000))
        async with asyncio.timeout(20):
            await session.connect()
            assert unrolled([(await session.commit()).text], 0) == 8_000
        changed = await listener.event(ProviderChanged)
        assert isinstance(changed.error, ConnectionError)
        assert "within 0.2 s" in changed.error.message, "not by a deadline of the transport's own"
        proxy.cut()


async def test_one_that_can_not_be_used_at_all_is_passed_over_in_silence(open_session):
    """It is not told as listening, because it never did."""
    async with NumberedServer() as first, NumberedServer() as third:
        first.refuse = (402, {})

        def without_key(context: EpochContext) -> StreamProtocol:
            raise ConfigurationError("second has no key", "second")

        session, listener = open_session(
            [("first", provider(first)), ("second", without_key), ("third", provider(third))]
        )
        await session.connect()
        changed = await listener.event(ProviderChanged)
        assert (changed.provider, changed.before) == ("third", "first")
        assert isinstance(changed.error, QuotaExceededError)
        assert not listener.of(ErrorOccurred)


async def test_the_error_of_the_chosen_one_is_told_when_nobody_is_left(open_session):
    async with NumberedServer() as first:
        first.refuse = (402, {})

        def without_key(context: EpochContext) -> StreamProtocol:
            raise ConfigurationError("second has no key", "second")

        session, listener = open_session([("first", provider(first)), ("second", without_key)])
        with pytest.raises(QuotaExceededError):
            await session.connect()
        fatal = await listener.event(ErrorOccurred)
        assert fatal.fatal
        assert isinstance(fatal.error, QuotaExceededError)


async def test_without_another_provider_the_audio_waits_for_the_chosen_one(open_session):
    """Failover is what somebody asked for; a single provider keeps its audio however long it is away."""
    async with NumberedServer() as only:
        only.refuse = (503, {})
        policy = msgspec.structs.replace(QUICK, failover_after=1, failover_after_s=0.0, max_instant_drops=1000)
        session, listener = open_session([("only", provider(only))], policy=policy)
        await session.send(numbered(0, 8_000))
        with pytest.raises(ConnectionError):
            await session.connect()
        only.refuse = None
        await session.connect()
        assert unrolled([(await session.commit()).text], 0) == 8_000
        assert not listener.of(ProviderChanged)


def test_whose_turn_it_is() -> None:
    def nobody(context: EpochContext) -> StreamProtocol:
        raise ConfigurationError("has no key")

    order = Providers([("first", nobody), ("second", nobody)])
    assert order.others("first")
    order.reasons["first"] = ConfigurationError("has no key", "first")
    assert order.strike("second"), "the present one goes on"
    assert order.name == "first"
    assert not order.others("first"), "the other one is struck off"
    assert not order.strike("first")
    order.works("first")
    assert not order.reasons
    order.reasons["second"] = ConfigurationError("has no key", "second")
    order.forgive()
    assert (order.name, order.others("first"), order.reasons) == ("first", True, {})
