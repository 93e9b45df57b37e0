"""What Google Cloud Speech-to-Text offers and costs, as dated data.

Sources: the vendor's protocol definitions of versions 1 and 2 (August 2026), its pages on models, quotas and prices,
and its Python package 2.41.0, read in November 2026.
"""

from __future__ import annotations

from debabelizer.contract import (
    Ability,
    Choice,
    Feature,
    FreeHours,
    Kind,
    Language,
    Library,
    Model,
    Needs,
    Place,
    Price,
    ProviderDescription,
    Setting,
    Unless,
    WordList,
)
from debabelizer_providers.google.file_settings import file_settings
from debabelizer_providers.google.languages import PRIMARY

NAME = "google"
TITLE = "Google"

WORD_LIST = WordList(terms=1000, characters=100, total=100_000)
"""Of the newest model; older ones take 5,000 terms."""
MOST_LANGUAGES = 3
LIBRARY = Library(
    ("google.cloud", "google.cloud.speech_v2", "google.auth"),
    "Google's client library is not installed: add it with “pip install 'debabelizer-desktop[google]'”.",
)

MODELS = (
    Model(name="long", title="Long", help="For dictation and long speech. Shows text while you speak."),
    Model(name="short", title="Short", help="For commands and single sentences."),
    Model(name="telephony", title="Telephone", help="For speech from telephone lines."),
    Model(
        name="chirp_3", title="Chirp 3", help="The newest and most accurate; finds out the language. Version 2 only."
    ),
    Model(name="chirp_2", title="Chirp 2", help="Multilingual, can translate. Version 2 only."),
)
TRANSLATOR = "chirp_2"
TRANSLATES_INTO = (
    "en", "ar", "ca", "cy", "de", "et", "fa", "id", "ja", "lv", "mn", "sl", "sv", "ta", "tr", "zh",
)  # fmt: skip
"""From English into all the others, and from them and some more into English; the vendor's page on that model, read
2026-11-21."""


def _flag(
    key: str,
    title: str,
    help_: str,
    *,
    default: bool = False,
    advanced: bool = False,
    group: str = "Recognition",
    needs: tuple[Needs, ...] = (),
) -> Setting:
    return Setting(
        key=key, kind=Kind.BOOL, title=title, help=help_, default=default, group=group, advanced=advanced, needs=needs,
        reconnects=True,
    )  # fmt: skip


def _text(
    key: str,
    title: str,
    help_: str,
    *,
    group: str,
    advanced: bool = True,
    env: tuple[str, ...] = (),
    needs: tuple[Needs, ...] = (),
) -> Setting:
    return Setting(
        key=key, kind=Kind.TEXT, title=title, help=help_, default="", group=group, advanced=advanced, env=env,
        needs=needs, reconnects=True,
    )  # fmt: skip


def _known_to(live: tuple[str, ...], files: tuple[str, ...], reason: str) -> Needs:
    """The models that know a setting: of live recognition, and of recordings."""
    others = (
        Unless("other_model"),
        Unless("file_model", files, "The model for live recognition does not know it: it counts for recordings only."),
    )
    return Needs("model", live, reason, others)


_CLASSIC = ("long", "short", "telephony")
_VERSION_2 = Needs("api_version", ("auto", "v2"), "Only version 2 of the interface knows this setting.")
_CHIRP_3 = _known_to(("auto", "chirp_3"), ("auto", "chirp_3"), "Only Chirp 3 knows this setting.")
_CHIRP_2 = _known_to(("chirp_2",), ("chirp_2",), "Only Chirp 2 knows this setting.")
_NO_CHIRP = _known_to(("auto", *_CLASSIC), _CLASSIC, "Chirp does not know this setting.")
_NOT_LIVE = "While you speak, only version 1 of the interface tells speakers apart."
_SPEAKERS = Needs(
    "api_version",
    ("v1",),
    "Only Chirp 3 knows this setting.",
    (Unless("api_version", ("auto",), _NOT_LIVE), Unless("file_model", ("auto", "chirp_3"), _NOT_LIVE)),
)
_NO_CHIRP_3 = _known_to(("auto", *_CLASSIC, "chirp_2"), (*_CLASSIC, "chirp_2"), "Chirp 3 does not know this setting.")


