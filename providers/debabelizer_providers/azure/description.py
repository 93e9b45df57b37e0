"""What Azure Speech offers and costs, as dated data.

Sources: the vendor's pages on languages, regions, quotas, phrase lists, language identification and fast transcription,
its JavaScript SDK and what its Python SDK 1.53 sends, read and observed in November 2026.
"""

from __future__ import annotations

from debabelizer.contract import (
    Ability,
    Choice,
    Feature,
    FreeHours,
    Kind,
    Language,
    Model,
    Needs,
    Place,
    Price,
    ProviderDescription,
    Setting,
    WordList,
)
from debabelizer_providers.azure.file_settings import FILE_SETTINGS, TRANSLATES_INTO
from debabelizer_providers.azure.languages import PRIMARY_TAGS

NAME = "azure"

WORD_LIST = WordList(terms=500)
"""Newer pages say 2,000; the older number works with both."""
MOST_LANGUAGES = 10
MOST_LANGUAGES_AT_START = 4


def _flag(key: str, title: str, help_: str, *, default: bool = False, group: str = "Recognition") -> Setting:
    return Setting(key=key, kind=Kind.BOOL, title=title, help=help_, default=default, group=group, reconnects=True)


def _choice(
    key: str, title: str, help_: str, *choices: Choice, group: str = "Recognition", rare: bool = False
) -> Setting:
    """The first choice is the default."""
    return Setting(
        key=key,
        kind=Kind.CHOICE,
        title=title,
        help=help_,
        default=choices[0].value,
        choices=choices,
        group=group,
        advanced=rare,
        reconnects=True,
    )


_ACCOUNT = (
    Setting(
        key="api_key",
        kind=Kind.SECRET,
        title="API key",
        help="One of the two keys of your Speech resource.",
        env=("AZURE_SPEECH_KEY", "SPEECH_KEY"),
        group="Account",
        reconnects=True,
    ),
    Setting(
        key="region",
        kind=Kind.TEXT,
        title="Region",
        help="Where your Speech resource is, such as westeurope. A key works in its own region only.",
        default="eastus",
        env=("AZURE_SPEECH_REGION", "SPEECH_REGION"),
        group="Account",
        reconnects=True,
    ),
    Setting(
        key="base_url",
        kind=Kind.URL,
        title="Other address",
        help="Endpoint of a resource with a domain of its own, of a container, or of a company's own gateway, in place "
        "of the region's. The key is sent there.",
        default="",
        group="Account",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="short_lived_token",
        kind=Kind.BOOL,
        title="Connect with a short-lived token",
        help="Asks for a token that is good for ten minutes, so that the key never travels with the audio.",
        default=False,
        group="Account",
        advanced=True,
        reconnects=True,
    ),
    _flag(
        "logging", "Let Azure keep what is sent", "Audio and text are kept for you for thirty days.", group="Account"
    ),
)

_RECOGNITION = (
    _choice(
        "model",
        "Model",
        "What the speech is like.",
        Choice("conversation", "Conversation", "Free speech; punctuation comes by itself."),
        Choice("dictation", "Dictation", "Spoken punctuation counts: “comma”, “full stop”, “new line”."),
    ),
    Setting(
        key="custom_model",
        kind=Kind.TEXT,
        title="Custom model",
        help="Endpoint id of a custom speech model; it decides the language. Empty: the standard models.",
        default="",
        group="Recognition",
        advanced=True,
        reconnects=True,
    ),
    _flag(
        "vocabulary",
        "Send the word list",
        f"Sends the vocabulary as a phrase list: at most {WORD_LIST.terms} terms.",
        default=True,
    ),
    Setting(
        key="vocabulary_weight",
        kind=Kind.FLOAT,
        title="Weight of the word list",
        help="How strongly words of the list are preferred; 0 not at all, 2 most.",
        default=1.0,
        minimum=0.0,
        maximum=2.0,
        group="Recognition",
        advanced=True,
        reconnects=True,
        needs=(Needs("vocabulary", ("True",), "The word list is not sent."),),
    ),
    _choice(
        "punctuation",
        "Punctuation",
        "Where punctuation comes from.",
        Choice("auto", "As the model does it"),
        Choice("implicit", "By itself"),
        Choice("explicit", "Spoken only"),
        Choice("intelligent", "Both"),
        Choice("none", "None"),
    ),
    _choice(
        "profanity",
        "Swear words",
        "What becomes of them.",
        Choice("masked", "Asterisks"),
        Choice("removed", "Leave out"),
        Choice("raw", "Write as said"),
    ),
    _flag("true_text", "Leave out fillers", "Drops “uh”, false starts and repetitions."),
    _flag(
        "diarize", "Tell speakers apart", "Numbers the speaker of each segment, afresh for each connection. Costs more."
    ),
    Setting(
        key="candidates",
        kind=Kind.LANGUAGES,
        title="Languages to choose from",
        help=f"What automatic recognition of the language chooses from, at most {MOST_LANGUAGES}: Azure cannot tell "
        "all languages apart.",
        default=["en", "es", "de", "fr", "it", "pt", "ru", "zh", "ja", "hi"],
        group="Recognition",
        reconnects=True,
    ),
    _choice(
        "identification",
        "Language is recognised",
        "Where several languages are chosen, or none. Costs more.",
        Choice("continuous", "All the time", "It may change within a sentence."),
        Choice("start", "Once", f"At the start of each utterance, among at most {MOST_LANGUAGES_AT_START}."),
    ),
    _flag("interim_results", "Text while you speak", "Shows what is understood so far.", default=True),
    Setting(
        key="stable_partials",
        kind=Kind.INT,
        title="Steadier text while you speak",
        help="How many times a word must come back before it is shown; 0 leaves it to Azure.",
        default=0,
        minimum=0,
        maximum=20,
        group="Recognition",
        advanced=True,
        reconnects=True,
    ),
)

