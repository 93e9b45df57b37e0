"""What the settings make of sessions: who stands in, and when idle connections are closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from debabelizer import registry
from debabelizer.config import Settings
from debabelizer.contract import EpochContext, KeepAlive, StreamLimits
from debabelizer.dictation.assembly import open_session, policy_of, stand_ins

CHEAP, COSTLY = StreamLimits(), StreamLimits(idle_costs=True)
RENEWED = StreamLimits(idle_s=180.0, keep_alive=KeepAlive.NONE)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("DEBABELIZER_HOME", str(tmp_path))
    made = Settings.load(tmp_path / "settings.toml", environ={})
    made.set("secrets.store", "memory")
    return made


@pytest.mark.parametrize(
    ("choice", "cheap", "costly", "renewed"),
    [("automatic", None, 120.0, 3600.0), ("never", None, None, None), ("5", 300.0, 300.0, 300.0)],
)
def test_when_idle_connections_are_closed(
    settings: Settings, choice: str, cheap: float | None, costly: float | None, renewed: float | None
) -> None:
    settings.set("session.idle_close", choice)
    policy = policy_of(settings)
    assert [policy.idle_close(limits) for limits in (CHEAP, COSTLY, RENEWED)] == [cheap, costly, renewed]


@pytest.mark.parametrize(("name", "costs"), [("deepgram", True), ("elevenlabs", True), ("openai", False)])
def test_vendors_say_whether_idling_costs(settings: Settings, name: str, costs: bool) -> None:
    settings.set(f"providers.{name}.api_key", "a-key")
    provider = registry.load(name)
    assert provider.stream(settings.stream_options(name), EpochContext()).limits.idle_costs is costs


def test_only_who_could_listen_stands_in(settings: Settings) -> None:
    assert stand_ins(settings, "elevenlabs") == ()
    settings.set("session.failover", ["deepgram", "sphinx", "openai"])
    assert stand_ins(settings, "elevenlabs") == ("sphinx",)
    settings.set("providers.openai.api_key", "a-key")
    assert stand_ins(settings, "elevenlabs") == ("sphinx", "openai")
    assert stand_ins(settings, "sphinx") == ("openai",)


async def test_a_session_begins_with_the_chosen_provider(settings: Settings) -> None:
    settings.set("session.failover", ["sphinx"])
    session = open_session(settings, "elevenlabs")
    assert session.provider == "elevenlabs"
    await session.abort()
