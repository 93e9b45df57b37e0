"""What OpenAI offers and costs, as dated data.

Sources: the vendor's guides on realtime transcription, models and deprecations, its OpenAPI description of 21 August
2026, its Python SDK 3.52.0, read until November 2026. The list of languages is that of its speech-to-text guide.
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
from debabelizer_providers.openai.dialects import DIALECTS
from debabelizer_providers.openai.file_settings import FILE_MODELS, FILE_SETTINGS, TRANSLATOR
from debabelizer_providers.openai.pause_settings import PAUSE_SETTINGS
from debabelizer_providers.openai.talents import TALENTS

NAME = "openai"
BASE_URL = "https://api.openai.com/v1"

_LANGUAGES = """
af ar az be bg bs ca cs cy da de el en es et fa fi fr gl he hi hr hu hy id is it ja kk kn ko lt lv mi mk mr ms ne nl no
pl pt ro ru sk sl sr sv sw ta th tl tr uk ur vi zh
"""
LANGUAGES = tuple(_LANGUAGES.split())
OTHER_NAMES = {"nb": "no", "nn": "no", "fil": "tl", "iw": "he", "in": "id", "cmn": "zh"}
"""BCP 47 subtags for which the vendor has another code."""


_ENDS = "Ends on 26 February 2027."
_MODELS = (
    Model(
        name="gpt-live-transcribe",
        title="GPT Live Transcribe",
        help="Words while you speak; takes a word list and several languages.",
    ),
    Model(name="gpt-realtime-whisper", title="GPT Realtime Whisper", help="Words while you speak; delay to choose."),
    Model(name="gpt-transcribe", title="GPT Transcribe", help="Cheapest; text only after each commit."),
    Model(name="gpt-4o-transcribe", title="GPT-4o Transcribe", help=_ENDS),
    Model(name="gpt-4o-mini-transcribe", title="GPT-4o mini Transcribe", help=_ENDS),
    Model(name="gpt-4o-mini-transcribe-2025-12-15", title="GPT-4o mini Transcribe (December 2025)", help=_ENDS),
    Model(name="whisper-1", title="Whisper", help=_ENDS),
)
_FILE_MODELS = (Model(name="gpt-4o-transcribe-diarize", title="GPT-4o Transcribe Diarize", help=f"For files. {_ENDS}"),)

_ACCOUNT = (
    Setting(
        key="api_key",
        kind=Kind.SECRET,
        title="API key",
        help="From your OpenAI project. A server of your own may need none.",
        env=("OPENAI_API_KEY",),
        group="Account",
        reconnects=True,
    ),
    Setting(
        key="base_url",
        kind=Kind.URL,
        title="Other address",
        help="Address of a compatible server or gateway, up to and with its /v1. The key is sent there.",
        default="",
        env=("OPENAI_BASE_URL",),
        group="Account",
        reconnects=True,
    ),
    Setting(
        key="dialect",
        kind=Kind.CHOICE,
        title="Kind of server",
        help="What answers at the other address. The realtime protocol differs from server to server.",
        default="openai",
        choices=tuple(Choice(dialect.name, dialect.title, dialect.help) for dialect in DIALECTS.values()),
        group="Account",
        reconnects=True,
    ),
    Setting(
        key="organization",
        kind=Kind.TEXT,
        title="Organization",
        help="Only where the key belongs to several.",
        default="",
        env=("OPENAI_ORG_ID",),
        group="Account",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="project",
        kind=Kind.TEXT,
        title="Project",
        help="The project that is billed, where it is not the key's own.",
        default="",
        env=("OPENAI_PROJECT_ID",),
        group="Account",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="client_secret",
        kind=Kind.BOOL,
        title="Connect with a client secret",
        help="Asks for a short-lived secret first, so that the key never travels with the audio. At OpenAI only.",
        default=False,
        group="Account",
        advanced=True,
        reconnects=True,
    ),
)

_OWN = Unless("other_model")
_FILES_ALONE = "The model for live recognition does not know it: it counts for recordings only."
_NO_PROMPT = "This model takes no prompt."
_PROMPT = Needs(
    "model",
    tuple(name for name, talents in TALENTS.items() if talents.prompt),
    _NO_PROMPT,
    (_OWN, Unless("file_model", tuple(name for name, model in FILE_MODELS.items() if model.prompt), _FILES_ALONE)),
)
_CONTEXT = Needs("model", tuple(name for name, its in TALENTS.items() if its.prompt == "text"), _NO_PROMPT, (_OWN,))

_RECOGNITION = (
    Setting(
        key="model",
        kind=Kind.CHOICE,
        title="Model",
        help="The first two show words while you speak, the others after each commit.",
        default="gpt-live-transcribe",
        choices=tuple(Choice(model.name, model.title, model.help) for model in _MODELS),
        group="Recognition",
        reconnects=True,
    ),
    Setting(
        key="other_model",
        kind=Kind.TEXT,
        title="Other model",
        help="Name of a model that is not in the list, as on a server of your own; at Azure, of the deployment.",
        default="",
        group="Recognition",
        reconnects=True,
    ),
    Setting(
        key="vocabulary",
        kind=Kind.BOOL,
        title="Send the word list",
        help="As keywords or, with older models, in the prompt. GPT Realtime Whisper takes none.",
        default=True,
        group="Recognition",
        reconnects=True,
    ),
    Setting(
        key="prompt",
        kind=Kind.TEXT,
        title="Prompt",
        help="What the speech is about, for models that take a prompt.",
        default="",
        needs=(_PROMPT,),
        group="Recognition",
        reconnects=True,
    ),
    Setting(
        key="context",
        kind=Kind.BOOL,
        title="Send the words before",
        help="Gives the last words already written to a new connection in the prompt, for models that take one.",
        default=False,
        needs=(_CONTEXT,),
        group="Recognition",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="delay",
        kind=Kind.CHOICE,
        title="Delay",
        help="Waiting longer before words are shown makes them more accurate. GPT Realtime Whisper only.",
        default="",
        choices=(
            Choice("", "As the vendor sets it"),
            Choice("minimal", "Shortest"),
            Choice("low", "Short"),
            Choice("medium", "Medium"),
            Choice("high", "Long"),
            Choice("xhigh", "Longest"),
        ),
        needs=(
            Needs(
                "model",
                ("gpt-realtime-whisper",),
                "Only GPT Realtime Whisper knows this setting.",
                (_OWN,),
            ),
        ),
        group="Recognition",
        reconnects=True,
    ),
    Setting(
        key="noise_reduction",
        kind=Kind.CHOICE,
        title="Noise reduction",
        help="Done by OpenAI before recognition.",
        default="off",
        choices=(
            Choice("off", "Off"),
            Choice("near_field", "For a headset"),
            Choice("far_field", "For a microphone in the room"),
        ),
        group="Recognition",
        reconnects=True,
    ),
    Setting(
        key="noise_strength",
        kind=Kind.FLOAT,
        title="Strength of the noise reduction",
        help="1 is the vendor's own.",
        needs=(Needs("noise_reduction", ("near_field", "far_field"), "The noise reduction is off."),),
        default=1.0,
        minimum=0.0,
        maximum=1.0,
        group="Recognition",
        advanced=True,
        reconnects=True,
    ),
)

_TRANSPORT = (
    Setting(
        key="audio_format",
        kind=Kind.CHOICE,
        title="Audio sent",
        help="µ-law saves bandwidth on a thin line. Other servers take PCM, at the rate of their kind.",
        default="pcm",
        choices=(Choice("pcm", "24 kHz, 64 kB/s"), Choice("pcmu", "8 kHz µ-law, 11 kB/s")),
        group="Connection",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="rate",
        kind=Kind.INT,
        title="Sample rate of another server",
        help="0: as is usual for its kind. Audio at the wrong rate gives wrong words and no error.",
        default=0,
        minimum=0,
        maximum=48_000,
        unit="Hz",
        group="Connection",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="longest_connection_min",
        kind=Kind.INT,
        title="Longest connection",
        help="OpenAI ends a connection after 60 minutes; a new one takes over before. 0: no limit.",
        default=60,
        minimum=0,
        maximum=1440,
        unit="min",
        group="Connection",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="answer_s",
        kind=Kind.FLOAT,
        title="Patience after a commit",
        help="How long the final text may take before the audio is sent again.",
        default=10.0,
        minimum=2.0,
        maximum=120.0,
        unit="s",
        group="Connection",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="errors_end",
        kind=Kind.BOOL,
        title="Reconnect after any error",
        help="The vendor says that most errors leave a connection usable; other programs reconnect after each.",
        default=False,
        group="Connection",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="replay_speed",
        kind=Kind.FLOAT,
        title="Catch-up speed",
        help="Times real time at which audio is sent after a lost connection. The vendor names no limit.",
        default=8.0,
        minimum=1.0,
        maximum=100.0,
        group="Connection",
        advanced=True,
        reconnects=True,
    ),
)


def _price(usd_per_minute: float, what: str, *models: str) -> Price:
    return Price(
        usd=round(usd_per_minute * 60, 3),
        what=what,
        read_on="2026-10-31",
        source="articles on the vendor's prices of October 2026",
        models=models,
    )


DESCRIPTION = ProviderDescription(
    name=NAME,
    title="OpenAI",
    summary="Accurate recognition, live and of files, also through gateways and servers of your own; no word times.",
    place=Place.CLOUD,
    abilities=frozenset({Ability.STREAM, Ability.FILES}),
    settings=_ACCOUNT + _RECOGNITION + FILE_SETTINGS + PAUSE_SETTINGS + _TRANSPORT,
    models=_MODELS + _FILE_MODELS,
    default_model="gpt-live-transcribe",
    languages=(
        *(Language(tag) for tag in LANGUAGES),
        *(Language(tag, vendor) for tag, vendor in OTHER_NAMES.items() if tag in ("nb", "nn", "fil")),
    ),
    detects_language=True,
    translates_into=("en",),
    translates_alone=True,
    translation_model=TRANSLATOR,
    keyless=("base_url",),
    word_list=WordList(),
    features=frozenset({Feature.PARTIALS, Feature.PUNCTUATION, Feature.PAUSES}),
    prices=(
        _price(0.017, "GPT Live Transcribe, GPT Realtime Whisper", "gpt-live-transcribe", "gpt-realtime-whisper"),
        _price(0.0045, "GPT Transcribe", "gpt-transcribe"),
        _price(0.006, "GPT-4o Transcribe (estimate of the vendor's), Whisper"),
        _price(0.003, "GPT-4o mini Transcribe (estimate of the vendor's)", "gpt-4o-mini-transcribe"),
    ),
    key_url="https://platform.openai.com/api-keys",
    privacy="Audio and text go to OpenAI under your project's data controls, or to the server at the address you give.",
    facts_date="2026-11-20",
)
