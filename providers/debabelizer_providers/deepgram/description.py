"""What Deepgram offers and costs, as dated data.

Sources: the vendor's live and Flux references, changelogs and price page, its API specifications and its Python SDK
7.17.0, read between July and November 2026.
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
from debabelizer_providers.deepgram.file_settings import FILE_SETTINGS
from debabelizer_providers.deepgram.languages import PRIMARY_TAGS

NAME = "deepgram"

REGIONS = {
    "global": "https://api.deepgram.com",
    "eu": "https://api.eu.deepgram.com",
    "au": "https://api.au.deepgram.com",
    "in": "https://api.in.deepgram.com",
}

MOST_TERMS = 100
MOST_TOKENS = 500
"""Of all key terms together."""


_OTHER = (Unless("other_model"),)
_NOVA = (Needs("model", ("nova-3", "nova-3-medical", "nova-2"), "Flux does not know this setting.", _OTHER),)
_FLUX = (Needs("model", ("flux-general-en", "flux-general-multi"), "Only Flux knows this setting.", _OTHER),)


def _flag(
    key: str,
    title: str,
    help_: str,
    *,
    default: bool = False,
    advanced: bool = False,
    needs: tuple[Needs, ...] = (),
) -> Setting:
    return Setting(
        key=key,
        kind=Kind.BOOL,
        title=title,
        help=help_,
        default=default,
        group="Recognition",
        advanced=advanced,
        reconnects=True,
        needs=needs,
    )


_CONNECTION = (
    Setting(
        key="api_key",
        kind=Kind.SECRET,
        title="API key",
        help="From your Deepgram project; the role “Member” or any other that may transcribe.",
        env=("DEEPGRAM_API_KEY",),
        group="Account",
        reconnects=True,
    ),
    Setting(
        key="region",
        kind=Kind.CHOICE,
        title="Region",
        help="Where speech is processed. The same key works in all of them.",
        default="global",
        choices=(
            Choice("global", "Automatic"),
            Choice("eu", "European Union"),
            Choice("au", "Australia"),
            Choice("in", "India"),
        ),
        group="Account",
        reconnects=True,
    ),
    Setting(
        key="base_url",
        kind=Kind.URL,
        title="Other address",
        help="Address of a self-hosted Deepgram or of a company's own gateway, in place of the region's. "
        "The key is sent there.",
        default="",
        group="Account",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="short_lived_token",
        kind=Kind.BOOL,
        title="Connect with a short-lived token",
        help="Asks for a token that is good for half a minute, so that the key never travels with the audio. "
        "The key needs the right to make tokens.",
        default=False,
        group="Account",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="model_improvement",
        kind=Kind.BOOL,
        title="Let Deepgram learn from what is sent",
        help="Off leaves the model improvement programme, which may change the price.",
        default=True,
        group="Account",
        reconnects=True,
    ),
    Setting(
        key="tags",
        kind=Kind.LIST,
        title="Labels in the usage report",
        help="Every connection carries them in Deepgram's own statistics.",
        default=[],
        group="Account",
        advanced=True,
        reconnects=True,
    ),
)

_MODELS = (
    Model(name="nova-3", title="Nova-3", help="The most accurate for dictation."),
    Model(name="nova-3-medical", title="Nova-3 Medical", help="English medical language.", languages=("en",)),
    Model(name="nova-2", title="Nova-2", help="The model before."),
    Model(
        name="flux-general-en",
        title="Flux English",
        help="Made for conversations: knows when a turn is over. Silence is sent, and billed, while it is connected.",
        languages=("en",),
    ),
    Model(
        name="flux-general-multi",
        title="Flux Multilingual",
        help="Flux for ten languages, told apart by itself.",
        languages=("de", "en", "es", "fr", "hi", "it", "ja", "nl", "pt", "ru"),
    ),
)

_RECOGNITION = (
    Setting(
        key="model",
        kind=Kind.CHOICE,
        title="Model",
        help="Nova is for dictation, Flux for conversations.",
        default="nova-3",
        choices=tuple(Choice(model.name, model.title, model.help) for model in _MODELS),
        group="Recognition",
        reconnects=True,
    ),
    Setting(
        key="other_model",
        kind=Kind.TEXT,
        title="Other model",
        help="Name of a model that is not in the list, such as one trained for you. One that begins with “flux-” is "
        "spoken to as Flux is.",
        default="",
        group="Recognition",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="version",
        kind=Kind.TEXT,
        title="Model version",
        help="Empty: the latest.",
        default="",
        group="Recognition",
        advanced=True,
        reconnects=True,
        needs=_NOVA,
    ),
    _flag(
        "vocabulary",
        "Send the word list",
        f"Sends the vocabulary as key terms: at most {MOST_TERMS}, and about {MOST_TOKENS} syllables in all.",
        default=True,
    ),
    _flag(
        "smart_format",
        "Format numbers and dates",
        "Writes dates, times, sums and addresses as usual.",
        default=True,
        needs=_NOVA,
    ),
    _flag(
        "punctuate", "Punctuation and capitals", "Puts in punctuation and capital letters.", default=True, needs=_NOVA
    ),
    _flag("dictation", "Spoken punctuation", "Turns “comma” and “new line” into signs. English only.", needs=_NOVA),
    _flag("numerals", "Numbers as digits", "Writes “nine hundred” as 900."),
    _flag(
        "filler_words",
        "Keep fillers",
        "Writes “uh” and “um”, too. Not documented for live use.",
        advanced=True,
        needs=_NOVA,
    ),
    _flag("profanity_filter", "Hide swear words", "Puts asterisks in their place."),
    Setting(
        key="diarize",
        kind=Kind.CHOICE,
        title="Tell speakers apart",
        help="Numbers the speaker of each word. Costs more.",
        default="off",
        choices=(Choice("off", "No"), Choice("latest", "Yes"), Choice("v1", "Yes, first version")),
        group="Recognition",
        reconnects=True,
        needs=_NOVA,
    ),
    Setting(
        key="redact",
        kind=Kind.LIST,
        title="Redact",
        help="Kinds of content to take out of the text, such as pci, numbers, ssn. Flux knows numbers and "
        "aggressive_numbers.",
        default=[],
        group="Recognition",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="replace",
        kind=Kind.LIST,
        title="Find and replace",
        help="Entries of the form heard:written.",
        default=[],
        group="Recognition",
        advanced=True,
        reconnects=True,
        needs=_NOVA,
    ),
    _flag(
        "language_hints",
        "Name the languages expected",
        "With several languages, tells which. Newer than the published reference of Nova; switch it off where the "
        "connection is refused.",
        default=True,
        advanced=True,
        needs=_NOVA,
    ),
    _flag(
        "no_delay",
        "Do not wait for formatting",
        "Faster, less well formatted. Not documented.",
        advanced=True,
        needs=_NOVA,
    ),
)

_PAUSES = (
    Setting(
        key="endpointing",
        kind=Kind.BOOL,
        title="Finals at pauses in manual mode, too",
        help="Off, Nova makes text final when you stop or when it has heard enough; on, also at each pause.",
        default=False,
        group="Pauses",
        advanced=True,
        reconnects=True,
        needs=_NOVA,
    ),
    Setting(
        key="speech_events",
        kind=Kind.BOOL,
        title="Report starts and ends of speech",
        help="Nova says when it hears someone begin and end.",
        default=False,
        group="Pauses",
        advanced=True,
        reconnects=True,
        needs=_NOVA,
    ),
    Setting(
        key="eot_threshold",
        kind=Kind.FLOAT,
        title="End of turn",
        help="How sure Flux must be that a turn is over; 1 ends turns only by hand where the server knows that.",
        default=0.7,
        minimum=0.5,
        maximum=1.0,
        group="Pauses",
        advanced=True,
        reconnects=True,
        needs=_FLUX,
    ),
)

_TRANSPORT = (
    Setting(
        key="audio_format",
        kind=Kind.CHOICE,
        title="Audio sent",
        help="16 kHz is best; the others save bandwidth on a thin line.",
        default="pcm_16000",
        choices=(
            Choice("pcm_16000", "16 kHz, 32 kB/s"),
            Choice("pcm_8000", "8 kHz, 16 kB/s"),
            Choice("mulaw_8000", "8 kHz µ-law, 8 kB/s"),
        ),
        group="Connection",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="replay_speed",
        kind=Kind.FLOAT,
        title="Catch-up speed",
        help="Times real time at which audio is sent after a lost connection. Deepgram names 1.25 as the limit; a "
        "self-hosted one may take more.",
        default=1.25,
        minimum=1.0,
        maximum=20.0,
        group="Connection",
        advanced=True,
        reconnects=True,
    ),
)

_PRICE_DATE = "2026-11-20"
_PRICE_SOURCE = "https://deepgram.com/pricing"


def _price(per_minute: float, what: str, ability: Ability | None, *models: str, added: bool = False) -> Price:
    return Price(
        usd=round(per_minute * 60, 3),
        what=what,
        read_on=_PRICE_DATE,
        source=_PRICE_SOURCE,
        ability=ability,
        models=models,
        added=added,
    )


DESCRIPTION = ProviderDescription(
    name=NAME,
    title="Deepgram",
    summary="Fast, inexpensive recognition in some sixty languages, live and of files; needs a key and a network.",
    place=Place.CLOUD,
    abilities=frozenset({Ability.STREAM, Ability.FILES}),
    settings=_CONNECTION + _RECOGNITION + _PAUSES + _TRANSPORT + FILE_SETTINGS,
    models=_MODELS,
    default_model="nova-3",
    languages=(
        *(Language(tag) for tag in PRIMARY_TAGS),
        Language("nb", "no"),
        Language("nn", "no"),
        Language("fil", "tl"),
        Language("yue", "zh-HK"),
    ),
    detects_language=True,
    word_list=WordList(terms=MOST_TERMS),
    features=frozenset(Feature),
    prices=(
        _price(0.0048, "Nova-3, one language", Ability.STREAM),
        _price(0.0058, "Nova-3, several languages", Ability.STREAM),
        _price(0.0065, "Flux English", Ability.STREAM, "flux-general-en"),
        _price(0.0078, "Flux Multilingual", Ability.STREAM, "flux-general-multi"),
        _price(0.0020, "added by telling speakers apart", None, added=True),
        _price(0.0077, "recordings, Nova-3, one language", Ability.FILES),
        _price(0.0092, "recordings, Nova-3, several languages", Ability.FILES),
    ),
    key_url="https://console.deepgram.com/",
    privacy="Audio goes to Deepgram in the region chosen, and may be kept to improve its models unless that is "
    "switched off.",
    facts_date="2026-11-20",
)
