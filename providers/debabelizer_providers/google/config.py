"""The recognition settings in the vendor's JSON, for both versions of its interface, and what each model takes.

Sources: ``google/cloud/speech/v2/cloud_speech.proto`` and ``v1``, the vendor's pages on models; that Chirp 3 refuses
the certainty of words, and where Chirp 2 and 3 are offered, is told by its refusals.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from debabelizer.contract import StreamOptions
from debabelizer_providers.google.description import TITLE, WORD_LIST
from debabelizer_providers.google.languages import vendor_code

Lookup = Callable[[StreamOptions, str], Any]
_MOST_REPLACEMENTS = 100


class Talents(msgspec.Struct, frozen=True, kw_only=True):
    """``homes``: where a model is offered, by the region the user chose."""

    chirp: bool = False
    detects: bool = False
    endpointing: bool = False
    confidence: bool = True
    speakers: bool = False
    """Of recordings, in version 2."""
    translates: bool = False
    prompts: bool = False
    spoken_signs: bool = True
    homes: dict[str, str] = {}


_TALENTS = {
    "chirp_3": Talents(
        chirp=True,
        detects=True,
        endpointing=True,
        confidence=False,
        speakers=True,
        prompts=True,
        spoken_signs=False,
        homes={"auto": "us", "global": "us", "us-central1": "us", "europe-west4": "eu"},
    ),
    "chirp_2": Talents(
        chirp=True,
        detects=True,
        translates=True,
        spoken_signs=False,
        homes={"auto": "us-central1", "global": "us-central1", "us": "us-central1", "eu": "europe-west4"},
    ),
}
_CLASSIC = Talents()
_OTHER_CHIRP = Talents(chirp=True, detects=True, spoken_signs=False, homes={"auto": "us", "global": "us"})


def talents_of(model: str) -> Talents:
    return _TALENTS.get(model) or (_OTHER_CHIRP if model.startswith("chirp") else _CLASSIC)


def config_v2(
    options: StreamOptions, setting: Lookup, model: str, languages: tuple[str, ...], talents: Talents, *, files: bool
) -> tuple[dict[str, Any], list[str]]:
    """RecognitionConfig, and what the user should know of it."""
    notices: list[str] = []

    def asked(value: object, able: bool, what: str) -> bool:
        """That the model cannot do what is wanted is told."""
        if value and not able:
            notices.append(f"Google's model {model} cannot {what}.")
        return bool(value) and able

    features: dict[str, Any] = {**_features(options, setting, talents, notices)}
    config: dict[str, Any] = {"model": model, "languageCodes": list(languages), "features": features}
    # no model does so live, which is not for this to tell: the front ends do, from the description
    if asked(files and setting(options, "diarize"), talents.speakers, "tell speakers apart"):
        features["diarizationConfig"] = {}
    if phrases := _phrases(options, setting, notices):
        boost = float(setting(options, "vocabulary_boost"))
        listed = [{"value": phrase, **({"boost": boost} if boost else {})} for phrase in phrases]
        config["adaptation"] = {"phraseSets": [{"inlinePhraseSet": {"phrases": listed}}]}
    if entries := _replacements(options, setting, notices):
        config["transcriptNormalization"] = {"entries": entries}
    language = vendor_code(options.translate_to) or str(setting(options, "translate_to")).strip()
    if asked(language, talents.translates, "translate"):
        config["translationConfig"] = {"targetLanguage": language}
    prompt = str(setting(options, "prompt")).strip()
    if asked(prompt, talents.prompts, "take instructions"):
        features["customPromptConfig"] = {"customPrompt": prompt}
    if asked(setting(options, "denoise"), talents.prompts, "remove noise"):
        config["denoiserConfig"] = {"denoiseAudio": True}
    return config, notices


def config_v1(
    options: StreamOptions, setting: Lookup, model: str, languages: tuple[str, ...], talents: Talents
) -> tuple[dict[str, Any], list[str]]:
    notices: list[str] = []
    config: dict[str, Any] = {
        "model": model,
        "languageCode": languages[0],
        **_features(options, setting, talents, notices),
    }
    if len(languages) > 1:
        config["alternativeLanguageCodes"] = list(languages[1:])
    if setting(options, "diarize"):
        config["diarizationConfig"] = {"enableSpeakerDiarization": True}
    if phrases := _phrases(options, setting, notices):
        boost = float(setting(options, "vocabulary_boost"))
        config["speechContexts"] = [{"phrases": phrases, **({"boost": boost} if boost else {})}]
    given = {"replace": "find and replace", "translate_to": "translate", "prompt": "take instructions",
             "denoise": "remove noise"}  # fmt: skip
    notices += [
        f"Version 1 of Google's interface cannot {what}." for key, what in given.items() if setting(options, key)
    ]
    return config, notices


def _features(options: StreamOptions, setting: Lookup, talents: Talents, notices: list[str]) -> dict[str, Any]:
    """What has the same name in both versions."""
    features = {
        "enableAutomaticPunctuation": bool(setting(options, "punctuate")),
        "enableWordTimeOffsets": bool(setting(options, "word_times")),
        "enableWordConfidence": bool(setting(options, "word_confidence")) and talents.confidence,
        "profanityFilter": bool(setting(options, "profanity_filter")),
    }
    for key, name in (("spoken_punctuation", "enableSpokenPunctuation"), ("spoken_emojis", "enableSpokenEmojis")):
        if not setting(options, key):
            continue
        if talents.spoken_signs:
            features[name] = True
        else:
            notices.append("Google's Chirp models do not turn spoken names of signs into signs.")
    return {name: on for name, on in features.items() if on}


def _phrases(options: StreamOptions, setting: Lookup, notices: list[str]) -> list[str]:
    if not setting(options, "vocabulary"):
        return []
    fitted = WORD_LIST.fit(options.vocabulary)
    notices += fitted.notices(TITLE)
    return list(fitted.terms)


def _replacements(options: StreamOptions, setting: Lookup, notices: list[str]) -> list[dict[str, Any]]:
    pairs = [str(entry).partition(":") for entry in setting(options, "replace")]
    entries = [{"search": heard.strip(), "replace": written.strip()} for heard, colon, written in pairs
               if colon and 0 < len(heard.strip()) <= 100 and len(written.strip()) <= 100]  # fmt: skip
    if len(entries) < len(pairs) or len(entries) > _MOST_REPLACEMENTS:
        entries = entries[:_MOST_REPLACEMENTS]
        notices.append(f"Google took {len(entries)} of {len(pairs)} replacements: each must read heard:written.")
    return entries