_PAUSES = (
    Setting(
        key="endpointing",
        kind=Kind.BOOL,
        title="Finals at pauses in manual mode, too",
        help="Off, Azure makes text final when you stop, at pauses of five seconds, or when it has heard enough; on, "
        "also at each pause.",
        default=False,
        group="Pauses",
        advanced=True,
        reconnects=True,
    ),
    _choice(
        "segmentation",
        "Automatic commits",
        "How Azure finds the end of a segment when it may end segments itself.",
        Choice("silence", "By silence"),
        Choice("semantic", "By meaning", "At the end of a sentence; not in all languages."),
        group="Pauses",
        rare=True,
    ),
)

_CONNECTION = (
    _choice(
        "audio_format",
        "Audio sent",
        "16 kHz is best; the others save bandwidth on a thin line.",
        Choice("pcm_16000", "16 kHz, 32 kB/s"),
        Choice("pcm_8000", "8 kHz, 16 kB/s"),
        Choice("mulaw_8000", "8 kHz µ-law, 8 kB/s"),
        group="Connection",
        rare=True,
    ),
    Setting(
        key="replay_speed",
        kind=Kind.FLOAT,
        title="Catch-up speed",
        help="Times real time at which audio is sent after a lost connection. Azure's own programs send twice as fast.",
        default=2.0,
        minimum=1.0,
        maximum=20.0,
        group="Connection",
        advanced=True,
        reconnects=True,
    ),
    _choice(
        "interface",
        "Service",
        "Which of Azure's two live services is used.",
        Choice("auto", "Automatic", "The newer one where speakers or languages are told apart."),
        Choice("classic", "Classic"),
        Choice("universal", "Universal"),
        group="Connection",
        rare=True,
    ),
)

_PRICE_DATE = "2026-11-20"
_PRICE_SOURCE = "https://azure.microsoft.com/pricing/details/cognitive-services/speech-services/"


def _price(usd: float, what: str, ability: Ability | None = None, *, added: bool = False) -> Price:
    return Price(usd=usd, what=what, read_on=_PRICE_DATE, source=_PRICE_SOURCE, ability=ability, added=added)


_MODELS = (
    Model(name="conversation", title="Conversation", help="Free speech; punctuation comes by itself."),
    Model(name="dictation", title="Dictation", help="Spoken punctuation counts: “comma”, “full stop”, “new line”."),
)

DESCRIPTION = ProviderDescription(
    name=NAME,
    title="Azure Speech",
    summary="Over eighty languages, live and of files, in a region you choose; needs a key and a network.",
    place=Place.CLOUD,
    abilities=frozenset({Ability.STREAM, Ability.FILES}),
    settings=_ACCOUNT + _RECOGNITION + _PAUSES + _CONNECTION + FILE_SETTINGS,
    models=_MODELS,
    default_model="conversation",
    languages=(
        *(Language(tag) for tag in PRIMARY_TAGS),
        Language("no", "nb-NO"),
        Language("nn", "nb-NO"),
        Language("tl", "fil-PH"),
    ),
    detects_language=True,
    translates_into=TRANSLATES_INTO,
    translates_alone=True,
    most_languages=MOST_LANGUAGES,
    word_list=WORD_LIST,
    features=frozenset(Feature),
    free=FreeHours(hours=5, what="with a free (F0) resource, live speech", read_on=_PRICE_DATE, source=_PRICE_SOURCE),
    prices=(
        _price(1.00, "live", Ability.STREAM),
        _price(0.30, "added by recognising the language", added=True),
        _price(0.30, "added by telling speakers apart", added=True),
        _price(0.36, "recordings, fast transcription", Ability.FILES),
    ),
    key_url="https://portal.azure.com/#create/Microsoft.CognitiveServicesSpeechServices",
    privacy="Audio goes to Microsoft in the region of your resource, and is not kept unless you allow it.",
    facts_date="2026-11-20",
)
