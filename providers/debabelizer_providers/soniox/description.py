"""What Soniox offers and costs, as dated data.

Sources: the vendor's documentation of the real-time and async interfaces, its price page and its Python SDK 2.10, read
in November 2026.
"""

from __future__ import annotations

from debabelizer.contract import (
    Ability,
    Choice,
    Feature,
    Kind,
    Language,
    Model,
    Needs,
    Place,
    Price,
    ProviderDescription,
    Setting,
    Unless,
    WordList,
)
from debabelizer_providers.soniox.languages import CODES

NAME = "soniox"

REGIONS = {"us": "soniox.com", "eu": "eu.soniox.com", "jp": "jp.soniox.com"}
"""Domains; the services are hosts in them."""
REGION_TITLES = {"us": "United States", "eu": "European Union", "jp": "Japan"}

MOST_CONTEXT = 10_000
"""Characters of word list and background together ..."""
MOST_CONTEXT_TOKENS = 8_000
"""... and tokens."""
WORD_LIST = WordList(total=MOST_CONTEXT)


def _setting(key: str, kind: Kind, title: str, help_: str, default: object, group: str, **more: object) -> Setting:
    return Setting(key=key, kind=kind, title=title, help=help_, default=default, group=group, reconnects=True, **more)  # type: ignore[arg-type]


_ACCOUNT = (
    _setting(
        "api_key",
        Kind.SECRET,
        "API key",
        "From your Soniox project. Each project has keys of its own, and a region.",
        None,
        "Account",
        env=("SONIOX_API_KEY",),
    ),
    _setting(
        "region",
        Kind.CHOICE,
        "Region",
        "Where speech is processed: the region of the project that the key belongs to.",
        "us",
        "Account",
        choices=tuple(Choice(region, title) for region, title in REGION_TITLES.items()),
    ),
    _setting(
        "base_url",
        Kind.URL,
        "Other address",
        "Address of another Soniox or of a company's own gateway, in place of the region's. The key is sent there.",
        "",
        "Account",
        advanced=True,
    ),
    _setting(
        "short_lived_token",
        Kind.BOOL,
        "Connect with a short-lived token",
        "Asks for a temporary key that is good for one connection, so that the key never travels with the audio. "
        "The key needs the permission to make temporary keys.",
        False,
        "Account",
        advanced=True,
    ),
    _setting(
        "label",
        Kind.TEXT,
        "Label in the usage log",
        "Every connection and every file carries it in Soniox's own log. At most 256 characters.",
        "",
        "Account",
        advanced=True,
    ),
)

_LIVE_MODELS = (Model(name="stt-rt-v5", title="Soniox v5 Real-time", help="All languages, mixed as they come."),)
_FILE_MODELS = (Model(name="stt-async-v5", title="Soniox v5 Async", help="For whole recordings."),)

_RECOGNITION = (
    _setting(
        "model",
        Kind.CHOICE,
        "Model",
        "One model knows all languages.",
        "stt-rt-v5",
        "Recognition",
        choices=tuple(Choice(model.name, model.title, model.help) for model in _LIVE_MODELS),
    ),
    _setting(
        "other_model",
        Kind.TEXT,
        "Other model",
        "Name of a model that is not in the list.",
        "",
        "Recognition",
        advanced=True,
    ),
    _setting(
        "only_these_languages",
        Kind.BOOL,
        "Only the languages chosen",
        "Off, the languages you chose are hints, and others are understood, too. Works best with one language.",
        True,
        "Recognition",
    ),
    _setting(
        "language_identification",
        Kind.BOOL,
        "Name the language of each segment",
        "Soniox tells which language it heard.",
        True,
        "Recognition",
    ),
    _setting(
        "vocabulary",
        Kind.BOOL,
        "Send the word list",
        f"Sends the vocabulary as terms: about {MOST_CONTEXT} characters, with the background below.",
        True,
        "Recognition",
    ),
    _setting(
        "background",
        Kind.TEXT,
        "Background",
        "What the recordings are about, in your own words or as notes: it helps with names and technical terms.",
        "",
        "Recognition",
    ),
    _setting(
        "facts",
        Kind.LIST,
        "Facts",
        "Entries of the form name:value, such as domain:Medicine or speaker:Dr. Okafor.",
        [],
        "Recognition",
        advanced=True,
    ),
    _setting(
        "diarize",
        Kind.BOOL,
        "Tell speakers apart",
        "Numbers the speaker of each word, up to 15. The numbers begin anew with each connection.",
        False,
        "Recognition",
    ),
    _setting(
        "translation",
        Kind.LIST,
        "Translate into",
        "One language: all that is said is translated into it. Two: each of them into the other. The translation "
        "is shown beside the transcript and never becomes part of it. Not for files.",
        [],
        "Recognition",
        advanced=True,
    ),
    _setting(
        "translation_terms",
        Kind.LIST,
        "Translations of terms",
        "Entries of the form term=translation.",
        [],
        "Recognition",
        advanced=True,
    ),
)

