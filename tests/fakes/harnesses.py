"""One small class for each provider of the table; the contract suite puts every one of them through everything."""

from __future__ import annotations

from collections.abc import Mapping

from grpc import StatusCode

from fakes import (
    azure_server,
    cartesia_server,
    deepgram_server,
    elevenlabs_server,
    google_server,
    openai_server,
    soniox_server,
)
from fakes.harness import Cloud, Harness, Local
from fakes.recordings import TINY_WHISPER


class ElevenLabs(Cloud):
    provider = "elevenlabs"
    server = elevenlabs_server.ElevenLabsServer
    behaviour = elevenlabs_server.Behaviour
    no_quota: Mapping[str, object] = {"credits_left": False}


class Deepgram(Cloud):
    provider = "deepgram"
    server = deepgram_server.DeepgramServer
    behaviour = deepgram_server.Behaviour
    no_quota: Mapping[str, object] = {"balance_left": False}


class Soniox(Cloud):
    provider = "soniox"
    server = soniox_server.SonioxServer
    behaviour = soniox_server.Behaviour
    no_quota: Mapping[str, object] = {"balance_left": False}


class Google(Cloud):
    provider = "google"
    server = google_server.GoogleServer
    behaviour = google_server.Behaviour
    no_quota: Mapping[str, object] = {
        "behaviours": [
            google_server.Behaviour(refuse=StatusCode.PERMISSION_DENIED, reason="BILLING_DISABLED"),
        ]
    }
    settings: Mapping[str, object] = {"project": "proj-1"}


class Azure(Cloud):
    provider = "azure"
    server = azure_server.AzureServer
    behaviour = azure_server.Behaviour
    no_quota: Mapping[str, object] = {"free_hours_left": False}


class Cartesia(Cloud):
    provider = "cartesia"
    server = cartesia_server.CartesiaServer
    behaviour = cartesia_server.Behaviour
    no_quota: Mapping[str, object] = {"credits_left": False}


class OpenAI(Cloud):
    provider = "openai"
    server = openai_server.OpenAIServer
    behaviour = openai_server.Behaviour
    no_quota: Mapping[str, object] = {"credits_left": False}


class Whisper(Local):
    provider = "whisper"
    recordings = (("send_message", None), ("hello_test", None), ("save_and_close", None))
    most_wrong = 0.15
    settings: Mapping[str, object] = {"folder": str(TINY_WHISPER), "device": "cpu", "cpu_threads": 1}


class Sphinx(Local):
    provider = "sphinx"
    recordings = (("long_silences", 2),)
    most_wrong = 0.34


_KINDS = (ElevenLabs, Deepgram, Soniox, Google, Azure, Cartesia, OpenAI, Whisper, Sphinx)
HARNESSES: dict[str, Harness] = {kind.provider: kind() for kind in _KINDS}
