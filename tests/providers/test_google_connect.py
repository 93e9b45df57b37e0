"""From settings to a plan and the first request, without a network."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from google.cloud.speech_v1.types import cloud_speech as v1
from google.cloud.speech_v2.types import cloud_speech as v2
from google.protobuf.json_format import MessageToDict
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.contract import CommitMode, Encoding, EpochContext, Kind, StreamOptions
from debabelizer.errors import ConfigurationError, Remedy, UnsupportedLanguageError
from debabelizer_providers.google import Google
from debabelizer_providers.google.connect import Plan, plan, target
from debabelizer_providers.google.languages import CODES, PRIMARY, tag_of, vendor_code
from debabelizer_providers.google.streaming import first_request


def options(
    languages: tuple[str, ...] = ("en",),
    commit: CommitMode = CommitMode.MANUAL,
    pause_s: float = 1.0,
    vocabulary: tuple[str, ...] = (),
    **settings: Any,
) -> StreamOptions:
    given = {"api_key": "AIza_k", "project": "p1", **settings}
    return StreamOptions(languages=languages, commit=commit, pause_s=pause_s, vocabulary=vocabulary, settings=given)


def first(wanted: Plan) -> dict[str, Any]:
    kind = v2 if wanted.version == "v2" else v1
    request = kind.StreamingRecognizeRequest.pb().FromString(first_request(wanted, wanted.account.project))
    return dict(MessageToDict(request))


def test_version_2_in_full() -> None:
    wanted = plan(
        options(
            ("de", "fr-CH"),
            vocabulary=("Okafor", "Zürich"),
            profanity_filter=True,
            speech_events=True,
            replace=["colour:color", "broken"],
        )
    )
    assert first(wanted) == {
        "recognizer": "projects/p1/locations/global/recognizers/_",
        "streamingConfig": {
            "config": {
                "explicitDecodingConfig": {
                    "encoding": "LINEAR16",
                    "sampleRateHertz": 16000,
                    "audioChannelCount": 1,
                },
                "model": "long",
                "languageCodes": ["de-DE", "fr-CH"],
                "features": {
                    "enableAutomaticPunctuation": True,
                    "enableWordTimeOffsets": True,
                    "enableWordConfidence": True,
                    "profanityFilter": True,
                },
                "adaptation": {
                    "phraseSets": [
                        {
                            "inlinePhraseSet": {
                                "phrases": [{"value": "Okafor", "boost": 10.0}, {"value": "Zürich", "boost": 10.0}]
                            }
                        }
                    ]
                },
                "transcriptNormalization": {"entries": [{"search": "colour", "replace": "color"}]},
            },
            "streamingFeatures": {"interimResults": True, "enableVoiceActivityEvents": True},
        },
    }
    assert wanted.notices == ("Google took 1 of 2 replacements: each must read heard:written.",)


def test_the_login_of_this_computer_is_used_where_it_is_chosen_and_no_key_is() -> None:
    login = plan(options(application_default=True)).account
    assert (login.api_key, login.service_account, login.project) == ("", "", "p1")
    assert plan(options(service_account="key.json")).account.service_account == "key.json"
    assert plan(options()).account.api_key == "AIza_k"


def test_version_1_in_full() -> None:
    wanted = plan(
        options(
            ("en-GB", "de"), project="", vocabulary=("Okafor",), diarize=True, audio_format="mulaw_8000", prompt="x"
        )
    )
    assert wanted.version == "v1"
    assert first(wanted) == {
        "streamingConfig": {
            "config": {
                "encoding": "MULAW",
                "sampleRateHertz": 8000,
                "audioChannelCount": 1,
                "languageCode": "en-GB",
                "alternativeLanguageCodes": ["de-DE"],
                "model": "latest_long",
                "enableAutomaticPunctuation": True,
                "enableWordTimeOffsets": True,
                "enableWordConfidence": True,
                "diarizationConfig": {"enableSpeakerDiarization": True},
                "speechContexts": [{"phrases": ["Okafor"], "boost": 10.0}],
            },
            "interimResults": True,
        }
    }
    assert wanted.form.encoding is Encoding.MULAW
    assert wanted.notices == ("Version 1 of Google's interface cannot take instructions.",)


def test_the_newest_model_finds_out_the_language_where_it_is_offered() -> None:
    wanted = plan(options((), denoise=True, prompt="Names of rivers.", spoken_punctuation=True, translate_to="de"))
    config = first(wanted)["streamingConfig"]["config"]
    assert (config["model"], config["languageCodes"]) == ("chirp_3", ["auto"])
    assert wanted.base_url == "https://us-speech.googleapis.com"
    assert wanted.name("p1") == "projects/p1/locations/us/recognizers/_"
    assert "enableWordConfidence" not in config["features"], "it refuses that"
    assert config["features"]["customPromptConfig"] == {"customPrompt": "Names of rivers."}
    assert config["denoiserConfig"] == {"denoiseAudio": True}
    assert wanted.notices == (
        "Google's Chirp models do not turn spoken names of signs into signs.",
        "Google's model chirp_3 cannot translate.",
    )


@pytest.mark.parametrize(
    ("files", "model", "asked", "notices"),
    [
        (False, "chirp_3", False, ()),
        (True, "chirp_3", True, ()),
        (True, "long", False, ("Google's model long cannot tell speakers apart.",)),
    ],
)
def test_version_2_is_asked_for_speakers_only_where_it_knows_them(
    files: bool, model: str, asked: bool, notices: tuple[str, ...]
) -> None:
    wanted = plan(options(diarize=True, model=model, file_model=model), files=files)
    assert ("diarizationConfig" in wanted.config["features"]) == asked
    assert wanted.notices == notices


@pytest.mark.parametrize(
    ("model", "region", "location"),
    [
        ("long", "auto", "global"),
        ("long", "eu", "eu"),
        ("chirp_3", "auto", "us"),
        ("chirp_3", "eu", "eu"),
        ("chirp_3", "europe-west4", "eu"),
        ("chirp_2", "auto", "us-central1"),
        ("chirp_2", "eu", "europe-west4"),
        ("chirp_2", "asia-southeast1", "asia-southeast1"),
    ],
)
def test_a_region_that_has_the_model(model: str, region: str, location: str) -> None:
    wanted = plan(options(model=model, region=region))
    assert wanted.location == location
    host = "speech.googleapis.com" if location == "global" else f"{location}-speech.googleapis.com"
    assert target(wanted.base_url) == (f"{host}:443", True)


def test_a_region_of_the_users_own() -> None:
    assert plan(options(other_region="europe-west3", model="long")).location == "europe-west3"
    with pytest.raises(ConfigurationError, match="Other region"):
        plan(options(other_region="../../x"))


@pytest.mark.parametrize(("pause_s", "sensitivity"), [(0.3, "SUPERSHORT"), (0.6, "SHORT"), (1.5, "STANDARD")])
def test_pauses_of_the_newest_model(pause_s: float, sensitivity: str) -> None:
    wanted = plan(options(model="chirp_3", commit=CommitMode.PAUSE, pause_s=pause_s))
    features = first(wanted)["streamingConfig"]["streamingFeatures"]
    assert features["endpointingSensitivity"] == f"ENDPOINTING_SENSITIVITY_{sensitivity}"


def test_other_models_say_that_they_decide_about_pauses_themselves() -> None:
    wanted = plan(options(model="long", commit=CommitMode.PAUSE, pause_s=0.3))
    assert "endpointingSensitivity" not in first(wanted)["streamingConfig"]["streamingFeatures"]
    assert wanted.notices == ("This model of Google decides for itself how long a pause ends a segment.",)


@pytest.mark.parametrize(
    ("given", "words", "remedy"),
    [
        ({"api_key": ""}, "none is set", Remedy.SET_KEY),
        ({"api_key": "AIza k"}, "copied", Remedy.SET_KEY),
        ({"project": "a/b"}, "Project", Remedy.OPEN_SETTINGS),
        ({"recognizer": "a/b"}, "Stored recognizer", Remedy.OPEN_SETTINGS),
        ({"base_url": "http://speech.example.com"}, "not encrypted", Remedy.OPEN_SETTINGS),
        ({"base_url": "https://"}, "not an address", Remedy.OPEN_SETTINGS),
        ({"base_url": "https://h:x"}, "not an address", Remedy.OPEN_SETTINGS),
        ({"base_url": "https://h/path"}, "nothing more", Remedy.OPEN_SETTINGS),
        ({"project": "", "model": "chirp_3"}, "needs a project", Remedy.OPEN_SETTINGS),
        ({"audio_format": "mp3"}, "mp3", Remedy.OPEN_SETTINGS),
    ],
)
def test_settings_that_cannot_be(given: dict[str, Any], words: str, remedy: Remedy) -> None:
    with pytest.raises(ConfigurationError, match=words) as caught:
        plan(options(**given))
    assert caught.value.remedy is remedy


@pytest.mark.parametrize("url", ["http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"])
def test_only_this_machine_is_called_without_encryption(url: str) -> None:
    assert target(plan(options(base_url=url)).base_url) == (url.removeprefix("http://"), False)


def test_a_project_is_needed_where_none_is_known() -> None:
    with pytest.raises(ConfigurationError, match="Project") as caught:
        first(plan(options(project="", api_version="v2")))
    assert caught.value.code == "no_project"


@pytest.mark.parametrize(("languages", "words"), [(("tlh",), "tlh"), ((), "does not find out the language")])
def test_languages_that_cannot_be(languages: tuple[str, ...], words: str) -> None:
    with pytest.raises(UnsupportedLanguageError, match=words):
        plan(options(languages, model="long"))


def test_more_languages_than_the_vendor_tells_apart() -> None:
    wanted = plan(options(("de", "en", "fr", "it", "de-DE")))
    assert wanted.languages == ("de-DE", "en-US", "fr-FR")
    assert wanted.notices == (), "the description says it, and the front ends"
    assert plan(options(("de", "en", "fr", "it"), project="")).notices == ()


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en-US"),
        ("en-gb", "en-GB"),
        ("en_AU", "en-AU"),
        ("en-LU", "en-US"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-PT"),
        ("zh", "cmn-Hans-CN"),
        ("zh-TW", "cmn-Hant-TW"),
        ("zh-Hant", "cmn-Hant-TW"),
        ("zh-HK", "yue-Hant-HK"),
        ("he", "iw-IL"),
        ("nb", "no-NO"),
        ("pa", "pa-Guru-IN"),
        ("es-419", "es-419"),
        ("sr-Latn", "sr-RS"),
        ("tlh", None),
        ("", None),
    ],
)
def test_language_codes(tag: str, code: str | None) -> None:
    assert vendor_code(tag) == code


def test_every_code_is_its_own_and_every_listed_language_has_one() -> None:
    assert all(vendor_code(code) == code for code in CODES)
    assert all(code in CODES for code in PRIMARY.values())
    for language in Google.description.languages:
        assert vendor_code(language.tag) == language.vendor


@pytest.mark.parametrize(
    ("code", "tag"), [("en-us", "en-US"), ("iw-IL", "he-IL"), ("cmn-hans-cn", "zh-Hans-CN"), ("xx", "xx"), ("", None)]
)
def test_what_the_vendor_reports_as_language(code: str, tag: str | None) -> None:
    assert tag_of(code) == tag


def test_a_long_word_list_is_cut_and_told() -> None:
    vocabulary = ("x" * 101, *(f"term {number}" for number in range(1200)))
    wanted = plan(options(vocabulary=vocabulary))
    phrases = wanted.config["adaptation"]["phraseSets"][0]["inlinePhraseSet"]["phrases"]
    assert [phrase["value"] for phrase in phrases] == [f"term {number}" for number in range(1000)]
    assert wanted.notices[0].startswith("Google takes only part of the word list.")


@given(st.dictionaries(st.sampled_from([one.key for one in Google.description.settings]), st.text(max_size=8)))
def test_any_text_in_any_setting(given: dict[str, str]) -> None:
    numbers = {one.key for one in Google.description.settings if one.kind in (Kind.FLOAT, Kind.INT)}
    texts = {key: value for key, value in given.items() if key not in numbers}
    try:
        wanted = plan(StreamOptions(settings=texts, languages=("en",)))
        first_request(wanted, "p1")
    except (ConfigurationError, UnsupportedLanguageError):
        return
    assert wanted.base_url.startswith(("https://", "http://"))


def test_secrets_are_printed_nowhere() -> None:
    wanted = plan(options(api_key="AIza_secret"))
    stream = Google().stream(options(api_key="AIza_secret"), EpochContext())
    assert "AIza_secret" not in f"{wanted!r} {wanted.account!r} {stream!r}"


def in_python(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


_PATH = f"import sys; sys.path[:0] = {[path for path in sys.path if path]!r}\n"


def test_nothing_of_googles_is_loaded_before_it_is_used() -> None:
    script = _PATH + (
        "from debabelizer.contract import EpochContext, StreamOptions\n"
        "from debabelizer_providers.google import Google\n"
        "o = StreamOptions(settings={'api_key': 'k', 'project': 'p'}, languages=('en',))\n"
        "Google().stream(o, EpochContext()).opening()\n"
        "print([m for m in sys.modules if m.startswith(('grpc', 'google.')) or m == 'httpx'])\n"
    )
    assert in_python(script).strip() in ("[]", "['google.cloud']")


def test_without_the_library_the_remedy_is_told() -> None:
    script = _PATH + (
        "import asyncio, httpx\n"
        "class Absent:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in ('google', 'grpc'): raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "from debabelizer.contract import EpochContext, StreamOptions\n"
        "from debabelizer.errors import ConfigurationError\n"
        "from debabelizer_providers.google import Google\n"
        "o = StreamOptions(settings={'api_key': 'k'}, languages=('en',))\n"
        "try: Google().stream(o, EpochContext())\n"
        "except ConfigurationError as error: print(error.code, error)\n"
        "async def check():\n"
        "    async with httpx.AsyncClient() as http: return await Google().check(o, http)\n"
        "print(asyncio.run(check()).state)\n"
        "import pathlib\n"
        "from debabelizer.config import Settings\n"
        "from debabelizer.config.selection import standing_of\n"
        "key = {'GOOGLE_API_KEY': 'k'}\n"
        "print(standing_of(Settings.load(pathlib.Path('/nowhere/settings.toml'), environ=key), 'google').readiness)\n"
    )
    told = in_python(script)
    assert told.rstrip().endswith("broken"), "it is not ready, whatever the key"
    assert "library_missing" in told
    assert "pip install 'debabelizer-desktop[google]'" in told
    assert "not_configured" in told
