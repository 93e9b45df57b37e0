"""Which source wins, over generated values and sources."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.config import Origin, Settings, Source, values
from debabelizer.config.core_settings import CORE
from debabelizer.config.table import environment_name
from debabelizer.contract.settings import Kind, Setting
from debabelizer.errors import ConfigurationError

SIMPLE = [s for s in CORE if s.kind not in (Kind.PROVIDER, Kind.PROVIDERS)]
"""All core settings whose valid values can be made up."""

_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)


def valid_values(setting: Setting) -> st.SearchStrategy[object]:
    low, high = setting.minimum, setting.maximum
    match setting.kind:
        case Kind.BOOL:
            return st.booleans()
        case Kind.INT:
            return st.integers(None if low is None else int(low), None if high is None else int(high))
        case Kind.FLOAT:
            return st.floats(low, high, allow_nan=False, allow_infinity=False)
        case Kind.CHOICE:
            return st.sampled_from([c.value for c in setting.choices])
        case Kind.LIST:
            texts = st.from_regex(setting.pattern, fullmatch=True) if setting.pattern else _TEXT
            return st.lists(texts, max_size=3).map(tuple)
        case Kind.LANGUAGES:
            return st.lists(st.sampled_from(["en", "ru", "pt-BR", "zh-Hans-CN"]), max_size=3).map(tuple)
        case Kind.URL:
            return st.sampled_from(["", "http://proxy.example:3128", "https://host/path"])
        case Kind.HOTKEY:
            return st.sampled_from(["", "F9", "Right Ctrl", "Ctrl+Alt+Space", "Ctrl++"])
        case Kind.RULES:
            rule = st.fixed_dictionaries(
                {"program": st.sampled_from(["xterm", "öäü"])},
                optional={
                    "method": st.sampled_from(["paste", "type", "copy"]),
                    "keys": st.just("Shift+Insert"),
                    "terminal": st.booleans(),
                },
            )
            return st.lists(rule, max_size=2).map(tuple)
        case _:
            return _TEXT.map(str.strip)


@st.composite
def one_setting(draw: st.DrawFn) -> tuple[Setting, list[object]]:
    setting = draw(st.sampled_from(SIMPLE))
    return setting, draw(st.lists(valid_values(setting), min_size=4, max_size=4))


FORMS = st.sampled_from(["toml", "yaml", "json"])


@given(one_setting(), st.sets(st.sampled_from(["file", "environment", "command line", "code"])), FORMS)
def test_code_beats_command_line_beats_environment_beats_file_beats_default(tmp_path_factory, case, present, form):
    setting, (in_file, in_environment, on_command_line, in_code) = case
    path = tmp_path_factory.mktemp("settings") / f"settings.{form}"
    if "file" in present:
        Settings.load(path, environ={}).set(setting.key, in_file)
    name = environment_name(setting.key)
    environ = {name: values.show(setting, in_environment)} if "environment" in present else {}
    overrides = {setting.key: values.show(setting, on_command_line)} if "command line" in present else {}

    group, _, name_in_group = setting.key.rpartition(".")
    code = {group: {name_in_group: in_code}} if group else {setting.key: in_code}
    settings = Settings.load(path, environ=environ, overrides=overrides, code=code if "code" in present else None)

    assert settings.problems == ()
    if "code" in present:
        expected = in_code, Origin(Source.CODE)
    elif "command line" in present:
        expected = on_command_line, Origin(Source.COMMAND_LINE)
    elif "environment" in present:
        expected = in_environment, Origin(Source.ENVIRONMENT, name)
    elif "file" in present:
        lines = [n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if name_in_group in line]
        expected = in_file, Origin(Source.FILE, str(path), lines[-1])
    else:
        expected = values.default(setting), Origin(Source.DEFAULT)
    assert (settings.get(setting.key), settings.origin(setting.key)) == expected


def test_what_code_says_wrongly_is_named_and_left_out(tmp_path):
    code = {
        "dictation": {"mode": "shout", "tail_ms": 120},
        "languges": ["en"],
        "providers.deepgram.api_key": "dg-secret-1",
    }
    settings = Settings.load(tmp_path / "settings.toml", environ={}, code=code)
    assert settings.get("dictation.tail_ms") == 120
    assert settings.get("providers.deepgram.api_key") == "dg-secret-1"
    told = {problem.key: str(problem) for problem in settings.problems}
    assert set(told) == {"dictation.mode", "languges"}
    assert "languages" in told["languges"]
    derived = settings.with_code({"dictation.tail_ms": 7})
    assert (derived.get("dictation.tail_ms"), settings.get("dictation.tail_ms")) == (7, 120)
    assert derived.get("providers.deepgram.api_key") == "dg-secret-1"


@given(one_setting())
def test_a_value_survives_its_text_form(case):
    setting, (value, *_) = case
    assert values.parse(setting, values.show(setting, value)) == value


@given(st.lists(one_setting(), max_size=8), FORMS)
def test_what_is_set_is_read_back_by_the_next_run(tmp_path_factory, cases, form):
    path = tmp_path_factory.mktemp("settings") / f"settings.{form}"
    wanted = {}
    settings = Settings.load(path, environ={})
    for setting, (value, *_) in cases:
        settings.set(setting.key, value)
        wanted[setting.key] = value
    again = Settings.load(path, environ={})
    assert again.problems == ()
    assert {key: again.get(key) for key in wanted} == wanted
    assert {key: settings.get(key) for key in wanted} == wanted


def test_every_default_is_a_valid_value():
    for setting in CORE:
        assert values.check(setting, values.default(setting)) == values.default(setting), setting.key


def test_bad_environment_values_are_reported_and_the_file_counts(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text("[dictation]\ntail_ms = 250\n")
    settings = Settings.load(path, environ={"DEBABELIZER_DICTATION_TAIL_MS": "much"})
    assert settings.get("dictation.tail_ms") == 250
    (problem,) = settings.problems
    assert problem.source == "environment"
    assert "DEBABELIZER_DICTATION_TAIL_MS" in str(problem)
    assert "'much' is not a whole number" in str(problem)


def test_a_slip_in_a_variable_name_is_reported_and_foreign_names_are_not(tmp_path):
    environ = {"DEBABELIZER_DICTATION_TAIL_M": "5", "DEBABELIZER_CI_CACHE_BUCKET_QUX": "x", "DEBABELIZER_HOME": "/x"}
    settings = Settings.load(tmp_path / "none.toml", environ=environ)
    (problem,) = settings.problems
    assert problem.nearest == "DEBABELIZER_DICTATION_TAIL_MS"


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"dictation.tail": "5"}, "Did you mean dictation.tail_ms?"),
        ({"dictation.tail_ms": "5000"}, "5000 is more than 2000 ms"),
        ({"dictation.mode": "shout"}, "none of hold, toggle, tap_or_hold"),
        ({"provider": "nobody"}, "there is no provider 'nobody'"),
    ],
)
def test_a_wrong_override_stops_at_once(tmp_path, overrides, words):
    with pytest.raises(ConfigurationError) as caught:
        Settings.load(tmp_path / "none.toml", environ={}, overrides=overrides)
    assert words in str(caught.value)


def test_listeners_hear_of_changes_that_take_effect_and_only_of_those(tmp_path):
    settings = Settings.load(tmp_path / "s.toml", environ={"DEBABELIZER_DICTATION_TAIL_MS": "100"})
    heard = []
    unsubscribe = settings.subscribe(lambda key, value: heard.append((key, value)))
    settings.set("dictation.pause_s", "2.5")
    settings.set("dictation.tail_ms", 700)  # the environment still wins
    settings.reset("dictation.pause_s")
    unsubscribe()
    settings.set("dictation.pause_s", 3)
    assert heard == [("dictation.pause_s", 2.5), ("dictation.pause_s", 1.0)]
    assert settings.get("dictation.tail_ms") == 100
    assert Settings.load(settings.path, environ={}).get("dictation.tail_ms") == 700


def test_a_change_by_another_program_is_kept_and_noticed(tmp_path):
    window = Settings.load(tmp_path / "s.toml", environ={})
    heard = []
    window.subscribe(lambda key, value: heard.append(key))
    Settings.load(tmp_path / "s.toml", environ={}).set("window.theme", "dark")
    window.set("window.sounds", value=False)
    assert window.get("window.theme") == "dark"
    assert set(heard) == {"window.theme", "window.sounds"}
    assert Settings.load(tmp_path / "s.toml", environ={}).get("window.theme") == "dark"


def test_stream_options_are_resolved(tmp_path):
    secret = Setting(key="providers.acme.api_key", kind=Kind.SECRET, title="Key", help="", env=("ACME_KEY",))
    model = Setting(key="providers.acme.model", kind=Kind.TEXT, title="Model", help="", default="large")
    settings = Settings.load(
        tmp_path / "s.toml",
        environ={"ACME_KEY": "abc-123456"},
        overrides={"languages": "ru,en", "dictation.commit": "pause", "vocabulary": "Debabelizer, Ханой"},
        table=(*CORE, secret, model),
    )
    options = settings.stream_options("acme")
    assert msgspec.structs.asdict(options) == {
        "languages": ("ru", "en"),
        "commit": "pause",
        "pause_s": 1.0,
        "vocabulary": ("Debabelizer", "Ханой"),
        "settings": {"api_key": "abc-123456", "model": "large"},
        "translate_to": "",
    }
    assert settings.origin("providers.acme.api_key") == Origin(Source.ENVIRONMENT, "ACME_KEY")


@pytest.mark.usefixtures("no_graphics_cards")
def test_a_choice_whose_part_the_package_lacks_is_refused_with_what_to_do(tmp_path) -> None:
    settings = Settings.load(tmp_path / "settings.toml", environ={"DEBABELIZER_PROVIDERS_WHISPER_DEVICE": "cuda"})
    assert settings.get("providers.whisper.device") == "auto"
    assert any("this package has no code for graphics cards" in str(problem) for problem in settings.problems)
    with pytest.raises(ConfigurationError, match="to use one, install Debabelizer with pipx"):
        settings.set("providers.whisper.device", "cuda")


def test_where_nothing_was_left_out_every_choice_can_be_made(tmp_path) -> None:
    settings = Settings.load(tmp_path / "settings.toml", environ={})
    settings.set("providers.whisper.device", "cuda")
    assert settings.get("providers.whisper.device") == "cuda"