_ACCOUNT = (
    Setting(
        key="service_account",
        kind=Kind.SECRET,
        title="Service account key",
        help="The JSON that Google made for a service account with the role “Cloud Speech Client”, or the path of the "
        "file that holds it.",
        env=("GOOGLE_APPLICATION_CREDENTIALS",),
        group="Account",
        reconnects=True,
    ),
    Setting(
        key="api_key",
        kind=Kind.SECRET,
        title="API key",
        help="In place of a service account. Works with version 1 of the interface; version 2 refuses many.",
        env=("GOOGLE_API_KEY",),
        group="Account",
        reconnects=True,
    ),
    _flag(
        "application_default",
        "Use the login of the gcloud tool",
        "Signs in with the application default credentials of this computer, whatever kind they are.",
        group="Account",
    ),
    _text(
        "project",
        "Project",
        "Identifier of the Google Cloud project that pays. Empty: the service account's own.",
        group="Account",
        advanced=False,
        env=("GOOGLE_CLOUD_PROJECT",),
    ),
    Setting(
        key="region",
        kind=Kind.CHOICE,
        title="Region",
        help="Where speech is processed. Not every model is offered everywhere; automatic takes a place that has it.",
        default="auto",
        choices=(
            Choice("auto", "Automatic"),
            Choice("global", "Anywhere"),
            Choice("us", "United States"),
            Choice("eu", "European Union"),
            Choice("us-central1", "Iowa"),
            Choice("europe-west4", "Netherlands"),
            Choice("asia-southeast1", "Singapore"),
            Choice("asia-northeast1", "Tokyo"),
        ),
        group="Account",
        reconnects=True,
    ),
    _text("other_region", "Other region", "Name of a region that is not in the list, such as europe-west3.",
          group="Account"),
    Setting(
        key="base_url",
        kind=Kind.URL,
        title="Other address",
        help="Address of a company's own gateway, in place of the region's. The key is sent there.",
        default="",
        group="Account",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="api_version",
        kind=Kind.CHOICE,
        title="Interface",
        help="Version 2 has all models and needs a project; version 1 takes an API key alone. Automatic takes version "
        "2 where a project is known.",
        default="auto",
        choices=(Choice("auto", "Automatic"), Choice("v2", "Version 2"), Choice("v1", "Version 1")),
        group="Account",
        advanced=True,
        reconnects=True,
    ),
    _text("recognizer", "Stored recognizer", "Name of a recognizer kept in the project, whose settings apply where "
          "none is chosen here. Version 2 only.", group="Account", needs=(_VERSION_2,)),
)  # fmt: skip

_RECOGNITION = (
    Setting(
        key="model",
        kind=Kind.CHOICE,
        title="Model",
        help="Automatic takes “Long” where the language is chosen, and “Chirp 3” where it has to be found out.",
        default="auto",
        choices=(Choice("auto", "Automatic"), *(Choice(model.name, model.title, model.help) for model in MODELS)),
        group="Recognition",
        reconnects=True,
    ),
    _text("other_model", "Other model", "Name of a model that is not in the list.", group="Recognition"),
    _flag("vocabulary", "Send the word list", f"Sends the vocabulary as phrases to expect: at most {WORD_LIST.terms}, "
          f"each of at most {WORD_LIST.characters} characters.", default=True),
    Setting(
        key="vocabulary_boost",
        kind=Kind.FLOAT,
        title="Weight of the word list",
        help="How much its phrases are preferred; high values make Google hear them where nobody said them.",
        default=10.0,
        minimum=0.0,
        maximum=20.0,
        needs=(Needs("vocabulary", ("True",), "The word list is not sent."),),
        group="Recognition",
        advanced=True,
        reconnects=True,
    ),
    _flag("interim_results", "Text while you speak", "Off, text comes only when it is final.", default=True,
          advanced=True),
    _flag("punctuate", "Punctuation and capitals", "Puts in punctuation and capital letters.", default=True),
    _flag("spoken_punctuation", "Spoken punctuation", "Turns “comma” and “question mark” into signs. Not with Chirp.",
          needs=(_NO_CHIRP,)),
    _flag("spoken_emojis", "Spoken emoji", "Turns “smiley face” into a sign. Not with Chirp.", advanced=True,
          needs=(_NO_CHIRP,)),
    _flag("profanity_filter", "Hide swear words", "Puts asterisks in their place."),
    _flag("diarize", "Tell speakers apart", "Numbers the speaker of each word. Version 1 does so while you speak; in "
          "version 2 only Chirp 3 does, with recordings.", needs=(_SPEAKERS,)),
    _flag("word_times", "Times of words", "Asks when each word was said.", default=True, advanced=True),
    _flag("word_confidence", "Certainty of words", "Asks how sure Google is of each word. Not with Chirp 3.",
          default=True, advanced=True, needs=(_NO_CHIRP_3,)),
    Setting(
        key="replace",
        kind=Kind.LIST,
        title="Find and replace",
        help="Entries of the form heard:written, at most 100. Version 2 only.",
        default=[],
        needs=(_VERSION_2,),
        group="Recognition",
        advanced=True,
        reconnects=True,
    ),
    _text("translate_to", "Translate to", "Language to translate into. Chirp 2 only.", group="Recognition",
          needs=(_VERSION_2, _CHIRP_2)),
    _text("prompt", "Instruction to the model", "What to expect and how to write it. Chirp 3 only.",
          group="Recognition", needs=(_VERSION_2, _CHIRP_3)),
    _flag("denoise", "Remove noise", "Cleans the audio before it is recognised. Chirp 3 only.", advanced=True,
          needs=(_VERSION_2, _CHIRP_3)),
)  # fmt: skip

