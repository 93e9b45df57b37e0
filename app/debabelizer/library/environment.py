"""The environment variables of the library's configuration, by section and key. First one set wins."""

from __future__ import annotations

VARIABLES: dict[str, dict[str, tuple[str, ...]]] = {
    "preferences": {
        "stt_provider": ("DEBABELIZER_STT_PROVIDER",),
        "tts_provider": ("DEBABELIZER_TTS_PROVIDER",),
        "auto_select": ("DEBABELIZER_AUTO_SELECT",),
        "optimize_for": ("DEBABELIZER_OPTIMIZE_FOR",),
    },
    "soniox": {"api_key": ("SONIOX_API_KEY",), "model": ("SONIOX_MODEL",)},
    "deepgram": {
        "api_key": ("DEEPGRAM_API_KEY",),
        "model": ("DEEPGRAM_MODEL",),
        "language": ("DEEPGRAM_LANGUAGE",),
    },
    "elevenlabs": {
        "api_key": ("ELEVENLABS_API_KEY",),
        "model": ("ELEVENLABS_MODEL",),
        "default_voice_id": ("ELEVENLABS_VOICE_ID",),
    },
    "openai": {
        "api_key": ("OPENAI_API_KEY",),
        "model": ("OPENAI_MODEL",),
        "tts_model": ("OPENAI_TTS_MODEL",),
        "tts_voice": ("OPENAI_TTS_VOICE",),
    },
    "openai_whisper": {"api_key": ("OPENAI_API_KEY",), "model": ("OPENAI_WHISPER_MODEL",)},
    "azure": {
        "api_key": ("AZURE_SPEECH_KEY", "AZURE_SPEECH_SUBSCRIPTION_KEY"),
        "region": ("AZURE_SPEECH_REGION",),
    },
    "google": {
        "credentials_path": ("GOOGLE_APPLICATION_CREDENTIALS",),
        "project_id": ("GOOGLE_CLOUD_PROJECT",),
    },
    "cartesia": {"api_key": ("CARTESIA_API_KEY",)},
}

STT_PROVIDERS = (
    "elevenlabs",
    "deepgram",
    "soniox",
    "google",
    "azure",
    "cartesia",
    "openai",
    "openai_whisper",
    "whisper",
    "sphinx",
)
"""Names of 1.x and of today, in the order in which the first configured one is taken: that of the providers' table."""
TTS_PROVIDERS = ("elevenlabs", "openai", "google", "azure", "cartesia", "deepgram", "system")
NEEDS_NO_KEY = frozenset({"whisper", "sphinx", "system"})
