"""Settings in YAML and in JSON: read, changed and mended as those in TOML."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from debabelizer.config import Settings
from debabelizer.config.forms import json as json_form
from debabelizer.config.forms import yaml as yaml_form

YAML = """\
# my settings
languages: [en,  # the office
            ru]
provider: ""

dictation:      # the key
  key: F8   # not F9
  tail_ms: 450
  mode: hold

session:
  idle_close: "5"
vocabulary:
- Babel
- "on"  # a word

insert:
  rules:
    - program: xterm
      keys: Shift+Insert
    - {program: gedit, method: type}

# how it looks
window:
  theme: dark
  sounds: off
"""

JSON = json.dumps(
    {
        "languages": ["en", "ru"],
        "dictation": {"key": "F8", "tail_ms": 450, "mode": "hold"},
        "session": {"idle_close": "5"},
        "vocabulary": ["Babel", "on"],
        "insert": {"rules": [{"program": "xterm", "keys": "Shift+Insert"}, {"program": "gedit", "method": "type"}]},
        "window.theme": "dark",
        "window": {"sounds": False, "font": None},
    },
    indent="\t",
)

EXPECTED = {
    "languages": ("en", "ru"),
    "dictation.key": "F8",
    "dictation.tail_ms": 450,
    "dictation.mode": "hold",
    "session.idle_close": "5",
    "vocabulary": ("Babel", "on"),
    "insert.rules": ({"program": "xterm", "keys": "Shift+Insert"}, {"program": "gedit", "method": "type"}),
    "window.theme": "dark",
    "window.sounds": False,
}
TEXTS = {"yaml": YAML, "yml": YAML, "json": JSON}


def load(path, environ=None):
    return Settings.load(path, environ=environ or {})


def written(tmp_path, form, text=None):
    path = tmp_path / f"settings.{form}"
    path.write_text(TEXTS[form] if text is None else text, encoding="utf-8")
    return path


@pytest.mark.parametrize("form", TEXTS)
def test_every_form_says_the_same(tmp_path, form):
    settings = load(written(tmp_path, form))
    assert settings.problems == ()
    assert {key: settings.get(key) for key in EXPECTED} == EXPECTED
    line = next(n for n, text in enumerate(TEXTS[form].splitlines(), 1) if "tail_ms" in text)
    assert str(settings.origin("dictation.tail_ms")) == f"{settings.path}:{line}"


def test_a_change_in_yaml_leaves_the_rest_and_its_comments_as_they_were(tmp_path):
    path = written(tmp_path, "yaml")
    settings = load(path)
    settings.set("dictation.tail_ms", 300)
    settings.set("dictation.key", "F7")
    expected = YAML.replace("450", "300").replace("key: F8 ", "key: F7 ")
    assert path.read_text() == expected
    settings.set("dictation.pause_s", 2.5)  # new in a table that is there
    expected = expected.replace("  mode: hold\n", "  mode: hold\n  pause_s: 2.5\n")
    assert path.read_text() == expected
    settings.set("vocabulary", ["yes", "12:30", "a: b # c", "Ханой 🎤", "two\nlines"])
    inline = """vocabulary: [yes, '12:30', 'a: b # c', Ханой 🎤, "two\\nlines"]"""
    expected = expected.replace('vocabulary:\n- Babel\n- "on"', inline)
    assert path.read_text() == expected
    settings.reset("window.theme")
    settings.reset("insert.rules")
    expected = expected.replace("  theme: dark\n", "")
    start, end = expected.index("  rules:"), expected.index("\n# how it looks")
    assert path.read_text() == expected[:start] + expected[end:]
    settings.set("log.level", "debug")  # in a table that is not there
    assert path.read_text().endswith("  sounds: off\nlog:\n  level: debug\n")
    again = load(path)
    assert again.problems == ()
    assert again.get("vocabulary") == ("yes", "12:30", "a: b # c", "Ханой 🎤", "two\nlines")
    assert [p.name for p in tmp_path.iterdir()] == ["settings.yaml"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only words\n",
        "dictation:\n",
        "dictation: {}",
        "{dictation: {tail_ms: 1}}",
        "{dictation.tail_ms: 1, window: {theme: dark}}\n",
        "dictation.tail_ms: 1",
        "dictation:\n    tail_ms:\n        1\n    # the end",
        '"dictation":\n  "tail_ms" : 1 # one\n',
        "---\ndictation:\n  tail_ms: >-\n    1\n\n",
    ],
)
def test_any_way_of_writing_yaml_can_be_changed(tmp_path, text):
    path = written(tmp_path, "yaml", text)
    load(path).set("dictation.tail_ms", 2)
    load(path).set("dictation.mode", "hold")
    load(path).set("dictation.tail_ms", 3)
    settings = load(path)
    assert (settings.get("dictation.tail_ms"), settings.get("dictation.mode")) == (3, "hold")
    assert settings.problems == ()
    load(path).reset("dictation.mode")
    settings = load(path)
    assert (settings.get("dictation.tail_ms"), settings.origin("dictation.mode").source) == (3, "default")
    assert all(comment in path.read_text() for comment in ("# only words", "# the end", "# one") if comment in text)


def test_what_can_only_be_written_anew_is_kept_as_it_was(tmp_path):
    path = written(tmp_path, "yaml", "dictation: {mode: &m hold, # a comment\n  key: F9}\nvocabulary: [*m]\n")
    load(path).set("dictation.mode", "toggle")
    assert load(path).get("vocabulary") == ("hold",)
    (copy,) = [p for p in tmp_path.iterdir() if p != path]
    assert copy.name.startswith("settings.old-")
    assert "# a comment" in copy.read_text()


DAMAGES = {
    ("yaml", "an unclosed text"): ("key: F8 ", 'key: "F8 ', {"dictation.key"}, "dictation.key", 7),
    ("yaml", "a missing colon"): ("tail_ms: 450", "tail_ms 450", {"dictation.tail_ms"}, "dictation", 8),
    ("yaml", "an unclosed list"): ("ru]", "ru", {"languages"}, "languages", 2),
    ("yaml", "a doubled key"): ("  mode: hold", "  mode: hold\n  mode: toggle", set(), "dictation.mode", 10),
    ("yaml", "merge marks"): ("window:", "<<<<<<< mine\nwindow:", set(), "", 24),
    ("yaml", "a tab"): ("  tail_ms", "\ttail_ms", set(), "", 8),
    ("yaml", "an odd kind"): ("theme: dark", "theme: !python dark", {"window.theme"}, "window.theme", 25),
    ("json", "an unclosed text"): ('"F8"', '"F8', {"dictation.key"}, "dictation.key", 7),
    ("json", "a missing comma"): ("450,", "450", set(), "dictation.tail_ms", 9),
    ("json", "a comma too many"): ("false,", "false,,", set(), "window", 32),
    ("json", "a comma at the end"): ("null", "null,", set(), "window.font", 33),
    ("json", "no quotes"): ('"hold"', "hold", {"dictation.mode"}, "dictation.mode", 9),
    ("json", "a comment"): ('\t"dictation"', '\t// the key\n\t"dictation"', set(), "", 6),
    ("json", "a doubled key"): ('"window.theme"', '"languages"', {"window.theme"}, "languages", 30),
}


@pytest.mark.parametrize("case", DAMAGES, ids=" ".join)
def test_damage_costs_only_the_damaged_line(tmp_path, case):
    form = case[0]
    good, bad, lost, key, line = DAMAGES[case]
    damaged = TEXTS[form].replace(good, bad, 1)
    assert damaged != TEXTS[form]
    path = written(tmp_path, form, damaged)
    settings = load(path)
    kept = {k: v for k, v in EXPECTED.items() if k not in lost}
    assert {k: settings.get(k) for k in kept} == kept
    assert all(settings.origin(name).source == "default" for name in lost)
    assert (settings.problems[0].line, settings.problems[0].key) == (line, key)
    (copy,) = [p for p in tmp_path.iterdir() if p != path]
    assert copy.read_text() == damaged
    assert copy.name in settings.problems[0].remedy

    settings.set("log.level", "debug")  # now the file is written anew from what could be read
    again = load(path)
    assert again.problems == ()
    assert {k: again.get(k) for k in kept} == kept


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_wrong_values_and_unknown_keys_are_named_with_line_and_nearest_key(tmp_path, form):
    values = {"dictation": {"tail_ms": "long", "mode": "hold", "pause_s": 99.0, "tail": 3}, "mars": {"key": 1}}
    text = yaml.safe_dump(values, sort_keys=False) if form == "yaml" else json.dumps(values, indent=1)
    path = written(tmp_path, form, text)
    settings = load(path)
    assert settings.get("dictation.mode") == "hold"
    lines = text.splitlines()
    told = [(p.source, lines[(p.line or 0) - 1].strip(' ",')[:7], p.key, p.nearest) for p in settings.problems]
    assert told == [
        (str(path), "tail_ms", "dictation.tail_ms", "dictation.tail_ms"),
        (str(path), "pause_s", "dictation.pause_s", "dictation.pause_s"),
        (str(path), "tail: 3" if form == "yaml" else 'tail": ', "dictation.tail", "dictation.tail_ms"),
        (str(path), "key: 1" if form == "yaml" else 'key": 1', "mars.key", "dictation.key"),
    ]
    assert [p.name for p in tmp_path.iterdir()] == [path.name], "nothing was damaged: no copy"


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_values_from_the_environment_inside_the_file(tmp_path, form):
    values = {
        "vocabulary": ["${TEAM}", "$${literal}"],
        "dictation": {"key": "${KEY:-F7}", "tail_ms": "${TAIL:-120}", "undo_key": "${GONE}"},
        "providers": {"deepgram": {"api_key": "${DG}"}},
    }
    path = written(tmp_path, form, json.dumps(values, indent=2))
    settings = load(path, {"TEAM": "Babel", "DG": "a-secret-of-mine"})
    assert settings.get("vocabulary") == ("Babel", "${literal}")
    assert (settings.get("dictation.key"), settings.get("dictation.tail_ms")) == ("F7", 120)
    assert settings.get("providers.deepgram.api_key") == "a-secret-of-mine"
    (problem,) = settings.problems
    assert (problem.key, problem.line) == ("dictation.undo_key", 9)
    settings.set("dictation.mode", "hold")
    assert "${KEY:-F7}" in path.read_text(), "a reference stays a reference"


READERS = st.sampled_from([yaml_form.read, json_form.read])


@given(st.binary(max_size=300), READERS)
def test_any_bytes_can_be_read(data, read):
    assert isinstance(read(data).tree, dict)


@given(st.sampled_from(["yaml", "json"]), st.data(), st.integers(0, 40), st.binary(max_size=20))
def test_no_damage_makes_reading_fail(form, data, removed, inserted):
    whole = TEXTS[form].encode()
    at = data.draw(st.integers(0, len(whole)))
    read = yaml_form.read if form == "yaml" else json_form.read
    damaged = whole[:at] + inserted + whole[at + removed :]
    reading = read(damaged)
    if form == "json":
        try:
            json.loads(damaged)
        except ValueError:
            assert reading.broken


_PLAIN = st.booleans() | st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False) | st.text()
_NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)
_TREES = st.recursive(
    st.dictionaries(_NAMES, _PLAIN | st.lists(_PLAIN, max_size=3), max_size=3),
    lambda inner: st.dictionaries(_NAMES, inner | _PLAIN, max_size=3),
    max_leaves=6,
)


@given(_TREES, st.sampled_from([yaml_form, json_form]))
def test_a_file_that_is_written_reads_back(tree, form):
    def tidy(table):
        found = {key: tidy(value) if isinstance(value, dict) else value for key, value in table.items()}
        return {key: value for key, value in found.items() if value != {}}

    reading = form.read(form.fresh(tree, "a heading").encode())
    assert reading.broken == ()
    assert tidy(reading.tree) == tidy(tree)


LAUGHS = "b0: &b0 [x, x]\n" + "".join(f"b{n}: &b{n} [*b{n - 1}, *b{n - 1}]\n" for n in range(1, 40))


@pytest.mark.parametrize("bomb", [LAUGHS, "a: &a [*a]\n", "a: " + "[" * 900, "a: " + "{b: " * 900])
def test_a_bomb_is_named(bomb):
    assert yaml_form.read(bomb.encode()).broken
    assert json_form.read(b'{"a": ' + b"[" * 100_000).broken


def test_of_two_files_one_is_read_and_the_other_named(tmp_path):
    home = {"DEBABELIZER_HOME": str(tmp_path)}
    (tmp_path / "config").mkdir()
    assert Settings.load(environ=home).path == tmp_path / "config" / "settings.toml"
    for form, theme in (("json", "dark"), ("yml", "light"), ("yaml", "dark"), ("toml", "light")):
        text = f'[window]\ntheme = "{theme}"\n' if form == "toml" else json.dumps({"window": {"theme": theme}})
        (tmp_path / "config" / f"settings.{form}").write_text(text)
        settings = Settings.load(environ=home)
        assert settings.path.suffix == f".{form}"
        assert settings.get("window.theme") == theme
    assert [p.source.rpartition(".")[2] for p in settings.problems] == ["yaml", "yml", "json"]
    assert all("settings.toml lies beside it" in p.message for p in settings.problems)


def test_a_file_named_by_the_environment(tmp_path):
    home = {"DEBABELIZER_HOME": str(tmp_path), "DEBABELIZER_CONFIG": str(tmp_path / "mine.yml")}
    settings = Settings.load(environ=home)
    assert "There is no such settings file" in str(settings.problems[0])
    settings.set("window.theme", "dark")
    assert (tmp_path / "mine.yml").read_text().endswith("\nwindow:\n  theme: dark\n")
    settings = Settings.load(environ=home)
    assert (settings.problems, settings.get("window.theme")) == ((), "dark")
    assert Settings.load(tmp_path / "settings.toml", environ=home).problems == ()
