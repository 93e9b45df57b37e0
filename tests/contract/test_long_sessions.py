"""Every provider of the table, for longer than its connections live."""

from __future__ import annotations

import msgspec
import pytest

from debabelizer.events import ErrorOccurred, SessionStarted
from fakes.harness import QUICK, Harness

FAST = msgspec.structs.replace(QUICK, handover_window_s=0.2)


async def test_connections_that_wear_out_are_handed_over(harness: Harness) -> None:
    async with harness.running() as vendor:
        life = {"longest_connection_s": harness.short_life_s}
        policy = msgspec.structs.replace(FAST, handover_window_s=harness.short_life_s / 2)
        async with harness.talk(vendor, policy=policy, **life) as it:
            await it.session.connect()
            while len(it.of(SessionStarted)) < 3:
                await it.dictate()
            await it.speak(2)
            await it.session.disconnect()
            it.check()
            assert not it.of(ErrorOccurred)


async def an_hour(harness: Harness, seconds: float, *, cut_every: int, **limits: float) -> None:
    """Of speech, as fast as it goes: dictated, with drops in between, and mostly committed."""
    async with harness.running() as vendor, harness.talk(vendor, policy=FAST, **limits) as it:
        await it.session.connect()
        turn = 0
        while it.session.position < seconds or len(it.of(SessionStarted)) < 2:
            turn += 1
            said = await it.speak()
            if turn % cut_every == 0:
                vendor.cut()
                said = f"{said} {await it.speak()}"
            heard = await it.commit()
            assert harness.agrees(said, heard), f"said {said!r}, heard {heard!r}"
        await it.session.disconnect()
        it.check()


async def test_a_minute_in_fast_motion(cloud: Harness) -> None:
    await an_hour(cloud, 60.0, cut_every=20, longest_connection_s=1.0)


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_an_hour_in_fast_motion(cloud: Harness) -> None:
    await an_hour(cloud, 3600.0, cut_every=100, longest_connection_s=3.0)


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_five_minutes_of_speech_on_this_computer(harness: Harness) -> None:
    await an_hour(harness, 300.0, cut_every=25)
