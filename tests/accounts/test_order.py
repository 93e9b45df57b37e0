"""Who is taken by which strategy, and what was measured here counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from debabelizer.config.selection import choose, explain, for_recordings
from debabelizer.contract.description import Ability
from debabelizer.errors import ConfigurationError
from fakes.recordings import TINY_WHISPER

KEYS = {f"providers__{name}__api_key": "a-key-of-mine" for name in ("elevenlabs", "deepgram", "soniox", "openai")}


@pytest.mark.parametrize(
    ("strategy", "taken"),
    [
        ("first", "elevenlabs"),
        ("quality", "elevenlabs"),
        ("cost", "soniox"),
        ("latency", "deepgram"),
        ("balanced", "deepgram"),
    ],
)
def test_every_strategy_takes_its_own(settings, strategy: str, taken: str) -> None:
    choice = explain(settings(selection__strategy=strategy, **KEYS))
    assert (choice.selection.provider, choice.strategy) == (taken, strategy)
    assert {step.provider for step in choice.steps} >= {"whisper", "sphinx", "azure"}
    assert [step.fits for step in choice.steps if step.provider == "azure"] == [False]


def test_what_costs_nothing_comes_first_where_money_counts(settings) -> None:
    model = {"providers__whisper__folder": str(TINY_WHISPER)}
    assert choose(settings(selection__strategy="cost", **KEYS, **model)).provider == "whisper"


def test_the_users_own_prices_count(settings) -> None:
    mine = {"usage__prices": ["deepgram=0.01", "soniox/stt-rt=9"]}
    assert choose(settings(selection__strategy="cost", **KEYS, **mine)).provider == "deepgram"


def test_the_quicker_one_here_comes_first(settings, used) -> None:
    used("deepgram", 3, answered=0.9)
    used("openai", 3, answered=0.2)
    used("elevenlabs", 2, answered=0.01)  # too few to count
    choice = explain(settings(selection__strategy="latency", **KEYS))
    assert choice.selection.provider == "openai"
    assert choice.selection.reason == "automatic: OpenAI has a key; text came after 0.20 s here"
    assert choose(settings(selection__strategy="quality", **KEYS)).provider == "elevenlabs"


def test_the_balance_heeds_what_is_quick_here(settings, used) -> None:
    used("deepgram", 3, answered=2.0)
    used("elevenlabs", 3, answered=0.2)
    used("openai", 3, answered=0.3)
    choice = explain(settings(selection__strategy="balanced", **KEYS))
    assert choice.selection.provider == "elevenlabs"
    assert "text came after 0.20 s here" in choice.selection.reason
    assert [step.provider for step in choice.steps][:3] == ["elevenlabs", "deepgram", "soniox"], "it only moves"


def test_a_recording_is_sent_live_where_nobody_takes_files(settings) -> None:
    named = settings(selection__strategy="cost", **KEYS, providers__azure__api_key="k", providers__azure__region="eu")
    live, files = (explain(named, ability) for ability in (Ability.STREAM, for_recordings(named)))
    assert {step.provider for step in files.steps} >= {step.provider for step in live.steps}
    order = [step.provider for step in files.steps]
    assert order.index("azure") < order.index("deepgram"), "Azure's files cost less than its live speech"
    order = [step.provider for step in live.steps]
    assert order.index("azure") > order.index("deepgram")


def test_one_that_fails_again_and_again_comes_last(settings, used) -> None:
    used("elevenlabs", 3, error="network")
    used("elevenlabs", 2)
    choice = explain(settings(selection__strategy="quality", **KEYS))
    assert choice.selection.provider == "deepgram"
    assert choice.steps[-1].provider == "elevenlabs"
    assert "failed in 3 of its last 5 uses" in choice.steps[-1].why
    assert choose(settings(**KEYS)).provider == "elevenlabs", "the plain order stays as it is"


def test_it_comes_back_when_it_works_again(settings, used) -> None:
    used("elevenlabs", 15, error="network", at=1_700_000_000.0)
    used("elevenlabs", 15)
    assert choose(settings(selection__strategy="quality", **KEYS)).provider == "elevenlabs"


def test_only_on_this_computer(settings) -> None:
    assert choose(settings(selection__offline=True, **KEYS)).provider == "sphinx"
    model = {"providers__whisper__folder": str(TINY_WHISPER)}
    assert (
        choose(settings(selection__offline=True, selection__strategy="quality", **KEYS, **model)).provider == "whisper"
    )
    assert choose(settings(selection__offline=True, languages=["ru"], **KEYS)).provider == "sphinx"


def test_a_named_provider_is_not_asked_about(settings) -> None:
    choice = explain(settings(provider="openai", selection__offline=True, selection__strategy="cost"))
    assert (choice.selection.provider, choice.strategy) == ("openai", "")
    assert choice.selection.reason == "chosen by the code"


def test_a_price_that_is_none_is_refused_with_an_example(settings) -> None:
    (problem,) = settings(usage__prices=["deepgram: a lot"]).problems
    assert "deepgram/nova-3=0.26" in str(problem)
    with pytest.raises(ConfigurationError, match="is not like"):
        settings().set("usage.prices", "0.26")


def test_a_record_that_can_not_be_read_is_as_good_as_none(settings, home: Path) -> None:
    (home / "data" / "usage.sqlite3").mkdir(parents=True)
    assert choose(settings(selection__strategy="latency", **KEYS)).provider == "deepgram"


def test_the_command_line_explains_it(program) -> None:
    program.env |= {"DEEPGRAM_API_KEY": "a-key-of-mine", "SONIOX_API_KEY": "another-one"}
    told = program("--set", "selection.strategy=cost", "providers", "--why")
    assert told.status == 0
    assert "Looked at by strategy: cost (selection.strategy, command line)" in told.out
    assert "* soniox" in told.out
    assert told.out.index("soniox") < told.out.index("deepgram")
    data = program("--set", "selection.strategy=cost", "providers", "--why", "--json").json()
    assert data["selection"]["provider"] == "soniox"
    assert [step["provider"] for step in data["steps"] if step["fits"]] == ["soniox", "deepgram", "sphinx"]
    files = program("--set", "selection.strategy=cost", "providers", "--why", "--files").out
    assert "$0.462 per hour" in files
    assert "$0.462 per hour" not in told.out
    assert program("providers", "deepgram", "--why").status == 2
    assert program("providers", "--files").status == 2
