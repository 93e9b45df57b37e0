"""The local server speaks to the vendor's own SDK: what passes here is not our reading of a document alone."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from debabelizer.audio.wav import header
from fakes.cartesia_server import Behaviour, CartesiaServer
from fakes.recognisers import RATE, numbered, numbered_audio

SILENCE = bytes(RATE * 2)


def client(server: CartesiaServer, key: str | None = None) -> Any:
    from cartesia import AsyncCartesia

    return AsyncCartesia(api_key=key or server.key, base_url=server.url, max_retries=0)


@asynccontextmanager
async def listening(server: CartesiaServer, kind: str = "manual_finalize", **options: Any) -> AsyncIterator[Any]:
    async with client(server) as sdk:
        given = {"model": "ink-2", "encoding": "pcm_s16le", "sample_rate": RATE, **options}
        async with getattr(sdk.stt, kind).websocket(**given) as connection:
            yield connection


async def say(connection: Any, pcm: bytes) -> None:
    for at in range(0, len(pcm), 3200):
        await connection.send_raw(pcm[at : at + 3200])


async def until(connection: Any, right: Any) -> Any:
    async with asyncio.timeout(10):
        while True:
            frame = await connection.recv()
            if right(frame):
                return frame


def final(frame: Any) -> bool:
    return frame.type == "transcript" and frame.is_final


async def test_interims_finals_and_the_acknowledgement() -> None:
    behaviours = [Behaviour(word_times="stream", cut_words=True)]
    async with CartesiaServer(recognise=numbered, behaviours=behaviours) as server:
        options = {"language": "en", "keyterm": ["Okafor", "Ada Lovelace"]}
        async with listening(server, **options) as connection:
            await say(connection, numbered_audio(0, 5))
            interim = await until(connection, lambda f: f.type == "transcript")
            assert not interim.is_final
            await connection.send("finalize")
            pieces = [await until(connection, final) for _ in range(2)]
            assert "".join(piece.text for piece in pieces) == "w0 w1 w2 w3 w4"
            first = pieces[0].words[0]
            assert (first.word, first.start, first.end) == ("w0", 0.025, 0.175)
            assert (await until(connection, lambda f: True)).type == "flush_done"
            await say(connection, numbered_audio(5, 2))
            await connection.send("close")
            tail = [await until(connection, final) for _ in range(2)]
            assert "".join(piece.text for piece in tail) == " w5 w6"
            assert (await until(connection, lambda f: f.type == "done")).request_id
        assert server.connections[0].commands == ["finalize", "close"]
        terms = [value for key, value in server.connections[0].query if key == "keyterm"]
        assert terms == ["Okafor", "Ada Lovelace"]
        assert server.problems == []


async def test_pauses_are_found_in_any_language() -> None:
    async with CartesiaServer(recognise=numbered) as server:
        options = {"language": "de", "max_silence_duration_secs": 0.5, "min_volume": 0.1}
        async with listening(server, **{"model": "ink-whisper", **options}) as connection:
            await say(connection, numbered_audio(0, 5) + SILENCE)
            assert (await until(connection, final)).language == "de"


async def test_turns() -> None:
    async with CartesiaServer(recognise=numbered, behaviours=[Behaviour(eager=True)]) as server:
        options = {"turn_end_timeout_ms": 900, "turn_end_threshold": 0.1, "keyterm": ["Okafor"]}
        async with listening(server, "auto_finalize", **options) as connection:
            assert (await until(connection, lambda f: True)).type == "connected"
            await connection.send({"type": "config", "turn": {"end_timeout_ms": 900}})
            await say(connection, numbered_audio(0, 5) + SILENCE[: RATE * 6 // 5] + numbered_audio(5, 3) + SILENCE)
            seen = []
            async with asyncio.timeout(10):
                while "turn.end" not in seen:
                    frame = await connection.recv()
                    seen.append(frame.type)
            assert frame.transcript == "w0 w1 w2 w3 w4 w5 w6 w7"
            assert [kind for kind in seen if kind != "turn.update"] == [
                "turn.start", "turn.eager_end", "turn.resume", "turn.eager_end", "turn.end",
            ]  # fmt: skip
            await say(connection, numbered_audio(8, 2))
            await connection.send({"type": "close"})
            last = [event async for event in connection][-1]
            assert (last.type, last.transcript) == ("turn.end", " w8 w9")
        assert server.problems == []


async def test_an_unknown_command_is_an_error_frame() -> None:
    async with CartesiaServer() as server, listening(server) as connection:
        await connection.send('"finalize"')
        error = await until(connection, lambda f: True)
        assert (error.type, error.status_code, error.error_code) == ("error", 400, "invalid_command")
        assert server.problems


@pytest.mark.parametrize(
    ("kind", "key", "options", "status"),
    [
        ("manual_finalize", "sk_car_wrong", {}, 401),
        ("manual_finalize", None, {"encoding": "opus"}, 400),
        ("manual_finalize", None, {"sample_rate": "many"}, 400),
        ("manual_finalize", None, {"language": "de"}, 400),
        ("manual_finalize", None, {"model": "ink-whisper", "keyterm": ["Okafor"]}, 400),
        ("manual_finalize", None, {"extra_headers": {"Cartesia-Version": "1999-01-01"}}, 400),
        ("auto_finalize", None, {"model": "ink-whisper"}, 400),
        ("auto_finalize", None, {"turn_end_threshold": 0.5}, 400),
        ("auto_finalize", None, {"turn_end_timeout_ms": 100}, 400),
    ],
)
async def test_refusals(kind: str, key: str | None, options: dict[str, Any], status: int) -> None:
    from websockets.exceptions import InvalidStatus

    async with CartesiaServer() as server, client(server, key) as sdk:
        given = {"model": "ink-2", "encoding": "pcm_s16le", "sample_rate": RATE, **options}
        with pytest.raises(InvalidStatus) as caught:
            async with getattr(sdk.stt, kind).websocket(**given):
                pass
        assert caught.value.response.status_code == status


async def test_a_granted_token_opens_and_one_without_the_grant_does_not() -> None:
    async with CartesiaServer() as server, client(server) as sdk:
        granted = await sdk.access_token.create(grants={"stt": True}, expires_in=60)
        assert server.admits({"authorization": f"Bearer {granted.token}"})
        bare = await sdk.access_token.create(expires_in=60)
        assert not server.admits({"authorization": f"Bearer {bare.token}"})


def _file(pcm: bytes) -> tuple[str, io.BytesIO]:
    return "speech.wav", io.BytesIO(header(len(pcm)) + pcm)


async def test_a_file_with_the_times_of_its_words() -> None:
    async with CartesiaServer(recognise=numbered) as server, client(server) as sdk:
        answer = await sdk.stt.transcribe(
            file=_file(numbered_audio(0, 3)), model="ink-whisper", language="de", timestamp_granularities=["word"]
        )
        assert (answer.text, answer.language, answer.duration) == ("w0 w1 w2", "de", pytest.approx(0.6))
        assert [word.word for word in answer.words] == ["w0", "w1", "w2"]
        bare = await sdk.stt.transcribe(file=_file(numbered_audio(0, 3)), model="ink-whisper")
        assert (bare.text, bare.words) == ("w0 w1 w2", None)


async def test_what_a_file_cannot_have() -> None:
    from cartesia import AuthenticationError, BadRequestError

    async with CartesiaServer() as server:
        async with client(server) as sdk:
            for options in ({"model": "ink-2"}, {"model": "ink-whisper", "language": "tlh"}):
                with pytest.raises(BadRequestError):
                    await sdk.stt.transcribe(file=_file(SILENCE), **options)
            with pytest.raises(BadRequestError):
                await sdk.stt.transcribe(file=("speech.wav", io.BytesIO(b"noise")), model="ink-whisper")
        async with client(server, "sk_car_wrong") as sdk:
            with pytest.raises(AuthenticationError):
                await sdk.stt.transcribe(file=_file(SILENCE), model="ink-whisper")
