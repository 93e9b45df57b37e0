"""Which provider suits a wish best: one table, best first, with what each order rests on (read 2026-11-21)."""

from __future__ import annotations

RANKING: dict[str, tuple[str, ...]] = {
    # Deepgram, Google, Azure in the order that Debabelizer 1.x published; ElevenLabs (Scribe v2) and OpenAI
    # (gpt-transcribe) by the word error rates their vendors publish, Soniox and Cartesia by independent comparisons.
    "quality": ("elevenlabs", "deepgram", "google", "openai", "soniox", "azure", "cartesia", "whisper", "sphinx"),
    # List prices of streaming in the providers' descriptions, US dollars per hour; a local engine costs nothing.
    "cost": ("whisper", "soniox", "cartesia", "deepgram", "openai", "elevenlabs", "azure", "google", "sphinx"),
    # Deepgram, Soniox, Azure as in 1.x; the others by the time to a final that their vendors state.
    "latency": ("deepgram", "soniox", "cartesia", "elevenlabs", "azure", "openai", "google", "whisper", "sphinx"),
    # Deepgram, Google, Azure, Whisper as in 1.x; the others by their mean place in the orders above.
    "balanced": ("deepgram", "elevenlabs", "soniox", "google", "azure", "openai", "cartesia", "whisper", "sphinx"),
}
