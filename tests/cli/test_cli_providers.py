"""``providers NAME`` tells everything, failover works in a pipe, and nothing that a provider lacks goes unsaid."""

from __future__ import annotations

from fakes.recordings import SPEECH, plain, words_wrong

HELLO = SPEECH / "01_hello_test.wav"
NOBODY = SPEECH / "10_no_speech.wav"
"""For what is told whatever was said: a second, where dictation takes as long as it was spoken."""
SAID = "hello world this is a test of dictation"


def test_what_is_known_of_a_provider(program):
    told = program("providers", "deepgram").out
    assert told.startswith("Deepgram: needs key")
    for words in ("Word list   at most 100 terms", "tells speakers apart", "nova-3: Nova-3", "$0.288 per hour"):
        assert words in told
    assert "Lacks       " in program("providers", "openai").out


def test_what_of_the_settings_it_does_not_heed(program):
    unheeded = ("--set", "vocabulary=Bern", "--set", "languages=en,de")
    told = program(*unheeded, "providers", "sphinx")
    assert "Word list (vocabulary): Built-in recogniser takes no word list." in " ".join(told.out.split())
    data = program(*unheeded, "providers", "sphinx", "--json").json()
    assert [one["key"] for one in data["not_heeded"]] == ["languages", "vocabulary"]
    assert data["description"]["word_list"] is None
    assert program("--set", "vocabulary=Bern", "providers", "deepgram", "--json").json()["not_heeded"] == []


def test_a_provider_that_does_not_exist(program):
    ran = program("providers", "nobody")
    assert ran.status == 2
    assert "nobody" in ran.err


def test_dictation_says_what_has_no_effect(program):
    ran = program("--set", "vocabulary=Bern", "dictate", "--file", NOBODY, "--provider", "sphinx")
    assert ran.status == 0
    assert "Word list (vocabulary) has no effect: Built-in recogniser takes no word list." in ran.err
    quiet = program("--set", "vocabulary=Bern", "dictate", "--raw", "--file", NOBODY, "--provider", "sphinx")
    assert quiet.err == ""


def test_dictation_says_which_of_several_languages_is_heard(program):
    ran = program("--set", "languages=en,de", "dictate", "--file", NOBODY, "--provider", "sphinx")
    assert ran.status == 0
    assert "Languages (languages): Built-in recogniser listens for fewer languages at a time: en." in ran.err
    assert "no effect" not in ran.err


def test_the_built_in_recogniser_stands_in_for_one_that_cannot_be_used(program):
    """No key for the one, and nothing is lost: who was named as a stand-in goes on, and it is said why."""
    ran = program("--set", "session.failover=sphinx", "dictate", "--file", HELLO, "--provider", "deepgram")
    assert ran.status == 0
    assert words_wrong(SAID, plain(ran.out)) <= 0.3
    assert ran.err.count("Deepgram needs an API key, and none is set.") == 1
    assert "Built-in recogniser listens now." in ran.err
    alone = program("dictate", "--file", NOBODY, "--provider", "deepgram")
    assert alone.status != 0
    assert "listens now" not in alone.err


def test_recordings_are_told_about_what_has_no_effect_and_who_stood_in(program):
    ran = program(
        *("--set", "vocabulary=Bern", "--set", "session.failover=sphinx"),
        *("transcribe", "--live", "--json", "--provider", "deepgram", NOBODY),
    )
    assert ran.status == 0
    (told,) = ran.json()
    assert told["provider"] == "sphinx"
    assert any("Built-in recogniser listens now" in notice for notice in told["notices"])
    alone = program("--set", "vocabulary=Bern", "transcribe", "--live", "--provider", "sphinx", NOBODY)
    assert "Word list (vocabulary) has no effect" in alone.err
