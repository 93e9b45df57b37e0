"""Every provider of the table when something goes wrong."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import msgspec
import pytest

from debabelizer.contract import CommitOutcome, KeepAlive, Kind
from debabelizer.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionError,
    ProviderError,
    QuotaExceededError,
    Remedy,
)
from debabelizer.events import ErrorOccurred, Notice, Partial, SessionStarted, SessionState
from fakes.harness import QUICK, Harness, HarnessTalk


async def refused(it: HarnessTalk) -> ProviderError:
    """For good, after one attempt. Some vendors say so when they are connected to, some at the first audio."""
    with suppress(ProviderError):
        await it.session.connect()
    await it.until(lambda t: t.session.state is SessionState.FAILED and t.of(ErrorOccurred))
    assert len(it.protocols) == 1
    (told,) = it.of(ErrorOccurred)
    assert told.fatal
    return told.error


async def test_a_wrong_key_is_tried_once_and_the_right_one_hears_what_was_said(cloud: Harness) -> None:
    async with cloud.running() as vendor:
        settings = dict(vendor.wrong)
        async with cloud.talk(vendor, settings=settings) as it:
            said = await it.speak()
            error = await refused(it)
            assert isinstance(error, AuthenticationError)
            assert (error.provider, error.remedy) == (cloud.provider, Remedy.SET_KEY)
            settings.update(vendor.settings)
            await it.session.connect()
            assert cloud.agrees(said, await it.commit())
            it.check()


async def test_no_key_asks_nobody_and_names_the_remedy(cloud: Harness) -> None:
    async with cloud.running() as vendor:
        secrets = {one.key for one in cloud.speech.description.settings if one.kind is Kind.SECRET}
        keyless = {key: value for key, value in vendor.settings.items() if key not in secrets}
        async with cloud.talk(vendor, settings=keyless) as it:
            with pytest.raises((AuthenticationError, ConfigurationError)) as caught:
                await it.session.connect()
            assert caught.value.remedy is Remedy.SET_KEY
            assert not it.of(SessionStarted)


async def test_no_quota_is_tried_once(cloud: Harness) -> None:
    async with cloud.running(quota=False) as vendor, cloud.talk(vendor) as it:
        await it.speak()
        error = await refused(it)
        assert isinstance(error, QuotaExceededError)
        assert error.provider == cloud.provider


async def test_keys_stay_out_of_logs_errors_and_what_objects_print(
    cloud: Harness, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "debabelizer")
    seen = []
    async with cloud.running() as vendor:
        for settings in (vendor.settings, vendor.wrong):
            async with cloud.talk(vendor, settings=settings) as it:
                if settings is vendor.settings:
                    await it.session.connect()
                    await it.dictate()
                    vendor.cut()
                    await it.dictate()
                    await it.session.disconnect()
                else:
                    await it.speak()
                    error = await refused(it)
                    seen += [str(error), repr(error), str(error.vendor_message)]
                seen += [repr(event) for event in it.events]
                seen += [repr(vars(protocol)["_protocol"]) for protocol in it.protocols]
        secrets = [one.key for one in cloud.speech.description.settings if one.kind is Kind.SECRET]
        keys = [str(given[key]) for given in (vendor.settings, vendor.wrong) for key in secrets if given.get(key)]
    assert len(keys) >= 2
    for key in keys:
        assert key not in caplog.text
        assert not [text for text in seen if key in text]


async def test_nobody_listens_there(cloud: Harness) -> None:
    async with cloud.running() as vendor:
        settings = vendor.settings
    policy = msgspec.structs.replace(QUICK, connect_s=0.3)
    async with cloud.talk(vendor, settings=settings, policy=policy) as it:
        with pytest.raises(ConnectionError):
            await it.session.connect()
        assert len(it.protocols) > 1


async def test_a_drop_in_mid_utterance_loses_and_doubles_nothing(harness: Harness) -> None:
    async with harness.running() as vendor, harness.talk(vendor) as it:
        await it.session.connect()
        await it.dictate()
        pcm, text = harness.utterance(1)
        it.said.append(text)
        half = len(pcm) // 4 * 2
        before = len(it.of(Partial))
        await it.say(pcm[:half])
        await it.until(lambda t: len(t.of(Partial)) > before, 30)
        vendor.cut()
        await it.say(pcm[half:])
        assert harness.agrees(text, await it.commit())
        it.check()
        assert len(it.of(SessionStarted)) > 1


async def test_a_drop_in_what_was_said_before_the_final_came_loses_and_doubles_nothing(cloud: Harness) -> None:
    """The final covers what was said before its commit, and nothing of what the vendor had already got after that."""
    async with cloud.running() as vendor, cloud.talk(vendor) as it:
        await it.session.connect()
        for turn in range(0, 4, 2):
            first = await it.speak()
            handle = it.session.commit()
            pcm, text = cloud.utterance(turn + 1)
            it.said.append(text)
            half = len(pcm) // 4 * 2
            await it.say(pcm[:half])
            async with asyncio.timeout(30):
                assert cloud.agrees(first, (await handle).text)
            vendor.cut()
            await it.say(pcm[half:])
            assert cloud.agrees(text, await it.commit())
        it.check()


async def test_drops_while_a_commit_waits_for_its_answer(harness: Harness) -> None:
    async with harness.running() as vendor, harness.talk(vendor) as it:
        await it.session.connect()
        for _ in range(2):
            said = await it.speak()
            handle = it.session.commit()
            await asyncio.sleep(0)
            vendor.cut()
            async with asyncio.timeout(30):
                result = await handle
            assert result.outcome is CommitOutcome.FINAL, result
            assert harness.agrees(said, result.text)
        await it.session.disconnect()
        it.check()


async def test_a_drop_at_the_end_loses_nothing(harness: Harness) -> None:
    async with harness.running() as vendor, harness.talk(vendor) as it:
        await it.session.connect()
        await it.speak()
        end = asyncio.create_task(it.session.disconnect())
        await it.until(lambda t: t.session.state is SessionState.DRAINING)
        vendor.cut()
        async with asyncio.timeout(30):
            await end
        it.check()


async def test_an_idle_close_is_no_error_and_the_next_words_reopen(cloud: Harness) -> None:
    async with cloud.running(idle_s=0.3) as vendor, cloud.talk(vendor, keep_alive_every_s=60.0) as it:
        await it.session.connect()
        await it.dictate()
        await it.until(lambda t: t.session.state is SessionState.IDLE)
        assert not it.of(ErrorOccurred)
        await it.dictate()
        it.check()
        assert len(it.of(SessionStarted)) == 2


async def test_what_keeps_a_connection_alive_does(cloud: Harness) -> None:
    """By a message or by silence; where pings do it, or nothing does, there is nothing to see here."""
    async with cloud.running(idle_s=1.5) as vendor, cloud.talk(vendor, keep_alive_every_s=0.1) as it:
        await it.session.connect()
        await it.dictate()
        (protocol,) = it.protocols
        if protocol.limits.keep_alive in {KeepAlive.MESSAGE, KeepAlive.SILENCE}:
            async with asyncio.timeout(30):
                await protocol.until_kept(20)
        await it.dictate()
        it.check()
        assert not it.of(ErrorOccurred)
        assert not cloud.commits_in_a_connection or len(it.of(SessionStarted)) == 1


@pytest.mark.parametrize("provider", ["cartesia", "google"])
async def test_what_is_wrong_with_the_settings_is_told_once_however_often_it_connects(provider: str) -> None:
    from fakes.harnesses import HARNESSES  # needs the vendors' libraries

    harness = HARNESSES[provider]
    terms = tuple(f"term {number}" for number in range(1_200))
    async with harness.running() as vendor, harness.talk(vendor, vocabulary=terms) as it:
        await it.session.connect()
        await it.speak()
        await it.until(lambda t: any(notice.code in ("vocabulary", "settings") for notice in t.of(Notice)))
        vendor.cut()
        await it.speak()
        await it.commit()
        it.check()
        assert len(it.of(SessionStarted)) == 2
        told = [notice.text for notice in it.of(Notice)]
        assert len(told) == len(set(told))
        assert sum("only part of the word list" in text for text in told) == 1
