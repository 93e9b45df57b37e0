"""Would it work now? Has half a second of silence recognised: that needs the very rights dictation needs and costs next
to nothing."""

from __future__ import annotations

import struct

import httpx

from debabelizer.contract import Health, HealthState, StreamOptions
from debabelizer.errors import ConfigurationError, ConnectionError, ProviderError, Remedy
from debabelizer_providers.cartesia.connect import WHISPER_MODEL, Plan, headers, plan
from debabelizer_providers.cartesia.description import NAME
from debabelizer_providers.cartesia.trouble import http_error

_ANSWER_S = 15.0
_SAMPLES = 8000


async def check(options: StreamOptions, http: httpx.AsyncClient) -> Health:
    """Tells missing key, wrong key, used-up credits, no network and bad settings apart."""
    try:
        wanted = plan(options)
        await _ask(http, wanted)
    except ConfigurationError as error:
        missing = error.remedy is Remedy.SET_KEY
        return Health(HealthState.NOT_CONFIGURED if missing else HealthState.FAILED, error.message, error)
    except ProviderError as error:
        return Health(HealthState.FAILED, error.message, error)
    return Health(HealthState.OK, f"The key works at {httpx.URL(wanted.base_url).host}.")


async def _ask(http: httpx.AsyncClient, wanted: Plan) -> None:
    """By the model that takes files; there is no other way to ask without a live connection."""
    host = httpx.URL(wanted.base_url).host
    try:
        answer = await http.post(
            f"{wanted.base_url}/stt",
            headers=headers(wanted, wanted.key),
            data={"model": WHISPER_MODEL, "language": wanted.language},
            files={"file": ("silence.wav", _silence(), "audio/wav")},
            timeout=_ANSWER_S,
        )
    except httpx.TimeoutException as problem:
        raise ConnectionError(f"{host} did not answer in {_ANSWER_S:g} s.", NAME) from problem
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise ConnectionError(f"{host} cannot be reached: {problem}", NAME) from problem
    if answer.status_code != 200:
        raise http_error(answer.status_code, answer.content)


def _silence() -> bytes:
    """A WAV file."""
    size = 2 * _SAMPLES
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 16_000, 32_000, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE") + form + struct.pack("<4sI", b"data", size) + bytes(size)
