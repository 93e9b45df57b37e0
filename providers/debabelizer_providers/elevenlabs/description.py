"""What ElevenLabs offers and costs, as dated data.

Sources: the vendor's realtime speech-to-text reference and model pages, its Python SDK 2.78.0, and its price page,
read between June and November 2026.
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
from debabelizer_providers.elevenlabs.file_settings import FILE_SETTINGS
from debabelizer_providers.elevenlabs.languages import ISO_639_3

NAME = "elevenlabs"

REGIONS = {
    "global": "https://api.elevenlabs.io",
    "us": "https://api.us.elevenlabs.io",
    "eu": "https://api.eu.residency.elevenlabs.io",
    "in": "https://api.in.residency.elevenlabs.io",
    "sg": "https://api.sg.residency.elevenlabs.io",
}

MOST_KEYTERMS = 50
LONGEST_KEYTERM = 20
"""Characters."""
LONGEST_EDIT = 2000
"""Characters."""

_ENTITIES = "all, pii, phi, pci, other, offensive_language, or a type such as email_address"


def _flag(
    key: str, title: str, help_: str, *, default: bool, advanced: bool = False, needs: tuple[Needs, ...] = ()
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
        help="From your ElevenLabs account; it needs the speech-to-text permission.",
        env=("ELEVENLABS_API_KEY",),
        group="Account",
        reconnects=True,
    ),
    Setting(
        key="region",
        kind=Kind.CHOICE,
        title="Region",
        help="Where speech is processed. The residency regions need an account that lives there.",
        default="global",
        choices=(
            Choice("global", "Automatic"),
            Choice("us", "United States"),
            Choice("eu", "European Union (residency)"),
            Choice("in", "India (residency)"),
            Choice("sg", "Singapore (residency)"),
        ),
        group="Account",
        reconnects=True,
    ),
    Setting(
        key="base_url",
        kind=Kind.URL,
        title="Other address",
        help="Address of a compatible server or of a company's own gateway, in place of the region's. "
        "The key is sent there.",
        default="",
        group="Account",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="single_use_token",
        kind=Kind.BOOL,
        title="Connect with a single-use token",
        help="Asks for a token that is good for one connection, so that the key never travels with the audio.",
        default=False,
        group="Account",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="logging",
        kind=Kind.BOOL,
        title="Let ElevenLabs keep what is sent",
        help="Off asks for zero retention, which ElevenLabs grants to enterprise accounts only.",
        default=True,
        group="Account",
        reconnects=True,
    ),
)

_RECOGNITION = (
    Setting(
        key="model",
        kind=Kind.CHOICE,
        title="Model",
        help="Scribe v2 Realtime is the one for dictation.",
        default="scribe_v2_realtime",
        choices=(
            Choice("scribe_v2_realtime", "Scribe v2 Realtime"),
            Choice("scribe_v2_realtime_turbo", "Scribe v2 Realtime Turbo", "Named by the server; not documented."),
            Choice("scribe_v2_realtime_lite", "Scribe v2 Realtime Lite", "Named by the server; not documented."),
            Choice("scribe_v3_live", "Scribe v3 Live", "Newest family; not open to every account."),
        ),
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
    _flag(
        "vocabulary",
        "Send the word list",
        f"Sends the vocabulary as key terms: at most {MOST_KEYTERMS} of at most {LONGEST_KEYTERM} characters. "
        "Costs 20 % more.",
        default=True,
    ),
    _flag("no_verbatim", "Leave out fillers", "Drops “uh”, false starts and repetitions.", default=False),
    _flag(
        "background_filter",
        "Ignore voices in the background",
        "Reacts less to other people and noise. Word times are not available with it.",
        default=False,
    ),
    _flag(
        "timestamps",
        "Word times",
        "Makes each word's time known, and the resuming after a lost connection exact.",
        default=True,
        advanced=True,
        needs=(Needs("background_filter", ("False",), "Not while voices in the background are ignored."),),
    ),
    _flag(
        "language_detection",
        "Name the language of each segment",
        "Asks for the language heard even where word times are off.",
        default=False,
        advanced=True,
    ),
    _flag(
        "context",
        "Send the words before",
        "Gives the last few words already written to a new connection, as context.",
        default=True,
        advanced=True,
    ),
)

_AFTERWARDS = (
    Setting(
        key="transcript_edit",
        kind=Kind.TEXT,
        title="Rewrite by instruction",
        help=f"What to do with each finished text, in plain words, up to {LONGEST_EDIT} characters. Costs 30 % more, "
        "at least 10 s per text. Not together with entities.",
        default="",
        group="Afterwards",
        reconnects=True,
    ),
    Setting(
        key="entity_detection",
        kind=Kind.LIST,
        title="Report entities",
        help=f"Kinds of names and numbers to point out: {_ENTITIES}. Costs more.",
        default=[],
        group="Afterwards",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="entity_redaction",
        kind=Kind.LIST,
        title="Redact entities",
        help=f"Kinds of names and numbers to replace in the finished text: {_ENTITIES}. Costs more.",
        default=[],
        group="Afterwards",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="entity_redaction_mode",
        kind=Kind.CHOICE,
        title="Redacted as",
        help="What stands in place of what was redacted.",
        default="enumerated_entity_type",
        choices=(
            Choice("enumerated_entity_type", "{NAME_1}"),
            Choice("entity_type", "{NAME}"),
            Choice("redacted", "{REDACTED}"),
        ),
        group="Afterwards",
        advanced=True,
        reconnects=True,
    ),
)

_PAUSES = (
    Setting(
        key="endpointing",
        kind=Kind.CHOICE,
        title="Automatic commits",
        help="How ElevenLabs finds the end of a segment when it may end segments itself.",
        default="vad",
        choices=(
            Choice("vad", "By silence"),
            Choice("turn_prediction", "By prediction", "Only with models that predict turns."),
        ),
        group="Pauses",
        advanced=True,
        reconnects=True,
        needs=(Needs("dictation.commit", ("pause",), "It matters only where segments end at pauses."),),
    ),
    Setting(
        key="vad_threshold",
        kind=Kind.FLOAT,
        title="Voice threshold",
        help="How sure the voice detector must be. At 0.4 ElevenLabs picks its own value.",
        default=0.4,
        minimum=0.1,
        maximum=0.9,
        group="Pauses",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="min_speech_ms",
        kind=Kind.INT,
        title="Shortest speech",
        help="Anything shorter is not taken for speech.",
        default=100,
        minimum=50,
        maximum=2000,
        unit="ms",
        group="Pauses",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="min_silence_ms",
        kind=Kind.INT,
        title="Shortest silence",
        help="Anything shorter is not taken for a pause.",
        default=100,
        minimum=50,
        maximum=2000,
        unit="ms",
        group="Pauses",
        advanced=True,
        reconnects=True,
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
            Choice("pcm_16000", "16 kHz, 43 kB/s"),
            Choice("pcm_8000", "8 kHz, 22 kB/s"),
            Choice("ulaw_8000", "8 kHz µ-law, 11 kB/s"),
        ),
        group="Connection",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="keep_alive",
        kind=Kind.CHOICE,
        title="Between utterances",
        help="ElevenLabs closes a connection after 10 to 15 s without audio. Silence keeps it open and is billed; "
        "closing costs a moment at the next utterance.",
        default="silence",
        choices=(Choice("silence", "Keep open with silence"), Choice("close", "Let it close, open again when needed")),
        group="Connection",
        reconnects=True,
    ),
    Setting(
        key="word_times",
        kind=Kind.CHOICE,
        title="Word times count from",
        help="The vendor does not say; other programs read them as counted from the start of the connection.",
        default="connection",
        choices=(Choice("connection", "Start of the connection"), Choice("segment", "Start of the segment")),
        group="Connection",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="longest_chunk_ms",
        kind=Kind.INT,
        title="Longest audio message",
        help="While catching up. The vendor refuses messages that are too long and does not publish the limit.",
        default=1000,
        minimum=100,
        maximum=5000,
        unit="ms",
        group="Connection",
        advanced=True,
        reconnects=True,
    ),
    Setting(
        key="replay_speed",
        kind=Kind.FLOAT,
        title="Catch-up speed",
        help="Times real time at which audio is sent after a lost connection. Too fast is refused.",
        default=4.0,
        minimum=1.0,
        maximum=20.0,
        group="Connection",
        advanced=True,
        reconnects=True,
    ),
)

_PRICE_DATE = "2026-09-30"
_PRICE_SOURCE = "https://elevenlabs.io/pricing/api"

DESCRIPTION = ProviderDescription(
    name=NAME,
    title="ElevenLabs",
    summary="Very accurate recognition in over 90 languages, live and of files; needs a key, a network and money.",
    place=Place.CLOUD,
    abilities=frozenset({Ability.STREAM, Ability.FILES}),
    settings=_CONNECTION + _RECOGNITION + _AFTERWARDS + FILE_SETTINGS + _PAUSES + _TRANSPORT,
    models=(
        Model(name="scribe_v2_realtime", title="Scribe v2 Realtime", help="First words after about 2 s of audio."),
        Model(name="scribe_v2_realtime_turbo", title="Scribe v2 Realtime Turbo"),
        Model(name="scribe_v2_realtime_lite", title="Scribe v2 Realtime Lite"),
        Model(name="scribe_v3_live", title="Scribe v3 Live", help="Knows speakers and predicts turns."),
        Model(name="scribe_v2", title="Scribe v2", help="For files."),
        Model(name="scribe_v2_medical", title="Scribe v2 Medical", help="For files."),
        Model(name="scribe_v3", title="Scribe v3", help="For files; not open to every account."),
    ),
    default_model="scribe_v2_realtime",
    languages=(*(Language(tag) for tag in sorted(ISO_639_3.values())), Language("nb", "no"), Language("nn", "no")),
    detects_language=True,
    word_list=WordList(terms=MOST_KEYTERMS, characters=LONGEST_KEYTERM),
    features=frozenset(Feature) - {Feature.PROFANITY},
    prices=(
        Price(
            usd=0.39,
            what="Scribe v2 Realtime, per second streamed, silence included",
            read_on=_PRICE_DATE,
            source=_PRICE_SOURCE,
            ability=Ability.STREAM,
        ),
        Price(usd=0.22, what="Scribe v2, files", read_on=_PRICE_DATE, source=_PRICE_SOURCE, ability=Ability.FILES),
        Price(usd=0.078, what="added by a word list (20 %)", read_on=_PRICE_DATE, source=_PRICE_SOURCE, added=True),
        Price(
            usd=0.117,
            what="added by rewriting or entities (30 %)",
            read_on=_PRICE_DATE,
            source=_PRICE_SOURCE,
            added=True,
        ),
    ),
    key_url="https://elevenlabs.io/app/settings/api-keys",
    privacy="Audio and text go to ElevenLabs in the region chosen, and are kept there unless the account has zero "
    "retention and logging is switched off.",
    facts_date="2026-11-20",
)
