"""Recordings in another language: who does it, what is printed, and which files it becomes."""

from __future__ import annotations

import asyncio
import json
import shutil

import pytest

from debabelizer.cli.transcribe_files import Item, Outputs, Writing
from fakes.openai_files import PATH, TO_ENGLISH
from fakes.openai_server import OpenAIServer, scripted
from fakes.recordings import SPEECH, TINY_WHISPER, plain

HELLO = SPEECH / "01_hello_test.wav"
SAID = "hello world this is a test of dictation"


@pytest.fixture
def talk(tmp_path):
    return shutil.copy(HELLO, tmp_path / "talk.wav")


async def asked(program, server: OpenAIServer, *arguments: object):
    """What the program said, and which endpoints it asked."""
    program.env |= {"OPENAI_API_KEY": server.key, "OPENAI_BASE_URL": server.url, "DEBABELIZER_PROVIDER": "openai"}
    async with server:
        program.env["OPENAI_BASE_URL"] = server.url
        ran = await asyncio.to_thread(program, *arguments)
    return ran, [PATH if request.path.endswith(PATH) else TO_ENGLISH for request in server.requests]


def test_json_keeps_both_texts_apart_and_a_file_says_its_language(whisper, talk, tmp_path):
    ran = whisper("transcribe", talk, "--translate-to", "en", "--to", "json,srt", "--both")
    assert ran.status == 0
    names = sorted(path.name for path in tmp_path.glob("talk.*"))
    assert names == ["talk.en.json", "talk.en.srt", "talk.srt", "talk.wav"]
    found = json.loads((tmp_path / "talk.en.json").read_text())
    assert plain(found["text"]) == plain(found["translation"]["text"]) == SAID
    assert found["translation"]["language"] == "en"
    (segment,) = found["translation"]["segments"]
    assert 0 < segment["start"] < segment["end"] < 3
    again = whisper("transcribe", talk, "--translate-to", "en", "--to", "json,srt", "--both")
    assert "skipped" in again.err


async def test_the_translation_alone_is_printed_and_paid_once(program, talk):
    ran, endpoints = await asked(
        program, OpenAIServer(recognise=scripted([SAID])), "transcribe", talk, "--translate-to", "en"
    )
    assert (ran.status, plain(ran.out), ran.err) == (0, plain(SAID), "")
    assert ran.out.strip() == SAID.upper()
    assert endpoints == [TO_ENGLISH]
    (used,) = program("usage", "--json", "--by", "model").json()["by"]
    assert used["model"] == "whisper-1"


async def test_both_are_two_requests_where_the_vendor_gives_one_at_a_time(program, talk):
    ran, endpoints = await asked(
        program, OpenAIServer(recognise=scripted([SAID])), "transcribe", talk, "--translate-to", "en", "--both"
    )
    assert ran.out.splitlines() == [SAID, "== en ==", SAID.upper()]
    assert endpoints == [TO_ENGLISH, PATH]
    used = program("usage", "--json", "--by", "model").json()["by"]
    assert {row["model"] for row in used} == {"whisper-1", "gpt-transcribe"}


def test_who_can_is_chosen_and_else_named(program, talk):
    program.env["DEBABELIZER_PROVIDERS_WHISPER_FOLDER"] = str(TINY_WHISPER)
    program.env["DEEPGRAM_API_KEY"] = "dg-test"
    ran = program("transcribe", talk, "--translate-to", "en-GB")
    assert (ran.status, plain(ran.out)) == (0, SAID)
    named = program("transcribe", "-p", "deepgram", talk, "--translate-to", "en")
    assert named.status == 2
    assert "Deepgram does not translate recordings into en. Into en can translate: " in named.err
    assert "whisper" in named.err.partition("can translate: ")[2]
    nobody = program("transcribe", talk, "--translate-to", "fr")
    assert nobody.status == 2
    assert "No provider that is ready translates recordings into fr. Into fr can translate: soniox" in nobody.err
    strange = program("transcribe", talk, "--translate-to", "tlh")
    assert "Nobody here translates into tlh." in strange.err


def test_a_model_that_was_not_taught_to_translate_names_those_that_were(program, talk):
    ran = program(
        "--set", "providers.whisper.model=large-v3-turbo", "transcribe", "-p", "whisper", talk, "--translate-to", "en"
    )
    assert ran.status == 2
    assert "does not translate with the model large-v3-turbo, but with tiny, base, small" in ran.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--both",), "say --translate-to, too"),
        (("--live", "--translate-to", "en"), "Only whole files are translated"),
    ],
)
def test_what_can_not_be_meant_is_refused(program, arguments, told):
    ran = program("transcribe", *arguments, HELLO)
    assert ran.status == 2
    assert told in " ".join(ran.err.split())


def test_a_translation_never_takes_the_place_of_what_was_said(tmp_path):
    item = Item(str(tmp_path / "talk.wav"))
    assert Outputs(("txt", "json"), None, ("", "pt-BR"), overwrite=False).missing(item) == {
        Writing("txt"): tmp_path / "talk.txt",
        Writing("txt", "pt-BR"): tmp_path / "talk.pt-BR.txt",
        Writing("json", "pt-BR"): tmp_path / "talk.pt-BR.json",
    }
