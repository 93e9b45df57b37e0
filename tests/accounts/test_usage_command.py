"""``debabelizer usage`` after real work, and what is and is not in the record."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from debabelizer import VoiceProcessor
from debabelizer.accounts import book
from debabelizer.store import By, Work
from fakes.deepgram_server import DeepgramServer
from fakes.program import Program
from fakes.recognisers import scripted
from fakes.recordings import SPEECH, recording

HELLO = SPEECH / "01_hello_test.wav"


async def test_dictation_and_files_are_recorded_and_priced(program: Program, home: Path) -> None:
    async with DeepgramServer(recognise=scripted(["secret words here"])) as server:
        program.env |= {"DEEPGRAM_API_KEY": server.key, "DEBABELIZER_PROVIDERS_DEEPGRAM_BASE_URL": server.url}
        program.env |= {"DEBABELIZER_PROVIDER": "deepgram", "DEBABELIZER_STORAGE_KEEP_NOTHING": "true"}
        for command in (("dictate", "--raw", "--file", HELLO), ("transcribe", HELLO), ("transcribe", "--live", HELLO)):
            ran = await asyncio.to_thread(program, *command)
            assert (ran.status, ran.out.strip()) == (0, "secret words here"), ran.err
        wrong = {"DEEPGRAM_API_KEY": "wrong-key"}
        assert (await asyncio.to_thread(program, "transcribe", HELLO, env=wrong)).status == 77
    data = program("usage", "--by", "work", "--by", "provider", "--by", "model", "--json").json()
    dictation, file = data["by"]
    hour = recording("hello_test").seconds / 3600
    assert (dictation["work"], dictation["provider"], dictation["model"]) == ("dictation", "deepgram", "nova-3")
    assert dictation["seconds"] >= 0.95 * 3600 * hour  # and the silence after it, for as long as the machine took
    assert dictation["usd"] == pytest.approx(0.288 * dictation["seconds"] / 3600)
    assert dictation["answered"] > 0
    assert dictation["characters"] == len("secret words here")
    assert (file["uses"], file["errors"]) == (3, 1)
    assert file["usd"] == pytest.approx((0.462 + 0.288) * hour, rel=0.1), "whole ones have a price of their own"
    assert data["total"]["uses"] == 4
    for part in (home / "data").glob("usage.sqlite3*"):
        assert b"secret words" not in part.read_bytes()


def test_tables_and_chart(program: Program, used) -> None:
    now = time.time()
    used("deepgram", 2, model="nova-3", usd=1.25, seconds=3600, answered=0.5)
    used("openai", model="gpt-live-transcribe", usd=None, error="network")
    used("openai", usd=9.0, at=now - 70 * 86_400)
    told = program("--set", "budget.usd=10", "usage")
    lines = told.out.splitlines()
    assert lines[0].split() == [
        "provider",
        "model",
        "uses",
        "errors",
        "audio",
        "characters",
        "to",
        "text",
        "US",
        "dollars",
    ]
    assert lines[1].split() == ["deepgram", "nova-3", "2", "0", "2:00:00", "0", "0.50", "s", "2.50"]
    assert lines[2].split() == ["openai", "gpt-live-transcribe", "1", "1", "0:00:10", "0", "-", "0.00+"]
    assert lines[3].split()[:3] == ["total", "3", "1"]
    assert "+ 1 uses have no known price" in told.out
    assert f"{time.strftime('%Y-%m-%d', time.localtime(now - 1))}  █" in told.out
    assert lines[-1] == "Budget: $2.50 of $10.00 used this month (25 %)."
    assert program("usage", "--all", "--json").json()["total"]["usd"] == 11.5


def test_spans_of_time(program: Program, used) -> None:
    days = {day: time.mktime((2026, 3, day, 12, 0, 0, 0, 0, -1)) for day in (1, 15, 31)}
    for at in days.values():
        used("deepgram", usd=1.0, at=at)

    def uses(*options: str) -> int:
        total = program("usage", "--json", *options).json()["total"]
        return total["uses"] if total else 0

    assert uses("--month", "2026-03") == 3
    assert uses("--month", "2026-02") == 0
    assert uses("--since", "2026-03-15") == 2
    assert uses("--since", "2026-03-02", "--until", "2026-03-15") == 1
    for wrong in (("--month", "March"), ("--since", "2026-13-01"), ("--month", "2026-03", "--since", "2026-03-01")):
        ran = program("usage", *wrong)
        assert (ran.status, ran.out) == (2, "")


def test_clearing(program: Program, used) -> None:
    assert "Nothing was used" in program("usage").err
    used("deepgram", 3)
    assert program("usage", "--clear", stdin="n\n").status == 130
    assert "3 uses were deleted" in program("usage", "--clear", "--yes").err
    assert program("usage", "--json").json()["total"] is None


async def test_a_program_that_uses_the_library(home: Path, usage) -> None:
    async with DeepgramServer(recognise=scripted(["good morning"])) as server:
        own = {"deepgram": {"base_url": server.url, "api_key": server.key}}
        async with VoiceProcessor("deepgram", config=own) as processor:
            pcm = recording("hello_test").pcm
            async with processor.streaming("pcm") as live:
                await live.send(pcm)
                await live.stop()
                assert [r.text async for r in live.results() if r.is_final] == ["good morning"]
            await processor.synthesize("Hello world.")
            assert processor.get_usage_stats()["tts_characters"] == 12
    book().settle()
    live_use, speech = usage.totals(By.WORK, By.PROVIDER)
    assert live_use.key == (Work.DICTATION, "deepgram")
    assert live_use.seconds == pytest.approx(len(pcm) / 32_000, abs=0.2)
    assert (speech.key, speech.characters, speech.usd) == ((Work.SPEECH, "system"), 12, 0.0)
    assert speech.seconds > 0.3