_PAUSES = (
    Setting(
        key="endpointing",
        kind=Kind.CHOICE,
        title="End of speech",
        help="How soon a pause makes text final. Chirp 3 only; other models decide for themselves.",
        default="auto",
        choices=(
            Choice("auto", "By the length of the pause"),
            Choice("standard", "Patient"),
            Choice("short", "Soon"),
            Choice("supershort", "At once"),
        ),
        needs=(
            _VERSION_2,
            Needs("model", ("auto", "chirp_3"), "Only Chirp 3 knows this setting.", (Unless("other_model"),)),
        ),
        group="Pauses",
        advanced=True,
        reconnects=True,
    ),
    _flag("speech_events", "Report starts and ends of speech", "Google says when it hears someone begin and end.",
          advanced=True, group="Pauses"),
)  # fmt: skip

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
        help="Times real time at which audio is sent after a lost connection. Google asks for near real time and names "
        "no number.",
        default=2.0,
        minimum=1.0,
        maximum=20.0,
        group="Connection",
        advanced=True,
        reconnects=True,
    ),
)

_PRICE_DATE = "2026-11-20"
_PRICE_SOURCE = "https://cloud.google.com/speech-to-text/pricing"


def _price(per_minute: float, what: str, ability: Ability | None = None) -> Price:
    usd = round(per_minute * 60, 3)
    return Price(usd=usd, what=what, read_on=_PRICE_DATE, source=_PRICE_SOURCE, ability=ability)


DESCRIPTION = ProviderDescription(
    name=NAME,
    title="Google Cloud",
    summary="Recognition in more than a hundred languages, live and of files; needs a Google Cloud account, a network, "
    "and Google's client library.",
    place=Place.CLOUD,
    abilities=frozenset({Ability.STREAM, Ability.FILES}),
    settings=_ACCOUNT + _RECOGNITION + _PAUSES + _TRANSPORT + file_settings(MODELS),
    models=MODELS,
    default_model="auto",
    keyless=("application_default",),
    library=LIBRARY,
    languages=(
        *(Language(tag, code) for tag, code in sorted(PRIMARY.items()) if tag not in ("cmn", "iw")),
        Language("he", "iw-IL"),
        Language("nb", "no-NO"),
        Language("zh", "cmn-Hans-CN"),
        Language("zh-TW", "cmn-Hant-TW"),
    ),
    detects_language=True,
    translates_into=TRANSLATES_INTO,
    translates_alone=True,
    translation_model=TRANSLATOR,
    most_languages=MOST_LANGUAGES,
    word_list=WORD_LIST,
    features=frozenset(Feature),
    free=FreeHours(hours=1, what="with version 1", read_on=_PRICE_DATE, source=_PRICE_SOURCE),
    prices=(
        _price(0.016, "version 2, first 500,000 minutes a month"),
        _price(0.024, "version 1"),
        _price(0.003, "recordings through a bucket, done within a day", Ability.FILES),
    ),
    key_url="https://console.cloud.google.com/apis/credentials",
    privacy="Audio goes to Google Cloud in the region chosen; it is not kept unless data logging is switched on for "
    "the project.",
    facts_date="2026-11-20",
)
