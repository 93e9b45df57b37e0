"""How servers that call themselves compatible differ from OpenAI, as data.

Sources: OpenAI's Python SDK 3.52.0; the realtime sources of vLLM and Speaches; LiveKit's client for gateways; all read
in November 2026.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Shape(StrEnum):
    """Which messages are spoken."""

    GA = "ga"
    """OpenAI's own since May 2026: ``session.update`` with ``audio.input``."""
    BETA = "beta"
    """The older flat ``session.update``."""
    VLLM = "vllm"
    """``transcription.delta`` and ``transcription.done``; one utterance per connection."""


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    title: str
    help: str = ""
    shape: Shape = Shape.GA
    rate: int = 24_000
    """Samples per second of PCM."""
    model_in_url: bool = False
    intent_in_url: bool = True
    key_header: str = "Authorization"
    mints: bool = False
    """Gives out client secrets, which also tests key, rights and settings at no cost."""


DIALECTS = {
    dialect.name: dialect
    for dialect in (
        Dialect(name="openai", title="OpenAI", mints=True),
        Dialect(
            name="gateway",
            title="Gateway to OpenAI",
            help="As OpenAI, with the model in the address.",
            model_in_url=True,
        ),
        Dialect(
            name="azure",
            title="Azure OpenAI",
            help="Address https://RESOURCE.openai.azure.com/openai/v1; the model is the name of the deployment.",
            key_header="api-key",
        ),
        Dialect(
            name="speaches",
            title="Speaches",
            help="Self-hosted; the older messages, model in the address.",
            shape=Shape.BETA,
            model_in_url=True,
        ),
        Dialect(
            name="vllm",
            title="vLLM",
            help="Self-hosted; a new connection for every utterance.",
            shape=Shape.VLLM,
            rate=16_000,
            intent_in_url=False,
        ),
    )
}