_AT_PAUSES = (
    Needs("dictation.commit", ("pause",), "It matters only where segments end at pauses.", (Unless("endpointing"),)),
)
_PAUSES = (
    _setting(
        "endpointing",
        Kind.BOOL,
        "Finals at pauses in manual mode, too",
        "Off, text becomes final when you stop or when Soniox has heard enough; on, also at each pause.",
        False,
        "Pauses",
        advanced=True,
    ),
    _setting(
        "endpoint_sensitivity",
        Kind.FLOAT,
        "Eagerness to end a segment",
        "Above 0, segments end sooner; below 0, later. Models before v5 refuse anything but 0.",
        0.0,
        "Pauses",
        minimum=-1.0,
        maximum=1.0,
        advanced=True,
        needs=_AT_PAUSES,
    ),
    _setting(
        "endpoint_latency",
        Kind.CHOICE,
        "Speed of segment ends",
        "Higher ends segments faster and less surely.",
        "auto",
        "Pauses",
        choices=(Choice("auto", "Automatic"), *(Choice(str(level), str(level)) for level in range(4))),
        advanced=True,
        needs=_AT_PAUSES,
    ),
)

_CONNECTION = (
    _setting(
        "audio_format",
        Kind.CHOICE,
        "Audio sent",
        "16 kHz is best; the others save bandwidth on a thin line.",
        "pcm_16000",
        "Connection",
        choices=(
            Choice("pcm_16000", "16 kHz, 32 kB/s"),
            Choice("pcm_8000", "8 kHz, 16 kB/s"),
            Choice("mulaw_8000", "8 kHz µ-law, 8 kB/s"),
        ),
        advanced=True,
    ),
    _setting(
        "replay_speed",
        Kind.FLOAT,
        "Catch-up speed",
        "Times real time at which audio is sent after a lost connection. Soniox asks for near real time and names no "
        "number.",
        1.5,
        "Connection",
        minimum=1.0,
        maximum=50.0,
        advanced=True,
    ),
)

_FILES = (
    _setting(
        "file_model",
        Kind.CHOICE,
        "Model",
        "For whole recordings.",
        "stt-async-v5",
        "Files",
        choices=tuple(Choice(model.name, model.title, model.help) for model in _FILE_MODELS),
    ),
    _setting(
        "file_other_model",
        Kind.TEXT,
        "Other model",
        "Name of a model that is not in the list.",
        "",
        "Files",
        advanced=True,
    ),
)

_PRICE_DATE = "2026-11-20"
_PRICE_SOURCE = "https://soniox.com/pricing"

DESCRIPTION = ProviderDescription(
    name=NAME,
    title="Soniox",
    summary="Accurate, inexpensive live recognition in some sixty languages, mixed as they come; needs a key and a "
    "network.",
    place=Place.CLOUD,
    abilities=frozenset({Ability.STREAM, Ability.FILES}),
    settings=_ACCOUNT + _RECOGNITION + _PAUSES + _CONNECTION + _FILES,
    models=_LIVE_MODELS + _FILE_MODELS,
    default_model="stt-rt-v5",
    languages=(
        *(Language(code) for code in CODES),
        Language("nb", "no"),
        Language("nn", "no"),
        Language("fil", "tl"),
    ),
    detects_language=True,
    translates_into=tuple(CODES),
    word_list=WORD_LIST,
    features=frozenset(Feature) - {Feature.PROFANITY},
    prices=(
        Price(
            usd=0.12, what="live, while connected", read_on=_PRICE_DATE, source=_PRICE_SOURCE, ability=Ability.STREAM
        ),
        Price(usd=0.10, what="files", read_on=_PRICE_DATE, source=_PRICE_SOURCE, ability=Ability.FILES),
    ),
    key_url="https://console.soniox.com/",
    privacy="Audio goes to Soniox in the region chosen and is not used to train its models; "
    "recordings sent whole are deleted there as soon as their text has come.",
    facts_date="2026-11-20",
)
