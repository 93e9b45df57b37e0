"""The providers that come with the program: one line each, imported when asked for, in order of preference."""

from __future__ import annotations

PROVIDERS: dict[str, str] = {
    "elevenlabs": "debabelizer_providers.elevenlabs:ElevenLabs",
    "deepgram": "debabelizer_providers.deepgram:Deepgram",
    "soniox": "debabelizer_providers.soniox:Soniox",
    "google": "debabelizer_providers.google:Google",
    "azure": "debabelizer_providers.azure:Azure",
    "cartesia": "debabelizer_providers.cartesia:Cartesia",
    "openai": "debabelizer_providers.openai:OpenAI",
    "whisper": "debabelizer_providers.whisper:Whisper",
    "sphinx": "debabelizer_providers.sphinx:Sphinx",
    "system": "debabelizer_providers.system:SystemVoice",
}
