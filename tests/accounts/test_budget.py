"""A month's budget: it warns, it stops the next take and never a running one, or an engine here goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from debabelizer.accounts import book, budget, entry
from debabelizer.config import Settings
from debabelizer.dictation import Dictation
from debabelizer.dictation.assembly import make_dictation, stand_ins
from debabelizer.errors import Category
from debabelizer.events import Notice, TakeFailed, TakeFinished
from debabelizer.store import By
from fakes.deepgram_server import Behaviour, DeepgramServer
from fakes.dictation_parts import FakeMicrophone, Heard
from fakes.recognisers import scripted
from fakes.recordings import SPEECH

HELLO = SPEECH / "01_hello_test.wav"
ONE_TAKE = 0.288 / 3600  # a second by Deepgram's list price


def deepgram(server: DeepgramServer, **more: object) -> dict[str, object]:
    own = {"api_key": server.key, "base_url": server.url}
    return {"provider": "deepgram", **{f"providers__deepgram__{key}": value for key, value in own.items()}} | more


@asynccontextmanager
async def dictating(made: Settings) -> AsyncIterator[tuple[Dictation, FakeMicrophone, Heard]]:
    microphone, heard = FakeMicrophone(), Heard()
    dictation = make_dictation(made, capture=microphone, inserter=None)
    dictation.subscribe(heard)
    try:
        yield dictation, microphone, heard
    finally:
        await dictation.close()


async def take(dictation: Dictation, microphone: FakeMicrophone, seconds: float = 1.0) -> None:
    await dictation.start(insert=False)
    await microphone.say(seconds)
    await dictation.stop()
    await dictation.settle()


async def test_it_stops_the_next_take_and_not_the_running_one(settings: Callable[..., Settings], usage) -> None:
    async with DeepgramServer(recognise=scripted(["one two three"])) as server:
        made = settings(**deepgram(server), budget__usd=0.5 * ONE_TAKE, dictation__tail_ms=0)
        async with dictating(made) as (dictation, microphone, heard):
            await take(dictation, microphone)
            first = await heard.next(TakeFinished)
            assert first.text == "one two three"
            said = await heard.next(Notice, lambda notice: notice.code == budget.CODE)
            assert "is used up" in said.text
            await take(dictation, microphone)
            refused = await heard.next(TakeFailed)
            assert (refused.error.category, refused.error.code, refused.kept) == (Category.QUOTA, budget.CODE, True)
            assert "budget of $0.00 is used up" in refused.error.message
            assert "budget.usd" in refused.error.message
        assert len(server.connections) == 1
    book().settle()
    (total,) = usage.totals(By.PROVIDER)
    assert (total.key, total.uses, total.errors) == (("deepgram",), 1, 0), "what nobody heard costs nothing"
    assert total.usd == pytest.approx(ONE_TAKE, rel=0.05)


async def test_an_engine_on_this_computer_goes_on_if_that_is_wanted(settings: Callable[..., Settings], usage) -> None:
    async with DeepgramServer(recognise=scripted(["one two three"])) as server:
        made = settings(**deepgram(server), budget__usd=0.5 * ONE_TAKE, budget__at_limit="local", dictation__tail_ms=0)
        async with dictating(made) as (dictation, microphone, heard):
            await take(dictation, microphone)
            await heard.next(Notice, lambda notice: notice.code == budget.CODE)
            await take(dictation, microphone)
            second = await heard.next(TakeFinished, count=2)
            assert second.provider == "sphinx"
        assert len(server.connections) == 1


async def test_a_warning_comes_once(settings: Callable[..., Settings]) -> None:
    async with DeepgramServer(recognise=scripted(["one two three"])) as server:
        made = settings(**deepgram(server), budget__usd=10 * ONE_TAKE, budget__warn_percent=10, dictation__tail_ms=0)
        async with dictating(made) as (dictation, microphone, heard):
            await take(dictation, microphone, 1.5)
            said = await heard.next(Notice, lambda notice: notice.code == budget.CODE)
            assert "% of this month's budget" in said.text
            await take(dictation, microphone, 1.5)
            await heard.next(TakeFinished, count=2)
            assert len([notice for notice in heard.of(Notice) if notice.code == budget.CODE]) == 1


async def test_a_take_is_in_the_record_while_it_goes_on(
    settings: Callable[..., Settings], usage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entry, "GROWS_S", 0.0)
    async with (
        DeepgramServer(recognise=scripted(["one two three"])) as server,
        dictating(settings(**deepgram(server), dictation__tail_ms=0)) as (dictation, microphone, _),
    ):
        await dictation.start(insert=False)
        await microphone.say(1.0)
        async with asyncio.timeout(20):
            while not (total := usage.totals(By.PROVIDER, By.MODEL)) or total[0].seconds < 0.9:
                await microphone.say(0.1)
        assert total[0].key == ("deepgram", "nova-3")
        await dictation.cancel()
    book().settle()
    assert [one.uses for one in usage.totals()] == [1]


async def test_who_stands_in_is_told_apart_from_who_failed(settings: Callable[..., Settings], usage) -> None:
    async with DeepgramServer(behaviours=[Behaviour(refuse_status=401)]) as server:
        made = settings(**deepgram(server), session__failover=["sphinx"], dictation__tail_ms=0)
        async with dictating(made) as (dictation, microphone, heard):
            await take(dictation, microphone)
            await heard.next(TakeFinished)
    book().settle()
    totals = {total.key[0]: total for total in usage.totals(By.PROVIDER)}
    assert (totals["deepgram"].errors, totals["deepgram"].usd) == (1, 0.0)
    heard = [(totals[name].seconds, totals[name].errors) for name in ("deepgram", "sphinx")]
    assert heard == [(0.0, 1), (pytest.approx(1.0, abs=0.1), 0)], "no second is counted twice"


def test_nobody_stands_in_beyond_the_budget(settings: Callable[..., Settings], used) -> None:
    keys = {"providers__deepgram__api_key": "a-key-of-mine", "session__failover": ["deepgram", "sphinx"]}
    assert stand_ins(settings(**keys), "elevenlabs") == ("deepgram", "sphinx")
    used("elevenlabs", usd=2.0)
    assert stand_ins(settings(**keys, budget__usd=1.0), "elevenlabs") == ("sphinx",)


@pytest.mark.parametrize(
    ("provider", "limit", "prices", "allowed"),
    [
        ("deepgram", 1.5, [], False),
        ("deepgram", 2.5, [], True),
        ("deepgram", 0, [], True),
        ("deepgram", 1.5, ["deepgram=0.00"], True),
        ("whisper", 1.5, [], True),
    ],
)
def test_who_may_go_on(
    settings: Callable[..., Settings], used, provider: str, limit: float, prices: list[str], allowed: bool
) -> None:
    used("deepgram", usd=2.0)
    used("deepgram", usd=7.0, at=1_700_000_000.0)  # another month
    made = settings(budget__usd=limit, usage__prices=prices)
    assert budget.allows(made, provider) is allowed
    if allowed:
        budget.require(made, provider)


def test_files_and_dictation_in_the_terminal_heed_it(program, used) -> None:
    used("deepgram", usd=2.0)
    program.env |= {"DEEPGRAM_API_KEY": "wrong", "DEBABELIZER_PROVIDERS_DEEPGRAM_BASE_URL": "http://127.0.0.1:9"}
    program.env |= {"DEBABELIZER_BUDGET_USD": "1.5", "DEBABELIZER_PROVIDER": "deepgram"}
    for command in (("transcribe", HELLO), ("dictate", "--file", HELLO)):
        ran = program(*command)
        assert (ran.status, ran.out) == (69, "")
        assert "This month's budget of $1.50 is used up ($2.00): Deepgram gets nothing more to hear." in ran.err
    here = program("--set", "budget.at_limit=local", "transcribe", HELLO)
    assert (here.status, bool(here.out.strip())) == (0, True)
    assert (
        "the month's budget is used up, instead of deepgram"
        in program("--set", "budget.at_limit=local", "providers", "--why").out
    )


def test_a_disk_that_does_not_do_its_part_costs_no_take(program) -> None:
    (program.home / "data" / "usage.sqlite3").mkdir(parents=True)
    ran = program("--set", "budget.usd=1", "dictate", "--provider", "sphinx", "--file", HELLO)
    assert (ran.status, bool(ran.out.strip())) == (0, True)
    assert "uses are not recorded: The record of usage can't be used" in program.log


def test_the_settings_say_where(home: Path, program) -> None:
    """``budget.usd`` of the message is a setting."""
    assert program("config", "set", "budget.usd", "12.5").status == 0
    assert "12.5" in (home / "config" / "settings.toml").read_text()
