"""Servers that speak OpenAI's protocol, or nearly."""

from __future__ import annotations

from contextlib import suppress

import pytest

from debabelizer.errors import ConfigurationError
from debabelizer.events import ErrorOccurred, Notice, SessionState
from fakes.openai_server import Behaviour, OpenAIServer
from fakes.openai_talk import talk
from fakes.recognisers import numbered, numbered_audio
from fakes.talk import words


@pytest.mark.parametrize("dialect", ["gateway", "azure", "speaches", "vllm"])
async def test_other_servers(dialect: str) -> None:
    model = "local-model" if dialect in ("speaches", "vllm") else ""
    behaviours = [Behaviour(drop_after_s=2.0), Behaviour()]
    async with (
        OpenAIServer(numbered, behaviours, dialect=dialect) as server,
        talk(server, other_model=model, vocabulary=("Okafor",)) as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 5))
        assert await it.commit() == words(0, 5)
        await it.say(numbered_audio(5, 15))
        assert await it.commit() == words(5, 15)
        await it.say(numbered_audio(20, 5))
        await it.session.disconnect()
        assert it.text == words(0, 25)
        assert bool(it.of(Notice)) == (dialect == "vllm"), "it takes no word list"


async def test_vllm_shows_words_while_they_are_spoken_and_survives_its_errors() -> None:
    behaviours = [Behaviour(error="processing_error", error_after_s=1.5), Behaviour()]
    async with (
        OpenAIServer(numbered, behaviours, dialect="vllm") as server,
        talk(server, other_model="local-model") as it,
    ):
        await it.session.connect()
        await it.say(numbered_audio(0, 10))
        await it.until(lambda t: t.text.startswith("w0 w1"))
        assert await it.commit() == words(0, 10)
        assert it.text == words(0, 10)
    async with OpenAIServer(dialect="vllm") as server, talk(server, other_model="no-such-model") as it:
        with suppress(ConfigurationError):  # the refusal may come before or after readiness
            await it.session.connect()
        await it.until(lambda t: t.session.state is SessionState.FAILED)
        assert "no-such-model" in it.of(ErrorOccurred)[-1].error.message


async def test_an_own_server_needs_no_key() -> None:
    async with (
        OpenAIServer(numbered, dialect="vllm", key="") as server,
        talk(server, api_key="", other_model="local-model") as it,
    ):
        await it.session.connect()
        assert "authorization" not in server.connections[0].headers
