"""What Cartesia offers and costs, as dated data.

Sources: the vendor's documentation of its speech-to-text endpoints, models, turns, key terms, concurrency and prices,
and its Python SDK 4.2.0, read in November 2026.
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
    WordList,
)
from debabelizer_providers.cartesia.languages import RENAMED, TAGS

NAME = "cartesia"
BASE_URL = "https://api.cartesia.ai"
LATEST_API = "2026-08-14"

WORD_LIST = WordList(terms=100, total=1200)

_CONNECTION = (
    Setting(
        key="api_key",
        kind=Kind.SECRET,
        title="API key",
        help="From your Cartesia account.",
        env=("CARTESIA_API_KEY",),
        group="Account",
        reconnects=True,
    ),
    Setting(
        key="base_url",
        kind=Kind.URL,
        title="Other address",
        help="Address of a company's own gateway, in place of Cartesia's. The key is sent there.",
        default="",
        env=("CARTESIA_BASE_URL",),
        group="Account",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="short_lived_token",
        kind=Kind.BOOL,
        title="Connect with a short-lived token",
        help="Asks for a token that is good for a minute, so that the key never travels with the audio.",
        default=False,
        group="Account",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="api_version",
        kind=Kind.CHOICE,
        title="Date of the API",
        help="Which edition of its protocol Cartesia, or a gateway, is asked to speak.",
        default=LATEST_API,
        choices=(
            Choice(LATEST_API, "14 August 2026"),
            Choice("2026-03-01", "1 March 2026"),
            Choice("2025-04-16", "16 April 2025", "Closes with another word, and acknowledges before it answers."),
        ),
        group="Account",
        advanced=True,
        reconnects=True,
    ),
)

_MODELS = (
    Model(name="ink-2", title="Ink-2", help="The newest and most accurate. English.", languages=("en",)),
    Model(name="ink-whisper", title="Ink-Whisper", help="A hundred languages, one at a time; no word list."),
    Model(name="ink-whisper-2025-06-04", title="Ink-Whisper, as of 4 June 2025", help="The same, never changing."),
)

_INK_2 = Needs("model", ("auto", "ink-2"), "Only Ink-2 knows this setting.")
_TURNS = (_INK_2, Needs("dictation.commit", ("pause",), "It matters only where segments end at pauses."))
_WHISPER = (Needs("model", ("auto", "ink-whisper", "ink-whisper-2025-06-04"), "Only Ink-Whisper knows this setting."),)

_RECOGNITION = (
    Setting(
        key="model",
        kind=Kind.CHOICE,
        title="Model",
        help="Automatic: Ink-2 for English, Ink-Whisper for any other language.",
        default="auto",
        choices=(Choice("auto", "Automatic"), *(Choice(model.name, model.title, model.help) for model in _MODELS)),
        group="Recognition",
        reconnects=True,
    ),
    Setting(
        key="other_model",
        kind=Kind.TEXT,
        title="Other model",
        help="Name of a model that is not in the list.",
        default="",
        group="Recognition",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="vocabulary",
        kind=Kind.BOOL,
        title="Send the word list",
        help=f"Sends the vocabulary as key terms: at most {WORD_LIST.terms}, and {WORD_LIST.total} characters in all.",
        default=True,
        group="Recognition",
        needs=(_INK_2,),
        reconnects=True,
    ),
)


def _threshold(
    key: str,
    title: str,
    help_: str,
    default: float,
    minimum: float,
    maximum: float,
    needs: tuple[Needs, ...] = _TURNS,
) -> Setting:
    return Setting(
        key=key,
        kind=Kind.FLOAT,
        title=title,
        help=help_,
        default=default,
        minimum=minimum,
        maximum=maximum,
        group="Pauses",
        needs=needs,
        advanced=True,
        reconnects=True,
    )


_PAUSES = (
    Setting(
        key="turns",
        kind=Kind.BOOL,
        title="Ink-2 finds the pauses",
        help="Where segments end at pauses: by what is said, not by silence alone. Off: this program listens for them.",
        default=True,
        group="Pauses",
        needs=_TURNS,
        reconnects=True,
    ),
    _threshold("turn_start_threshold", "Start of turn", "How sure Ink-2 must be that someone speaks.", 0.8, 0.5, 0.9),
    _threshold(
        "turn_eager_end_threshold",
        "Early end of turn",
        "Below this Ink-2 supposes that a turn is over. Lies between the other two.",
        0.4,
        0.3,
        0.6,
    ),
    _threshold("turn_end_threshold", "End of turn", "Below this Ink-2 ends the turn.", 0.2, 0.05, 0.5),
    _threshold(
        "min_volume",
        "Least volume",
        "What is softer counts as silence; 0: as the vendor sets it.",
        0.0,
        0.0,
        1.0,
        _WHISPER,
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
        help="Times real time at which audio is sent after a lost connection. The vendor names no limit; where Ink-2 "
        "finds the pauses, it is 2 at most.",
        default=8.0,
        minimum=1.0,
        maximum=100.0,
        group="Connection",
        advanced=True,
        reconnects=True,
    ),
)

_FILES = (
    Setting(
        key="file_model",
        kind=Kind.CHOICE,
        title="Model for files",
        help="Ink-2 takes no recordings.",
        default="ink-whisper",
        choices=tuple(Choice(model.name, model.title) for model in _MODELS if model.name != "ink-2"),
        group="Files",
    ),
)

_PRICE_SOURCE = "https://docs.cartesia.ai/pricing (credits), the vendor's announcement of Ink-Whisper (their price)"


def _price(credits_per_second: float, what: str, ability: Ability, *models: str) -> Price:
    """Credits cost by the plan; an hour of Ink-Whisper, a credit each second, was announced as $0.13 with Scale."""
    return Price(
        usd=round(0.13 * credits_per_second, 3),
        what=what,
        read_on="2026-11-20",
        source=_PRICE_SOURCE,
        ability=ability,
        models=models,
    )


DESCRIPTION = ProviderDescription(
    name=NAME,
    title="Cartesia",
    summary="Very fast live recognition: Ink-2 for English, Ink-Whisper for a hundred languages; needs a key and a "
    "network.",
    place=Place.CLOUD,
    abilities=frozenset({Ability.STREAM, Ability.FILES}),
    settings=_CONNECTION + _RECOGNITION + _PAUSES + _TRANSPORT + _FILES,
    models=_MODELS,
    default_model="ink-2",
    languages=(*(Language(tag) for tag in TAGS), *(Language(tag, vendor) for tag, vendor in RENAMED.items())),
    detects_language=False,
    most_languages=1,
    word_list=WORD_LIST,
    features=frozenset({Feature.PARTIALS, Feature.WORD_TIMES, Feature.PUNCTUATION, Feature.PAUSES}),
    prices=(
        _price(3.0, "Ink-2, 3 credits a second, with the Scale plan", Ability.STREAM, "ink-2"),
        _price(1.0, "Ink-Whisper, 1 credit a second, with the Scale plan", Ability.STREAM),
        _price(0.5, "recordings, 1 credit for two seconds, with the Scale plan", Ability.FILES),
    ),
    key_url="https://play.cartesia.ai/keys",
    privacy="Audio goes to Cartesia and is kept as its terms for your plan say. Silence is billed, too.",
    facts_date="2026-11-20",
)
